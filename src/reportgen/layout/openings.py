"""The places where a paragraph can be broken into lines that fit their column.

:mod:`reportgen.layout.breaks` says where a line may end; here the column is
known.  A run that is wider is opened too, so that no width loses text.
Lengths are points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from reportgen.layout.breaks import Breaks, find_breaks
from reportgen.layout.classes import NEVER_FIRST, NEVER_LAST, SPACE, SPACES, WIDE_SPACE
from reportgen.layout.measure import TOLERANCE, Measure

EMERGENCY, DIRE_EMERGENCY = 1e8, 1e9
"""For a break within a run that is wider than the column; against the rules altogether."""


class Column(Struct, frozen=True):
    """The room for the lines of a paragraph: of its first, of the others, in points."""

    first: float
    rest: float


class Openings(Struct, frozen=True):
    """The places where the lines of *text* may be broken, numbered in order from 0.

    ``ends`` are the places without the spaces before them, ``penalties`` say how
    badly a break there is wanted: 0 is well.
    """

    text: Measure
    column: Column
    places: Sequence[int]
    ends: Sequence[int]
    penalties: Sequence[float]

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
        """Return the last opening that a line from *start* gets to unsqueezed, or *start*."""
        place = self.places[start]
        edge = self.text.loose_origins[place] + self.room(start) + TOLERANCE
        end = bisect_right(self.text.loose_rights, edge, place + 1) - 1
        return bisect_right(self.ends, end, start + 1) - 1

    def beyond(self, start: int, reach: int) -> Iterator[int]:
        """Yield the openings beyond *reach* that a line from *start* gets to squeezed.

        The one next to *start* is among them in any case: a line has to end somewhere.
        """
        room = self.room(start) + TOLERANCE
        for stop in range(reach + 1, len(self.places)):
            width = self.text.tight_width(self.places[start], self.ends[stop])
            if width > room and stop > start + 1:
                return
            yield stop

    def filled(self) -> tuple[list[int], bool]:
        """Return the openings used if each line takes as much as it holds, and whether all fit."""
        path, fit, final = [0], True, len(self.places) - 1
        while path[-1] < final:
            reach = self.reach(path[-1])
            fit = fit and reach > path[-1]
            path.append(max(reach, path[-1] + 1))
        return path, fit


def find_openings(text: Measure, column: Column) -> tuple[Openings, list[int]]:
    """Return all openings that are needed for every line to fit, and those of lines just filled.

    Where a run is wider than the column it may be broken: first where no mark would
    stand wrongly, and only if that is not enough, anywhere.
    """
    breaks = find_breaks(text)
    openings = Openings.of(text, column, breaks)
    path, fit = openings.filled()
    if fit and not openings.hanging:  # a run too wide for a line would have begun one
        return openings, path
    for lawful, penalty in ((True, EMERGENCY), (False, DIRE_EMERGENCY)):
        for start, stop in _wide_runs(openings):
            inner = _inner_places(text.classes, start, stop, lawful)
            breaks = breaks.with_more(dict.fromkeys(inner, penalty))
        openings = Openings.of(text, column, breaks)
    return openings, openings.filled()[0]


def _wide_runs(openings: Openings) -> Iterator[tuple[int, int]]:
    """Yield the stretches between neighbouring places that do not fit a line."""
    text, places, ends = openings.text, openings.places, openings.ends
    for number, (start, stop) in enumerate(pairwise(places)):
        if text.tight_width(start, ends[number + 1]) > openings.room(number) + TOLERANCE:
            yield start, stop


def _inner_places(classes: str, start: int, stop: int, lawful: bool) -> Iterator[int]:
    """Yield the places between *start* and *stop* where a break is possible at all."""
    for place in range(start + 1, stop):
        left, right = classes[place - 1], classes[place]
        good = left not in NEVER_LAST and right not in NEVER_FIRST
        if right not in SPACES and (good or not lawful):
            yield place
