"""Setting runs of text in lines, and placing the characters on each line.

A :class:`Line` has the x of every character; the y is decided by the caller.  The other steps
are modules of this package: ``measure`` (widths, and what is allowed in each gap), ``breaks``
(where a line may end), ``choose`` (where it does end) and ``word_fit`` (spacing for word
processors).  Lengths are points.

On a justified line, punctuation at the end takes half a 字; its blank half is outside of the
column, so that the ink is flush (GB/T 15834-2011 clause 5.1; CLREQ, "Punctuation width
adjustment").  A line that is too short is stretched first between Han and Latin characters, up
to a quarter of a 字, and then evenly in all gaps.  A line that is too long is shrunk by the blank
half of the punctuation at its end, then within it, then at its start.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from itertools import accumulate, compress, repeat
from math import inf
from operator import add, is_not, itemgetter, sub
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from msgspec import Struct
from msgspec.structs import replace

from reportgen.characters import TRAILING, WESTERN_KINDS, classify
from reportgen.fonts import FontSet, Glyph, Glyphs
from reportgen.layout.items import PlacedGlyph
from reportgen.layout.text.breaks import Column, find_breaks
from reportgen.layout.text.choose import choose_lines
from reportgen.layout.text.complex_text import ComplexText
from reportgen.layout.text.measure import (
    BOUNDARY_STRETCH,
    LATIN_GAP,
    TOLERANCE,
    Measure,
    measure,
    places_of,
)
from reportgen.layout.text.word_fit import LineFit, fit_lines, narrow_column
from reportgen.styles import Align, Style
from reportgen.text import LINE_FEED, Run
from reportgen.writing_systems import needs_shaping

_SHARE_BEFORE = {Align.JUSTIFY: 0.0, Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}
"""The share of the room left in a line that is placed before its text."""
_LOOK_OF, _ADVANCE_OF = itemgetter(0), itemgetter(1)  # of a Glyph
_LEAST_FIRST_LINE = 2
"""The number of 字 that indents leave for the text, if the column is wide enough."""

MOST_STRETCH = 0.5
"""The most by which the gaps of a line are stretched, in 字; other lines are ragged."""

WORD_EASE = 3.0
"""How many times as far the gaps are stretched of a text that has few, between words or syllables
whose letters join."""

AS_IS = LineFit()
"""The fit of a line that word processors break where the layout does."""

UNBROKEN = 1e6
"""The width of a column that no line exceeds, in points."""


class Fragment(Struct, frozen=True):
    """Characters of one run, face, size and rise on a line."""

    x: float
    """The origin of the first character, from the paragraph's left edge."""
    face: str
    """The id of a :class:`reportgen.fonts.Face`."""
    size: float
    text: str
    offsets: tuple[float, ...]
    """The origin of each character, relative to ``x``."""
    width: float
    """The distance from ``x`` to the end of the last character."""
    run: Run
    """The run that the characters belong to."""
    rise: float = 0.0
    """How far the characters are raised above the base line: a substitute face, a superscript."""
    language: str = ""
    """The language (RFC 5646), where the script tells that it is not Chinese."""
    glyphs: tuple[PlacedGlyph, ...] = ()
    """The glyphs of a text that is shaped or goes from right to left, from left to right; their x
    is relative to ``x``.  Empty for any other text."""


class Line(Struct, frozen=True):
    """One line of a paragraph."""

    fragments: tuple[Fragment, ...]
    width: float
    """The distance from the left edge of the paragraph to the end of the line's text."""
    start: int = 0
    """The offset of the first character in the text of all runs."""
    fit: LineFit = AS_IS
    """What makes a word processor break the line here."""
    ragged: bool = False
    """Whether the paragraph is justified and has a line with too few gaps to be stretched."""
    narrowing: float = 0.0
    """On the first line: how much narrower the column must be in a word processor for the same
    line breaks; infinity if there are none at any width."""

    @property
    def text(self) -> str:
        """The characters on the line."""
        return "".join(fragment.text for fragment in self.fragments)


