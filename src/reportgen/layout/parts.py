"""Parts of a table: the rows that fell on one page, their text, rules and shades.

A table is split into :class:`TablePart`; a part placed on its page has a :class:`PartGrid`, in
which each of its cells covers an :class:`Area`; which lines a cell shows there is its
:class:`Share`, and each of them becomes a :class:`PlacedLine`.  A part is closed by rules at its
head and foot.  Points; y downwards.
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
    """The rows of a table from ``first`` up to ``last`` that stand on one page."""

    table: MeasuredTable
    first: int
    last: int

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows shown, those of a repeated header first."""
        return (*range(self.header_rows), *range(self.first, self.last))

    @property
    def header_rows(self) -> int:
        """The number of header rows printed again above row ``first``."""
        return self.table.repeated if self.first >= self.table.repeated else 0

    @property
    def header_height(self) -> float:
        """The height of the header rows printed again."""
        return self.table.height(0, self.header_rows)

    def shown_height(self, cell: MeasuredCell) -> float:
        """Return the height of the rows of *cell* in this part, a repeated header apart."""
        return self.table.height(max(cell.row, self.first), min(cell.end, self.last))


def split_at(table: MeasuredTable, starts: Sequence[int]) -> tuple[TablePart, ...]:
    """Return the parts of *table* that begin with the rows *starts* (ascending, the first 0)."""
    ends = (*starts[1:], len(table.heights))
    return tuple(TablePart(table, first, last) for first, last in zip(starts, ends, strict=True))


class Share(Struct, frozen=True):
    """What a part shows of a cell."""

    lines: tuple[Line, ...]
    is_content: bool
    """Whether this is the one place where the text counts, not a repetition."""
    is_whole: bool = True
    """Whether these are all lines of the cell."""


def share_text(cell: MeasuredCell, parts: Sequence[TablePart], index: int) -> Share | None:
    """Return what part *index* of *parts* shows of *cell*, None if nothing.

    The text is content in the first part it fits; the other parts that it fits repeat it, the
    rest stay blank.  A text that fits no part is distributed over all of them, line by line.
    """
    if parts[index].first <= cell.row and cell.end <= parts[index].last:
        return Share(cell.lines, True)
    shown = [i for i, part in enumerate(parts) if cell.row < part.last and cell.end > part.first]
    fitting = [i for i in shown if parts[i].table.fits(cell, parts[i].shown_height(cell))]
    if fitting:
        return Share(cell.lines, index == fitting[0]) if index in fitting else None
    return _distribute(cell, [(i, parts[i]) for i in shown])[index]


def _distribute(cell: MeasuredCell, parts: Sequence[tuple[int, TablePart]]) -> dict[int, Share]:
    """Return the lines of *cell* distributed over *parts*, each taking what it has room for."""
    rest = cell.lines
    shares = {}
    for number, (index, part) in enumerate(parts):
        room = part.shown_height(cell) - 2 * part.table.padding_y + _TOLERANCE
        count = max(0, int(room / cell.style.line_pitch))
        taken = rest if number == len(parts) - 1 else rest[:count]
        shares[index] = Share(taken, True, is_whole=False)
        rest = rest[len(taken) :]
    return shares


class PartGrid(Struct, frozen=True):
    """The rows and columns of a part on its page."""

    rows: tuple[int, ...]
    """Which row of the table each drawn row is."""
    tops: tuple[float, ...]
    """The y of the edges of the drawn rows, one more than there are rows."""
    edges: tuple[float, ...]
    """The x of the edges of the columns, one more than there are columns."""


def lay_part(part: TablePart, left: float, top: float) -> PartGrid:
    """Return where the rows and columns of *part* are when its corner is at (*left*, *top*)."""
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
    """The drawn row below the last one covered."""
    left: float
    right: float
    top: float
    bottom: float
    repeated: bool = False
    """Whether it belongs to a repeated header."""


def cell_areas(part: TablePart, grid: PartGrid) -> Iterator[Area]:
    """Yield the areas of the cells *part* shows, in reading order."""
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
    """A line of a cell, its column's upper left corner at (``left``, ``top``)."""

    cell: MeasuredCell
    line: Line
    left: float
    top: float
    is_content: bool


def place_lines(
    areas: Iterable[Area], parts: Sequence[TablePart], index: int, look: TableLook
) -> Iterator[PlacedLine]:
    """Yield the lines in the *areas* of part *index* of *parts* (all parts of one table)."""
    for area in areas:
        if area.repeated:
            share: Share | None = Share(area.cell.lines, is_content=False)
        else:
            share = share_text(area.cell, parts, index)
        if share is not None:
            yield from _place_share(area, share, look)


def _place_share(area: Area, share: Share, look: TableLook) -> Iterator[PlacedLine]:
    """Yield the lines of *share* in *area*, centred unless other parts show the rest of them."""
    pitch = area.cell.style.line_pitch
    top = area.top + look.padding_y
    if share.is_whole:
        top = (area.top + area.bottom - len(share.lines) * pitch) / 2
    left = area.left + area.cell.padding
    for number, line in enumerate(share.lines):
        yield PlacedLine(area.cell, line, left, top + number * pitch, share.is_content)


def paint_text(placed: PlacedLine) -> Iterator[TextRun]:
    """Yield the text of *placed*; what is repeated behind a page break is no content."""
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
    """Yield the grid of a part: a rule wherever two of its *areas* meet and around it.

    Each rule is drawn once, as long as it runs straight on.  Horizontal ones reach over the
    outer edges of the vertical ones, so that corners are square.
    """
    owners = _owners(areas, grid)
    half = look.rule / 2
    outside = [grid] * max(len(owners), len(grid.edges))  # part of no cell
    rows: list[Sequence[object]] = [outside, *owners, outside]
    for y, (above, below) in zip(grid.tops, pairwise(rows), strict=True):
        for first, last in _stretches(map(is_not, above, below)):
            yield RuleLine(grid.edges[first] - half, y, grid.edges[last] + half, y, look.rule)
    columns: list[Sequence[object]] = [outside, *zip(*owners, strict=True), outside]
    for x, (before, behind) in zip(grid.edges, pairwise(columns), strict=True):
        for first, last in _stretches(map(is_not, before, behind)):
            yield RuleLine(x, grid.tops[first], x, grid.tops[last], look.rule)


def _owners(areas: Iterable[Area], grid: PartGrid) -> list[list[MeasuredCell | None]]:
    """Return, per drawn row and column, the cell that covers the place."""
    columns = len(grid.edges) - 1
    owners: list[list[MeasuredCell | None]] = [[None] * columns for _ in grid.rows]
    for area in areas:
        start, count = area.cell.node.column, area.cell.node.column_span
        for row in owners[area.first : area.last]:
            row[start : start + count] = [area.cell] * count
    return owners


def _stretches(flags: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of true *flags* as (first, end)."""
    row = bytes(flags) + b"\0"
    first = row.find(1)
    while first >= 0:
        end = row.find(0, first)
        yield first, end
        first = row.find(1, end)
