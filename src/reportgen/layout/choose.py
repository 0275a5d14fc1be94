"""Where to break the lines of a paragraph: all lines weighed together.

A dynamic programme over the possible breaks, after Knuth and Plass: the cost
of a line says how far it must be widened or squeezed (flush setting) or how
much room it leaves (ragged and centred setting); the cheapest way through the
whole paragraph wins.  Bounding keeps it close to linear.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise

from msgspec import Struct

from reportgen.layout.breaks import find_breaks
from reportgen.layout.classes import (
    CLOSING,
    JOINED,
    NEVER_FIRST,
    NEVER_LAST,
    OPENING,
    SPACES,
    TRAILING,
)
from reportgen.layout.measure import BOUNDARY_STRETCH, TOLERANCE, Measure

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
EMERGENCY, DIRE_EMERGENCY = 1e8, 1e9
"""For a break within a run that is wider than the column; against the rules altogether."""

_ROUNDING = 1.0  # far below any cost that decides
_ORPHAN_REACH = 8  # one character and the marks that may follow it
_NATURAL = re.compile(r"(?<=[CSF])|(?<=[HC])(?=[WoOE])")
_PARTICLE = "的"  # goes with what stands before it
_CONNECTIVE = "关于"  # opens a new limb of a title


class Column(Struct, frozen=True):
    """The room for the lines of a paragraph: of its first, of the others, in points."""

    first: float
    rest: float


LineCost = Callable[[Measure, int, int, float, bool], float]
"""Cost of the line from one place to another with so much slack, the last line or not."""


class _Edges(Struct, frozen=True):
    """For each place of a break: where a line that starts there, or ends there, has its edges.

    Right minus left is a line's width with no mark squeezed; tight right minus tight left
    that with all marks squeezed.  ``ends`` are the places without the spaces before them.
    """

    places: list[int]
    ends: list[int]
    lefts: list[float]
    rights: list[float]
    tight_lefts: list[float]
    tight_rights: list[float]

    @classmethod
    def of(cls, text: Measure, places: list[int]) -> _Edges:
        """Return the edges of *text* at *places*."""
        ends = [text.end_of(place) for place in places]
        lefts = [text.origins[place] for place in places[:-1]]
        rights = [text.right_edge(end) for end in ends]
        half, shrinks, squeezes = text.half, text.shrinks, text.squeezes
        return cls(
            places,
            ends,
            [left + half * squeezes[place] for left, place in zip(lefts, places, strict=False)],
            [right + half * squeezes[end - 1] for right, end in zip(rights, ends, strict=True)],
            [
                left - half * (shrinks[place] - (text.classes[place] == OPENING))
                for left, place in zip(lefts, places, strict=False)
            ],
            [
                right - half * (shrinks[end - 1] + (text.classes[end - 1] == CLOSING))
                for right, end in zip(rights, ends, strict=True)
            ],
        )


def choose_lines(text: Measure, column: Column, align: str) -> list[tuple[int, int]]:
    """Return start and end of each line of *text*, spaces at the ends of lines left out."""
    whole = text.end_of(len(text.text))
    if text.loose_width(0, whole) <= column.first + TOLERANCE:
        return [(0, whole)]
    penalties, edges = _openings(text, column)
    if align in ("center", "right"):
        _prefer_natural(text, penalties)
    places = _cheapest(text, column, edges, list(penalties.values()), _COSTS[align])
    return [(start, text.end_of(stop)) for start, stop in pairwise(places)]


def _openings(text: Measure, column: Column) -> tuple[dict[int, float], _Edges]:
    """Return all breaks that are needed for every line to fit, with penalties and edges.

    Where a run is wider than the column it may be broken: first where no mark would
    stand wrongly, and only if that is not enough, anywhere.
    """
    penalties = find_breaks(text)
    edges = _Edges.of(text, list(penalties))
    for lawful, penalty in ((True, EMERGENCY), (False, DIRE_EMERGENCY)):
        wide = list(_too_wide(edges, column))
        if wide:
            penalties = dict(penalties)
            for start, stop in wide:
                inner = _inner_places(text.classes, start, stop, lawful)
                penalties.update(dict.fromkeys(inner, penalty))
            penalties = dict(sorted(penalties.items()))
            edges = _Edges.of(text, list(penalties))
    return penalties, edges


def _too_wide(edges: _Edges, column: Column) -> Iterator[tuple[int, int]]:
    """Yield the stretches between neighbouring breaks that do not fit a line."""
    room = column.first
    for k, (start, stop) in enumerate(pairwise(edges.places)):
        if edges.tight_rights[k + 1] - edges.tight_lefts[k] > room + TOLERANCE:
            yield start, stop
        room = column.rest


def _inner_places(classes: str, start: int, stop: int, lawful: bool) -> Iterator[int]:
    """Yield the places between *start* and *stop* where a break is possible at all."""
    for place in range(start + 1, stop):
        left, right = classes[place - 1], classes[place]
        good = left not in NEVER_LAST and right not in NEVER_FIRST
        if right not in SPACES and (good or not lawful):
            yield place


def _cheapest(
    text: Measure, column: Column, edges: _Edges, penalties: list[float], cost: LineCost
) -> list[int]:
    """Return the places of the cheapest way through the breaks, both ends included.

    Costs never fall on the way, so a break dearer than a whole way already known is no
    part of the cheapest and no line is tried from it.
    """
    places, ends, lefts = edges.places, edges.ends, edges.lefts
    limit = _filled_cost(text, column, edges, penalties, cost) + _ROUNDING
    totals, origins = [0.0], [0]
    live, oldest = [0], 0  # the breaks lines are tried from; the first of them still in reach
    lowest, final = 0, len(places) - 1
    for stop in range(1, len(places)):
        tight, right, end = edges.tight_rights[stop] - TOLERANCE, edges.rights[stop], ends[stop]
        while lowest < stop - 1 and (
            tight - edges.tight_lefts[lowest] > (column.rest if lowest else column.first)
        ):
            lowest += 1
        while oldest < len(live) and live[oldest] < lowest:
            oldest += 1
        starts = live[oldest:]
        floor = min([totals[start] for start in starts], default=0.0)
        best, origin = float("inf"), lowest
        for start in starts:
            slack = (column.rest if start else column.first) - right + lefts[start]
            price = cost(text, places[start], end, slack, stop == final)
            if totals[start] + price < best:
                best, origin = totals[start] + price, start
            elif slack > 0 and price + floor >= best:
                break
        totals.append(best + penalties[stop])
        origins.append(origin)
        if totals[stop] <= limit:
            live.append(stop)
    return _walk_back(places, origins)


def _filled_cost(
    text: Measure, column: Column, edges: _Edges, penalties: list[float], cost: LineCost
) -> float:
    """Return what the lines cost if each one takes as much as it holds unsqueezed."""
    total, start, final = 0.0, 0, len(edges.places) - 1
    while start < final:
        room = column.rest if start else column.first
        stop = bisect_right(edges.rights, edges.lefts[start] + room + TOLERANCE, start + 1) - 1
        stop = max(stop, start + 1)
        while stop > start + 1 and (
            edges.tight_rights[stop] - edges.tight_lefts[start] > room + TOLERANCE
        ):
            stop -= 1
        slack = room - edges.rights[stop] + edges.lefts[start]
        total += cost(text, edges.places[start], edges.ends[stop], slack, stop == final)
        total += penalties[stop]
        start = stop
    return total


def _walk_back(places: list[int], origins: list[int]) -> list[int]:
    index = len(places) - 1
    path = [places[index]]
    while index:
        index = origins[index]
        path.append(places[index])
    return path[::-1]


def _flush_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of a line flush on both sides; the last line may be short."""
    if last or slack < -TOLERANCE:
        return _tight_cost(text, start, end, slack, last)
    gaps = text.stretches[end - 1] - text.stretches[start] if end > start else 0
    stiff = STIFF_LINE + 100 * (slack / text.zi) ** 2
    if not gaps:
        return stiff
    firsts = text.firsts[end - 1] - text.firsts[start]
    ratio = slack / (text.zi * (EASY_STRETCH * gaps + BOUNDARY_STRETCH * firsts))
    return min(100.0 * ratio * ratio * ratio, stiff)


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


_COSTS: dict[str, LineCost] = {
    "justify": _flush_cost,
    "left": _ragged_cost,
    "center": _balanced_cost,
    "right": _balanced_cost,
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


def _prefer_natural(text: Measure, penalties: dict[int, float]) -> None:
    """Make breaks elsewhere than after a mark or before a number dearer."""
    natural = {match.start() for match in _NATURAL.finditer(text.classes)}
    for place in list(penalties)[1:-1]:
        before, after = text.text[place - 1], text.text[place]
        if after == _PARTICLE:
            penalties[place] += 2 * UNNATURAL_BREAK
        elif not (
            place in natural or before == _PARTICLE or text.text.startswith(_CONNECTIVE, place)
        ):
            penalties[place] += UNNATURAL_BREAK