def set_lines(
    runs: tuple[Run, ...],
    style: Style,
    width: float,
    fonts: FontSet,
    *,
    first_line: float | None = None,
    align: Align | None = None,
    indent: float | None = None,
) -> tuple[Line, ...]:
    """Return *runs* set in *style* in a column of *width*.

    *first_line*, *indent* (in 字, that is ``style.pitch``) and *align* override those of the
    style; its right indent is subtracted from *width*.  A line feed ends a line.  Joining the
    texts of the lines gives the text of the runs, without the spaces at line ends, for any
    width.
    """
    align = align or style.align
    indent = style.indent if indent is None else indent
    first_line = style.first_line if first_line is None else first_line
    room = width - style.right_indent * style.pitch
    spare = max(0.0, room - _LEAST_FIRST_LINE * style.pitch)
    left = min(indent * style.pitch, spare)
    first = max(0.0, min(left + first_line * style.pitch, spare))
    lines: list[Line] = []
    offset = 0
    for piece in _pieces(runs):
        edges = first, left, room
        lines.extend(_set_piece(piece, style, fonts, edges, align, offset))
        first = left
        offset += sum(len(run.text) for run in piece) + len(LINE_FEED)
    return tuple(lines)


def _pieces(runs: tuple[Run, ...]) -> Iterator[tuple[Run, ...]]:
    """Yield the runs between forced line breaks; a break at the end adds no empty line."""
    piece: list[Run] = []
    for run in runs:
        if run.text == LINE_FEED:
            yield tuple(piece)
            piece = []
        elif run.text:
            piece.append(run)
    if piece:
        yield tuple(piece)


def _set_piece(
    runs: tuple[Run, ...],
    style: Style,
    fonts: FontSet,
    edges: tuple[float, float, float],
    align: Align,
    offset: int,
) -> Iterator[Line]:
    """Yield the lines of *runs*, whose text begins at *offset* in the whole text.

    *edges* are the left edge of the first line, the left edge of the others, and the right edge
    of all.
    """
    text = "".join([run.text for run in runs])
    if not text:
        yield Line((), 0.0, offset)
        return
    first, left, right = edges
    # Measure the text and choose its line breaks.
    drawn, classes = _drawn(runs, text, fonts.glyphs(style))
    measured = _measure(text, drawn, style, classes)
    ordered = ComplexText.of(text)
    column = Column(right - first, right - left)
    spans = choose_lines(measured, column, align)
    # Place the characters of each line; the last one of a justified paragraph is not stretched.
    justified = align == Align.JUSTIFY
    rooms = [column.rest if start else column.first for start, _ in spans]
    lines = [
        set_characters(measured, start, end, room, justified and end < spans[-1][1])
        for (start, end), room in zip(spans, rooms, strict=True)
    ]
    spares = [room - line.width for room, line in zip(rooms, lines, strict=True)]
    ragged = justified and any(spare > TOLERANCE for spare in spares[:-1])
    # Compute what makes a word processor choose the same breaks.
    narrowing = 0.0 if justified else narrow_column(measured, spans, column)
    tailed = justified or (align == Align.LEFT and narrowing in (0.0, inf))
    fits = [AS_IS] * len(spans)  # letters that join must not be parted
    if ordered is None:
        fits = fit_lines(measured, spans, column, spread=justified and not ragged, tailed=tailed)
    stretches = _Stretches.of(runs, drawn, ordered, fonts)
    for (start, _), line, spare, fit in zip(spans, lines, spares, fits, strict=True):
        keep_apart(measured, start, line.origins, style.size / 2, spare)
        x = (left if start else first) + _shift(spare, align)
        if ordered and ordered.base:  # the mirror image of a paragraph from left to right
            x = right + style.right_indent * style.pitch - x - line.width
        fragments = tuple(stretches.fragments(measured, start, x, line))
        yield Line(fragments, x + line.width, offset + start, fit, ragged, narrowing)
        narrowing = 0.0  # only the first line has it


def _drawn(runs: tuple[Run, ...], text: str, glyphs: Glyphs) -> tuple[list[Glyph], str]:
    """Return the glyphs and the classes of the characters of *text*, that of *runs*.

    The mark of a footnote, one character, is raised and never begins a line.
    """
    drawn, classes = glyphs.of(text), classify(text)
    offsets = accumulate((len(run.text) for run in runs), initial=0)
    for at, run in zip(offsets, runs, strict=False):
        if run.footnote:
            drawn[at] = glyphs.raised(run.text)[0]
            classes = f"{classes[:at]}{TRAILING}{classes[at + 1 :]}"
    return drawn, classes


class Extent(NamedTuple):
    """How wide a text is.  Lengths are points; forced line breaks end a line."""

    whole: float
    """The width of the text on one line."""
    halved: float
    """The least width in which the text takes two lines."""
    piece: float
    """The width of the widest piece without a place to break a line."""


