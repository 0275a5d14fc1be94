"""Workbooks: tables recognised by their labels, every number with its cell, bad files refused."""

from __future__ import annotations

import datetime
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.diagnostics import Severity
from reportgen.findings_text import render_full, render_json, render_short
from reportgen.readers import workbook as excel
from reportgen.readers.sheet_table import WorkbookTables
from reportgen.readers.workbook import read_workbook
from reportgen.source import SheetSpan
from reportgen.spreadsheets import SheetCell, SheetCellKind, xlsx
from tests.builders import at, codes, worded
from tests.unit.readers.workbooks import (
    FORM,
    HEAD,
    NUMBERS,
    Change,
    folder,
    on,
    path_at,
    put,
    read,
    unmerged,
    workbook,
)


def numbers(tables: WorkbookTables) -> dict[str, object]:
    return {name: quantity.number for name, quantity in tables.cells.items()}


def test_every_number_of_the_form_is_read_from_its_own_workbook(tmp_path: Path) -> None:
    tables = read(tmp_path)
    assert numbers(tables) == NUMBERS
    assert worded(tables.found) == []
    assert set(tables.blanks) == set(FORM.totals)  # formulas that nobody has computed yet


def test_number_points_at_its_cell(tmp_path: Path) -> None:
    tables = read(tmp_path)
    place = tables.cells[path_at("表三", "F12")].span
    assert isinstance(place, SheetSpan)
    assert place.place == f"{tmp_path}/数据.xlsx 表三!F12"
    assert place.short_place == f"{tmp_path}/数据.xlsx:表三!F12"
    assert (place.line, place.column) == (12, 6)


def _spread(sheet: Worksheet) -> None:
    """Insert a column, two rows and a title, as a clerk would; merges are given up."""
    unmerged(sheet)
    sheet.insert_cols(4)
    sheet.insert_rows(7)
    sheet.insert_rows(1, 2)
    sheet["B1"] = "某市某局二〇二四年度"


def _side_by_side(book: Book) -> None:
    """Copy 表四 below 表二, on one sheet."""
    target, source = book["表二"], book["表四"]
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                target.cell(cell.row + 30, cell.column + 2, cell.value)
    book.remove(source)


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.move_sheet("表三", 2),
        lambda book: setattr(book["表四"], "title", "复议 (最新)"),
        lambda book: book.remove(book["填写说明"]),
        lambda book: book.create_sheet("备用", 0),
        on("表三", unmerged),
        on("表三", _spread),
        on("表二", _spread),
        on("表四", _spread),
        _side_by_side,
        put("表三", A40="说明：以上 3 项", K5="备注"),
        put("表三", D5="1１"),
    ],
)
def test_what_does_not_matter_changes_nothing(tmp_path: Path, change: Change) -> None:
    tables = read(tmp_path, change)
    assert {n: q for n, q in numbers(tables).items() if n not in FORM.totals} == NUMBERS
    assert [item for item in worded(tables.found) if item.code != "I126"] == []


def test_sheet_that_is_not_there_is_one_finding(tmp_path: Path) -> None:
    tables = read(tmp_path, lambda book: book.remove(book["表四"]))
    assert codes(worded(tables.found)) == ["I122"]
    assert tables.cells[at("复议诉讼/行政复议/结果维持")].invalid
    assert tables.keys == {"主动公开", "申请"}


def test_row_whose_label_was_changed_is_told_and_not_guessed(tmp_path: Path) -> None:
    tables = read(tmp_path, put("表三", C10="2.别的"))
    (found,) = worded(tables.found)
    assert found.code == "I124"
    assert "2.其他法律行政法规禁止公开" in found.message
    assert len(found.cells) == 7
    assert all(tables.cells[at(name)].invalid for name in found.cells)
    others = {name: number for name, number in NUMBERS.items() if name not in found.cells}
    assert others.items() <= numbers(tables).items()


def test_copy_of_a_sheet_is_not_taken_silently(tmp_path: Path) -> None:
    (found,) = worded(
        read(
            tmp_path, lambda book: book.copy_worksheet(book["表三"]), put("表三 Copy", D5=99)
        ).found
    )
    assert found.code == "I129"
    assert "“表三”A2、“表三 Copy”A2" in found.message
    assert found.cells == (path_at("表三", "D5"),)


