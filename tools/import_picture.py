"""Draw ``docs/images/import.png``: a page of a report, and what ``import`` makes of its Word file.

    python -m tools.import_picture

Drawn anew when the pages of the sample or what ``import`` writes look different.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from reportgen.api import build_folder
from reportgen.workflows import import_report

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "yunxi-market-2024"
PICTURE = ROOT / "docs" / "images" / "import.png"
FACE = ROOT / "fonts" / "NotoSerifSC-Regular.ttf"
PAGE, RESOLUTION = 3, 66
TEXT_SIZE, LINE, COLUMNS, MARGIN = 13, 20, 46, 18
PAPER, INK, BOUND, RULE = "#fbfaf7", "#222222", "#a03020", "#cccccc"
TOKEN = re.compile(r"\{\{.*?\}\}[，。；、]?|[^\W\d_][，。；、）]?|.")
"""What is never parted: a placeholder, a character and the mark behind it."""
SHOWN = (("正文.md", "## （二）依申请公开情况", 16), ("report.yaml", "申请:", 15))
"""What is shown of each file: from which line on, and how many lines."""


def main() -> int:
    """Draw the picture and return 0."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        word, pdf = build_folder(SAMPLE, place, formats=("docx", "pdf")).written
        import_report([word.path], place / "报告", bind=True)
        page = printed_page(pdf.path.read_bytes())
        parts = {file: text_of(place / "报告" / file, start, count) for file, start, count in SHOWN}
    width = page.width + COLUMNS * TEXT_SIZE + 3 * MARGIN
    picture = Image.new("RGB", (width, page.height + 2 * MARGIN), "white")
    picture.paste(page, (MARGIN, MARGIN))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((MARGIN, MARGIN, MARGIN + page.width, MARGIN + page.height), outline=RULE)
    top = MARGIN
    for file, lines in parts.items():
        top = draw_text(draw, (page.width + 2 * MARGIN, top), file, lines) + MARGIN
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(PICTURE, optimize=True)
    return 0


def printed_page(data: bytes) -> Image.Image:
    """Return the page of the PDF *data* that is shown."""
    page = pypdfium2.PdfDocument(data)[PAGE - 1]
    picture: Image.Image = page.render(scale=RESOLUTION / 72).to_pil()
    return picture.convert("RGB")


def text_of(path: Path, start: str, count: int) -> list[str]:
    """Return *count* lines of the file from the line *start* on, long ones folded."""
    lines = path.read_text(encoding="utf-8").splitlines()
    folded: list[str] = []
    for line in lines[lines.index(start) :]:
        folded += fold(line)
    return folded[:count]


def fold(line: str) -> list[str]:
    """Return *line* in stretches no wider than the panel; a placeholder is never parted."""
    stretches, width = [""], 0.0
    for token in TOKEN.findall(line):
        taken = sum(0.55 if char.isascii() else 1 for char in token)
        if width + taken > COLUMNS - 2:
            stretches.append("")
            width = 0
        stretches[-1] += token
        width += taken
    return stretches


def draw_text(
    draw: ImageDraw.ImageDraw, place: tuple[int, int], title: str, lines: list[str]
) -> int:
    """Draw a panel with *lines* under *title* at *place*; return where it ends."""
    left, top = place
    face = ImageFont.truetype(str(FACE), TEXT_SIZE)
    bottom = top + (len(lines) + 2) * LINE
    draw.rectangle((left, top, left + COLUMNS * TEXT_SIZE, bottom), PAPER, RULE)
    draw.text((left + 8, top + 5), title, "#707070", face)
    for number, line in enumerate(lines, 1):
        x: float = left + 8
        for token in TOKEN.findall(line):
            colour = BOUND if token.startswith("{{") else INK
            draw.text((x, top + 8 + number * LINE), token, colour, face)
            x += draw.textlength(token, face)
    return bottom


if __name__ == "__main__":
    sys.exit(main())
