"""A workbook (XLSX, XLS, ET) → the tables of its sheets, each cell with its place.

Values are as last computed and saved; a blank row or a row of one cell parts two tables.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from msgspec.structs import replace

from reportgen.forms import UNITS
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
from reportgen.spreadsheets import (
    NOTES_SHEET,
    LockedError,
    SheetCell,
    SheetCellKind,
    SheetData,
    TooFullError,
    Workbook,
    is_same_number,
    read_package,
    read_xls,
    show_number,
)
from reportgen.text import one_line

MAX_BOOK = 20_000_000
MAX_OLD_BOOK = 8_000_000
"""Bytes of an XLS, whose reader keeps every cell, blank ones too."""
MAX_AREA = 300_000
"""Cells and places under merged cells of a sheet, filled or not."""
_UNREADABLE = "这个工作簿无法读取，可以用 Excel 或 WPS 打开后重新保存"
_TOO_LARGE = "工作表过大，不像一份年度报告"
_NOT_COMPUTED = "（公式没有算出结果）"


def read_sheets(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the workbook *data* holds; *path* names it in messages.

    How to fill in the workbook is no text of a report.  Raises ValueError, worded for the user,
    when it cannot be read or is too large.
    """
    finder = Finder(path)
    book = _checked(data, path)
    for sheet in _shown(book):
        is_notes = sheet.sheet.name == NOTES_SHEET
        for block in _blocks(sheet):
            if not (is_notes and isinstance(block, RawParagraph)):
                finder.add(block)
    return replace(finder.finished(), unread=book.unread)


def read_lists(data: bytes, path: str) -> list[list[list[str]]]:
    """Return the texts of the cells of each sheet of the workbook *data*, by row and column.

    Of merged cells the first has the text.  Raises ValueError as :func:`read_sheets` does.
    """
    lists = []
    for sheet in _shown(_checked(data, path)):
        by_row = _by_row(sheet)
        rows = (by_row.get(row, {}) for row in range(1, max(by_row, default=0) + 1))
        lists.append(
            [
                [
                    cells[at].text if at in cells else ""
                    for at in range(1, max(cells, default=0) + 1)
                ]
                for cells in rows
            ]
        )
    return lists


def _shown(book: Workbook) -> Iterator[SheetData]:
    """Return the sheets of *book* that are not hidden."""
    return (sheet for sheet in book.sheets if not sheet.hidden)


def _checked(data: bytes, path: str) -> Workbook:
    """Return the workbook *data*, once its size and its package are found to be in order."""
    is_old = data.startswith(COMPOUND)
    largest = MAX_OLD_BOOK if is_old else MAX_BOOK
    if len(data) > largest:
        raise ValueError(f"工作簿超过 {largest // 1_000_000} MB")
    if is_old:
        check_compound(data)
    elif any(b"<!DOCTYPE" in part.replace(b"\0", b"") for part in xml_parts(data)):
        raise ValueError(_UNREADABLE)  # entities, which no office program declares
    return _opened(data, path, is_old=is_old)


def _opened(data: bytes, path: str, *, is_old: bool) -> Workbook:
    try:
        if is_old:
            return read_xls(data, path)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return read_package(archive, path)
    except LockedError:
        raise ValueError("工作簿有密码，无法读取；请去掉密码后再试") from None
    except TooFullError:
        raise ValueError(_TOO_LARGE) from None
    except Exception as error:  # whatever a damaged file makes the parsers raise
        raise ValueError(_UNREADABLE) from error


def _by_row(sheet: SheetData) -> dict[int, dict[int, SheetCell]]:
    """Return the cells of *sheet* by row and column; ValueError if their area is too large."""
    by_row: dict[int, dict[int, SheetCell]] = {}
    for (row, column), cell in sheet.cells.items():
        by_row.setdefault(row, {})[column] = cell
    area = max(by_row, default=0) * max((max(cells) for cells in by_row.values()), default=0)
    if area > MAX_AREA:
        raise ValueError(_TOO_LARGE)
    return by_row


def _blocks(sheet: SheetData) -> Iterator[RawBlock]:
    """Yield the tables of *sheet*, and as paragraphs the rows of one cell between them."""
    by_row = _by_row(sheet)
    spans = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
    covered = set(_covered(spans, max(by_row, default=0)))
    rows = []
    for row in range(1, max(by_row, default=0) + 1):
        cells = by_row.get(row, {})
        found = [
            _cell(sheet, row, column, cells.get(column), spans.get((row, column), (row, column)))
            for column in range(1, max(cells, default=0) + 1)
            if (row, column) not in covered
        ]
        rows.append(_without_end(found))
    for is_table, group in groupby(rows, key=lambda row: len(row) > 1):
        members = [row for row in group if any(cell.text for cell in row)]
        if is_table:
            yield RawTable(members)
        else:
            yield from (RawParagraph([RawRun(only.text)]) for (only,) in members)


def _covered(
    spans: Mapping[tuple[int, int], tuple[int, int]], last_row: int
) -> Iterator[tuple[int, int]]:
    """Yield the places under merged cells, their first ones left out."""
    budget = MAX_AREA
    for (top, left), (bottom, right) in spans.items():
        for row in range(top, min(bottom, last_row) + 1):
            budget -= right - left + 1
            if budget < 0:
                raise ValueError("工作表的合并单元格过多")
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    yield row, column


def _cell(
    sheet: SheetData, row: int, column: int, cell: SheetCell | None, last: tuple[int, int]
) -> RawCell:
    text, is_unsure = _text(cell) if cell else ("", False)
    return RawCell(
        text,
        last[0] - row + 1,
        last[1] - column + 1,
        place=sheet.place(row, column),
        is_unsure=is_unsure,
    )


def _text(cell: SheetCell) -> tuple[str, bool]:
    """Return the text of *cell*, and whether it leaves open which number that is.

    A number comes with the unit of money that its format prints behind it.  One whose format
    shows another number (``#,##0,`` shows thousands) may have been meant either way.
    """
    if cell.kind == SheetCellKind.FORMULA:
        return _NOT_COMPUTED, True
    if cell.kind != SheetCellKind.NUMBER:
        return one_line(cell.text), cell.kind == SheetCellKind.ERROR
    number = abs(Decimal(cell.text))
    shown = show_number(Decimal(cell.text), cell.number_format)
    unit = shown.behind.strip(" ()（）")
    words = shown.before if unit in UNITS else f"{shown.before}{shown.behind}"
    if not is_same_number(number, shown, words):
        return f"{cell.text}（显示为“{shown.text}”）", True
    return f"{cell.text}{unit}" if unit in UNITS else cell.text, False


def _without_end(cells: Sequence[RawCell]) -> list[RawCell]:
    """Return *cells* without the blank ones behind the last that holds something."""
    kept = list(cells)
    while kept and not kept[-1].text:
        kept.pop()
    first = next((n for n, cell in enumerate(kept) if cell.text), 0)
    return kept if len(kept) - first > 1 else kept[first:]
