"""Parts of a table: the rows on one page, with their text, rules and shades.

A table is split into one :class:`TablePart` for each page.  When a part is placed on its page, it
has a :class:`PartGrid`, and each of its cells covers an :class:`Area`.  The :class:`Share` of a
cell holds the lines of its text that the part shows; each becomes a :class:`PlacedLine`.  Every
part has rules at its head and its foot.  Lengths are points, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import is_not

from msgspec import Struct

from reportgen.layout.items import Fill, RuleLine, TextRun
from reportgen.layout.runs import place_line
from reportgen.layout.tables import MeasuredCell, MeasuredTable
from reportgen.layout.text import Line
from reportgen.styles import TableLook

_TOLERANCE = 0.01
_HEADER = "header"


class TablePart(Struct, frozen=True, eq=False):
    """The rows of a table that are on one page."""

    table: MeasuredTable
    first: int
    """The first row."""
    last: int
    """The row after the last one."""

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows shown, beginning with those of a repeated header."""
        return (*range(self.header_rows), *range(self.first, self.last))

    @property
    def header_rows(self) -> int:
        """The number of header rows repeated above row ``first``."""
        return self.table.repeated if self.first >= self.table.repeated else 0

    @property
    def header_height(self) -> float:
        """The height of the repeated header rows."""
        return self.table.height(0, self.header_rows)

    def shown_height(self, cell: MeasuredCell) -> float:
        """Return the height of the rows of *cell* in this part, without a repeated header."""
        return self.table.height(max(cell.row, self.first), min(cell.end, self.last))


def split_at(table: MeasuredTable, starts: Sequence[int]) -> tuple[TablePart, ...]:
    """Return the parts of *table*; *starts* are their first rows, ascending from 0."""
    ends = (*starts[1:], len(table.heights))
    return tuple(TablePart(table, first, last) for first, last in zip(starts, ends, strict=True))


class Share(Struct, frozen=True):
    """The lines of a cell's text that a part shows."""

    lines: tuple[Line, ...]
    is_content: bool
    """Whether the text is content here, instead of a repetition, which is an artifact."""
    above: float | None = None
    """The distance from the upper edge; None if these are all lines of the cell, centred."""


def share_text(cell: MeasuredCell, parts: Sequence[TablePart], index: int) -> Share | None:
    """Return the share of *cell* in part *index* of *parts*; None if the part shows no text of it.

    The text is content in the first part that it fits.  The other parts that it fits repeat it,
    and the rest stay blank.  A text that fits no part is distributed over all of them, line by
    line.
    """
    if parts[index].first <= cell.row and cell.end <= parts[index].last:
        return Share(cell.lines, True)
    shown = [i for i, part in enumerate(parts) if cell.row < part.last and cell.end > part.first]
    fitting = [i for i in shown if parts[i].table.fits(cell, parts[i].shown_height(cell))]
    if fitting:
        return Share(cell.lines, index == fitting[0]) if index in fitting else None
    return _distribute(cell, [(i, parts[i]) for i in shown])[index]


def _distribute(cell: MeasuredCell, parts: Sequence[tuple[int, TablePart]]) -> dict[int, Share]:
    """Return the share of each of *parts*, given with its index, in the lines of *cell*.

    Each part takes the lines that it has room for, and the last part takes the rest.  There is no
    padding where the text goes on.
    """
    rest = cell.lines
    shares = {}
    for number, (index, part) in enumerate(parts):
        above = 0.0 if number else part.table.look.padding_y
        room = part.shown_height(cell) - above + _TOLERANCE
        count = max(0, int(room / cell.style.line_pitch))
        taken = rest if number == len(parts) - 1 else rest[:count]
        shares[index] = Share(taken, True, above)
        rest = rest[len(taken) :]
    return shares


class PartGrid(Struct, frozen=True):
    """The positions of the rows and columns of a part on its page."""

    rows: tuple[int, ...]
    """The row of the table for each drawn row."""
    tops: tuple[float, ...]
    """The y of the edges of the drawn rows, one more than there are rows."""
    edges: tuple[float, ...]
    """The x of the edges of the columns, one more than there are columns."""


def lay_part(part: TablePart, left: float, top: float) -> PartGrid:
    """Return the grid of *part* with its upper left corner at (*left*, *top*)."""
    heights = (part.table.heights[row] for row in part.rows)
    return PartGrid(
        rows=part.rows,
        tops=tuple(accumulate(heights, initial=top)),
        edges=tuple(left + edge for edge in part.table.edges),
    )


class Area(Struct, frozen=True):
    """The rectangle that a cell covers in a part."""

    cell: MeasuredCell
    first: int
    """The first drawn row covered."""
    last: int
    """The drawn row after the last one covered."""
    left: float
    right: float
    top: float
    bottom: float
    repeated: bool = False
    """Whether the cell belongs to a repeated header."""


