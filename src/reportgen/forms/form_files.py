"""The files of a form: any YAML file read as a value of its shape; what is made of some of them.

``report.yaml`` becomes a :class:`ReportKind`, the head of ``form.yaml`` an :class:`Edition`, and
each of ``tables/*.yaml`` a :class:`TableGrid` with spans resolved and cells named.  A table is
written as in HTML: each row lists the cells that begin in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from msgspec import Meta, Struct, field

from reportgen.files import Stamp, stamp_of
from reportgen.forms.form import Edition, ReportKind, RetiredForm
from reportgen.forms.grid import SPACING, GridCell, TableGrid, TemplateError, ValueType
from reportgen.forms.rule_files import Expression, compiled_expression
from reportgen.forms.stylesheet import Gap
from reportgen.located import empty_mapping, load_tree
from reportgen.model import CellPath
from reportgen.problems import EnvironmentProblem
from reportgen.shapes import ShapeError, read_shape
from reportgen.styles import CellRole

MOST_MISTAKES = 20
"""The most mistakes of one file that are reported."""

T = TypeVar("T", bound=Struct)

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500, description="文字，不能空")]
Year: TypeAlias = Annotated[int, Meta(ge=1900, le=9999)]
Identifier: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$",
        description="英文字母、数字、下划线和短横组成的名称",
    ),
]


class RetiredShape(Struct, frozen=True):
    """One of ``retired``: a form that is recognised by its words and not read."""

    name: Text
    words: Annotated[list[Text], Meta(min_length=1)]


class KindFile(Struct, frozen=True):
    """``report.yaml`` of a kind of report."""

    name: Text
    default: bool = False
    retired: list[RetiredShape] = []


class InForce(Struct, frozen=True):
    """``in_force``: the first and the last year."""

    first: Year = field(name="from")
    last: Year | None = field(name="to", default=None)

    def __post_init__(self) -> None:
        """Raise ValueError when the form ends before it begins."""
        if self.last is not None and self.last < self.first:
            raise ValueError("的 to 早于 from")


class SectionShape(Struct, frozen=True):
    """One of ``sections``."""

    id: Identifier
    title: Text
    aliases: list[Text] = []
    table: Identifier | None = None
    text: Literal["required"] | None = None


class FormFile(Struct, frozen=True, kw_only=True):
    """``form.yaml``."""

    name: Text
    in_force: InForce
    basis: Text
    law: str = ""
    title: Text
    title_aliases: list[Text] = []
    title_break: str = ""
    organ_break: Expression | None = None
    subject: Text
    keywords: list[Text] = []
    kinds: Annotated[list[Text], Meta(min_length=1)]
    contact: list[Text] = []
    contact_words: dict[Text, list[Text]] = {}
    carry_over: dict[Text, list[Text]] = {}
    former: dict[Text, dict[Text, list[Text]]] = {}
    figures: dict[Text, Annotated[list[Text], Meta(min_length=1)]] = {}
    sections: Annotated[list[SectionShape], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Raise ValueError for a wrong expression, or sections with one id or one table."""
        compiled_expression("organ_break", self.organ_break)
        for what in ("id", "table"):
            names = [name for section in self.sections if (name := getattr(section, what))]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice:
                raise ValueError(f"的 sections 有两个 {what} 是 {twice}")


def read_template(path: Path, shape: type[T]) -> T:
    """Return the YAML file *path* in its *shape*; the value is shared and read-only.

    Raises EnvironmentProblem, which names every mistake with its place.
    """
    load_tree(path)  # for mistakes of the YAML itself
    try:
        found: T = _shaped(path, stamp_of(path.stat()), shape)
    except ShapeError as error:
        lines = [f"{item.span.short_place}：{item.message}" for item in error.mistakes]
        if len(lines) > MOST_MISTAKES:
            lines[MOST_MISTAKES:] = [f"…… 其余 {len(lines) - MOST_MISTAKES} 处从略"]
        raise EnvironmentProblem(
            "模板有误：" + "\n      ".join(lines), "改正这些地方；各项的写法见 docs/templates.md"
        ) from error
    return found


@lru_cache(maxsize=128)
def _shaped(path: Path, _: Stamp, shape: Any) -> Any:
    return read_shape(load_tree(path) or empty_mapping(str(path)), shape)


def read_kind(path: Path) -> ReportKind:
    """Return the kind of report that the ``report.yaml`` at *path* describes."""
    file = read_template(path, KindFile)
    return ReportKind(file.name, file.default)


def read_retired(path: Path) -> list[RetiredForm]:
    """Return the forms that reports followed once, by the ``report.yaml`` at *path*."""
    forms = read_template(path, KindFile).retired
    return [RetiredForm(form.name, tuple(form.words)) for form in forms]


def read_edition(path: Path, folder: Path) -> Edition:
    """Return the head of the form whose ``form.yaml`` is at *path*, *folder* below a root."""
    return Edition(**edition_fields(folder, read_template(path, FormFile)))


def edition_fields(folder: Path, file: FormFile) -> dict[str, Any]:
    """Return the fields of :class:`Edition` of the form in *folder*, as its *file* has them."""
    return {
        "id": folder.name,
        "report": folder.parent.as_posix(),
        "name": file.name,
        "first_year": file.in_force.first,
        "last_year": file.in_force.last,
        "basis": file.basis,
    }


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
    padding_x: Gap | None = None
    padding_y: Gap | None = None
    min_row_height: Gap | None = None
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
        spacing={
            name: float(length) for name in SPACING if (length := getattr(file, name)) is not None
        },
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
    """Yield the cells of one entry: one for a label, one per column for ``values: 行``."""
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
