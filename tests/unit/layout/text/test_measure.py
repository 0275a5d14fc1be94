"""Tests of measuring the gaps between characters."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reportgen.characters import CLASSES
from reportgen.layout.text.measure import Pair, _pair, gaps_of


@given(st.text(CLASSES, min_size=1, max_size=60))
def test_every_gap_is_as_the_rules_of_its_pair_say(classes: str) -> None:
    gaps = gaps_of(classes)
    expected = [Pair(0, 0, 0, 0, 0), *(_pair(*pair) for pair in pairwise(classes))]
    assert list(map(Pair._make, zip(*gaps[:-2], strict=True))) == expected
    assert list(gaps.widening) == [pair.stretches + 2 * pair.first for pair in expected]
    assert list(gaps.blank) == [pair.squeezed | pair.shrinks for pair in expected]


def test_no_two_classes_have_one_letter() -> None:
    assert len(set(CLASSES)) == len(CLASSES)
    assert len(CLASSES) ** 2 <= 256
