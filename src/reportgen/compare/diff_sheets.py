"""Two reports beside each other as a workbook: a sheet for each official table, one for the texts.

Every cell of either form has a row, with both numbers, change and rate as numbers, so that the
sheets can be filtered, sorted and printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest

from reportgen.compare.diff import DiffCell, DiffHead, ReportDiff
from reportgen.forms import rounded
from reportgen.writers.workbooks import ListSheet, Shown, Value, head_cells, list_workbook

_NUMBER_WIDTHS = (44.0, 16.0, 16.0, 12.0, 14.0, 18.0)
_TEXT_WIDTHS = (30.0, 12.0, 60.0, 60.0)
_MOST_IN_ROW = 500
"""The characters of a text in a row, 18 lines: rows are at most 409 points high (Excel)."""
_SIGNED, _SIGNED_RATE = "+General;-General;0", "+0.00;-0.00;0.00"
"""The formats of changes and rates: with their signs, rates with two decimals."""
_ONLY_FIRST, _ONLY_SECOND = "只有前者的版式有", "前者的版式没有"


def diff_workbook(diff: ReportDiff, top: int = 0) -> bytes:
    """Return *diff* as a workbook; with *top* it begins with so many of the largest changes."""
    title = f"{diff.b.title} 与 {diff.a.title} 对照"
    sheets = [_sheet(diff, "变化最大", diff.largest(top), with_table=True)] if top else []
    for grid in diff.form.tables.values():
        cells = [item for item in diff.cells if item.cell.table == grid.key]
        sheets.append(_sheet(diff, grid.key, cells))
    if diff.text:
        sheets.append(_texts(diff))
    return list_workbook(title, sheets)


def _sheet(
    diff: ReportDiff, name: str, cells: Sequence[DiffCell], *, with_table: bool = False
) -> ListSheet:
    """Return the sheet of *cells*, named *name*; names of cells begin *with_table* or without."""
    heads = ["项目", _head(diff.a), _head(diff.b), "增减", "增减率（%）", "说明"]
    return ListSheet(
        name=name,
        title=f"{_head(diff.b)} 与 {_head(diff.a)} 对照：{name}",
        head=head_cells(heads),
        rows=list(_rows(diff, cells, with_table=with_table)),
        widths=_NUMBER_WIDTHS,
    )


def _head(head: DiffHead) -> str:
    return f"{head.organ} {head.year}年" if head.year else head.organ


def _rows(
    diff: ReportDiff, cells: Sequence[DiffCell], *, with_table: bool
) -> Iterator[Sequence[Value | Shown]]:
    only_a, only_b = frozenset(diff.only_a), frozenset(diff.only_b)
    for item in cells:
        name = str(item.cell) if with_table else item.cell.within_table
        unit = f"（{item.unit}）" if item.unit else ""
        note = _ONLY_FIRST if item.cell in only_a else _ONLY_SECOND if item.cell in only_b else ""
        rate = None if item.rate is None else Decimal(rounded(item.rate, 2))
        change = Shown(item.change, number_format=_SIGNED)
        yield name + unit, item.a, item.b, change, Shown(rate, number_format=_SIGNED_RATE), note


def _texts(diff: ReportDiff) -> ListSheet:
    heads = ["部分", "相同的字（%）", _head(diff.a), _head(diff.b)]
    rows: list[Sequence[Value]] = []
    for item in diff.text:
        sides = (item.a.split("\n"), item.b.split("\n"))
        first: tuple[Value, Value] = (item.section, item.percent)
        for a, b in zip_longest(*sides, fillvalue=""):
            for pair in zip_longest(_parts(a), _parts(b), fillvalue=""):
                rows.append((*first, *pair))
                first = ("", None)
    return ListSheet(
        name="文字",
        title=f"{_head(diff.b)} 与 {_head(diff.a)} 对照：文字",
        head=head_cells(heads),
        rows=rows,
        widths=_TEXT_WIDTHS,
    )


def _parts(paragraph: str) -> list[str]:
    """Return *paragraph* in parts that a row can show; at least one."""
    starts = range(0, max(1, len(paragraph)), _MOST_IN_ROW)
    return [paragraph[start : start + _MOST_IN_ROW] for start in starts]
