"""Dates as people type them: 2026-01-20, 2026年1月20号, 二〇二六年一月二十日."""

from __future__ import annotations

import datetime
import re
import unicodedata

_DIGITS = {
    **{digit: digit for digit in "0123456789"},
    **dict.fromkeys("〇○零O", "0"),
    **{numeral: str(value) for value, numeral in enumerate("一二三四五六七八九", 1)},
}
_DATE = re.compile(
    "([0-9]{4}|[0O〇○零一二三四五六七八九]{4})[-./年]"
    "([0-9]{1,2}|[一二三四五六七八九十]{1,2})[-./月]"
    "([0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]?"
)
_SPACE = re.compile(r"\s+")


def parse_date(text: str) -> datetime.date | None:
    """Return the day that *text* names, None if it names none or may name several.

    The year has four digits and comes first, then month and day, in digits of any width or in
    Chinese numerals; 26-1-20 and 1/20/2026 may be read in more than one way.
    """
    found = _DATE.fullmatch(_SPACE.sub("", unicodedata.normalize("NFKC", text)))
    if not found:
        return None
    year, month, day = found.groups()
    try:
        whole_year = int("".join(_DIGITS[digit] for digit in year))
        return datetime.date(whole_year, _small(month), _small(day))
    except ValueError:  # there is no such day
        return None


def _small(numeral: str) -> int:
    """Return the number below 100 that *numeral* is, in digits or in Chinese (二十, 十二).

    Raises ValueError if it is none.
    """
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        raise ValueError(numeral)
    return int(_DIGITS[tens] if tens else 1) * 10 * bool(ten) + int(_DIGITS[ones] if ones else 0)
