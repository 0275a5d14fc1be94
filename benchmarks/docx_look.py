"""python-docx's default template with the page and styles of the report, for the DOCX peers."""

from __future__ import annotations

from typing import Any

from common import (
    BOTTOM,
    FACES,
    LATIN,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCHES,
    RIGHT,
    SIZES,
    TOP,
)
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

CENTRED = ("title", "caption", "image")


def new_document() -> Any:
    """Return an empty document with the page and a style per kind of block."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    for name, (_, family) in FACES.items():
        if name != "cell":
            _add_style(document, f"bench {name}", family, SIZES[name], PITCHES[name])
    _add_style(document, "bench image", FACES["p"][1], SIZES["p"], None)
    for size in (7.5, 9, 10, 10.5, 12):
        _add_style(document, f"bench cell {size:g}", FACES["cell"][1], size, None)
    return document


def _add_style(document: Any, name: str, family: str, size: float, pitch: float | None) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size = LATIN[1], Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), family)
    look = style.paragraph_format
    look.space_before = look.space_after = Pt(0)
    if pitch:
        look.line_spacing = Pt(pitch)
    kind = name.removeprefix("bench ")
    if kind in CENTRED or kind.startswith("cell"):
        look.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        look.first_line_indent = Pt(2 * size)
