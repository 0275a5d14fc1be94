"""Lines of text placed on a page."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.layout.runs import (
    BOLD_STROKE,
    ITALIC_SHEAR,
    baseline_of,
    natural,
    place_line,
    scaled,
)
from reportgen.layout.text import Fragment, Line
from reportgen.styles import Align, Style
from reportgen.text import Run

STYLE = Style("body", "正文", "仿宋", 16.0, 16.0, 28.0, align=Align.JUSTIFY, first_line=2.0)


def fragment(run: Run, x: float = 0.0, rise: float = 0.0) -> Fragment:
    return Fragment(x, "FangSong", 16.0, run.text, (0.0,), 16.0, run, rise)


def test_the_em_box_is_centred_in_the_line() -> None:
    base = baseline_of(100.0, STYLE)
    above, below = base - 0.88 * 16 - 100, 128 - (base + 0.12 * 16)
    assert above == pytest.approx(below)


def test_a_line_is_placed_with_its_corner_at_the_point() -> None:
    line = Line((fragment(Run("甲")), fragment(Run("乙"), x=16.0, rise=1.5)), 32.0)
    first, second = place_line(line, STYLE, 80.0, 100.0, None, "footer")
    assert (first.x, second.x) == (80.0, 96.0)
    assert first.y - second.y == pytest.approx(1.5)  # the y of a page grows downwards
    assert (first.artifact, first.node) == ("footer", None)


def test_bold_and_italic_are_imitated() -> None:
    run = Run("甲", bold=True, italic=True)
    (made,) = place_line(Line((fragment(run),), 16.0), STYLE, 0.0, 0.0, None)
    assert made.stroke == pytest.approx(BOLD_STROKE * 16)
    assert made.shear == ITALIC_SHEAR


def test_a_text_is_measured_without_indents() -> None:
    assert natural(STYLE) == replace(STYLE, align=Align.LEFT, first_line=0.0)


def test_another_size_keeps_the_line_pitch() -> None:
    small = scaled(replace(STYLE, pitch=17.0), 8.0)
    assert (small.size, small.pitch, small.line_pitch) == (8.0, 8.5, 28.0)
