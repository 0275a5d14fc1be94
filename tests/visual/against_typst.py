"""Set the same report by Typst with the same fonts, for the pictures in docs/typesetting.md.

    python -m tests.visual.against_typst           (needs the dependency group bench)

Draws ``docs/images/typesetting-ours.png`` and ``-typst.png``: the first page, and the head
of the page on which table three goes on.
"""

from __future__ import annotations

import importlib
import re
import sys
from io import BytesIO
from pathlib import Path

import pdfplumber
from PIL import Image

from tests.visual.rendering import render_page, to_png
from tests.visual.samples import SAMPLES, build_sample

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
SOURCE = Path(__file__).parent / "report.typ"
SAMPLE = "fuyang-emergency-2020"
DPI = 110
PAGE = (22, 32, 192, 275)  # millimetres: left, top, right, bottom
TABLE = (22, 32, 192, 122)
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_SPECIAL = re.compile(r"([*_#@$<>\[\]\\`~])")
_TABLE_HEADING = "三、收到和处理政府信息公开申请情况"
_AFTER_TABLE = "四、政府信息公开行政复议"


def typst_source() -> str:
    """Return the sample as Typst markup: its text, without pictures, and table three."""
    lines = [SOURCE.read_text(encoding="utf-8")]
    narrative = (SAMPLES / SAMPLE / "正文.md").read_text(encoding="utf-8")
    for line in _PLACEHOLDER.sub("0", narrative).splitlines():
        if not line or line.startswith("!["):
            continue
        marks, _, text = line.rpartition("# ")
        escaped = _SPECIAL.sub(r"\\\1", text)
        if text.startswith(_AFTER_TABLE):
            lines.append("#table3\n")
        level = f"#h{len(marks) + 1}" if text != line else ""
        lines.append(f"{level}[{escaped}]\n" if level else f"{escaped}\n")
    return "\n".join(lines)


def set_by_typst() -> bytes:
    """Return the PDF that Typst makes."""
    typst = importlib.import_module("typst")
    pdf: bytes = typst.compile(
        typst_source().encode("utf-8"),
        font_paths=[str(ROOT / "fonts")],
        ignore_system_fonts=True,
        pdf_standards=["a-3a", "ua-1"],
    )
    return pdf


def table_page(pdf: bytes) -> int:
    """Return the number of the page after the one where table three begins."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages, 1):
            if _TABLE_HEADING in "".join(char["text"] for char in page.chars):
                return number + 1
    raise ValueError("no table three")


def draw(pdf: bytes) -> Image.Image:
    """Return the picture of *pdf*: page one above the head of the table's second page."""
    parts = [_crop(pdf, 1, PAGE), _crop(pdf, table_page(pdf), TABLE)]
    whole = Image.new("L", (parts[0].width, sum(part.height for part in parts) + 8), 128)
    whole.paste(parts[0], (0, 0))
    whole.paste(parts[1], (0, parts[0].height + 8))
    return whole


def _crop(pdf: bytes, number: int, box: tuple[int, int, int, int]) -> Image.Image:
    left, top, right, bottom = (round(edge / 25.4 * DPI) for edge in box)
    return render_page(pdf, number, DPI).crop((left, top, right, bottom))


def main() -> int:
    """Write both pictures; return the exit status."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, pdf in (("ours", build_sample(SAMPLE)), ("typst", set_by_typst())):
        path = IMAGES / f"typesetting-{name}.png"
        path.write_bytes(to_png(draw(pdf)))
        sys.stdout.write(f"{path}: {path.stat().st_size // 1024} KiB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
