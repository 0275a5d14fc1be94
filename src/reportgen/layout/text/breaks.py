"""Where a line may end, and at what penalty.

The pair rules know single characters; this module knows what is longer:
numbers with their counters, document numbers, addresses of web pages.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, pairwise
from typing import NamedTuple

from msgspec import Struct

from reportgen.characters import NEVER_FIRST, NEVER_LAST, SPACE, SPACES, WIDE_SPACE
from reportgen.layout.text.measure import TOLERANCE, Measure

COUNTER_PENALTY = 600.0
"""For parting a number from its counter (816｜条, 3～｜5): about as bad as a line two 字 short."""
ADDRESS_PENALTY = 60.0
"""For a break within the address of a web page."""

# Runs that no line break may divide; breaks at their edges stay.  A class of possible first
# characters stands in front, so that the search passes quickly over all others.
_WHOLE = re.compile(
    r"[\W\dA-Za-z](?:"
    r"(?<=[〔［\[（(])\d{4}[〕］\])）]第?\d+号"  # 〔2021〕30号
    r"|(?:(?<=[０-９])|(?<=[±＋－−×])\d)[０-９]*(?:[．，：／－～][０-９]+)*[％‰]?"
    r"|(?<=\d)°[A-Za-z]"
    r"|(?<=[A-Za-z])[’‘][A-Za-z]+)"
)
_NUMBER = re.compile(r"\d\d*")  # found faster than \d+
_BEFORE_NUMBER = frozenset("第～")
_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"
_ADDRESS = r"(?:https?|ftp)://[!-~]+|www\.[!-~]+|(?<![\w@.])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/[!-~]+"
_ADDRESS_BREAK = r"[/?&.](?=[A-Za-z0-9%_#=~-])"


class Breaks(NamedTuple):
    """The places where a line may start, ascending, and the penalty of each; 0 is a good place."""

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


EMERGENCY, DIRE_EMERGENCY = 1e8, 1e9
"""For a break within a run that is wider than the column: by the rules for punctuation, or
against all rules."""


class Column(Struct, frozen=True):
    """The room for the lines of a paragraph: of its first, of the others, in points."""

    first: float
    rest: float


class Openings(Struct, frozen=True):
    """The places where the lines of a text may be broken, numbered in order from 0."""

    text: Measure
    column: Column
    places: Sequence[int]
    """The first character behind each break."""
    ends: Sequence[int]
    """Where the line before each break ends, spaces dropped."""
    penalties: Sequence[float]
    """The penalty of each break; 0 is a good place."""

    @classmethod
    def of(cls, text: Measure, column: Column, breaks: Breaks) -> Openings:
        """Return the openings at *breaks*."""
        places = breaks.places
        spaced = SPACE in text.classes or WIDE_SPACE in text.classes
        ends = [text.end_of(place) for place in places] if spaced else places
        return cls(text, column, places, ends, breaks.penalties)

    @property
    def hanging(self) -> bool:
        """Whether the first line has more room than the others."""
        return self.column.first > self.column.rest

    def room(self, start: int) -> float:
        """Return the width of the column for a line from opening *start*."""
        return self.column.rest if start else self.column.first

    def reach(self, start: int) -> int:
        """Return the last opening that a line from *start* reaches unsqueezed, or *start*."""
        place = self.places[start]
        edge = self.text.loose_origins[place] + self.room(start) + TOLERANCE
        end = bisect_right(self.text.loose_rights, edge, place + 1) - 1
        return bisect_right(self.ends, end, start + 1) - 1

    def beyond(self, start: int, reach: int) -> Iterator[int]:
        """Yield the openings beyond *reach* that a line from *start* reaches squeezed.

        The one next to *start* is always among them: a line has to end somewhere.
        """
        room = self.room(start) + TOLERANCE
        for stop in range(reach + 1, len(self.places)):
            width = self.text.tight_width(self.places[start], self.ends[stop])
            if width > room and stop > start + 1:
                return
            yield stop


def find_openings(text: Measure, column: Column) -> Openings:
    """Return all openings that are needed for every line to fit.

    Where a run is wider than the column it may be broken: first where no punctuation would
    stand wrongly, and only if that is not enough, anywhere.
    """
    breaks = find_breaks(text)
    openings = Openings.of(text, column, breaks)
    for lawful, penalty in ((True, EMERGENCY), (False, DIRE_EMERGENCY)):
        wide = list(_wide_runs(openings))
        if not wide:
            break
        for start, stop in wide:
            inner = _inner_places(text.classes, start, stop, lawful)
            breaks = breaks.with_more(dict.fromkeys(inner, penalty))
        openings = Openings.of(text, column, breaks)
    return openings


def _wide_runs(openings: Openings) -> Iterator[tuple[int, int]]:
    """Yield the stretches between neighbouring places that do not fit a line."""
    text, places, ends = openings.text, openings.places, openings.ends
    for number, (start, stop) in enumerate(pairwise(places)):
        end, room = ends[number + 1], openings.room(number) + TOLERANCE
        # Hardly any run needs squeezing, and the loose width is known without counting.
        if text.loose_width(start, end) > room and text.tight_width(start, end) > room:
            yield start, stop


def _inner_places(classes: str, start: int, stop: int, lawful: bool) -> Iterator[int]:
    """Yield the places between *start* and *stop* where a break is possible at all."""
    for place in range(start + 1, stop):
        left, right = classes[place - 1], classes[place]
        good = left not in NEVER_LAST and right not in NEVER_FIRST
        if right not in SPACES and (good or not lawful):
            yield place
