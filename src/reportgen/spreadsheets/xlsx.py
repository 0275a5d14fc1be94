"""The parts of an .xlsx package → sheets of cells (ECMA-376-1, 18.2 to 18.8).

What a report does not need is passed over, so that a colour, a name or a date of saving that is
not by the book keeps no number from being read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from posixpath import dirname, join, normpath
from typing import Any
from xml.etree import ElementTree

from msgspec import Struct, field

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
    Area,
    SheetCell,
    SheetCellKind,
    SheetData,
    TooFullError,
    Workbook,
    number_cell,
)
from reportgen.text import INVISIBLE

_WORKBOOK = "xl/workbook.xml"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_PLAIN_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?\s*")
"""A number as XML writes it (XML Schema 1.0 part 2, 3.2.5)."""
_TRUE = ("1", "true")
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 37: "#,##0_);(#,##0)", 38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);(#,##0.00)", 41: '#,##0;-#,##0;"-"',
    42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"', 44: '#,##0.00;-#,##0.00;"-"',
    48: "##0.0E+0",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "yyyy-mm-dd"),
}  # fmt: skip
"""The formats that a package names by number alone, the Chinese dates among them (18.8.30)."""


def read_package(archive: zipfile.ZipFile, path: str) -> Workbook:
    """Return the sheets of the package *archive*; *path* names the file in messages.

    Raises TooFullError, and nearly anything when the package is damaged.
    """
    reader = _PackageReader(archive)
    sheets: list[SheetData] = []
    budget = MAX_CELLS
    listed = list(reader.sheets())
    for name, part, hidden in listed[:MAX_SHEETS]:
        place = Sheet(path, name, len(sheets) + 1)
        data = _SheetReader(reader, place, hidden, budget).read(archive.read(part))
        budget -= len(data.cells)
        sheets.append(data)
    return Workbook(path, tuple(sheets), tuple(name for name, _, _ in listed[MAX_SHEETS:]))


def _parsed(xml: bytes) -> Any:
    return ElementTree.fromstring(xml)  # noqa: S314 - callers refuse declarations of entities


def _name(element: Any) -> str:
    """Return the name of *element* without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _is_on(element: Any, name: str) -> bool:
    return element.get(name, "").lower() in _TRUE


def _children(element: Any, *names: str) -> Iterator[Any]:
    """Yield the children of *element* down the path *names*."""
    for child in element:
        if _name(child) == names[0]:
            if len(names) == 1:
                yield child
            else:
                yield from _children(child, *names[1:])


def _text_of(element: Any) -> str:
    """Return the characters of a string item, without the readings of its characters (18.4.8)."""
    texts = []
    for child in element:
        if _name(child) == "t":
            texts.append(child.text or "")
        elif _name(child) == "r":
            texts.append(_text_of(child))
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(texts))


