"""The cheapest lines: the search passes over most, and finds none dearer for it."""

from __future__ import annotations

from itertools import pairwise
from unittest.mock import Mock, patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.characters import classify, is_western
from reportgen.layout.text import choose
from reportgen.layout.text.breaks import Column, Openings, find_openings
from reportgen.layout.text.choose import choose_lines
from reportgen.layout.text.measure import LATIN_GAP, TOLERANCE, Measure, measure

ZI = 16.0
TEXTS = st.text("政府信息公开的条，。、《》（）“”—…12ab %.,()～〔〕号", min_size=1, max_size=200)


def measured(text: str) -> Measure:
    advances = [ZI / 2 if is_western(char) else ZI for char in text]
    return measure(text, classify(text), advances, ZI, LATIN_GAP * ZI)


def cost_of(places: list[int], openings: Openings, align: str) -> float:
    """Return what the lines between *places* cost together."""
    numbers = [openings.places.index(place) for place in places]
    manner = choose._MANNERS[align]
    return sum(choose._price(openings, manner, start, stop) for start, stop in pairwise(numbers))


def least_cost(openings: Openings, align: str) -> float:
    """Return the cost of the best lines, every line that fits being tried."""
    text, last = openings.text, len(openings.places) - 1
    totals = [0.0]
    for stop in range(1, last + 1):
        end, found = openings.ends[stop], []
        for start in range(stop):
            place = openings.places[start]
            room = openings.room(start)
            if start < stop - 1 and text.tight_width(place, end) > room + TOLERANCE:
                continue
            slack = room - text.loose_width(place, end)
            cost = choose._MANNERS[align].cost(text, place, end, slack, stop == last)
            found.append(totals[start] + openings.penalties[start] + cost)
        totals.append(min(found))
    return totals[-1]


@pytest.mark.parametrize("align", ["justify", "left", "center", "right"])
@given(text=TEXTS, width=st.floats(10, 500), indent=st.sampled_from([0.0, 2.0, -1.0]))
def test_no_other_lines_cost_less(align: str, text: str, width: float, indent: float) -> None:
    column = Column(max(10.0, width - indent * ZI), width)
    lines = choose_lines(measured(text), column, align)
    openings, _ = find_openings(measured(text), column)
    if align in ("center", "right"):
        openings = choose._prefer_natural(openings)
    if len(lines) > 1:
        cost = cost_of([start for start, _ in lines] + [len(text)], openings, align)
        assert cost == pytest.approx(least_cost(openings, align), abs=0.01)


def test_of_all_lines_that_fit_only_a_small_part_is_weighed() -> None:
    text = "政府信息公开条，" * 40
    manner = choose._MANNERS["justify"]
    cost = Mock(side_effect=manner.cost)
    with patch.dict(choose._MANNERS, justify=manner._replace(cost=cost)):
        lines = choose_lines(measured(text), Column(400.0, 440.0), "justify")
    assert 10 < len(lines) <= cost.call_count < len(text) * 25 / 10  # of 25 for each start


def test_in_a_long_paragraph_the_lines_just_filled_do_not_say_what_is_weighed() -> None:
    text = (
        "对3件申请发出收费通知，均按量计收，分别为48页180元、85页550元（国办函〔2020〕109号）。"
        "2024年，我局承办的人大代表建议6件、政协提案9件全部按期办结，办理结果已在局网站公开。"
    ) * 8
    manner = choose._MANNERS["justify"]
    cost = Mock(side_effect=manner.cost)
    with patch.dict(choose._MANNERS, justify=manner._replace(cost=cost)):
        lines = choose_lines(measured(text), Column(416.0, 448.0), "justify")
    assert cost.call_count < 80 * len(lines)
