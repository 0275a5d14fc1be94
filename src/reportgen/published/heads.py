"""The order of a table's columns, read off the heads above its rows.

A head may be torn: its rows split, its spans wrong or missing.  So spans are not looked at.  The
form says which heads stand below which; the labels found are dealt out to them row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct, field

from reportgen.forms import GridCell, TableGrid
from reportgen.model import CellPath
from reportgen.published.rows import SIMILAR, FoundRow, WantedRow, likeness_of
from reportgen.published.units import label_key
from reportgen.styles import CellRole


class ColumnHead(Struct):
    """A column head of a table."""

    label: str
    below: list[ColumnHead] = field(default_factory=list)
    """The heads into which it is divided; empty for the head of a single column."""
    leaf: GridCell | None = None
    """A value cell of its column, if it is the head of a single column."""


class ColumnOrder(Struct, frozen=True):
    """The order of the columns of a row, as the heads above it say."""

    places: tuple[int, ...]
    """For each cell of the row, in the order of the form, the position of its number in the
    file."""
    is_sure: bool = True
    """Whether each column has a head; otherwise the official order is assumed."""
    has_others: bool = False
    """Whether the heads name columns that the form does not know."""

    @property
    def is_official(self) -> bool:
        """Whether the columns are in the order of the form."""
        return self.places == tuple(range(len(self.places)))


def column_order(
    wanted: WantedRow, tree: Sequence[ColumnHead], heads: Sequence[FoundRow]
) -> ColumnOrder | None:
    """Return the order of the columns of *wanted* below the rows *heads*; None if it is unclear.

    *tree* are the official heads.  If *heads* have none of them, the official order is assumed.
    """
    known = _labels(tree)
    named = [list(_known(row, known)) for row in heads]
    has_others = any(None in row[_first_known(row) :] for row in named)
    places = tuple(range(len(wanted.cells)))
    official = ColumnOrder(places, is_sure=False, has_others=has_others)
    labelled = (tuple(label for label in row if label) for row in named)
    rows = [row for row in dict.fromkeys(labelled) if row]  # a page may repeat the heads at once
    if not rows:
        return official
    found = _deal(tree, rows)
    leaves = [head.leaf.path for head in _leaves(tree) if head.leaf]
    if found is not None:
        order = {path: place for place, path in enumerate(found)}
        return ColumnOrder(tuple(order[path] for path in leaves), has_others=has_others)
    labels = [label for row in rows for label in row]
    return official if _is_in_order(labels, list(_reading_order(tree))) else None


def _first_known(row: Sequence[str | None]) -> int:
    return next((place for place, label in enumerate(row) if label), len(row))


def _known(row: FoundRow, known: tuple[str, ...]) -> Iterator[str | None]:
    """Yield the official labels that the cells of *row* stand for, None for any other word."""
    for cell in (*row.labels, *row.values):
        label = label_key(cell.text)
        if label in known:
            yield label
        elif label and likeness_of(label, known) >= SIMILAR:
            yield max(known, key=lambda name: likeness_of(label, (name,)))
        elif label:
            yield None


def _labels(tree: Sequence[ColumnHead]) -> tuple[str, ...]:
    found = (label for head in tree for label in (head.label, *_labels(head.below)))
    return tuple(dict.fromkeys(found))


def _leaves(tree: Sequence[ColumnHead]) -> Iterator[ColumnHead]:
    for head in tree:
        yield from _leaves(head.below) if head.below else (head,)


def _reading_order(tree: Sequence[ColumnHead]) -> Iterator[str]:
    """Yield the labels of *tree* row by row, as they are printed."""
    level = list(tree)
    while level:
        yield from (head.label for head in level)
        level = [below for head in level for below in head.below]


def _is_in_order(labels: Sequence[str], official: Sequence[str]) -> bool:
    rest = iter(official)
    return all(label in rest for label in labels)


def _deal(tree: Sequence[ColumnHead], rows: Sequence[Sequence[str]]) -> list[CellPath] | None:
    """Return the leaves of *tree* in the order of *rows*; None when they do not fit together."""
    level = _permuted(tree, rows[0])
    if level is None:
        return _single_row(tree, rows)
    for row in rows[1:]:
        labels = list(row)
        expanded: list[ColumnHead] = []
        for head in level:
            if not head.below:
                expanded.append(head)
                continue
            taken, labels = labels[: len(head.below)], labels[len(head.below) :]
            below = _permuted(head.below, taken)
            if below is None:
                return None
            expanded.extend(below)
        if labels:
            return None
        level = expanded
    if any(head.below for head in level):
        return None
    return [head.leaf.path for head in level if head.leaf]


def _single_row(tree: Sequence[ColumnHead], rows: Sequence[Sequence[str]]) -> list[CellPath] | None:
    """Return the leaves in the order of the one row that names them all, if their names differ."""
    leaves = list(_leaves(tree))
    for row in rows:
        found = _permuted(leaves, [label for label in row if label in {h.label for h in leaves}])
        if found and len({head.label for head in leaves}) == len(leaves):
            return [head.leaf.path for head in found if head.leaf]
    return None


def _permuted(heads: Sequence[ColumnHead], labels: Sequence[str]) -> list[ColumnHead] | None:
    """Return *heads* in the order of *labels*; None unless they are the same."""
    if sorted(head.label for head in heads) != sorted(labels):
        return None
    by_label = {head.label: head for head in heads}
    return [by_label[label] for label in labels] if len(by_label) == len(heads) else list(heads)


def official_heads(grid: TableGrid, row: int) -> tuple[ColumnHead, ...]:
    """Return the heads above the values of *row* of *grid*, from left to right."""
    cells = [cell for cell in grid.rows[row] if cell.role == CellRole.VALUE]
    chains = [(cell, _chain(grid, cell)) for cell in cells]
    return tuple(_tree(chains, 0))


def head_labels(grid: TableGrid, row: int, cell: GridCell | None = None) -> frozenset[str]:
    """Return the labels above the values of *row* of *grid*, or above *cell* of it alone."""
    cells = [cell] if cell else [c for c in grid.rows[row] if c.role == CellRole.VALUE]
    return frozenset(label_key(head.label) for one in cells for head in _chain(grid, one))


def _chain(grid: TableGrid, cell: GridCell) -> tuple[GridCell, ...]:
    """Return the head cells above *cell*, the outermost first."""
    found: list[GridCell] = []
    for row in range(cell.row - 1, -1, -1):
        above = grid.cell_at(row, cell.column)
        if above is None or above.role != CellRole.HEADER:
            if found:
                break
        elif above not in found:
            found.append(above)
    return tuple(reversed(found))


def _tree(
    chains: Sequence[tuple[GridCell, tuple[GridCell, ...]]], depth: int
) -> Iterator[ColumnHead]:
    for _, group in groupby(chains, key=lambda item: item[1][depth : depth + 1]):
        members = list(group)
        cell, chain = members[0]
        if depth >= len(chain):
            continue
        label = label_key(chain[depth].label)
        deeper = [item for item in members if len(item[1]) > depth + 1]
        yield ColumnHead(label, list(_tree(deeper, depth + 1)), None if deeper else cell)