class _PackageReader:
    """The parts that all sheets share, and where the sheets are."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._book = _parsed(archive.read(_WORKBOOK))
        self._targets = dict(self._relations())
        shared = self._shared("sharedStrings")
        self.texts = [] if shared is None else [_text_of(item) for item in _children(shared, "si")]
        styles = self._shared("styles")
        self.formats = [] if styles is None else list(_number_formats(styles))
        is_1904 = any(_is_on(item, "date1904") for item in _children(self._book, "workbookPr"))
        self.day_zero = DAY_ZERO_1904 if is_1904 else DAY_ZERO

    def sheets(self) -> Iterator[tuple[str, str, bool]]:
        """Yield name and part of each sheet with cells, and whether it is hidden, in order."""
        for sheet in _children(self._book, "sheets", "sheet"):
            number = next((text for key, text in sheet.items() if key.endswith("}id")), "")
            kind, part = self._targets.get(number, ("", ""))
            if kind == "worksheet":
                yield sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"

    def _relations(self) -> Iterator[tuple[str, tuple[str, str]]]:
        part = f"{dirname(_WORKBOOK)}/_rels/{_WORKBOOK.rpartition('/')[2]}.rels"
        for relation in _parsed(self._archive.read(part)):
            kind = relation.get("Type", "").rpartition("/")[2]
            target = normpath(join("/", dirname(_WORKBOOK), relation.get("Target", "")))
            yield relation.get("Id", ""), (kind, target.lstrip("/"))

    def _shared(self, kind: str) -> Any:
        part = next((part for known, part in self._targets.values() if known == kind), "")
        if part not in self._archive.namelist():
            return None
        return _parsed(self._archive.read(part))


def _number_formats(styles: Any) -> Iterator[str]:
    """Yield the number format of each style that a cell may have, empty for the usual one."""
    own = {
        item.get("numFmtId"): item.get("formatCode", "")
        for item in _children(styles, "numFmts", "numFmt")
    }
    for style in _children(styles, "cellXfs", "xf"):
        number = style.get("numFmtId", "0")
        known = own.get(number) or (_BUILT_IN.get(int(number), "") if number.isdecimal() else "")
        yield "" if known in (GENERAL, "@") else known


class _SheetReader(Struct):
    """Reads one sheet of at most *budget* cells."""

    package: _PackageReader
    place: Sheet
    hidden: bool
    budget: int
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    is_cut: bool = False

    def read(self, xml: bytes) -> SheetData:
        """Return the sheet that the part *xml* holds."""
        root = _parsed(xml)
        number = 0
        for row in _children(root, "sheetData", "row"):
            number = _number(row.get("r")) or number + 1
            if number > MAX_ROWS:
                self.is_cut |= any(map(self._cell, _children(row, "c")))
                if self.is_cut:
                    break
                continue
            self._row(number, row)
        merged = _children(root, "mergeCells", "mergeCell")
        return SheetData(
            self.place,
            self.cells,
            self.hidden,
            frozenset(self.hidden_rows),
            frozenset(_hidden_columns(root)),
            tuple(islice(filter(None, map(_area, merged)), MAX_MERGED)),
            self.is_cut,
        )

    def _row(self, number: int, row: Any) -> None:
        if _is_on(row, "hidden") or row.get("ht") == "0":
            self.hidden_rows.add(number)
        column = 0
        for cell in _children(row, "c"):
            place = _position(cell.get("r", ""))
            column = place[1] if place else column + 1
            read = self._cell(cell)
            if read and column > MAX_COLUMNS:
                self.is_cut = True
            elif read:
                if len(self.cells) >= self.budget:
                    raise TooFullError
                self.cells[number, column] = read

    def _cell(self, cell: Any) -> SheetCell | None:
        """Return what *cell* holds, None when it is blank."""
        computed = next(_children(cell, "f"), None) is not None
        value = next(_children(cell, "v"), None)
        typed = value.text or "" if value is not None else ""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            typed = "".join(map(_text_of, _children(cell, "is")))
        elif kind == "s":
            typed = self.package.texts[int(typed)] if typed else ""
        typed = typed.translate(INVISIBLE)
        if not typed.strip():
            return SheetCell("", SheetCellKind.FORMULA) if computed else None
        if kind == "e":
            return SheetCell(typed[:MAX_CELL_CHARS], SheetCellKind.ERROR, computed=computed)
        if kind == "b":
            return SheetCell("TRUE" if typed.strip() in _TRUE else "FALSE", computed=computed)
        if kind == "d":
            return SheetCell(typed.removesuffix("T00:00:00"), SheetCellKind.DATE)
        if kind == "n" and (read := self._number(cell, typed, computed)):
            return read
        return SheetCell(typed[:MAX_CELL_CHARS], computed=computed)

    def _number(self, cell: Any, typed: str, computed: bool) -> SheetCell | None:
        """Return the number *typed* with its format, or the day it stands for; None for neither."""
        if not _PLAIN_NUMBER.fullmatch(typed):  # float() reads more: 2_7, nan
            return None
        style = _number(cell.get("s"))
        formats = self.package.formats
        number_format = formats[style] if style < len(formats) else ""
        return number_cell(float(typed), number_format, self.package.day_zero, computed=computed)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _position(reference: str) -> tuple[int, int] | None:
    """Return row and column of a cell that is named like ``B3``, None for another name."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _area(merged: Any) -> Area | None:
    first, _, last = merged.get("ref", "").partition(":")
    top, bottom = _position(first), _position(last)
    return (*top, *bottom) if top and bottom else None


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for column in _children(sheet, "cols", "col"):
        if _is_on(column, "hidden") or column.get("width") == "0":
            first, last = _number(column.get("min")), _number(column.get("max"))
            yield from range(first, min(last, MAX_COLUMNS) + 1)
