"""Rates in per cent, as the texts of a report state them: growth and share, worked out once."""

from __future__ import annotations

from decimal import Decimal

from reportgen.forms.numbers import Number

FALLING = ("下降", "减少", "降低")
"""The words behind which a rate is that of a fall."""


def growth_rate(now: Number, before: Number) -> Decimal | None:
    """Return by how many per cent of *before* it has grown to *now*, less than 0 when it fell.

    None when *before* is 0: there is nothing to compare with.
    """
    return Decimal(now - before) * 100 / abs(Decimal(before)) if before else None


def share_rate(part: Number, whole: Number) -> Decimal | None:
    """Return how many per cent of *whole* *part* is, None when *whole* is 0."""
    return Decimal(part) * 100 / Decimal(whole) if whole else None


def stated_growth(direction: str, rate: Decimal) -> Decimal:
    """Return the growth that the words *direction* (增长, 下降 …) and *rate* make."""
    return -rate if direction in FALLING else rate


def agrees(printed: str, exact: Decimal) -> bool:
    """Return whether *printed* is *exact* rounded to as many decimals, either way from a half."""
    shown = Decimal(printed)
    _, _, exponent = shown.as_tuple()
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(shown - exact) <= unit / 2
