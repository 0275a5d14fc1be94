"""reportlab with Platypus, as its user guide has it: paragraphs, tables and images in a story."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from common import (
    BOTTOM,
    COLUMN,
    FACES,
    FONTS,
    LEFT,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCHES,
    RIGHT,
    SIZES,
    TOP,
    Content,
    main,
)
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Image,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

WIDTH = COLUMN * MM
TIGHT = 1  # Platypus cannot split a table through a cell of many rows: it has to fit on a page


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Register the font files, once per process."""
    for style, (file, _) in FACES.items():
        pdfmetrics.registerFont(TTFont(style, str(FONTS / file)))


@lru_cache(maxsize=64)
def text_style(name: str) -> ParagraphStyle:
    """Return the style of the text block *name*."""
    centred = name in ("title", "caption")
    return ParagraphStyle(
        name,
        fontName=name,
        fontSize=SIZES[name],
        leading=PITCHES[name],
        wordWrap="CJK",
        alignment=1 if centred else 4 if name == "p" else 0,
        firstLineIndent=0 if centred else 2 * SIZES[name],
    )


@lru_cache(maxsize=64)
def cell_style(size: float, left: bool) -> ParagraphStyle:
    """Return the style of a table cell."""
    return ParagraphStyle(
        f"cell{size}{left}",
        fontName="cell",
        fontSize=size,
        leading=size * 1.2,
        wordWrap="CJK",
        alignment=0 if left else 1,
    )


def table(block: Content) -> Flowable:
    """Return the table of *block*."""
    cells = [x for row in block["rows"] for x in row]
    grid: list[list[object]] = [[""] * len(block["widths"]) for _ in block["rows"]]
    commands: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *((f"{side}PADDING", (0, 0), (-1, -1), 3) for side in ("LEFT", "RIGHT")),
        *((f"{side}PADDING", (0, 0), (-1, -1), TIGHT) for side in ("TOP", "BOTTOM")),
    ]
    for x in cells:
        grid[x["r"]][x["c"]] = Paragraph(escape(x["x"]), cell_style(x["size"], x["left"]))
        if x["cs"] > 1 or x["rs"] > 1:
            end = (x["c"] + x["cs"] - 1, x["r"] + x["rs"] - 1)
            commands.append(("SPAN", (x["c"], x["r"]), end))
    widths = [width * WIDTH for width in block["widths"]]
    made: Flowable = LongTable(
        grid, widths, style=TableStyle(commands), repeatRows=block["header_rows"]
    )
    return made


def flowable(block: Content) -> list[Flowable]:
    """Return what stands for *block* in the story."""
    if block["t"] == "image":
        return [Image(block["src"], WIDTH, WIDTH * block["h"] / block["w"])]
    if block["t"] == "table":
        return [table(block), Spacer(1, 6)]
    return [Paragraph(escape(block["text"]), text_style(block["t"]))]


def page_number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """Draw the page number."""
    canvas.setFont("cell", 14)
    canvas.drawCentredString((LEFT + COLUMN / 2) * MM, 28 * MM, f"— {document.page} —")


def render(content: Content, out: Path) -> None:
    """Write *content* to *out* as PDF."""
    register_fonts()
    document = SimpleDocTemplate(
        str(out),
        pagesize=(PAGE_WIDTH * MM, PAGE_HEIGHT * MM),
        topMargin=TOP * MM - 6,  # the frame's own padding
        bottomMargin=BOTTOM * MM - 6,
        leftMargin=LEFT * MM - 6,
        rightMargin=RIGHT * MM - 6,
        title=content["blocks"][0]["text"],
    )
    story = [item for block in content["blocks"] for item in flowable(block)]
    document.build(story, onFirstPage=page_number, onLaterPages=page_number)


if __name__ == "__main__":
    main(render)
