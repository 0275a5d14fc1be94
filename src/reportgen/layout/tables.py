"""Measuring tables: column widths, row heights, and where a page may end.

A table is measured once, before it is divided into pages; :mod:`reportgen.layout.parts` converts
the rows on a page to items.  Lengths are points from the upper left corner of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from math import floor

from msgspec import Struct
from msgspec.structs import replace

from reportgen.document.nodes import Cell, Table
from reportgen.fonts import FontSet
from reportgen.layout.flow import Keep
from reportgen.layout.text import Line, set_paragraph
from reportgen.styles import CellRole, PageGeometry, Style, StyleSheet, TableLook

HEAD_ROLES = frozenset({CellRole.CAPTION, CellRole.HEADER})
"""The roles of cells that are headings of the rows below them."""
PART_PADDING = 0.5
"""The least share of its vertical padding that a cell keeps where a page break divides it."""
_TOLERANCE = 0.01


class MeasuredCell(Struct, frozen=True, eq=False):
    """A cell with its text set in lines."""

    node: Cell
    row: int
    """The first row of the cell.  The measured table has more rows than the node if a tall row was
    divided."""
    end: int
    """The row after the last one of the cell."""
    style: Style
    """The style of the text."""
    lines: tuple[Line, ...]
    """The lines of the text."""

    @property
    def text_height(self) -> float:
        """The height of the cell's lines."""
        return len(self.lines) * self.style.line_pitch


class MeasuredTable(Struct, frozen=True, eq=False):
    """A measured table, which can be divided into pages."""

    node: Table
    cells: tuple[MeasuredCell, ...]
    edges: tuple[float, ...]
    """The x of the edges of the columns, one more than there are columns."""
    heights: tuple[float, ...]
    """The height of each row."""
    header_rows: int
    """The number of header rows."""
    repeated: int
    """The number of header rows that are repeated on every further page: all or none."""
    look: TableLook
    sources: tuple[int, ...]
    """The row of the node that each row shows, whole or a strip of it."""

    @property
    def repeated_height(self) -> float:
        """The height of the rows that are repeated after a page break."""
        return self.height(0, self.repeated)

    def height(self, first: int, last: int) -> float:
        """Return the height of the rows from *first* up to *last*."""
        return sum(self.heights[first:last])

    def part_room(self, height: float) -> float:
        """Return the height available for text in a part of a divided cell, *height* tall."""
        return height - 2 * PART_PADDING * self.look.padding_y + _TOLERANCE

    def fits(self, cell: MeasuredCell, height: float) -> bool:
        """Return whether the text of *cell* fits a part of the cell that is *height* tall."""
        return cell.text_height <= self.part_room(height)


def measure_table(table: Table, sheet: StyleSheet, fonts: FontSet) -> MeasuredTable:
    """Return *table* with its text set in lines and its rows measured.

    No row of the result is taller than a page has room for below the repeated header.  A header
    that would fill more than half of a page is not repeated.
    """
    edges = column_edges(table.widths, sheet.page.text_width)
    look = table.look_in(sheet)
    cells = _set_cells(table, edges, look, sheet, fonts)
    heights = row_heights(cells, len(table.rows), look.padding_y, look.min_row_height, look.rule)
    repeats = sum(heights[: table.header_rows]) <= sheet.page.text_height / 2
    measured = MeasuredTable(
        node=table,
        cells=cells,
        edges=edges,
        heights=heights,
        header_rows=table.header_rows,
        repeated=table.header_rows if repeats else 0,
        look=look,
        sources=tuple(range(len(heights))),
    )
    return divide_tall_rows(measured, sheet.page.text_height - look.rule)


def column_edges(shares: Sequence[float], width: float) -> tuple[float, ...]:
    """Return the x of the edges of columns that take *shares* of *width*.

    The last edge is exactly *width*.
    """
    inner = [share * width for share in accumulate(shares)]
    return (0.0, *inner[:-1], width)


def _set_cells(
    table: Table, edges: Sequence[float], look: TableLook, sheet: StyleSheet, fonts: FontSet
) -> tuple[MeasuredCell, ...]:
    """Return the cells of *table* with their text set in lines."""
    rooms: dict[tuple[str, int, int], tuple[Style, float]] = {}
    cells = []
    for cell in chain.from_iterable(table.rows):
        first, last = cell.column, cell.column + cell.column_span
        kind = (cell.style, first, last)
        if kind not in rooms:
            # Round the width, so that equal texts in columns of equal shares are set only once.
            width = round(edges[last] - edges[first] - 2 * look.padding_x, 9)
            rooms[kind] = sheet[cell.style], width
        style, width = rooms[kind]
        lines = set_paragraph(cell.runs, style, width, fonts) if cell.text else ()
        cells.append(MeasuredCell(cell, cell.row, cell.row + cell.row_span, style, lines))
    return tuple(cells)


