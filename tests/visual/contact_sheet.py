"""Draw all pages of every sample on sheets, for a person to look over.

    python -m tests.visual.contact_sheet [FOLDER]      (default build/contact-sheets)

One PNG per sample; the sample with mistakes is built as a draft.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tests.visual.rendering import render_pages
from tests.visual.samples import build_sample, sample_names, sound_samples

FOLDER = Path(__file__).parents[2] / "build" / "contact-sheets"
DPI = 60
PER_ROW = 5
GAP = 8
BACKGROUND = 128


def draw_sheet(pages: Sequence[Image.Image]) -> Image.Image:
    """Return *pages* side by side, ``PER_ROW`` to a row."""
    width = max(page.width for page in pages) + GAP
    height = max(page.height for page in pages) + GAP
    across, down = min(PER_ROW, len(pages)), -(-len(pages) // PER_ROW)
    sheet = Image.new("L", (across * width + GAP, down * height + GAP), BACKGROUND)
    for index, page in enumerate(pages):
        place = GAP + index % PER_ROW * width, GAP + index // PER_ROW * height
        sheet.paste(page, place)
    return sheet


def main(arguments: Sequence[str]) -> int:
    """Write the sheets; return the exit status."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    sound = sound_samples()
    for name in sample_names():
        pdf = build_sample(name, draft=name not in sound)
        path = folder / f"{name}.png"
        draw_sheet(list(render_pages(pdf, DPI))).save(path, optimize=True)
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
