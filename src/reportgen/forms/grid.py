"""A table's grid: the rows of ``tables/*.yaml`` with their spans resolved, and their keys.

Resolved once and used by every writer, reader and check.  The data file
writes a table as HTML would: each row lists the cells that start in it.

The Chinese keys a clerk types match those a form knows whatever their width, spaces, quotes and
numbering (``一、`` ``（一）`` ``1.``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TypeVar

from msgspec import Struct, field

from reportgen.model import CellPath
from reportgen.styles import CellRole
from reportgen.text import INVISIBLE, Word, most_similar

W = TypeVar("W", bound=Word)


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


class TableGrid(Struct, frozen=True, dict=True, omit_defaults=True):
    """A table of a form.

    ``rows`` holds, per row, the cells that start there.  ``widths`` are shares
    of the table's width and add up to 1.  ``groups`` are named lists of row or
    column paths that the form's identities use.  A ``landscape`` table is printed
    across its pages.
    """

    key: str
    title: str
    widths: tuple[float, ...]
    header_rows: int
    rows: tuple[tuple[GridCell, ...], ...]
    groups: Mapping[str, tuple[str, ...]]
    landscape: bool = False

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


def resolve_grid(data: Mapping[str, object], place: str) -> TableGrid:
    """Return the grid that the table file *data* describes.

    Every grid position is covered by exactly one cell; TemplateError, naming
    *place* and the row, when one is not, or when a key is missing.
    """
    try:
        key = str(data["key"])
        widths = [float(str(w)) for w in _sequence(data["widths"])]
        header_rows = int(str(data.get("header_rows", 0)))
        columns = tuple(str(c) for c in _sequence(data.get("columns", ())))
        groups = {
            str(name): tuple(str(member) for member in _sequence(members))
            for name, members in _mapping(data.get("groups", {})).items()
        }
        expanded = [
            [spec for entry in _sequence(row) for spec in _expand(entry, key, columns)]
            for row in _sequence(data["rows"])
        ]
        styles = {str(k): str(v) for k, v in _mapping(data.get("styles", {})).items()}
        rows = _place(expanded, len(widths), header_rows, styles)
        landscape = data.get("landscape", False)
        if not isinstance(landscape, bool):
            raise ValueError(f"landscape 应为 true 或 false：{landscape!r}")
        _refuse_twins(rows)
        if min(widths) <= 0:
            raise ValueError("widths 应为正数")
    except (KeyError, TypeError, ValueError) as error:
        raise TemplateError(f"{place}：{error}") from error
    total = sum(widths)
    return TableGrid(
        key=key,
        title=str(data.get("title", key)),
        widths=tuple(w / total for w in widths),
        header_rows=header_rows,
        rows=rows,
        groups=groups,
        landscape=landscape,
    )


def _refuse_twins(rows: Sequence[Sequence[GridCell]]) -> None:
    """Raise ValueError when two cells ask for the same number, or one stands for others."""
    seen: set[CellPath] = set()
    for path in (cell.path for row in rows for cell in row if cell.path):
        if path in seen:
            raise ValueError(f"“{path}”出现了两次")
        seen.add(path)
    for path in seen:
        above = next((other for other in seen if other != path and path.is_within(other)), None)
        if above:
            raise ValueError(f"“{above}”既是一格，又是“{path}”的上一级")


def _sequence(value: object) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError(f"此处应为列表：{value!r}")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"此处应为映射：{value!r}")
    return value


def _expand(entry: object, key: str, columns: tuple[str, ...]) -> list[dict[str, object]]:
    """Return the cells one entry stands for: a label is one, ``values: 行`` one per column."""
    if isinstance(entry, str):
        return [{"label": entry}]
    spec = dict(_mapping(entry))
    if "values" not in spec:
        return [spec]
    row = CellPath.parse(str(spec.pop("values"))).keys
    names = [str(name) for name in _sequence(spec.pop("columns", columns))]
    types = _mapping(spec.pop("types", {}))
    spans = spec.pop("spans", {})
    cells = []
    for name in names:
        cell: dict[str, object] = {"path": (key, *row, name), "type": types.get(name, {})}
        cell["column_span"] = _mapping(spans).get(name, spec.get("column_span", 1))
        cells.append(cell)
    return cells


def _place(
    rows: Sequence[Sequence[Mapping[str, object]]],
    width: int,
    header_rows: int,
    styles: Mapping[str, str],
) -> tuple[tuple[GridCell, ...], ...]:
    """Return *rows* as grid cells, each put in the first free column (HTML's rule)."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for r, specs in enumerate(rows):
        cells = []
        for spec in specs:
            column = next((c for c in range(width) if (r, c) not in taken), None)
            if column is None:
                raise ValueError(f"第 {r + 1} 行单元格过多")
            cell = _grid_cell(spec, r, column, header_rows, styles)
            for rr in range(r, r + cell.row_span):
                for cc in range(column, column + cell.column_span):
                    if (rr, cc) in taken or cc >= width or rr >= len(rows):
                        raise ValueError(f"第 {r + 1} 行单元格与其他单元格重叠或越界")
                    taken.add((rr, cc))
            cells.append(cell)
        placed.append(tuple(cells))
    missing = [(r, c) for r in range(len(rows)) for c in range(width) if (r, c) not in taken]
    if missing:
        raise ValueError(f"第 {missing[0][0] + 1} 行第 {missing[0][1] + 1} 列没有单元格")
    return tuple(placed)


def _grid_cell(
    spec: Mapping[str, object], row: int, column: int, header_rows: int, styles: Mapping[str, str]
) -> GridCell:
    label_role = CellRole.HEADER if row < header_rows else CellRole.STUB
    role = known_word(
        CellRole, spec.get("role", CellRole.VALUE if "path" in spec else label_role), "role"
    )
    return GridCell(
        row=row,
        column=column,
        row_span=_span(spec.get("row_span", 1)),
        column_span=_span(spec.get("column_span", 1)),
        role=role,
        style=str(spec.get("style") or styles.get(role) or f"cell_{role}"),
        label="" if role == CellRole.VALUE else str(spec["label"]),
        keys=tuple(str(part) for part in _sequence(spec.get("path", ()))),
        type=_value_type(_mapping(spec.get("type", {}))),
    )


def known_word(words: type[W], value: object, key: str) -> W:
    """Return the word that *value*, typed at *key*, is; ValueError when it is none of *words*."""
    try:
        return words(value)
    except ValueError:
        known = "、".join(words)
        raise ValueError(f"{key} 应为 {known} 之一：{value!r}") from None


def _span(value: object) -> int:
    span = int(str(value))
    if span < 1:
        raise ValueError(f"跨行、跨列数应为正整数：{value!r}")
    return span


def _value_type(spec: Mapping[str, object]) -> ValueType:
    return ValueType(
        kind=known_word(ValueKind, spec.get("kind", ValueKind.COUNT), "kind"),
        unit=str(spec["unit"]) if spec.get("unit") else None,
        unit_in_cell=bool(spec.get("unit_in_cell", False)),
    )


_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\(?\d+\)|\d+[.、](?!\d))"
)
_FOLD = str.maketrans(dict.fromkeys("“”„‟'‘’「」『』＂", '"')) | INVISIBLE


@lru_cache(maxsize=8192)
def normalise_key(text: str) -> str:
    """Return *text* in the form in which two keys are compared."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLD)
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
