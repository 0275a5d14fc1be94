"""The places where a line may end, each with a penalty.

The rules for pairs of characters are in :mod:`.measure`.  This module adds the rules for longer
strings: numbers with their counters, document numbers, web addresses.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, compress
from typing import NamedTuple

from msgspec import Struct

from reportgen.characters import NEVER_FIRST, NEVER_LAST, SPACE, SPACES, WIDE_SPACE
from reportgen.layout.text.measure import TOLERANCE, Measure

COUNTER_PENALTY = 600.0
"""The penalty for separating a number from its counter (816｜条, 3～｜5); it is about the cost of
a line two 字 short."""
MARK_PENALTY = 4000.0
"""The penalty for a break before an opening mark between Western characters (5%，｜“5G”), which
LibreOffice does not make."""
ADDRESS_PENALTIES = {**dict.fromkeys("/-?", 60.0), **dict.fromkeys("._&@", 600.0)}
"""The penalty for a break within a web address, by the character before it.  Word processors break
after the first three."""

# Strings that must not be divided by a line break; breaks before and after them stay possible.
# The pattern begins with a class of possible first characters so that the search is fast.
_WHOLE = re.compile(
    r"[\W\dA-Za-z](?:"
    r"(?<=[〔［\[（(])\d{4}[〕］\])）]第?\d+号"  # 〔2021〕30号
    r"|(?:(?<=[０-９])|(?<=[±＋－−×])\d)[０-９]*(?:[．，：／－～][０-９]+)*[％‰]?"
    r"|(?<=\d)°[A-Za-z]"
    r"|(?<=[A-Za-z])[’‘][A-Za-z]+)"
)
_BETWEEN_WESTERN = re.compile(
    r"(?<=[A-Za-z0-9%])[、，。）》〉】〗〕〙」』”’］｝％‰℃]*()[（《〈【〖〔〘「『“‘［｛]+(?=[A-Za-z0-9])"
)
_NUMBER = re.compile(r"\d\d*")  # faster than \d+
_BEFORE_NUMBER = frozenset("第～")
_FIRST_COUNTER, _LAST_COUNTER = "\u3300", "\u9fff"
"""The characters that may count: units in a square (㎡) and 汉字."""
_ADDRESS = r"(?:https?|ftp)://[!-~]+|www\.[!-~]+|(?<![\w@.])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/[!-~]+"
_JOINT = re.compile(r"(?<=[/?&_@-])(?=[A-Za-z0-9%#~])|(?<=\.)(?=[A-Za-z_])")
"""A place within an address or a long word where it is divided best."""


class Breaks(NamedTuple):
    """The places where a line may start."""

    places: Sequence[int]
    """The offsets of the first characters, ascending."""
    penalties: Sequence[float]
    """The penalty of each place; 0 for a good one."""

    def with_more(self, more: Mapping[int, float]) -> Breaks:
        """Return the breaks with *more* added, a mapping from places to penalties."""
        merged = {**dict(zip(*self, strict=True)), **more}
        places = sorted(merged)
        return Breaks(places, [merged[place] for place in places])


def find_breaks(text: Measure) -> Breaks:
    """Return the places where a line may start, including 0 and the end of the text.

    There is no break that would leave only leading spaces on a line.
    """
    end = len(text.text)
    first = end - len(text.classes.lstrip(SPACES)) + 1
    breakable = bytearray(text.gaps.breakable)
    _keep_whole(text.text, breakable)
    places = [0, *compress(range(first, end), breakable[first:]), end]
    penalties = [0.0] * len(places)
    for place, penalty in chain(_beside_counters(text.text), _before_marks(text.text)):
        number = bisect_left(places, place)
        if places[number] == place:
            penalties[number] = penalty
    breaks = Breaks(places, penalties)
    inner = _within_addresses(text.text)
    return breaks.with_more(inner) if inner else breaks


def _keep_whole(text: str, breakable: bytearray) -> None:
    """Clear the breaks within strings that must not be divided."""
    for match in _WHOLE.finditer(text):
        start, end = match.span()
        breakable[start + 1 : end] = bytes(end - start - 1)


def _before_marks(text: str) -> Iterator[tuple[int, float]]:
    """Yield the places before an opening mark between Western characters, with the penalty."""
    for match in _BETWEEN_WESTERN.finditer(text):
        yield match.start(1), MARK_PENALTY


def _beside_counters(text: str) -> Iterator[tuple[int, float]]:
    """Yield the places where a break would separate a number from its counter, with the penalty."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if text[start - 1 : start] in _BEFORE_NUMBER:
            yield start, COUNTER_PENALTY
        if _FIRST_COUNTER <= text[end : end + 1] <= _LAST_COUNTER:
            yield end, COUNTER_PENALTY


