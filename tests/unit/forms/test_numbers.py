"""Numbers as clerks type them and as the tables print them.

Growth and share, worked out once for what is printed and for what is checked.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.diagnostics import Diagnostic
from reportgen.forms.grid import ValueKind, ValueType
from reportgen.forms.numbers import (
    UNITS,
    NotANumberError,
    agrees,
    grouped_number,
    growth_rate,
    not_a_number,
    parse_quantity,
    plain_number,
    share_rate,
    show_quantity,
    trimmed_number,
    whole_number,
)
from reportgen.model.report import Quantity
from reportgen.placeholders.functions import growth, share
from tests.builders import FORMS, span_of, worded

COUNT = ValueType()
CHANGE = ValueType(ValueKind.CHANGE)
FEE = ValueType(ValueKind.MONEY, "万元")
SUM = ValueType(ValueKind.MONEY, "元", unit_in_cell=True)
AMOUNT = ValueType(ValueKind.MONEY)
TYPES = sorted(
    {cell.type for form in FORMS.values() for cell in form.value_cells.values()}, key=str
)


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
    assert parse_quantity(text, COUNT).number == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("+11", 11), ("-18", -18), ("－18", -18), ("−18", -18), ("+ 3", 3), ("0", 0)],
)
def test_change_has_a_sign(text: str, number: int) -> None:
    assert parse_quantity(text, CHANGE).number == number


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
        ("12.6", AMOUNT, "12.6"),
        ("1亿元", SUM, "100000000"),
        ("389.2431万元", SUM, "3892431"),
        ("３８９．２４３１万元", SUM, "3892431"),
        ("1 234.5 万元", SUM, "12345000"),
    ],
)
def test_money_comes_in_the_unit_of_its_cell(text: str, kind: ValueType, number: str) -> None:
    assert parse_quantity(text, kind).number == Decimal(number)


@pytest.mark.parametrize("text", ["", " ", "\xa0", "/", "／", "-", "－", "—", "——", "–", "\\"])
@pytest.mark.parametrize("kind", [COUNT, CHANGE, FEE])
def test_strokes_and_blanks_mean_no_number(text: str, kind: ValueType) -> None:
    assert parse_quantity(text, kind).number is None


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


@pytest.mark.parametrize(
    "text", ["186\u202e42", "\u200f123\u200f456", "\u202b12 34", "1\u20672\u2069"]
)
def test_a_number_seen_as_another_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError) as raised:
        parse_quantity(text, COUNT)
    assert raised.value.wording == "turned"
    assert "从右往左" in refused(raised.value).message


def test_controls_that_turn_nothing_are_no_part_of_a_number() -> None:
    assert parse_quantity("\u202d18642\u202c", COUNT).number == 18642  # as calculators copy it


def test_largest_number_is_exact() -> None:
    assert parse_quantity("9" * 15, COUNT).number == 10**15 - 1


@pytest.mark.parametrize(
    ("kind", "hint"), [(ValueType(ValueKind.MONEY, "美元"), "美元"), (AMOUNT, "不带单位")]
)
def test_unit_that_cannot_be_converted_is_refused(kind: ValueType, hint: str) -> None:
    with pytest.raises(NotANumberError) as caught:
        parse_quantity("3万元", kind)
    assert hint in refused(caught.value).hint


@pytest.mark.parametrize(
    "text",
    [
        "3 8万",
        "38万",
        "万元",
        "3 万 元",
        "3元万",
        "3万 元",
        "3万元元",
        "1.万元",
        "3千",
        "3万元左右",
    ],
)
@pytest.mark.parametrize("kind", [FEE, SUM])
def test_torn_unit_is_refused(text: str, kind: ValueType) -> None:
    with pytest.raises(NotANumberError):
        parse_quantity(text, kind)


@pytest.mark.parametrize(
    ("kind", "hint"),
    [(COUNT, "正整数"), (CHANGE, "正负号"), (FEE, "万元"), (AMOUNT, "12.6")],
)
def test_hint_says_what_the_cell_takes(kind: ValueType, hint: str) -> None:
    with pytest.raises(NotANumberError) as caught:
        parse_quantity("无", kind)
    assert hint in refused(caught.value).hint


@pytest.mark.parametrize(
    ("quantity", "kind", "shown"),
    [
        (Quantity(0, "0"), COUNT, "0"),
        (Quantity(3307, "3,307"), COUNT, "3307"),
        (Quantity(None, "/"), COUNT, "0"),
        (Quantity(11, signed=True), CHANGE, "+11"),
        (Quantity(0, signed=True), CHANGE, "+0"),
        (Quantity(11, "11"), CHANGE, "11"),
        (Quantity(-18, "-18"), CHANGE, "-18"),
        (Quantity(0, "0"), CHANGE, "0"),
        (Quantity(Decimal("18651.06"), "18651.06"), FEE, "18651.06"),
        (Quantity(Decimal("12.60"), "12.60"), FEE, "12.60"),
        (Quantity(Decimal("75394432.52"), "75394432.52元"), SUM, "75394432.52元"),
        (Quantity(Decimal("3.892E+6"), "389.2万元"), SUM, "3892000元"),
        (Quantity(None, "十九", invalid=True), COUNT, "十九"),
        (Quantity(3, "+3"), COUNT, "3"),
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


@pytest.mark.parametrize(
    ("text", "signed"), [("+3", True), ("＋3", True), ("3", False), ("-3", False)]
)
def test_plus_is_remembered_of_a_change(text: str, signed: bool) -> None:
    assert parse_quantity(text, CHANGE).signed is signed
    assert not parse_quantity("+3", COUNT).signed


def test_thousands_of_a_text_are_read_and_printed() -> None:
    assert whole_number("1,234,567") == whole_number("1234567") == 1_234_567
    assert grouped_number(1_234_567) == "1,234,567"
    assert grouped_number(Decimal("1E+6")) == "1,000,000"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(Decimal("1.50"), "1.5"), (100, "100"), (Decimal("1E+2"), "100"), (Decimal("0.0000001"), "0")],
)
def test_trimmed_number_ends_in_no_zero(number: int | Decimal, shown: str) -> None:
    assert trimmed_number(number, 6) == shown


@st.composite
def stated(draw: st.DrawFn) -> tuple[Quantity, ValueType]:
    """Draw a number that some cell of some form may hold, and what that cell holds."""
    kind = draw(st.sampled_from(TYPES))
    if kind.kind == ValueKind.MONEY:
        return Quantity(draw(st.decimals(0, 10**8, places=draw(st.integers(0, 6))))), kind
    if kind.kind == ValueKind.CHANGE:
        number = draw(st.integers(-(10**9), 10**9))
        return Quantity(number, signed=number >= 0 and draw(st.booleans())), kind
    return Quantity(draw(st.integers(0, 10**15 - 1))), kind


@given(stated())
def test_what_is_printed_is_read_back(drawn: tuple[Quantity, ValueType]) -> None:
    quantity, kind = drawn
    back = parse_quantity(show_quantity(quantity, kind), kind)
    assert back == quantity
    assert back.signed is quantity.signed
    assert show_quantity(back, kind) == show_quantity(quantity, kind)


@given(stated())
def test_full_width_is_read_like_half_width(drawn: tuple[Quantity, ValueType]) -> None:
    quantity, kind = drawn
    wide = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
    shown = show_quantity(quantity, kind)
    assert parse_quantity(shown.translate(wide), kind) == parse_quantity(shown, kind)


@given(st.integers(0, 10**9), st.booleans())
def test_thousands_separators_say_nothing(number: int, blank: bool) -> None:
    text = f"{number:,}".replace(",", " " if blank else ",")
    assert parse_quantity(text, COUNT).number == number


@given(st.decimals(0, 10**6, places=4), st.sampled_from(list(UNITS)), st.sampled_from(list(UNITS)))
def test_a_unit_says_how_much(number: Decimal, unit: str, own: str) -> None:
    read = parse_quantity(f"{number}{unit}", ValueType(ValueKind.MONEY, own)).number
    assert read is not None
    assert read * UNITS[own] == number * UNITS[unit]


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
