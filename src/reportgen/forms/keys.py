"""Matching of the Chinese keys a clerk types with the keys a form knows.

Full and half width, spaces, quote shapes and numbering (``一、`` ``（一）`` ``1.``)
do not matter (contract, section 1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property, lru_cache

from msgspec import Struct, field

from reportgen.forms.grid import GridCell, TableGrid
from reportgen.styles import CellRole
from reportgen.text import most_similar

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\(?\d+\)|\d+[.、](?!\d))"
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟'‘’「」『』＂", '"'))


@lru_cache(maxsize=8192)
def normalise_key(text: str) -> str:
    """Return *text* in the form in which two keys are compared."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    folded = re.sub(r"\s+", "", folded)
    return _NUMBERING.sub("", folded)


def nearest_key(text: str, known: Iterable[str]) -> str | None:
    """Return the key of *known* most like *text*, or None when none is close."""
    by_form = {normalise_key(key): key for key in known}
    near = most_similar(normalise_key(text), by_form, cutoff=0.5)
    return by_form[near] if near else None


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
