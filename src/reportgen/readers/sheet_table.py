"""One table of one sheet → its numbers, and what is wrong with its cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct, field

from reportgen.diagnostics import Finding
from reportgen.forms import (
    UNITS,
    Alignment,
    Form,
    GridCell,
    NotANumberError,
    ValueKind,
    ValueType,
    missing_labels,
    not_a_number,
    plain_number,
    read_quantity,
)
from reportgen.model import CellPath, Quantity
from reportgen.source import SheetSpan, column_letters
from reportgen.spreadsheets import (
    SheetCell,
    SheetCellKind,
    SheetData,
    ShownNumber,
    is_same_number,
    show_number,
)
from reportgen.styles import CellRole

MAX_LISTED = 5
Position = tuple[int, int]
_LONG_NUMBER = 7
"""Digits from which a number beside a table is a telephone number or a code."""


class WorkbookTables(Struct):
    """What a workbook says: numbers by cell name, where blank cells stand, and findings.

    ``keys`` are the tables it holds.
    """

    keys: set[str] = field(default_factory=set)
    cells: dict[CellPath, Quantity] = field(default_factory=dict)
    blanks: dict[CellPath, SheetSpan] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    def lose(self, cells: Sequence[GridCell]) -> None:
        """Note that *cells* could not be read, so that they do not count as missing too."""
        for cell in cells:
            self.cells[cell.path] = Quantity(None, invalid=True)


class SheetTable(Struct):
    """A table as it stands in a sheet: where its cells are, and what was read there."""

    alignment: Alignment
    data: SheetData
    tables: WorkbookTables = field(default_factory=WorkbookTables)
    used: set[Position] = field(default_factory=set)
    complete: bool = True
    """Whether a place was found for every number."""

    @property
    def head(self) -> SheetSpan:
        """The first cell of the table."""
        row = min(self.alignment.rows.values(), default=1)
        return self.data.place(row, min(self.alignment.columns.values(), default=1))

    def covers(self, place: Position) -> bool:
        """Return whether *place* lies within the table, its labels included."""
        rows = [row for row, _ in self.used] + list(self.alignment.rows.values())
        columns = [column for _, column in self.used] + list(self.alignment.columns.values())
        if not rows or not columns:
            return False
        row, column = place
        return min(rows) <= row <= max(rows) and min(columns) <= column <= max(columns)


def read_table(form: Form, alignment: Alignment, data: SheetData) -> SheetTable:
    """Return the table of *form* that lies in *data* as *alignment* says, every number read."""
    table = SheetTable(alignment, data)
    _CellReader(form, table).read()
    return table


class _CellReader:
    """Reads the numbers of one table; reports labels, texts and formats that mislead."""

    def __init__(self, form: Form, table: SheetTable) -> None:
        self._form = form
        self._table = table
        self._alignment = table.alignment
        self._data = table.data
        self._tables = table.tables
        self._texts: list[SheetSpan] = []
        self._hidden: list[SheetSpan] = []

    def read(self) -> None:
        """Read every number of the table."""
        cells = self._alignment.grid.value_cells()
        lost = [cell for cell in cells if not self._alignment.area_of(cell)]
        if lost:
            self._tables.found.append(self._lost_labels(lost))
            self._tables.lose(lost)
            self._table.complete = False
            self._table.used.update(filter(None, map(self._alignment.place_of, lost)))
        self._tables.found.extend(self._changed_labels(lost))
        merged = self._merged([cell for cell in cells if cell not in lost])
        for cell in cells:
            if cell in lost:
                continue
            area = self._alignment.area_of(cell)
            place = next((p for p in area if p in self._data.cells), area[0])
            self._table.used.add(place)
            if cell not in merged:
                self._cell(cell, self._data.cells.get(place), self._data.place(*place))
        self._listed("number-as-text", self._texts, "各格")
        self._listed("hidden-cells", self._hidden, "各格")

    def _cell(self, cell: GridCell, typed: SheetCell | None, place: SheetSpan) -> None:
        is_total = cell.path in self._form.totals
        if typed is None or (typed.kind == SheetCellKind.FORMULA and is_total):
            self._tables.blanks[cell.path] = place  # a total is computed, the rest is missed later
            return
        if trouble := _trouble(typed, is_total):
            self._tables.cells[cell.path] = Quantity(None, typed.text, place, invalid=True)
            self._tables.found.append(not_a_number(trouble, place, cell))
            return
        text = self._as_shown(cell, typed, place)
        if text is None:
            return
        quantity, problem = read_quantity(text, place, cell)
        if quantity:
            self._tables.cells[cell.path] = quantity
            self._note_hidden(quantity, place)
        if problem:
            self._tables.found.append(problem)
        elif (
            typed.kind == SheetCellKind.TEXT and cell.type.kind == ValueKind.COUNT and not is_total
        ):
            self._texts.append(place)

    def _as_shown(self, cell: GridCell, typed: SheetCell, place: SheetSpan) -> str | None:
        """Return what is to be read in *cell*: the number that it shows.

        None after reporting that its format shows another number than it holds.
        """
        if typed.kind != SheetCellKind.NUMBER:
            return typed.text
        number = Decimal(typed.text)
        shown = show_number(number, typed.number_format)
        values = {"格": cell.path, "存": typed.text, "示": shown.text, "格式": typed.number_format}
        unit = shown.behind.strip(" ()（）")
        if not _is_same_number(abs(number), shown, unit, cell.type):
            finding = Finding("number-format", place, values, cells=(cell.path,))
            self._tables.found.append(finding)
            self._tables.cells[cell.path] = Quantity(None, typed.text, place, invalid=True)
            return None
        if cell.type.kind != ValueKind.MONEY:
            return typed.text
        text, wording = typed.text, ""
        if unit in UNITS:
            text += unit
        own = cell.type.unit or ""
        if unit in UNITS and own in UNITS and unit != own:
            wording = "unit"
            amount = number * UNITS[unit] / UNITS[own]
            values["印"] = plain_number(amount.normalize()) + own
        elif shown.number is None or shown.number == abs(number):
            return text
        finding = Finding("shown-rounded", place, values, wording=wording, cells=(cell.path,))
        self._tables.found.append(finding)
        return text

    def _note_hidden(self, quantity: Quantity, place: SheetSpan) -> None:
        data = self._data
        if quantity.amount and (
            place.line in data.hidden_rows or place.column in data.hidden_columns
        ):
            self._hidden.append(place)

    def _listed(self, slug: str, places: list[SheetSpan], key: str) -> None:
        """Report the rule *slug* once for all of *places*."""
        if places:
            shown = listed([place.locator for place in places])
            self._tables.found.append(Finding(slug, places[0], {key: shown}))

    def _lost_labels(self, lost: list[GridCell]) -> Finding:
        grid, missing = self._alignment.grid, self._alignment.missing
        named = [label for cell in lost for label in missing_labels(grid, cell, missing)]
        labels = list(dict.fromkeys(named or missing))
        found = [(label, self._found_at(label)) for label in labels]
        names = [f"“{label.label}”{_instead(place)}" for label, place in found]
        first = next((place for _, place in found if place), self._table.head)
        return Finding(
            "label-not-found",
            first,
            {"表": grid.key, "各项": listed(names)},
            cells=tuple(cell.path for cell in lost),
        )

    def _found_at(self, label: GridCell) -> SheetSpan | None:
        """Return the cell where *label* should stand, None when that is not known."""
        place = self._alignment.place_of(label)
        return self._data.place(*place) if place else None

    def _changed_labels(self, lost: Sequence[GridCell]) -> Iterator[Finding]:
        """Yield a finding for each label that stands over numbers and was changed.

        Those that name a single row or column are reported with the numbers lost by them.
        """
        grid, missing = self._alignment.grid, self._alignment.missing
        told = [label for cell in lost for label in missing_labels(grid, cell, missing)]
        columns = {cell.column for cell in grid.value_cells()}
        for label in missing:
            reach = range(label.column, label.column + label.column_span)
            place = self._found_at(label)
            if label in told or not place or not place.text.strip():
                continue
            if label.role == CellRole.STUB or columns.intersection(reach):
                values = {"表": grid.key, "原文": place.text, "名称": label.label}
                yield Finding("label-not-found", place, values, wording="changed")

    def _merged(self, cells: Sequence[GridCell]) -> list[GridCell]:
        """Return those of *cells* that were merged with others, after reporting them."""
        merged = []
        for top, left, bottom, right in self._data.merged:
            within = [
                cell
                for cell in cells
                for row, column in self._alignment.area_of(cell)[:1]
                if top <= row <= bottom and left <= column <= right
            ]
            if len(within) > 1:
                place = self._data.place(top, left)
                values = {"范围": f"{place.locator}:{column_letters(right)}{bottom}"}
                paths = tuple(cell.path for cell in within)
                self._tables.found.append(Finding("merged-cells", place, values, cells=paths))
                self._tables.lose(within)
                merged.extend(within)
        return merged


def _is_same_number(number: Decimal, shown: ShownNumber, unit: str, kind: ValueType) -> bool:
    """Return whether *shown* is *number*, apart from digits left out at the end.

    Both are without their signs.  *unit* are the words behind the shown digits.
    """
    words = f"{shown.before}{shown.behind}"
    if kind.kind == ValueKind.MONEY and unit in UNITS:
        words = shown.before
    elif shown.number is not None and any(name in words for name in UNITS):
        return number == 0
    return is_same_number(number, shown, words)


def _instead(place: SheetSpan | None) -> str:
    """Return what stands at *place* in the stead of a label, in brackets."""
    if place is None:
        return ""
    what = f"写的是“{place.text}”" if place.text.strip() else "空着"
    return f"（{place.locator} {what}）"


def listed(names: Sequence[str]) -> str:
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


def stray_numbers(table: SheetTable, others: Sequence[SheetTable]) -> list[Finding]:
    """Return a warning of the numbers among, beside and below those of *table*.

    They belong to no cell of it nor to one of *others*, the tables of the same sheet.  What a
    formula makes of the numbers is beside them for a check, and long numbers are no counts.
    """
    if not table.used:
        return []
    bottom, right = max(row for row, _ in table.used), max(column for _, column in table.used)
    top, left = min(row for row, _ in table.used), min(column for _, column in table.used)
    labels = set(table.alignment.rows.values())
    strays = []
    for (row, column), cell in sorted(table.data.cells.items()):
        place = (row, column)
        if place in table.used or any(other.covers(place) for other in others):
            continue
        if top <= row <= bottom and left <= column <= right:
            is_stray = table.complete and cell.kind == SheetCellKind.NUMBER
        else:
            near = (row in labels or top <= row <= bottom) and column > right
            is_stray = (near or (row > bottom and left <= column <= right)) and _is_count(cell)
        if is_stray:
            strays.append(table.data.place(row, column))
    if not strays:
        return []
    shown = listed([f"{place.locator} 的“{place.text}”" for place in strays])
    return [Finding("stray-number", strays[0], {"各处": shown})]


def _is_count(cell: SheetCell) -> bool:
    """Return whether *cell* was typed as a number of pieces or an amount, no year and no code."""
    digits = unicodedata.normalize("NFKC", cell.text).strip().lstrip("+-")
    whole = digits.partition(".")[0]
    if cell.computed or not digits.replace(".", "", 1).isdecimal():
        return False
    return len(whole) < _LONG_NUMBER and not (len(digits) == 4 and digits[:2] in ("19", "20"))
