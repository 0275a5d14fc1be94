"""Workbooks as sheets of cells, and what a cell shows of its number.

The bytes of a workbook (.xlsx, .xls, .et) come in; its sheets go out, each cell with its value as
last saved and its place.  Sizes are bounded, and nothing is calculated.
"""

from __future__ import annotations

from reportgen.spreadsheets.cells import (
    NOTES_SHEET,
    SheetCell,
    SheetCellKind,
    SheetData,
    ShownNumber,
    TooFullError,
    Workbook,
    is_same_number,
    show_number,
)
from reportgen.spreadsheets.xls import LockedError, read_xls
from reportgen.spreadsheets.xlsx import read_package

__all__ = [
    "NOTES_SHEET",
    "LockedError",
    "SheetCell",
    "SheetCellKind",
    "SheetData",
    "ShownNumber",
    "TooFullError",
    "Workbook",
    "is_same_number",
    "read_package",
    "read_xls",
    "show_number",
]
