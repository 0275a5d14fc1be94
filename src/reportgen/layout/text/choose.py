"""The choice of line breaks that is best for a paragraph as a whole.

The algorithm follows Knuth and Plass (*Breaking paragraphs into lines*, 1981).  Every line has a
cost, which depends on how far it must be stretched or shrunk (justified text) or on how much
room it leaves (other text), and the sequence of lines with the lowest total cost is chosen.
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
from reportgen.styles import Align

EASY_STRETCH = 0.05
"""Stretching each gap by this share of a 字 costs 100; the cost grows with the third power."""
SQUEEZE_BASE, SQUEEZE_RISE, START_SQUEEZE = 1500.0, 1000.0, 100.0
"""The costs of shrinking a line.  It costs more than anything except a 孤字, and shrinking by more
than a 字 costs more than that as well: not every word processor shrinks lines, and the DOCX is to
break where the PDF does."""
STIFF_LINE = 5000.0
"""The cost of a short line with few gaps to stretch, or none."""
ORPHAN_PENALTY = 2500.0
"""The penalty for a last line of one character (孤字)."""
ROOM_COST = 20.0
"""The cost of one 字 of room left in a line that is not justified; grows with the square."""
LINE_COST = 1e5
"""The cost of each line of a text that is not justified, which is to take as few as possible."""
UNNATURAL_BREAK = 800.0
"""The penalty for breaking a centred text elsewhere than after punctuation or before a number."""

_FRACTION = 1024

MOST_OPENINGS, MOST_EMERGENCIES = 20_000, 300
"""How many openings, and how many of them within words, are weighed together."""

_ORPHAN_REACH = 8  # one character and the punctuation that may follow it
_NATURAL = re.compile(r"(?<=[CSF])|(?<=[HC])(?=[WoOE])")
_PARTICLE = "的"  # belongs to the words before it
_CONNECTIVE = "关于"  # begins a new phrase of a title
_ORDINAL = "第"  # belongs to the digits behind it


LineCost = Callable[[Measure, int, int, float, bool], float]
"""The cost of a line, from the text, start, end, the room left, and whether the line is the last.

Of two lines from the same start that need not be shrunk, the shorter one never costs less.  (A 孤字
makes a last line more expensive, but ending the line earlier costs even more, because another
line is needed.)
"""


def choose_lines(text: Measure, column: Column, align: Align) -> list[tuple[int, int]]:
    """Return start and end of each line of *text*, without the spaces at the ends of lines."""
    whole = text.end_of(len(text.text))
    if not whole or text.loose_width(0, whole) <= column.first + TOLERANCE:
        return [(0, whole)]
    openings = find_openings(text, column)
    if align in (Align.CENTER, Align.RIGHT):
        openings = prefer_natural(openings)
    path = _first_fit(openings) if _is_endless(openings) else _cheapest(openings, line_cost(align))
    return [(openings.places[start], openings.ends[stop]) for start, stop in pairwise(path)]


def line_cost(align: Align) -> LineCost:
    """Return the cost function for the lines of a paragraph with the alignment *align*."""
    if align == Align.JUSTIFY:
        return _flush_cost
    return _ragged_cost if align == Align.LEFT else _balanced_cost


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
    """Return the numbers of the openings on the path with the lowest cost, both ends included.

    This is Dijkstra's algorithm: lines are processed in the order of the cost of the path to
    their end, until a line ends at the last opening.  Of paths with the same cost, the one with
    the longer last line is chosen.
    """
    search = _Search(openings, cost)
    last = len(openings.places) - 1
    search.begin_lines(0, 0.0)
    origins: dict[int, int] = {}  # the start of the last line on the best path to an opening
    while last not in origins:
        total, start, stop = heappop(search.waiting)
        search.add_shorter(start, stop)
        if stop not in origins:
            origins[stop] = start
            search.begin_lines(stop, total)
    # Walk back from the last opening to the first.
    path = [last]
    while path[-1]:
        path.append(origins[path[-1]])
    return path[::-1]


class _Search:
    """The queue of candidate lines.

    ``waiting`` is a heap of candidates: the cost of the path to the end of the line, and the
    openings at its start and its end.
    """

    def __init__(self, openings: Openings, cost: LineCost) -> None:
        self.waiting: list[tuple[float, int, int]] = []
        self._openings = openings
        self._cost = cost
        self._begun: dict[int, tuple[float, int]] = {}
        self._last = len(openings.places) - 1

    def begin_lines(self, start: int, total: float) -> None:
        """Add the longest line from *start* that fits, and those that must be shrunk.

        *total* is the cost of the path to *start*.
        """
        openings = self._openings
        reach = openings.reach(start)
        self._begun[start] = total + openings.penalties[start], reach
        if reach > start:
            self._add(start, reach)
        for stop in openings.beyond(start, reach):
            self._add(start, stop)

    def add_shorter(self, start: int, stop: int) -> None:
        """Add the next shorter line than the one from *start* to *stop*, which costs no less."""
        if start + 1 < stop <= self._begun[start][1]:
            self._add(start, stop - 1)

    def _add(self, start: int, stop: int) -> None:
        openings, text = self._openings, self._openings.text
        place, end = openings.places[start], openings.ends[stop]
        slack = openings.room(start) - text.loose_rights[end] + text.loose_origins[place]
        total = self._begun[start][0] + self._cost(text, place, end, slack, stop == self._last)
        heappush(self.waiting, (total, start, stop))


def _flush_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of a justified line; the last line may be short."""
    if last or slack < -TOLERANCE:
        return _tight_cost(text, start, end, slack, last)
    gaps, cost = text.gaps.stretches.count(1, start + 1, end), inf
    if gaps:
        firsts = text.gaps.first.count(1, start + 1, end)
        easy = EASY_STRETCH * text.ease * gaps + BOUNDARY_STRETCH * firsts
        ratio = slack / (text.zi * easy)
        cost = 100.0 * ratio * ratio * ratio
        if cost <= STIFF_LINE:
            return cost
    return min(cost, STIFF_LINE + 100 * (slack / text.zi) ** 2)


