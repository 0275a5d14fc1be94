"""The style sheet in Word's units."""

from __future__ import annotations

from msgspec.structs import replace

from reportgen.styles import Style
from reportgen.writers.docx.geometry import Geometry, advance, indents, letter_spacing, word_names
from tests.builders import FORMS

SHEET = FORMS["2021"].sheet
BODY = SHEET["body"]


def test_the_grid_of_the_official_page_fits_after_rounding() -> None:
    page = Geometry(SHEET)
    assert page.line * SHEET.page.lines <= page.page_height - page.top - page.bottom
    assert advance(BODY) * SHEET.page.characters <= page.width
    assert page.left + page.width + page.right == page.page_width


def test_a_line_on_the_grid_takes_whole_lines_of_it() -> None:
    page = Geometry(SHEET)
    double = replace(BODY, line_pitch=2 * SHEET.page.line_pitch)
    assert (page.grid_lines(BODY), page.grid_lines(double)) == (1, 2)
    assert page.line_height(double) == 2 * page.line
    assert page.vertical(3 * SHEET.page.line_pitch) == 3 * page.line


def test_a_line_off_the_grid_keeps_its_height() -> None:
    page = Geometry(SHEET)
    low = replace(BODY, line_pitch=SHEET.page.line_pitch / 2)
    assert page.grid_lines(low) == 0
    assert not page.is_tall(low)
    assert page.line_height(low) == round(low.line_pitch * 20)


def test_indents_are_in_characters_and_in_twips() -> None:
    style = Style("body", "正文", "仿宋", 16.0, 16.5, 28.0)
    assert letter_spacing(style) == 10
    assert indents(style, firstLine=2) == {"firstLineChars": 200, "firstLine": 660}


def test_every_style_has_a_name_of_its_own_in_word() -> None:
    named = word_names(SHEET)
    assert set(named) == set(SHEET.styles)
    assert len({word.id for word in named.values()}) == len(named)
    assert len({word.name for word in named.values()}) == len(named)
    assert named["body"].name == "Body Text"
