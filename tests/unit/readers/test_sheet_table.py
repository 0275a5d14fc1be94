"""Tests of one table of a workbook: its numbers, and what is wrong with its cells."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.model.report import Quantity
from tests.builders import at, codes, worded
from tests.unit.readers.workbooks import Change, on, path_at, put, read, unmerged


def shown_as(place: str, value: float, number_format: str) -> Change:
    """Return the change that types *value* at *place*, ``表二!B15``, in that format."""

    def change(book: Book) -> None:
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
        book[sheet][cell].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), (" 12 ", 12), ("１２", 12), (12.0, 12), ("1,200", 1200), ("=12", None)],
)
def test_number_may_be_typed_in_many_ways(
    tmp_path: Path, typed: object, number: int | None
) -> None:
    cell = read(tmp_path, put("表三", D5=typed)).cells[path_at("表三", "D5")]
    assert cell.number == number
    assert cell.invalid is (number is None)


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("12件", "I105", "“12件”不是整数"),
        (1.5, "I105", "“1.5”不是整数"),
        (-1, "I106", "负数"),
        ("/", "T104", "按 0 计"),
        ("#REF!", "I105", "公式出错"),
        ("=D6+1", "I105", "还没有算出结果"),
        (datetime.date(2025, 3, 1), "I105", "是日期"),
        (True, "I105", "“TRUE”不是整数"),
        (10**20, "I105", "位数过多"),
    ],
)
def test_what_is_no_number_is_told_at_its_cell(
    tmp_path: Path, typed: object, code: str, words: str
) -> None:
    tables = read(tmp_path, put("表三", F12=typed))
    (found,) = worded(tables.found)
    assert found.code == code
    assert words in found.message
    assert found.span is not None
    assert found.span.place.endswith("数据.xlsx 表三!F12")
    assert found.cells == (path_at("表三", "F12"),)


def test_money_takes_its_unit_in_the_cell(tmp_path: Path) -> None:
    path = at("主动公开/行政事业性收费/本年收费金额")
    assert read(tmp_path, put("表二", B15="1.25万元")).cells[path] == Quantity(Decimal("1.25"))


def test_broken_total_is_told_and_how_to_mend_it(tmp_path: Path) -> None:
    (found,) = worded(read(tmp_path, put("表三", J5="#VALUE!")).found)
    assert found.code == "I105"
    assert "合计公式" in found.hint


def test_numbers_typed_as_text_are_one_hint(tmp_path: Path) -> None:
    (found,) = worded(read(tmp_path, put("表三", D5="1", E5="2", D6="3")).found)
    assert found.code == "I126"
    assert "D5、E5、D6" in found.message


def test_number_beside_the_table_is_told(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        unmerged(sheet)
        sheet.insert_rows(7)
        sheet["D7"] = 5

    (found,) = worded(read(tmp_path, on("表三", change)).found)
    assert found.code == "I125"
    assert "D7 的“5”" in found.message


CHARGES = at("主动公开/行政事业性收费/本年收费金额")
PENALTIES = at("主动公开/行政处罚/本年处理决定数量")


@pytest.mark.parametrize(
    ("place", "value", "number_format"),
    [
        ("表二!B15", 126000, "0!.0,"),
        ("表二!B15", 126000, '0.0,"万元"'),
        ("表二!B15", 126000, '[>=10000]0!.0,"万";0'),
        ("表二!B15", 0.126, "0.0%"),
        ("表二!B15", 12.6, ";;;"),
        ("表二!B11", 3000, "#,##0,"),
        ("表二!B11", 3, '0"万件"'),
        ("表二!B11", 3, '0"元"'),
        ("表二!B11", 3, '"1"0'),
        ("表二!B11", 3, '"无"'),
        ("表三!J5", 3000, "0,"),
    ],
)
def test_cell_that_shows_another_number_than_it_holds_is_refused(
    tmp_path: Path, place: str, value: float, number_format: str
) -> None:
    (found,) = worded(read(tmp_path, shown_as(place, value, number_format)).found)
    assert found.code == "I132"
    assert number_format in found.message
    assert str(value) in found.message
    assert found.span is not None
    assert found.span.place.endswith(place)


@pytest.mark.parametrize(
    ("place", "value", "number_format"),
    [
        ("表二!B11", 3, '0"件"'),
        ("表二!B11", 3, 'General"件"'),
        ("表二!B11", 1234, "#,##0"),
        ("表二!B11", 0, "0%"),
        ("表二!B11", 0, ';;;"无"'),
        ("表二!B11", 0, '#,##0;-#,##0;"-"'),
        ("表二!B15", 12.6, '0.0"万元"'),
        ("表二!B15", 12.6, "[$¥-804]#,##0.00"),
        ("表二!B15", 12.6, '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ '),
        ("表二!B15", 0.1 + 0.2, "0.0"),
    ],
)
def test_format_that_shows_the_number_it_holds_is_fine(
    tmp_path: Path, place: str, value: float, number_format: str
) -> None:
    tables = read(tmp_path, shown_as(place, value, number_format))
    assert worded(tables.found) == []
    path = PENALTIES if place == "表二!B11" else CHARGES
    assert tables.cells[path].amount == Decimal(f"{value:.15g}")


@pytest.mark.parametrize(
    ("value", "number_format", "printed"),
    [
        (126000, '0"元"', "12.6"),
        (0.5, '0.0"亿元"', "5000"),
        (126000, '#,##0.00" 元"', "12.6"),
        (126, '0"千元"', "12.6"),
    ],
)
def test_unit_that_a_format_adds_is_converted_and_told(
    tmp_path: Path, value: float, number_format: str, printed: str
) -> None:
    tables = read(tmp_path, shown_as("表二!B15", value, number_format))
    assert tables.cells[CHARGES].amount == Decimal(printed)
    (found,) = worded(tables.found)
    assert found.code == "I133"
    assert f"换算为 {printed}万元" in found.message


def test_digits_that_a_format_hides_are_told_and_printed(tmp_path: Path) -> None:
    tables = read(tmp_path, shown_as("表二!B15", 12.6449, "0.0"))
    assert tables.cells[CHARGES].amount == Decimal("12.6449")
    (found,) = worded(tables.found)
    assert found.code == "I133"
    assert "“12.6”" in found.message


def _hide_row(sheet: Worksheet) -> None:
    sheet.row_dimensions[12].hidden = True


def _hide_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["F"].hidden = True


@pytest.mark.parametrize("hide", [_hide_row, _hide_column])
def test_number_in_a_hidden_row_or_column_is_told(
    tmp_path: Path, hide: Callable[[Worksheet], object]
) -> None:
    zeros = {f"{column}{row}": 0 for column in "DEFGHI" for row in range(5, 28)}
    change = put("表三", **{**zeros, "F12": 3, "D28": None})
    (found,) = worded(read(tmp_path, change, on("表三", hide)).found)
    assert found.code == "I131"
    assert "F12" in found.message


@pytest.mark.parametrize("area", ["D5:E5", "D5:D6", "D5:I6"])
def test_numbers_merged_into_one_cell_are_refused(tmp_path: Path, area: str) -> None:
    tables = read(tmp_path, on("表三", lambda sheet: sheet.merge_cells(area)))
    (found,) = worded(tables.found)
    assert found.code == "I134"
    assert area in found.message
    assert all(tables.cells[at(name)].invalid for name in found.cells)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"K7": 2}, "K7 的“2”"),
        ({"D31": 5}, "D31 的“5”"),
        ({"L12": "２"}, "L12 的“２”"),
        ({"K29": 2.5}, "K29 的“2.5”"),
    ],
)
def test_number_beside_or_below_the_table_is_told(
    tmp_path: Path, cells: dict[str, object], words: str
) -> None:
    (found,) = worded(read(tmp_path, put("表三", **cells)).found)
    assert found.code == "I125"
    assert words in found.message


@pytest.mark.parametrize(
    "cells",
    [
        {"A31": "填表人", "D31": 5583172663},
        {"D31": 2024},
        {"D31": "电话：0558-2173663"},
        {"K1": 3},
    ],
)
def test_what_is_no_count_may_stand_around_the_table(
    tmp_path: Path, cells: dict[str, object]
) -> None:
    assert worded(read(tmp_path, put("表三", **cells)).found) == []


@pytest.mark.parametrize("typed", ["4\u200b", "\ufeff4", "\u20024", "4\u202f"])
def test_characters_that_take_no_room_are_no_part_of_a_number(tmp_path: Path, typed: str) -> None:
    tables = read(tmp_path, put("表三", D5=typed))
    assert tables.cells[path_at("表三", "D5")].number == 4
    assert codes(worded(tables.found)) == ["I126"]


def test_blank_cell_has_a_place_but_no_number(tmp_path: Path) -> None:
    tables = read(tmp_path, put("表三", D5=None))
    name = path_at("表三", "D5")
    assert name not in tables.cells
    assert tables.blanks[name].cell == "表三!D5"
