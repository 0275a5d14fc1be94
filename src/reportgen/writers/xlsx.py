"""Serialising a workbook so that equal content gives equal bytes."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

_EPOCH = (1980, 1, 1, 0, 0, 0)


class _DatedZip(ZipFile):
    """An archive whose entries have a fixed date: a clock may say a year that ZIP cannot."""

    def writestr(self, zinfo_or_arcname: ZipInfo | str, *words: Any, **settings: Any) -> None:
        """Write an entry, under its name alone if that is all that is known of it."""
        entry = zinfo_or_arcname
        info = entry if isinstance(entry, ZipInfo) else ZipInfo(entry, _EPOCH)
        super().writestr(info, *words, **settings)


def workbook_bytes(book: Workbook, title: str) -> bytes:
    """Return the XLSX file of *book* with the title *title* and with fixed dates.

    ``Workbook.save`` of openpyxl would store the current time in the properties and in the ZIP
    entries.
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
            target.writestr(info, source.read(entry))
    return out.getvalue()
