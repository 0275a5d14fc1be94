"""Tests for reportgen.writers.html.texts."""

from __future__ import annotations

from reportgen.writers.html.texts import clean, parts_of, scripts
from reportgen.writing_systems import Writing


def test_superscripts_become_elements_and_text_is_escaped() -> None:
    assert str(scripts("10m²&", 'class="n"')) == "10m<sup>2</sup>&amp;"


def test_numbers_with_hyphens_are_kept_whole() -> None:
    assert str(scripts("电话0000-12345678", ' class="n"')) == (
        '电话<span class="n">0000-12345678</span>'
    )


def test_characters_that_html_forbids_are_left_out() -> None:
    assert clean("甲\x00<乙", escaped=True) == "甲<乙"
    assert clean("甲\x00<乙", escaped=False) == "甲乙"


def test_parts_are_divided_where_a_line_may_be_broken() -> None:
    parts = [Writing("某市某县", "", "", False), Writing("ab", "", "ug", True)]
    found = parts_of(parts, 10, (12, 14, 3))
    assert [(part["text"], part["lang"], part["may_break"]) for part in found] == [
        ("某市", "", False),
        ("某县", "", True),
        ("ab", "ug", True),
    ]
