"""An .xls workbook, also .et of WPS (BIFF, [MS-XLS]) → sheets of cells.

The library reads the whole file at once, so callers bound its size.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reportgen.source import Sheet
from reportgen.spreadsheets.cells import (
    DAY_ZERO,
    DAY_ZERO_1904,
    GENERAL,
    MAX_CELL_CHARS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_MERGED,
    MAX_ROWS,
    MAX_SHEETS,
    SheetCell,
    SheetCellKind,
    SheetData,
    TooFullError,
    Workbook,
    number_cell,
)
from reportgen.text import INVISIBLE

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet as BookSheet

_NUMBER, _DATE, _BOOLEAN, _ERROR = 2, 3, 4, 5
"""Kinds of cells, as the library numbers them."""
_ENCRYPTED = "Workbook is encrypted"


class LockedError(ValueError):
    """The workbook has a password."""


def read_xls(data: bytes, path: str) -> Workbook:
    """Return the sheets of the workbook *data*; *path* names the file in messages.

    Raises LockedError, TooFullError, and nearly anything when the workbook is damaged.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
    except xlrd.XLRDError as error:
        if str(error) == _ENCRYPTED:
            raise LockedError from error
        raise
    sheets: list[SheetData] = []
    budget = MAX_CELLS
    listed = book.sheets()
    for sheet in listed[:MAX_SHEETS]:
        read = _sheet(book, sheet, Sheet(path, sheet.name, len(sheets) + 1), budget)
        budget -= len(read.cells)
        sheets.append(read)
    return Workbook(path, tuple(sheets), tuple(sheet.name for sheet in listed[MAX_SHEETS:]))


def _sheet(book: Book, sheet: BookSheet, place: Sheet, budget: int) -> SheetData:
    cells: dict[tuple[int, int], SheetCell] = {}
    is_cut = False
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            read = _cell(book, cell)
            if read and (row >= MAX_ROWS or column >= MAX_COLUMNS):
                is_cut = True
            elif read:
                if len(cells) >= budget:
                    raise TooFullError
                cells[row + 1, column + 1] = read
    return SheetData(
        place,
        cells,
        sheet.visibility != 0,
        frozenset(number + 1 for number, row in sheet.rowinfo_map.items() if row.hidden),
        frozenset(_hidden_columns(sheet)),
        tuple((a + 1, c + 1, b, d) for a, b, c, d in sheet.merged_cells[:MAX_MERGED]),
        is_cut,
    )


def _hidden_columns(sheet: BookSheet) -> Iterator[int]:
    return (number + 1 for number, column in sheet.colinfo_map.items() if column.hidden)


def _cell(book: Book, cell: Any) -> SheetCell | None:
    """Return what *cell* holds, None when it is blank.  Which are formulas is not known."""
    import xlrd

    if cell.ctype in (_NUMBER, _DATE):
        key = book.xf_list[cell.xf_index].format_key
        number_format = book.format_map[key].format_str
        if number_format.lower() == GENERAL.lower():
            number_format = ""
        day_zero = DAY_ZERO_1904 if book.datemode else DAY_ZERO
        return number_cell(cell.value, number_format, day_zero)
    if cell.ctype == _BOOLEAN:
        return SheetCell("TRUE" if cell.value else "FALSE")
    if cell.ctype == _ERROR:
        text = xlrd.error_text_from_code.get(cell.value, "#N/A")
        return SheetCell(text, SheetCellKind.ERROR, computed=True)
    text = str(cell.value).translate(INVISIBLE)
    return SheetCell(text[:MAX_CELL_CHARS]) if text.strip() else None
