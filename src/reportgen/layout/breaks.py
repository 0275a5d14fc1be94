"""Where a line may end, and how gladly.

The pair rules know single characters; this module knows what is longer:
numbers with their counters, document numbers, addresses of web pages.
"""

from __future__ import annotations

import re

from reportgen.layout.classes import SPACES
from reportgen.layout.measure import Measure

COUNTER_PENALTY = 600.0
"""For parting a number from its counter (816｜条, 3～｜5): about as bad as a line two 字 short."""
ADDRESS_PENALTY = 60.0
"""For a break within the address of a web page."""

# Runs that no line break may divide; breaks at their edges stay.
_WHOLE = re.compile(
    r"[〔［\[（(]\d{4}[〕］\])）]第?\d+号"  # 〔2021〕30号
    r"|[０-９]+(?:[．，：／－～][０-９]+)*[％‰]?"
    r"|[±＋－×][\d０-９]"
    r"|\d°[A-Za-z]"
    r"|[A-Za-z][’‘][A-Za-z]+"
)
_ADDRESS = re.compile(
    r"(?:https?|ftp)://[!-~]+|www\.[!-~]+|(?<![\w@.])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/[!-~]+"
)
_ADDRESS_BREAK = re.compile(r"[/?&.](?=[A-Za-z0-9%_#=~-])")
_NUMBER_AND_COUNTER = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])|(?<=[第～])(?=\d)")


def find_breaks(text: Measure) -> dict[int, float]:
    """Return the places where a line may start, 0 and the end of the text among them.

    Each with its penalty, in order.  No line holds nothing but an indent of spaces.
    """
    indent = len(text.classes) - len(text.classes.lstrip(SPACES))
    breaks = {k: 0.0 for k, pair in enumerate(text.pairs) if pair.breakable and k > indent}
    _refine(text.text, breaks)
    breaks[0] = breaks[len(text.text)] = 0.0
    return dict(sorted(breaks.items()))


def _refine(text: str, breaks: dict[int, float]) -> None:
    """Take out the breaks within unbreakable runs, add those within web addresses.

    Those between a number and its counter become dear.
    """
    for match in _WHOLE.finditer(text):
        for place in range(match.start() + 1, match.end()):
            breaks.pop(place, None)
    for match in _NUMBER_AND_COUNTER.finditer(text):
        if match.start() in breaks:
            breaks[match.start()] = COUNTER_PENALTY
    for match in _ADDRESS.finditer(text):
        for stop in _ADDRESS_BREAK.finditer(text, match.start(), match.end()):
            breaks[stop.end()] = ADDRESS_PENALTY
