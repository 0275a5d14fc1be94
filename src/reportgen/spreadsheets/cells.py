"""What a workbook holds, whatever the format of its file: sheets of cells.

Read is what a report needs: the values as last saved, which of them are formulas, number formats,
hidden sheets, rows and columns, merged cells.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from reportgen.source import Sheet, SheetSpan
from reportgen.spreadsheets.number_formats import is_date_format
from reportgen.text import Word

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 10_000, 200, 20
MAX_CELLS = 100_000
"""Cells that hold something, in all sheets."""
MAX_CELL_CHARS = 1000
_NAMED = 5
"""Sheets that a message names."""
MAX_MERGED = 2_000
"""Merged areas of a sheet; the official tables have some twenty."""

Area: TypeAlias = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, from 1."""

DAY_ZERO, DAY_ZERO_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)
"""The days that numbers of days are counted from: of most workbooks, and of old ones of a Mac."""
_LAST_DAY = 2_958_465
_DECIMALS = re.compile(r"\+?0\.(0{1,9})")


class TooFullError(ValueError):
    """The workbook holds more cells than a report can have."""


class SheetCellKind(Word):
    """What a spreadsheet takes a cell for."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    ERROR = "error"
    """A formula that failed, its text ``#REF!`` or the like."""
    FORMULA = "formula"
    """A formula whose result nobody has computed yet, its text empty."""


class SheetCell(Struct, frozen=True):
    """A cell that is not blank: its text, and what it is.

    A number is in plain digits, whatever its ``number_format`` makes of them, which is empty
    when there is none.  ``computed`` says whether a formula made the value.
    """

    text: str
    kind: SheetCellKind = SheetCellKind.TEXT
    number_format: str = ""
    computed: bool = False


class SheetData(Struct, frozen=True):
    """One sheet: its cells by 1-based row and column, and what is hidden or merged in it."""

    sheet: Sheet
    cells: Mapping[tuple[int, int], SheetCell]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: Sequence[Area] = ()
    is_cut: bool = False
    """Whether it holds something below MAX_ROWS or right of MAX_COLUMNS, which was not read."""

    def place(self, row: int, column: int) -> SheetSpan:
        """Return the cell at *row* and *column* as a place to point at."""
        cell = self.cells.get((row, column))
        return SheetSpan(self.sheet, row, column, cell.text if cell else "")


class Workbook(Struct, frozen=True):
    """The sheets of one file, in order."""

    path: str
    sheets: tuple[SheetData, ...]
    passed_over: tuple[str, ...] = ()
    """The names of the sheets behind the first MAX_SHEETS, which were not read."""

    @property
    def unread(self) -> str:
        """What was not read, as a user is told; empty when all of it was."""
        cut = "、".join(f"“{data.sheet.name}”" for data in self.sheets if data.is_cut)
        others = "、".join(f"“{name}”" for name in self.passed_over[:_NAMED])
        more = f"等 {len(self.passed_over)} 张" if len(self.passed_over) > _NAMED else ""
        within = f"{cut}第 {MAX_ROWS} 行以下或第 {MAX_COLUMNS} 列以右" if cut else ""
        behind = f"第 {MAX_SHEETS} 张以后的工作表（{others}{more}）" if others else ""
        return "；".join(part for part in (within, behind) if part)


def number_cell(
    number: float, number_format: str, day_zero: datetime.datetime, *, computed: bool = False
) -> SheetCell | None:
    """Return the cell that holds *number*, or the day that it stands for; None if it is infinite.

    Spreadsheets keep fifteen digits of a number.
    """
    exact = Decimal(f"{number:.15g}")
    if not exact.is_finite():
        return None
    if is_date_format(number_format) and 0 <= number <= _LAST_DAY:
        day = day_zero + datetime.timedelta(days=number)
        return SheetCell(str(day).removesuffix(" 00:00:00"), SheetCellKind.DATE)
    text = _number_text(exact, number_format)
    return SheetCell(text, SheetCellKind.NUMBER, number_format, computed)


def _number_text(number: Decimal, number_format: str) -> str:
    """Return *number* in plain digits.

    A plus sign and closing zeros are added where *number_format* shows them.
    """
    text = format(number, "f")
    if decimals := _DECIMALS.match(number_format):
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction.ljust(len(decimals[1]), '0')}"
    return f"+{text}" if number > 0 and number_format.startswith("+") else text
