"""A Word document as the narrative: headings, placeholders, pictures, tables, what is left out."""

from __future__ import annotations

import datetime
import io
from functools import partial
from typing import Any, TypeVar

import docx
import pytest
from docx.shared import Mm
from msgspec.structs import replace
from PIL import Image

from reportgen.model import (
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
    Quantity,
    Report,
)
from reportgen.placeholders import render_text
from reportgen.published import WordText, read_bytes, read_word_text
from reportgen.text import plain_text
from tests.builders import FORMS, at, report

FORM = FORMS["2021"]
T = TypeVar("T")
NAMES = {"年度": 2024, "件": 41, "科室": ["甲科", "乙科"], "无": ""}
PENALTIES = at("主动公开/行政处罚/本年处理决定数量")
REPORT = report(cells={**report().cells, PENALTIES: Quantity(17)})


def read(document: Any, about: Report = REPORT) -> WordText:
    """Return the narrative that *document*, of python-docx, is read as."""
    stream = io.BytesIO()
    document.save(stream)
    found = read_bytes(stream.getvalue(), "正文.docx")
    return read_word_text(found, about, FORM, partial(render_text, context=NAMES))


def written(*paragraphs: str) -> Any:
    """Return a document of *paragraphs*, ``# `` before those that are headings by their style."""
    document = docx.Document()
    for text in paragraphs:
        level = len(text) - len(text.lstrip("#"))
        document.add_paragraph(text.lstrip("# "), f"Heading {level}" if level else "Normal")
    return document


def add_table(document: Any, *rows: str) -> None:
    """Add a table of two columns, the cells of its *rows* parted by bars."""
    table = document.add_table(len(rows), 2)
    for row, text in zip(table.rows, rows, strict=True):
        row.cells[0].text, row.cells[1].text = text.split("|")


def blocks_of(text: WordText, kind: type[T]) -> list[T]:
    """Return the blocks of the first section of *text* that are of *kind*."""
    return [block for block in text.narrative.sections[0].blocks if isinstance(block, kind)]


def shown(text: WordText) -> list[str]:
    """Return the paragraphs and headings of *text* as lines of Markdown."""
    lines = []
    for section in text.narrative.sections:
        lines.append(f"# {section.title}")
        for block in section.blocks:
            if isinstance(block, NarrativeHeading):
                lines.append(f"{'#' * block.level} {plain_text(block.runs)}")
            elif isinstance(block, NarrativeParagraph):
                lines.append(plain_text(block.runs))
    return lines


def test_headings_are_told_by_their_style_or_their_words() -> None:
    text = read(
        written(
            "一、总体情况", "（一）主动公开", "已公开。",
            "# 主要困难", "## 人手", "不足。", "### 1. 编制", "其他需要报告的事项", "无。",
        )
    )  # fmt: skip
    assert shown(text) == [
        "# 总体情况", "## 主动公开", "已公开。", "# 主要困难", "## 人手", "不足。", "### 编制",
        "# 其他需要报告的事项", "无。",
    ]  # fmt: skip


def test_where_no_section_is_known_headings_of_the_first_level_are_sections() -> None:
    text = read(written("# 某市某局2024年政府信息公开工作年度报告", "# 基本情况", "# 办理情况"))
    assert shown(text) == ["# 基本情况", "# 办理情况"]
    assert text.findings == ()


def test_placeholders_are_filled_in_and_point_at_their_paragraph() -> None:
    document = written("一、总体情况", "{{ 年度 }}年收到")
    document.paragraphs[1].add_run("{{ 件").bold = True
    document.paragraphs[1].add_run(" }}件，{{ 没有 }}。")
    text = read(document)
    (block,) = text.narrative.sections[0].blocks
    assert isinstance(block, NarrativeParagraph)
    assert [(run.text, run.bold) for run in block.runs] == [
        ("2024", False), ("年收到", False), ("41", True), ("件，", False),
        ("{{ 没有 }}", False), ("。", False),
    ]  # fmt: skip
    assert [run.span.text for run in block.runs if run.span][:3] == [
        "{{ 年度 }}", "年收到", "{{ 件 }}",
    ]  # fmt: skip
    (finding,) = text.findings
    assert finding.slug == "undefined-name"
    assert finding.span is not None
    assert finding.span.place == "正文.docx 第2段"


def test_paragraphs_are_cut_out_and_repeated_by_tags() -> None:
    text = read(
        written(
            "一、总体情况", "{% if 无 %}", "没有。", "{% else %}", "有。", "{% endif %}",
            "{% for 科 in 科室 %}", "{{ 科 }}完成。", "{% endfor %}",
            "同段：{% for 科 in 科室 %}{{ 科 }}、{% endfor %}等。",
            "甲{% if 无 %}", "乙", "丙{% endif %}丁",
        )
    )  # fmt: skip
    assert shown(text) == [
        "# 总体情况", "有。", "甲科完成。", "乙科完成。", "同段：甲科、乙科、等。", "甲", "丁",
    ]  # fmt: skip


def test_a_line_break_within_a_paragraph_parts_no_paragraphs() -> None:
    document = written("一、总体情况", "甲")
    document.paragraphs[1].add_run().add_break()
    document.paragraphs[1].add_run("{{ 件 }}")
    (block,) = read(document).narrative.sections[0].blocks
    assert isinstance(block, NarrativeParagraph)
    assert [run.text for run in block.runs] == ["甲", "\n", "41"]


