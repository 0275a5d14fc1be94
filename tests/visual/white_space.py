"""Measure how much of the type area stays blank at the foot of pages.

    python -m tests.visual.white_space [FOLDER | PDF …]      (default: the sound samples)

Upright pages are measured as they are seen, without the last page of each file; what ends a page
is its last dark row.  So other programs' files are measured in the same way.  A folder that does
not build is named and left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from tests.builders import FORMS
from tests.visual.rendering import POINTS_PER_INCH, render_pages
from tests.visual.samples import SAMPLES, build, sound_samples

DPI = 60
DARK = 200  # the watermark of a draft is lighter
HOLE = 0.2  # the share of the type area from which on a page looks unfinished
PAGE = FORMS["2021"].sheet.page


def blank_share(picture: Image.Image) -> float:
    """Return the share of the type area of an upright page that is blank at its foot."""
    scale = DPI / POINTS_PER_INCH
    left, top = PAGE.left * scale, PAGE.top * scale
    height = PAGE.text_height * scale
    area = picture.crop(
        (round(left), round(top), round(left + PAGE.text_width * scale), round(top + height))
    )
    box = area.point(lambda grey: 255 if grey < DARK else 0).getbbox()
    return 1 - box[3] / area.height if box else 1.0


def blank_shares(pdf: bytes) -> Iterator[float]:
    """Yield the blank share of each upright page of *pdf* but the last."""
    pages = list(render_pages(pdf, DPI))
    yield from (blank_share(page) for page in pages[:-1] if page.height > page.width)


def summary(shares: Sequence[float]) -> str:
    """Return the mean of *shares* and the number of holes in words."""
    holes = sum(share >= HOLE for share in shares)
    mean = sum(shares) / len(shares) if shares else 0.0
    return f"{len(shares)} pages, {mean:.1%} blank, {holes} with {HOLE:.0%} and more"


def main(arguments: Sequence[str]) -> int:
    """Print a line for each file, and one for all; return the exit status."""
    paths = [Path(each) for each in arguments] or [SAMPLES / name for name in sound_samples()]
    found: list[float] = []
    for path in paths:
        try:
            pdf = path.read_bytes() if path.is_file() else build(path)
        except AssertionError:
            sys.stdout.write(f"{path.name}: does not build\n")
            continue
        shares = list(blank_shares(pdf))
        found += shares
        sys.stdout.write(f"{path.name}: {summary(shares)}\n")
    sys.stdout.write(f"all: {summary(found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
