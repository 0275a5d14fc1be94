"""Text files as offices save them."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from reportgen.readers.files import (
    MAX_TEXT_BYTES,
    read_source,
    texts_beside,
    workbooks_beside,
)
from reportgen.source import MAX_CHARACTERS
from tests.builders import worded

TEXT = "单位: 某局\n年度: 2024\n"


def text_of(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    source, found = read_source(path)
    assert found == []
    assert source is not None
    return source.text


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF8 * 2 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "bom", "two boms", "utf-16-le", "utf-16-be", "gb18030", "crlf", "cr"],
)
def test_every_encoding_of_an_office_gives_the_same_text(tmp_path: Path, data: bytes) -> None:
    assert text_of(tmp_path / "report.yaml", data) == TEXT


def test_empty_file_is_empty_text(tmp_path: Path) -> None:
    assert text_of(tmp_path / "report.yaml", b"") == ""


def test_path_is_shown_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    path.write_text(TEXT, encoding="utf-8")
    shown, _ = read_source(path, "样例/report.yaml")
    plain, _ = read_source(path)
    assert shown is not None
    assert plain is not None
    assert (shown.path, plain.path) == ("样例/report.yaml", str(path))


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", b"\xff\xfe\x00", b"PK\x03\x04\x00\x00", b"\xff\xff\xff"],
    ids=["png", "half utf-16", "zip", "no encoding"],
)
def test_what_is_no_text_is_a_finding(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "report.yaml"
    path.write_bytes(data)
    source, findings = read_source(path)
    (found,) = worded(findings)
    assert source is None
    assert (found.code, found.path) == ("I110", str(path))
    assert "文本" in found.message


def test_missing_file_is_a_finding(tmp_path: Path) -> None:
    source, findings = read_source(tmp_path / "正文.md")
    (found,) = worded(findings)
    assert source is None
    assert (found.code, found.message) == ("I110", "没有找到 正文.md")


def test_folder_in_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    source, findings = read_source(tmp_path)
    (found,) = worded(findings)
    assert source is None
    assert found.code == "I110"


def test_name_too_long_for_the_system_is_a_finding(tmp_path: Path) -> None:
    source, findings = read_source(tmp_path / ("长" * 300))
    (found,) = worded(findings)
    assert source is None
    assert found.code == "I110"


def test_file_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    with path.open("wb") as stream:
        stream.truncate(MAX_TEXT_BYTES + 1)
    source, findings = read_source(path)
    (found,) = worded(findings)
    assert source is None
    assert "40 万字" in found.message


@pytest.mark.parametrize(("character", "count"), [("a", MAX_CHARACTERS), ("𠮷", MAX_CHARACTERS)])
def test_text_of_far_too_many_characters_is_refused(
    tmp_path: Path, character: str, count: int
) -> None:
    path = tmp_path / "正文.md"
    path.write_text(character * count, encoding="utf-8")
    assert read_source(path)[1] == []
    path.write_text(character * (count + 1), encoding="utf-8")
    (found,) = worded(read_source(path)[1])
    assert "40 万字" in found.message


@pytest.mark.parametrize(
    "name", ["正文(1).md", "正文 - 副本.md", "正文.md.txt", "正文（2）.md", "正文.markdown"]
)
def test_copy_of_a_text_beside_it_is_told_unless_it_is_equal(tmp_path: Path, name: str) -> None:
    path, copy = tmp_path / "正文.md", tmp_path / name
    path.write_text("甲", encoding="utf-8")
    copy.write_text("甲", encoding="utf-8")
    assert texts_beside(path) == []
    copy.write_text("乙", encoding="utf-8")
    os.utime(path, (1_736_470_800, 1_736_470_800))
    (found,) = worded(texts_beside(path))
    assert found.code == "I135"
    assert f"“{name}”" in found.message
    assert "正文.md（2025-01-10 09:00 改动）" in found.message


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("正文(定稿).docx", "改名为 正文.docx"),
        ("某局年报正文.doc", "改名为 正文.doc"),
        ("正文（领导改）.md", "改名为 正文.md"),
        ("正文.pdf", "另存为 正文.docx"),
        ("正文定稿.pdf", "另存为 正文.docx"),
    ],
)
def test_a_text_named_otherwise_is_named(tmp_path: Path, name: str, advice: str) -> None:
    (tmp_path / name).write_bytes(b"")
    (found,) = worded(read_source(tmp_path / "正文.md")[1])
    assert f"“{name}”" in found.message
    assert advice in found.hint


def test_a_pdf_named_as_text_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "正文.md"
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n")
    (found,) = worded(read_source(path)[1])
    assert "其实是 PDF 文件" in found.message


@pytest.mark.parametrize("name", ["正文初稿.md", "旧正文.md", "~$正文.md", ".正文.md", "正文.png"])
def test_other_files_beside_a_text_are_fine(tmp_path: Path, name: str) -> None:
    (tmp_path / "正文.md").write_text("甲", encoding="utf-8")
    (tmp_path / name).write_text("乙", encoding="utf-8")
    assert texts_beside(tmp_path / "正文.md") == []


def workbooks(folder: Path, *names: str, some: bool = False, all_: bool = False) -> list[str]:
    """Return what is said of the workbooks *names*, as code and the names it tells."""
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
    found = worded(workbooks_beside(folder / "数据.xlsx", some_typed=some, all_typed=all_))
    return [item.code + item.message for item in found]


@pytest.mark.parametrize("name", ["数据(1).xlsx", "数据 - 副本.xlsx", "2024数据.xlsx", "数据.xls"])
def test_workbook_beside_the_one_that_is_read_is_told(tmp_path: Path, name: str) -> None:
    (found,) = workbooks(tmp_path, "数据.xlsx", name)
    assert found.startswith("I135")
    assert f"“{name}”" in found


@pytest.mark.parametrize("name", ["台账.xlsx", "~$数据.xlsx", ".~数据.xlsx", "数据说明.docx"])
def test_other_files_beside_a_workbook_are_fine(tmp_path: Path, name: str) -> None:
    assert workbooks(tmp_path, "数据.xlsx", name) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("数据最终版.xlsx", "没有找到 数据.xlsx"),
        ("三张表.xlsx", "没有找到 数据.xlsx"),
        ("数据(1).xlsx", "没有找到 数据.xlsx"),
        ("数据.xls", "不能读取 数据.xls"),
        ("数据.et", "不能读取 数据.et"),
        ("数据.csv", "不能读取 数据.csv"),
    ],
)
def test_workbook_that_was_meant_is_named(tmp_path: Path, name: str, words: str) -> None:
    (found,) = workbooks(tmp_path, name)
    assert found.startswith("I120")
    assert words in found
    assert name in found


def test_workbook_need_not_be_there_when_tables_are_typed(tmp_path: Path) -> None:
    assert workbooks(tmp_path, "台账.xlsx", some=True) == []
    assert workbooks(tmp_path, "台账.xlsx", some=True, all_=True) == []
    (found,) = workbooks(tmp_path, "数据(1).xlsx", some=True, all_=True)
    assert found.startswith("I135")


def test_link_is_no_file_beside(tmp_path: Path) -> None:
    (tmp_path / "数据(1).xlsx").symlink_to("/dev/zero")
    assert workbooks(tmp_path, "数据.xlsx") == []


def test_selectors_of_coloured_characters_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "正文.md"
    path.write_text("二〇\ufe0f二五☎\ufe0e", encoding="utf-8")
    source, found = read_source(path)
    assert source is not None
    assert (source.text, found) == ("二〇二五☎", [])
