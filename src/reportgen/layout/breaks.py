"""Where a line may end, and how gladly.

The pair rules know single characters; this module knows what is longer:
numbers with their counters, document numbers, addresses of web pages.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from reportgen.layout.classes import SPACES
from reportgen.layout.measure import Measure

COUNTER_PENALTY = 600.0
"""For parting a number from its counter (816｜条, 3～｜5): about as bad as a line two 字 short."""
ADDRESS_PENALTY = 60.0
"""For a break within the address of a web page."""

# Runs that no line break may divide; breaks at their edges stay.  The first character is
# named twice: where none can begin, the search passes quickly.
_WHOLE = re.compile(
    r"[\W\dA-Za-z](?:"
    r"(?<=[〔［\[（(])\d{4}[〕］\])）]第?\d+号"  # 〔2021〕30号
    r"|(?:(?<=[０-９])|(?<=[±＋－−×])\d)[０-９]*(?:[．，：／－～][０-９]+)*[％‰]?"
    r"|(?<=\d)°[A-Za-z]"
    r"|(?<=[A-Za-z])[’‘][A-Za-z]+)"
)
_NUMBER = re.compile(r"\d\d*")  # so written, it is found faster than by \d+
_BEFORE_NUMBER = frozenset("第～")
_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"
_ADDRESS = r"(?:https?|ftp)://[!-~]+|www\.[!-~]+|(?<![\w@.])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/[!-~]+"
_ADDRESS_BREAK = r"[/?&.](?=[A-Za-z0-9%_#=~-])"


class Breaks(NamedTuple):
    """The places where a line may start, ascending, and the penalty of each: 0 is well."""

    places: Sequence[int]
    penalties: Sequence[float]

    def with_more(self, more: Mapping[int, float]) -> Breaks:
        """Return the breaks with *more* places, each with its penalty, among them."""
        merged = {**dict(zip(*self, strict=True)), **more}
        places = sorted(merged)
        return Breaks(places, [merged[place] for place in places])


def find_breaks(text: Measure) -> Breaks:
    """Return the places where a line may start, 0 and the end of the text among them.

    No line holds nothing but an indent of spaces.
    """
    end = len(text.text)
    first = end - len(text.classes.lstrip(SPACES)) + 1
    breakable = bytearray(text.gaps.breakable)
    _keep_whole(text.text, breakable)
    places = [0, *compress(range(first, end), breakable[first:]), end]
    penalties = [0.0] * len(places)
    for place in _beside_counters(text.text):
        number = bisect_left(places, place)
        if places[number] == place:
            penalties[number] = COUNTER_PENALTY
    breaks = Breaks(places, penalties)
    inner = _within_addresses(text.text)
    return breaks.with_more(inner) if inner else breaks


def _keep_whole(text: str, breakable: bytearray) -> None:
    """Clear the breaks within runs that no line break may divide."""
    for match in _WHOLE.finditer(text):
        start, end = match.span()
        breakable[start + 1 : end] = bytes(end - start - 1)


def _beside_counters(text: str) -> Iterator[int]:
    """Yield the places where a break would part a number from its counter."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if text[start - 1 : start] in _BEFORE_NUMBER:
            yield start
        if _FIRST_HAN <= text[end : end + 1] <= _LAST_HAN:
            yield end


def _within_addresses(text: str) -> dict[int, float]:
    """Return the breaks within web addresses, each with its penalty."""
    if "/" not in text and "www." not in text:
        return {}
    return {
        match.start() + stop.end(): ADDRESS_PENALTY
        for match in re.finditer(_ADDRESS, text)
        for stop in re.finditer(_ADDRESS_BREAK, match[0])
    }
