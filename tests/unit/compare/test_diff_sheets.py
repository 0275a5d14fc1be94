"""Tests of two reports beside each other as a workbook."""

from __future__ import annotations

import io

import openpyxl
import pytest
from msgspec.structs import replace

from reportgen.compare import ReportDiff, diff_sources, diff_workbook
from reportgen.compare.diff import SectionText
from reportgen.writers.workbooks import title_of
from tests.builders import DATA


@pytest.fixture(scope="module")
def years() -> ReportDiff:
    return diff_sources(DATA / "pingtan-2019.tables.html", DATA / "pingtan-2024.tables.html")


def test_each_table_has_a_sheet_with_the_changes_worked_out_by_hand(years: ReportDiff) -> None:
    book = openpyxl.load_workbook(io.BytesIO(diff_workbook(years)))
    assert book.sheetnames == ["主动公开", "申请", "复议诉讼"]
    rows = {row[0]: row[1:] for row in book["主动公开"].iter_rows(values_only=True)}
    assert rows["行政许可/本年处理决定数量"][:4] == (181, 4529, 4348, 2402.21)
    assert rows["规章/本年废止件数"][-1] == "前者的版式没有"
    assert {row[-1] for row in rows.values()} >= {"只有前者的版式有"}
    requests = {row[0]: row[1:5] for row in book["申请"].iter_rows(values_only=True)}
    assert requests["本年新收/总计"] == (23, 218, 195, 847.83)
    assert requests["其他处理/总计"] == (0, 3, 3, None)


def test_changes_and_rates_are_shown_with_their_signs(years: ReportDiff) -> None:
    book = openpyxl.load_workbook(io.BytesIO(diff_workbook(years)))
    name = "行政许可/本年处理决定数量"
    row = next(row for row in book["主动公开"].iter_rows() if row[0].value == name)
    assert [cell.number_format for cell in row[1:5]] == [
        "General",
        "General",
        "+General;-General;0",
        "+0.00;-0.00;0.00",
    ]


def test_the_largest_changes_come_first_if_asked_for(years: ReportDiff) -> None:
    book = openpyxl.load_workbook(io.BytesIO(diff_workbook(years, top=3)))
    first = book.worksheets[0]
    assert first.title == "变化最大"
    changes = [abs(int(str(row[3]))) for row in first.iter_rows(min_row=3, values_only=True)]
    assert len(changes) == 3
    assert changes == sorted(changes, reverse=True)


def test_a_long_text_has_rows_that_show_all_of_it(years: ReportDiff) -> None:
    one = replace(years, text=(SectionText("总体情况", "甲" * 900 + "\n乙", "丙" * 300),))
    sheet = openpyxl.load_workbook(io.BytesIO(diff_workbook(one)))["文字"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows == [
        ("总体情况", one.text[0].percent, "甲" * 500, "丙" * 300),
        (None, None, "甲" * 400, None),
        (None, None, "乙", None),
    ]
    column = sheet.column_dimensions["C"].width
    for number, row in enumerate(rows[:2], 3):
        lines = len(str(row[2])) / ((column - 2) / 2)
        assert lines * 17 <= sheet.row_dimensions[number].height < 409


def test_the_workbook_is_known_as_a_result(years: ReportDiff) -> None:
    data = diff_workbook(years)
    title = title_of(data)
    assert title is not None
    assert title.endswith("对照")
    assert data == diff_workbook(years)
    book = openpyxl.Workbook()
    buffer = io.BytesIO()
    book.save(buffer)
    assert title_of(buffer.getvalue()) is None
    assert title_of(b"no workbook") is None
