"""Tests of the display width of text, and of suggestions for mistyped words."""

from __future__ import annotations

import pytest

from reportgen.text import display_width, most_similar


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
