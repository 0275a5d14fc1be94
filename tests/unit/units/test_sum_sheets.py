"""Tests of the workbook of a sum: the roll, a sheet for each official table, the findings."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
from openpyxl.workbook import Workbook

from reportgen.diagnostics import Severity
from reportgen.units.aggregate import build_aggregate
from reportgen.units.reading import Head, Told, UnitFinding, UnitReport, Unread
from reportgen.units.sum_sheets import FINDINGS_SHEET, ROLL_SHEET, sum_workbook
from tests.builders import FORMS, LIBRARY

PATHS = list(FORMS["2021"].value_cells)
MISSING = UnitFinding(
    "丁局", "丁局", Told(Severity.ERROR, "U101", "没有报告", slug="organ-missing")
)


def unit(name: str, *numbers: int | Unread) -> UnitReport:
    """Return a report with *numbers* in its first cells and zeros elsewhere."""
    head = Head(f"{name}局", 2024, "本机关", "disclosure/2021")
    rest = (0,) * (len(PATHS) - len(numbers))
    return UnitReport(f"{name}.docx", head, (*numbers, *rest))


def workbook(units: Sequence[UnitReport], *remarks: UnitFinding) -> Workbook:
    total = build_aggregate(units, LIBRARY)
    return openpyxl.load_workbook(io.BytesIO(sum_workbook(total, remarks, "清溪县 2024 年汇总")))


def test_every_official_table_has_a_sheet_named_after_its_section() -> None:
    names = workbook([unit("甲")]).sheetnames
    assert names == [ROLL_SHEET, "表二", "表三", "表四", FINDINGS_SHEET]


def test_each_unit_has_a_row_and_the_last_row_adds_them_up() -> None:
    sheet = workbook([unit("甲", 3), unit("乙", 4)])["表二"]
    last = sheet.max_row
    assert {sheet.cell(row, 1).value for row in (last - 2, last - 1)} == {"甲局", "乙局"}
    assert {sheet.cell(row, 3).value for row in (last - 2, last - 1)} == {3, 4}
    assert sheet.cell(last, 1).value == "合计（2 家）"
    assert sheet.cell(last, 3).value == f"=SUM(C{last - 2}:C{last - 1})"


def test_the_comment_of_a_sum_says_which_cell_it_is_and_names_the_addends() -> None:
    sheet = workbook([unit("甲", 3), unit("乙", 4)])["表二"]
    comment = sheet.cell(sheet.max_row, 3).comment
    assert comment is not None
    assert comment.text.splitlines()[:2] == [str(PATHS[0]), "乙局 4、甲局 3"]


def test_a_number_that_was_not_read_is_shown_and_its_sum_is_said_to_be_short() -> None:
    sheet = workbook([unit("甲", 3), unit("乙", Unread("三十七"))])["表二"]
    last = sheet.max_row
    assert "读不出：三十七" in {sheet.cell(row, 3).value for row in (last - 2, last - 1)}
    short, whole = sheet.cell(last, 3), sheet.cell(last, 4)
    assert short.comment is not None
    assert "1 家没有读出数，没有计入" in short.comment.text
    assert short.fill.fgColor.rgb != whole.fill.fgColor.rgb


def test_a_unit_of_the_roll_without_a_report_is_on_the_roll_and_among_the_findings() -> None:
    book = workbook([unit("甲")], MISSING)
    (row,) = (row for row in book[ROLL_SHEET].iter_rows(values_only=True) if "丁局" in row)
    assert {"没有报", "否"} <= set(row)
    (row,) = (row for row in book[FINDINGS_SHEET].iter_rows(values_only=True) if "丁局" in row)
    assert {"错误", "U101", "没有报告"} <= set(row)
