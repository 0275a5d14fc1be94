"""Workbooks (.xlsx, .xls, .et) → sheets of cells, and what a cell shows of its number."""

from __future__ import annotations

from reportgen.spreadsheets.cells import (
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