def test_label_over_several_columns_that_was_changed_is_told_at_its_cell(tmp_path: Path) -> None:
    tables = read(tmp_path, put("表四", A2="行政复议情况"))
    (found,) = worded(tables.found)
    assert found.code == "I124"
    assert "“行政复议情况”" in found.message
    assert found.span is not None
    assert found.span.place.endswith("表四!A2")


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("表三", {"B7": "（一）拒绝公开"}),
        ("表三", {"D3": "公民"}),
        ("表三", {"B7": None}),
        ("表二", {"B14": "本年收费金额（单位：元）"}),
    ],
)
def test_number_under_another_label_is_not_guessed(
    tmp_path: Path, sheet: str, cells: dict[str, object]
) -> None:
    tables = read(tmp_path, put(sheet, **cells))
    (found,) = worded(tables.found)
    assert found.code == "I124"
    assert all(tables.cells[at(name)].invalid for name in found.cells)
    instead = next(iter(cells.values()))
    assert (f"写的是“{instead}”" if instead else "空着") in found.message


def _copied(title: str, state: Any = "visible", sheet: str = "表四", **cells: Any) -> Change:
    """Return the change that copies *sheet*, names the copy and types *cells* into it."""

    def change(book: Book) -> None:
        copy = book.copy_worksheet(book[sheet])
        copy.title, copy.sheet_state = title, state
        for name, value in cells.items():
            copy[name] = value

    return change


def _hidden(name: str) -> Change:
    return lambda book: setattr(book[name], "sheet_state", "hidden")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((_copied("2023年留底", "hidden", A5=99),), ["I123"]),
        ((_copied("2023年留底", "veryHidden", A5=99), put("表四", A2="复议")), ["I123", "I124"]),
        ((_copied("2023", A5=99),), ["I123"]),
        ((_copied("上年", A5=99),), ["I123"]),
        ((_copied("备份"),), ["I123"]),
        ((_copied("备份", A5=99),), ["I129"]),
        ((_copied("空表", A5=None, B5=None, C5=None, D5=None, F5=None, G5=None, H5=None, I5=None,
                  K5=None, L5=None, M5=None, N5=None),), ["I123"]),
        ((_copied("2024", A5=99), _hidden("表四")), None),
        ((_hidden("表四"),), ["I131"]),
    ],
    ids=["hidden", "hidden but better", "year", "last", "same", "differs", "blank", "new", "only"],
)  # fmt: skip
def test_one_of_several_copies_is_taken_and_never_in_silence(
    tmp_path: Path, changes: tuple[Change, ...], expected: list[str] | None
) -> None:
    tables = read(tmp_path, *changes)
    name = at("复议诉讼/行政复议/结果维持")
    assert tables.cells[name].amount == (99 if expected is None else NUMBERS[name])
    assert codes(worded(tables.found)) == (expected or ["I123"])


def test_copies_on_one_sheet_are_told_by_their_cells(tmp_path: Path) -> None:
    def below(book: Book) -> None:
        for row in list(book["表四"].iter_rows()):
            for cell in row:
                if cell.value is not None:
                    book["表四"].cell(cell.row + 8, cell.column, cell.value)
        book["表四"]["A13"] = 99

    (found,) = worded(read(tmp_path, below).found)
    assert found.code == "I129"
    assert "“表四”A2、“表四”A10" in found.message


@pytest.mark.parametrize("title", ["2023", "表四（2023年）", "2023年度行政复议", "二〇二三年"])
def test_sheet_of_another_year_is_told(tmp_path: Path, title: str) -> None:
    tables = read(tmp_path, lambda book: setattr(book["表四"], "title", title))
    (found,) = worded(tables.found)
    assert found.code == "I130"
    assert "“2023 年”" in found.message


@pytest.mark.parametrize(
    "title", ["2024", "2023-2024", "2025年1月报", "国办〔2021〕30号", "2021年版", "20231"]
)
def test_other_numbers_in_the_name_of_a_sheet_are_no_year(tmp_path: Path, title: str) -> None:
    tables = read(tmp_path, lambda book: setattr(book["表四"], "title", title))
    assert worded(tables.found) == []


def test_workbook_takes_the_place_of_the_tables(tmp_path: Path) -> None:
    reading = folder(tmp_path)
    assert codes(reading.diagnostics) == []
    assert reading.report is not None
    assert {n: reading.report.cells[n].number for n in NUMBERS} == NUMBERS
    assert set(reading.report.cells) == set(FORM.value_cells)  # totals are computed
    total = reading.report.cells[at("申请/本年新收/总计")]
    assert total.computed
    row = [n for n in NUMBERS if n.startswith("申请/本年新收/")]
    assert total.number == sum(NUMBERS[n] for n in row)


def test_tables_typed_twice_alike_are_fine(tmp_path: Path) -> None:
    text = HEAD + f"复议诉讼: {{行政复议: {[NUMBERS[n] for n in NUMBERS if '行政复议' in n]}}}\n"
    assert codes(folder(tmp_path, text).diagnostics) == []


