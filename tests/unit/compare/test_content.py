"""Tests of the units that a document and a finished file consist of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen import build_folder, check_folder
from reportgen.compare.content import (
    Content,
    Passage,
    Row,
    TextKind,
    content_of_document,
    content_of_file,
    place_in,
    significant,
)
from reportgen.published import read_bytes
from reportgen.source import SourceFile
from reportgen.text import Run

SAMPLES = Path(__file__).parents[3] / "samples"


def printed() -> Content:
    """Return what a sample says."""
    composed = check_folder(SAMPLES / "yunxi-market-2024").composed
    assert composed is not None
    return content_of_document(composed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("全年 2024 年", "全年2024年"),
        ("一、\n总体情况", "一、总体情况"),
        ("“三公”经费", '"三公"经费'),
        ("•一项", "·一项"),
        ("隐\u200b形", "隐形"),
        ("cafe\u0301", "café"),
        ("⾏政", "行政"),
    ],
)
def test_what_only_lays_out_a_text_does_not_count(one: str, other: str) -> None:
    assert significant(one)[0] == significant(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 8件", "58件"),
        ("新收１２件", "新收12件"),
        ("（试行）", "(试行)"),
        ("12.60", "12.6"),
        ("3²", "32"),
    ],
)
def test_other_characters_count(one: str, other: str) -> None:
    assert significant(one)[0] != significant(other)[0]


def test_each_character_that_counts_knows_its_offset() -> None:
    text = " 新 收\u200b4 1件"
    key, offsets = significant(text)
    assert key == "新收4 1件"
    assert [text[at] for at in offsets if text[at] != "1"] == ["新", "收", "4", "件"]


def test_a_document_is_its_paragraphs_rows_and_pictures() -> None:
    content = printed()
    kinds = [unit.kind for unit in content.units if isinstance(unit, Passage)]
    assert kinds[0] == TextKind.TITLE
    assert kinds[-2:] == [TextKind.SIGNATURE] * 2
    assert kinds.count(TextKind.CAPTION) == len(content.pictures) == 8
    rows = [unit for unit in content.units if isinstance(unit, Row)]
    assert [row.table for row in rows].count("申请") == 28
    named = [cell.name for row in rows for cell in row.cells if cell.name]
    assert "申请/本年新收/自然人" in named


def test_a_cell_that_reaches_down_is_repeated_in_the_rows_below() -> None:
    content = printed()
    rows = [unit for unit in content.units if isinstance(unit, Row) and unit.table == "申请"]
    under = [row for row in rows if row.cells[0].text == "三、本年度办理结果"]
    assert [row.cells[0].is_repeated for row in under] == [False] + [True] * (len(under) - 1)


def test_the_frame_of_a_web_page_is_no_part_of_it() -> None:
    page = """<html><body><div>首页 &gt; 年报</div><div><p>正文一段。</p><table><tr><td>规章</td>
    <td>1</td></tr><tr><td>行政许可</td><td>2</td></tr></table></div></body></html>"""
    content = content_of_file(read_bytes(page.encode(), "年报.html", ".html"))
    assert "1" in [
        cell.text for unit in content.units if isinstance(unit, Row) for cell in unit.cells
    ]


def test_the_place_of_a_placeholders_value_is_the_whole_placeholder() -> None:
    source = SourceFile("正文.md", "新收{{ 数 }}件")
    runs = (
        Run("新收", span=source.span(0, 2)),
        Run("41", span=source.span(2, 9)),
        Run("件", span=source.span(9, 10)),
    )
    text = Passage(runs, source.span(0, 10))
    value, typed = place_in(text, 2, 4), place_in(text, 1, 2)
    assert value is not None
    assert typed is not None
    assert value.text == "{{ 数 }}"
    assert typed.text == "收"


def test_the_title_of_a_table_reads_back_from_every_output(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    shutil.copytree(SAMPLES / "yunxi-market-2024", folder, ignore=shutil.ignore_patterns("output"))
    text = folder / "正文.md"
    table = "表1　各科公开情况\n\n| 科 | 条数 |\n| --- | --- |\n| 登记科 | 583 |\n"
    text.write_text(f"{text.read_text(encoding='utf-8')}\n{table}", encoding="utf-8")
    built = build_folder(folder, tmp_path / "out", formats=("docx", "pdf", "html"))
    assert len(built.written) == 3
    for file in built.written:
        content = content_of_file(read_bytes(file.path.read_bytes(), "报告", file.path.suffix))
        keys = [unit.key for unit in content.units]
        title = keys.index("表1各科公开情况")
        assert keys[title + 1] == ("科", "条数")
