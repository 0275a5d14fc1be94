"""Two thousand paragraphs and more, set with the real fonts: every line is lawful and flush."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.fonts import FontSet, load_fonts
from reportgen.layout.text.lines import Line, set_lines
from reportgen.styles import Align, Style, mm
from reportgen.text import Run
from tests.corpus.prose import Pieces, make_corpus, make_paragraph
from tests.corpus.rules import Column, Ruler, Text, faults

PITCH = mm(156) / 28
BODY = Style("body", "正文", "仿宋", 16.0, PITCH, mm(225) / 22, align=Align.JUSTIFY, first_line=2.0)
FONTS: FontSet = load_fonts()
RULER = Ruler(FONTS, BODY.size, BODY.pitch)
LEAST_ROOM = 2  # 字 beside an indent
WIDTHS = (3, 4, 5, 6.5, 8, 10, 13.3, 17, 21, 25.5, 33, 40)  # 字


def set_paragraph(pieces: Pieces, zi: float) -> tuple[Text, tuple[Line, ...], Column]:
    """Set *pieces* as body text in a column of *zi* characters."""
    text = Text.of(pieces)
    width = zi * PITCH
    lines = set_lines((Run(text.text),), BODY, width, FONTS)
    indent = max(0.0, min(BODY.first_line, zi - LEAST_ROOM)) * PITCH
    return text, lines, Column(indent, 0.0, width, PITCH)


def assert_well_set(pieces: Pieces, zi: float) -> None:
    text, lines, column = set_paragraph(pieces, zi)
    found = list(faults(text, lines, column, RULER))
    assert not found, "\n".join([*found, *(line.text for line in lines)])


@pytest.mark.parametrize("seed", range(10))
def test_two_thousand_paragraphs_of_the_body_are_well_set(seed: int) -> None:
    for pieces in make_corpus(210, seed):
        assert_well_set(pieces, 28)


@pytest.mark.parametrize("zi", WIDTHS)
def test_paragraphs_are_well_set_in_columns_from_3_to_40_characters(zi: float) -> None:
    for pieces in make_corpus(40, seed=1000):
        assert_well_set(pieces, zi)


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.floats(3, 40))
def test_any_paragraph_is_well_set_at_any_width(rng: Random, zi: float) -> None:
    assert_well_set(make_paragraph(rng), zi)
