"""Workbooks written: equal bytes, fixed dates, results beside formulas."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl import Workbook

from reportgen.writers.xlsx import with_numbers, workbook_bytes


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


def test_a_number_is_changed_in_its_cell_and_nothing_else() -> None:
    before = workbook_bytes(book(), "数据", {1: {"C1": "3"}})
    after = with_numbers(before, {("Sheet", "A1"): "7", ("Sheet", "C1"): "9"})
    formulas = openpyxl.load_workbook(BytesIO(after)).worksheets[0]
    values = openpyxl.load_workbook(BytesIO(after), data_only=True).worksheets[0]
    assert [cell.value for cell in formulas[1]] == [7, 2, "=A1+B1"]
    assert [cell.value for cell in values[1]] == [7, 2, 9]
    with ZipFile(BytesIO(before)) as one, ZipFile(BytesIO(after)) as other:
        changed = [n for n in one.namelist() if one.read(n) != other.read(n)]
    assert changed == ["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("place", [("Sheet", "Z9"), ("表三", "A1")])
def test_a_number_for_no_cell_is_refused(place: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="no "):
        with_numbers(workbook_bytes(book(), "数据"), {place: "7"})


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(ValueError, match="no XLSX"):
        with_numbers(b"\xd0\xcf\x11\xe0", {("Sheet", "A1"): "7"})
