"""The tables of a workbook → numbers by cell name.

A table is recognised by the official labels wherever it stands; the sheet's
name and position do not matter.  Every problem points at its cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from msgspec import Struct, field

from reportgen.diagnostics import Finding, Label
from reportgen.forms import (
    Alignment,
    Form,
    GridCell,
    NotANumberError,
    TableGrid,
    ValueKind,
    align_grid,
    complete_cells,
    not_a_number,
    plain_number,
    read_quantity,
)
from reportgen.model import CellPath, Quantity
from reportgen.readers.excel import SheetCell, SheetCellKind, SheetData, Workbook
from reportgen.source import SheetSpan

MIN_SCORE = 0.5
MAX_LISTED = 5


class WorkbookTables(Struct):
    """What a workbook says: numbers by cell name, where blank cells stand, and findings.

    ``keys`` are the tables it holds.
    """

    keys: set[str] = field(default_factory=set)
    cells: dict[CellPath, Quantity] = field(default_factory=dict)
    blanks: dict[CellPath, SheetSpan] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)


def read_tables(
    workbook: Workbook, form: Form, elsewhere: frozenset[str] = frozenset()
) -> WorkbookTables:
    """Return the numbers of *form* that *workbook* holds.

    *elsewhere* are the keys of tables filled in outside it, which it may lack.
    """
    tables = WorkbookTables()
    for grid in form.tables.values():
        found = _candidates(workbook, grid)
        if found:
            tables.keys.add(grid.key)
            tables.found.extend(_twins(grid, found))
            _SheetReader(form, *found[0], tables).read()
        elif grid.key not in elsewhere:
            tables.found.append(_no_table(workbook, grid))
            _mark_lost(tables, grid.value_cells())
    return tables


def lost_tables(form: Form) -> WorkbookTables:
    """Return every number of *form* as unreadable: for a workbook that could not be opened."""
    tables = WorkbookTables()
    _mark_lost(tables, list(form.value_cells.values()))
    return tables


def merge_tables(
    typed: Mapping[CellPath, Quantity], tables: WorkbookTables, form: Form
) -> tuple[dict[CellPath, Quantity], list[Finding]]:
    """Return the numbers of ``report.yaml`` (*typed*) and of the workbook as one.

    A table that the workbook holds is taken from there; where the other
    disagrees, that is one finding.
    """
    kept = {name: q for name, q in typed.items() if name.table not in tables.keys}
    both = {name: q for name, q in typed.items() if name not in kept}
    merged = {**tables.cells, **kept}
    mine = complete_cells(form, tables.cells, zero_missing=False)
    differing = [
        name
        for name, quantity in both.items()
        if not quantity.invalid and _differs(quantity, mine.get(name))
    ]
    differing.sort(key=lambda name: name in form.totals)
    return merged, [_contradiction(differing, both, mine, tables)] if differing else []


def _differs(typed: Quantity, other: Quantity | None) -> bool:
    if other is None:
        return typed.amount != 0
    return not other.invalid and typed.amount != other.amount


def _contradiction(
    names: list[CellPath],
    typed: Mapping[CellPath, Quantity],
    mine: Mapping[CellPath, Quantity],
    tables: WorkbookTables,
) -> Finding:
    def shown(name: CellPath) -> str:
        other = plain_number(mine[name].amount) if name in mine else "空着"
        return f"“{name}”{plain_number(typed[name].amount)} 与 {other}"

    first = names[0]
    place = tables.cells[first].span if first in tables.cells else tables.blanks.get(first)
    return Finding(
        "tables-differ",
        typed[first].span,
        {"各格": _listed([shown(name) for name in names])},
        labels=(Label(place, "工作簿里的这一格"),) if place else (),
        cells=tuple(names),
        expected=plain_number(mine[first].amount) if first in mine else None,
        actual=plain_number(typed[first].amount),
    )


def _mark_lost(tables: WorkbookTables, cells: list[GridCell]) -> None:
    for cell in cells:
        tables.cells[cell.path] = Quantity(None, invalid=True)


def _candidates(workbook: Workbook, grid: TableGrid) -> list[tuple[Alignment, SheetData]]:
    """Return the sheets that hold *grid*, the most complete first."""
    found = []
    for data in workbook.sheets:
        texts = {place: cell.text for place, cell in data.cells.items()}
        alignment = align_grid(grid, texts)
        if alignment.score >= MIN_SCORE:
            found.append((alignment, data))
    return sorted(found, key=lambda pair: -pair[0].matched)


def _twins(grid: TableGrid, found: list[tuple[Alignment, SheetData]]) -> list[Finding]:
    """Return a warning when more than one sheet is as good as the first."""
    (best, first), *others = found
    twins = [(item, data) for item, data in others if item.matched == best.matched]
    if not twins:
        return []
    names = "、".join(f"“{data.sheet.name}”" for _, data in ((best, first), *twins))
    return [
        Finding(
            "twin-sheets",
            _head(best, first),
            {"各表": names, "表": grid.title},
            labels=tuple(Label(_head(item, data), "没有采用") for item, data in twins),
        )
    ]


def _head(alignment: Alignment, data: SheetData) -> SheetSpan:
    """Return the first cell of the table."""
    row = min(alignment.rows.values(), default=1)
    return data.place(row, min(alignment.columns.values(), default=1))


def _no_table(workbook: Workbook, grid: TableGrid) -> Finding:
    return Finding(
        "table-not-found",
        None,
        {"文件": PurePath(workbook.path).name, "表": grid.title},
        cells=(grid.key,),
        file=workbook.path,
    )


class _SheetReader:
    """Reads one table of one sheet into ``tables``."""

    def __init__(
        self, form: Form, alignment: Alignment, data: SheetData, tables: WorkbookTables
    ) -> None:
        self._form = form
        self._alignment = alignment
        self._data = data
        self._tables = tables
        self._texts: list[SheetSpan] = []

    def read(self) -> None:
        """Read every number; report labels, texts and numbers that are out of place."""
        lost = []
        used = set()
        for cell in self._alignment.grid.value_cells():
            area = self._alignment.area_of(cell)
            if not area:
                lost.append(cell)
                continue
            place = next((p for p in area if p in self._data.cells), area[0])
            used.add(place)
            self._cell(cell, self._data.cells.get(place), self._data.place(*place))
        if lost:
            self._tables.found.append(self._lost_labels(lost))
            _mark_lost(self._tables, lost)
        else:
            self._strays(used)
        self._numbers_as_text()

    def _cell(self, cell: GridCell, typed: SheetCell | None, place: SheetSpan) -> None:
        is_total = cell.path in self._form.totals
        if typed is None or (typed.kind == SheetCellKind.FORMULA and is_total):
            self._tables.blanks[cell.path] = place  # a total is computed, the rest is missed later
            return
        if trouble := _trouble(typed, is_total):
            self._tables.cells[cell.path] = Quantity(None, typed.text, place, invalid=True)
            self._tables.found.append(not_a_number(trouble, place, cell))
            return
        quantity, problem = read_quantity(typed.text, place, cell)
        if quantity:
            self._tables.cells[cell.path] = quantity
        if problem:
            self._tables.found.append(problem)
        elif (
            typed.kind == SheetCellKind.TEXT and cell.type.kind == ValueKind.COUNT and not is_total
        ):
            self._texts.append(place)

    def _lost_labels(self, lost: list[GridCell]) -> Finding:
        grid = self._alignment.grid
        rows, columns = self._alignment.rows, self._alignment.columns
        names = [
            f"“{cell.label}”"
            for cell in self._alignment.missing
            if cell.row not in rows or cell.column not in columns
        ]
        return Finding(
            "label-not-found",
            _head(self._alignment, self._data),
            {"表": grid.key, "各项": _listed(names)},
            cells=tuple(cell.path for cell in lost),
        )

    def _strays(self, used: set[tuple[int, int]]) -> None:
        """Warn of numbers among the table's own that belong to no cell of it."""
        if not used:
            return
        rows, columns = [row for row, _ in used], [column for _, column in used]
        strays = [
            self._data.place(row, column)
            for (row, column), cell in sorted(self._data.cells.items())
            if cell.kind == SheetCellKind.NUMBER
            and (row, column) not in used
            and min(rows) <= row <= max(rows)
            and min(columns) <= column <= max(columns)
        ]
        if strays:
            shown = _listed([f"{place.locator} 的“{place.text}”" for place in strays])
            self._tables.found.append(Finding("stray-number", strays[0], {"各处": shown}))

    def _numbers_as_text(self) -> None:
        """Say that the workbook's own sums leave out what was typed as text."""
        if self._texts:
            shown = _listed([place.locator for place in self._texts])
            self._tables.found.append(Finding("number-as-text", self._texts[0], {"各格": shown}))


def _listed(names: list[str]) -> str:
    """Return the first of *names*, and how many there are when that is not all."""
    more = f"等 {len(names)} 处" if len(names) > MAX_LISTED else ""
    return "、".join(names[:MAX_LISTED]) + more


def _trouble(typed: SheetCell, is_total: bool) -> NotANumberError | None:
    """Return why *typed* cannot be a number whatever its text, None when it may be one."""
    if typed.kind == SheetCellKind.ERROR:
        advice = "restore-formula" if is_total else ""
        return NotANumberError("not-a-number", typed.text, wording="formula-error", advice=advice)
    if typed.kind == SheetCellKind.FORMULA:
        advice = "compute-or-restore" if is_total else ""
        return NotANumberError("not-a-number", typed.text, wording="not-computed", advice=advice)
    if typed.kind == SheetCellKind.DATE:
        return NotANumberError("not-a-number", typed.text, wording="date")
    return None
