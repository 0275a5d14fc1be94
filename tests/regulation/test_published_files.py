"""The tables that an office published, as files of every kind: each number comes back."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from docx import Document

from reportgen.published import read_bytes, recognise
from tests.builders import DATA, FORMS
from tests.regulation.published import PublishedCell, pingtan
from tests.test_real_reports import facts_of, printed_cells

Tables = Sequence[Sequence[PublishedCell]]
REPORTS = [pytest.param(2019, "2019", id="平潭2019"), pytest.param(2024, "2021", id="平潭2024")]


def _rows(table: Sequence[PublishedCell]) -> list[list[PublishedCell]]:
    last = max(cell.row for cell in table)
    return [[cell for cell in table if cell.row == row] for row in range(last + 1)]


def as_word(tables: Tables) -> bytes:
    """Return *tables* as a DOCX with merged cells, as they are pasted into Word."""
    document: Any = Document()
    for table in tables:
        height = max(cell.row + cell.row_span for cell in table)
        width = max(cell.column + cell.column_span for cell in table)
        made = document.add_table(height, width)
        for cell in table:
            bottom, right = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
            merged = made.cell(cell.row, cell.column).merge(made.cell(bottom, right))
            merged.text = cell.text.strip()
        document.add_paragraph("")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_pasted(tables: Tables, between: str = "\t") -> bytes:
    """Return *tables* as a browser copies them: the cells that each row begins."""
    texts = [
        "\n".join(between.join("".join(cell.text.split()) for cell in row) for row in _rows(table))
        for table in tables
    ]
    return "\n\n".join(texts).encode()


def as_gbk(tables: Tables) -> bytes:
    """Return *tables* as pasted into an editor of a Chinese Windows."""
    return as_pasted(tables).decode().encode("gbk")


def as_bars(tables: Tables) -> bytes:
    """Return *tables* with bars between the cells."""
    return as_pasted(tables, " | ")


FILES: dict[str, tuple[str, Callable[[Tables], bytes]]] = {
    "Word": ("年报.docx", as_word),
    "粘贴": ("年报.txt", as_pasted),
    "国标码": ("年报.txt", as_gbk),
    "竖线": ("年报.md", as_bars),
}


@pytest.mark.parametrize("kind", ["网页", *FILES])
@pytest.mark.parametrize(("year", "form"), REPORTS)
def test_every_number_that_was_published_comes_back(year: int, form: str, kind: str) -> None:
    if kind == "网页":
        name, data = "年报.html", (DATA / f"pingtan-{year}.tables.html").read_bytes()
    else:
        name, write = FILES[kind]
        data = write(pingtan(year))
    read = recognise(read_bytes(data, name, name[name.index(".") :]), [*FORMS.values()], year)
    assert read is not None
    assert read.form is FORMS[form]
    printed = printed_cells(facts_of(f"pingtan-{year}"), FORMS[form])
    assert {n: q.number for n, q in read.report.cells.items()} == {
        n: q.number for n, q in printed.items()
    }
    assert {item.slug for item in read.findings} == {"organ-not-found", "year-not-found"}


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("pingtan-2019.xls", "年报.xls"),  # by xlwt
        ("pingtan-2024.xls", "年报.xls"),
        ("pingtan-2024.xls", "年报.et"),  # what WPS writes by default is the same format
        ("pingtan-2024.doc", "年报.doc"),  # by LibreOffice
        ("pingtan-2024.doc", "年报.wps"),
    ],
)
def test_files_of_older_programs_are_read_whole(file: str, name: str) -> None:
    data, year = (DATA / file).read_bytes(), int(file[8:12])
    read = recognise(read_bytes(data, name, name[name.index(".") :]), [*FORMS.values()], year)
    assert read is not None
    printed = printed_cells(facts_of(f"pingtan-{year}"), read.form)
    assert {n: q.number for n, q in read.report.cells.items()} == {
        n: q.number for n, q in printed.items()
    }
