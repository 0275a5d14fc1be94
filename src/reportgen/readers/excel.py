"""A workbook file (.xlsx) → its sheets, or the finding that says why it cannot be read.

Size and work are bounded before a part of it is parsed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from reportgen.diagnostics import Finding
from reportgen.files import FileTooLargeError, is_inside, read_file, unpack_entry
from reportgen.problems import system_reason
from reportgen.readers.spreadsheet import TooFullError, Workbook, read_package

MAX_FILE_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_XML_BYTES = 8_000_000  # of all parts but pictures: what has to be parsed
MAX_OTHER_BYTES = 3_000_000  # of these, what is neither a sheet nor its texts
MAX_TAGS = 400_000  # in all parts: some 100,000 cells, and a few seconds of work
MAX_COSTLY_TAGS = 30_000  # of sheets, besides cells: merges, validations, formats

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".wdp")
_SHEETS = ("xl/worksheets/", "xl/sharedStrings")
_CHEAP_TAG = re.compile(rb"</|<(?:\w+:)?(?:c|v|f|is|t|row)[\s/>]")
_LOCKS = ("~${}", ".~{}", ".~lock.{}#")  # Excel, WPS, LibreOffice


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
        workbook = _parse(_read(path), str(path))
    except _WorkbookRefusedError as error:
        limit = error.limit // 1_000_000
        return None, [_problem(path, {"上限": limit}, wording=error.wording)]
    except PermissionError:
        return None, [_problem(path, wording="in-use")]
    except OSError as error:
        return None, [_problem(path, {"原因": system_reason(error)}, wording="refused")]
    return workbook, _still_open(path)


def _read(path: Path) -> bytes:
    try:
        return read_file(path, MAX_FILE_BYTES)
    except FileTooLargeError as error:
        raise _WorkbookRefusedError("too-large", MAX_FILE_BYTES) from error


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
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return read_package(archive, path)
    except TooFullError:
        raise _WorkbookRefusedError("too-full") from None
    except Exception as error:  # whatever a damaged file makes the parsers raise
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
    """Refuse entity declarations, which no office program writes."""
    tags = costly = 0
    for entry in entries:
        if not entry.filename.lower().endswith(_PICTURES):
            text = b"".join(unpack_entry(archive, entry)).replace(b"\0", b"")  # UTF-16 or not
            tags += text.count(b"<")
            if entry.filename.startswith(_SHEETS[0]):
                costly += text.count(b"<") - sum(1 for _ in _CHEAP_TAG.finditer(text))
            if b"<!DOCTYPE" in text:
                raise _WorkbookRefusedError("damaged")
    if tags > MAX_TAGS or costly > MAX_COSTLY_TAGS:
        raise _WorkbookRefusedError("too-full")
