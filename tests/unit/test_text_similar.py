"""Suggestions for mistyped words."""

from __future__ import annotations

from reportgen.text import most_similar


def test_the_most_similar_word_is_suggested() -> None:
    assert most_similar("chek", ["build", "check", "checks"]) == "check"


def test_nothing_is_suggested_for_a_word_like_none() -> None:
    assert most_similar("zzz", ["build", "check"]) is None


def test_how_alike_words_must_be_is_said_by_the_caller() -> None:
    assert most_similar("申请表", ["申请"], cutoff=0.9) is None
    assert most_similar("申请表", ["申请"], cutoff=0.5) == "申请"
