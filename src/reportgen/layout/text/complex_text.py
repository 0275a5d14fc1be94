"""Text that is shaped, or that goes from right to left: its order on a line, and its glyphs.

Lines of such a text are chosen like all others, by the widths of words that were shaped as a whole
(:class:`reportgen.fonts.Glyphs`).  On the line, characters are moved to their visual order, and
what is drawn in one go is shaped once more, so that a bracket is mirrored, and a word that had to
be broken keeps its joined letters.  Lengths are points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from msgspec import Struct

from reportgen.directions import base_direction, is_right_to_left, levels_of
from reportgen.fonts import Face, font_errors, shape
from reportgen.layout.items import PlacedGlyph
from reportgen.writing_systems import needs_shaping, shaped_stretches


class ComplexText(Struct, frozen=True):
    """The order and the stretches of a paragraph."""

    text: str
    base: int
    """The level of the paragraph: 1 if it is set from right to left, else 0."""
    levels: Sequence[int]
    """The level of each character (UAX #9), odd for those from right to left."""
    stretches: frozenset[int]
    """The offsets of the characters that are shaped."""
    cuts: Sequence[int]
    """The offsets where what is drawn in one go begins, ascending."""

    @classmethod
    def of(cls, text: str) -> ComplexText | None:
        """Return *text* as a paragraph; None if it is neither shaped nor from right to left."""
        turned = is_right_to_left(text)
        if not (turned or needs_shaping(text)):
            return None
        levels = levels_of(text) if turned else [0] * len(text)
        stretches = list(shaped_stretches(text))
        changes = [place + 1 for place, pair in enumerate(pairwise(levels)) if pair[0] != pair[1]]
        shaped = frozenset(chain.from_iterable(range(*stretch) for stretch in stretches))
        blanks = (i for i, char in enumerate(text) if char.isspace() and i not in shaped)
        around = chain.from_iterable((place, place + 1) for place in blanks)
        cuts = sorted({*changes, *around, *chain.from_iterable(stretches)} - {0, len(text)})
        return cls(text, base_direction(text), levels, shaped, cuts)

    def place(
        self, start: int, origins: Sequence[float], advances: Sequence[float], width: float
    ) -> list[float]:
        """Return the visual origins of the characters of a line of *width* from offset *start*.

        *origins* are those in logical order, *advances* the widths of the characters.
        """
        levels = self.levels[start : start + len(origins)]
        if not (self.base or any(levels)):
            return list(origins)
        return visual_origins(levels, self.base, origins, advances, width)

    def glyphs(
        self, face: Face, size: float, start: int, origins: Sequence[float]
    ) -> tuple[PlacedGlyph, ...]:
        """Return the glyphs of the characters at *origins*, of which the first is number *start*.

        Empty if they are drawn like other text, one by one from left to right.
        """
        end = start + len(origins)
        turned = self.levels[start] % 2 == 1 and not self.text[start:end].isspace()
        if not turned and start not in self.stretches:
            return ()
        with font_errors(face.path):
            shaped = shape(face.hb_font, self.text, start, end, mirrored=turned)
        return tuple(
            PlacedGlyph(
                glyph.glyph, glyph.text, origins[glyph.start - start] + glyph.x * size,
                glyph.y * size,
            )
            for glyph in shaped
        )  # fmt: skip


class _LinePart(NamedTuple):
    """A character of a line, or the space behind one."""

    level: int
    width: float
    place: int
    """The number of the character on the line; -1 for space."""


def visual_origins(
    levels: Sequence[int],
    base: int,
    origins: Sequence[float],
    advances: Sequence[float],
    width: float,
) -> list[float]:
    """Return the origins of the characters of a line of *width* in visual order.

    *origins* are those in logical order, *advances* the widths of the characters.  The line has no
    spaces at its end (L1).  Space between characters of two levels lies where the text of the
    lower level goes on.
    """
    parts = list(_parts(levels, base, origins, advances, width))
    placed = list(origins)
    x = 0.0
    for part in _reordered(parts):
        if part.place >= 0:
            placed[part.place] = x
        x += part.width
    return placed


def _parts(
    levels: Sequence[int],
    base: int,
    origins: Sequence[float],
    advances: Sequence[float],
    width: float,
) -> Iterator[_LinePart]:
    """Yield the characters of a line and the spaces between them, in logical order."""
    yield _LinePart(base, origins[0], -1)
    ends = [*origins[1:], width]
    following = [*levels[1:], base]
    for place, (level, after) in enumerate(zip(levels, following, strict=True)):
        yield _LinePart(level, advances[place], place)
        yield _LinePart(min(level, after), ends[place] - origins[place] - advances[place], -1)


def _reaches(level: int, part: _LinePart) -> bool:
    return part.level >= level


def _reordered(parts: Sequence[_LinePart]) -> list[_LinePart]:
    """Return *parts* in visual order (L2)."""
    ordered = list(parts)
    for level in range(max(part.level for part in parts), 0, -1):
        runs = groupby(ordered, partial(_reaches, level))
        turned = [list(run)[::-1] if high else list(run) for high, run in runs]
        ordered = list(chain.from_iterable(turned))
    return ordered
