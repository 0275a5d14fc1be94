"""A table in a sheet → the form's grid: where each of our cells stands in it.

The official labels decide, not positions: rows and columns may be inserted, a title may
stand above, and the table may share its place with others.  A sheet has columns, so labels
are looked for in both directions, and they must be the official ones: the author can put them
right.  A published document has neither; :mod:`reportgen.published` reads it row by row, by
labels that are nearly right, and says what it guessed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from msgspec import Struct

from reportgen.forms.grid import GridCell, TableGrid, normalise_key
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
