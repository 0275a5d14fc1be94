"""Character spacing that makes a word processor break lines where the layout does.

Word, WPS and LibreOffice fill one line after another.  They do not avoid a 孤字, they separate a
number from its counter, LibreOffice lets punctuation hang in the margin, and the gap between
Han and Latin characters differs (LibreOffice: a fifth of the type size, Word: a quarter).  Most
lines end at the same place nevertheless.  The others get a character spacing of some tenths of
a point, about as much as justification adds in the PDF, so that they cannot end elsewhere.
Lengths are points.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import floor, inf
from operator import ne

from msgspec import Struct

from reportgen.characters import WESTERN_KINDS
from reportgen.layout.text.breaks import Column
from reportgen.layout.text.measure import LATIN_GAP, TOLERANCE, Measure

WIDE_GAP = 0.25
"""The gap between Han and Latin in Word, as a share of the type size."""
GRACE = 0.8
"""How much a line of a word processor may differ from ours in width because of rounding."""
STEP = 0.05
"""The unit of character spacing in a DOCX: a twentieth of a point."""
MOST = 2.0
"""The largest character spacing; a line that would need more breaks where the program likes."""
LEAST = -1.4
"""The smallest character spacing."""
_LOOK_AHEAD = 300
_HANGING = frozenset("!,.:;?、。！，．：；？")
_AFTER_SIGN = frozenset("-‐–/?&")


class _Widths(Struct, frozen=True):
    """The width of a line in word processors."""

    most: float
    """The width in the one with the widest gaps."""
    least: float
    """The width in the one with the narrowest gaps."""
    onward: float
    """The least width if the line extended to the next break."""


def fit_lines(
    text: Measure, spans: Sequence[tuple[int, int]], column: Column, *, justified: bool
) -> list[float]:
    """Return the character spacing of each line; it is 0 for most lines.

    *spans* are the start and end of all lines of *text*.  Lines are only made wider if they are
    *justified*; never the last one, nor one that is mostly Western, such as an address, whose
    letters would stand apart.
    """
    # From the last line to the first: if the characters of the next line are set closer, they
    # need less room, and more of them could fit at the end of this line.
    spacings: list[float] = []
    spacing, following, widen = 0.0, len(text.text), False
    for start, end in reversed(spans):
        room = column.rest if start else column.first
        widths = _widths(text, start, end, following, min(spacing, 0.0))
        spacing = _spacing(widths, text.classes[start:end], room, widen)
        spacings.append(spacing)
        following, widen = start, justified
    return spacings[::-1]


def _spacing(widths: _Widths, classes: str, room: float, widen: bool) -> float:
    """Return the character spacing of a line in a column of *room*.

    *classes* are those of its characters.  The line must fit the column, and must not fit it
    together with what follows up to the next break.
    """
    count, changes, western = _scripts(classes)
    widen = widen and western <= count / 2
    least, most = room + GRACE - widths.onward, room - widths.most
    if count <= 1 or (least < 0 and most > -TOLERANCE * count) or (least >= 0 and not widen):
        return 0.0
    # LibreOffice does not space the last character before a change of script.
    spaced = count - changes
    low = least / (spaced if least > 0 else count)
    high = most / (count if most > 0 else spaced)
    if low >= high:
        most = room - widths.least
        high = most / (count if most > 0 else spaced)
    if low >= high:
        return 0.0
    if low > MOST:
        return 0.0
    if low > LEAST:
        return min(MOST, (low + high) / 2)
    return max(LEAST, floor((high - GRACE / count) / STEP) * STEP)


def _scripts(classes: str) -> tuple[int, int, int]:
    """Return three counts of a line with *classes*.

    They are of its characters, of the places where Western characters and others meet, and of its
    Western characters.
    """
    western = [kind in WESTERN_KINDS for kind in classes]
    return len(western), sum(map(ne, western, western[1:])), sum(western)


def narrow_column(text: Measure, spans: Sequence[tuple[int, int]], column: Column) -> float:
    """Return how much narrower the column must be for a word processor to break at *spans*.

    *spans* are the start and end of lines that are not justified, as in a label or a caption.
    Returns 0 if the word processor breaks the lines there anyway, or at no width.
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
    """Return the widths of the line from *start* to *end* in word processors.

    *closer* is the character spacing (0 or less) of the next line, which starts at *following*.
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
    """Return the first place after *place* where any word processor may break a line.

    The search ends after as many characters as no line can hold.
    """
    edge = min(len(text.text), place + _LOOK_AHEAD)
    stop = text.gaps.breakable.find(1, place + 1, edge)
    if stop < 0:
        stop = edge
    after_sign = (i for i in range(place + 1, stop) if text.text[i - 1] in _AFTER_SIGN)
    return next(after_sign, stop)
