"""Numbers as clerks type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.diagnostics import Diagnostic
from reportgen.forms.grid import ValueType
from reportgen.forms.numbers import NotANumberError, not_a_number, parse_quantity
from tests.builders import FORMS, span_of, worded

COUNT = ValueType()
CHANGE = ValueType("change")
FEE = ValueType("money", "万元")
SUM = ValueType("money", "元", unit_in_cell=True)


def refused(error: NotANumberError) -> Diagnostic:
    """Return what the author of a number so refused is told."""
    cell = next(iter(FORMS["2021"].value_cells.values()))
    (found,) = worded([not_a_number(error, span_of("件数: ?", "?"), cell)])
    return found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("3307", 3307),
        (" 12 ", 12),
        ("１２", 12),
        ("08", 8),
        ("11398889", 11398889),
        ("1,234,567", 1234567),
        ("1，234", 1234),
        ("12 345", 12345),
        ("\xa05", 5),
        ("\u30005", 5),
    ],
)
def test_count_is_a_whole_number(text: str, number: int) -> None:
    assert parse_quantity(text, COUNT) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("+11", 11), ("-18", -18), ("－18", -18), ("−18", -18), ("+ 3", 3), ("0", 0)],
)
def test_change_has_a_sign(text: str, number: int) -> None:
    assert parse_quantity(text, CHANGE) == number


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("0", FEE, "0"),
        ("18651.06", FEE, "18651.06"),
        ("4166.241619", FEE, "4166.241619"),
        ("18,651.06万元", FEE, "18651.06"),
        ("186510600元", FEE, "18651.06"),
        ("1.5亿元", FEE, "15000"),
        ("３.５", FEE, "3.5"),
        ("75394432.52元", SUM, "75394432.52"),
        ("75394432.52 元", SUM, "75394432.52"),
        ("389.2万元", SUM, "3892000"),
        ("12.6万元", ValueType("money"), "12.6"),
    ],
)
def test_money_comes_in_the_unit_of_its_cell(text: str, kind: ValueType, number: str) -> None:
    assert parse_quantity(text, kind) == Decimal(number)


@pytest.mark.parametrize("text", ["", " ", "\xa0", "/", "／", "-", "－", "—", "——", "–", "\\"])
@pytest.mark.parametrize("kind", [COUNT, CHANGE, FEE])
def test_strokes_and_blanks_mean_no_number(text: str, kind: ValueType) -> None:
    assert parse_quantity(text, kind) is None


@pytest.mark.parametrize(
    "text",
    ["无", "十九", "3件", "1.5", "12.0", "1,23", "1 2", "3²", "①", "½", "1e3", "0x10", "1_000",
     "=1+1", "3元", "约3", "--3", "NaN", "inf", "[3]"],
)  # fmt: skip
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError) as caught:
        parse_quantity(text, COUNT)
    found = refused(caught.value)
    assert found.code == "I105"
    assert f"“{text}”" in found.message


@pytest.mark.parametrize(("text", "kind"), [("-2", COUNT), ("－2", COUNT), ("-0.5", FEE)])
def test_negative_number_is_refused_where_none_can_be(text: str, kind: ValueType) -> None:
    with pytest.raises(NotANumberError) as caught:
        parse_quantity(text, kind)
    assert refused(caught.value).code == "I106"


@pytest.mark.parametrize("text", ["9" * 16, "9" * 5000, "1." + "3" * 5000])
def test_number_of_too_many_digits_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError) as caught:
        parse_quantity(text, FEE)
    assert "位数过多" in refused(caught.value).message


def test_largest_number_is_exact() -> None:
    assert parse_quantity("9" * 15, COUNT) == 10**15 - 1


def test_unit_that_cannot_be_converted_is_refused() -> None:
    with pytest.raises(NotANumberError) as caught:
        parse_quantity("3万元", ValueType("money", "美元"))
    assert "美元" in refused(caught.value).hint


@pytest.mark.parametrize(
    ("kind", "hint"),
    [(COUNT, "正整数"), (CHANGE, "正负号"), (FEE, "万元"), (ValueType("money"), "12.6")],
)
def test_hint_says_what_the_cell_takes(kind: ValueType, hint: str) -> None:
    with pytest.raises(NotANumberError) as caught:
        parse_quantity("无", kind)
    assert hint in refused(caught.value).hint
