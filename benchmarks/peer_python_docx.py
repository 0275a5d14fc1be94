"""python-docx as documented: ``add_paragraph``, ``add_table`` and ``cell``, ``add_picture``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from common import COLUMN, Content, main
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx_look import new_document


def add_table(document: Any, block: Content) -> None:
    """Add the table of *block*."""
    table = document.add_table(len(block["rows"]), len(block["widths"]), style="Table Grid")
    table.autofit = False
    for width, column in zip(block["widths"], table.columns, strict=True):
        column.width = Mm(width * COLUMN)
    for x in (x for row in block["rows"] for x in row):
        cell = table.cell(x["r"], x["c"])
        if x["cs"] > 1 or x["rs"] > 1:
            cell = cell.merge(table.cell(x["r"] + x["rs"] - 1, x["c"] + x["cs"] - 1))
        paragraph = cell.paragraphs[0]
        paragraph.text, paragraph.style = x["x"], f"bench cell {x['size']:g}"
        if x["left"]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def render(content: Content, out: Path) -> None:
    """Write *content* to *out* as DOCX."""
    document = new_document()
    for block in content["blocks"]:
        if block["t"] == "table":
            add_table(document, block)
        elif block["t"] == "image":
            run = document.add_paragraph(style="bench image").add_run()
            run.add_picture(block["src"], width=Mm(COLUMN))
        else:
            document.add_paragraph(block["text"], style=f"bench {block['t']}")
    document.save(str(out))


if __name__ == "__main__":
    main(render)
