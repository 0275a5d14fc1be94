"""Where to break the lines of a paragraph: all lines weighed together.

A dynamic programme over the possible breaks, after Knuth and Plass: the cost
of a line says how far it must be widened or squeezed (flush setting) or how
much room it leaves (ragged and centred setting); the cheapest way through the
whole paragraph wins.  Few lines are weighed but those that can be part of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from reportgen.characters import CLOSING, JOINED, TRAILING
from reportgen.layout.text.breaks import Column, Openings, find_openings
from reportgen.layout.text.measure import BOUNDARY_STRETCH, TOLERANCE, Measure

EASY_STRETCH = 0.05
"""Widening a gap by this share of a 字 counts 100; the cost grows with the third power."""
SQUEEZE_BASE, SQUEEZE_RISE, START_SQUEEZE = 1500.0, 1000.0, 100.0
"""Squeezing a line is dearer than anything but a 孤字, and by more than a 字 dearer than that:
not every word processor squeezes, and the DOCX should break where the PDF does."""
STIFF_LINE = 5000.0
"""For a short line with no gap to widen, or few of them."""
ORPHAN_PENALTY = 2500.0
"""For a last line of one character (孤字)."""
ROOM_COST = 20.0
"""For one 字 of room left in a ragged line; grows with the square."""
LINE_COST = 1e5
"""For each line of a ragged text: as few lines as possible."""
UNNATURAL_BREAK = 800.0
"""For breaking a centred text elsewhere than at a mark or before a number."""

_ROUNDING = 1.0  # far below any cost that decides
_HOPE = 40.0  # most lines of the cheapest way cost less
_NEXT_LIMIT = 2.0  # times the last
_ORPHAN_REACH = 8  # one character and the marks that may follow it
_NATURAL = re.compile(r"(?<=[CSF])|(?<=[HC])(?=[WoOE])")
_PARTICLE = "的"  # goes with what stands before it
_CONNECTIVE = "关于"  # opens a new limb of a title


LineCost = Callable[[Measure, int, int, float, bool], float]
"""Cost of the line from one place to another with so much slack, the last line or not.

