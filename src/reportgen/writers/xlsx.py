"""Serialising a workbook so that equal content gives equal bytes."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

_EPOCH = (1980, 1, 1, 0, 0, 0)


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
    ExcelWriter(book, ZipFile(raw, "w")).save()
    with ZipFile(raw) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = ZipInfo(entry.filename, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(entry))
    return out.getvalue()
