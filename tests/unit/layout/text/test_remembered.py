"""Texts: set once while they stay the same, free of their places, forgotten with the fonts."""

from __future__ import annotations

import gc
import weakref
from unittest.mock import Mock, patch

import pytest

from reportgen.layout.text import lines as module
from reportgen.layout.text.lines import set_lines, set_once, set_paragraph
from reportgen.source import SourceFile, Span
from reportgen.text import Run
from tests.unit.layout.squares import SHEET, SQUARE, SquareFonts

STYLE = SHEET["body"]
TEXT = "全年新收政府信息公开申请三件，均已办结。"


@pytest.fixture
def fonts() -> SquareFonts:
    return SquareFonts({"仿宋": [SQUARE]}, {}, {})


def test_a_paragraph_is_set_as_any_other_text(fonts: SquareFonts) -> None:
    runs = (Run("全年", bold=True), Run(TEXT))
    assert set_paragraph(runs, STYLE, 120.0, fonts) == set_lines(runs, STYLE, 120.0, fonts)


def test_an_unchanged_paragraph_is_not_set_again(fonts: SquareFonts) -> None:
    first = set_paragraph((Run(TEXT),), STYLE, 120.0, fonts)
    assert set_paragraph((Run(TEXT),), STYLE, 120.0, fonts) is first
    assert set_paragraph((Run(TEXT),), STYLE, 121.0, fonts) is not first
    assert set_paragraph((Run(TEXT, bold=True),), STYLE, 120.0, fonts) is not first


@pytest.mark.parametrize("other", [Run("816", bold=True), Run("816", notes=(1,)), Run("817")])
def test_texts_that_look_or_are_marked_otherwise_are_set_by_themselves(
    fonts: SquareFonts, other: Run
) -> None:
    set_text = Mock(side_effect=lambda runs: runs)
    assert set_once((Run("816"),), "room", fonts, set_text) == (Run("816"),)
    assert set_once((other,), "room", fonts, set_text) == (other,)
    assert set_text.call_count == 2


def test_what_is_remembered_keeps_no_text_file_alive(fonts: SquareFonts) -> None:
    typed = Run(TEXT, span=Span(SourceFile("正文.md", TEXT), 0, len(TEXT)))
    lines = set_paragraph((typed,), STYLE, 120.0, fonts)
    assert all(part.run.span is None for line in lines for part in line.fragments)


def test_so_many_texts_are_remembered_and_no_more(fonts: SquareFonts) -> None:
    with patch.object(module, "TEXTS_KEPT", 2):
        first = set_paragraph((Run("一"),), STYLE, 120.0, fonts)
        for text in "二三":
            set_paragraph((Run(text),), STYLE, 120.0, fonts)
        assert set_paragraph((Run("一"),), STYLE, 120.0, fonts) is not first


def test_nothing_is_remembered_longer_than_the_fonts() -> None:
    fonts = SquareFonts({"仿宋": [SQUARE]}, {}, {})
    set_paragraph((Run(TEXT),), STYLE, 120.0, fonts)
    kept = weakref.ref(fonts)
    del fonts
    gc.collect()
    assert kept() is None
