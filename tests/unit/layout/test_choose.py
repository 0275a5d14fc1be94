"""The cheapest lines: leaving dear breaks out of the search changes none of them."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.layout import choose
from reportgen.layout.choose import Column, choose_lines
from reportgen.layout.classes import classify, is_western
from reportgen.layout.measure import LATIN_GAP, Measure, measure

ZI = 16.0
TEXTS = st.text("政府信息公开的条，。、《》（）“”—…12ab %.,()～〔〕号", min_size=1, max_size=200)


def measured(text: str) -> Measure:
    advances = [ZI / 2 if is_western(char) else ZI for char in text]
    return measure(text, classify(text), advances, ZI, LATIN_GAP * ZI)


@pytest.mark.parametrize("align", ["justify", "left", "center", "right"])
@given(text=TEXTS, width=st.floats(10, 500), indent=st.sampled_from([0.0, 2.0, -1.0]))
def test_the_lines_are_those_of_a_search_through_all_breaks(
    align: str, text: str, width: float, indent: float
) -> None:
    column = Column(max(10.0, width - indent * ZI), width)
    with patch.object(choose, "_filled_cost", return_value=float("inf")):
        whole = choose_lines(measured(text), column, align)
    assert choose_lines(measured(text), column, align) == whole
