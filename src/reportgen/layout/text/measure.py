"""Measuring a text once, so that the width of any line of it is a subtraction.

A :class:`Measure` holds the position of each character on one line of unlimited length.  The
width of the line from character i to j is the difference of two positions, and how far the line
can be shrunk or stretched follows from the number of its gaps of each kind (:class:`Gaps`).

What is allowed in a gap follows from the rules of CLREQ and GB/T 15834-2011, stated for pairs of
character classes (:mod:`reportgen.characters`).  The gaps of a text are byte strings with one
byte for each gap.  Gap k is the gap before character k; nothing is allowed in gap 0.  All lengths
are points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise, product
from typing import NamedTuple

from msgspec import Struct

from reportgen.characters import (
    CLASSES,
    CLOSING,
    JOINED,
    NEVER_FIRST,
    NEVER_LAST,
    OPENING,
    SPACE,
    SPACES,
    SUFFIX,
    SYLLABLE_END,
    TRAILING,
    WESTERN,
    WESTERN_KINDS,
)

TOLERANCE = 0.01
"""The amount by which a line may exceed the column, so that 28 字 fit a grid of 28."""
LATIN_GAP = 0.2
"""The gap between a Han character and a Latin letter or digit, as a share of the type size.

CLREQ 3.2.2 allows up to a quarter.  LibreOffice uses this value, Word a quarter.
"""
BOUNDARY_STRETCH = 0.05
"""How far, in 字, such a gap is stretched before any other gap: to a quarter of a 字 in total."""


class Measure(Struct, frozen=True):
    """A measured text of at least one character, without forced line breaks."""

    text: str
    classes: str
    """The class of each character (:func:`reportgen.characters.classify`)."""
    zi: float
    """The advance of one full-width character (字)."""
    advances: Sequence[float]
    """The advance width of each character."""
    origins: Sequence[float]
    """The position of each character, and that of one more character after the last."""
    rights: Sequence[float]
    """The right edge of the text before each of ``origins``."""
    loose_origins: Sequence[float]
    """``origins`` without the reduction of space between adjacent punctuation marks."""
    loose_rights: Sequence[float]
    """``rights`` without that reduction."""
    gaps: Gaps
    """The gap before each character."""
    latin_gaps: Sequence[int]
    """The numbers of the gaps between a Han character and a Latin letter or digit, ascending."""
    latin_gap: float
    """The width of each of ``latin_gaps``."""
    ease: float = 1.0
    """How many times as far as in Chinese text a gap may be stretched."""

    @property
    def half(self) -> float:
        """The width of the blank half of a punctuation mark."""
        return self.zi / 2

    def end_of(self, place: int) -> int:
        """Return the end of the line broken at *place*, without trailing spaces."""
        while place and self.classes[place - 1] in SPACES:
            place -= 1
        return place

    def width(self, start: int, end: int) -> float:
        """Return the natural width of the characters from *start* up to *end*."""
        return self.rights[end] - self.origins[start] if end > start else 0.0

    def loose_width(self, start: int, end: int) -> float:
        """Return the width without the reduction of space between adjacent punctuation marks.

        Line breaks are chosen by this width, because not all word processors reduce the space.
        """
        return self.loose_rights[end] - self.loose_origins[start] if end > start else 0.0

    def tight_width(self, start: int, end: int) -> float:
        """Return the least width: all punctuation gives up its blank half where possible."""
        given = self.end_half(start, end) + self.inner_halves(start, end)
        return self.width(start, end) - given - self.start_half(start, end)

    def end_half(self, start: int, end: int) -> float:
        """Return the width that closing punctuation at the end of the line can give up."""
        return self.half if end > start and self.classes[end - 1] == CLOSING else 0.0

    def start_half(self, start: int, end: int) -> float:
        """Return the width that opening punctuation at the start of the line can give up."""
        return self.half if end > start and self.classes[start] == OPENING else 0.0

    def inner_halves(self, start: int, end: int) -> float:
        """Return the total width that punctuation within the line can give up."""
        return self.half * self.gaps.shrinks.count(1, start + 1, end)


def measure(
    text: str,
    classes: str,
    advances: Sequence[float],
    zi: float,
    latin_gap: float = 0.0,
    ease: float = 1.0,
) -> Measure:
    """Return the measure of *text*.

    *classes* and *advances* are those of its characters, *zi* is the advance of a full-width
    character, *latin_gap* the gap between a Han character and a Latin letter or digit, and *ease*
    how many times as far as in Chinese text gaps may be stretched.
    """
    gaps, half = gaps_of(classes), zi / 2
    latin_gaps = [
        place
        for place in places_of(gaps.first)
        if text[place - 1].isalnum() and text[place].isalnum()
    ]
    steps = list(advances)
    for place in latin_gaps:
        steps[place - 1] += latin_gap
    origins = loose_origins = list(accumulate(steps, initial=0.0))
    rights = loose_rights = _rights(origins, advances, latin_gaps)
    squeezed = list(places_of(gaps.squeezed))
    if squeezed:
        for place in squeezed:
            steps[place - 1] -= half
        # Positions before the first reduced gap do not change; only the others are summed again.
        first = squeezed[0] - 1
        moved = accumulate(steps[first:], initial=origins[first])
        origins = [*origins[:first], *moved]
        rights = _rights(origins, advances, latin_gaps + squeezed)
    return Measure(
        text=text,
        classes=classes,
        zi=zi,
        advances=advances,
        origins=origins,
        rights=rights,
        loose_origins=loose_origins,
        loose_rights=loose_rights,
        gaps=gaps,
        latin_gaps=latin_gaps,
        latin_gap=latin_gap,
        ease=ease,
    )


def _rights(origins: list[float], advances: Sequence[float], gaps: Iterable[int]) -> list[float]:
    """Return the right edge of the text before each of *origins*.

    It is the origin itself, except at one of *gaps*, where there is space in between.
    """
    rights = origins.copy()
    for place in gaps:
        rights[place] = origins[place - 1] + advances[place - 1]
    return rights


_NUMBERS = {pair: number for number, pair in enumerate(product(CLASSES, repeat=2))}
"""The number of each pair of classes; there are fewer than 256, so that a number fits a byte."""


class Pair(NamedTuple):
    """The properties of the gap between two characters; every field is 0 or 1."""

    breakable: int
    """A line may end here."""
    squeezed: int
    """Two adjacent punctuation marks are set half a 字 closer: 《（ take 1.5 字 together."""
    shrinks: int
    """The gap contains a blank half of punctuation, by which a line can be shrunk."""
    stretches: int
    """The gap is stretched in a line that is too short."""
    first: int
    """The gap is stretched before the others."""


class Gaps(NamedTuple):
    """The gaps of a text: for each field of :class:`Pair` a string of one byte (0 or 1) a gap."""

    breakable: bytes
    squeezed: bytes
    shrinks: bytes
    stretches: bytes
    first: bytes
    widening: bytes
    """``stretches`` plus twice ``first``."""
    blank: bytes
    """Whether the gap is squeezed or shrinks."""


def gaps_of(classes: str) -> Gaps:
    """Return the gaps between characters of the given *classes*, of which there is at least one."""
    pairs = bytes(map(_NUMBERS.__getitem__, pairwise(classes)))
    return Gaps._make([b"\0" + pairs.translate(table) for table in _tables()])


def places_of(gaps: bytes, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield the numbers of the gaps for which *gaps*, a field of :class:`Gaps`, is 1."""
    place = gaps.find(1, start, end)
    while place >= 0:
        yield place
        place = gaps.find(1, place + 1, end)


