"""Where a line may end, and how gladly.

The pair rules know single characters; this module knows what is longer:
numbers with their counters, document numbers, addresses of web pages.
"""

from __future__ import annotations

import re
from itertools import compress

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


def find_breaks(text: Measure) -> dict[int, float]:
    """Return the places where a line may start, 0 and the end of the text among them.

    Each with its penalty, in order.  No line holds nothing but an indent of spaces.
    """
    end = len(text.text)
    indent = end - len(text.classes.lstrip(SPACES))
    places = compress(range(indent + 1, end), text.gaps.breakable[indent + 1 :])
    breaks = dict.fromkeys((0, *places, end), 0.0)
    _keep_whole(text.text, breaks)
    _keep_with_counter(text.text, breaks)
    return _open_addresses(text.text, breaks)


def _keep_whole(text: str, breaks: dict[int, float]) -> None:
    """Take out the breaks within unbreakable runs."""
    for match in _WHOLE.finditer(text):
        for place in range(match.start() + 1, match.end()):
            breaks.pop(place, None)


def _keep_with_counter(text: str, breaks: dict[int, float]) -> None:
    """Make the breaks between a number and its counter dear."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if start in breaks and text[start - 1 : start] in _BEFORE_NUMBER:
            breaks[start] = COUNTER_PENALTY
        if end in breaks and _FIRST_HAN <= text[end : end + 1] <= _LAST_HAN:
            breaks[end] = COUNTER_PENALTY


def _open_addresses(text: str, breaks: dict[int, float]) -> dict[int, float]:
    """Return *breaks* with those within web addresses."""
    if "/" not in text and "www." not in text:
        return breaks
    inner = {
        match.start() + stop.end(): ADDRESS_PENALTY
        for match in re.finditer(_ADDRESS, text)
        for stop in re.finditer(_ADDRESS_BREAK, match[0])
    }
    return dict(sorted((breaks | inner).items()))