def test_tables_that_contradict_are_one_finding_with_both_places(tmp_path: Path) -> None:
    reading = folder(tmp_path, HEAD + "复议诉讼: {行政复议: [1, 2, 3, 4]}\n")
    (found,) = reading.diagnostics
    assert found.code == "I127"
    assert found.span is not None
    assert (found.span.path, found.span.line) == (str(tmp_path / "report.yaml"), 3)
    assert found.labels[0].span.place.endswith("数据.xlsx 表四!A5")
    assert len(found.cells) == 4
    assert reading.report is not None
    path = at("复议诉讼/行政复议/结果维持")
    assert reading.report.cells[path].number == NUMBERS[path]


def test_table_that_the_workbook_lacks_may_stand_in_yaml(tmp_path: Path) -> None:
    reading = folder(
        tmp_path,
        HEAD + "复议诉讼: {行政复议: [1, 2, 3, 4], 未经复议直接起诉: [0, 0, 0, 0], "
        "复议后起诉: [0, 0, 0, 0]}\n",
        lambda book: book.remove(book["表四"]),
    )
    assert codes(reading.diagnostics) == []
    assert reading.report is not None
    assert reading.report.cells[at("复议诉讼/行政复议/总计")].number == 10


def test_workbook_that_cannot_be_read_is_the_only_finding(tmp_path: Path) -> None:
    (tmp_path / "数据.xlsx").write_bytes(b"nothing")
    reading = folder(tmp_path, workbook=False)
    assert codes(reading.diagnostics) == ["I120"]
    assert reading.report is not None
    assert all(cell.invalid for cell in reading.report.cells.values())


def test_workbook_of_another_kind_is_told_unless_the_tables_are_typed(tmp_path: Path) -> None:
    (tmp_path / "数据.xls").touch()
    assert codes(folder(tmp_path, workbook=False).diagnostics) == ["I120"]
    typed = HEAD + "缺省: 0\n主动公开: {}\n申请: {}\n复议诉讼: {}\n"
    assert codes(folder(tmp_path, typed, workbook=False).diagnostics) == []


def test_findings_show_the_cell_in_every_format(tmp_path: Path) -> None:
    (found,) = folder(tmp_path, HEAD, put("表三", F12="12件")).diagnostics
    path = tmp_path / "数据.xlsx"
    assert render_full([found]).split("\n")[1:5] == [
        f" --> {path} 表三!F12",
        "    |",
        "F12 | 12件",
        "    | ^^^^",
    ]
    assert render_short([found]).startswith(f"{path}:表三!F12: error[I105] ")
    assert '"cell": "表三!F12"' in render_json([found])


NAME = "数据.xlsx"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(name.replace("__", "/").replace("_", "."), text)
    return stream.getvalue()


def refused(folder: Path, data: bytes) -> tuple[str, str]:
    """Return message and hint of the one finding about *data*."""
    path = folder / NAME
    path.write_bytes(data)
    found, told = read_workbook(path)
    findings = worded(told)
    assert found is None
    assert codes(findings) == ["I120"]
    assert findings[0].path == str(path)
    assert findings[0].severity is Severity.ERROR
    return findings[0].message, findings[0].hint


def one_cell(folder: Path, value: Any, number_format: str = "") -> SheetCell:
    book = openpyxl.Workbook()
    book.worksheets[0]["B3"] = value
    if number_format:
        book.worksheets[0]["B3"].number_format = number_format
    book.save(folder / NAME)
    found, told = read_workbook(folder / NAME)
    findings = worded(told)
    assert findings == []
    assert found is not None
    (data,) = found.sheets
    assert set(data.cells) == {(3, 2)}
    assert data.place(3, 2).cell == "Sheet!B3"
    return data.cells[3, 2]


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (12, "12", "number"),
        (12.0, "12", "number"),
        (0.1 + 0.2, "0.3", "number"),
        (1e20, "100000000000000000000", "number"),
        (1e-7, "0.0000001", "number"),
        (" 12 ", " 12 ", "text"),
        ("12件", "12件", "text"),
        (True, "TRUE", "text"),
        (datetime.date(2025, 3, 1), "2025-03-01", "date"),
        ("#REF!", "#REF!", "error"),
        ("=1+2", "", "formula"),
    ],
)
def test_cell_is_its_text_and_what_it_is(
    tmp_path: Path, value: object, text: str, kind: str
) -> None:
    assert one_cell(tmp_path, value) == SheetCell(text, SheetCellKind(kind))


