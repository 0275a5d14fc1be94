"""Numbers → 数据.xlsx → numbers: nothing is lost, and each ends in its own cell of the report."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.document.compose import compose_document
from reportgen.document.nodes import Table
from reportgen.forms.form import Form, complete_cells
from reportgen.forms.numbers import show_quantity
from reportgen.model.report import CellPath, Quantity
from reportgen.readers.folder import read_folder
from reportgen.readers.sheet_table import WorkbookTables
from reportgen.readers.workbook import read_tables, read_workbook
from reportgen.workflows.new import create_folder
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, LIBRARY, at, quantities, worded, zeros
from tests.strategies import Numbers, balanced_numbers, balanced_yaml

SAMPLES = Path(__file__).parents[2] / "samples"
EDITIONS = pytest.mark.parametrize("form", ["2019", "2021"])


def read(data: bytes, form: Form) -> WorkbookTables:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "数据.xlsx")
        path.write_bytes(data)
        workbook, found = read_workbook(path)
    assert workbook is not None, found
    return read_tables(workbook, form)


def through(form: Form, cells: Mapping[CellPath, Quantity]) -> dict[CellPath, Quantity]:
    """Return *cells* as they come back from a workbook, totals computed."""
    tables = read(fill_workbook(form, cells), form)
    return complete_cells(form, tables.cells, zero_missing=False)


@EDITIONS
@given(data=st.data())
@settings(max_examples=15)
def test_balanced_numbers_come_back(form: str, data: st.DataObject) -> None:
    cells = quantities(data.draw(balanced_numbers(form)))
    assert through(FORMS[form], cells) == cells


@st.composite
def spoilt(draw: st.DrawFn, form: str) -> dict[CellPath, Quantity]:
    """Draw a report with gaps, strokes, unreadable texts and totals that do not add up."""
    numbers: Numbers = draw(balanced_numbers(form))
    cells = quantities(numbers)
    for name in draw(st.lists(st.sampled_from(sorted(cells)), max_size=12, unique=True)):
        odd = draw(
            st.sampled_from(
                [
                    None,
                    Quantity(None, "/"),
                    Quantity(None, "约 3", invalid=True),
                    Quantity(numbers[name] + 1),
                ]
            )
        )
        cells.pop(name)
        if odd is not None:
            cells[name] = odd
    return cells


@EDITIONS
@given(data=st.data())
@settings(max_examples=15)
def test_gaps_strokes_and_wrong_totals_come_back_as_they_are(
    form: str, data: st.DataObject
) -> None:
    cells = data.draw(spoilt(form))
    back = read(fill_workbook(FORMS[form], cells), FORMS[form]).cells
    expected = complete_cells(FORMS[form], cells, zero_missing=False)
    assert complete_cells(FORMS[form], back, zero_missing=False) == expected


@EDITIONS
def test_a_total_with_an_unreadable_part_has_no_result(form: str) -> None:
    """It would be read back as a number that nobody has stated."""
    total, part = at("申请/本年新收/总计"), at("申请/本年新收/自然人")
    cells = quantities(zeros(form))
    cells.pop(total)
    cells[part] = Quantity(None, "约 3", invalid=True)
    back = read(fill_workbook(FORMS[form], cells), FORMS[form]).cells
    assert total not in back
    assert complete_cells(FORMS[form], back, zero_missing=False)[total].invalid


@EDITIONS
@given(data=st.data())
@settings(max_examples=10)
def test_yaml_and_workbook_say_the_same(form: str, data: st.DataObject) -> None:
    _, text = data.draw(balanced_yaml(form))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.yaml").write_text(text, encoding="utf-8")
        typed = read_folder(folder, LIBRARY).report
        assert typed is not None
        head = text.split("\n主动公开:")[0] + "\n"
        (folder / "report.yaml").write_text(head, encoding="utf-8")
        (folder / "数据.xlsx").write_bytes(fill_workbook(FORMS[form], typed.cells))
        filled = read_folder(folder, LIBRARY).report
    assert filled is not None
    assert filled.cells == typed.cells
    shown = {n: show_quantity(q, FORMS[form].value_cells[n].type) for n, q in typed.cells.items()}
    assert {
        n: show_quantity(q, FORMS[form].value_cells[n].type) for n, q in filled.cells.items()
    } == shown


@pytest.mark.parametrize("number", ["0.1", "123456789012.345", "3892431", "0.000001", "1E+3"])
def test_money_comes_back_to_the_last_digit(number: str) -> None:
    path = at("主动公开/政府集中采购/采购总金额")
    cells = {path: Quantity(Decimal(number))}
    assert read(fill_workbook(FORMS["2019"], cells), FORMS["2019"]).cells == cells


@pytest.mark.parametrize("sample", ["fuyang-emergency-2020", "qinghe-county-2023"])
def test_sample_filled_in_by_hand_in_the_new_workbook_is_the_same_report(
    tmp_path: Path, sample: str
) -> None:
    typed = read_folder(SAMPLES / sample, LIBRARY).report
    assert typed is not None
    folder = tmp_path / "报告"
    create_folder(folder, typed.organ, typed.year, None, excel=True)
    form = FORMS[typed.form]
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    sheets = dict(zip(form.tables, book.worksheets, strict=False))
    for key, grid in form.tables.items():
        for cell in grid.value_cells():
            if cell.path not in form.totals:
                value = typed.cells[cell.path].number
                sheets[key].cell(cell.row + 2, cell.column + 1).value = value
    book.save(folder / "数据.xlsx")
    filled = read_folder(folder, LIBRARY).report
    assert filled is not None
    assert filled.cells == typed.cells


@EDITIONS
def test_each_number_stands_in_its_own_cell_of_the_document(form: str, tmp_path: Path) -> None:
    prescribed = FORMS[form]
    year = prescribed.first_year
    create_folder(tmp_path / "报告", "某市某局", year, None, excel=True)
    names = [name for name in prescribed.value_cells if name not in prescribed.totals]
    numbers = {name: 1000 + index for index, name in enumerate(names)}
    data = fill_workbook(prescribed, quantities(numbers))
    (tmp_path / "报告" / "数据.xlsx").write_bytes(data)
    report = read_folder(tmp_path / "报告", LIBRARY).report
    assert report is not None
    tables = [b for b in compose_document(report, prescribed).blocks if isinstance(b, Table)]
    shown = {c.name: c.text for table in tables for row in table.rows for c in row if c.name}
    assert set(shown) == set(prescribed.value_cells)
    assert {name: int(shown[name].strip("+元")) for name in names} == numbers


def calc(folder: Path, source: Path, kind: str) -> Path | None:
    """Return *source* as LibreOffice Calc saves it as *kind*, None where there is no Calc."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    out = folder / "out"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", kind, "--outdir", str(out)]
    subprocess.run([*command, str(source)], capture_output=True, check=False, timeout=100)
    made = out / source.with_suffix(f".{kind}").name
    return made if made.exists() else None


@EDITIONS
def test_libreoffice_computes_the_totals_that_we_compute(form: str, tmp_path: Path) -> None:
    prescribed = FORMS[form]
    names = [name for name in prescribed.value_cells if name not in prescribed.totals]
    cells = quantities({name: index for index, name in enumerate(names, 1)})
    path = tmp_path / "数据.xlsx"
    path.write_bytes(fill_workbook(prescribed, cells))
    made = calc(tmp_path, path, "xlsx")
    if made is None:
        pytest.skip("LibreOffice Calc is not installed")
    tables = read(made.read_bytes(), prescribed)
    assert worded(tables.found) == []
    assert set(tables.cells) == set(prescribed.value_cells)  # totals come with values now
    assert tables.cells == complete_cells(prescribed, cells, zero_missing=False)


def test_workbook_is_equal_for_equal_numbers() -> None:
    cells = quantities(dict.fromkeys(FORMS["2021"].value_cells, 0))
    first, second = (fill_workbook(FORMS["2021"], cells) for _ in range(2))
    assert first == second
    assert openpyxl.load_workbook(io.BytesIO(first)).properties.creator == "reportgen"
