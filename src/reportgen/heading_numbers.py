"""The numbers of headings and list items, read and written.

Their official order: ``一、``, ``（一）``, ``1.``, ``（1）`` (GB/T 9704 7.3.3).  Typed ones are
recognised up to 99; a title never has more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_DIGITS = "一二三四五六七八九"
_NUMERAL = "[一二三四五六七八九十]{1,3}"  # one class: sre takes 0.3 ms to compile another
_OPEN, _CLOSE = r"[（(]\s*", r"\s*[）)]"

_STYLES = (
    ("一、", re.compile(rf"({_NUMERAL})\s*[、．.]")),
    ("（一）", re.compile(rf"{_OPEN}({_NUMERAL}){_CLOSE}[、．.]?")),
    ("1.", re.compile(r"(\d{1,2})\s*[．.](?!\d)")),
    ("1、", re.compile(r"(\d{1,2})\s*、")),
    ("（1）", re.compile(rf"{_OPEN}(\d{{1,2}}){_CLOSE}[、．.]?")),
    ("1)", re.compile(r"(\d{1,2})\s*[）)]")),
)

# Single characters an input method offers: style, first character, first number, how many.
_SINGLE_CHARACTERS = (
    ("①", 0x2460, 1, 20),
    ("①", 0x3251, 21, 15),
    ("①", 0x32B1, 36, 15),
    ("（一）", 0x3220, 1, 10),
    ("（1）", 0x2474, 1, 20),
    ("1.", 0x2488, 1, 20),
)


class Numbered(NamedTuple):
    """A title taken apart; ``number`` is None and ``style`` empty where none was typed.

    ``style`` is the form: ``一、`` ``（一）`` ``1.`` ``1、`` ``（1）`` ``1)`` or ``①``.
    ``rest`` is the title after the number and the blanks behind it.
    """

    style: str
    number: int | None
    rest: str


def parse_number(title: str) -> Numbered:
    """Return the number *title* begins with and what follows it."""
    text = title.lstrip()
    for style, pattern in _STYLES:
        if (found := pattern.match(text)) and (number := _value(found[1])) is not None:
            return Numbered(style, number, text[found.end() :].lstrip())
    for style, first, number, count in _SINGLE_CHARACTERS:
        place = ord(text[0]) - first if text else -1
        if 0 <= place < count:
            return Numbered(style, number + place, text[1:].lstrip("、.． \u3000"))
    return Numbered("", None, title)


def _value(numeral: str) -> int | None:
    """Return the number that digits of any width or Chinese ones stand for, or None."""
    return int(numeral) if numeral.isdecimal() else _numerals().get(numeral)


@lru_cache(maxsize=1)
def _numerals() -> dict[str, int]:
    """Return the numbers 1 to 99 by their Chinese numerals."""
    return {chinese_numeral(number): number for number in range(1, 100)}


_LARGEST_NUMERAL = 9999


def chinese_numeral(number: int) -> str:
    """Return *number* (1 to 9999) in Chinese: ``12`` is ``十二``, ``101`` is ``一百零一``.

    Raises ValueError, worded for the author, outside that range.
    """
    if not 1 <= number <= _LARGEST_NUMERAL:
        raise ValueError(f"中文数字只支持 1 至 9999，这里是 {number}")
    digits = f"{number:04d}"
    words = "".join(
        _DIGITS[int(digit) - 1] + unit if digit != "0" else "零"
        for digit, unit in zip(digits, ("千", "百", "十", ""), strict=True)
    )
    words = re.sub("零+", "零", words).strip("零")
    return words[1:] if words.startswith("一十") else words


class NumberLook(NamedTuple):
    """How the numbers of a level look: ``%`` stands for the number in *text*."""

    text: str
    is_chinese: bool


NUMBER_LOOKS: Mapping[int, NumberLook] = {
    1: NumberLook("%、", is_chinese=True),
    2: NumberLook("（%）", is_chinese=True),
    3: NumberLook("%.", is_chinese=False),
    4: NumberLook("（%）", is_chinese=False),
}
"""The looks of the numbers of headings by their level (GB/T 9704 7.3.3)."""
ITEM_LEVEL = 3
"""The level whose look the numbers of list items have."""


def number_label(level: int, number: int) -> str:
    """Return the label of heading *number* at *level*, from 1; below the last look it stays that.

    A number for which there is no Chinese numeral is in digits.
    """
    look = NUMBER_LOOKS[min(level, len(NUMBER_LOOKS))]
    is_chinese = look.is_chinese and number <= _LARGEST_NUMERAL
    return look.text.replace("%", chinese_numeral(number) if is_chinese else str(number))
