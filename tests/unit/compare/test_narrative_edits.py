"""Tests of edits of the narrative's Markdown: characters, markers, captions, whole lines."""

from __future__ import annotations

import pytest

from reportgen.compare.content import Passage, Row, RowCell, TextKind
from reportgen.compare.differences import differing
from reportgen.compare.narrative_edits import (
    LineReader,
    TextEdit,
    caption_edit,
    marker_edit,
    removal,
    stretch_edits,
    target_edit,
    typed,
    typed_row,
)
from reportgen.source import SourceFile
from reportgen.text import Run

NAME = "正文.md"


def run(source: SourceFile, typed_text: str, shown: str = "", *, bold: bool = False) -> Run:
    start = source.text.index(typed_text)
    span = source.span(start, start + len(typed_text))
    return Run(shown or typed_text, bold=bold, span=span)


def after(source: SourceFile, edits: list[tuple[SourceFile, TextEdit]]) -> str:
    text = source.text
    for _, edit in sorted(edits, key=lambda item: item[1], reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def said(source: SourceFile, ours: Passage, theirs: str) -> tuple[str, str]:
    """Return the source as edited to say *theirs*, and why something was left."""
    found = stretch_edits(ours, theirs, tuple(differing(ours.text, theirs)), NAME)
    return after(source, found.texts), found.generated


def test_characters_are_edited_where_they_were_typed() -> None:
    source = SourceFile(NAME, "全年<!-- 已核 -->举办**培训**3期。\n")
    parts = [run(source, "全年"), run(source, "举办"), run(source, "培训", bold=True)]
    ours = Passage((*parts, run(source, "3期。")), None)
    assert said(source, ours, "全年开办培训5期。")[0] == "全年<!-- 已核 -->开办**培训**5期。\n"
    assert said(source, ours, "全年举办3期。")[0] == "全年<!-- 已核 -->举办3期。\n"


def test_what_means_something_in_markdown_is_escaped() -> None:
    source = SourceFile(NAME, "举办培训。\n")
    ours = Passage((run(source, "举办培训。"),), None)
    assert said(source, ours, "举办*培训{{ 甲 }}。")[0] == "举办\\*培训\\{\\{ 甲 \\}\\}。\n"


def test_a_placeholder_is_never_edited() -> None:
    source = SourceFile(NAME, "新收{{ 申请.本年新收.总计 }}件。\n")
    value = run(source, "{{ 申请.本年新收.总计 }}", "41")
    ours = Passage((run(source, "新收"), value, run(source, "件。")), None)
    assert said(source, ours, "新收14件。") == (source.text, "placeholder")
    assert said(source, ours, "共收14件。") == (
        source.text.replace("新收{", "共收{"),
        "placeholder",
    )


def test_fixed_wording_and_numbers_of_headings_are_left() -> None:
    source = SourceFile(NAME, "## 公开情况\n")
    whole = source.span(0, len(source.text) - 1)
    label = Run("（一）", span=whole)
    heading = Passage((label, run(source, "公开情况")), whole, TextKind.HEADING, 2)
    assert said(source, heading, "（二）公开情况") == (source.text, "numbered")
    assert said(source, heading, "（一）主动公开情况")[0] == "## 主动公开情况\n"
    assert said(source, Passage((Run("特此报告。"),), None), "此致。") == (source.text, "fixed")


def test_the_number_of_an_item_is_edited_where_it_was_typed() -> None:
    source = SourceFile(NAME, "1. 甲\n3. 乙\n")
    ours = Passage((Run("3."), run(source, "乙")), None, TextKind.ITEM)
    edit = marker_edit(ours, "2.乙")
    assert edit is not None
    assert after(source, [edit]) == "1. 甲\n2. 乙\n"
    assert marker_edit(ours, "3.乙") is None
    bullet = Passage((Run("·"), run(source, "乙")), None, TextKind.ITEM)
    assert marker_edit(bullet, "2.乙") is None


def test_caption_and_file_of_a_picture_are_edited_apart() -> None:
    source = SourceFile(NAME, "![首页](images/a.png){宽=80%}\n")
    place = source.span(0, len(source.text) - 1)
    caption, target = caption_edit(place, NAME, "专栏[新]"), target_edit(place, "images/a-2.jpg")
    assert caption
    assert target
    assert after(source, [caption, target]) == "![专栏\\[新\\]](images/a-2.jpg){宽=80%}\n"
    assert caption_edit(place, "别的.md", "专栏") is None


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("甲\n\n乙\n\n丙\n", "乙", "甲\n\n丙\n"),
        ("- 甲\n- 乙\n\n丙\n", "- 乙", "- 甲\n\n丙\n"),
        ("- 甲\n- 乙\n- 丙\n", "- 乙", "- 甲\n- 丙\n"),
        ("甲\n\n乙\n", "乙", "甲\n\n"),
    ],
)
def test_lines_that_are_taken_out_leave_the_others_apart(
    text: str, line: str, expected: str
) -> None:
    source = SourceFile(NAME, text)
    start = text.index(line)
    assert after(source, [(source, removal(source.span(start, start + len(line))))]) == expected


def test_a_text_and_a_row_are_typed_anew() -> None:
    assert typed("一# 二") == "一# 二"
    assert typed("# 一", whole=True) != "# 一"
    assert typed_row(["甲|乙", "", "3"]) == "| 甲\\|乙 |  | 3 |"


def test_a_head_takes_the_line_below_it_with_it() -> None:
    source = SourceFile(NAME, "| 名称 | 数量 |\n|---|---:|\n| 甲 | 3 |\n{横排}\n")
    head = Row((RowCell("名称", None, runs=(run(source, "名称"),)),), is_head=True)
    row = Row((RowCell("甲", None, runs=(run(source, "甲"),)),))
    reader = LineReader(NAME)
    lines = reader.lines_of(head)
    assert lines
    assert lines.text == "| 名称 | 数量 |\n|---|---:|"
    last = reader.lines_of(row)
    assert last
    assert source.text[: reader.end_of_table(last)].endswith("{横排}")
