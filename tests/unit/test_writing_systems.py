"""Tests of scripts, directions and languages."""

from __future__ import annotations

import pytest

from reportgen.writing_systems import (
    joiner_places,
    needs_shaping,
    script_of,
    shaped_stretches,
    without_joiners,
    writings,
)


@pytest.mark.parametrize("text", ["政府信息", "Zhuang é ƨƽ", "Қазақ", "한국어", "ꆈꌠ", "①②％㎡"])
def test_a_text_whose_letters_stand_side_by_side_is_not_shaped(text: str) -> None:
    assert not needs_shaping(text)


@pytest.mark.parametrize(
    "text", ["ئۇ", "བོ", "ᠮᠣ", "ᥖᥭ", "ᦟᦲ", "ไท", "हि", "שלום", "e\u0303", "\u1112\u1161"]
)
def test_a_text_whose_letters_join_or_stack_is_shaped(text: str) -> None:
    assert needs_shaping(text)


def test_stretches_are_words_with_their_marks_and_joiners() -> None:
    text = "字ئۇي تى字ᠣᠨ\u180eᠠ\u202fᠤᠨ q\u0303x"
    found = [text[start:end] for start, end in shaped_stretches(text)]
    assert found == ["ئۇي", "تى", "ᠣᠨ\u180eᠠ\u202fᠤᠨ", "q\u0303"]


def test_joiners_belong_to_a_word_only() -> None:
    assert joiner_places("ئ\u200cۇ字\u200c字") == {1}
    assert without_joiners("ئ\u200cۇ字\u200c字") == "ئۇ字\u200c字"


def test_scripts_of_the_regions_are_told_and_no_others() -> None:
    assert list(map(script_of, "ئབᠮ한ꆈᥖᦟ字aไ")) == [
        *("Arabic", "Tibetan", "Mongolian", "Hangul", "Yi", "Tai Le", "New Tai Lue"),
        *("", "", ""),
    ]


def parts(text: str, start: int = 0) -> list[tuple[str, str, str]]:
    found = writings(text, start)
    return [(part.text, part.language, "R" if part.turned else "L") for part in found]


def test_a_text_is_divided_by_script_and_direction() -> None:
    assert parts("政府ABC") == [("政府ABC", "", "L")]
    assert parts("藏文བོད་ ཡིག12") == [("藏文", "", "L"), ("བོད་ ཡིག", "bo", "L"), ("12", "", "L")]
    assert parts("名（ئۇيغۇر تىلى）维") == [
        ("名（", "", "L"),
        ("ئۇيغۇر تىلى", "ug", "R"),
        ("）维", "", "L"),
    ]


def test_numbers_after_letters_from_right_to_left_go_with_them() -> None:
    assert [part[::2] for part in parts("共ئۇ 12 字")] == [
        ("共", "L"),
        ("ئۇ", "R"),
        (" 12", "R"),
        (" 字", "L"),
    ]


def test_all_but_other_letters_goes_with_a_paragraph_from_right_to_left() -> None:
    text = "ئۇ (政府 2) 9-ئۇ"
    directions = "".join(side * len(part) for part, _, side in parts(text))
    assert directions == "RRRRLLLLRRLRRR"


def test_the_language_is_that_of_the_paragraph() -> None:
    assert parts("ئۇيغۇرچە كتاب", 9) == [("كتاب", "ug", "R")]
    assert parts("كتاب") == [("كتاب", "ar", "R")]


def test_nothing_is_lost() -> None:
    text = "字ئۇيغۇر (ab) 12 བོད་ 한국 말،،字"
    assert "".join(part.text for part in writings(text)) == text
