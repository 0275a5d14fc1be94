"""A workbook as a file: what is no workbook, or too much of one, is told in one finding."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportgen.diagnostics import Severity
from reportgen.readers import excel, spreadsheet
from reportgen.readers.excel import read_workbook
from reportgen.readers.spreadsheet import SheetCell, SheetCellKind
from tests.builders import codes, worded

NAME = "数据.xlsx"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def workbook(**cells: Any) -> bytes:
    book = openpyxl.Workbook()
    for name, value in cells.items():
        book.worksheets[0][name] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


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
        ("姓名,数量".encode("gbk"), "不是 Excel 文件"),
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
    monkeypatch.setattr(spreadsheet, "MAX_CELLS", 2)
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
    def fail(path: Path) -> bytes:
        raise problem

    monkeypatch.setattr(Path, "read_bytes", fail)
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