def row_heights(
    cells: Iterable[MeasuredCell], count: int, padding_y: float, least: float, rule: float = 0.0
) -> tuple[float, ...]:
    """Return the heights of *count* rows, each at least *least* and enough for its cells.

    Each includes the width of a *rule*, as in word processors.  If a cell that spans several
    rows needs more height than they have, its last row is made taller.
    """
    heights = [least] * count
    for cell in sorted(cells, key=lambda cell: cell.end):
        need = cell.text_height + 2 * padding_y + rule
        missing = need - sum(heights[cell.row : cell.end])
        if missing > 0:
            heights[cell.end - 1] += missing
    return tuple(heights)


def divide_tall_rows(table: MeasuredTable, page_height: float) -> MeasuredTable:
    """Return *table* with every row too tall for a page divided into strips of one line.

    The first strip includes the padding above the text, the last one that below it.
    """
    header = table.repeated_height
    divided = [
        _strips(table, row, page_height if row < table.header_rows else page_height - header)
        for row in range(len(table.heights))
    ]
    if all(len(strips) == 1 for strips in divided):
        return table
    starts = [0, *accumulate(len(strips) for strips in divided)]
    return replace(
        table,
        cells=tuple(
            replace(cell, row=starts[cell.row], end=starts[cell.end]) for cell in table.cells
        ),
        heights=tuple(height for strips in divided for height in strips),
        header_rows=starts[table.header_rows],
        repeated=starts[table.repeated],
        sources=tuple(row for row, strips in enumerate(divided) for _ in strips),
    )


def _strips(table: MeasuredTable, row: int, limit: float) -> list[float]:
    """Return the height of *row*, or those of its strips if it is taller than *limit*."""
    height = table.heights[row]
    if height <= limit + _TOLERANCE:
        return [height]
    members = (cell for cell in table.cells if cell.row <= row < cell.end)
    pitch = max(members, key=lambda cell: cell.text_height).style.line_pitch
    padding = table.look.padding_y
    between = max(0, floor((height - 2 * padding + _TOLERANCE) / pitch) - 2)
    first = padding + pitch
    return [first, *[pitch] * between, height - first - between * pitch]


_ITEM_ROWS = 4
"""The most data rows below a head within a table that stay on the page of the head."""
_LEAST_ROWS = 3
"""The data rows that a page break leaves at least on either side."""


def row_keeps(table: MeasuredTable, page: PageGeometry) -> tuple[Keep, ...]:
    """Return for each row how strongly it is kept together with the next one on a *page*.

    Header rows, and captions and heads within the table, stay with the first data row below
    them.  A few data rows below a head within the table stay together, because the head is not
    repeated on the next page; and no page break divides a cell that spans several rows so that its
    text does not fit (all HARD).  A page break leaves at least three data rows on either side
    (SOFT).  Nor does it divide another such cell in a table that fits on one page with its heading
    (LOOSE).
    """
    count = len(table.heights)
    heads = _head_rows(table)
    hard = heads | _rows_of_items(table, heads) | _cramping_breaks(table, page)
    first, last = table.header_rows, count - 1
    soft = {*range(first, first + _LEAST_ROWS - 1), *range(count - _LEAST_ROWS, last)}
    fits = sum(table.heights) + table.look.rule + page.line_pitch <= page.text_height
    loose = _dividing_breaks(table) if fits else set()
    return tuple(
        Keep.FREE
        if row == last
        else Keep.HARD
        if row in hard
        else Keep.SOFT
        if row in soft
        else Keep.LOOSE
        if row in loose
        else Keep.FREE
        for row in range(count)
    )


def _head_rows(table: MeasuredTable) -> set[int]:
    """Return the rows that must not be separated from the row below."""
    data = {cell.row for cell in table.cells if cell.node.role not in HEAD_ROLES}
    heads = {cell.row for cell in table.cells} - data
    return heads | set(range(table.header_rows))


def _rows_of_items(table: MeasuredTable, heads: set[int]) -> set[int]:
    """Return the data rows, except the last one of each item, of short items within the table.

    An item consists of the data rows below a caption or a head that is not repeated on each page.
    """
    found: set[int] = set()
    start: int | None = None
    for row in range(table.header_rows, len(table.heights) + 1):
        is_data = row < len(table.heights) and row not in heads
        if is_data and row - 1 in heads and row > table.header_rows:
            start = row
        elif not is_data and start is not None:
            if row - start <= _ITEM_ROWS:
                found |= set(range(start, row - 1))
            start = None
    return found


def _dividing_breaks(table: MeasuredTable) -> set[int]:
    """Return the rows after which a page break would divide a cell."""
    return {row for cell in table.cells for row in range(cell.row, cell.end - 1)}


def _cramping_breaks(table: MeasuredTable, page: PageGeometry) -> set[int]:
    """Return the rows after which a page break would leave too small a part of some cell.

    A part is too small if the text of the cell does not fit it or, for a text that does not fit
    the whole cell or one *page*, if one line does not.
    """
    found = set()
    most = page.text_height - table.repeated_height - table.look.rule
    spanning = (cell for cell in table.cells if cell.end - cell.row > 1)
    for cell in spanning:
        whole = table.fits(cell, min(table.height(cell.row, cell.end), most))
        need = cell.text_height if whole else cell.style.line_pitch
        for below in range(cell.row + 1, cell.end):
            part = min(table.height(cell.row, below), table.height(below, cell.end))
            if need > table.part_room(part):
                found.add(below - 1)
    return found
