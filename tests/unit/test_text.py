"""Tests of runs of text, of the display width of text, and of suggestions for mistyped words."""

from __future__ import annotations

import pytest

from reportgen.source import SourceFile, Span
from reportgen.text import (
    MOST_FOOTNOTES,
    Run,
    display_width,
    footnote_mark,
    footnote_number,
    is_latin,
    most_similar,
    one_line,
    plain_text,
)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("ab", 2), ("汉字", 4), ("Ａ。", 4), ("e\u0301", 1), ("か\u3099", 2), ("𠮷", 2)],
)
def test_display_width_counts_terminal_cells(text: str, width: int) -> None:
    assert display_width(text) == width


def test_the_most_similar_word_is_suggested() -> None:
    assert most_similar("chek", ["build", "check", "checks"]) == "check"


def test_nothing_is_suggested_for_a_word_like_none() -> None:
    assert most_similar("zzz", ["build", "check"]) is None


def test_how_alike_words_must_be_is_said_by_the_caller() -> None:
    assert most_similar("申请表", ["申请"], cutoff=0.9) is None
    assert most_similar("申请表", ["申请"], cutoff=0.5) == "申请"


def test_a_run_is_as_typed_while_it_has_a_character_for_each_of_its_place() -> None:
    place = Span(SourceFile("正文.md", "全年{{ 年度 }}"), 2, 10)
    assert Run("{{ 年度 }}", span=place).is_as_typed
    assert not Run("2024", span=place).is_as_typed
    assert not Run("固定的字").is_as_typed


def test_plain_text_leaves_out_the_markup() -> None:
    assert plain_text((Run("全年", bold=True), Run("12 件", link="https://a.cn"))) == "全年12 件"


@pytest.mark.parametrize(
    ("char", "latin"), [("a", True), ("7", True), ("７", False), ("字", False)]
)
def test_latin_letters_and_digits_are_those_of_ascii(char: str, latin: bool) -> None:
    assert is_latin(char) is latin
    assert not is_latin("")


def test_white_space_of_any_kind_becomes_one_blank() -> None:
    assert one_line(" 政府信息\n\t公开\u3000年报 ") == "政府信息 公开 年报"


def test_marks_of_footnotes_are_circled_numbers() -> None:
    marks = [footnote_mark(number) for number in range(1, MOST_FOOTNOTES + 1)]
    assert "".join(marks) == "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
    assert [footnote_number(mark) for mark in marks] == list(range(1, MOST_FOOTNOTES + 1))
    assert [footnote_number(text) for text in ("", "1", "①②", "㉑")] == [0, 0, 0, 0]
