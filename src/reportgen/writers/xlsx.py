"""A workbook written so that equal content gives equal bytes, or changed in single cells."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

Results: TypeAlias = Mapping[int, Mapping[str, str]]
"""What formulas come to: by the number of their sheet, from 1, and the name of their cell."""

NO_RESULTS: Results = {}
_EPOCH = (1980, 1, 1, 0, 0, 0)


_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_FORMULA = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)<v ?(?:/>|></v>)')


class _DatedZip(ZipFile):
    """An archive whose entries have a fixed date: a clock may say a year that ZIP cannot."""

    def writestr(self, zinfo_or_arcname: ZipInfo | str, *words: Any, **settings: Any) -> None:
        """Write an entry, under its name alone if that is all that is known of it."""
        entry = zinfo_or_arcname
        info = entry if isinstance(entry, ZipInfo) else ZipInfo(entry, _EPOCH)
        super().writestr(info, *words, **settings)


def workbook_bytes(book: Workbook, title: str, results: Results = NO_RESULTS) -> bytes:
    """Return the bytes of *book*, named *title*, with every date fixed.

    *results* are what its formulas come to, for programs that show a workbook without working
    it out.  openpyxl's own way to save allows none of this.
    """
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = "reportgen"
    book.properties.title = title
    book.properties.created = book.properties.modified = datetime.datetime(*_EPOCH[:3])
    raw, out = BytesIO(), BytesIO()
    ExcelWriter(book, _DatedZip(raw, "w")).save()
    with ZipFile(raw) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = ZipInfo(entry.filename, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            data = source.read(entry)
            if sheet := _SHEET.fullmatch(entry.filename):
                data = _with_results(data, results.get(int(sheet[1]), {}))
            target.writestr(info, data)
    return out.getvalue()


def _with_results(data: bytes, results: Mapping[str, str]) -> bytes:
    """Return the part *data* of a sheet with the results of its formulas, by cell."""

    def with_result(formula: re.Match[bytes]) -> bytes:
        result = results.get(formula[2].decode())
        return formula[0] if result is None else formula[1] + f"<v>{result}</v>".encode()

    return _FORMULA.sub(with_result, data)


_MADE_BY_US = re.compile("<dc:creator[^>]*>reportgen</dc:creator>")
_TITLE = re.compile("<dc:title[^>]*>([^<]*)</dc:title>")
_MOST_PROPERTIES = 100_000


def title_of(data: bytes) -> str | None:
    """Return the title of the workbook *data* if :func:`workbook_bytes` wrote it, else None."""
    try:
        with ZipFile(BytesIO(data)) as package, package.open("docProps/core.xml") as part:
            text = part.read(_MOST_PROPERTIES).decode(errors="replace")
    except (BadZipFile, KeyError, ValueError):
        return None
    found = _TITLE.search(text)
    return html.unescape(found[1]) if found and _MADE_BY_US.search(text) else None


_CELL = r'<c r="{name}"(?P<attributes>[^>]*?)(?:/>|>(?P<inside>.*?)</c>)'
_TYPE = re.compile(r"\st=\"[^\"]*\"")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_SHEET_NAME = re.compile(r"<sheet\b[^>]*>")


def with_numbers(data: bytes, numbers: Mapping[tuple[str, str], str]) -> bytes:
    """Return the workbook *data* with *numbers* in its cells, by sheet and name of the cell.

    An empty number makes its cell blank.  Everything else stays as it is: looks, comments, and
    formulas, of which only the result kept with them is changed (ECMA-376 Part 1, 18.3.1.4).
    Raises ValueError if a sheet or cell is not there, or if *data* is no workbook of this kind.
    """
    try:
        return _changed(data, numbers)
    except (BadZipFile, KeyError) as error:
        raise ValueError("no XLSX") from error


def _changed(data: bytes, numbers: Mapping[tuple[str, str], str]) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        parts = _sheet_parts(source)
        changes: dict[str, dict[str, str]] = {}
        for (sheet, cell), number in numbers.items():
            if sheet not in parts:
                raise ValueError(f"no sheet {sheet}")
            changes.setdefault(parts[sheet], {})[cell] = number
        for entry in source.infolist():
            text = source.read(entry)
            for cell, number in changes.get(entry.filename, {}).items():
                text = _with_number(text.decode(), cell, number).encode()
            target.writestr(entry, text)
    return out.getvalue()


def _sheet_parts(package: ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its name."""
    relations = package.read("xl/_rels/workbook.xml.rels").decode()
    targets = {
        _attribute(found, "Id"): _attribute(found, "Target")
        for found in _RELATION.findall(relations)
    }
    book = package.read("xl/workbook.xml").decode()
    return {
        html.unescape(_attribute(found, "name")): _part(targets[_attribute(found, "r:id")])
        for found in _SHEET_NAME.findall(book)
    }


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attribute(element: str, name: str) -> str:
    found = re.search(rf"\b{name}=\"([^\"]*)\"", element)
    return found[1] if found else ""


def _with_number(text: str, cell: str, number: str) -> str:
    """Return the part *text* of a sheet with *number* in *cell*."""

    def changed(found: re.Match[str]) -> str:
        formula = re.search(r"<f\b[^<]*</f>|<f\b[^<>]*/>", found["inside"] or "")
        attributes = _TYPE.sub("", found["attributes"])
        inside = (formula[0] if formula else "") + (f"<v>{number}</v>" if number else "")
        return f'<c r="{cell}"{attributes}>{inside}</c>'

    changed_text, count = re.subn(_CELL.format(name=cell), changed, text, count=1, flags=re.S)
    if not count:
        raise ValueError(f"no cell {cell}")
    return changed_text