def test_rows_of_a_table_are_repeated_and_rows_of_tags_vanish() -> None:
    document = written("一、总体情况")
    rows = [
        ["科室", "件数"],
        ["{% for 科 in 科室 %}", ""],
        ["{{ 科 }}", "{{ 件 }}"],
        ["{% endfor %}", ""],
    ]
    table = document.add_table(4, 2)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    (block,) = read(document).narrative.sections[0].blocks
    assert isinstance(block, NarrativeTable)
    assert [[plain_text(cell) for cell in row] for row in (block.head, *block.rows)] == [
        ["科室", "件数"], ["甲科", "41"], ["乙科", "41"],
    ]  # fmt: skip


def test_pictures_stand_where_they_are_and_vanish_with_what_is_cut_out() -> None:
    document = written("一、总体情况")
    for colour, after in (
        ("red", "图1 甲。{% if 无 %}"),
        ("green", "{% endif %}"),
        ("blue", "图2 乙"),
    ):
        stream = io.BytesIO()
        Image.new("RGB", (500, 300), colour).save(stream, "PNG")
        document.add_picture(stream, Mm(50))
        document.add_paragraph(after)
    text = read(document)
    pictures = [picture for group in blocks_of(text, PictureGroup) for picture in group.pictures]
    assert [picture.caption for picture in pictures] == ["图1 甲。", "图2 乙"]
    assert [text.pictures[picture.target][:4] for picture in pictures] == [b"\x89PNG"] * 2


def test_what_the_program_prints_itself_is_left_out_and_said_where_it_differs() -> None:
    title = ("某市某局", "2024年政府信息公开工作年度报告")
    body = (*title, "一、总体情况", "已公开。", "某市某局", "2025年1月20日")
    dated = replace(REPORT, date=datetime.date(2025, 1, 20))
    same = read(written(*body), dated)
    assert (shown(same), same.findings) == (["# 总体情况", "已公开。"], ())
    other = read(written("附件2", *body), dated)
    assert [(f.slug, f.span.place) for f in other.findings if f.span] == [
        ("word-left-out", "正文.docx 第1段")
    ]
    assert [f.wording for f in read(written(*body)).findings] == ["signature"]


def test_an_official_table_is_compared_and_not_printed_and_any_other_table_is() -> None:
    document = written("一、总体情况", "已公开。")
    for rows in (
        ["信息内容|本年处理决定数量", "行政许可|0", "行政处罚|71", "行政强制|0"],
        ["事项|件数", "行政许可|0", "咨询|5"],
    ):
        add_table(document, *rows)
        document.add_paragraph("又。")
    text = read(document)
    tables = blocks_of(text, NarrativeTable)
    assert [plain_text(table.head[0]) for table in tables] == ["事项"]
    (finding,) = text.findings
    assert (finding.slug, finding.expected, finding.actual) == ("word-table-differs", "17", "71")


def test_lists_are_lists() -> None:
    document = written("一、总体情况")
    for style in ("List Number", "List Number", "List Bullet"):
        document.add_paragraph("工作", style)
    lists = blocks_of(read(document), NarrativeList)
    assert [(item.start, len(item.items)) for item in lists] == [(1, 2), (None, 1)]


def test_a_chart_is_told_because_word_has_none() -> None:
    text = read(written("# 一、总体情况", "```图表", "类型: 柱形", "```"))
    (told,) = text.findings
    assert (told.slug, told.wording) == ("chart-syntax", "word")
    assert told.span is not None
    assert "```图表" in told.span.text


@pytest.mark.parametrize(
    ("typed", "slug", "named"),
    [
        ("![查阅点](images/点.jpg)", "picture-syntax", "![查阅点](images/点.jpg)"),
        ("公开10条[^1]。", "footnote", "[^1]"),
        ("[^1]: 含转载。", "footnote", "[^1]"),
        ("其中**重点**公开。", "markdown-unsupported", "**重点**"),
        ("{宽=50%}", "markdown-unsupported", "{宽=50%}"),
        ("|栏目|数量|", "markdown-unsupported", "|栏目|数量|"),
    ],
)
def test_markdown_is_told_because_word_prints_it(typed: str, slug: str, named: str) -> None:
    text = read(written("# 一、总体情况", typed))
    (told,) = text.findings
    assert (told.slug, told.wording) == (slug, "word")
    assert told.span is not None
    assert told.span.text == named


@pytest.mark.parametrize("typed", ["···图表", "```图标", "“““二维码", "'''图表"])
def test_a_chart_is_told_however_its_accents_came_out(typed: str) -> None:
    (told,) = read(written("# 一、总体情况", typed)).findings
    assert (told.slug, told.wording) == ("chart-syntax", "word")


def test_markdown_in_a_table_is_told_at_its_cell() -> None:
    document = written("# 一、总体情况", "甲。")
    add_table(document, "栏目|数量", "**公告**|3")
    (told,) = read(document).findings
    assert told.slug == "markdown-unsupported"
    assert told.span is not None
    assert told.span.text == "**公告**"


def test_ordinary_text_is_no_markdown() -> None:
    text = read(written("# 一、总体情况", "办结5件*，{略}。", "见[2024]1号（附件）。", "甲|乙"))
    assert text.findings == ()
