"""The parts of a package as sheets: values, formats, what is hidden; nothing else is minded."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook as Book

from reportgen.spreadsheets import SheetCell, SheetCellKind, SheetData, read_package


def package(change: Callable[[Book], object] = lambda book: None, **cells: Any) -> bytes:
    book = openpyxl.Workbook()
    for name, value in cells.items():
        book.worksheets[0][name] = value
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(data: bytes, parts: Mapping[str, Callable[[str], str]]) -> bytes:
    """Return the package *data* with the texts of *parts* changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, parts.get(name, str)(text))
    return stream.getvalue()


def sheets(data: bytes) -> tuple[SheetData, ...]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return read_package(archive, "数据.xlsx").sheets


def sheet(data: bytes) -> SheetData:
    return sheets(data)[0]


def replace(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def rows(xml: str) -> Callable[[str], str]:
    """Return the change that makes *xml* all the rows of a sheet."""
    new = f"<sheetData>{xml}</sheetData>"
    return lambda text: re.sub("<sheetData ?/>|<sheetData>.*</sheetData>", new, text)


STYLES, CORE, BOOK = "xl/styles.xml", "docProps/core.xml", "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "parts",
    [
        {STYLES: replace("<fills count", "<fills><fill/></fills><fills count")},
        {STYLES: replace('<family val="2"', '<family val="99"')},
        {STYLES: replace("<cellStyles ", '<cellStyles strange="1" ')},
        {CORE: replace("<dcterms:created", "<dcterms:created/><dcterms:created")},
        {CORE: lambda text: "no XML"},
        {BOOK: replace("<definedNames", "<definedNames strange='1'")},
        {BOOK: replace("<bookViews>", "<bookViews><workbookView visibility='maybe'/>")},
        {SHEET: replace("<pageMargins", "<dataValidation operator='x'/><pageMargins")},
        {SHEET: replace("<sheetViews>", "<sheetViews><sheetView view='strange'/>")},
        {"[Content_Types].xml": lambda text: text.replace("sharedStrings+xml", "other+xml")},
    ],
    ids=lambda parts: next(iter(parts)) if isinstance(parts, dict) else "",
)  # fmt: skip
def test_what_only_strict_readers_mind_is_passed_over(
    parts: dict[str, Callable[[str], str]],
) -> None:
    read = sheet(rewritten(package(A1="自然人", B1=3), parts))
    assert {at: cell.text for at, cell in read.cells.items()} == {(1, 1): "自然人", (1, 2): "3"}


def test_strict_variant_of_the_format_is_read_alike() -> None:
    def strict(text: str) -> str:
        return text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    names = (BOOK, SHEET, STYLES, "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")
    read = sheet(rewritten(package(A1="自然人", B1=3), dict.fromkeys(names, strict)))
    assert {at: cell.text for at, cell in read.cells.items()} == {(1, 1): "自然人", (1, 2): "3"}


def test_hidden_sheets_rows_and_columns_and_merged_cells_are_known() -> None:
    def change(book: Book) -> None:
        first = book.worksheets[0]
        first.row_dimensions[2].hidden = True
        first.column_dimensions["C"].hidden = True
        first.merge_cells("A5:B6")
        book.create_sheet("旧", 0).sheet_state = "veryHidden"

    old, read = sheets(package(change, A2=1, A3=1, C1=1, A5=1))
    assert (old.sheet.name, old.hidden, read.hidden) == ("旧", True, False)
    assert (set(read.hidden_rows), set(read.hidden_columns)) == ({2}, {3})
    assert read.merged == ((5, 1, 6, 2),)


def test_row_without_height_is_hidden() -> None:
    squeezed = rows('<row r="3" ht="0"><c r="A3"><v>1</v></c></row>')
    assert sheet(rewritten(package(), {SHEET: squeezed})).hidden_rows == {3}


def test_format_and_formula_of_a_number_are_known() -> None:
    def change(book: Book) -> None:
        book.worksheets[0]["A1"].number_format = '0"元"'
        book.worksheets[0]["A2"].number_format = "0%"

    data = package(change, A1=5, A2=0.5, A3=7, A4="=A1+1")
    computed = {SHEET: lambda text: re.sub("</f><v ?/>|</f><v></v>", "</f><v>6</v>", text)}
    cells = sheet(rewritten(data, computed)).cells
    assert cells[1, 1] == SheetCell("5", SheetCellKind.NUMBER, '0"元"')
    assert cells[2, 1] == SheetCell("0.5", SheetCellKind.NUMBER, "0%")
    assert cells[3, 1] == SheetCell("7", SheetCellKind.NUMBER)
    assert cells[4, 1] == SheetCell("6", SheetCellKind.NUMBER, computed=True)


@pytest.mark.parametrize("number", [14, 31, 57, 58])
def test_day_in_a_format_that_has_only_a_number_is_a_day(number: int) -> None:
    """A Chinese spreadsheet takes 3-1 for a day and names its format by a number alone."""

    def change(book: Book) -> None:
        book.worksheets[0]["A1"].number_format = "0.0"

    data = package(change, A1=45717)
    parts = {STYLES: replace('numFmtId="164" fontId', f'numFmtId="{number}" fontId')}
    assert sheet(rewritten(data, parts)).cells[1, 1] == SheetCell("2025-03-01", SheetCellKind.DATE)


def test_days_may_be_counted_from_1904() -> None:
    def change(book: Book) -> None:
        book.worksheets[0]["A1"].number_format = "yyyy-mm-dd"

    parts = {BOOK: replace("<workbookPr", "<workbookPr date1904='1'/><ignored")}
    assert sheet(rewritten(package(change, A1=1), parts)).cells[1, 1].text == "1904-01-02"
    stamp = rows('<row><c t="d"><v>2025-03-01T00:00:00</v></c></row>')
    assert sheet(rewritten(package(), {SHEET: stamp})).cells[1, 1].text == "2025-03-01"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A1" t="inlineStr"><is><t>自然人</t></is></c>', "自然人"),
        ('<c r="A1" t="inlineStr"><is><r><t>自然</t></r><r><t>人</t></r></is></c>', "自然人"),
        ('<c r="A1" t="inlineStr"><is><t>人</t><rPh sb="0" eb="1"><t>ren</t></rPh></is></c>', "人"),
        ('<c r="A1" t="inlineStr"><is><t>自_x000D_然</t></is></c>', "自\r然"),
        ('<c t="inlineStr"><is><t>4\u200b</t></is></c>', "4"),
        ('<c t="inlineStr"><is><t>4\u202e2</t></is></c>', "4\u202e2"),
        ('<c r="A1" t="str"><f>A2</f><v>12</v></c>', "12"),
        ('<c r="$A$1"><v>1e3</v></c>', "1000"),
        ('<c r="A1"><v>12,5</v></c>', "12,5"),
        ('<c r="A1"><v> -.5E+1 </v></c>', "-5"),
    ],
)
def test_text_of_a_cell_is_read_however_it_is_kept(cell: str, text: str) -> None:
    read = sheet(rewritten(package(), {SHEET: rows(f"<row>{cell}</row>")}))
    assert read.cells[1, 1].text == text


@pytest.mark.parametrize("typed", ["2_7", "nan", "inf", "１２", "0x10", "1e", "1e999"])
def test_what_is_no_number_in_xml_is_text(typed: str) -> None:
    cell = f'<row><c r="A1"><v>{typed}</v></c></row>'
    (read,) = sheet(rewritten(package(), {SHEET: rows(cell)})).cells.values()
    assert (read.text, read.kind) == (typed, SheetCellKind.TEXT)
