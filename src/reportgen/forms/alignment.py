"""A table found elsewhere → the form's grid: where each of our cells stands in it.

The official labels decide, not positions: rows and columns may be inserted, a title may
stand above, and the table may share its place with others.  A sheet has columns, so labels
are looked for in both directions (:func:`align_grid`).  The rows of a published document
have cells of their own, and a table may go on in another one behind a repeated head: there a
row is known by the label before its numbers alone (:func:`align_rows`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from msgspec import Struct

from reportgen.forms.grid import GridCell, TableGrid
from reportgen.forms.keys import normalise_key
from reportgen.forms.numbers import NotANumberError, parse_quantity
from reportgen.model import CellPath
from reportgen.styles import CellRole

Position = tuple[int, int]


class Alignment(Struct, frozen=True):
    """Where the grid's rows, columns and numbers stand in the table that was found."""

    grid: TableGrid
    rows: Mapping[int, int]
    """The rows that were found, by the grid's row."""
    columns: Mapping[int, int]
    """The columns that were found, by the grid's column; empty where rows have none in common."""
    areas: Mapping[CellPath, Sequence[Position]]
    """The positions each number may stand at, the likeliest first; none when it was lost."""
    missing: tuple[GridCell, ...] = ()
    """The labels that were not found."""
    matched: int = 0
    """How many labels were found."""

    @property
    def score(self) -> float:
        """The share of the grid's labels that were found."""
        return self.matched / max(1, self.matched + len(self.missing))

    def area_of(self, cell: GridCell) -> Sequence[Position]:
        """Return the positions *cell* may stand at, the likeliest first; none when it was lost."""
        return self.areas.get(cell.path, ())


def align_grid(grid: TableGrid, texts: Mapping[Position, str]) -> Alignment:
    """Return how *grid* lies in the sheet whose cells *texts* holds by row and column.

    Rows are matched first, in order, so that as many labels as possible agree;
    then columns, looking at these rows only.  A row or column of the grid
    without any label of its own follows the one before it.
    """
    labels = [cell for cell in grid.cells() if cell.role != CellRole.VALUE]
    names = {normalise_key(cell.label) for cell in labels}
    found = {place: name for place, text in texts.items() if (name := normalise_key(text)) in names}
    rows = _match(
        _gather([(cell.row, normalise_key(cell.label)) for cell in labels]),
        _gather([(row, name) for (row, _), name in found.items()]),
    )
    back = {place: row for row, place in rows.items()}
    columns = _match(
        _gather([(cell.column, (cell.row, normalise_key(cell.label))) for cell in labels]),
        _gather([(c, (back[r], name)) for (r, c), name in found.items() if r in back]),
    )
    matched = [cell for cell in labels if _stands(cell, rows, columns, found)]
    missing = tuple(cell for cell in labels if cell not in matched)
    filled = {place for place, text in texts.items() if any(char.isdigit() for char in text)}
    labelled_rows = {cell.row for cell in labels}
    labelled_columns = {cell.column for cell in labels}
    rows = _with_unlabelled(rows, len(grid.rows), labelled_rows, {r for r, _ in filled})
    columns = _with_unlabelled(columns, grid.column_count, labelled_columns, {c for _, c in filled})
    areas = {cell.path: _area(cell, rows, columns) for cell in grid.value_cells()}
    return Alignment(grid, rows, columns, areas, missing, len(matched))


def align_rows(grid: TableGrid, rows: Sequence[Sequence[str]], start: int = 0) -> Alignment:
    """Return where the rows of *grid* stand among *rows*, the texts of cells, from *start* on.

    The numbers are a row's last cells, as many as ours has, and the one before them holds the
    row's label.  A row of the grid without a label is the next one that holds its numbers and
    nothing else.
    """
    ours = {cells[0].row: cells for row in grid.rows if (cells := _values(row))}
    marks = {row: (_label_before(grid, cells[0]), len(cells)) for row, cells in ours.items()}
    sizes = {len(cells) for cells in ours.values()}
    places = _match(
        {row: {mark} for row, mark in marks.items() if mark[0]},
        {place: _marks(rows[place], sizes) for place in range(start, len(rows))},
    )
    for row, cells in ours.items():
        if not marks[row][0]:
            first = max((place for r, place in places.items() if r < row), default=start - 1) + 1
            end = min((place for r, place in places.items() if r > row), default=len(rows))
            fitting = (n for n in range(first, end) if _are_numbers(rows[n], cells))
            if (place := next(fitting, None)) is not None:
                places[row] = place
    areas = {
        cell.path: [(place, len(rows[place]) - len(ours[row]) + number)]
        for row, place in places.items()
        for number, cell in enumerate(ours[row])
    }
    return Alignment(grid, places, {}, areas)