def extent_of(runs: tuple[Run, ...], style: Style, fonts: FontSet) -> Extent:
    """Return the extent of *runs* in *style*, without its indents."""
    glyphs = fonts.glyphs(style)
    found = Extent(0.0, 0.0, 0.0)
    for piece in _pieces(runs):
        text = "".join([run.text for run in piece])
        if text:
            measured = _measure(text, glyphs.of(text), style, classify(text))
            found = Extent._make(map(max, found, _extent(measured)))
    return found


def _extent(text: Measure) -> Extent:
    end = len(text.text)
    places = find_breaks(text).places
    stops = [(text.end_of(place), place) for place in places[1:]]
    halves = [max(text.loose_width(0, stop), text.loose_width(place, end)) for stop, place in stops]
    pieces = [
        text.loose_width(start, stop) for start, (stop, _) in zip(places, stops, strict=False)
    ]
    return Extent(text.loose_width(0, end), min(halves), max(pieces))


def _measure(text: str, drawn: list[Glyph], style: Style, classes: str) -> Measure:
    """Return the measure of *text*, whose characters have the glyphs *drawn* and *classes*."""
    advances, ease = list(map(_ADVANCE_OF, drawn)), 1.0
    if needs_shaping(text):
        western = sum(map(classes.count, WESTERN_KINDS))
        ease = WORD_EASE if western > len(classes) / 2 else ease
    return measure(text, classes, advances, style.pitch, LATIN_GAP * style.size, ease)


def _shift(slack: float, align: Align) -> float:
    """Return how far a line that leaves *slack* is moved to the right."""
    return max(0.0, slack) * _SHARE_BEFORE[align]


class _Stretches(Struct, frozen=True):
    """The stretches of a text whose characters share a run, face, size and rise, in order."""

    starts: list[int]
    """The offset of the first character of each stretch, and the end of the text."""
    runs: list[Run]
    """The run of each stretch."""
    drawn: list[Glyph]
    """The glyph of each character of the text."""
    ordered: ComplexText | None
    """The text if it is shaped or goes from right to left."""
    fonts: FontSet

    @classmethod
    def of(
        cls,
        runs: tuple[Run, ...],
        drawn: list[Glyph],
        ordered: ComplexText | None,
        fonts: FontSet,
    ) -> _Stretches:
        """Return the stretches of *runs*, whose characters have the glyphs *drawn*."""
        starts: list[int] = []
        owners: list[Run] = []
        end = 0
        for run in runs:
            start, end = end, end + len(run.text)
            looks = list(map(_LOOK_OF, drawn[start:end]))
            changes = compress(range(start + 1, end), map(is_not, looks[1:], looks))
            starts += (start, *changes)
            owners += [run] * (len(starts) - len(owners))
        if ordered:
            places = sorted({*starts, *ordered.cuts})
            owners = [owners[bisect_right(starts, place) - 1] for place in places]
            starts = places
        return cls([*starts, end], owners, drawn, ordered, fonts)

    def fragments(self, text: Measure, start: int, x: float, line: SetLine) -> Iterator[Fragment]:
        """Yield the fragments of *line*, placed at *x*; its first character is number *start*."""
        if self.ordered:
            yield from self._complex(self.ordered, text, start, x, line)
            return
        origins, right = line.origins, x + line.width
        end, low = start + len(origins), start
        number = bisect_right(self.starts, start) - 1
        while low < end:
            high = min(self.starts[number + 1], end)
            here = origins[low - start : high - start]
            base, look = here[0], self.drawn[low].look
            yield Fragment(
                x + base,
                look.face,
                look.size,
                text.text[low:high],
                tuple(map(sub, here, repeat(base))) if base else tuple(here),
                min(here[-1] + text.advances[high - 1], right - x) - base,
                self.runs[number],
                look.rise,
                look.language,
            )
            low, number = high, number + 1

    def _complex(
        self, ordered: ComplexText, text: Measure, start: int, x: float, line: SetLine
    ) -> Iterator[Fragment]:
        """Yield the fragments of *line* of a text that is shaped or goes from right to left.

        They are in logical order; ``x`` is the left edge of each.
        """
        end = start + len(line.origins)
        advances = text.advances[start:end]
        origins = ordered.place(start, line.origins, advances, line.width)
        low, number = start, bisect_right(self.starts, start) - 1
        while low < end:
            high = min(self.starts[number + 1], end)
            here = origins[low - start : high - start]
            base, look = min(here), self.drawn[low].look
            offsets = tuple(map(sub, here, repeat(base)))
            yield Fragment(
                x + base,
                look.face,
                look.size,
                text.text[low:high],
                offsets,
                max(map(add, offsets, text.advances[low:high])),
                self.runs[number],
                look.rise,
                look.language,
                ordered.glyphs(self.fonts.face(look.face), look.size, low, offsets),
            )
            low, number = high, number + 1


