"""The tables of a workbook → numbers by cell name.

A table is recognised by the official labels wherever it stands; the sheet's
name and position do not matter.  Of several copies one is taken, never in silence.
Every problem points at its cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from reportgen.diagnostics import Finding, Label
from reportgen.forms import Form, TableGrid, align_copies, complete_cells, plain_number
from reportgen.model import CellPath, Quantity
from reportgen.readers.sheet_table import (
    SheetTable,
    WorkbookTables,
    listed,
    read_table,
    stray_numbers,
)
from reportgen.readers.spreadsheet import Workbook

MIN_SCORE = 0.5
_YEAR = re.compile(r"(?<![\d\[〔])((?:19|20)\d\d)(?!\d|年?版)")
_LAST_YEAR = re.compile("上一?年|去年")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_ROWS_ABOVE = 4
"""So far above a table its year may stand."""


def read_tables(
    workbook: Workbook, form: Form, year: int | None = None, elsewhere: frozenset[str] = frozenset()
) -> WorkbookTables:
    """Return the numbers of *form* for the report of *year* that *workbook* holds.

    *elsewhere* are the keys of tables filled in outside it, which it may lack.
    """
    tables = WorkbookTables()
    copies = {grid.key: _copies(workbook, form, grid, year) for grid in form.tables.values()}
    everywhere = [copy for found in copies.values() for copy in found]
    for grid in form.tables.values():
        found = copies[grid.key]
        if found:
            chosen = found[0]
            tables.keys.add(grid.key)
            tables.cells.update(chosen.tables.cells)
            tables.blanks.update(chosen.tables.blanks)
            others = [copy for copy in everywhere if copy is not chosen]
            same_sheet = [copy for copy in others if copy.data is chosen.data]
            tables.found += _choice(grid, found, year) + chosen.tables.found
            tables.found += stray_numbers(chosen, same_sheet)
        elif grid.key not in elsewhere:
            tables.found.append(_no_table(workbook, grid))
            tables.lose(grid.value_cells())
    return tables


def _copies(workbook: Workbook, form: Form, grid: TableGrid, year: int | None) -> list[SheetTable]:
    """Return every table in *workbook* that is *grid*, the one to be taken first.

    A hidden one comes after one that is seen, one of another year after one of *year* or of
    none, a blank one after one that is filled in; then the most complete comes first.
    """
    found = [
        read_table(form, alignment, data)
        for data in workbook.sheets
        for alignment in align_copies(grid, {at: cell.text for at, cell in data.cells.items()})
        if alignment.score >= MIN_SCORE
    ]

    def rank(table: SheetTable) -> tuple[bool, bool, bool, int]:
        other_year = _other_year(table, year) is not None
        return (table.data.hidden, other_year, not table.tables.cells, -table.alignment.matched)

    return sorted(found, key=rank)


def _other_year(table: SheetTable, year: int | None) -> str | None:
    """Return which earlier year the sheet or a line above *table* is of, None when it is *year*."""
    if year is None:
        return None
    top = min(table.alignment.rows.values(), default=1)
    above = [
        cell.text
        for (row, _), cell in table.data.cells.items()
        if top - _ROWS_ABOVE <= row < top and not cell.text.isdecimal()
    ]
    name = table.data.sheet.name
    texts = [unicodedata.normalize("NFKC", text).translate(_DIGITS) for text in (name, *above)]
    years = {int(found) for text in texts for found in _YEAR.findall(text)}
    if years and max(years) < year:
        return f"{max(years)} 年"
    last = _LAST_YEAR.search(name)
    return last[0] if last and not years else None


def _choice(grid: TableGrid, found: Sequence[SheetTable], year: int | None) -> list[Finding]:
    """Return what is to be said of taking the first of *found*, the copies of *grid*."""
    chosen, *others = found
    findings: list[Finding] = []
    name = chosen.data.sheet.name
    if chosen.data.hidden:
        told = {"表": grid.title, "工作表": name}
        findings.append(Finding("hidden-cells", chosen.head, told, wording="sheet"))
    if other_year := _other_year(chosen, year):
        marked = {"表": grid.title, "工作表": name, "标": other_year, "年度": str(year)}
        findings.append(Finding("sheet-of-other-year", chosen.head, marked))
    if others:
        findings.append(_twins(grid, chosen, others, year))
    return findings


def _twins(
    grid: TableGrid, chosen: SheetTable, others: Sequence[SheetTable], year: int | None
) -> Finding:
    """Return the finding about *others*, which are copies of the table *chosen*.

    It is an error when nothing tells which of two different ones is meant.
    """

    def is_alike(other: SheetTable) -> bool:
        sides = [(t.data.hidden, _other_year(t, year), not t.tables.cells) for t in (chosen, other)]
        return sides[0] == sides[1]

    differing = [name for other in others if is_alike(other) for name in _differing(chosen, other)]
    values = {
        "表": grid.title,
        "采用": _described(chosen, year),
        "其余": "、".join(_described(other, year) for other in others),
        "各格": listed([f"“{name}”" for name in dict.fromkeys(differing)]),
    }
    return Finding(
        "twin-tables-differ" if differing else "twin-sheets",
        chosen.head,
        values,
        labels=tuple(Label(other.head, "没有采用") for other in others),
        cells=tuple(dict.fromkeys(differing)),
    )


def _described(table: SheetTable, year: int | None) -> str:
    remarks = ["隐藏的"] if table.data.hidden else []
    if other_year := _other_year(table, year):
        remarks.append(other_year)
    if not table.tables.cells:
        remarks.append("没有填")
    note = f"（{'，'.join(remarks)}）" if remarks else ""
    return f"“{table.data.sheet.name}”{table.head.locator}{note}"


def _differing(one: SheetTable, other: SheetTable) -> list[CellPath]:
    mine, theirs = one.tables.cells, other.tables.cells
    return [
        name
        for name in mine
        if name in theirs
        and not mine[name].invalid
        and not theirs[name].invalid
        and mine[name].amount != theirs[name].amount
    ]


def lost_tables(form: Form, elsewhere: frozenset[str] = frozenset()) -> WorkbookTables:
    """Return the numbers of *form* as unreadable: for a workbook that could not be opened.

    Those of the tables *elsewhere*, by their keys, are not: they were typed outside it.
    """
    tables = WorkbookTables()
    tables.lose([c for c in form.value_cells.values() if c.path.table not in elsewhere])
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
        {"各格": listed([shown(name) for name in names])},
        labels=(Label(place, "工作簿里的这一格"),) if place else (),
        cells=tuple(names),
        expected=plain_number(mine[first].amount) if first in mine else None,
        actual=plain_number(typed[first].amount),
    )


def _no_table(workbook: Workbook, grid: TableGrid) -> Finding:
    return Finding(
        "table-not-found",
        None,
        {"文件": PurePath(workbook.path).name, "表": grid.title},
        cells=(grid.key,),
        file=workbook.path,
    )
