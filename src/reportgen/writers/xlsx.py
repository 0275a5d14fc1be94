"""Serialising a workbook so that equal content gives equal bytes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