def test_sign_that_the_sheet_shows_is_part_of_the_text(tmp_path: Path) -> None:
    assert one_cell(tmp_path, 3, "+0;-0;0").text == "+3"
    assert one_cell(tmp_path, -3, "+0;-0;0").text == "-3"


def test_blank_cells_are_left_out(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(workbook(A1="  ", C3="\n"))
    found, _ = read_workbook(tmp_path / NAME)
    assert found is not None
    assert [dict(data.cells) for data in found.sheets] == [{}]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "不是 Excel 文件"),
        ("姓名,数量".encode("gbk"), "其实是纯文本"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "不是 Excel 文件"),
        (OLE, "旧版 Excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (workbook(A1=1)[:3000], "不完整"),
        (b"PK\x03\x04" + bytes(200), "不完整"),
        (archive(xl__workbook_xml="", xl__vbaProject_bin=""), "宏"),
        (archive(xl__workbook_bin=""), "xlsb"),
        (archive(word__document_xml="<w/>"), "Word"),
        (archive(content_xml="", mimetype=""), "OpenDocument"),
        (archive(readme_txt=""), "不是 Excel 文件"),
        (archive(xl__workbook_xml="<workbook/>"), "不完整"),
        (archive(xl__workbook_xml="<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>"), "不完整"),
        (archive(xl__workbook_xml="", xl__styles_xml="0" * 3_100_000), "过多"),
        (archive(xl__workbook_xml="", xl__worksheets__s_xml="0" * 8_100_000), "过多"),
        (archive(xl__workbook_xml="<a>" * 400_001), "过多"),
        (archive(xl__workbook_xml="", xl__media__a_png="0" * 101_000_000), "解开后超过"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_plain_workbook_is_named(tmp_path: Path, data: bytes, word: str) -> None:
    message, hint = refused(tmp_path, data)
    assert word in message
    assert message.startswith(NAME)
    assert hint


def _flip(data: bytes) -> bytes:
    """Return *data* with the compressed bytes of its first part damaged."""
    return data[:60] + bytes(byte ^ 0xFF for byte in data[60:90]) + data[90:]


def test_damage_inside_a_part_is_damage(tmp_path: Path) -> None:
    assert "不完整" in refused(tmp_path, _flip(workbook(A1=1)))[0]


def test_file_beyond_the_limit_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_FILE_BYTES", 1000)
    assert "超过" in refused(tmp_path, workbook(A1=1))[0]


def test_more_cells_than_a_report_can_have_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_CELLS", 2)
    assert "过多" in refused(tmp_path, workbook(A1=1, A2=2, A3=3))[0]


def test_rows_and_columns_far_out_are_not_read(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(workbook(A1=1, A10001=2, GS1=3, XFD1048576=4))
    found, _ = read_workbook(tmp_path / NAME)
    assert found is not None
    assert set(found.sheets[0].cells) == {(1, 1)}


@pytest.mark.parametrize(
    ("problem", "word"),
    [(PermissionError(13, "denied"), "占用"), (OSError(5, "Input/output error"), "无法读取")],
)
def test_file_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError, word: str
) -> None:
    def fail(path: Path, limit: int) -> bytes:
        raise problem

    monkeypatch.setattr(excel, "read_file", fail)
    assert word in _message(tmp_path, lambda path: path.touch())


def test_folder_of_that_name_is_told(tmp_path: Path) -> None:
    assert NAME in _message(tmp_path, lambda path: path.mkdir())


def _message(folder: Path, make: Callable[[Path], object]) -> str:
    make(folder / NAME)
    found, told = read_workbook(folder / NAME)
    findings = worded(told)
    assert found is None
    assert codes(findings) == ["I120"]
    return findings[0].message


@pytest.mark.parametrize("lock", [f"~${NAME}", f".~{NAME}", f".~lock.{NAME}#"])
def test_workbook_that_is_open_is_read_as_saved_and_told(tmp_path: Path, lock: str) -> None:
    (tmp_path / NAME).write_bytes(workbook(A1=1))
    (tmp_path / lock).touch()
    found, told = read_workbook(tmp_path / NAME)
    findings = worded(told)
    assert found is not None
    assert codes(findings) == ["I121"]
    assert findings[0].severity is Severity.HINT


def test_a_part_larger_than_it_says_is_damage_and_is_not_unpacked(tmp_path: Path) -> None:
    parts = {"xl/workbook.xml": "<workbook/>", "xl/a.xml": "<" * 10_000_000}
    data = bytearray(archive(**parts))
    header = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/a.xml"))
    data[header + 24 : header + 28] = (10).to_bytes(4, "little")
    tracemalloc.start()
    try:
        assert "打不开" in refused(tmp_path, bytes(data))[0]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
