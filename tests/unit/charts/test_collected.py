"""Tests of names broken in lines."""

from __future__ import annotations

from reportgen.charts.collected import SIZE, broken
from tests.unit.charts.drawing import text_width

UYGHUR = "ئۇيغۇرچە تور بېكىتى"


def test_a_chinese_name_is_broken_in_lines_of_equal_length() -> None:
    assert broken("一二三四五六七", 4 * SIZE, text_width) == "一二三四\n五六七"
    assert broken("一二三", 4 * SIZE, text_width) == "一二三"


def test_a_word_whose_letters_join_is_never_parted() -> None:
    for room in range(1, 120):
        lines = broken(UYGHUR, room, text_width).split("\n")
        assert " ".join(lines).split() == UYGHUR.split()


def test_what_stands_beside_such_a_word_is_still_broken() -> None:
    assert broken("一二三四" + "تور", 2 * SIZE, text_width) == "一二\n三四\nتور"
