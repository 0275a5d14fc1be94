"""What a pattern's match is put to before it counts as a finding (``proof`` of a rule)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping

from reportgen.forms import Rule, whole_number
from reportgen.model import Report

Proof = Callable[["re.Match[str]", Report, Rule], bool]

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PLACE_LENGTH = 2  # characters of a place name that tell it from another
_ID_CHECKS = "10X98765432"


def _digits(text: str) -> str:
    return re.sub(r"[^0-9Xx]", "", text).upper()


def _is_identity_number(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the match is an 18-digit identity number: birthday and check digit."""
    number = _digits(match[0])
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return False
    if not _exists(int(number[6:10]), int(number[10:12]), int(number[12:14])):
        return False
    total = sum(int(d) * weight for d, weight in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == number[17]


def _passes_luhn(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the match is a bank-card number by its check digit, and no identity number."""
    number = _digits(match[0])
    if not (number.isascii() and number.isdigit()) or len(set(number)) < 4:
        return False
    doubled = [2 * int(digit) for digit in number[-2::-2]]
    total = sum(map(int, number[-1::-2])) + sum(value // 10 + value % 10 for value in doubled)
    return total % 10 == 0 and not _is_identity_number(match, report, rule)


def _is_no_date(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the groups 年 (if any), 月 and 日 name a day that does not exist."""
    groups = match.groupdict()
    year = int(groups.get("年") or 2000)  # a leap year: 29 February alone is no mistake
    return not _exists(year, int(groups["月"]), int(groups["日"]))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except (ValueError, OverflowError):
        return False
    return True


def _is_other_year(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the group 年 is none of the years the rule allows (``options.years``)."""
    allowed = rule.options.get("years", [0])
    return int(match["年"]) not in [report.year + int(offset) for offset in allowed]


def _is_this_year(match: re.Match[str], report: Report, rule: Rule) -> bool:
    return int(match["年"]) == report.year


def _is_odd_fee(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the amount 数 is no multiple of the smallest step of the scale."""
    return whole_number(match["数"]) % int(rule.limit) != 0


def _is_wrong_fee(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether 数 is not what the scale (``options.scale``) gives for 页."""
    return whole_number(match["数"]) != fee_of(int(match["页"]), rule.options)


def fee_of(pages: int, options: Mapping[str, list[list[int]]]) -> int:
    """Return the fee for *pages* on a scale of ``[up to page, fee per page]`` steps."""
    fee = before = 0
    for last, rate in options["scale"]:
        fee += max(0, min(pages, last) - before) * rate
        before = last
    return fee


def _is_other_contact(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the number 号 is in none of the contact's values, one of its kind given."""
    number = _digits(match["号"])
    values = [_digits(value) for value in report.contact.values()]
    is_given = bool(report.contact.get(str(rule.options["contact"])))
    return is_given and not any(number in value or value.endswith(number) for value in values)


def _is_other_organ(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether 机关 is of the organ's own place, yet neither its name nor short for it."""
    named, own = match["机关"], report.organ
    if named[:_PLACE_LENGTH] != own[:_PLACE_LENGTH]:
        return False
    rest = iter(own)
    return not all(char in rest for char in named)


PROOFS: dict[str, Proof] = {
    "id-card": _is_identity_number,
    "luhn": _passes_luhn,
    "no-such-date": _is_no_date,
    "other-year": _is_other_year,
    "this-year": _is_this_year,
    "fee-step": _is_odd_fee,
    "fee-pages": _is_wrong_fee,
    "other-contact": _is_other_contact,
    "other-organ": _is_other_organ,
}
"""Name → test of match, report and rule; true when the match is a finding."""
