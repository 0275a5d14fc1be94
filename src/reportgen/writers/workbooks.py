"""Workbooks written: equal content gives equal bytes.

:func:`list_workbook` makes sheets to be filtered, summed and printed, one thing in each row, in the
order in which they come.  Texts are never calculated, whatever they begin with: names of organs
and of files come from others.
"""

from __future__ import annotations

import datetime
import html
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from msgspec import Struct

from reportgen.characters import OBEYED
from reportgen.source import column_letters
from reportgen.text import display_width

if TYPE_CHECKING:
    from openpyxl import Workbook

Results: TypeAlias = Mapping[int, Mapping[str, str]]
"""What formulas come to: by the number of their sheet, from 1, and the name of their cell."""

NO_RESULTS: Results = {}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_CELL_END, _PIECE = b"</c>", 1 << 20
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
    ExcelWriter(book, _DatedZip(raw, "w", ZIP_DEFLATED, compresslevel=1)).save()
    with ZipFile(raw) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = ZipInfo(entry.filename, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            sheet = _SHEET.fullmatch(entry.filename)
            its_results = results.get(int(sheet[1]), {}) if sheet else {}
            with source.open(entry) as stream, target.open(info, "w") as part:
                for cells in _whole_cells(stream):
                    part.write(_with_results(cells, its_results))
    return out.getvalue()


def _whole_cells(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what is in *stream* piece by piece, without parting a cell: a sheet can be large."""
    rest = b""
    while piece := stream.read(_PIECE):
        before, end, rest = (rest + piece).rpartition(_CELL_END)
        yield before + end
    yield rest


def _with_results(data: bytes, results: Mapping[str, str]) -> bytes:
    """Return the cells *data* of a sheet with the results of its formulas, by cell."""

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


MOST_CHARACTERS = 32_767
"""The most characters of a cell (ECMA-376 Part 1, 18.3.1.4; Excel)."""
_WIDEST = 44
"""The largest column width that is chosen, in Latin characters; longer texts are wrapped."""
_A4 = 9
_INCH = 25.4
_MARGIN = 12 / _INCH
_RED, _GREY = "FFC7CE", "EFEFEF"
_NO_TEXT = re.compile(f"[\ud800-\udfff\ufffe\uffff]|{OBEYED.pattern}")
"""Characters that XML forbids, and those that are obeyed instead of shown."""
_COMMENT_SIZE = (320, 140)  # pixels
_LINE_HEIGHT, _WRAPPED_HEIGHT, _TITLE_HEIGHT = 15.0, 17.0, 24.0  # points
_USUAL_WIDTH, _MOST_LINES = 8.0, 20
_SIZE, _TITLE_SIZE, _MOST_TITLE_LINES = 11, 14, 10  # sizes in points

Number: TypeAlias = int | Decimal
Value: TypeAlias = str | int | Decimal | None


class Shown(Struct, frozen=True):
    """A cell that is more than its value."""

    value: Value
    """A text is a formula if the cell is one."""
    is_formula: bool = False
    result: Number | None = None
    """What the formula comes to, for programs that do not calculate it."""
    comment: str = ""
    is_wrong: bool = False
    """Whether the cell is marked red."""
    number_format: str = ""
    """How a number is shown, as spreadsheets write it; empty for as it is."""


class TotalRow(Struct, frozen=True):
    """A row of sums among the others: bold, on grey."""

    cells: Sequence[Value | Shown]


class HeadCell(Struct, frozen=True):
    """A cell of the head of a list; rows and columns count from 0."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


class ListSheet(Struct, frozen=True):
    """A sheet that lists one thing in each row, to be filtered and printed."""

    name: str
    """The sheet's name."""
    head: Sequence[HeadCell]
    rows: Iterable[Sequence[Value | Shown] | TotalRow]
    """The rows; they are written as they come, so thousands need little memory."""
    title: str = ""
    """A line above the head; empty for none."""
    total: Callable[[int, int], Sequence[Value | Shown]] | None = None
    """Makes the last row of the numbers of the first and the last row of the list, from 1."""
    widths: Sequence[float] = ()
    """The widths of the columns in Latin characters."""
    fixed_columns: int = 1
    """The columns that stay in view, and are repeated on each printed page."""
    breaks: Sequence[int] = ()
    """The columns, counted from 1, after which a printed page ends; empty to fit all on one."""
    scale: int = 100
    """The scale of the printed page in per cent, if there are ``breaks``."""


def _text_of(item: Value | Shown) -> str:
    """Return the text of a cell that wraps; empty for a number or a formula."""
    value = item.value if isinstance(item, Shown) and not item.is_formula else item
    return value if isinstance(value, str) else ""


def head_cells(texts: Sequence[str]) -> list[HeadCell]:
    """Return a head of one row."""
    return [HeadCell(text, 0, column) for column, text in enumerate(texts)]


def column_width(texts: Iterable[str]) -> float:
    """Return the width of a column of *texts* with the button of a filter."""
    return min(max((display_width(text) for text in texts), default=0) + 4, _WIDEST)


def list_workbook(title: str, sheets: Iterable[ListSheet]) -> bytes:
    """Return a workbook named *title* with *sheets*, written row by row."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    results = {}
    for number, sheet in enumerate(sheets, 1):
        results[number] = _ListWriter(book, sheet).write()
    return workbook_bytes(book, title, results)


class _ListWriter:
    """Writes one list to its sheet."""

    def __init__(self, book: Workbook, sheet: ListSheet) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        self._list = sheet
        self._sheet = book.create_sheet(sheet.name)
        self._head_rows = max(cell.row + cell.row_span for cell in sheet.head)
        self._columns = max(cell.column + cell.column_span for cell in sheet.head)
        self._first = bool(sheet.title) + self._head_rows + 1
        self._wrap = Alignment(vertical="top", wrap_text=True)
        self._top = Alignment(vertical="top")
        self._middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._left = Alignment(vertical="center")
        self._left_wrapped = Alignment(vertical="center", wrap_text=True)
        self._bold = Font(bold=True)
        self._large = Font(bold=True, size=_TITLE_SIZE)
        self._red, self._grey = (PatternFill("solid", start_color=c) for c in (_RED, _GREY))
        self._row = 0
        self._results: dict[str, str] = {}

    def write(self) -> Mapping[str, str]:
        """Write the sheet; return what its formulas come to."""
        self._set_up()
        if self._list.title:
            self._write_title()
        self._write_head()
        self._write_rows(self._list.rows)
        last = self._row
        if self._list.total and last >= self._first:
            self._write_total(self._list.total(self._first, last))
        top, end = self._first - 1, column_letters(self._columns)
        self._sheet.auto_filter.ref = f"A{top}:{end}{max(last, top)}"
        return self._results

    def _write_title(self) -> None:
        """Write the title, across all columns or those that are on each printed page.

        A joined cell cuts off what it cannot hold, so a long title has several lines there.
        """
        cell = self._cell(self._list.title)
        cell.font, cell.alignment = self._large, self._left
        span = self._list.fixed_columns if self._list.breaks else self._columns
        lines = 1
        if span > 1:
            self._sheet.merged_cells.add(f"A1:{column_letters(span)}1")
            cell.alignment = self._left_wrapped
            width = self._width(0, span) * _SIZE / _TITLE_SIZE
            lines = math.ceil(display_width(self._list.title) / max(1.0, width - 2))
        self._append([cell], _TITLE_HEIGHT * min(lines, _MOST_TITLE_LINES))

    def _append(self, cells: list[Any], height: float = 0) -> None:
        """Append a row of *cells*, *height* points high; 0 for the usual height."""
        if height:
            self._sheet.row_dimensions[self._row + 1].height = height
        self._sheet.append(cells)
        self._row += 1

    def _height(self, texts: Iterable[tuple[str, float]]) -> float:
        """Return the height in points of a row of *texts* in columns of these widths.

        Spreadsheets do not adapt it to wrapped text themselves, least of all in joined cells.
        """
        lines = (math.ceil(display_width(text) / max(1.0, width - 2)) for text, width in texts)
        most = min(max(lines, default=1), _MOST_LINES)
        return _LINE_HEIGHT if most == 1 else _WRAPPED_HEIGHT * most

    def _width(self, column: int, span: int = 1) -> float:
        return sum(self._list.widths[column : column + span]) or _USUAL_WIDTH

    def _write_rows(self, rows: Iterable[Sequence[Value | Shown] | TotalRow]) -> None:
        for row in rows:
            if isinstance(row, TotalRow):
                self._write_total(row.cells)
                continue
            self._append(list(map(self._cell, row)), self._row_height(row))

    def _row_height(self, row: Sequence[Value | Shown]) -> float:
        """Return the height of a row whose texts are wrapped; 0 for the usual one."""
        texts = (
            (text, self._width(column)) for column, text in enumerate(map(_text_of, row)) if text
        )
        height = self._height(texts)
        return height if height > _LINE_HEIGHT else 0

    def _write_total(self, total: Sequence[Value | Shown]) -> None:
        cells = list(map(self._cell, total))
        for column, (cell, item) in enumerate(zip(cells, total, strict=True), 1):
            cell.font = self._bold
            if isinstance(item, Shown) and item.result is not None:
                self._results[f"{column_letters(column)}{self._row + 1}"] = format(
                    item.result, "f" if isinstance(item.result, Decimal) else "d"
                )
            if not (isinstance(item, Shown) and item.is_wrong):
                cell.fill = self._grey
        self._append(cells, self._row_height(total))

    def _write_head(self) -> None:
        grid = [[""] * self._columns for _ in range(self._head_rows)]
        for cell in self._list.head:
            grid[cell.row][cell.column] = cell.text
        above = self._row
        heights = [
            self._height(
                (cell.text, self._width(cell.column, cell.column_span))
                for cell in self._list.head
                if (cell.row, cell.row_span) == (row, 1)
            )
            for row in range(self._head_rows)
        ]
        for texts in grid:
            cells = list(map(self._cell, texts))
            for cell in cells:
                cell.font, cell.alignment, cell.fill = self._bold, self._middle, self._grey
            self._append(cells, heights[self._row - above])
        for cell in self._list.head:
            if cell.row_span * cell.column_span > 1:
                first = f"{column_letters(cell.column + 1)}{above + cell.row + 1}"
                last = (
                    f"{column_letters(cell.column + cell.column_span)}"
                    f"{above + cell.row + cell.row_span}"
                )
                self._sheet.merged_cells.add(f"{first}:{last}")

    def _cell(self, item: Value | Shown) -> Any:
        """Return the cell for *item*; a text is never calculated, whatever it begins with."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.comments import Comment

        shown = item if isinstance(item, Shown) else Shown(item)
        value = shown.value
        if isinstance(value, str) and value and not shown.is_formula:
            cell = WriteOnlyCell(self._sheet, _NO_TEXT.sub(" ", value)[:MOST_CHARACTERS])
            cell.data_type = "s"  # openpyxl would make a text with = a formula
            cell.quotePrefix = True  # and so would Excel when the cell is edited
            cell.alignment = self._wrap
        else:
            cell = WriteOnlyCell(self._sheet, None if value == "" else value)  # type: ignore[arg-type]  # Decimal is a number
            cell.alignment = self._top
        if shown.comment:
            text = _NO_TEXT.sub(" ", shown.comment)
            cell.comment = Comment(text, "reportgen", *reversed(_COMMENT_SIZE))
        if shown.is_wrong:
            cell.fill = self._red
        if shown.number_format:
            cell.number_format = shown.number_format
        return cell

    def _set_up(self) -> None:
        """Set what must be known before the first row: widths, panes, and the printed page."""
        from openpyxl.worksheet.page import PageMargins
        from openpyxl.worksheet.pagebreak import Break, ColBreak
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet, fixed = self._sheet, self._list.fixed_columns
        for column, width in enumerate(self._list.widths, 1):
            sheet.column_dimensions[column_letters(column)].width = width
        sheet.freeze_panes = f"{column_letters(fixed + 1)}{self._first}"
        sheet.print_title_rows = f"1:{self._first - 1}"
        sheet.print_title_cols = f"A:{column_letters(fixed)}"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.orientation = "landscape"
        sheet.print_options.gridLines = True
        sheet.page_margins = PageMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
        if self._list.breaks:
            sheet.col_breaks = ColBreak(brk=[Break(id=column) for column in self._list.breaks])
            sheet.page_setup.scale = self._list.scale
        else:
            sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