Of two unsqueezed lines that end alike, the shorter never costs less.
"""


class _Manner(NamedTuple):
    """How lines are weighed in one kind of setting.

    A squeezed line costs ``squeezed`` or more.  Up to ``convex``, what an unsqueezed line
    costs is a convex function of where it ends: so of two starts the later one, when it
    loses at some place, loses at every place before.  ``hope`` is what a line may cost at
    first.
    """

    cost: LineCost
    squeezed: float
    convex: float
    hope: float


def choose_lines(text: Measure, column: Column, align: str) -> list[tuple[int, int]]:
    """Return start and end of each line of *text*, spaces at the ends of lines left out."""
    whole = text.end_of(len(text.text))
    if not whole or text.loose_width(0, whole) <= column.first + TOLERANCE:
        return [(0, whole)]
    openings, filled = find_openings(text, column)
    if align in ("center", "right"):
        openings = _prefer_natural(openings)
    path = _cheapest(openings, filled, _MANNERS[align])
    return [(openings.places[start], openings.ends[stop]) for start, stop in pairwise(path)]


class _Search(Struct):
    """The cheapest ways found so far.

    For each opening: what the lines up to it cost, and where the last of them starts.
    What costs more than ``limit`` is of no interest.
    """

    openings: Openings
    manner: _Manner
    limit: float
    totals: list[float]
    origins: list[int]

    @classmethod
    def below(cls, limit: float, openings: Openings, manner: _Manner) -> _Search:
        """Return a search that knows no way yet."""
        others = len(openings.places) - 1
        return cls(openings, manner, limit, [0.0] + [inf] * others, [0] * (others + 1))

    def try_lines(self, start: int, stops: Iterable[int]) -> None:
        """Weigh the lines from *start* to *stops*: ever shorter lines."""
        openings, totals, cost, limit = self.openings, self.totals, self.manner.cost, self.limit
        text, ends, rights = openings.text, openings.ends, openings.text.loose_rights
        place, room, last = openings.places[start], openings.room(start), len(totals) - 1
        left, total = text.loose_origins[place], totals[start] + openings.penalties[start]
        convex = total + self.manner.convex > limit and not openings.hanging
        for stop in stops:
            end = ends[stop]
            price = total + cost(text, place, end, room - rights[end] + left, stop == last)
            wins = price < totals[stop]
            if wins:
                totals[stop], self.origins[stop] = price, start
            if (price > limit or (convex and not wins)) and stop != last:
                return

    def path(self) -> list[int]:
        """Return the openings on the cheapest way to the last one, both ends included."""
        path = [len(self.origins) - 1]
        while path[-1]:
            path.append(self.origins[path[-1]])
        return path[::-1]


def _cheapest(openings: Openings, filled: Sequence[int], manner: _Manner) -> list[int]:
    """Return the cheapest way through the openings, both ends included.

    The lines just *filled* are a way, but in a long paragraph they cost many times what the
    cheapest does.  So that is first looked for among the ways that cost little, then among
    those that cost more: a way found below a limit costs no more than any beyond it.
    """
    costs = [_price(openings, manner, start, stop) for start, stop in pairwise(filled)]
    if _is_cheapest(filled, costs, openings, manner):
        return list(filled)
    known = sum(costs) + _ROUNDING
    limit = min(manner.hope * len(filled), known)
    while True:
        search = _search(openings, manner, limit)
        if limit == known or search.totals[-1] <= limit:
            return search.path()
        limit = min(limit * _NEXT_LIMIT, known)


def _search(openings: Openings, manner: _Manner, limit: float) -> _Search:
    """Return the search for the cheapest way through the openings, below *limit*.

    Costs never fall on the way, so an opening dearer than *limit* is no part of it, and no
    line is tried from it.  Nor is a line tried that fits when it begins at an earlier
    opening, reached no dearer.  (Where the first line is the longest, an earlier start may
    leave more room, and less is known.)
    """
    search = _Search.below(limit, openings, manner)
    totals, penalties = search.totals, openings.penalties
    rivals: list[tuple[float, int]] = []  # cost and reach of earlier openings, both ascending
    for start in range(len(openings.places) - 1):
        total = totals[start] + penalties[start]
        if total > limit:
            continue
        reach = openings.reach(start)
        while rivals and rivals[-1][0] > total:
            rivals.pop()
        covered = max(start, rivals[-1][1]) if rivals else start
        if not openings.hanging:
            rivals.append((total, reach))
        search.try_lines(start, range(reach, covered, -1))
        if total + manner.squeezed <= limit:
            for stop in openings.beyond(start, reach):
                search.try_lines(start, (stop,))
    return search


def _price(openings: Openings, manner: _Manner, start: int, stop: int) -> float:
    """Return the cost of the line between two openings, with that of beginning it there."""
    text, place, end = openings.text, openings.places[start], openings.ends[stop]
    slack = openings.room(start) - text.loose_rights[end] + text.loose_origins[place]
    last = stop == len(openings.places) - 1
    return openings.penalties[start] + manner.cost(text, place, end, slack, last)


def _is_cheapest(
    filled: Sequence[int], costs: Sequence[float], openings: Openings, manner: _Manner
) -> bool:
    """Return whether no way is cheaper than that of lines just *filled*, which have these *costs*.

    Another way has some of these lines, then one that ends earlier (or is squeezed): if that
    alone costs more than all the lines left here, it cannot be cheaper.
    """
    left = sum(costs)
    if left >= manner.squeezed:
        return False
    for (start, stop), cost in zip(pairwise(filled), costs, strict=True):
        if left <= 0.0:
            break
        if _price(openings, manner, start, stop - 1) <= left:
            return False
        left -= cost
    return True


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
    """Return the cost of one more line; a squeezed one costs two, so that none is saved by it."""
    return LINE_COST if slack >= -TOLERANCE else 2 * LINE_COST


def _tight_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of squeezing a line that is too wide, and of an orphan."""
    cost = 0.0 if slack >= -TOLERANCE else _squeeze_cost(text, start, end, -slack)
    return cost + _orphan_cost(text, start, end) if last else cost


_MANNERS = {
    "justify": _Manner(_flush_cost, SQUEEZE_BASE, STIFF_LINE, _HOPE),
    "left": _Manner(_ragged_cost, 2 * LINE_COST + SQUEEZE_BASE, inf, inf),
    "center": _Manner(_balanced_cost, 2 * LINE_COST + SQUEEZE_BASE, inf, inf),
    "right": _Manner(_balanced_cost, 2 * LINE_COST + SQUEEZE_BASE, inf, inf),
}


def _squeeze_cost(text: Measure, start: int, end: int, need: float) -> float:
    """Return the cost of making a line *need* points narrower; its first mark gives way last."""
    given = text.loose_width(start, end) - text.width(start, end)
    given += text.end_half(start, end) + text.inner_halves(start, end)
    last_resort = START_SQUEEZE if need > given + TOLERANCE else 0.0
    return SQUEEZE_BASE + SQUEEZE_RISE * (need / text.zi) ** 2 + last_resort


def _orphan_cost(text: Measure, start: int, end: int) -> float:
    """Return the penalty if the last line holds one character, marks not counted."""
    if start == 0 or end - start > _ORPHAN_REACH:
        return 0.0
    left = text.classes[start:end].rstrip(CLOSING + TRAILING + JOINED)
    return ORPHAN_PENALTY if len(left) <= 1 else 0.0


def _prefer_natural(openings: Openings) -> Openings:
    """Return *openings* with those elsewhere than after a mark or before a number dearer."""
    text, penalties = openings.text.text, list(openings.penalties)
    natural = {match.start() for match in _NATURAL.finditer(openings.text.classes)}
    for number, place in enumerate(openings.places[1:-1], 1):
        before, after = text[place - 1], text[place]
        if after == _PARTICLE:
            penalties[number] += 2 * UNNATURAL_BREAK
        elif not (place in natural or before == _PARTICLE or text.startswith(_CONNECTIVE, place)):
            penalties[number] += UNNATURAL_BREAK
    return replace(openings, penalties=penalties)
