"""Tests of the workbook to be filled in: grids, formulas, protection, validation."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportgen.cli import run
from reportgen.forms.grid import TableGrid
from reportgen.model.report import Quantity
from reportgen.readers.folder import read_folder
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, LIBRARY, at, quantities, zeros

EDITIONS = pytest.mark.parametrize("form", ["2019", "2021"])


def book(form: str = "2021", numbers: Mapping[str, Quantity] | None = None) -> Any:
    cells = dict.fromkeys(FORMS[form].value_cells, Quantity(0))
    cells |= {at(name): cell for name, cell in (numbers or {}).items()}
    return openpyxl.load_workbook(io.BytesIO(fill_workbook(FORMS[form], cells)))


def sheets(form: str) -> list[tuple[Any, TableGrid]]:
    """Return the sheets of a blank workbook, each with its grid."""
    return list(zip(book(form).worksheets, FORMS[form].tables.values(), strict=False))


@EDITIONS
def test_one_sheet_per_table_named_by_its_section_and_one_of_notes(form: str) -> None:
    assert book(form).sheetnames == ["表二", "表三", "表四", "填写说明"]


@EDITIONS
def test_grid_is_merged_and_labelled_as_printed(form: str) -> None:
    for sheet, grid in sheets(form):
        merged = {str(area) for area in sheet.merged_cells.ranges}
        for cell in grid.cells():
            target = sheet.cell(cell.row + 2, cell.column + 1)
            if cell.role != "value":
                assert target.value == cell.label
            last = sheet.cell(cell.row + cell.row_span + 1, cell.column + cell.column_span)
            area = f"{target.coordinate}:{last.coordinate}"
            assert (area in merged) is (cell.row_span * cell.column_span > 1)


@EDITIONS
def test_totals_are_locked_formulas_and_the_rest_is_open(form: str) -> None:
    for sheet, grid in sheets(form):
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        for cell in grid.value_cells():
            target = sheet.cell(cell.row + 2, cell.column + 1)
            is_total = cell.path in FORMS[form].totals
            assert target.protection.locked is is_total
            assert (target.data_type == "f") is is_total


def test_formulas_are_sums_of_ranges() -> None:
    workbook = book()
    assert workbook["表三"]["J5"].value == "=SUM(D5:I5)"
    assert workbook["表三"]["D28"].value == "=SUM(D7:D27)"
    assert workbook["表四"]["E5"].value == "=SUM(A5:D5)"


def test_total_that_does_not_agree_is_kept_as_typed() -> None:
    name = "复议诉讼/行政复议/总计"
    workbook = book(numbers={name: Quantity(7)})
    assert workbook["表四"]["E5"].value == 7
    assert workbook["表四"]["J5"].data_type == "f"


@EDITIONS
def test_each_input_is_validated_as_its_kind_and_nothing_else_is(form: str) -> None:
    kinds = {
        "count": ("whole", "0"),
        "change": ("whole", "-999999999999"),
        "money": ("decimal", "0"),
    }
    for sheet, grid in sheets(form):
        rules = {}
        for rule in sheet.data_validations.dataValidation:
            for area in rule.sqref.ranges:
                for row, column in area.cells:
                    rules[row, column] = (rule.type, rule.formula1)
        expected = {
            (cell.row + 2, cell.column + 1): kinds[cell.type.kind]
            for cell in grid.value_cells()
            if cell.path not in FORMS[form].totals
        }
        assert {place: rules.get(place) for place in expected} == expected
        assert len(rules) == len(expected)


def test_number_formats_show_sign_and_unit() -> None:
    sheet = book("2019")["表二"]
    assert sheet["C8"].number_format == "+0;-0;0"
    assert sheet["C19"].number_format == 'General"元"'
    assert sheet["B4"].number_format == "0"


def test_broken_identity_turns_its_cells_red() -> None:
    formats = book()["表三"].conditional_formatting
    found = {str(item.sqref): item.rules[0].formula[0] for item in formats}
    balance = next(key for key in found if set(key.split()) == {"D5", "D6", "D28", "D29"})
    assert found[balance] == "NOT(SUM($D$5:$D$6)=SUM($D$28:$D$29))"
    assert found["J5"].startswith("NOT(SUM($J$5)=SUM($D$5:$I$5))")


@EDITIONS
def test_sheets_print_on_one_page_of_a4_with_a_frozen_head(form: str) -> None:
    for sheet, grid in sheets(form):
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
        assert int(re.sub("[A-Z]", "", sheet.freeze_panes)) == 2 + grid.header_rows


@EDITIONS
def test_notes_state_basis_and_every_identity(form: str) -> None:
    text = "\n".join(str(row[0].value) for row in book(form)["填写说明"].iter_rows())
    assert FORMS[form].basis in text
    for bound in FORMS[form].identities:
        assert bound.rule.title in text


def test_file_says_nothing_of_time_and_user() -> None:
    data = fill_workbook(FORMS["2021"], quantities(zeros("2021")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT", core) == ["1980-01-01T", "1980-01-01T"]
    assert ">reportgen</dc:creator>" in core


def test_new_folder_with_excel_checks_like_one_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--organ", "某市某局", "--year", "2025"]
    assert run(["new", str(tmp_path / "甲"), *common]) == 0
    assert run(["new", str(tmp_path / "乙"), *common, "--excel"]) == 0
    assert "数据.xlsx" in capsys.readouterr().out
    assert not (tmp_path / "甲" / "数据.xlsx").exists()
    text = (tmp_path / "乙" / "report.yaml").read_text(encoding="utf-8")
    assert "申请:" not in text
    assert "数据.xlsx" in text
    plain, excel = (read_folder(tmp_path / name, LIBRARY) for name in "甲乙")
    assert plain.report is not None
    assert excel.report is not None
    assert excel.report.cells == plain.report.cells
    assert [d.code for d in excel.diagnostics] == [d.code for d in plain.diagnostics]


def test_new_folder_with_excel_takes_over_last_year(tmp_path: Path) -> None:
    last, this = tmp_path / "2024", tmp_path / "2025"
    assert run(["new", str(last), "--organ", "某局", "--year", "2024", "--excel"]) == 0
    workbook = openpyxl.load_workbook(last / "数据.xlsx")
    workbook["表三"]["D5"] = workbook["表三"]["D29"] = 4
    workbook.save(last / "数据.xlsx")
    options = ["--organ", "某局", "--year", "2025", "--from", str(last), "--excel"]
    assert run(["new", str(this), *options]) == 0
    filled = openpyxl.load_workbook(this / "数据.xlsx")["表三"]
    assert (filled["D5"].value, filled["D6"].value) == (0, 4)


def test_cached_total_that_differs_is_found_at_its_cell(tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    assert run(["new", str(folder), "--organ", "某局", "--year", "2025", "--excel"]) == 0
    workbook = openpyxl.load_workbook(folder / "数据.xlsx")
    workbook["表四"]["E5"] = 3
    workbook.save(folder / "数据.xlsx")
    from reportgen.api import check_folder

    (found,) = [d for d in check_folder(folder).diagnostics if d.code.startswith("T")]
    assert (found.code, found.span and found.span.place) == ("T401", f"{folder}/数据.xlsx 表四!E5")
