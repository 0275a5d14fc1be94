"""Whatever is in 正文.md, reading it ends with a narrative and placed findings."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.markdown.inline import escape_markdown
from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import (
    Narrative,
    NarrativeBlock,
    NarrativeChart,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
)
from reportgen.source import SourceFile, Span
from reportgen.text import Run
from tests.builders import worded

PARTS = [
    "#", "##", " ", "\n", "\n\n", "\t", "　　", "一、", "（二）", "1. ", "- ", "> ", "* ",
    "**", "*", "_", "`", "```\n", "```图表\n",
    "类型: 柱形\n", "数据: [申请.*.总计]\n", "二维码: https://a.cn\n", "标题: 图1\n",
    "---\n", "===\n", "|",
    "| a | b |\n|---|:-:|\n| 1 | 2 |\n", "\\|", "\\", "![图](a.png)", "![", "](", ")",
    "{宽=80%}", "{", "}", "[链](http://a.cn)", "<http://b.cn>", "<br>", "<b>", "<!--",
    "-->", "&amp;", "&#x110000;", "{{ 数 }}", "{{ 缺 }}", "{{", "}}", "{% if 数 %}",
    "{% endif %}", "{% for i in 列 %}", "{{ i }}", "{% endfor %}", "{#", "#}",
    "{{- 数 -}}", "公开", "abc", "\ufeff", "\u200b", "\xa0", "\r", "\0", "\x0b", "\u2028",
    "\ufdd0", "😀",
]  # fmt: skip
CONTEXT: dict[str, object] = {"数": 12, "列": ["甲*", "# 乙", "|"], "空": None}


def runs_of(block: NarrativeBlock) -> list[Run]:
    match block:
        case NarrativeHeading(runs=runs) | NarrativeParagraph(runs=runs):
            return list(runs)
        case NarrativeList(items=items):
            return [run for item in items for run in item]
        case NarrativeTable(head=head, rows=rows):
            return [run for row in (head, *rows) for cell in row for run in cell]
        case NarrativeChart(caption=caption):
            return list(caption)
        case PictureGroup():
            return []


def check(text: str) -> Narrative:
    narrative, found = read_narrative(SourceFile("正文.md", text), CONTEXT)
    for item in worded(found):
        assert isinstance(item.span, Span)
        assert item.hint
        assert 0 <= item.span.start <= item.span.end <= len(item.span.source.text)
    for blocks in (narrative.opening, *(section.blocks for section in narrative.sections)):
        for block in blocks:
            for run in runs_of(block):
                assert run.text
                assert run.text == "\n" or "\n" not in run.text
                if run.span:
                    assert 0 <= run.span.start <= run.span.end <= len(run.span.source.text)
    return narrative


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_mixture_of_markup_is_read(text: str) -> None:
    check(text)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str) -> None:
    check(text)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read(data: bytes) -> None:
    check(data.decode("utf-8", "replace"))
    check(data.decode("gb18030", "replace"))


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1))
@settings(max_examples=300, deadline=None)
def test_plain_characters_of_a_value_come_through_markup_unchanged(value: str) -> None:
    source = SourceFile("正文.md", "甲" + escape_markdown(value) + "乙")
    narrative, found = read_narrative(source, {})
    if found or "{" in value or "\xa0" in value or "\xad" in value:
        return
    (block,) = narrative.opening
    assert "".join(run.text for run in runs_of(block)) == f"甲{value}乙"


def test_long_rows_of_marks_do_not_take_long() -> None:
    for mark in (
        "*a",
        "_a ",
        "`",
        "[",
        "![",
        "![a](",
        "<",
        "&",
        " ",
        "\\",
        "**",
        "- ",
        "> ",
        "|",
        "a b  ",
    ):
        check(mark * 5_000)
