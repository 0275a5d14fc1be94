"""Tables of a DOCX: ``w:tbl`` (ECMA-376 17.4) made from the grid of cells.

Word uses the widths in ``tblW``, WPS those in ``gridCol``, LibreOffice those in ``tcW``, so all
three have the same values.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from itertools import accumulate, chain, pairwise

from docx.oxml.parser import OxmlElement
from docx.oxml.table import CT_Tbl
from msgspec import Struct

from reportgen.document.nodes import Cell, Paragraph, Table
from reportgen.styles import twips
from reportgen.writers.docx.elements import Element, add, add_paragraph, add_shade, clean
from reportgen.writers.docx.styles import PICTURE_STYLE, TABLE_STYLE
from reportgen.writers.docx.text import WordContext, add_gap, add_narrowing, add_runs, broken

LEAST_LINE = 20
"""The height in twips of an empty line that is required but should take no space."""


def add_table(parent: Element, table: Table, context: WordContext) -> None:
    """Append the caption of *table*, and the table, as wide as the type area.

    Its header rows are repeated on each page.
    """
    if table.caption:
        _add_caption(parent, table.caption, context)
    widths = column_widths(table.widths, context.geometry.width)
    look = table.look_in(context.sheet)
    margins = twips(look.padding_x), twips(look.padding_y)
    frame = add_frame(
        parent,
        widths,
        style=TABLE_STYLE,
        title=table.title,
        margins=margins if table.look else None,
    )
    divided = context.hints.divided.get(table, frozenset())
    keeps = context.hints.keeps.get(table, frozenset()) - divided
    height = twips(look.min_row_height)
    for number, cells in enumerate(_cells_by_row(table)):
        heads = number < table.header_rows
        row = add_row(frame, height=height, heads=heads, whole=number not in divided)
        for cell in cells:
            _add_table_cell(row, cell, number, widths, context, keep=heads or number in keeps)


def _add_caption(parent: Element, caption: Paragraph, context: WordContext) -> None:
    """Append the title of a table as a paragraph that stays with the first row."""
    paragraph, properties = add_paragraph(parent, context.style_id(caption.style))
    add(properties, "keepNext")
    add_gap(properties, caption, context)
    add_narrowing(properties, caption.style, caption, context)
    add_runs(paragraph, caption.style, caption.runs, context, caption)


def add_frame(
    parent: Element,
    widths: Sequence[int],
    *,
    style: str = "",
    title: str = "",
    margins: tuple[int, int] | None = None,
) -> Element:
    """Append an empty ``w:tbl`` with columns of fixed *widths*, centred, and return it.

    *title* is the alternative text (``w:tblCaption``); *margins* are those of the cells at the
    sides and above and below (``w:tblCellMar``), None for those of *style*.
    """
    table = add(parent, "tbl")
    properties = add(table, "tblPr")
    if style:
        add(properties, "tblStyle", val=style)
    add(properties, "tblW", w=sum(widths), type="dxa")
    add(properties, "jc", val="center")
    add(properties, "tblLayout", type="fixed")
    if margins:
        cell_margins = add(properties, "tblCellMar")
        for side, width in zip(("top", "left", "bottom", "right"), margins[::-1] * 2, strict=True):
            add(cell_margins, side, w=width, type="dxa")
    add(
        properties,
        "tblLook",
        val="0620",
        firstRow=1,
        lastRow=0,
        firstColumn=0,
        lastColumn=0,
        noHBand=1,
        noVBand=1,
    )
    if title:
        add(properties, "tblCaption", val=clean(title))
        add(properties, "tblDescription", val=clean(title))
    grid = add(table, "tblGrid")
    for width in widths:
        add(grid, "gridCol", w=width)
    return table


def add_separator(parent: Element, height: int, *, keep: bool = False) -> None:
    """Append an empty line *height* twips high, because Word joins adjacent tables.

    With *keep* it is on the page of the next paragraph.
    """
    _, properties = add_paragraph(parent, PICTURE_STYLE)
    if keep:
        add(properties, "keepNext")
    add(properties, "spacing", line=height, lineRule="exact")


def ends_in_table(parent: Element) -> bool:
    """Return whether the last child of *parent* is a table, which Word would join with the next."""
    return len(parent) > 0 and isinstance(parent[-1], CT_Tbl)


def column_widths(shares: Sequence[float], total: int) -> tuple[int, ...]:
    """Return the widths of columns with the given *shares*: integers that add up to *total*."""
    whole = sum(shares)
    edges = [0, *(round(edge / whole * total) for edge in accumulate(shares))]
    return tuple(right - left for left, right in pairwise(edges))


def _cells_by_row(table: Table) -> list[list[Cell]]:
    """Return the cells that cover each row, from left to right, including those from above."""
    covering: list[list[Cell]] = [[] for _ in table.rows]
    for cell in chain.from_iterable(table.rows):
        for cells in covering[cell.row : cell.row + cell.row_span]:
            cells.append(cell)
    return [sorted(cells, key=lambda cell: cell.column) for cells in covering]


def add_row(table: Element, *, height: int = 0, heads: bool = False, whole: bool = True) -> Element:
    """Append a ``w:tr`` (17.4.78), at least *height* twips high, and return it.

    If it is *whole*, the row is not split over pages.  With *heads* it is repeated on every page
    (``w:tblHeader``).
    """
    row = add(table, "tr")
    properties = add(row, "trPr")
    if whole:
        add(properties, "cantSplit")
    if height:
        add(properties, "trHeight", val=height, hRule="atLeast")
    if heads:
        add(properties, "tblHeader")
    return row


def add_cell(row: Element, width: int) -> tuple[Element, Element]:
    """Append a ``w:tc`` (17.4.65), *width* twips wide; return it and its ``w:tcPr``."""
    cell = add(row, "tc")
    properties = add(cell, "tcPr")
    add(properties, "tcW", w=width, type="dxa")
    return cell, properties


def _add_table_cell(
    row: Element,
    cell: Cell,
    number: int,
    widths: Sequence[int],
    context: WordContext,
    *,
    keep: bool,
) -> None:
    """Append the part of *cell* in row *number*: its text, or an empty rest of its row span."""
    starts, comments = number == cell.row, context.comments
    kind = CellKind(
        width=sum(widths[cell.column : cell.column + cell.column_span]),
        span=cell.column_span,
        merge=("restart" if starts else "continue") if cell.row_span > 1 else "",
        shade=comments.shade(cell.notes) or context.sheet.table.shades.get(cell.role, ""),
        style_id=context.style_id(cell.style),
        keep=keep,
    )
    word_cell = deepcopy(_empty_cell(kind))
    row.append(word_cell)
    if not starts:
        return
    paragraph = word_cell[-1]
    add_narrowing(paragraph[0], cell.style, cell, context)
    comments.start(paragraph, cell.notes)
    runs = broken(cell.runs, context.hints.label_breaks.get(cell, ()))
    add_runs(paragraph, cell.style, runs, context, cell)
    comments.end(paragraph, cell.notes)


class CellKind(Struct, frozen=True):
    """The properties that cells may have in common."""

    width: int
    """The width in twips."""
    span: int
    """The number of columns."""
    merge: str
    """The value of ``w:vMerge``: restart or continue; empty for a cell of one row."""
    shade: str
    """The background colour as RRGGBB; empty for none."""
    style_id: str
    keep: bool
    """Whether the paragraph is kept on the page of the next one."""


@lru_cache(maxsize=512)
def _empty_cell(kind: CellKind) -> Element:
    """Return a cell of *kind* to be copied; copying takes a quarter of the time of creating."""
    cell, properties = add_cell(OxmlElement("w:tr"), kind.width)
    if kind.span > 1:
        add(properties, "gridSpan", val=kind.span)
    if kind.merge:
        add(properties, "vMerge", val=kind.merge)
    add_shade(properties, kind.shade)
    add(properties, "vAlign", val="center")
    _, paragraph_properties = add_paragraph(cell, kind.style_id)
    if kind.keep:
        add(paragraph_properties, "keepNext")
    return cell
