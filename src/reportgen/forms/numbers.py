"""The text of a number cell → its number.

Accepted: full- or half-width digits, thousands separators (comma or blank), a
sign where the column is a change, a unit where the column has one.  ``/``, ``-``, ``—`` and blanks
mean "no number".
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms.grid import GridCell, ValueType
from reportgen.model import Quantity
from reportgen.source import Place

NO_NUMBER = frozenset(("", "/", "-", "—", "——", "–", "\\"))
MAX_DIGITS = 15
# Not NFKC, which would read the footnote of 3² as a digit.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD = _HALF_WIDTH | {ord("−"): "-", ord("\u3000"): " ", ord("\xa0"): " "}
_UNITS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_AMOUNT = re.compile(
    r"([+-]?) *(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(\.\d+)? *(元|万元|亿元)?"
)


class NotANumberError(ValueError):
    """The text cannot be the number of its cell; the message says why and the hint what to do."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def read_quantity(
    text: str, place: Place, cell: GridCell
) -> tuple[Quantity | None, Diagnostic | None]:
    """Return what *text*, typed at *place*, says for *cell*, and what is wrong with it.

    A blank is no quantity at all; what cannot be read is an invalid one.
    """
    if not text.strip():
        return None, None
    try:
        number = parse_quantity(text, cell.type)
    except NotANumberError as error:
        return Quantity(None, text, place, invalid=True), not_a_number(error, place, cell)
    found = _no_number(text, place, cell) if number is None else None
    return Quantity(number, text, place), found


def not_a_number(error: NotANumberError, place: Place, cell: GridCell) -> Diagnostic:
    """Return the finding for a text at *place* that cannot be the number of *cell*."""
    return Diagnostic(
        error.code,
        "negative-number" if error.code == "I106" else "not-a-number",
        Severity.ERROR,
        f"“{cell.name}”：{error.message}",
        place,
        cells=(cell.name,),
        hint=error.hint,
    )


def _no_number(text: str, place: Place, cell: GridCell) -> Diagnostic:
    return Diagnostic(
        "T104",
        "no-number",
        Severity.WARNING,
        f"“{cell.name}”填的是“{text}”，按 0 计",
        place,
        cells=(cell.name,),
        expected="0",
        actual=text,
        hint="没有发生的填 0",
    )


def parse_quantity(text: str, kind: ValueType) -> int | Decimal | None:
    """Return the number *text* states in a cell of *kind*, None for "no number".

    Money comes back in the cell's unit.  Raises NotANumberError.
    """
    if len(text) <= MAX_DIGITS and text.isdigit() and text.isascii() and kind.kind != "money":
        return int(text)  # nearly every cell
    folded = text.translate(_FOLD).strip()
    if folded in NO_NUMBER:
        return None
    match = _AMOUNT.fullmatch(folded)
    if not match:
        raise _not_a_number(text, kind)
    sign, fraction, unit = match[1], match[3] or "", match[4]
    whole = re.sub("[, ]", "", match[2])
    if len(whole + fraction.lstrip(".")) > MAX_DIGITS:
        raise NotANumberError("I105", f"“{text}”位数过多", "核对这个数")
    if sign == "-" and kind.kind != "change":
        raise NotANumberError("I106", f"“{text}”是负数，这一格只能填 0 或正数", "核对这个数")
    if kind.kind == "money":
        return _money(text, Decimal(sign + whole + fraction), unit, kind)
    if fraction or unit:
        raise _not_a_number(text, kind)
    return int(sign + whole)


def _money(text: str, amount: Decimal, unit: str | None, kind: ValueType) -> Decimal:
    if unit is None or unit == kind.unit or kind.unit is None:
        return amount
    if kind.unit not in _UNITS:
        raise _not_a_number(text, kind)
    return (amount * _UNITS[unit] / _UNITS[kind.unit]).normalize()


def _not_a_number(text: str, kind: ValueType) -> NotANumberError:
    if kind.kind == "money":
        hint = f"填数字，单位为{kind.unit}，如 12.6" if kind.unit else "填数字，如 12.6"
    elif kind.kind == "change":
        hint = "填带正负号的整数，如 +3、-2、0"
    else:
        hint = "填 0 或正整数，不带单位，如 12"
    return NotANumberError(
        "I105", f"“{text}”不是{'金额' if kind.kind == 'money' else '整数'}", hint
    )


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
