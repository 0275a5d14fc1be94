"""Workbooks written: equal bytes, fixed dates, results beside formulas."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import openpyxl
from openpyxl import Workbook

from reportgen.writers.xlsx import workbook_bytes


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
