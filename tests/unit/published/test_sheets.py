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
from reportgen.source import SheetSpan
from reportgen.styles import CellRole
from tests.builders import FORMS
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


@pytest.mark.parametrize("far", ["XFD1048576", "A1048576"])
def test_a_cell_far_out_is_refused_before_the_library_makes_room_for_it(far: str) -> None:
    book: Any = openpyxl.Workbook()
    book.active["A1"], book.active[far] = 1, 1
    with pytest.raises(ValueError, match="过大"):
        saved(book)


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
