"""Plain text, Markdown, and tables pasted from a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.published.found import FoundFile, FoundPicture
from reportgen.published.text import MAX_LINES, read_text
from tests.unit.published.blocks import shown


def read(text: str, folder: Path | None = None) -> FoundFile:
    return read_text(text.encode(), "年报.md", folder)


@pytest.mark.parametrize(
    "lines",
    [
        "规章\t1\t2\n罚\t3\t4",
        "| 规章 | 1 | 2 |\n|---|:-:|--:|\n| 罚 | 3 | 4 |",
        "规章 | 1 | 2\n罚 | 3 | 4",
        "｜规章｜1｜2｜\n｜罚｜3｜4｜",
        "│规章│1│2│\n├──┼──┼──┤\n│罚│3│4│",
    ],
)
def test_cells_are_parted_by_tabs_or_bars_of_any_kind(lines: str) -> None:
    assert shown(read(lines)) == ["规章|1|2", "罚|3|4"]


def test_bars_of_merged_cells_are_blank_cells() -> None:
    assert shown(read("一、本年新收 | 1 | 0 | 4 | ||")) == ["一、本年新收|1|0|4||"]


def test_markdown_keeps_headings_lists_and_bold() -> None:
    found = read("## 一、总体情况\n\n- 第一\n\n全年**公开**25条")
    assert shown(found) == ["## 一、总体情况", "• 第一", "全年公开25条"]


def test_pictures_are_those_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "图 1.png").write_bytes(b"x")
    found = read("![说明](图%201.png){宽=80%}\n![无](b.png)", tmp_path)
    pictures = [block for block in found.blocks if isinstance(block, FoundPicture)]
    assert [(item.name, item.alt, item.data) for item in pictures] == [
        ("图 1.png", "说明", b"x"),
        ("b.png", "无", b""),
    ]


@pytest.mark.parametrize("text", ["a\n" * (MAX_LINES + 2), "|" * 1_000_000, "a|b\n" * 90_000])
def test_a_text_longer_than_any_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不像一份年度报告"):
        read(text)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="不是文字"):
        read_text(b"<table>" + bytes(range(256)) * 20, "年报.txt")


def test_a_text_with_a_damaged_byte_is_read() -> None:
    torn = "本年新收 3 件。\n".encode() * 200 + b"\xff"
    assert "�" in shown(read_text(torn, "年报.txt"))[-1]
