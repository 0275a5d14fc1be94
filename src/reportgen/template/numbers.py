"""How a number is printed in its cell."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from reportgen.model.tables import Quantity
from reportgen.template.grid import ValueType


def show_quantity(quantity: Quantity, kind: ValueType) -> str:
    """Return *quantity* as the table prints it.

    No number is printed as 0, a change keeps the sign as typed, money whose head
    carries no unit keeps its unit in the cell; an unreadable value stays as typed.
    """
    if quantity.invalid:
        return quantity.text
    text = plain_number(quantity.amount)
    typed = unicodedata.normalize("NFKC", quantity.text).strip()
    if kind.kind == "change" and typed.startswith("+"):
        return f"+{text}"
    if kind.unit_in_cell and kind.unit:
        return text + kind.unit
    return text


def plain_number(number: int | Decimal) -> str:
    """Return *number* in plain digits: no exponent, no thousands separators."""
    return format(number, "f") if isinstance(number, Decimal) else str(number)
