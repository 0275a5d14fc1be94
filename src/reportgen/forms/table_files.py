"""``tables/*.yaml`` → :class:`~reportgen.forms.grid.TableGrid`: spans resolved, cells named.

The data file writes a table as HTML would: each row lists the cells that start in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from reportgen.forms.grid import GridCell, TableGrid, TemplateError, ValueType
from reportgen.model import CellPath
from reportgen.styles import CellRole

Label: TypeAlias = Annotated[str, Meta(pattern=r"^[^\x00-\x1f]{0,500}$", description="一行文字")]
Key: TypeAlias = Annotated[
    str, Meta(pattern=r"^[^\x00-\x1f*@{}]{1,100}$", description="不含 * @ { } 的名称，不能空")
]
SpanCount: TypeAlias = Annotated[int, Meta(ge=1, le=500)]
StyleName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=40)]


class EntryShape(Struct, frozen=True, kw_only=True):
    """An entry of a row: one label, or with ``values`` the numbers of a row."""

    label: Label | None = None
    values: Key | None = None
    row_span: SpanCount = 1
    column_span: SpanCount = 1
    style: StyleName | None = None
    role: CellRole | None = None
    columns: list[Key] | None = None
    spans: dict[Key, SpanCount] = {}
    types: dict[Key, ValueType] = {}

    def __post_init__(self) -> None:
        """Raise ValueError when it is not one of the two."""
        if (self.label is None) == (self.values is None):
            raise ValueError("应有 label 或 values 中的一个")
        if self.label is not None and self.role not in (None, *_LABEL_ROLES):
            raise ValueError(f"的 role 应为 {'、'.join(_LABEL_ROLES)} 之一，写的是“{self.role}”")
        if self.values is not None and self.role is not None:
            raise ValueError("是一行数，不能有 role")


_LABEL_ROLES = (CellRole.CAPTION, CellRole.HEADER, CellRole.STUB)


class TableFile(Struct, frozen=True, kw_only=True):
    """A file of ``tables/``."""

    key: Key
    title: Label | None = None
    widths: Annotated[
        list[Annotated[float, Meta(gt=0, le=100_000)]], Meta(min_length=1, max_length=100)
    ]
    header_rows: Annotated[int, Meta(ge=0, le=100)] = 0
    columns: list[Key] = []
    groups: dict[str, list[str]] = {}
    styles: dict[CellRole, StyleName] = {}
    landscape: bool = False
    rows: Annotated[list[list[EntryShape | Label]], Meta(min_length=1, max_length=500)]


def resolve_grid(file: TableFile, place: str) -> TableGrid:
    """Return the grid that the table *file* describes.

    Every grid position is covered by exactly one cell; TemplateError, naming
    *place* and the row, when one is not, or when two cells ask for the same number.
    """
    total = sum(file.widths)
    try:
        expanded = [[cell for entry in row for cell in _expand(entry, file)] for row in file.rows]
        rows = _place(expanded, file)
        _refuse_twins(rows)
    except ValueError as error:
        raise TemplateError(f"{place}：{error}") from error
    return TableGrid(
        key=file.key,
        title=file.key if file.title is None else file.title,
        widths=tuple(width / total for width in file.widths),
        header_rows=file.header_rows,
        rows=rows,
        groups={name: tuple(members) for name, members in file.groups.items()},
        landscape=file.landscape,
    )


def _refuse_twins(rows: Sequence[Sequence[GridCell]]) -> None:
    """Raise ValueError when two cells ask for the same number, or one stands for others."""
    seen: set[CellPath] = set()
    for path in (cell.path for row in rows for cell in row if cell.path):
        if path in seen:
            raise ValueError(f"“{path}”出现了两次")
        seen.add(path)
    for path in seen:
        for length in range(1, len(path.keys)):
            above = CellPath(path.keys[:length])
            if above in seen:
                raise ValueError(f"“{above}”既是一格，又是“{path}”的上一级")


class _UnplacedCell(Struct, frozen=True):
    """A cell of a row before it has its place."""

    entry: EntryShape
    column_span: int
    keys: tuple[str, ...] = ()
    type: ValueType = ValueType()


def _expand(entry: EntryShape | str, file: TableFile) -> Iterator[_UnplacedCell]:
    """Yield the cells one entry stands for: a label is one, ``values: 行`` one per column."""
    if isinstance(entry, str):
        entry = EntryShape(label=entry)
    if entry.values is None:
        yield _UnplacedCell(entry, entry.column_span)
        return
    row = CellPath.parse(entry.values).keys
    columns = file.columns if entry.columns is None else entry.columns
    if unknown := [name for name in (*entry.spans, *entry.types) if name not in columns]:
        raise ValueError(f"“{entry.values}”一行没有“{unknown[0]}”这一列")
    for name in columns:
        span = entry.spans.get(name, entry.column_span)
        yield _UnplacedCell(entry, span, (file.key, *row, name), entry.types.get(name, ValueType()))


def _place(
    rows: Sequence[Sequence[_UnplacedCell]], file: TableFile
) -> tuple[tuple[GridCell, ...], ...]:
    """Return *rows* as grid cells, each put in the first free column (HTML's rule)."""
    width = len(file.widths)
    taken: set[tuple[int, int]] = set()
    placed = []
    for r, specs in enumerate(rows):
        cells = []
        for spec in specs:
            column = next((c for c in range(width) if (r, c) not in taken), None)
            if column is None:
                raise ValueError(f"第 {r + 1} 行单元格过多")
            cell = _grid_cell(spec, r, column, file)
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


def _grid_cell(cell: _UnplacedCell, row: int, column: int, file: TableFile) -> GridCell:
    label_role = CellRole.HEADER if row < file.header_rows else CellRole.STUB
    role = cell.entry.role or (CellRole.VALUE if cell.keys else label_role)
    return GridCell(
        row=row,
        column=column,
        row_span=cell.entry.row_span,
        column_span=cell.column_span,
        role=role,
        style=cell.entry.style or file.styles.get(role) or f"cell_{role}",
        label=cell.entry.label or "",
        keys=cell.keys,
        type=cell.type,
    )
