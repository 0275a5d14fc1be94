"""The keys under which an author types a table's numbers, level by level."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct, field

from reportgen.forms.grid import GridCell, TableGrid
from reportgen.forms.keys import normalise_key
from reportgen.styles import CellRole


class KeyTree(Struct, dict=True):
    """A level of keys: children by canonical key, or a value cell at the end.

    ``names`` maps every accepted wording, normalised, to the canonical key.  A tree must not
    grow any more once its leaves were read.
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
    heads: dict[int, str] = {}  # by column, the nearest above
    for number, row in enumerate(grid.rows):
        stubs = _stubs(grid, number)
        for cell in row:
            if cell.role == CellRole.HEADER:
                heads |= dict.fromkeys(
                    range(cell.column, cell.column + cell.column_span), cell.label
                )
            elif cell.role == CellRole.VALUE:
                own = [label for label, column in stubs.items() if column < cell.column]
                _add(root, cell, [*own, heads.get(cell.column, "")])
    return root


def _add(root: KeyTree, cell: GridCell, labels: list[str]) -> None:
    """Put *cell* under its path below *root*; its last keys are also known by *labels*."""
    node, unlabelled = root, len(cell.keys) - 1 - len(labels)
    for depth, key in enumerate(cell.keys[1:]):
        names = (labels[depth - unlabelled], key) if depth >= unlabelled else (key,)
        for name in filter(None, names):
            node.names[normalise_key(name)] = key
        node = node.children.setdefault(key, KeyTree())
    node.cell = cell


def _stubs(grid: TableGrid, row: int) -> dict[str, int]:
    """Return the labels of *row* and their columns, those of the groups it belongs to first."""
    cells = (grid.cell_at(row, column) for column in range(grid.column_count - 1, -1, -1))
    found = {cell.label: cell.column for cell in cells if cell and cell.role == CellRole.STUB}
    return dict(reversed(found.items()))
