"""Growth and share, worked out once for what is printed and for what is checked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.forms.numbers import agrees, growth_rate, share_rate
from reportgen.placeholders.functions import growth, share

NUMBERS = st.integers(-10_000, 10_000)


@pytest.mark.parametrize(
    ("now", "before", "rate"),
    [(12, 10, 20), (9, 10, -10), (10, 10, 0), (5, -10, 150), (-20, -10, -100)],
)
def test_growth_says_whether_it_rose_even_from_below_zero(now: int, before: int, rate: int) -> None:
    assert growth_rate(now, before) == rate


def test_nothing_grows_from_nothing_and_nothing_is_a_share_of_it() -> None:
    assert growth_rate(3, 0) is None
    assert share_rate(3, 0) is None


@given(NUMBERS, NUMBERS)
def test_a_rate_that_was_printed_is_found_right(now: int, before: int) -> None:
    exact = growth_rate(now, before)
    printed = growth(now, before)
    if exact is not None and printed[:2] in ("增长", "下降"):
        assert agrees(printed[2:-1], abs(exact))


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_that_was_printed_is_found_right(part: int, whole: int) -> None:
    exact = share_rate(part, whole)
    assert exact is not None
    assert agrees(share(part, whole).removesuffix("%"), exact)


@pytest.mark.parametrize(
    ("printed", "exact", "right"),
    [("33.33", "33.3333", True), ("33.3", "33.35", True), ("33.4", "33.35", True),
     ("33", "33.51", True), ("33", "34.01", False), ("33.34", "33.333", False),
     ("-26.8", "-26.89", True), ("26.8", "-26.8", False)],
)  # fmt: skip
def test_a_rate_is_rounded_to_the_printed_decimals_or_cut(
    printed: str, exact: str, right: bool
) -> None:
    assert agrees(printed, Decimal(exact)) is right
