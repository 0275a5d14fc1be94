"""The text of a number cell → its number.

Accepted: full- or half-width digits, thousands separators (comma or blank), a
sign where the column is a change, a unit where the column has one.  ``/``, ``-``, ``—`` and blanks
mean "no number".
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from reportgen.diagnostics import Finding
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


def not_a_number(error: NotANumberError, place: Place, cell: GridCell) -> Finding:
    """Return the finding for a text at *place* that cannot be the number of *cell*."""
    return Finding(
        error.slug,
        place,
        {"格": cell.name, "原文": error.text, "单位": error.unit},
        wording=error.wording,
        advice=error.advice,
        cells=(cell.name,),
    )


def _no_number(text: str, place: Place, cell: GridCell) -> Finding:
    values = {"格": cell.name, "原文": text}
    return Finding("no-number", place, values, cells=(cell.name,), expected="0", actual=text)


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
        raise NotANumberError("not-a-number", text, wording="too-long")
    if sign == "-" and kind.kind != "change":
        raise NotANumberError("negative-number", text)
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
    if kind.kind == "money" and kind.unit:
        return NotANumberError("not-a-number", text, wording="money-with-unit", unit=kind.unit)
    wordings = {"money": "money", "change": "change"}
    return NotANumberError("not-a-number", text, wording=wordings.get(kind.kind, ""))


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
