"""Which reader a file is given to: its first bytes say more than its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.published import UnknownKindError, read_bytes, read_file
from reportgen.published.docx import NOT_INSTALLED
from reportgen.published.found import FoundFile
from reportgen.published.sources import READERS, FileReader, FileRole
from reportgen.published.text import read_text
from reportgen.workflows.importing import collect
from tests.unit.published.blocks import shown
from tests.visual.samples import build_sample

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("kind", ["docx", "pdf", "ofd", "html", "json"])
@pytest.mark.parametrize("suffix", ["", ".txt"])
def test_a_file_with_another_name_is_read_by_what_it_is(kind: str, suffix: str) -> None:
    found = read_bytes(build_sample("yunxi-market-2024", kind), "标准输入", suffix)
    assert len(list(found.tables)) >= 3


def test_a_text_is_read_by_its_name() -> None:
    assert shown(read_bytes("甲|1".encode(), "-", ".md")) == ["甲|1"]


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_an_empty_file_says_so(data: bytes) -> None:
    with pytest.raises(ValueError, match="文件是空的"):
        read_bytes(data, "-")


@pytest.mark.parametrize("suffix", [".docx", ".DOC", ".pdf", ".xlsx", ".ofd", ".png"])
def test_a_text_called_like_a_document_is_told_as_what_it_is(suffix: str) -> None:
    with pytest.raises(ValueError, match=rf"这是纯文本文件，只是名称以 \{suffix} 结尾"):
        read_bytes("# 一、总体情况\n".encode(), "年报", suffix)


def test_an_unknown_kind_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"不认识的文件类型“\.odp”.*\.docx"):
        read_bytes(b"PK\x03\x04x", "a.odp", ".odp")


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_no_reader_shows_a_traceback_for_a_few_bytes(suffix: str) -> None:
    for data in (b"x", b"\0" * 50, OLE, OLE + b"\0" * 600, b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 50):
        try:
            read_bytes(data, "a", suffix)
        except ValueError as error:
            assert any("\u4e00" <= char <= "\u9fff" for char in str(error))


def test_a_doc_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "doc2docx", None)
    with pytest.raises(ValueError, match="pip install msdoc2docx") as caught:
        read_bytes(OLE + b"\0" * 600, "年报.wps", ".wps")
    assert str(caught.value) == NOT_INSTALLED


def test_a_path_is_named_as_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    path.write_text("规章\t1", encoding="utf-8")
    assert read_file(path, "年报.txt").path == "年报.txt"


def read_semicolons(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Read a format that is not shipped: cells separated by semicolons."""
    return read_text(data.replace(b";", b"\t"), path, folder)


def test_a_new_format_is_a_module_and_one_line_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READERS, ".ssv", FileReader(read_semicolons, FileRole.SHEET))
    tables, text = tmp_path / "数据.SSV", tmp_path / "正文.docx"
    tables.write_text("规章;1", encoding="utf-8")
    text.touch()
    assert shown(read_file(tables)) == ["规章|1"]
    assert collect([tmp_path]).documents == (text, tables)


def test_a_document_of_another_kind_is_no_data_of_ours() -> None:
    with pytest.raises(UnknownKindError, match=r"“\.rtf”.*另存为 \.docx"):
        read_bytes(b"{\\rtf1\\ansi 2024}", "年报.rtf")
