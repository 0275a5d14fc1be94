"""A workbook (.xlsx) → numbers by cell name.

Size and work are bounded before a part of the file is parsed.  A table is recognised by the
official labels wherever it stands; the sheet's name and position do not matter.  If there are
several copies of a table, one is read and a finding says which.  Every problem has the position
of its cell.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePath

from reportgen.diagnostics import Finding, Label
from reportgen.files import (
    FileTooLargeError,
    is_inside,
    is_plain_text,
    read_file,
    unpack_entry,
)
from reportgen.forms import Form, TableGrid, align_copies, complete_cells, plain_number
from reportgen.model import CellPath, Quantity
from reportgen.problems import system_reason
from reportgen.readers.sheet_table import (
    SheetTable,
    WorkbookTables,
    listed,
    read_table,
    stray_numbers,
)
from reportgen.spreadsheets import TooFullError, Workbook, read_package

MIN_SCORE = 0.5
_YEAR = re.compile(r"(?<![\d\[〔])((?:19|20)\d\d)(?!\d|年?版)")
_LAST_YEAR = re.compile("上一?年|去年")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_ROWS_ABOVE = 4
"""So far above a table its year may stand."""


def read_tables(
    workbook: Workbook, form: Form, year: int | None = None, elsewhere: frozenset[str] = frozenset()
) -> WorkbookTables:
    """Return the numbers of *form* for the report of *year* that *workbook* holds.

    *elsewhere* are the keys of tables filled in outside it, which it may lack.
    """
    tables = WorkbookTables()
    if workbook.unread:
        told = {"部分": workbook.unread}
        tables.found.append(Finding("sheets-not-read", None, told, file=workbook.path))
    copies = {grid.key: _copies(workbook, form, grid, year) for grid in form.tables.values()}
    everywhere = [copy for found in copies.values() for copy in found]
    for grid in form.tables.values():
        found = copies[grid.key]
        if found:
            chosen = found[0]
            tables.keys.add(grid.key)
            tables.cells.update(chosen.tables.cells)
            tables.blanks.update(chosen.tables.blanks)
            others = [copy for copy in everywhere if copy is not chosen]
            same_sheet = [copy for copy in others if copy.data is chosen.data]
            tables.found += _choice(grid, found, year) + chosen.tables.found
            tables.found += stray_numbers(chosen, same_sheet)
        elif grid.key not in elsewhere:
            tables.found.append(_no_table(workbook, grid))
            tables.lose(grid.value_cells())
    return tables


def _copies(workbook: Workbook, form: Form, grid: TableGrid, year: int | None) -> list[SheetTable]:
    """Return every table in *workbook* that is *grid*, the one to be taken first.

    A hidden one comes after one that is seen, one of another year after one of *year* or of
    none, a blank one after one that is filled in; then the most complete comes first.
    """
    found = [
        read_table(form, alignment, data)
        for data in workbook.sheets
        for alignment in align_copies(grid, {at: cell.text for at, cell in data.cells.items()})
        if alignment.score >= MIN_SCORE
    ]

    def rank(table: SheetTable) -> tuple[bool, bool, bool, int]:
        other_year = _other_year(table, year) is not None
        return (table.data.hidden, other_year, not table.tables.cells, -table.alignment.matched)

    return sorted(found, key=rank)


def _other_year(table: SheetTable, year: int | None) -> str | None:
    """Return which earlier year the sheet or a line above *table* is of, None when it is *year*."""
    if year is None:
        return None
    top = min(table.alignment.rows.values(), default=1)
    above = [
        cell.text
        for (row, _), cell in table.data.cells.items()
        if top - _ROWS_ABOVE <= row < top and not cell.text.isdecimal()
    ]
    name = table.data.sheet.name
    texts = [unicodedata.normalize("NFKC", text).translate(_DIGITS) for text in (name, *above)]
    years = {int(found) for text in texts for found in _YEAR.findall(text)}
    if years and max(years) < year:
        return f"{max(years)} 年"
    last = _LAST_YEAR.search(name)
    return last[0] if last and not years else None


def _choice(grid: TableGrid, found: Sequence[SheetTable], year: int | None) -> list[Finding]:
    """Return what is to be said of taking the first of *found*, the copies of *grid*."""
    chosen, *others = found
    findings: list[Finding] = []
    name = chosen.data.sheet.name
    if chosen.data.hidden:
        told = {"表": grid.title, "工作表": name}
        findings.append(Finding("hidden-cells", chosen.head, told, wording="sheet"))
    if other_year := _other_year(chosen, year):
        marked = {"表": grid.title, "工作表": name, "标": other_year, "年度": str(year)}
        findings.append(Finding("sheet-of-other-year", chosen.head, marked))
    if others:
        findings.append(_twins(grid, chosen, others, year))
    return findings


def _twins(
    grid: TableGrid, chosen: SheetTable, others: Sequence[SheetTable], year: int | None
) -> Finding:
    """Return the finding about *others*, which are copies of the table *chosen*.

    It is an error when nothing tells which of two different ones is meant.
    """

    def is_alike(other: SheetTable) -> bool:
        sides = [(t.data.hidden, _other_year(t, year), not t.tables.cells) for t in (chosen, other)]
        return sides[0] == sides[1]

    differing = [name for other in others if is_alike(other) for name in _differing(chosen, other)]
    values = {
        "表": grid.title,
        "采用": _described(chosen, year),
        "其余": "、".join(_described(other, year) for other in others),
        "各格": listed([f"“{name}”" for name in dict.fromkeys(differing)]),
    }
    return Finding(
        "twin-tables-differ" if differing else "twin-sheets",
        chosen.head,
        values,
        labels=tuple(Label(other.head, "没有采用") for other in others),
        cells=tuple(dict.fromkeys(differing)),
    )


def _described(table: SheetTable, year: int | None) -> str:
    remarks = ["隐藏的"] if table.data.hidden else []
    if other_year := _other_year(table, year):
        remarks.append(other_year)
    if not table.tables.cells:
        remarks.append("没有填")
    note = f"（{'，'.join(remarks)}）" if remarks else ""
    return f"“{table.data.sheet.name}”{table.head.locator}{note}"


def _differing(one: SheetTable, other: SheetTable) -> list[CellPath]:
    mine, theirs = one.tables.cells, other.tables.cells
    return [
        name
        for name in mine
        if name in theirs
        and not mine[name].invalid
        and not theirs[name].invalid
        and mine[name].amount != theirs[name].amount
    ]


def lost_tables(form: Form, elsewhere: frozenset[str] = frozenset()) -> WorkbookTables:
    """Return the numbers of *form* as unreadable: for a workbook that could not be opened.

    Those of the tables *elsewhere*, by their keys, are not: they were typed outside it.
    """
    tables = WorkbookTables()
    tables.lose([c for c in form.value_cells.values() if c.path.table not in elsewhere])
    return tables


def merge_tables(
    typed: Mapping[CellPath, Quantity], tables: WorkbookTables, form: Form
) -> tuple[dict[CellPath, Quantity], list[Finding]]:
    """Return the numbers of ``report.yaml`` (*typed*) and of the workbook as one.

    A table that the workbook holds is taken from there; where the other
    disagrees, that is one finding.
    """
    kept = {name: q for name, q in typed.items() if name.table not in tables.keys}
    both = {name: q for name, q in typed.items() if name not in kept}
    merged = {**tables.cells, **kept}
    mine = complete_cells(form, tables.cells, zero_missing=False)
    differing = [
        name
        for name, quantity in both.items()
        if not quantity.invalid and _differs(quantity, mine.get(name))
    ]
    differing.sort(key=lambda name: name in form.totals)
    return merged, [_contradiction(differing, both, mine, tables)] if differing else []


def _differs(typed: Quantity, other: Quantity | None) -> bool:
    if other is None:
        return typed.amount != 0
    return not other.invalid and typed.amount != other.amount


def _contradiction(
    names: list[CellPath],
    typed: Mapping[CellPath, Quantity],
    mine: Mapping[CellPath, Quantity],
    tables: WorkbookTables,
) -> Finding:
    def shown(name: CellPath) -> str:
        other = plain_number(mine[name].amount) if name in mine else "空着"
        return f"“{name}”{plain_number(typed[name].amount)} 与 {other}"

    first = names[0]
    place = tables.cells[first].span if first in tables.cells else tables.blanks.get(first)
    return Finding(
        "tables-differ",
        typed[first].span,
        {"各格": listed([shown(name) for name in names])},
        labels=(Label(place, "工作簿里的这一格"),) if place else (),
        cells=tuple(names),
        expected=plain_number(mine[first].amount) if first in mine else None,
        actual=plain_number(typed[first].amount),
    )


def _no_table(workbook: Workbook, grid: TableGrid) -> Finding:
    return Finding(
        "table-not-found",
        None,
        {"文件": PurePath(workbook.path).name, "表": grid.title},
        cells=(grid.key,),
        file=workbook.path,
    )


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
        is_text = is_plain_text(data) and not data.lstrip().startswith(b"<")
        raise _WorkbookRefusedError("is-text" if is_text else "other-kind") from None
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