def _within_addresses(text: str) -> dict[int, float]:
    """Return the breaks within web addresses, each with its penalty."""
    if "/" not in text and "www." not in text:
        return {}
    return {
        match.start() + stop.start(): ADDRESS_PENALTIES[match[0][stop.start() - 1]]
        for match in re.finditer(_ADDRESS, text)
        for stop in _JOINT.finditer(match[0])
    }


JOINT_EMERGENCY, EMERGENCY, DIRE_EMERGENCY = 1e7, 1e8, 1e9
"""The penalties for a break within a string wider than the column: behind a sign within it (of an
e-mail address), at a place that the rules for punctuation allow, and at any other place."""


class Column(Struct, frozen=True):
    """The width available to the lines of a paragraph, in points."""

    first: float
    """The width for the first line."""
    rest: float
    """The width for the other lines."""


class Openings(Struct, frozen=True):
    """The places where the lines of a text may be broken, numbered from 0 in text order."""

    text: Measure
    column: Column
    places: Sequence[int]
    """The offset of the first character after each break."""
    ends: Sequence[int]
    """The end of the line before each break, without trailing spaces."""
    penalties: Sequence[float]
    """The penalty of each break; 0 for a good one."""

    @classmethod
    def of(cls, text: Measure, column: Column, breaks: Breaks) -> Openings:
        """Return the openings for the *breaks* of *text* in *column*."""
        places = breaks.places
        spaced = SPACE in text.classes or WIDE_SPACE in text.classes
        ends = [text.end_of(place) for place in places] if spaced else places
        return cls(text, column, places, ends, breaks.penalties)

    def room(self, start: int) -> float:
        """Return the width of the column for a line from opening *start*."""
        return self.column.rest if start else self.column.first

    def reach(self, start: int) -> int:
        """Return the last opening that a line from *start* reaches without being shrunk.

        Returns *start* if it reaches none.
        """
        place = self.places[start]
        edge = self.text.loose_origins[place] + self.room(start) + TOLERANCE
        end = bisect_right(self.text.loose_rights, edge, place + 1) - 1
        return bisect_right(self.ends, end, start + 1) - 1

    def beyond(self, start: int, reach: int) -> Iterator[int]:
        """Yield the openings after *reach* that a line from *start* reaches if it is shrunk.

        If nothing fits, the one next to *start* is yielded, because a line has to end somewhere.
        """
        room = self.room(start) + TOLERANCE
        for stop in range(reach + 1, len(self.places)):
            width = self.text.tight_width(self.places[start], self.ends[stop])
            if width > room and stop > start + 1:
                return
            yield stop


def find_openings(text: Measure, column: Column) -> Openings:
    """Return the openings of *text*, so many that every line fits *column*.

    A string wider than the column may be broken behind the signs within it; only if that is not
    enough, at all places that the rules for punctuation allow; and only if that is not enough
    either, anywhere.
    """
    breaks = find_breaks(text)
    openings = Openings.of(text, column, breaks)
    for inner_places, penalty in (
        (_joints, JOINT_EMERGENCY),
        (_lawful_places, EMERGENCY),
        (_all_places, DIRE_EMERGENCY),
    ):
        wide = list(_wide_runs(openings))
        if not wide:
            break
        for start, stop in wide:
            breaks = breaks.with_more(dict.fromkeys(inner_places(text, start, stop), penalty))
        openings = Openings.of(text, column, breaks)
    return openings


def _wide_runs(openings: Openings) -> Iterator[tuple[int, int]]:
    """Yield the stretches between adjacent places that do not fit on a line."""
    text, places, ends = openings.text, openings.places, openings.ends
    origins, rights = text.loose_origins, text.loose_rights
    least = min(openings.column.first, openings.column.rest) + TOLERANCE
    for number, (start, stop, end) in enumerate(zip(places, places[1:], ends[1:], strict=False)):
        if rights[end] - origins[start] <= least:  # decides nearly all cases, so it is in line
            continue
        room = openings.room(number) + TOLERANCE
        if text.loose_width(start, end) > room and text.tight_width(start, end) > room:
            yield start, stop


def _joints(text: Measure, start: int, stop: int) -> Iterator[int]:
    """Yield the places between *start* and *stop* behind a sign within a word."""
    return (match.start() for match in _JOINT.finditer(text.text, start + 1, stop))


def _lawful_places(text: Measure, start: int, stop: int) -> Iterator[int]:
    """Yield the places between *start* and *stop* that the rules for punctuation allow."""
    classes = text.classes
    for place in _all_places(text, start, stop):
        left, right = classes[place - 1], classes[place]
        if left not in NEVER_LAST and right not in NEVER_FIRST and text.text[place] != "-":
            yield place


def _all_places(text: Measure, start: int, stop: int) -> Iterator[int]:
    """Yield the places between *start* and *stop* that are not before a space."""
    return (place for place in range(start + 1, stop) if text.classes[place] not in SPACES)