@cache
def _tables() -> Gaps:
    """Return translation tables from the number of a pair of classes to each property."""
    pairs = [_pair(left, right) for left, right in _NUMBERS]
    widening = [pair.stretches + 2 * pair.first for pair in pairs]
    blank = [pair.squeezed | pair.shrinks for pair in pairs]
    fields = [*zip(*pairs, strict=True), widening, blank]
    return Gaps._make(bytes(field).ljust(256, b"\0") for field in fields)


def _pair(left: str, right: str) -> Pair:
    west = (left in WESTERN_KINDS, right in WESTERN_KINDS)
    squeezed = (left == CLOSING and right in CLOSING + OPENING) or (left == right == OPENING)
    blank = (left == CLOSING or right == OPENING) and not squeezed
    return Pair(
        breakable=int(_breakable(left, right)),
        squeezed=int(squeezed),
        shrinks=int(blank and left not in SPACES and right not in SPACES),
        stretches=int(_stretches(left, right)),
        first=int(left == SPACE or (west[0] != west[1] and _plain(left) and _plain(right))),
    )


def _breakable(left: str, right: str) -> bool:
    if right in NEVER_FIRST or left in NEVER_LAST or right in SPACES:
        return False
    if left == SYLLABLE_END:
        return True
    return not (left in WESTERN_KINDS and right in WESTERN_KINDS)


def _stretches(left: str, right: str) -> bool:
    """Return whether the gap may be stretched: not within a word, a number or a doubled sign.

    The syllables of Tibetan are stretched like characters, because few words have a space.  A
    mark is not parted from the word before it.  Of the two gaps beside a space, only the one
    after it is stretched.
    """
    if left == SYLLABLE_END:
        return right not in NEVER_FIRST + SPACES
    if left in WESTERN_KINDS and right in WESTERN_KINDS + SUFFIX + CLOSING + TRAILING:
        return False
    return right not in SPACES and not (left == right == JOINED)


def _plain(kind: str) -> bool:
    """Return whether *kind* is a class of characters other than punctuation and signs.

    Space is added between such Han and Western characters.
    """
    return kind in WESTERN + "H"
