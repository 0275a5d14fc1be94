"""A workbook (.xlsx) → its sheets as texts: the only reader that knows openpyxl.

Whatever the file holds, the outcome is sheets or findings; size and work are
bounded before the library sees a byte.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.files import is_inside
from reportgen.problems import system_reason
from reportgen.source import Sheet, SheetSpan
from reportgen.text import Word

MAX_FILE_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_XML_BYTES = 8_000_000  # of all parts but pictures: what has to be parsed
MAX_OTHER_BYTES = 3_000_000  # of these, what is neither a sheet nor its texts
MAX_TAGS = 400_000  # in all parts: some 100,000 cells, and a few seconds of work
MAX_COSTLY_TAGS = 30_000  # of sheets, besides cells: merges, validations, formats
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 10_000, 200, 20
MAX_CELLS = 100_000  # that hold something, in all sheets
MAX_CELL_CHARS = 1000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".wdp")
_DECIMALS = re.compile(r"\+?0\.(0{1,9})")
_SHEETS = ("xl/worksheets/", "xl/sharedStrings")
_CHEAP_TAG = re.compile(rb"</|<(?:\w+:)?(?:c|v|f|is|t|row)[\s/>]")
_LOCKS = ("~${}", ".~{}", ".~lock.{}#")  # Excel, WPS, LibreOffice
_OTHER_KINDS = (".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv")


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
    """A cell that is not blank: its text as shown, and what it is."""

    text: str
    kind: SheetCellKind = SheetCellKind.TEXT


class SheetData(Struct, frozen=True):
    """One sheet: its cells by 1-based row and column."""

    sheet: Sheet
    cells: Mapping[tuple[int, int], SheetCell]

    def place(self, row: int, column: int) -> SheetSpan:
        """Return the cell at *row* and *column* as a place to point at."""
        cell = self.cells.get((row, column))
        return SheetSpan(self.sheet, row, column, cell.text if cell else "")


class Workbook(Struct, frozen=True):
    """The sheets of one file, in order."""

    path: str
    sheets: tuple[SheetData, ...]


class _WorkbookRefusedError(Exception):
    def __init__(self, wording: str, limit: int = 0) -> None:
        super().__init__(wording)
        self.wording = wording
        self.limit = limit


def read_workbook(path: Path) -> tuple[Workbook | None, list[Finding]]:
    """Return the sheets of the file *path* and what is wrong with it as a file."""
    try:
        if not is_inside(path, path.parent):
            raise _WorkbookRefusedError("outside")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _WorkbookRefusedError("too-large", MAX_FILE_BYTES)
        workbook = _parse(path.read_bytes(), str(path))
    except _WorkbookRefusedError as error:
        limit = error.limit // 1_000_000
        return None, [_problem(path, {"上限": limit}, wording=error.wording)]
    except PermissionError:
        return None, [_problem(path, wording="in-use")]
    except OSError as error:
        return None, [_problem(path, {"原因": system_reason(error)}, wording="refused")]
    return workbook, _still_open(path)


def misnamed_workbook(path: Path) -> list[Finding]:
    """Return a finding when *path* is not there but a workbook of another kind so named is."""
    for suffix in _OTHER_KINDS:
        other = path.with_suffix(suffix)
        if other.is_file():
            return [_problem(other, {"工作簿": path.name}, wording="misnamed")]
    return []


def _problem(path: Path, values: Mapping[str, object] | None = None, *, wording: str) -> Finding:
    shown = {"文件": path.name, **(values or {})}
    return Finding("workbook-unreadable", None, shown, wording=wording, file=str(path))


def _still_open(path: Path) -> list[Finding]:
    """Return a hint when an office program holds *path* open: what is unsaved cannot be seen."""
    if not any(path.with_name(lock.format(path.name)).exists() for lock in _LOCKS):
        return []
    return [Finding("workbook-open", None, {"文件": path.name}, file=str(path))]


def _parse(data: bytes, path: str) -> Workbook:
    _examine(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library tells of extensions it drops
        try:
            return _load(data, path)
        except _WorkbookRefusedError:
            raise
        except Exception as error:  # whatever a damaged file makes the library raise
            raise _WorkbookRefusedError("damaged") from error


def _examine(data: bytes) -> None:
    """Refuse what is no ordinary workbook, by name, and what would be too much work."""
    if data.startswith(_OLE):
        raise _old_or_locked(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _refuse_kinds({entry.filename for entry in entries})
            _refuse_sizes(entries)
            _refuse_contents(archive, entries)
    except zipfile.BadZipFile:
        if data.startswith(b"PK"):
            raise _WorkbookRefusedError("damaged") from None
        raise _WorkbookRefusedError("other-kind") from None
    except _WorkbookRefusedError:
        raise
    except Exception as error:  # the same for the archive: its headers may claim anything
        raise _WorkbookRefusedError("damaged") from error


def _old_or_locked(data: bytes) -> _WorkbookRefusedError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _WorkbookRefusedError("password")
    return _WorkbookRefusedError("old-kind")


def _refuse_kinds(names: set[str]) -> None:
    if "xl/vbaProject.bin" in names:
        raise _WorkbookRefusedError("macros")
    if "xl/workbook.bin" in names:
        raise _WorkbookRefusedError("binary")
    if "xl/workbook.xml" in names:
        return
    if "word/document.xml" in names:
        raise _WorkbookRefusedError("word")
    if "content.xml" in names:
        raise _WorkbookRefusedError("opendocument")
    raise _WorkbookRefusedError("other-kind")


def _refuse_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise _WorkbookRefusedError("zip-password")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise _WorkbookRefusedError("unpacks-too-large", MAX_UNPACKED_BYTES)
    parsed = [entry for entry in entries if not entry.filename.lower().endswith(_PICTURES)]
    others = [entry.file_size for entry in parsed if not entry.filename.startswith(_SHEETS)]
    if sum(entry.file_size for entry in parsed) > MAX_XML_BYTES or sum(others) > MAX_OTHER_BYTES:
        raise _WorkbookRefusedError("too-full")


def _refuse_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse entity declarations, which no office program writes, and the strict variant."""
    tags = costly = 0
    for entry in entries:
        if not entry.filename.lower().endswith(_PICTURES):
            text = archive.read(entry).replace(b"\0", b"")  # UTF-16 or not
            tags += text.count(b"<")
            if entry.filename.startswith(_SHEETS[0]):
                costly += text.count(b"<") - sum(1 for _ in _CHEAP_TAG.finditer(text))
            if b"<!DOCTYPE" in text:
                raise _WorkbookRefusedError("damaged")
    if tags > MAX_TAGS or costly > MAX_COSTLY_TAGS:
        raise _WorkbookRefusedError("too-full")
    if b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml")[:4096]:
        raise _WorkbookRefusedError("strict")


