"""Text as it is meant: look-alike characters and stray blanks out of the way, places kept."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

_ODD = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff⺀-⿟豈-\ufaff０-９Ａ-Ｚａ-ｚ％．]")
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]")
_RADICALS = "⺠民⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻚页⻛风⻜飞⻝食⻢马⻥鱼⻦鸟⻩黄⻬齐⻮齿⻰龙⻳龟"
"""Radicals that Unicode does not fold itself, each with the character it looks like."""


class Folded(Struct, frozen=True):
    """A text to be read: ``places`` says where each character, and one more, was typed.

    None when every character stands where it was typed.
    """

    text: str
    places: tuple[int, ...] | None = None

    def place(self, index: int) -> int:
        """Return where the character at *index* was typed."""
        return index if self.places is None else self.places[index]

    def end(self, index: int) -> int:
        """Return where the character before *index* ends in the text as typed."""
        return index if self.places is None else self.places[index - 1] + 1


@lru_cache(maxsize=1)
def _look_alikes() -> dict[int, str]:
    """Return the character meant for each that only looks like it."""
    ranges = ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0xFF10, 0xFF1A), (0xFF21, 0xFF5B))
    codes = [code for first, last in ranges for code in range(first, last)]
    folded = {code: unicodedata.normalize("NFKC", chr(code)) for code in (*codes, 0xFF05, 0xFF0E)}
    return folded | dict(zip(map(ord, _RADICALS[::2]), _RADICALS[1::2], strict=True))


def fold(text: str) -> Folded:
    """Return *text* without blanks and invisible characters, look-alikes replaced.

    A line feed stays, and so does a blank between two digits: 2024 100件 is not one number,
    unless it parts thousands.
    """
    if not _ODD.search(text):
        return Folded(text)
    swapped = text.translate(_look_alikes())
    kept = [i for i, char in enumerate(swapped) if not _BLANK.match(char) or _parts(swapped, i)]
    return Folded("".join(swapped[i] for i in kept), (*kept, len(text)))


def _parts(text: str, index: int) -> bool:
    """Return whether the blank at *index* parts two sentences or two numbers."""
    if text[index] == "\n":
        return True
    before, after = text[:index].rstrip(), text[index:].lstrip()
    if not (before[-1:].isdigit() and after[:1].isdigit()):
        return False
    return not re.match(r"\d{3}(?!\d)", after)
