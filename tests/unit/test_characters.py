"""Character classes for line breaking."""

from __future__ import annotations

import pytest

from reportgen.characters import (
    CLASSES,
    LOWERED,
    NEVER_FIRST,
    NEVER_LAST,
    RAISED,
    classify,
    is_western,
    split_scripts,
)


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("公开，了。", "HHCHC"),
        ("（公开）", "OHHC"),
        ("《条例》——", "OHHCDD"),
        ("3％、￥5", "WPCEW"),
        ("(a)1%", "oWcWc"),
        ("公 开", "HFH"),
        ("公 a", "HSW"),
        ("ＡＢ〇", "HHH"),
        ("Ωя", "WW"),
        ("CO₂m²⅓", "WWWWWW"),
        ("", ""),
    ],
)
def test_each_character_has_one_class(text: str, classes: str) -> None:
    assert classify(text) == classes


def test_straight_quotation_marks_open_and_close_alternately() -> None:
    assert classify('说"是"和"否"') == "HoHcHoHc"
    assert classify("it's") == "WWWW"


def test_full_width_punctuation_is_not_western() -> None:
    assert not any(map(is_western, "“”‘’—…·，公"))
    assert all(map(is_western, "aZ9 é"))


def test_no_class_both_begins_and_ends_no_line() -> None:
    assert not set(NEVER_FIRST) & set(NEVER_LAST)
    assert len(set(CLASSES)) == len(CLASSES)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("公开100条。", [("公开100条。", "")]),
        ("CO₂排放", [("CO", ""), ("2", "sub"), ("排放", "")]),
        ("PM₂.₅，", [("PM", ""), ("2.5", "sub"), ("，", "")]),
        ("SO₄²⁻", [("SO", ""), ("4", "sub"), ("2−", "sup")]),
        ("3².5", [("3", ""), ("2", "sup"), (".5", "")]),
    ],
)
def test_scripts_are_drawn_by_plain_characters(text: str, parts: list[tuple[str, str]]) -> None:
    assert list(split_scripts(text)) == parts


def test_what_is_typed_on_a_chinese_keyboard_is_raised_as_well() -> None:
    assert {typed.translate(RAISED) for typed in ("－３", "–3", "‐3", "−3", "-3")} == {"⁻³"}
    assert {typed.translate(LOWERED) for typed in ("２＋", "2+")} == {"₂₊"}
