"""A table's grid: the rows of ``tables/*.yaml`` with their spans resolved, and their keys.

Resolved once and used by every writer, reader and check.  The data file
writes a table as HTML would: each row lists the cells that start in it.

The Chinese keys a clerk types match those a form knows whatever their width, spaces, quotes and
numbering (``一、`` ``（一）`` ``1.``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from msgspec import Struct, field

from reportgen.model import CellPath
from reportgen.styles import CellRole
from reportgen.text import INVISIBLE, Word, most_similar


class TemplateError(Exception):
    """A template file says something this program cannot follow; the message names the place."""


class ValueKind(Word):
    """What a number counts."""

    COUNT = "count"
    """Pieces (件): a whole number, 0 or more."""
    CHANGE = "change"
    """A whole number with a sign."""
    MONEY = "money"
    """A decimal number, 0 or more."""


class ValueType(Struct, frozen=True, omit_defaults=True):
    """What a value cell holds."""

    kind: ValueKind = ValueKind.COUNT
    unit: str | None = None
    """The unit of the number; money without one is taken as it is typed."""
    unit_in_cell: bool = False
    """Whether the unit is printed in the cell, because the head does not carry it."""


class GridCell(Struct, frozen=True, dict=True, omit_defaults=True):
    """One cell at its place in the grid, 0-based.

    ``style`` is a style of the form.  A value cell has ``keys``, the parts of its path,
    and a ``type``; the others have their official ``label``.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    role: CellRole
    style: str
    label: str = ""
    keys: tuple[str, ...] = ()
    type: ValueType = ValueType()

    @cached_property
    def path(self) -> CellPath:
        """The name of the cell; empty for a label cell."""
        return CellPath(self.keys)


SPACING = ("padding_x", "padding_y", "min_row_height")
"""The lengths of :class:`reportgen.styles.TableLook` that a table may state."""


class TableGrid(Struct, frozen=True, dict=True, omit_defaults=True):
    """A table of a form.

    ``rows`` holds, per row, the cells that start there.  ``widths`` are shares
    of the table's width and add up to 1.  ``groups`` are named lists of row or
    column paths that the form's identities use.  A ``landscape`` table is printed
    across its pages.  ``spacing`` has those of the lengths ``SPACING``, in points, that differ
    from the style sheet's.
    """

    key: str
    title: str
    widths: tuple[float, ...]
    header_rows: int
    rows: tuple[tuple[GridCell, ...], ...]
    groups: Mapping[str, tuple[str, ...]]
    landscape: bool = False
    spacing: Mapping[str, float] = {}

    @cached_property
    def _covering(self) -> dict[tuple[int, int], GridCell]:
        return {
            (row, column): cell
            for cell in self.cells()
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }

    @property
    def column_count(self) -> int:
        """The number of grid columns."""
        return len(self.widths)

    def cells(self) -> list[GridCell]:
        """Return all cells in reading order."""
        return [cell for row in self.rows for cell in row]

    def value_cells(self) -> list[GridCell]:
        """Return the cells that hold numbers, in reading order."""
        return [cell for cell in self.cells() if cell.role == CellRole.VALUE]

    def cell_at(self, row: int, column: int) -> GridCell | None:
        """Return the cell that covers grid position (*row*, *column*)."""
        return self._covering.get((row, column))


def _numbering(digit: str) -> str:
    """Return a regular expression of the number of a key, in any width; *digit* is a digit's."""
    numeral = "[一二三四五六七八九十]+"
    return rf"(?:{numeral}、|[(（]{numeral}[)）]|[(（]?{digit}+[)）]|{digit}+[.．、](?!{digit}))"


_NUMBERING = re.compile("^" + _numbering(r"\d"))
_QUOTES = "“”„‟'‘’「」『』＂"
_FOLD = str.maketrans(dict.fromkeys(_QUOTES, '"')) | INVISIBLE


@lru_cache(maxsize=8192)
def normalise_key(text: str) -> str:
    """Return *text* in the form in which two keys are compared."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLD)
    folded = re.sub(r"\s+", "", folded)
    return _NUMBERING.sub("", folded)


def key_pattern(keys: Iterable[str], *, besides: str = "") -> str:
    """Return a regular expression (ECMA 262) of what :func:`normalise_key` takes for *keys*.

    The text *besides* itself is left out, and so are compatibility characters that are not
    full-width ones.
    """
    wordings = {r"\s*".join(map(_character_pattern, normalise_key(key))) for key in keys}
    other = f"(?!{''.join(map(_literal, besides))}$)" if besides else ""
    number = _numbering("[0-9０-９]")
    return rf"^{other}\s*(?:{number}\s*)?(?:{'|'.join(sorted(wordings))})\s*$"


def _literal(character: str) -> str:
    return f"\\{character}" if character in "^$\\.*+?()[]{}|" else character


def _character_pattern(character: str) -> str:
    """Return the pattern of a character of a normalised key, in each of its widths."""
    if character == '"':
        return f'["{_QUOTES}]'
    if "!" <= character <= "~":
        return f"(?:{_literal(character)}|{chr(ord(character) + 0xFEE0)})"
    return character


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
