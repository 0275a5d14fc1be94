"""Text files as offices save them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from reportgen.readers.files import MAX_TEXT_BYTES, read_source
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
    assert "10 MB" in found.message