def _load(data: bytes, path: str) -> Workbook:
    from openpyxl import load_workbook

    sheets: list[SheetData] = []
    values = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(BytesIO(data), read_only=True, keep_links=False)
    try:
        budget = MAX_CELLS
        for number, sheet in enumerate(values.worksheets[:MAX_SHEETS], 1):
            place = Sheet(path, str(sheet.title), number)
            cells = _cells(sheet, budget)
            for position, cell in _cells(formulas.worksheets[number - 1], budget).items():
                if cell.kind == SheetCellKind.FORMULA:
                    cells.setdefault(position, SheetCell("", SheetCellKind.FORMULA))
            sheets.append(SheetData(place, cells))
            budget -= len(cells)
    finally:
        values.close()
        formulas.close()
    return Workbook(path, tuple(sheets))


def _cells(sheet: Any, budget: int) -> dict[tuple[int, int], SheetCell]:
    """Return the cells of *sheet* that are not blank, *budget* of them at most."""
    cells: dict[tuple[int, int], SheetCell] = {}
    for row in sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS):
        for cell in _filled(row):
            if len(cells) >= budget:
                raise _WorkbookRefusedError("too-full")
            read = _cell(cell)
            if read.text.strip() or read.kind == SheetCellKind.FORMULA:
                cells[cell.row, cell.column] = read
    return cells


def _filled(row: Any) -> Iterator[Any]:
    return (cell for cell in row if cell.value is not None)


def _cell(cell: Any) -> SheetCell:
    value = cell.value
    if cell.data_type == "e":
        return SheetCell(str(value)[:MAX_CELL_CHARS], SheetCellKind.ERROR)
    if cell.data_type == "f":
        return SheetCell("", SheetCellKind.FORMULA)
    if isinstance(value, bool):
        return SheetCell(str(value).upper())
    if isinstance(value, int | float):
        return SheetCell(_number_text(value, str(cell.number_format)), SheetCellKind.NUMBER)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return SheetCell(str(value).removesuffix(" 00:00:00"), SheetCellKind.DATE)
    return SheetCell(str(value)[:MAX_CELL_CHARS])


def _number_text(number: int | float, number_format: str) -> str:
    """Return *number* in plain digits, of which Excel keeps fifteen.

    A plus sign and closing zeros are added where *number_format* shows them.
    """
    if isinstance(number, float):
        text = f"{number:.15g}"
        if "e" in text:
            text = format(Decimal(text), "f")
    else:
        text = str(number)
    if decimals := _DECIMALS.match(number_format):
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction.ljust(len(decimals[1]), '0')}"
    return f"+{text}" if number > 0 and number_format.startswith("+") else text
