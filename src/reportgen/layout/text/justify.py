"""Where each character of one line stands.

On a line set flush on both sides, punctuation at the end takes half a 字; its blank half
lies outside the column, so that the ink is flush (GB/T 15834-2011 clause 5.1; CLREQ,
"Punctuation width adjustment").  A loose line is widened first between Han and Latin, up to
a quarter of a 字, then evenly in all gaps.  A tight line gives up the blank half of the
punctuation at its end, then within it, then at its start.
"""

from __future__ import annotations

from itertools import accumulate, repeat
from operator import add, sub
from typing import NamedTuple

from reportgen.layout.text.measure import BOUNDARY_STRETCH, TOLERANCE, Measure
from reportgen.layout.text.pairs import places_of


class SetLine(NamedTuple):
    """The characters of one line: where each stands, and how wide they are together."""

    origins: list[float]
    """From the line's left edge.  Squeezed opening punctuation there has a negative origin, so
    that its ink stands at the edge."""
    width: float


def set_characters(text: Measure, start: int, end: int, room: float, flush: bool) -> SetLine:
    """Return the characters from *start* up to *end* set on a line of *room*.

    A line that has no gap to widen stays short.
    """
    if end <= start:
        return SetLine([], 0.0)
    width = text.width(start, end)
    slack = room - width
    if slack < -TOLERANCE:
        return _squeeze(text, start, end, -slack)
    gaps = text.gaps.stretches.count(1, start + 1, end)
    if flush and gaps and slack > 0:
        return _widen(text, start, end, room, gaps)
    base = text.origins[start]
    return SetLine(list(map(sub, text.origins[start:end], repeat(base))), width)


def _widen(text: Measure, start: int, end: int, room: float, gaps: int) -> SetLine:
    """Return a line made as wide as *room* in its *gaps*."""
    slack = room - text.width(start, end) + text.end_half(start, end)
    firsts = text.gaps.first.count(1, start + 1, end)
    ahead = min(slack / firsts, BOUNDARY_STRETCH * text.zi) if firsts else 0.0
    each = (slack - ahead * firsts) / gaps
    widths = (0.0, each, ahead, each + ahead)
    extra = accumulate(
        map(widths.__getitem__, text.gaps.widening[start + 1 : end]),
        initial=-text.origins[start],
    )
    return SetLine(list(map(add, text.origins[start:end], extra)), room)


def _squeeze(text: Measure, start: int, end: int, need: float) -> SetLine:
    """Return a line made narrower by *need*, or by what it can give."""
    at_end = min(need, text.end_half(start, end))
    halves = text.inner_halves(start, end)
    inner = min(need - at_end, halves)
    at_start = min(need - at_end - inner, text.start_half(start, end))
    widths = (0.0, text.half * inner / halves if halves else 0.0)
    less = accumulate(
        map(widths.__getitem__, text.gaps.shrinks[start + 1 : end]),
        initial=text.origins[start] + at_start,
    )
    origins = list(map(sub, text.origins[start:end], less))
    return SetLine(origins, text.width(start, end) - at_end - inner - at_start)


def keep_apart(text: Measure, start: int, origins: list[float], least: float, spare: float) -> None:
    """Move squeezed punctuation right until it is *least* from the character before.

    The last character of the line moves only within the room *spare* behind it.

    With *least* half the type size, no two Han characters overlap by more than half an em;
    beyond that, programs that extract text from a PDF see a new line.  On a grid narrower
    than the type a character moves by a tenth of a point, and the next one stays.
    """
    end, last = start + len(origins), len(origins) - 1
    for gap in places_of(text.gaps.blank, start + 1, end):
        place = gap - start
        apart = origins[place - 1] + least
        if apart > origins[place] and (place < last or apart <= origins[place] + spare):
            origins[place] = apart