TEXTS_KEPT = 8192
"""The most set texts that are kept, enough for some thirty reports; above it, all are dropped."""

_Set = TypeVar("_Set")
_KNOWN: WeakKeyDictionary[FontSet, dict[Hashable, Any]] = WeakKeyDictionary()


def set_once(
    runs: tuple[Run, ...],
    room: Hashable,
    fonts: FontSet,
    set_text: Callable[[tuple[Run, ...]], _Set],
) -> _Set:
    """Return the result of *set_text* for *runs*, computed once for equal runs and equal *room*.

    *set_text* is called with the runs without their source positions.  Its result must depend
    only on these, on *fonts*, and on *room*.
    """
    known = _KNOWN.setdefault(fonts, {})
    # The key holds the values of the runs, because comparing the structs takes ten times as long.
    key = (room, tuple([_look_of_run(run) for run in runs]))
    found: _Set | None = known.get(key)
    if found is None:
        if len(known) >= TEXTS_KEPT:
            known.clear()
        # A source position would keep the whole text of its file in memory.
        found = known[key] = set_text(tuple([replace(run, span=None) for run in runs]))
    return found


def _look_of_run(run: Run) -> tuple[object, ...]:
    return run.text, run.bold, run.italic, run.link, run.notes, run.footnote


def set_paragraph(
    runs: tuple[Run, ...], style: Style, width: float, fonts: FontSet
) -> tuple[Line, ...]:
    """Return *runs* set by :func:`.set_lines`, cached; the runs in the lines have no position."""
    return set_once(
        runs, (style, width), fonts, lambda placeless: set_lines(placeless, style, width, fonts)
    )


class SetLine(NamedTuple):
    """The positions of the characters of one line."""

    origins: list[float]
    """The origin of each character, from the line's left edge.  Opening punctuation that gives up
    its blank half there has a negative origin, so that its ink is at the edge."""
    width: float
    """The width of the whole line."""


def set_characters(text: Measure, start: int, end: int, room: float, flush: bool) -> SetLine:
    """Return the characters from *start* up to *end* placed on a line of the width *room*.

    If *flush*, the line is stretched to *room*, unless its gaps would become wider than
    ``MOST_STRETCH``.  A line wider than *room* is shrunk.
    """
    if end <= start:
        return SetLine([], 0.0)
    width = text.width(start, end)
    slack = room - width
    if slack < -TOLERANCE:
        return _squeeze(text, start, end, -slack)
    gaps = text.gaps.stretches.count(1, start + 1, end)
    if flush and gaps and 0 < slack <= gaps * MOST_STRETCH * text.ease * text.zi + TOLERANCE:
        return _widen(text, start, end, room, gaps)
    base = text.origins[start]
    return SetLine(list(map(sub, text.origins[start:end], repeat(base))), width)


def _widen(text: Measure, start: int, end: int, room: float, gaps: int) -> SetLine:
    """Return the line stretched to *room* in its *gaps*."""
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
    """Return the line shrunk by *need*, or by as much as its punctuation allows."""
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
    """Move shrunk punctuation to the right until it is *least* from the character before.

    The last character of the line moves only within the room *spare* after it.  *origins* is
    changed in place.

    With *least* half the type size, no two Han characters overlap by more than half an em.  With
    more overlap, programs that extract text from a PDF would see a new line.  A narrower
    character has only its own width.  On a grid
    narrower than the type, a character moves by a tenth of a point and the next one stays.
    """
    end, last = start + len(origins), len(origins) - 1
    for gap in places_of(text.gaps.blank, start + 1, end):
        place = gap - start
        apart = origins[place - 1] + min(least, text.advances[gap - 1])
        if apart > origins[place] and (place < last or apart <= origins[place] + spare):
            origins[place] = apart
