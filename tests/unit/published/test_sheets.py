"""Workbooks: any sheet, several tables a sheet, titles above, merged cells."""

from __future__ import annotations

import io
import random
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from reportgen.forms import Form
from reportgen.published import recognise
from reportgen.published.found import FoundFile
from reportgen.published.sheets import read_sheets
from reportgen.published.tables import read_tables
from reportgen.published.units import noted_units
from reportgen.source import SheetSpan
from reportgen.spreadsheets.cells import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS
from reportgen.styles import CellRole
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, at
from tests.unit.published.blocks import shown
from tests.unit.published.torn import balanced


def saved(book: Any) -> FoundFile:
    stream = io.BytesIO()
    book.save(stream)
    return read_sheets(stream.getvalue(), "数据.xlsx")


def sheet(*rows: list[object], merged: tuple[str, ...] = ()) -> FoundFile:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    return saved(book)


def test_rows_of_one_cell_are_text_between_tables() -> None:
    found = sheet(["统计表"], [], ["规章", 1, 2.5], ["罚", 3, 4], [], ["说明：无"], ["甲", 1])
    assert shown(found) == ["统计表", "规章|1|2.5", "罚|3|4", "说明：无", "甲|1"]


def test_places_under_merged_cells_are_no_cells() -> None:
    found = sheet(["标题", None, None], ["规章", 1, None], merged=("A1:C1", "B2:C2"))
    assert shown(found) == ["标题", "规章|1"]
    cell = next(found.tables).rows[0][1]
    assert cell.column_span == 2
    assert isinstance(cell.place, SheetSpan)
    assert cell.place.place == "数据.xlsx Sheet!B2"


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_tables_of_a_form_are_read_wherever_they_stand(form: Form) -> None:
    right = balanced(form, random.Random(7))
    book: Any = openpyxl.Workbook()
    book.active.append(["封面"])
    page, top = book.create_sheet("三张表"), 3
    for grid in form.tables.values():
        page.cell(top, 3, grid.title)
        for cell in grid.cells():
            number = right[cell.path].number if cell.role == CellRole.VALUE else None
            value = float(number) if isinstance(number, Decimal) else number
            row, column = top + 1 + cell.row, 3 + cell.column
            page.cell(row, column, cell.label if number is None else value)
            if cell.row_span * cell.column_span > 1:
                bottom, right_edge = row + cell.row_span - 1, column + cell.column_span - 1
                page.merge_cells(None, row, column, bottom, right_edge)
        top += len(grid.rows) + 3
    read = recognise(saved(book), [*FORMS.values()], form.first_year)
    assert read is not None
    assert read.form is form
    assert {n: q.number for n, q in read.report.cells.items()} == {
        n: q.number for n, q in right.items()
    }


@pytest.mark.parametrize("far", ["XFD1048576", "A1048576", "XFD1"])
def test_a_cell_far_out_is_passed_over_and_costs_nothing(far: str) -> None:
    book: Any = openpyxl.Workbook()
    book.active.append(["规章", 1, 2])
    book.active[far] = 1
    assert shown(saved(book)) == ["规章|1|2"]


def formatted(value: object, number_format: str) -> tuple[str, bool]:
    """Return what is read in a cell, and whether that leaves the number open."""
    book: Any = openpyxl.Workbook()
    book.active.append(["规章", value])
    book.active["B1"].number_format = number_format
    cell = next(saved(book).tables).rows[0][1]
    return cell.text, cell.is_unsure


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (3892431, '0"元"', "3892431元"),
        (389.2431, '#,##0.00"万元"', "389.2431万元"),
        (5, "General", "5"),
        (5, '0"件"', "5"),
        (1234567, "#,##0", "1234567"),
        (12.6, '"¥"#,##0.00', "12.6"),
        (12.6, "0.0_ ", "12.6"),
        (0, '0;-0;"-"', "0"),
        (3, "+0;-0;0", "+3"),
        (-3, "0_);(0)", "-3"),
    ],
)
def test_a_number_comes_with_the_unit_that_its_cell_shows(
    value: float, number_format: str, text: str
) -> None:
    assert formatted(value, number_format) == (text, False)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1234567, "#,##0,", "1234567（显示为“1235”）"),
        (5, "0%", "5（显示为“500%”）"),
        (12, '0"千"', "12（显示为“12千”）"),
        (5, ";;;", "5（显示为“”）"),
        ("=1+1", "General", "（公式没有算出结果）"),
    ],
)
def test_a_number_that_its_cell_shows_as_another_is_left_open(
    value: object, number_format: str, text: str
) -> None:
    assert formatted(value, number_format) == (text, True)


def test_a_number_left_open_is_not_read_and_said() -> None:
    found = sheet(["信息内容", "本年处理决定数量"], ["行政处罚", 5], ["行政强制", 7])
    book: Any = openpyxl.Workbook()
    for row in (["信息内容", "本年处理决定数量"], ["行政处罚", 5000], ["行政强制", 7]):
        book.active.append(row)
    book.active["B2"].number_format = "#,##0,"
    form = FORMS["2021"]
    for file, number in ((found, 5), (saved(book), None)):
        read = read_tables(list(file.tables), form)
        assert read.cells[at("主动公开/行政处罚/本年处理决定数量")].number == number
        assert read.cells[at("主动公开/行政强制/本年处理决定数量")].number == 7
        said = [item.slug for item in read.findings if "行政处罚" in str(item.cells)]
        assert said == ([] if number else ["number-unreadable"])


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_our_own_workbook_comes_back_without_a_remark(form: Form) -> None:
    right = balanced(form, random.Random(5))
    found = read_sheets(fill_workbook(form, right), "数据.xlsx")
    read = read_tables(list(found.tables), form, noted_units(found.blocks))
    assert read.findings == ()
    assert {n: q.number for n, q in read.cells.items()} == {n: q.number for n, q in right.items()}


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Book", b"x"])
def test_what_is_no_workbook_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        read_sheets(content, "a.xlsx")


def test_a_package_without_its_beginning_is_refused_in_words() -> None:
    book: Any = openpyxl.Workbook()
    book.active.append(["规章", 1, 2])
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(ValueError, match="已损坏"):
        read_sheets(stream.getvalue()[20:], "a.xlsx")


def test_what_lies_beyond_the_limits_is_told() -> None:
    book: Any = openpyxl.Workbook()
    book.active.title = "表"
    book.active["A1"] = "规章"
    assert saved(book).unread == ""
    book.active.cell(MAX_ROWS + 1, 1).value = 3
    assert saved(book).unread == f"“表”第 {MAX_ROWS} 行以下或第 {MAX_COLUMNS} 列以右"
    book.active.cell(MAX_ROWS + 1, 1).value = None
    book.active.cell(1, MAX_COLUMNS + 1).value = 3
    assert saved(book).unread.startswith("“表”")
    book.active.cell(1, MAX_COLUMNS + 1).value = None
    for number in range(MAX_SHEETS):
        book.create_sheet(f"单位{number + 1}")
    assert saved(book).unread == f"第 {MAX_SHEETS} 张以后的工作表（“单位{MAX_SHEETS}”）"
