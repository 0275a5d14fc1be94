"""Workbooks to fill in, changed in one line of a test, and read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.model.report import CellPath
from reportgen.readers.folder import Reading, read_folder
from reportgen.readers.sheet_table import WorkbookTables
from reportgen.readers.workbook import read_tables, read_workbook
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, LIBRARY, SECTION_TITLES, quantities

FORM = FORMS["2021"]
NUMBERS = {path: index for index, path in enumerate(FORM.value_cells, 1) if path not in FORM.totals}
NARRATIVE = "\n\n".join(f"# {title}\n\n已公开。" for title in SECTION_TITLES)
HEAD = "单位: 某市某局\n年度: 2024\n"
Change = Callable[[Book], object]


def save(folder: Path, *changes: Change) -> Path:
    """Write the filled-in workbook of the form of 2021 after *changes* into *folder*."""
    book = openpyxl.load_workbook(io.BytesIO(fill_workbook(FORM, quantities(NUMBERS))))
    for change in changes:
        change(book)
    path = folder / "数据.xlsx"
    book.save(path)
    return path


def read(folder: Path, *changes: Change) -> WorkbookTables:
    """Return what the filled-in workbook says after *changes*."""
    workbook, found = read_workbook(save(folder, *changes))
    assert workbook is not None, found
    return read_tables(workbook, FORM, 2024)


def put(sheet: str, **cells: Any) -> Change:
    """Return the change that types *cells* into *sheet*."""

    def change(book: Book) -> None:
        for name, value in cells.items():
            book[sheet][name] = value

    return change


def on(sheet: str, change: Callable[[Worksheet], object]) -> Change:
    """Return *change* as one of the sheet named *sheet*; merges follow the cells."""
    return lambda book: change(book[sheet])


def path_at(sheet: str, cell: str) -> CellPath:
    """Return the path of the number that *cell* of the form's own workbook holds."""
    folder = {"表二": "主动公开", "表三": "申请", "表四": "复议诉讼"}[sheet]
    grid = next(grid for grid in FORM.tables.values() if grid.key == folder)
    column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 2
    found = grid.cell_at(row, column)
    assert found is not None
    return found.path


def unmerged(sheet: Worksheet) -> None:
    """Undo every merge in *sheet*."""
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def folder(path: Path, data: str = HEAD, *changes: Change, workbook: bool = True) -> Reading:
    """Return the report folder *path* as it is read, after *changes* to its workbook."""
    (path / "report.yaml").write_text(data, encoding="utf-8")
    (path / "正文.md").write_text(NARRATIVE, encoding="utf-8")
    if workbook:
        save(path, *changes)
    return read_folder(path, LIBRARY)


def workbook(**cells: Any) -> bytes:
    """Return a workbook with *cells* in its first sheet, and nothing else."""
    book = openpyxl.Workbook()
    for name, value in cells.items():
        book.worksheets[0][name] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