def cell_areas(part: TablePart, grid: PartGrid) -> Iterator[Area]:
    """Yield the areas of the cells that *part* shows, in reading order."""
    header, begin, finish = part.header_rows, part.first, part.last
    tops, edges, shift = grid.tops, grid.edges, header - begin
    for cell in part.table.cells:
        left, right = edges[cell.node.column], edges[cell.node.column + cell.node.column_span]
        if cell.row < header:
            first, last = cell.row, min(cell.end, header)
            yield Area(cell, first, last, left, right, tops[first], tops[last], True)
        first, last = max(cell.row, begin) + shift, min(cell.end, finish) + shift
        if first < last:
            yield Area(cell, first, last, left, right, tops[first], tops[last])


class PlacedLine(Struct, frozen=True):
    """A line of a cell's text in its position."""

    cell: MeasuredCell
    line: Line
    left: float
    """The x of the left edge of the text column."""
    top: float
    """The y of the upper edge of the line."""
    is_content: bool
    """Whether the text is content; a repetition is an artifact."""


def place_lines(
    areas: Iterable[Area], parts: Sequence[TablePart], index: int, look: TableLook
) -> Iterator[PlacedLine]:
    """Yield the lines in *areas*, those of part *index*; *parts* are all parts of the table."""
    for area in areas:
        if area.repeated:
            share: Share | None = Share(area.cell.lines, is_content=False)
        else:
            share = share_text(area.cell, parts, index)
        if share is not None:
            yield from _place_share(area, share, look)


def _place_share(area: Area, share: Share, look: TableLook) -> Iterator[PlacedLine]:
    """Yield the lines of *share* in *area*."""
    pitch = area.cell.style.line_pitch
    if share.above is None:
        top = (area.top + area.bottom - len(share.lines) * pitch) / 2
    else:
        top = area.top + share.above
    left = area.left + look.padding_x
    for number, line in enumerate(share.lines):
        yield PlacedLine(area.cell, line, left, top + number * pitch, share.is_content)


def paint_text(placed: PlacedLine) -> Iterator[TextRun]:
    """Yield the text of *placed*; text repeated after a page break is an artifact."""
    return place_line(
        placed.line,
        placed.cell.style,
        placed.left,
        placed.top,
        placed.cell.node if placed.is_content else None,
        artifact="" if placed.is_content else _HEADER,
    )


def paint_shades(areas: Iterable[Area], look: TableLook) -> Iterator[Fill]:
    """Yield the shades of the cells in *areas*."""
    for area in areas:
        shade = look.shades.get(area.cell.node.role)
        if shade:
            width, height = area.right - area.left, area.bottom - area.top
            yield Fill(area.left, area.top, width, height, shade)


def paint_rules(areas: Iterable[Area], grid: PartGrid, look: TableLook) -> Iterator[RuleLine]:
    """Yield the rules of a part: between its *areas*, and around them.

    Adjacent pieces of a straight rule are joined to one.  Horizontal rules extend to the outer
    edges of the vertical ones, so that corners are square.
    """
    owners = _owners(areas, grid)
    half = look.rule / 2
    # There is a rule wherever the cells on both sides differ.  *outside* differs from every cell.
    outside = [grid] * max(len(owners), len(grid.edges))
    rows: list[Sequence[object]] = [outside, *owners, outside]
    for y, (above, below) in zip(grid.tops, pairwise(rows), strict=True):
        for first, last in _stretches(map(is_not, above, below)):
            yield RuleLine(grid.edges[first] - half, y, grid.edges[last] + half, y, look.rule)
    columns: list[Sequence[object]] = [outside, *zip(*owners, strict=True), outside]
    for x, (before, behind) in zip(grid.edges, pairwise(columns), strict=True):
        for first, last in _stretches(map(is_not, before, behind)):
            yield RuleLine(x, grid.tops[first], x, grid.tops[last], look.rule)


def _owners(areas: Iterable[Area], grid: PartGrid) -> list[list[MeasuredCell | None]]:
    """Return the cell that covers each place of the grid, by drawn row and by column."""
    columns = len(grid.edges) - 1
    owners: list[list[MeasuredCell | None]] = [[None] * columns for _ in grid.rows]
    for area in areas:
        start, count = area.cell.node.column, area.cell.node.column_span
        for row in owners[area.first : area.last]:
            row[start : start + count] = [area.cell] * count
    return owners


def _stretches(flags: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each stretch of true *flags*."""
    row = bytes(flags) + b"\0"
    first = row.find(1)
    while first >= 0:
        end = row.find(0, first)
        yield first, end
        first = row.find(1, end)
