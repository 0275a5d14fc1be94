"""Text ↔ number, for everything that reads or prints numbers.

A number may have full- or half-width digits, thousands separators (comma or blank), a sign if
the cell is a change, and a unit if it is money.  ``/``, ``-``, ``—`` and blanks mean "no number".
What is printed is read back as the same number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TypeAlias

from reportgen.diagnostics import Finding
from reportgen.forms.grid import GridCell, ValueKind, ValueType
from reportgen.model import Quantity
from reportgen.source import Place
from reportgen.text import INVISIBLE, TURNING

Number: TypeAlias = int | Decimal

NO_NUMBER = frozenset(("", "/", "-", "—", "——", "–", "\\"))
MAX_DIGITS = 15
UNITS: Mapping[str, Decimal] = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "十万元": Decimal(100_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
}
"""The value of each unit of money in 元."""
_PRECISION = 80
# Not NFKC, which would read the footnote of 3² as a digit.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_FOLD = _HALF_WIDTH | _SPACES | {ord("−"): "-"} | INVISIBLE
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+"
_AMOUNT = re.compile(rf"([+-]?) *({_WHOLE})(\.\d+)? *({'|'.join(UNITS)})?", re.ASCII)

_NUMBER_WITH_UNIT = re.compile(r"[+\-−]?\d[\d.,]*\D{0,3}")


class NotANumberError(ValueError):
    """The text cannot be the number of its cell: the rule it breaks, and in which words."""

    def __init__(
        self, slug: str, text: str, wording: str = "", *, advice: str = "", unit: str = ""
    ) -> None:
        super().__init__(f"{slug} {wording}: {text}")
        self.slug = slug
        self.text = text
        self.wording = wording
        self.advice = advice
        self.unit = unit


def read_quantity(
    text: str, place: Place, cell: GridCell
) -> tuple[Quantity | None, Finding | None]:
    """Return the quantity in *cell* by its *text*, typed at *place*, and what is wrong with it.

    It is None for a blank, and invalid if the text cannot be read.
    """
    if not text.translate(INVISIBLE).strip():
        return None, None
    try:
        quantity = parse_quantity(text, cell.type, place)
    except NotANumberError as error:
        return Quantity(None, text, place, invalid=True), not_a_number(error, place, cell)
    return quantity, _no_number(text, place, cell) if quantity.number is None else None


def not_a_number(error: NotANumberError, place: Place, cell: GridCell) -> Finding:
    """Return the finding for a text at *place* that cannot be the number of *cell*."""
    return Finding(
        error.slug,
        place,
        {"格": cell.path, "原文": error.text, "单位": error.unit},
        wording=error.wording,
        advice=error.advice,
        cells=(cell.path,),
    )


def _no_number(text: str, place: Place, cell: GridCell) -> Finding:
    values = {"格": cell.path, "原文": text}
    return Finding("no-number", place, values, cells=(cell.path,), expected="0", actual=text)


def parse_quantity(text: str, kind: ValueType, place: Place | None = None) -> Quantity:
    """Return the quantity *text*, typed at *place*, states in a cell of *kind*.

    Money comes in the cell's unit; "no number" is a quantity without one.  Raises
    NotANumberError.
    """
    is_plain = len(text) <= MAX_DIGITS and text.isdigit() and text.isascii()
    if is_plain and kind.kind != ValueKind.MONEY:  # nearly every cell
        return Quantity(int(text), text, place)
    folded = text.translate(_FOLD).strip()
    if folded in NO_NUMBER:
        return Quantity(None, text, place)
    match = _AMOUNT.fullmatch(folded)
    if not match:
        raise _not_a_number(text, kind)
    sign, fraction, unit = match[1], match[3] or "", match[4]
    whole = re.sub("[, ]", "", match[2])
    if len(whole + fraction.lstrip(".")) > MAX_DIGITS:
        raise NotANumberError("not-a-number", text, wording="too-long")
    if sign == "-" and kind.kind != ValueKind.CHANGE:
        raise NotANumberError("negative-number", text)
    if kind.kind == ValueKind.MONEY:
        amount = _money(text, Decimal(sign + whole + fraction), unit, kind)
        return Quantity(amount, text, place)
    if fraction or unit:
        raise _not_a_number(text, kind)
    signed = sign == "+" and kind.kind == ValueKind.CHANGE
    return Quantity(int(sign + whole), text, place, signed=signed)


def _money(text: str, amount: Decimal, unit: str | None, kind: ValueType) -> Decimal:
    """Return *amount*, typed as *text* in *unit*, in the unit of *kind*."""
    if unit is None or unit == kind.unit:
        return amount
    if kind.unit is None or kind.unit not in UNITS:
        raise _not_a_number(text, kind)  # the amount in the unit of the cell is unknown
    return (amount * UNITS[unit] / UNITS[kind.unit]).normalize()


def _not_a_number(text: str, kind: ValueType) -> NotANumberError:
    if any(control in text for control in TURNING):
        return NotANumberError("not-a-number", text, wording="turned")
    if kind.kind == ValueKind.MONEY and kind.unit:
        return NotANumberError("not-a-number", text, wording="money-with-unit", unit=kind.unit)
    wordings = {ValueKind.MONEY: "money", ValueKind.CHANGE: "change"}
    return NotANumberError("not-a-number", text, wording=wordings.get(kind.kind, ""))


def show_quantity(quantity: Quantity, kind: ValueType) -> str:
    """Return *quantity* as the table prints it.

    No number is printed as 0, a change keeps the plus it was typed with, money whose head
    carries no unit has its unit in the cell.  An unreadable value is shown as the visible
    characters of its text.
    """
    if quantity.invalid:
        return "".join(char for char in quantity.text if char.isprintable())
    sign = "+" if quantity.signed and quantity.amount >= 0 else ""
    unit = kind.unit if kind.unit_in_cell and kind.unit else ""
    return sign + plain_number(quantity.amount) + unit


def plain_number(number: Number) -> str:
    """Return *number* in plain digits: no exponent, no thousands separators."""
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def grouped_number(number: Number) -> str:
    """Return *number* in plain digits with a comma after every third one."""
    return format(number, ",f") if isinstance(number, Decimal) else f"{number:,}"


def is_number_with_unit(text: str) -> bool:
    """Return whether *text*, typed anywhere, is a number with at most three characters behind."""
    return _NUMBER_WITH_UNIT.fullmatch(text) is not None


def whole_number(digits: str) -> int:
    """Return the number that *digits* of a text are, with or without commas between them."""
    return int(digits.replace(",", "").replace("，", ""))


def rounded(number: Number, decimals: int) -> Decimal:
    """Return *number* with exactly *decimals* decimals, halves away from zero."""
    with localcontext() as context:
        context.prec = _PRECISION
        return Decimal(number).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def trimmed_number(number: Number, decimals: int) -> str:
    """Return *number* in plain digits with at most *decimals* decimals, the last of them not 0."""
    text = plain_number(rounded(number, decimals))
    return text.rstrip("0").rstrip(".") if "." in text else text


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
