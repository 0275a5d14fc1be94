"""Character spacing that makes a word processor break a line where the layout did.

Word, WPS and LibreOffice fill one line after another.  They do not avoid a 孤字, they part a
number from its counter, LibreOffice lets punctuation hang in the margin, and the gap between
Han and Latin differs (LibreOffice: a fifth of the type size, Word: a quarter).  Most lines end
at the same place nevertheless.  The others get a character spacing of some tenths of a point,
about what justifying them takes in the PDF, and then cannot end elsewhere.  Points.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import inf

from msgspec import Struct

from reportgen.layout.text.breaks import Column
from reportgen.layout.text.measure import LATIN_GAP, TOLERANCE, Measure

WIDE_GAP = 0.25
"""The gap between Han and Latin in Word, as a share of the type size."""
GRACE = 0.8
"""How much wider than the column a word processor's line may be, through rounding."""
MOST = 6.0
"""No character is set further from its neighbour than this, whatever the line."""
LEAST = -1.0
"""Nor closer."""
_LOOK_AHEAD = 300
_HANGING = frozenset("!,.:;?、。！，．：；？")
_AFTER_SIGN = frozenset("-‐–/?&")


class _Widths(Struct, frozen=True):
    """How wide a line is in word processors."""

    most: float
    """In the one with the widest gaps."""
    least: float
    """In the one with the narrowest gaps."""
    onward: float
    """At least, if it went on to the next break."""


def fit_lines(
    text: Measure, spans: Sequence[tuple[int, int]], column: Column, *, justified: bool
) -> list[float]:
    """Return what to add to each character of a line, 0 for most lines.

    *spans* are the start and end of all lines of *text*.  Only lines that are *justified* are
    made wider, and never the last.  The lines are taken from the last to the first: where the
    characters of the next line are set closer, they need less room to slip into this one.
    """
    spacings: list[float] = []
    spacing, following, widen = 0.0, len(text.text), False
    for start, end in reversed(spans):
        room = column.rest if start else column.first
        widths = _widths(text, start, end, following, min(spacing, 0.0))
        spacing = _spacing(widths, end - start, room, widen)
        spacings.append(spacing)
        following, widen = start, justified
    return spacings[::-1]


def _spacing(widths: _Widths, count: int, room: float, widen: bool) -> float:
    """Return what to add to each of the *count* characters of a line in a column of *room*."""
    if count <= 1:
        return 0.0
    low, high = (room + GRACE - widths.onward) / count, (room - widths.most) / count
    if (low < 0 and high > -TOLERANCE) or (low >= 0 and not widen):
        return 0.0
    if low >= high:
        high = (room - widths.least) / count
    if low >= high:
        return 0.0
    return min(MOST, max(LEAST, (low + high) / 2 if low > LEAST else high))


def narrow_column(text: Measure, spans: Sequence[tuple[int, int]], column: Column) -> float:
    """Return by how much the column must be narrower for a word processor to break at *spans*.

    *spans* are the start and end of lines that are not flush (a label, a caption).  0 if it
    breaks them there anyway, or at no width.
    """
    followings = [start for start, _ in spans[1:]] + [len(text.text)]
    most, limit, room = 0.0, inf, min(column.first, column.rest)
    for (start, end), following in zip(spans, followings, strict=True):
        if end > start:
            widths = _widths(text, start, end, following, 0.0)
            most, limit = max(most, widths.most), min(limit, widths.onward)
    if limit > room + GRACE or most + 2 * GRACE > limit:
        return 0.0
    return room - (most + limit) / 2


def _widths(text: Measure, start: int, end: int, following: int, closer: float) -> _Widths:
    """Return how wide word processors set the line.

    *closer* (0 or less) is added to each character of the next line, which starts at *following*.
    """
    least = text.loose_width(start, end)
    gaps = bisect_left(text.latin_gaps, end) - bisect_left(text.latin_gaps, start + 1)
    most = least + gaps * text.latin_gap * (WIDE_GAP / LATIN_GAP - 1)
    if following >= len(text.text):
        return _Widths(most, least, inf)
    stop = text.end_of(_next_break(text, following))
    onward = text.loose_width(start, stop) + closer * (stop - following)
    if text.text[stop - 1] in _HANGING:
        onward -= text.advances[stop - 1]
    return _Widths(most, least, onward)


def _next_break(text: Measure, place: int) -> int:
    """Return the first place behind *place* where any program may break a line.

    One that is further away than any line is long is as good as the first such place.
    """
    edge = min(len(text.text), place + _LOOK_AHEAD)
    stop = text.gaps.breakable.find(1, place + 1, edge)
    if stop < 0:
        stop = edge
    after_sign = (i for i in range(place + 1, stop) if text.text[i - 1] in _AFTER_SIGN)
    return next(after_sign, stop)
