"""Tables: a resolved grid of cells → ``w:tbl`` (ECMA-376 17.4).

Word obeys ``tblW``, WPS ``gridCol``, LibreOffice ``tcW``: all three are the
same integers here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, chain, pairwise

from reportgen.document.nodes import Cell, Table
from reportgen.styles import twips
from reportgen.writers.docx.context import Context
from reportgen.writers.docx.markup import attribute, paragraph_xml
from reportgen.writers.docx.notes import shade_xml
from reportgen.writers.docx.styles import PICTURE_STYLE, TABLE_STYLE

LEAST_LINE = 20
"""Twips of an empty line that must be there and take no room."""


def table_xml(table: Table, context: Context) -> str:
    """Return *table* as wide as the type area, its header rows repeated on each page."""
    widths = column_widths(table.widths, context.geometry.width)
    rows = "".join(
        _row_xml(table, row, cells, widths, context)
        for row, cells in enumerate(_cells_by_row(table))
    )
    return frame_xml(rows, widths, style=TABLE_STYLE, title=table.title)


def frame_xml(rows: str, widths: Sequence[int], *, style: str = "", title: str = "") -> str:
    """Return ``w:tbl`` around *rows*: fixed layout, centred, exactly the sum of *widths* wide.

    *title* is the text for readers who cannot see the table (``w:tblCaption``).
    """
    named = f'<w:tblStyle w:val="{style}"/>' if style else ""
    label = attribute(title)
    spoken = f'<w:tblCaption w:val="{label}"/><w:tblDescription w:val="{label}"/>' if title else ""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr>{named}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{spoken}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def separator_xml(height: int) -> str:
    """Return an empty line *height* twips high: Word joins tables that meet."""
    spacing = f'<w:spacing w:line="{height}" w:lineRule="exact"/>'
    return paragraph_xml(PICTURE_STYLE, "", spacing)


def ends_in_table(pieces: Sequence[str]) -> bool:
    """Return whether the last of *pieces* is a table, to which another would be joined."""
    return bool(pieces) and pieces[-1].endswith("</w:tbl>")


def column_widths(shares: Sequence[float], total: int) -> tuple[int, ...]:
    """Return the columns' widths in twips: whole numbers that add up to *total* exactly."""
    whole = sum(shares)
    edges = [0, *(round(edge / whole * total) for edge in accumulate(shares))]
    return tuple(right - left for left, right in pairwise(edges))


def _cells_by_row(table: Table) -> list[list[Cell]]:
    """Return the cells that cover each row, whether they start there or above, left to right."""
    covering: list[list[Cell]] = [[] for _ in table.rows]
    for cell in chain.from_iterable(table.rows):
        for cells in covering[cell.row : cell.row + cell.row_span]:
            cells.append(cell)
    return [sorted(cells, key=lambda cell: cell.column) for cells in covering]


def _row_xml(
    table: Table, row: int, cells: Iterable[Cell], widths: Sequence[int], context: Context
) -> str:
    """Return one ``w:tr``; *cells* are those that cover it."""
    heads = row < table.header_rows
    keep = "<w:keepNext/>" if heads or row in context.hints.keeps.get(table, ()) else ""
    return row_xml(
        (_cell_xml(cell, row, widths, context, keep=keep) for cell in cells),
        height=twips(context.sheet.table.min_row_height),
        heads=heads,
    )


def row_xml(cells: Iterable[str], *, height: int = 0, heads: bool = False) -> str:
    """Return ``w:tr`` (17.4.78): never split over pages, at least *height* twips high.

    A row that *heads* the table is repeated on every page (``w:tblHeader``).
    """
    properties = (
        "<w:cantSplit/>"
        + (f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else "")
        + ("<w:tblHeader/>" if heads else "")
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell_xml(cell: Cell, row: int, widths: Sequence[int], context: Context, *, keep: str) -> str:
    """Return *cell* as it stands in *row*: itself, or the empty rest of its row span."""
    starts = row == cell.row
    content = context.noted(context.runs(cell.style, cell.runs, cell), cell.notes) if starts else ""
    column = context.column_xml(cell.style, cell) if starts else ""
    shade = context.notes.shade(cell.notes) if context.notes else ""
    shade = shade or context.sheet.table.shades.get(cell.role, "")
    merge = ("restart" if starts else "continue") if cell.row_span > 1 else ""
    properties = _properties_xml(cell.column_span, merge, shade)
    width = sum(widths[cell.column : cell.column + cell.column_span])
    paragraph = paragraph_xml(context.style_id(cell.style), content, keep + column)
    return cell_xml(paragraph, width, properties)


@lru_cache(maxsize=256)
def _properties_xml(span: int, merge: str, shade: str) -> str:
    """Return what a cell's ``w:tcPr`` holds behind its width; cells of a kind share it."""
    return (
        (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
        + f'{shade_xml(shade)}<w:vAlign w:val="center"/>'
    )


def cell_xml(content: str, width: int, properties: str = "") -> str:
    """Return ``w:tc`` (17.4.65), *width* twips wide; *properties* follow ``w:tcW``."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'
