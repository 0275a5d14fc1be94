"""Tests of the order of characters, compared with the other implementation of python-bidi."""

from __future__ import annotations

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from reportgen.directions import base_direction, levels_of
from reportgen.layout.text.complex_text import visual_origins

LETTERS = "ئۇيغabشل中文09٣٤ .,:-+%/()[]（）《》"


def displayed(text: str) -> str:
    """Return *text* in visual order, brackets not mirrored."""
    levels = levels_of(text)
    origins = list(map(float, range(len(text))))
    placed = visual_origins(
        levels, base_direction(text), origins, [1.0] * len(text), float(len(text))
    )
    return "".join(char for _, char in sorted(zip(placed, text, strict=True)))


def unmirrored(text: str) -> str:
    """Return *text* with all brackets opening, as mirroring changes them."""
    return text.translate(str.maketrans(")]）》", "([（《"))


@pytest.mark.parametrize(
    ("text", "visual"),
    [
        ("中文ئۇي文", "中文يۇئ文"),
        ("ئۇي 123 غ", "غ 123 يۇئ"),
        ("ئۇي (ab) cd", "cd (ab) يۇئ".replace("(ab)", ")ab(")),
        ("12-يىلى", "ىلىي-12"),
        ("abc ئۇي", "abc يۇئ"),
    ],
)
def test_text_from_right_to_left_is_turned_and_numbers_are_not(text: str, visual: str) -> None:
    assert unmirrored(displayed(text)) == unmirrored(visual)


@given(st.text(st.sampled_from(LETTERS), min_size=1, max_size=24))
def test_the_order_is_that_of_the_whole_algorithm(text: str) -> None:
    line = text.strip()  # spaces at the end of a line are dropped before
    if line:
        assert unmirrored(displayed(line)) == unmirrored(get_display(line))


def test_a_joiner_goes_with_its_word() -> None:
    assert levels_of("ئ\u200cۇ") == [1, 1, 1]


def test_many_brackets_take_time_in_proportion() -> None:
    assert len(levels_of("ئ" + "(a)" * 20_000)) == 60_001


@pytest.mark.parametrize(
    ("text", "level"), [("2024 ئۇ字", 1), ("字 ئۇ", 0), ("（ئۇ", 1), ("123", 0), ("བོ", 0)]
)
def test_the_first_letter_decides_the_direction(text: str, level: int) -> None:
    assert base_direction(text) == level
