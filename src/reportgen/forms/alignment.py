"""A table in a sheet → the form's grid: the position of each of our cells.

The official labels decide, not positions: rows and columns may be inserted, there may be a title
above, and other tables beside it.  A sheet has columns, so labels are looked up in both
directions, and they must be the official ones, because the author can correct them.  For a
published document neither is true; :mod:`reportgen.published` reads it row by row, by similar
labels, and reports what it guessed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence

from msgspec import Struct

from reportgen.forms.grid import GridCell, TableGrid, normalise_key
from reportgen.model import CellPath
from reportgen.styles import CellRole

MAX_COPIES = 8
"""Of one table on one sheet; a list that repeats the labels of rows is not a table."""

Position = tuple[int, int]


class Alignment(Struct, frozen=True):
    """The positions of the grid's rows, columns and numbers in the table that was found."""

    grid: TableGrid
    rows: Mapping[int, int]
    """The rows that were found, by the grid's row."""
    columns: Mapping[int, int]
    """The columns that were found, by the grid's column; empty where rows have none in common."""
    areas: Mapping[CellPath, Sequence[Position]]
    """The positions each number may stand at, the likeliest first; none when it was lost: the
    label of its row or of its column was not found."""
    missing: tuple[GridCell, ...] = ()
    """The labels that were not found."""
    matched: int = 0
    """How many labels were found."""

    @property
    def score(self) -> float:
        """The share of the grid's labels that were found."""
        return self.matched / max(1, self.matched + len(self.missing))

    def place_of(self, cell: GridCell) -> Position | None:
        """Return where *cell* begins, None when its row or its column was not found."""
        row, column = self.rows.get(cell.row), self.columns.get(cell.column)
        return None if row is None or column is None else (row, column)

    def area_of(self, cell: GridCell) -> Sequence[Position]:
        """Return the positions *cell* may stand at, the likeliest first; none when it was lost."""
        return self.areas.get(cell.path, ())


class _Copy(Struct):
    """Labels of one copy of a grid, each of which the grid has only once.

    ``corner`` is where the first cell of the grid would be by most of them.
    """

    corner: Position
    places: set[Position]
    names: set[str]

    def is_near(self, other: _Copy, grid: TableGrid) -> bool:
        """Return whether the corners are less than half of *grid* apart."""
        rows = abs(self.corner[0] - other.corner[0])
        columns = abs(self.corner[1] - other.corner[1])
        return rows <= len(grid.rows) // 2 and columns <= grid.column_count // 2


def align_copies(grid: TableGrid, texts: Mapping[Position, str]) -> list[Alignment]:
    """Return how *grid* lies in the sheet whose cells *texts* holds, once for each copy of it.

    A sheet may hold the table of last year above this year's, or beside it.
    """
    copies, strays = _copies(grid, texts)
    kept = {place: text for place, text in texts.items() if place not in strays}
    if len(copies) < 2:
        return [align_grid(grid, kept)]
    return [align_grid(grid, _part_of(copy, copies, grid, kept)) for copy in copies]


