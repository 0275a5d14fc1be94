"""Text → lines: what stands on each line of a paragraph, and where.

Only the horizontal: a :class:`Line` knows the x of every character, its user
the y.  The rules are in :mod:`~reportgen.layout.classes` (which characters),
:mod:`~reportgen.layout.pairs` and :mod:`~reportgen.layout.breaks` (where a line may
end), :mod:`~reportgen.layout.choose` (where it does end) and
:mod:`~reportgen.layout.justify` (how it is filled).  Lengths are points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter

from msgspec import Struct

from reportgen.inline import Run
from reportgen.layout.choose import Column, choose_lines
from reportgen.layout.classes import classify, is_western
from reportgen.layout.fit import fit_line, narrow_column
from reportgen.layout.fonts import FontSet
from reportgen.layout.justify import set_characters
from reportgen.layout.measure import LATIN_GAP, Measure, measure
from reportgen.styles import Style

LINE_FEED = "\n"
_LEAST_FIRST_LINE = 2
"""An indent leaves room for this many 字, in a column that has it."""
_HAN_SAMPLE = "一"


class Fragment(Struct, frozen=True):
    """Characters of one face on a line.

    ``x`` is the first character's origin, from the paragraph's left edge;
    ``offsets`` are the characters' origins from ``x``; ``width`` reaches to the
    end of the last one.  ``run`` is the run they came from.  ``rise`` lifts
    the characters above the base line where the face stands in for another.
    """

    x: float
    face: str
    size: float
    text: str
    offsets: tuple[float, ...]
    width: float
    run: Run
    rise: float = 0.0


class Line(Struct, frozen=True):
    """One line; ``width`` is the distance from the left edge to the end of its text.

    ``start`` is the place of its first character in the text of all runs; ``spacing``
    what a word processor must add to each character to break here (:mod:`.fit`), and
    ``narrowing``, of a first line, what it must take off the column.
    """

    fragments: tuple[Fragment, ...]
    width: float
    start: int = 0
    spacing: float = 0.0
    narrowing: float = 0.0

    @property
    def text(self) -> str:
        """The characters on the line."""
        return "".join(fragment.text for fragment in self.fragments)


class _Glyph(Struct, frozen=True):
    """How one character is drawn: face, advance in points, rise in points."""

    face: str
    advance: float
    rise: float


def set_lines(
    runs: tuple[Run, ...],
    style: Style,
    width: float,
    fonts: FontSet,
    *,
    first_line: float | None = None,
    align: str | None = None,
    indent: float | None = None,
) -> tuple[Line, ...]:
    """Return *runs* set in *style* in a column of *width*.

    ``first_line``, ``indent`` (in 字, that is ``style.pitch``) and ``align`` override the
    style's; the style's right indent is taken off *width*.  A line feed ends a line.
    No text is lost but spaces at the ends of lines, whatever the width.
    """
    align = align or style.align
    indent = style.indent if indent is None else indent
    first_line = style.first_line if first_line is None else first_line
    room = width - style.right_indent * style.pitch
    spare = max(0.0, room - _LEAST_FIRST_LINE * style.pitch)
    left = min(indent * style.pitch, spare)
    first = max(0.0, min(left + first_line * style.pitch, spare))
    glyphs = _glyphs(runs, style, fonts)
    lines: list[Line] = []
    offset = 0
    for piece in _pieces(runs):
        lines.extend(_set_piece(piece, style, glyphs, (first, left, room), align, offset))
        first = left
        offset += sum(len(run.text) for run in piece) + len(LINE_FEED)
    return tuple(lines)


def _glyphs(runs: tuple[Run, ...], style: Style, fonts: FontSet) -> dict[str, _Glyph]:
    """Return how each distinct character of *runs* is drawn.

    A character no face has takes the width of a Han character of the role's own face;
    :func:`reportgen.layout.fonts.missing_characters` reports it.
    """
    size, tracking = style.size, style.pitch - style.size
    glyphs = {}
    for char in set().union(*(run.text for run in runs)):
        face = fonts.face_for(style.face, char)
        if face is None:
            own = fonts.face_for(style.face, _HAN_SAMPLE)
            glyphs[char] = _Glyph(own.id if own else style.face, style.pitch, 0.0)
        else:
            rise = 0.0 if is_western(char) else fonts.rise(style.face, face) * size
            glyphs[char] = _Glyph(face.id, face.advance(char) * size + tracking, rise)
    return glyphs


def _pieces(runs: tuple[Run, ...]) -> Iterator[tuple[Run, ...]]:
    """Yield the runs between forced line breaks; nothing after a break at the very end."""
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
    glyphs: dict[str, _Glyph],
    edges: tuple[float, float, float],
    align: str,
    offset: int,
) -> Iterator[Line]:
    """Yield the lines of *runs*, the text of which begins *offset* characters into the whole.

    *edges* are the left edge of the first line and of the others, and the right edge of all.
    """
    text = "".join(run.text for run in runs)
    if not text:
        yield Line((), 0.0, offset)
        return
    first, left, right = edges
    advances = [glyphs[char].advance for char in text]
    measured = measure(text, classify(text), advances, style.pitch, LATIN_GAP * style.size)
    column = Column(right - first, right - left)
    spans = choose_lines(measured, column, align)
    narrowing = 0.0 if align == "justify" else narrow_column(measured, spans, column)
    cuts = _cuts(runs, text, glyphs)
    for number, (start, end) in enumerate(spans):
        edge = left if number else first
        flush = align == "justify" and number < len(spans) - 1
        origins, set_width = set_characters(measured, start, end, right - edge, flush)
        x = edge + _shift(right - edge - set_width, align)
        fragments = _fragments(measured, start, x, x + set_width, origins, cuts, glyphs, style.size)
        following = spans[number + 1][0] if number < len(spans) - 1 else len(text)
        spacing = fit_line(measured, start, end, following, right - edge, widen=flush)
        yield Line(tuple(fragments), x + set_width, offset + start, spacing, narrowing)
        narrowing = 0.0


def _shift(slack: float, align: str) -> float:
    """Return how far a line with *slack* left over moves to the right."""
    return max(0.0, slack) * {"center": 0.5, "right": 1.0}.get(align, 0.0)


def _cuts(
    runs: tuple[Run, ...], text: str, glyphs: dict[str, _Glyph]
) -> list[tuple[int, int, Run]]:
    """Return the stretches of *text* of one run and one face: start, end, run."""
    cuts: list[tuple[int, int, Run]] = []
    offset = 0
    for run in runs:
        faces = [glyphs[char].face for char in run.text]
        changes = [k for k in range(1, len(faces)) if faces[k] != faces[k - 1]]
        bounds = [0, *changes, len(faces)]
        cuts.extend((offset + start, offset + end, run) for start, end in pairwise(bounds))
        offset += len(run.text)
    return cuts


def _fragments(
    text: Measure,
    start: int,
    x: float,
    right: float,
    origins: list[float],
    cuts: list[tuple[int, int, Run]],
    glyphs: dict[str, _Glyph],
    size: float,
) -> Iterator[Fragment]:
    """Yield the fragments of the line whose first character is *start*, its left edge at *x*."""
    end = start + len(origins)
    first = bisect_right(cuts, start, key=itemgetter(0)) - 1
    for cut_start, cut_end, run in cuts[first:]:
        low, high = max(cut_start, start), min(cut_end, end)
        if low >= high:
            return
        here = origins[low - start : high - start]
        glyph = glyphs[text.text[low]]
        yield Fragment(
            x=x + here[0],
            face=glyph.face,
            size=size,
            text=text.text[low:high],
            offsets=tuple([origin - here[0] for origin in here]),
            width=min(here[-1] + text.advances[high - 1], right - x) - here[0],
            run=run,
            rise=glyph.rise,
        )
