"""Where to break the lines of a paragraph: all lines are weighed together.

After Knuth and Plass (*Breaking paragraphs into lines*, 1981): every line has a cost, by how
far it must be widened or squeezed (flush setting) or how much room it leaves (ragged and
centred setting), and the cheapest way through the whole paragraph wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import pairwise
from math import inf

from msgspec.structs import replace

from reportgen.characters import CLOSING, JOINED, TRAILING
from reportgen.layout.text.breaks import EMERGENCY, Column, Openings, find_openings
from reportgen.layout.text.measure import BOUNDARY_STRETCH, TOLERANCE, Measure

EASY_STRETCH = 0.05
"""Widening a gap by this share of a 字 counts 100; the cost grows with the third power."""
SQUEEZE_BASE, SQUEEZE_RISE, START_SQUEEZE = 1500.0, 1000.0, 100.0
"""Squeezing a line costs more than anything except a 孤字, and squeezing it by more than a 字
costs more than that too: not every word processor squeezes, and the DOCX should break where
the PDF does."""
STIFF_LINE = 5000.0
"""For a short line with few gaps to widen, or none."""
ORPHAN_PENALTY = 2500.0
"""For a last line of one character (孤字)."""
ROOM_COST = 20.0
"""For one 字 of room left in a ragged line; grows with the square."""
LINE_COST = 1e5
"""For each line of a ragged text: as few lines as possible."""
UNNATURAL_BREAK = 800.0
"""For breaking a centred text elsewhere than after punctuation or before a number."""

MOST_OPENINGS, MOST_EMERGENCIES = 20_000, 300
"""How many openings, and how many of them within words, are weighed together."""

_ORPHAN_REACH = 8  # one character and the punctuation that may follow it
_NATURAL = re.compile(r"(?<=[CSF])|(?<=[HC])(?=[WoOE])")
_PARTICLE = "的"  # goes with what stands before it
_CONNECTIVE = "关于"  # opens a new limb of a title


LineCost = Callable[[Measure, int, int, float, bool], float]
"""Cost of a line: text, start, end, the room it leaves, and whether it is the last.

Of two unsqueezed lines that start at one place, the shorter never costs less.  (A 孤字 makes a
last line cost more; to end it earlier costs more still, as it takes another line.)
"""


def choose_lines(text: Measure, column: Column, align: str) -> list[tuple[int, int]]:
    """Return start and end of each line of *text*, spaces at the ends of lines left out."""
    whole = text.end_of(len(text.text))
    if not whole or text.loose_width(0, whole) <= column.first + TOLERANCE:
        return [(0, whole)]
    openings = find_openings(text, column)
    if align in ("center", "right"):
        openings = prefer_natural(openings)
    path = _first_fit(openings) if _is_endless(openings) else _cheapest(openings, line_cost(align))
    return [(openings.places[start], openings.ends[stop]) for start, stop in pairwise(path)]


def line_cost(align: str) -> LineCost:
    """Return how the lines of a paragraph that is set *align* are priced."""
    if align == "justify":
        return _flush_cost
    return _ragged_cost if align == "left" else _balanced_cost


def _is_endless(openings: Openings) -> bool:
    """Return whether there are more openings than any paragraph has that people wrote.

    The work to weigh all lines grows with their number, and most where a run without any lawful
    break has to be broken anywhere.
    """
    if len(openings.places) > MOST_OPENINGS:
        return True
    return sum(penalty >= EMERGENCY for penalty in openings.penalties) > MOST_EMERGENCIES


def _first_fit(openings: Openings) -> list[int]:
    """Return the way through the openings by the longest line each time, both ends included."""
    path, last = [0], len(openings.places) - 1
    while path[-1] < last:
        path.append(max(openings.reach(path[-1]), path[-1] + 1))
    return path


def _cheapest(openings: Openings, cost: LineCost) -> list[int]:
    """Return the cheapest way through the openings, both ends included.

    Dijkstra's algorithm: lines are taken in the order of what the way to their end costs, until
    one ends at the last opening.  Of ways that cost the same, the one with the longer last
    line wins.
    """
    search = _Search(openings, cost)
    last = len(openings.places) - 1
    search.begin_lines(0, 0.0)
    origins: dict[int, int] = {}  # the start of the last line on the cheapest way to an opening
    while last not in origins:
        way, start, stop = heappop(search.waiting)
        search.weigh_next(start, stop)
        if stop not in origins:
            origins[stop] = start
            search.begin_lines(stop, way)
    path = [last]
    while path[-1]:
        path.append(origins[path[-1]])
    return path[::-1]


class _Search:
    """The lines weighed so far: the cost of the way to the end of each, its start, its stop."""

    def __init__(self, openings: Openings, cost: LineCost) -> None:
        self.waiting: list[tuple[float, int, int]] = []
        self._openings = openings
        self._cost = cost
        self._begun: dict[int, tuple[float, int]] = {}
        self._last = len(openings.places) - 1

    def begin_lines(self, start: int, way: float) -> None:
        """Weigh the longest line from *start*, and those that must be squeezed.

        *way* is the cost of the way to *start*.
        """
        openings = self._openings
        reach = openings.reach(start)
        self._begun[start] = way + openings.penalties[start], reach
        if reach > start:
            self._weigh(start, reach)
        for stop in openings.beyond(start, reach):
            self._weigh(start, stop)

    def weigh_next(self, start: int, stop: int) -> None:
        """Weigh the next shorter line after that from *start* to *stop*, which costs no less."""
        if start + 1 < stop <= self._begun[start][1]:
            self._weigh(start, stop - 1)

    def _weigh(self, start: int, stop: int) -> None:
        openings, text = self._openings, self._openings.text
        place, end = openings.places[start], openings.ends[stop]
        slack = openings.room(start) - text.loose_rights[end] + text.loose_origins[place]
        way = self._begun[start][0] + self._cost(text, place, end, slack, stop == self._last)
        heappush(self.waiting, (way, start, stop))


def _flush_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of a line flush on both sides; the last line may be short."""
    if last or slack < -TOLERANCE:
        return _tight_cost(text, start, end, slack, last)
    gaps, cost = text.gaps.stretches.count(1, start + 1, end), inf
    if gaps:
        firsts = text.gaps.first.count(1, start + 1, end)
        ratio = slack / (text.zi * (EASY_STRETCH * gaps + BOUNDARY_STRETCH * firsts))
        cost = 100.0 * ratio * ratio * ratio
        if cost <= STIFF_LINE:
            return cost
    return min(cost, STIFF_LINE + 100 * (slack / text.zi) ** 2)