def _ragged_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of a left-aligned line at its natural width."""
    if last:
        return _line_cost(slack) + _tight_cost(text, start, end, slack, last)
    return _balanced_cost(text, start, end, slack, last)


def _balanced_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of a line that should be about as long as the other lines."""
    room = ROOM_COST * (slack / text.zi) ** 2 if slack > 0 else 0.0
    # Sums of such fractions are exact, so that ways as good as each other do not differ by errors
    # of rounding: a column of any width has 本|年度|办理|结果.
    room = round(room * _FRACTION) / _FRACTION
    return _line_cost(slack) + room + _tight_cost(text, start, end, slack, last)


def _line_cost(slack: float) -> float:
    """Return the cost of one more line; a shrunk line costs two, so shrinking saves none."""
    return LINE_COST if slack >= -TOLERANCE else 2 * LINE_COST


def _tight_cost(text: Measure, start: int, end: int, slack: float, last: bool) -> float:
    """Return the cost of shrinking a line that is too wide, plus that of a 孤字."""
    cost = 0.0 if slack >= -TOLERANCE else _squeeze_cost(text, start, end, -slack)
    return cost + _orphan_cost(text, start, end) if last else cost


def _squeeze_cost(text: Measure, start: int, end: int, need: float) -> float:
    """Return the cost of making a line *need* points narrower.

    Shrinking the opening punctuation at its start is the last resort and costs extra.
    """
    given = text.loose_width(start, end) - text.width(start, end)
    given += text.end_half(start, end) + text.inner_halves(start, end)
    last_resort = START_SQUEEZE if need > given + TOLERANCE else 0.0
    return SQUEEZE_BASE + SQUEEZE_RISE * (need / text.zi) ** 2 + last_resort


def _orphan_cost(text: Measure, start: int, end: int) -> float:
    """Return the penalty for a last line that has only one character besides punctuation."""
    if start == 0 or end - start > _ORPHAN_REACH:
        return 0.0
    left = text.classes[start:end].rstrip(CLOSING + TRAILING + JOINED)
    return ORPHAN_PENALTY if len(left) <= 1 else 0.0


def prefer_natural(openings: Openings) -> Openings:
    """Return *openings* with penalties for breaks at unnatural places.

    Natural places are after punctuation, before a number, after 的 and before 关于.  A break
    before 的 or within 第1项 gets twice the penalty.
    """
    text, penalties = openings.text.text, list(openings.penalties)
    natural = {match.start() for match in _NATURAL.finditer(openings.text.classes)}
    for number, place in enumerate(openings.places[1:-1], 1):
        before, after = text[place - 1], text[place]
        if after == _PARTICLE or (before == _ORDINAL and after.isdigit()):
            penalties[number] += 2 * UNNATURAL_BREAK
        elif not (place in natural or before == _PARTICLE or text.startswith(_CONNECTIVE, place)):
            penalties[number] += UNNATURAL_BREAK
    return replace(openings, penalties=penalties)
