"""Tests of workbooks of lists, and of equal bytes for equal content."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl import Workbook

from reportgen.writers import workbooks
from reportgen.writers.workbooks import (
    HeadCell,
    ListSheet,
    Shown,
    Value,
    column_width,
    head_cells,
    list_workbook,
    workbook_bytes,
)

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1")


def written(*sheets: ListSheet, data_only: bool = False) -> openpyxl.Workbook:
    data = list_workbook("清单", sheets)
    assert list_workbook("清单", sheets) == data
    return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_calculated(text: str) -> None:
    book = written(ListSheet(text.strip("=@\t")[:5], head_cells((text,)), [(text,)], title=text))
    for row in book.worksheets[0].iter_rows():
        assert (row[0].data_type, row[0].quotePrefix) == ("s", True)


def _sum(first: int, last: int) -> Sequence[Value | Shown]:
    comment = "甲 1、乙 2.50"
    return ["合计", Shown(f"=SUM(B{first}:B{last})", True, Decimal("3.50"), comment, True)]


def test_totals_are_formulas_with_results_and_comments_below_the_filter() -> None:
    rows: list[list[Value]] = [["甲", 1], ["乙", Decimal("2.50")]]
    sheet = ListSheet("表", head_cells(("单位", "数")), rows, title="表题", total=_sum)
    made = written(sheet).worksheets[0]
    assert made["B5"].value == "=SUM(B3:B4)"
    assert made["B5"].comment is not None
    assert made["B5"].comment.text == "甲 1、乙 2.50"
    assert made["B5"].fill.start_color.rgb == "00FFC7CE"
    assert (made.auto_filter.ref, made.freeze_panes) == ("A2:B4", "B3")
    shown = written(sheet, data_only=True).worksheets[0]
    assert [cell.value for cell in shown["B"]] == [None, "数", 1, 2.5, 3.5]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_a_sheet_is_the_same_in_pieces_of_any_size(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    rows: list[list[Value]] = [["甲", 1], ["乙", Decimal("2.50")]]
    sheet = ListSheet("表", head_cells(("单位", "数")), rows, title="表题", total=_sum)
    whole = list_workbook("清单", [sheet])
    monkeypatch.setattr(workbooks, "_PIECE", size)
    assert list_workbook("清单", [sheet]) == whole
    shown = openpyxl.load_workbook(io.BytesIO(whole), data_only=True).worksheets[0]
    assert shown["B5"].value == 3.5


def test_a_long_title_has_lines_in_its_joined_cell() -> None:
    head = head_cells(("单位", "数"))
    short, long = (
        written(ListSheet("表", head, [("甲", 1)], title="对照" * n, widths=(20, 20))).worksheets[0]
        for n in (5, 12)
    )
    assert (short.row_dimensions[1].height, long.row_dimensions[1].height) == (24, 48)
    assert long["A1"].alignment.wrap_text
    assert [str(cells) for cells in long.merged_cells.ranges] == ["A1:B1"]


def test_a_list_without_rows_has_no_total() -> None:
    made = written(ListSheet("表", head_cells(("单位", "数")), [], total=_sum)).worksheets[0]
    assert made.max_row == 1
    assert made.auto_filter.ref == "A1:B1"


def test_a_head_may_have_levels() -> None:
    head = [
        HeadCell("单位", 0, 0, 2),
        HeadCell("行", 0, 1, 1, 2),
        HeadCell("甲", 1, 1),
        HeadCell("乙", 1, 2),
    ]
    made = written(ListSheet("表", head, [["某局", 1, 2]])).worksheets[0]
    assert {str(area) for area in made.merged_cells.ranges} == {"A1:A2", "B1:C1"}
    assert [made.cell(2, column).value for column in (2, 3)] == ["甲", "乙"]
    assert made.print_title_rows == "$1:$2"


def test_a_page_is_a4_landscape_and_as_wide_as_the_list_or_divided() -> None:
    head = head_cells(("单位", "一", "二", "三"))
    whole = written(ListSheet("表", head, [])).worksheets[0]
    assert (whole.page_setup.orientation, str(whole.page_setup.paperSize)) == ("landscape", "9")
    assert (whole.page_setup.fitToWidth, whole.page_setup.fitToHeight) == (1, 0)
    divided = written(ListSheet("表", head, [], breaks=[3], scale=60)).worksheets[0]
    assert [item.id for item in divided.col_breaks.brk] == [3]
    assert divided.print_title_cols == "$A:$A"
    assert divided.page_setup.scale == 60


def test_a_row_is_as_high_as_its_longest_text() -> None:
    rows = [["短"], ["长" * 60]]
    made = written(ListSheet("表", head_cells(("单位",)), rows, widths=[21])).worksheets[0]
    assert made.row_dimensions[2].height is None
    assert made.row_dimensions[3].height == 7 * 17


def test_a_column_is_at_most_so_wide() -> None:
    assert column_width(["单位", "a"]) == 8
    assert column_width(["长" * 100]) == column_width(["长" * 200])


def test_characters_that_xml_forbids_are_blanks() -> None:
    made = written(ListSheet("表", head_cells(("a\x00b",)), [["c\udc80d"]])).worksheets[0]
    assert [cell.value for cell in made["A"]] == ["a b", "c d"]


def book() -> Workbook:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append([1, 2, "=A1+B1"])
    return made


def test_equal_workbooks_are_equal_bytes() -> None:
    assert workbook_bytes(book(), "数据") == workbook_bytes(book(), "数据")


def test_every_entry_has_the_same_date() -> None:
    with ZipFile(BytesIO(workbook_bytes(book(), "数据"))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_name_the_title_and_nobody() -> None:
    found = openpyxl.load_workbook(BytesIO(workbook_bytes(book(), "数据"))).properties
    assert (found.title, found.creator, found.lastModifiedBy) == ("数据", "reportgen", None)


def test_a_program_that_does_not_calculate_shows_the_results() -> None:
    data = workbook_bytes(book(), "数据", {1: {"C1": "3"}})
    shown, typed = (openpyxl.load_workbook(BytesIO(data), data_only=only) for only in (True, False))
    assert shown["Sheet"]["C1"].value == 3
    assert typed["Sheet"]["C1"].value == "=A1+B1"