def _copies(grid: TableGrid, texts: Mapping[Position, str]) -> tuple[list[_Copy], set[Position]]:
    """Return the copies of *grid*, from the top left, and where single labels stand besides.

    Labels are of one copy that are as far apart as in the grid, give or take half its size, and
    also others, unless a label of the copy stands there again.
    """
    counted = Counter(normalise_key(cell.label) for cell in _labels(grid))
    once = {normalise_key(cell.label): cell for cell in _labels(grid)}
    found: dict[Position, dict[Position, str]] = {}
    for (row, column), text in texts.items():
        name = normalise_key(text)
        if counted.get(name) == 1:
            corner = (row - once[name].row, column - once[name].column)
            found.setdefault(corner, {})[row, column] = name
    copies: list[_Copy] = []
    strays: set[Position] = set()
    for corner in sorted(found, key=lambda corner: (-len(found[corner]), corner)):
        other = _Copy(corner, set(found[corner]), set(found[corner].values()))
        near = [copy for copy in copies if copy.is_near(other, grid)]
        if not near and not any(copy.names & other.names for copy in copies):
            near = copies
        if near:
            near[0].places |= other.places
            near[0].names |= other.names
        elif len(copies) < MAX_COPIES:
            copies.append(other)
        else:
            strays |= other.places
    least = max(2, sum(1 for count in counted.values() if count == 1) // 4)
    for copy in [copy for copy in copies[1:] if len(copy.names) < least]:
        copies.remove(copy)
        strays |= copy.places
    return sorted(copies, key=lambda copy: copy.corner), strays


def _part_of(
    copy: _Copy, copies: Sequence[_Copy], grid: TableGrid, texts: Mapping[Position, str]
) -> dict[Position, str]:
    """Return the part of *texts* that belongs to *copy*: what is not beyond the next copies."""
    top, left = copy.corner
    last_row = min(
        (other.corner[0] for other in copies if other.corner[0] > top + len(grid.rows) // 2),
        default=math.inf,
    )
    last_column = min(
        (
            other.corner[1]
            for other in copies
            if other.corner[1] > left + grid.column_count // 2
            and abs(other.corner[0] - top) <= len(grid.rows)
        ),
        default=math.inf,
    )
    return {
        (row, column): text
        for (row, column), text in texts.items()
        if top <= row < last_row and left <= column < last_column
    }


def align_grid(grid: TableGrid, texts: Mapping[Position, str]) -> Alignment:
    """Return how *grid* lies in the sheet whose cells *texts* holds by row and column.

    Rows are matched first, in order, so that as many labels as possible agree;
    then columns, looking at these rows only.  A row or column of the grid
    without any label of its own follows the one before it.
    """
    labels = _labels(grid)
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
    lost = {cell.path for cell in grid.value_cells() if missing_labels(grid, cell, missing)}
    areas = {
        cell.path: [] if cell.path in lost else _area(cell, rows, columns)
        for cell in grid.value_cells()
    }
    return Alignment(grid, rows, columns, areas, missing, len(matched))


def _labels(grid: TableGrid) -> list[GridCell]:
    return [cell for cell in grid.cells() if cell.role != CellRole.VALUE and cell.label]


def missing_labels(
    grid: TableGrid, cell: GridCell, missing: Collection[GridCell]
) -> list[GridCell]:
    """Return which of *missing* name the row and the column of the number *cell*.

    These are the nearest labels to its left and above it: the others name several rows or
    columns at once.
    """
    beside = (grid.cell_at(cell.row, column) for column in range(cell.column - 1, -1, -1))
    above = (grid.cell_at(row, cell.column) for row in range(cell.row - 1, -1, -1))
    nearest = (
        next((other for other in line if other and other.role != CellRole.VALUE), None)
        for line in (beside, above)
    )
    return [label for label in nearest if label and label in missing]


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
    for line, label in pairs:
        lines.setdefault(line, set()).add(label)
    return lines


def _match(ours: dict[int, set[Hashable]], theirs: dict[int, set[Hashable]]) -> dict[int, int]:
    """Return the pairs, in order on both sides, that share the most labels.

    Of equally good matches the one nearest to the table's head is taken.
    """
    left, right = sorted(ours), sorted(theirs)
    worth = [[len(ours[mine] & theirs[other]) for other in right] for mine in left]
    return {left[i]: right[j] for i, j in pairs_in_order(worth)}


def pairs_in_order(worth: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs of a row and a column, ascending in both, worth the most altogether.

    ``worth[i][j]`` is what row i with column j is worth; a pair of 0 is none.  Of equally good
    ways the one with the earliest columns is taken.
    """
    columns = len(worth[0]) if worth else 0
    best = [[0.0] * (columns + 1) for _ in range(len(worth) + 1)]
    for i, row in enumerate(worth, 1):
        above, here = best[i - 1], best[i]
        for j, value in enumerate(row, 1):
            here[j] = max(above[j], here[j - 1], above[j - 1] + value)
    pairs = []
    i, j = len(worth), columns
    while i and j:
        if best[i][j] == best[i][j - 1]:
            j -= 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


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
