"""Tests of numbers written into cells of a workbook: formulas follow, nothing else changes."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl import Workbook

from reportgen.writers.workbook_edits import with_numbers
from reportgen.writers.workbooks import workbook_bytes


def book(*rows: list[object], results: dict[str, str] | None = None) -> bytes:
    """Return a workbook with *rows*, and what its formulas came to when it was saved."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return workbook_bytes(made, "数据", {1: results or {}})


def values(data: bytes, row: int = 1) -> list[object]:
    """Return the kept values of a *row*."""
    sheet = openpyxl.load_workbook(BytesIO(data), data_only=True).worksheets[0]
    return [cell.value for cell in sheet[row]]


def test_a_number_is_changed_in_its_cell_and_nothing_else() -> None:
    before = book([1, 2, "=A1+B1"], results={"C1": "3"})
    after = with_numbers(before, {("Sheet", "A1"): "7"})
    formulas = openpyxl.load_workbook(BytesIO(after)).worksheets[0]
    assert [cell.value for cell in formulas[1]] == [7, 2, "=A1+B1"]
    assert values(after) == [7, 2, 9]
    with ZipFile(BytesIO(before)) as one, ZipFile(BytesIO(after)) as other:
        changed = [n for n in one.namelist() if one.read(n) != other.read(n)]
    assert changed == ["xl/worksheets/sheet1.xml"]


def test_a_formula_gives_its_own_number_not_the_one_it_is_given() -> None:
    before = book([1, 2, "=A1+B1"], results={"C1": "3"})
    assert values(with_numbers(before, {("Sheet", "C1"): "8"})) == [1, 2, 3]
    after = with_numbers(before, {("Sheet", "A1"): "7", ("Sheet", "C1"): "8"})
    assert values(after) == [7, 2, 9]


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=SUM(A1:B1)", 9),
        ("=SUM(A1,B1)-C1", 4),
        ("=A1-(B1-C1)", 10),
        ("=-A1+SUM($B$1:$C$1)", 0),
        ("=Sheet!A1+'Sheet'!B1-1", 8),
        ("=SUM(A1:C1)-SUM(B1,C1)", 7),
        ("=E1+1", 8),
        ("=SUM( A1:B1 , C1 )", 14),
        ("=A1 + ( B1 - C1 )", 4),
    ],
)
def test_a_sum_is_worked_out_through_other_sums(formula: str, result: int) -> None:
    before = book([1, 2, 5, formula, "=A1"], results={"D1": "99", "E1": "1"})
    assert values(with_numbers(before, {("Sheet", "A1"): "7"}))[3] == result


@pytest.mark.parametrize(
    "formula",
    [
        "=IF(A1>1,1,0)", "=A1*2", "=INDIRECT(B1)", "=甲", "=A1+F1", "=(A1:B1)", "=A1:B1",
        "=SUM((A1:B1))", "=SUM(-A1:B1)", "=SUM(A1:B1-1)", "=SUM(A1:B1 B1:C1)", "=A1 B1",
        "=SUM(A1:B1)%", "=A1 (B1)", "=A1)", "=SUM((A1)", "='甲!A1", "=[A1", "={A1", "=A1%%)",
    ],
)  # fmt: skip
def test_what_is_no_sum_loses_its_old_result(formula: str) -> None:
    before = book([1, 2, 5, formula, "=D1+1", "字"], results={"D1": "99", "E1": "100"})
    after = with_numbers(before, {("Sheet", "A1"): "7"})
    assert values(after)[3:5] == [None, None]
    with ZipFile(BytesIO(after)) as package:
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")


def test_a_formula_beside_what_changed_keeps_its_result() -> None:
    before = book([1, 2, 5, "=IF(B1>1,1,0)"], results={"D1": "1"})
    assert values(with_numbers(before, {("Sheet", "A1"): "7"})) == [7, 2, 5, 1]


def test_a_formula_shared_by_neighbours_is_written_out_for_each() -> None:
    data = book([1, 2], ["=SUM(A1:A1)", "=SUM(B1:B1)"], results={"A2": "1", "B2": "2"})
    out = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(out, "w") as target:
        for entry in source.infolist():
            text = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                shared = b'<f t="shared" ref="A2:B2" si="0">SUM(A1:A1)</f>'
                text = text.replace(b"<f>SUM(A1:A1)</f>", shared)
                text = text.replace(b"<f>SUM(B1:B1)</f>", b'<f t="shared" si="0"/>')
                assert len(re.findall(b"shared", text)) == 2
            target.writestr(entry, text)
    after = with_numbers(out.getvalue(), {("Sheet", "B1"): "8"})
    assert values(after, 2) == [1, 8]


def test_an_empty_number_makes_a_cell_blank() -> None:
    before = book([1, 2, "=A1+B1"], results={"C1": "3"})
    assert values(with_numbers(before, {("Sheet", "A1"): ""})) == [None, 2, 2]


@pytest.mark.parametrize("place", [("Sheet", "Z9"), ("表三", "A1")])
def test_a_number_for_no_cell_is_refused(place: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="no "):
        with_numbers(book([1]), {place: "7"})


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(ValueError, match="no XLSX"):
        with_numbers(b"\xd0\xcf\x11\xe0", {("Sheet", "A1"): "7"})


def test_a_formula_without_a_kept_result_counts_what_it_gives() -> None:
    before = book([1, 2, "=A1+B1", "=C1+F1", "=F1*2", 4, "=E1+A1", "=E1+F1"], results={"D1": "7"})
    after = with_numbers(before, {("Sheet", "F1"): "5"})
    assert values(after) == [1, 2, None, 8, None, 5, None, None]


def test_formulas_that_need_each_other_come_to_an_end() -> None:
    many = ["=SUM(A1:Z1)"] * 20
    assert values(with_numbers(book([1, *many]), {("Sheet", "A1"): "2"}))[1:] == [None] * 20
