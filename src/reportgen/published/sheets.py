"""A workbook (XLSX, XLS, ET) → the tables of its sheets, each cell with its place.

Values are as last computed and saved; a blank row or a row of one cell parts two tables.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from reportgen.published.found import (
    Finder,
    FoundFile,
    RawBlock,
    RawCell,
    RawParagraph,
    RawRun,
    RawTable,
)
from reportgen.published.packages import COMPOUND, check_compound, xml_parts
from reportgen.source import Sheet, SheetSpan

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MAX_SHEETS = 60
MAX_AREA = 300_000
"""Rows × columns of a sheet: the library keeps a place for each, filled or not."""
MAX_BOOK = 20_000_000
_UNREADABLE = "这个工作簿无法读取，可以用 Excel 或 WPS 打开后重新保存"
_PANIC = "PanicException"
"""What the library raises on a fault of its own: no Exception, and of no name to import."""
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})""", re.I)

Value: TypeAlias = int | float | str | bool | date | datetime | time | timedelta


def read_sheets(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the workbook *data* holds; *path* names it in messages.

    Raises ValueError, worded for the user, when it cannot be read or is too large.
    """
    import python_calamine

    if len(data) > MAX_BOOK:
        raise ValueError(f"工作簿超过 {MAX_BOOK // 1_000_000} MB")
    if zipfile.is_zipfile(io.BytesIO(data)):
        for content in xml_parts(data):
            _check_area(content)
    elif data.startswith(COMPOUND):
        check_compound(data)
    finder = Finder(path)
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            shown = [
                item.name
                for item in book.sheets_metadata
                if item.typ is python_calamine.SheetTypeEnum.WorkSheet
                and item.visible is python_calamine.SheetVisibleEnum.Visible
            ]
            for number, name in enumerate(shown[:MAX_SHEETS], 1):
                sheet = book.get_sheet_by_name(name)
                for block in _blocks(sheet, Sheet(path, name, number)):
                    finder.add(block)
    except python_calamine.PasswordError:
        raise ValueError("工作簿有密码，无法读取；请去掉密码后再试") from None
    except python_calamine.CalamineError as error:
        raise ValueError(_UNREADABLE) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise ValueError(_UNREADABLE) from error
    return finder.finished()


def _check_area(content: bytes) -> None:
    """Raise ValueError when a cell of *content*, maybe a sheet, lies too far out."""
    row = column = 0
    for letters, digits in set(_REFERENCE.findall(content)):
        row, column = max(row, int(digits)), max(column, _column(letters))
    if row * column > MAX_AREA:
        raise ValueError("工作表过大，不像一份年度报告")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _blocks(sheet: CalamineSheet, place: Sheet) -> Iterator[RawBlock]:
    """Yield the tables of *sheet*, and as paragraphs the rows of one cell between them."""
    last_row, last_column = sheet.end or (0, 0)
    if (last_row + 1) * (last_column + 1) > MAX_AREA:
        raise ValueError("工作表过大，不像一份年度报告")
    spans = dict(sheet.merged_cell_ranges or ())
    covered = set(_covered(spans.items(), last_row))
    rows = []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = [
            _cell(value, number, column, spans.get((number, column)), place)
            for column, value in enumerate(values)
            if (number, column) not in covered
        ]
        rows.append(_without_end(cells))
    for is_table, group in groupby(rows, key=lambda row: len(row) > 1):
        members = [row for row in group if any(cell.text for cell in row)]
        if is_table:
            yield RawTable(members)
        else:
            for (cell,) in members:
                yield RawParagraph([RawRun(cell.text)])


def _covered(spans: Any, last_row: int) -> Iterator[tuple[int, int]]:
    """Yield the places under merged cells, their first ones left out."""
    budget = MAX_AREA
    for (top, left), (bottom, right) in spans:
        for row in range(top, min(bottom, last_row) + 1):
            budget -= right - left + 1
            if budget < 0:
                raise ValueError("工作表的合并单元格过多")
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    yield row, column


def _cell(
    value: Value, row: int, column: int, last: tuple[int, int] | None, sheet: Sheet
) -> RawCell:
    text = _text(value)
    bottom, right = last or (row, column)
    place = SheetSpan(sheet, row + 1, column + 1, text)
    return RawCell(text, bottom - row + 1, right - column + 1, place=place)


def _text(value: Value) -> str:
    """Return *value* as a cell shows it; the library gives every number as a float."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return " ".join(str(value).split())


def _without_end(cells: Sequence[RawCell]) -> list[RawCell]:
    """Return *cells* without the blank ones behind the last that holds something."""
    kept = list(cells)
    while kept and not kept[-1].text:
        kept.pop()
    first = next((n for n, cell in enumerate(kept) if cell.text), 0)
    return kept if len(kept) - first > 1 else kept[first:]
