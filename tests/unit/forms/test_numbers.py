"""Numbers as the tables print them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.forms.grid import ValueType
from reportgen.forms.numbers import plain_number, show_quantity
from reportgen.model.tables import Quantity

COUNT = ValueType()
CHANGE = ValueType("change")
FEE = ValueType("money", "万元")
SUM = ValueType("money", "元", unit_in_cell=True)


@pytest.mark.parametrize(
    ("quantity", "kind", "shown"),
    [
        (Quantity(0, "0"), COUNT, "0"),
        (Quantity(3307, "3,307"), COUNT, "3307"),
        (Quantity(None, "/"), COUNT, "0"),
        (Quantity(11, "+11"), CHANGE, "+11"),
        (Quantity(11, "＋11"), CHANGE, "+11"),
        (Quantity(11, "11"), CHANGE, "11"),
        (Quantity(-18, "-18"), CHANGE, "-18"),
        (Quantity(0, "0"), CHANGE, "0"),
        (Quantity(Decimal("18651.06"), "18651.06"), FEE, "18651.06"),
        (Quantity(Decimal("12.60"), "12.60"), FEE, "12.60"),
        (Quantity(Decimal("75394432.52"), "75394432.52元"), SUM, "75394432.52元"),
        (Quantity(Decimal("3.892E+6"), "389.2万元"), SUM, "3892000元"),
        (Quantity(None, "十九", invalid=True), COUNT, "十九"),
        (Quantity(3, "+3", computed=True), COUNT, "3"),
    ],
)
def test_quantity_is_printed_as_the_table_wants_it(
    quantity: Quantity, kind: ValueType, shown: str
) -> None:
    assert show_quantity(quantity, kind) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (11398889, "11398889"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000001"), "0.000001"),
    ],
)
def test_plain_number_has_neither_exponent_nor_separators(
    number: int | Decimal, shown: str
) -> None:
    assert plain_number(number) == shown
