"""Tests of the choice of line breaks: no other lines of a paragraph cost less."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.characters import classify, is_western
from reportgen.layout.text.breaks import Column, Openings, find_openings
from reportgen.layout.text.choose import MOST_OPENINGS, choose_lines, line_cost, prefer_natural
from reportgen.layout.text.measure import LATIN_GAP, TOLERANCE, Measure, measure
from reportgen.styles import Align

ZI = 16.0
TEXTS = st.text("政府信息公开的条，。、《》（）“”—…12ab %.,()～〔〕号", min_size=1, max_size=200)
ALIGNMENTS = tuple(Align)


def measured(text: str) -> Measure:
    advances = [ZI / 2 if is_western(char) else ZI for char in text]
    return measure(text, classify(text), advances, ZI, LATIN_GAP * ZI)


def openings_of(text: str, column: Column, align: Align) -> Openings:
    openings = find_openings(measured(text), column)
    return prefer_natural(openings) if align in (Align.CENTER, Align.RIGHT) else openings


def cost_of(openings: Openings, start: int, stop: int, align: Align) -> float:
    """Return the cost of the line between two openings, with that of the break before it."""
    text, place, end = openings.text, openings.places[start], openings.ends[stop]
    slack = openings.room(start) - text.loose_width(place, end)
    last = stop == len(openings.places) - 1
    return openings.penalties[start] + line_cost(align)(text, place, end, slack, last)


def least_cost(openings: Openings, align: Align) -> float:
    """Return the cost of the best lines, by trying every line that fits."""
    text, last = openings.text, len(openings.places) - 1
    totals = [0.0]
    for stop in range(1, last + 1):
        totals.append(
            min(
                totals[start] + cost_of(openings, start, stop, align)
                for start in range(stop)
                if start == stop - 1
                or text.tight_width(openings.places[start], openings.ends[stop])
                <= openings.room(start) + TOLERANCE
            )
        )
    return totals[-1]


@pytest.mark.parametrize("align", ALIGNMENTS)
@given(text=TEXTS, width=st.floats(10, 500), indent=st.sampled_from([0.0, 2.0, -1.0]))
def test_no_other_lines_cost_less(align: Align, text: str, width: float, indent: float) -> None:
    column = Column(max(10.0, width - indent * ZI), width)
    lines = choose_lines(measured(text), column, align)
    openings = openings_of(text, column, align)
    if len(lines) > 1:
        breaks = [openings.places.index(start) for start, _ in lines]
        path = pairwise([*breaks, len(openings.places) - 1])
        cost = sum(cost_of(openings, start, stop, align) for start, stop in path)
        assert cost == pytest.approx(least_cost(openings, align), abs=0.01)


@pytest.mark.parametrize("align", ALIGNMENTS)
def test_a_text_that_fits_one_line_is_left_on_it(align: Align) -> None:
    assert choose_lines(measured("政府信息公开"), Column(96.0, 96.0), align) == [(0, 6)]


def test_a_paragraph_does_not_end_in_a_single_character() -> None:
    lines = choose_lines(
        measured("政府信息公开的条" * 3 + "例。"), Column(192.0, 192.0), Align.JUSTIFY
    )
    start, end = lines[-1]
    assert end - start > len("例。")


def test_ragged_lines_are_as_few_as_possible() -> None:
    lines = choose_lines(measured("政府信息公开的" * 4), Column(80.0, 80.0), Align.LEFT)
    assert len(lines) == -(-7 * 4 // 5)


def test_centred_lines_are_about_equally_long() -> None:
    lines = choose_lines(measured("政府信息公开的"), Column(96.0, 96.0), Align.CENTER)
    assert sorted(end - start for start, end in lines) == [3, 4]


def test_a_centred_line_does_not_end_between_an_ordinal_and_its_number() -> None:
    text = "第2项指标数量"
    lines = choose_lines(measured(text), Column(50.0, 50.0), Align.CENTER)
    assert [text[start:end] for start, end in lines] == ["第2项", "指标", "数量"]


@pytest.mark.parametrize("align", [Align.JUSTIFY, Align.LEFT, Align.CENTER])
def test_lines_of_a_word_without_end_are_filled_one_after_another(align: Align) -> None:
    text = measured("A" * 5_000)
    lines = choose_lines(text, Column(300.0, 300.0), align)
    assert [start for start, _ in lines[1:]] == [end for _, end in lines[:-1]]
    assert lines[-1][1] == 5_000
    widths = [text.loose_width(start, end) for start, end in lines]
    assert all(width <= 300.0 + TOLERANCE for width in widths)
    assert all(width > 280.0 for width in widths[:-1])


def test_a_paragraph_of_more_places_than_are_weighed_is_broken_all_the_same() -> None:
    text = measured("公开信息，" * (MOST_OPENINGS // 4))
    lines = choose_lines(text, Column(300.0, 300.0), Align.JUSTIFY)
    assert lines[0][0] == 0
    assert lines[-1][1] == len(text.text)
    assert all(start < end for start, end in lines)
    assert all(text.text[start] != "，" for start, _ in lines)
