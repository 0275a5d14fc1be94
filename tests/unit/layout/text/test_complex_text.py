"""Tests of setting text that is shaped or goes from right to left."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from reportgen.fonts import load_fonts
from reportgen.layout.text.complex_text import ComplexText, visual_origins
from reportgen.layout.text.lines import AS_IS, Fragment, Line, set_lines
from reportgen.styles import Align
from reportgen.text import Run
from tests.unit.layout.text.test_lines import BODY, FLAT, GRID

FONTS = load_fonts([Path(__file__).parents[3] / "data" / "scripts"])
UYGHUR = "ئۇيغۇر ئاپتونوم رايونلۇق خەلق ھۆكۈمىتىنىڭ 2024 يىللىق ھۆكۈمەت ئۇچۇرلىرى دوكلاتى"
TIBETAN = "བོད་རང་སྐྱོང་ལྗོངས་མི་དམངས་སྲིད་གཞུང་གི་ལས་དོན་གྱི་ལོ་སྙན་ཞུ།"


def set_text(text: str, zi: float = 28) -> tuple[Line, ...]:
    return set_lines((Run(text),), FLAT, zi * GRID, FONTS)


def fragment_of(lines: tuple[Line, ...], text: str) -> Fragment:
    return next(part for line in lines for part in line.fragments if part.text == text)


def test_plain_text_needs_nothing() -> None:
    assert ComplexText.of("2024年，ABC é②") is None
    assert all(not part.glyphs for line in set_text("字 2024") for part in line.fragments)


def test_letters_join_and_stand_from_right_to_left() -> None:
    part = fragment_of(set_text("字ئۇيغۇر字"), "ئۇيغۇر")
    assert [glyph.text for glyph in part.glyphs] == list("رۇغيۇئ")
    places = [glyph.x for glyph in part.glyphs]
    assert places == sorted(places)
    apart = [glyph.glyph for char in "ئۇيغۇر" for glyph in fragment_of(set_text(char), char).glyphs]
    joined = [glyph.glyph for glyph in part.glyphs[::-1]]
    assert sum(a != b for a, b in zip(apart, joined, strict=True)) >= 3


def test_a_paragraph_from_right_to_left_is_the_mirror_image() -> None:
    lines = set_lines((Run(UYGHUR),), BODY, 28 * GRID, FONTS)
    assert len(lines) >= 2
    first, last = lines[0].fragments, lines[-1].fragments
    assert first[0].x + first[0].width == pytest.approx(26 * GRID)  # indented at the right
    assert first[-1].x == pytest.approx(0.0, abs=0.01)
    assert last[0].x + last[0].width == pytest.approx(28 * GRID)
    assert last[-1].x > GRID


def test_lines_are_filled_by_their_spaces_only() -> None:
    line = set_text(UYGHUR * 2)[0]
    for part in line.fragments:
        if part.glyphs:
            natural = fragment_of(set_text(part.text), part.text)
            assert part.width == pytest.approx(natural.width)
    assert line.width == pytest.approx(28 * GRID)


def test_digits_stay_in_order_and_brackets_are_mirrored() -> None:
    lines = set_text("ئۇيغۇر (2024) غا")
    number = fragment_of(lines, "2024")
    assert not number.glyphs
    assert list(number.offsets) == sorted(number.offsets)
    opening, closing = fragment_of(lines, "("), fragment_of(lines, ")")
    assert closing.x < number.x < opening.x
    (glyph,) = opening.glyphs
    assert glyph.glyph == FONTS.face(opening.face).hb_font.get_nominal_glyph(ord(")"))


def test_no_text_is_lost_and_no_word_broken() -> None:
    for zi in range(6, 29):
        lines = set_text(UYGHUR, zi)
        assert " ".join(line.text for line in lines) == UYGHUR


def test_a_word_wider_than_the_column_keeps_its_joined_letters() -> None:
    word = "سىتىسىتىسىتىسىتى"
    lines = set_text(word, 2)
    assert "".join(line.text for line in lines) == word
    assert len(lines) > 1
    cut = lines[0].fragments[-1]
    alone = fragment_of(set_text(cut.text), cut.text)
    assert [g.glyph for g in cut.glyphs] != [g.glyph for g in alone.glyphs]


def test_tibetan_breaks_after_the_sign_between_syllables_and_never_before() -> None:
    for zi in range(4, 20):
        lines = set_text(TIBETAN, zi)
        assert "".join(line.text for line in lines) == TIBETAN
        for line in lines[:-1]:
            assert line.text.endswith("་")
        assert not any(line.text[0] in "་།" for line in lines)


def test_letters_are_stacked() -> None:
    part = fragment_of(set_text("སྐྱོང"), "སྐྱོང")
    assert len({glyph.x for glyph in part.glyphs if glyph.text[0] != "ང"}) < 4
    assert "".join(glyph.text for glyph in part.glyphs) == "སྐྱོང"
    assert part.language == "bo"


def test_mongolian_joins_from_left_to_right() -> None:
    part = fragment_of(set_text("字ᠮᠣᠩᠭᠣᠯ字"), "ᠮᠣᠩᠭᠣᠯ")
    assert "".join(glyph.text for glyph in part.glyphs) == "ᠮᠣᠩᠭᠣᠯ"
    assert part.glyphs[0].glyph != FONTS.face(part.face).hb_font.get_nominal_glyph(ord("ᠮ"))


def test_a_mongolian_ending_stays_with_its_word() -> None:
    for zi in range(7, 12):
        lines = set_text("ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ", zi)
        assert all("\u202f" in line.text for line in lines)


def test_korean_is_set_like_chinese() -> None:
    lines = set_text("연변조선족자치주인민정부년보고서", 10)
    assert {part.language for line in lines for part in line.fragments} == {"ko"}
    assert not any(part.glyphs for line in lines for part in line.fragments)


@pytest.mark.parametrize(
    ("text", "language"),
    [("ئۇيغۇرچە", "ug"), ("قازاق ٴتىلى", "kk-Arab"), ("تىلۅ", "ky-Arab"), ("كتاب", "ar")],
)
def test_the_language_of_arabic_letters_is_told_by_the_letters(text: str, language: str) -> None:
    (line,) = set_text(text)
    assert {part.language for part in line.fragments if part.glyphs} == {language}


def test_centred_text_stays_centred() -> None:
    style = replace(FLAT, align=Align.CENTER)
    (line,) = set_lines((Run("ئۇيغۇر"),), style, 28 * GRID, FONTS)
    (part,) = line.fragments
    assert part.x + part.width / 2 == pytest.approx(14 * GRID)


def test_word_processors_are_given_no_letter_spacing() -> None:
    assert all(line.fit == AS_IS for line in set_text(UYGHUR * 3, 12))


def test_space_beside_turned_text_stays_beside_its_neighbour() -> None:
    # a gap of 1 before and of 2 behind the two letters, which are 10 wide
    origins = visual_origins([0, 1, 1, 0], 0, [0.0, 11.0, 21.0, 33.0], [10.0] * 4, 43.0)
    assert origins == [0.0, 21.0, 11.0, 33.0]


def test_a_paragraph_from_right_to_left_begins_at_the_right() -> None:
    assert visual_origins([1, 1], 1, [0.0, 10.0], [10.0, 10.0], 20.0) == [10.0, 0.0]