def _ragged_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of a line set flush left at its natural width."""
    if last:
        return _line_cost(slack) + _tight_cost(text, start, end, slack, last)
    return _balanced_cost(text, start, end, slack, last)


def _balanced_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of one of several lines that should be equally long."""
    room = ROOM_COST * (slack / text.zi) ** 2 if slack > 0 else 0.0
    return _line_cost(slack) + room + _tight_cost(text, start, end, slack, last)


def _line_cost(slack: float) -> float:
    """Return the cost of one more line; a squeezed one costs two, so that squeezing saves none."""
    return LINE_COST if slack >= -TOLERANCE else 2 * LINE_COST


def _tight_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of squeezing a line that is too wide, and of an orphan."""
    cost = 0.0 if slack >= -TOLERANCE else _squeeze_cost(text, start, end, -slack)
    return cost + _orphan_cost(text, start, end) if last else cost


def _squeeze_cost(text: Measure, start: int, end: int, need: float) -> float:
    """Return the cost of making a line *need* points narrower; squeezed at its start last."""
    given = text.loose_width(start, end) - text.width(start, end)
    given += text.end_half(start, end) + text.inner_halves(start, end)
    last_resort = START_SQUEEZE if need > given + TOLERANCE else 0.0
    return SQUEEZE_BASE + SQUEEZE_RISE * (need / text.zi) ** 2 + last_resort


def _orphan_cost(text: Measure, start: int, end: int) -> float:
    """Return the penalty if the last line holds one character besides punctuation."""
    if start == 0 or end - start > _ORPHAN_REACH:
        return 0.0
    left = text.classes[start:end].rstrip(CLOSING + TRAILING + JOINED)
    return ORPHAN_PENALTY if len(left) <= 1 else 0.0


def prefer_natural(openings: Openings) -> Openings:
    """Return *openings* with a penalty for breaks not after punctuation or before a number."""
    text, penalties = openings.text.text, list(openings.penalties)
    natural = {match.start() for match in _NATURAL.finditer(openings.text.classes)}
    for number, place in enumerate(openings.places[1:-1], 1):
        before, after = text[place - 1], text[place]
        if after == _PARTICLE:
            penalties[number] += 2 * UNNATURAL_BREAK
        elif not (place in natural or before == _PARTICLE or text.startswith(_CONNECTIVE, place)):
            penalties[number] += UNNATURAL_BREAK
    return replace(openings, penalties=penalties)
