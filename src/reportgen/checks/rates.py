"""Per cents recomputed to the decimals they are printed with."""

from __future__ import annotations

from decimal import Decimal

Number = int | Decimal


def growth_rate(now: Number, before: Number) -> Decimal:
    """Return the growth from *before* to *now* in per cent; *before* must not be 0."""
    return Decimal(now - before) * 100 / Decimal(before)


def share_rate(part: Number, whole: Number) -> Decimal:
    """Return *part* of *whole* in per cent; *whole* must not be 0."""
    return Decimal(part) * 100 / Decimal(whole)


def agrees(printed: str, exact: Decimal) -> bool:
    """Return whether *printed* is *exact* rounded to as many decimals, either way from a half."""
    shown = Decimal(printed)
    _, _, exponent = shown.as_tuple()
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(shown - exact) <= unit / 2
