"""The keys under which an author types a table's numbers, level by level."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct, field

from reportgen.template.grid import GridCell, TableGrid
from reportgen.template.keys import normalise_key


class KeyTree(Struct, dict=True):
    """A level of keys: children by canonical key, or a value cell at the end.

    ``names`` maps every accepted wording, normalised, to the canonical key.  Once it was
    asked for its leaves a tree may not grow any more.
    """

    children: dict[str, KeyTree] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    cell: GridCell | None = None

    @cached_property
    def leaves(self) -> tuple[GridCell, ...]:
        """The value cells below, in table order."""
        if self.cell:
            return (self.cell,)
        return tuple(cell for child in self.children.values() for cell in child.leaves)

    @cached_property
    def is_row(self) -> bool:
        """Whether all children are value cells: a list may stand for the mapping."""
        return bool(self.children) and all(child.cell for child in self.children.values())


def build_key_tree(grid: TableGrid) -> KeyTree:
    """Return the keys of *grid* with the official labels as other names of their keys."""
    root = KeyTree()
    for cell in grid.value_cells():
        node = root
        for depth, key in enumerate(cell.path[1:]):
            last = depth == len(cell.path) - 2
            label = _column_label(grid, cell) if last else _row_label(grid, cell, depth)
            for name in filter(None, (label, key)):
                node.names[normalise_key(name)] = key
            node = node.children.setdefault(key, KeyTree())
        node.cell = cell
    return root


def _column_label(grid: TableGrid, cell: GridCell) -> str:
    """Return the head above *cell*: the nearest label in its column."""
    for row in range(cell.row - 1, -1, -1):
        above = grid.cell_at(row, cell.column)
        if above and above.role == "header":
            return above.label
    return ""


def _row_label(grid: TableGrid, cell: GridCell, depth: int) -> str:
    """Return the label of the row (or of its group) that *cell* stands in.

    The label nearest to the values is the row's own; a group's spans its rows.
    """
    labels = [grid.cell_at(cell.row, column) for column in range(cell.column)]
    stubs = list(dict.fromkeys(c.label for c in labels if c and c.role == "stub"))
    row_depth = len(cell.path) - 2
    index = depth - row_depth
    return stubs[index] if -len(stubs) <= index < 0 else ""
