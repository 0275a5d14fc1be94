"""The official tables read out of finished DOCX files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest

from reportgen.api import build_folder, check_folder
from reportgen.forms.form import Form
from reportgen.model.report import Report
from reportgen.published.docx import find_cells, read_docx_report, read_rows
from tests.builders import DATA, FORMS, at
from tests.regulation.published import read_tables

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


def amounts(report: Report) -> dict[str, object]:
    return {name: cell.amount for name, cell in report.cells.items()}


@pytest.mark.parametrize("sample", ["yunxi-market-2024", "fuyang-emergency-2020"])
def test_our_own_docx_gives_back_every_number(sample: str, tmp_path: Path) -> None:
    original = check_folder(SAMPLES / sample).report
    assert original is not None
    built = build_folder(SAMPLES / sample, tmp_path, formats=["docx"])
    read = read_docx_report(built.written[0].path, list(FORMS.values()), original.year)
    assert read is not None
    assert read[1].id == original.form
    assert amounts(read[0]) == amounts(original)


@pytest.mark.parametrize("year", [2019, 2024])
def test_published_tables_are_found_in_any_grid(year: int, tmp_path: Path) -> None:
    rows = [
        [cell.text for cell in table if cell.row == row]
        for table in read_tables(DATA / f"pingtan-{year}.tables.html")
        for row in range(1 + max(cell.row for cell in table))
    ]
    form = FORMS["2019" if year < 2021 else "2021"]
    found = find_cells(form, rows)
    assert set(found) == set(form.value_cells)
    assert found[at("申请/本年新收/总计")].number == {2019: 23, 2024: 218}[year]
    assert not any(cell.invalid for cell in found.values())


def save(path: Path, *tables: Sequence[Sequence[str]]) -> Path:
    document: Any = docx.Document()
    for texts in tables:
        table = document.add_table(len(texts), max(map(len, texts)))
        for row, line in zip(table.rows, texts, strict=True):
            for cell, text in zip(row.cells, line, strict=False):
                cell.text = text
    document.save(str(path))
    return path


def test_docx_without_the_tables_is_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.docx", [["规章", "1", "2", "3"]])
    assert read_docx_report(path, list(FORMS.values()), 2023) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text"])
def test_file_that_is_no_docx_is_nothing(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    assert read_rows(path) == []
    assert read_docx_report(path, list(FORMS.values()), 2023) is None


def test_cell_that_is_no_number_is_not_understood() -> None:
    rows = [["规章", "/", "十九", "+3"], ["行政规范性文件", "1,234", "１２", ""]]
    found = find_cells(FORMS["2021"], rows)
    numbers = [cell.number for cell in found.values()]
    assert numbers == [None, None, 3, 1234, 12, None]
    assert [cell.invalid for cell in found.values()] == [False, True, False, False, False, False]


@pytest.mark.parametrize(
    "shown", ["389.2431万元", "3,892,431元", "3892431", "３８９．２４３１ 万元"]
)
def test_amount_counts_in_the_unit_of_its_cell(shown: str) -> None:
    form = FORMS["2019"]
    path = at("主动公开/政府集中采购/采购总金额")
    rows = [["政府集中采购", "12", shown]]
    assert find_cells(form, rows)[path].number == 3_892_431


def test_amount_in_an_unknown_unit_is_not_understood() -> None:
    path = at("主动公开/政府集中采购/采购总金额")
    found = find_cells(FORMS["2019"], [["政府集中采购", "12", "389.2431千元"]])[path]
    assert (found.number, found.invalid) == (None, True)


def test_fraction_is_no_count() -> None:
    found = find_cells(FORMS["2021"], [["规章", "1.5", "-2", "3"]])
    assert [cell.invalid for cell in found.values()] == [True, True, False]


def as_published(form: Form) -> list[list[str]]:
    """Return the tables of *form* with 7 in each cell, one below the other."""
    grids = form.tables.values()
    return [[cell.label or "7" for cell in row] for grid in grids for row in grid.rows]


def test_row_that_is_missing_loses_no_other() -> None:
    form = FORMS["2021"]
    rows = [
        [cell.label or "7" for cell in row] for grid in form.tables.values() for row in grid.rows
    ]
    lost = next(n for n, row in enumerate(rows) if "2.重复申请" in row)
    found = find_cells(form, rows[:lost] + rows[lost + 1 :])
    assert len(found) == len(form.value_cells) - 7
    assert {cell.number for cell in found.values()} == {7}


def test_table_goes_on_behind_a_repeated_head() -> None:
    form = FORMS["2021"]
    rows = [
        [cell.label or "7" for cell in row] for grid in form.tables.values() for row in grid.rows
    ]
    start = next(n for n, row in enumerate(rows) if "2.重复申请" in row)
    head = next(n for n, row in enumerate(rows) if "自然人" in row)
    found = find_cells(form, [*rows[:start], rows[head], *rows[start:]])
    assert len(found) == len(form.value_cells)


def test_last_years_docx_takes_part_in_the_check(tmp_path: Path) -> None:
    built = build_folder(SAMPLES / "yunxi-market-2024", tmp_path, formats=["docx"])
    folder = tmp_path / "next"
    folder.mkdir()
    data = (SAMPLES / "yunxi-market-2024" / "report.yaml").read_text(encoding="utf-8")
    data = data.replace("年度: 2024", f"年度: 2025\n上年: ../{built.written[0].path.name}")
    (folder / "report.yaml").write_text(data, encoding="utf-8")
    (folder / "正文.md").write_text("# 总体情况\n\n公开。\n", encoding="utf-8")
    codes = {item.code for item in check_folder(folder).diagnostics}
    assert {"T501", "T503"} <= codes


def test_other_files_cannot_be_last_years(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "b.docx").write_bytes(b"PK")
    for name, says in (("a.pdf", "只能读取"), ("b.docx", "没有读出三张表"), ("c", "没有找到")):
        text = f"单位: 某局\n年度: 2024\n上年: {name}\n"
        (tmp_path / "report.yaml").write_text(text, encoding="utf-8")
        (hit,) = [d for d in check_folder(tmp_path).diagnostics if d.code == "I113"]
        assert says in hit.message
