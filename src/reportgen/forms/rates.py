"""Rates in per cent, as the texts of a report state them: growth and share, worked out once."""

from __future__ import annotations

from decimal import Decimal

from reportgen.forms.numbers import Number


def growth_rate(now: Number, before: Number) -> Decimal | None:
    """Return by how many per cent of *before* it has grown to *now*, less than 0 when it fell.

    None when *before* is 0: there is nothing to compare with.
    """
    return Decimal(now - before) * 100 / abs(Decimal(before)) if before else None


def share_rate(part: Number, whole: Number) -> Decimal | None:
    """Return how many per cent of *whole* *part* is, None when *whole* is 0."""
    return Decimal(part) * 100 / Decimal(whole) if whole else None


def agrees(printed: str, exact: Decimal) -> bool:
    """Return whether *printed* is *exact* rounded to as many decimals, or cut off there.

    A half may be rounded either way.
    """
    shown = Decimal(printed)
    _, _, exponent = shown.as_tuple()
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    is_cut = shown * exact >= 0 and 0 <= abs(exact) - abs(shown) < unit
    return is_cut or abs(shown - exact) <= unit / 2
