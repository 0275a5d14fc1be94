"""What makes a word processor break lines where the layout does.

Word, WPS and LibreOffice fill one line after another.  They do not avoid a 孤字, they separate a
number from its counter, LibreOffice lets punctuation hang in the margin, and the gap between
Han and Latin characters differs (LibreOffice: a fifth of the type size, Word: a quarter).  Most
lines end at the same place nevertheless.  The others get a character spacing of some tenths of
a point, about as much as justification adds in the PDF, so that they cannot end elsewhere; or
space behind their last character, where their characters must not stand apart.

LibreOffice looks for the end of a line backwards from the first character that does not fit.  By
the language of the last letter or digit up to there it follows one of two sets of rules.  Those for
Chinese allow a break at every place but before and after certain marks.  Those for all other
languages are UAX #14 of Unicode 5.0: no break beside a quotation mark, before an opening bracket
that follows a number, or between a closing mark and a Western word.  Lengths are points.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import floor, inf
from operator import ne

from msgspec import Struct

from reportgen.characters import HAN, OPENING, SPACES, WESTERN_KINDS, has_scripts
from reportgen.layout.text.breaks import Column
from reportgen.layout.text.measure import LATIN_GAP, TOLERANCE, Measure

WIDE_GAP = 0.25
"""The gap between Han and Latin in Word, as a share of the type size."""
GRACE = 0.8
"""How much a line of a word processor may differ from ours in width because of rounding."""
STEP = 0.05
"""The unit of character spacing in a DOCX: a twentieth of a point."""
MOST = 4.0
"""The largest character spacing; a line that would need more breaks where the program likes."""
LEAST = -1.8
"""The smallest character spacing."""
_LOOK_AHEAD = 300
_HANGING = frozenset("!,.:;?、。！，．：；？")
_AFTER_SIGN = frozenset("-‐–/?&")
_BEFORE_SIGN = frozenset("—―⸺…⋯～〜·・／々〻ー")
"""Characters that begin no line of ours, but may begin one of LibreOffice by one set of rules."""

_LATIN_1 = frozenset("·×÷±°§")
"""Characters that are Chinese to us, but Western to LibreOffice."""


class LineFit(Struct, frozen=True):
    """What makes a word processor begin and end a line where the layout does."""

    spacing: float = 0.0
    """The spacing to add to each character."""
    tail: float = 0.0
    """The space to add behind the last character."""
    lead: bool = False
    """Whether the first character, a letter or digit, must be said to be Chinese, because
    LibreOffice would not break before it."""


class _Widths(Struct, frozen=True):
    """The width of a line in word processors."""

    most: float
    """The width in the one that needs most."""
    least: float
    """The width in LibreOffice, which has the narrowest gaps."""
    onward: float
    """The least width if the line extended to the next break."""
    changes: int
    """At how many places LibreOffice leaves the spacing out."""


def fit_lines(
    text: Measure, spans: Sequence[tuple[int, int]], column: Column, *, spread: bool, tailed: bool
) -> list[LineFit]:
    """Return how each line is fitted; most lines need nothing.

    *spans* are the start and end of all lines of *text*.  With *spread*, lines that are too short
    are made wider between their characters, unless they are mostly Western, such as an address,
    whose letters would stand apart; with *tailed*, any others behind their last character.  The
    last line never is.
    """
    # From the last line to the first: if the characters of the next line are set closer, they
    # need less room, and more of them could fit at the end of this line.
    fits: list[LineFit] = []
    spacing, following = 0.0, len(text.text)
    for start, end in reversed(spans):
        room = column.rest if start else column.first
        widths = _widths(text, start, end, following, min(spacing, 0.0))
        spread_here = spread and _is_chinese(text.classes[start:end])
        spacing = _spacing(widths, end - start, room, spread_here)
        tail = _tail(widths, room) if tailed and not spread_here else 0.0
        fits.append(LineFit(spacing, tail, _needs_lead(text, start)))
        following = start
    return fits[::-1]


def _spacing(widths: _Widths, count: int, room: float, widen: bool) -> float:
    """Return the character spacing of a line of *count* characters in a column of *room*.

    The line must fit the column, and must not fit it together with what follows up to the next
    break, if *widen* allows it.
    """
    least, most = room + GRACE - widths.onward, room - widths.most
    spaced = count - widths.changes
    if count <= 1 or (least < 0 and most > -TOLERANCE * spaced) or (least >= 0 and not widen):
        return 0.0
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


def _tail(widths: _Widths, room: float) -> float:
    """Return the space behind a line in a column of *room*, with which nothing more fits."""
    least, most = room + GRACE - widths.onward, room - widths.most
    return (least + most) / 2 if 0 <= least < most else 0.0


def _is_chinese(classes: str) -> bool:
    """Return whether at most half of the characters of a line with *classes* are Western."""
    return sum(map(classes.count, WESTERN_KINDS)) <= len(classes) / 2


def _changes(text: Measure, start: int, end: int) -> int:
    """Return at how many places of a line two scripts meet, as LibreOffice tells scripts."""
    western = [
        kind in WESTERN_KINDS or char in _LATIN_1
        for kind, char in zip(text.classes[start:end], text.text[start:end], strict=True)
    ]
    return sum(map(ne, western, western[1:]))


def _needs_lead(text: Measure, start: int) -> bool:
    """Return whether LibreOffice would not break before the character at *start*.

    It does if a Han character or a space is before it.
    """
    if not start or text.classes[start] not in WESTERN_KINDS:
        return False
    return text.classes[start - 1] not in HAN + SPACES


def narrow_column(text: Measure, spans: Sequence[tuple[int, int]], column: Column) -> float:
    """Return how much narrower the column must be for a word processor to break at *spans*.

    *spans* are the start and end of lines that are not justified, as in a label or a caption.
    Returns 0 if the word processor breaks the lines there anyway, infinity if at no width.
    """
    followings = [start for start, _ in spans[1:]] + [len(text.text)]
    most, limit, room = 0.0, inf, min(column.first, column.rest)
    for (start, end), following in zip(spans, followings, strict=True):
        if end > start:
            widths = _widths(text, start, end, following, 0.0)
            most, limit = max(most, widths.most), min(limit, widths.onward)
    if limit > room + GRACE:
        return 0.0
    if most + 2 * GRACE > limit:
        return inf
    return room - (most + limit) / 2


def _widths(text: Measure, start: int, end: int, following: int, closer: float) -> _Widths:
    """Return the widths of the line from *start* to *end* in word processors.

    *closer* is the character spacing (0 or less) of the next line, which starts at *following*.
    """
    onward = inf
    if following < len(text.text):
        end = max(end, _held(text, following))
        stop = text.end_of(_next_break(text, max(following, end - 1)))
        onward = text.loose_width(start, stop) + closer * (stop - following)
        if text.text[stop - 1] in _HANGING:
            onward -= text.advances[stop - 1]
    natural, gap = text.loose_width(start, end), text.latin_gap
    # LibreOffice does not space the last character before a change of script, so that the usual
    # spacing of the style, by which characters are closer, is left out there.
    changes = _changes(text, start, end)
    least = natural + changes * max(0.0, gap / LATIN_GAP - text.zi)
    gaps = bisect_left(text.latin_gaps, end) - bisect_left(text.latin_gaps, start + 1)
    most = natural + gaps * gap * (WIDE_GAP / LATIN_GAP - 1)
    return _Widths(max(most, least), least, onward, changes)


def _held(text: Measure, place: int) -> int:
    """Return the end of what must fit on a line for LibreOffice to break it at *place*.

    After a Western word it does not break before opening marks, unless the first character that
    does not fit is one behind them.
    """
    end = place
    while end < len(text.text) and text.classes[end] == OPENING:
        end += 1
    before = next((char for char in reversed(text.text[:place]) if char.isalnum()), "")
    return end if end > place and before.isascii() and before else place


def _next_break(text: Measure, place: int) -> int:
    """Return the first place after *place* where any word processor may break a line.

    The search ends after as many characters as no line can hold.
    """
    edge = min(len(text.text), place + _LOOK_AHEAD)
    stop = text.gaps.breakable.find(1, place + 1, edge)
    if stop < 0:
        stop = edge
    # LibreOffice breaks before a word of several sizes only if none of it fits.
    if has_scripts(text.text[place:stop]) and _needs_lead(text, place):
        return place + 1
    within = (
        i
        for i in range(place + 1, stop)
        if text.text[i - 1] in _AFTER_SIGN or text.text[i] in _BEFORE_SIGN
    )
    return next(within, stop)