def _values(row: Sequence[GridCell]) -> list[GridCell]:
    return [cell for cell in row if cell.role == CellRole.VALUE]


def _label_before(grid: TableGrid, first: GridCell) -> str:
    """Return the nearest label left of *first*, the first number of its row; empty if none."""
    beside = [grid.cell_at(first.row, column) for column in range(first.column)]
    labels = [cell.label for cell in beside if cell and cell.role == CellRole.STUB]
    return normalise_key(labels[-1]) if labels else ""


def _marks(texts: Sequence[str], sizes: set[int]) -> set[Hashable]:
    """Return what a row may be known by, for each number of numbers it may hold."""
    return {(normalise_key(texts[-n - 1]), n) for n in sizes if len(texts) > n}


def _are_numbers(texts: Sequence[str], cells: Sequence[GridCell]) -> bool:
    """Return whether *texts* are a number for each of *cells*."""
    if len(texts) != len(cells):
        return False
    try:
        found = [parse_quantity(text, cell.type) for text, cell in zip(texts, cells, strict=True)]
    except NotANumberError:
        return False
    return all(quantity.number is not None for quantity in found)


def _area(
    cell: GridCell, rows: Mapping[int, int], columns: Mapping[int, int]
) -> Sequence[Position]:
    """Return every position that *cell* covers in a sheet, row by row."""
    within_rows = _stretch(rows, cell.row, cell.row_span)
    within_columns = _stretch(columns, cell.column, cell.column_span)
    return [(row, column) for row in within_rows for column in within_columns]


def _stretch(places: Mapping[int, int], start: int, span: int) -> range:
    if start not in places:
        return range(0)
    last = max(places[n] for n in range(start, start + span) if n in places)
    return range(places[start], last + 1)


def _stands(
    cell: GridCell,
    rows: Mapping[int, int],
    columns: Mapping[int, int],
    found: Mapping[Position, str],
) -> bool:
    place = (rows.get(cell.row, -1), columns.get(cell.column, -1))
    return found.get(place) == normalise_key(cell.label)


def _gather(pairs: list[tuple[int, Hashable]]) -> dict[int, set[Hashable]]:
    lines: dict[int, set[Hashable]] = {}
    for line, mark in pairs:
        lines.setdefault(line, set()).add(mark)
    return lines


def _match(ours: dict[int, set[Hashable]], theirs: dict[int, set[Hashable]]) -> dict[int, int]:
    """Return the pairs, in order on both sides, that share the most marks.

    Of equally good matches the one nearest to the table's head is taken.
    """
    left, right = sorted(ours), sorted(theirs)
    best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, mine in enumerate(left, 1):
        above, row = best[i - 1], best[i]
        for j, other in enumerate(right, 1):
            together = above[j - 1] + len(ours[mine] & theirs[other])
            row[j] = max(above[j], row[j - 1], together)
    pairs = {}
    i, j = len(left), len(right)
    while i and j:
        if best[i][j] == best[i][j - 1]:
            j -= 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs[left[i]] = right[j]
    return pairs


def _with_unlabelled(
    places: Mapping[int, int], count: int, labelled: set[int], filled: set[int]
) -> dict[int, int]:
    """Return *places* with the lines that have no labels of their own.

    Each is the next line with a number in it, before the next labelled one;
    without any, simply the next line.
    """
    full = dict(places)
    for line in range(count):
        if line in labelled or line - 1 not in full:
            continue
        before = full[line - 1]
        after = min((place for place in places.values() if place > before), default=None)
        numbers = [n for n in filled if n > before and (after is None or n < after)]
        if numbers or after is None or before + 1 < after:
            full[line] = min(numbers, default=before + 1)
    return full
