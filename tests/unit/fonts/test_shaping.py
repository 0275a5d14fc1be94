"""Tests of shaping: what a letter joins with, and that a long text costs no more than a short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import uharfbuzz

from reportgen.fonts.shaping import advances_of, shape

SCRIPTS = Path(__file__).resolve().parents[2] / "data" / "scripts"
WORD = "ئۇيغۇر"


@pytest.fixture(scope="module")
def arabic() -> Any:
    blob = uharfbuzz.Blob.from_file_path(SCRIPTS / "Arabic.ttf")
    return uharfbuzz.Font(uharfbuzz.Face(blob))


def test_the_glyphs_of_a_word_come_from_left_to_right_with_all_its_characters(arabic: Any) -> None:
    glyphs = shape(arabic, WORD, 0, len(WORD))
    assert "".join(glyph.text for glyph in reversed(glyphs)) == WORD
    assert [glyph.start for glyph in glyphs] == sorted(
        (glyph.start for glyph in glyphs), reverse=True
    )
    whole = sum(glyph.advance for glyph in glyphs)
    assert sum(advances_of(glyphs, 0, len(WORD))) == pytest.approx(whole)


def test_a_letter_joins_with_those_beside_the_part_that_is_shaped(arabic: Any) -> None:
    alone = [glyph.glyph for glyph in shape(arabic, "ي", 0, 1)]
    inside = [glyph.glyph for glyph in shape(arabic, "غيغ", 1, 2)]
    assert alone != inside


@pytest.mark.parametrize("before", ["", "غ", "غ " * 400, "ئۇيغۇر" * 500])
def test_a_part_of_a_long_text_has_the_glyphs_it_has_with_its_neighbours(
    arabic: Any, before: str
) -> None:
    near = before[-5:]
    text = f"{before}{WORD}{'غ' * 3000}"
    start = len(before)
    far = shape(arabic, text, start, start + len(WORD))
    close = shape(arabic, f"{near}{WORD}غغغغغ", len(near), len(near) + len(WORD))
    assert [glyph.start - start for glyph in far] == [glyph.start - len(near) for glyph in close]
    assert [glyph._replace(start=0) for glyph in far] == [
        glyph._replace(start=0) for glyph in close
    ]
