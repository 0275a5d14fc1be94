"""What is allowed in the gap between two neighbouring characters.

The rules of CLREQ and GB/T 15834 as statements about pairs of character classes
(:mod:`reportgen.characters`).  The gaps of a text are strings of bytes, one byte a gap.
Gap k is the one before character k; nothing is allowed in gap 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise, product
from typing import NamedTuple

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
    WESTERN,
    WESTERN_KINDS,
)

_NUMBERS = {pair: number for number, pair in enumerate(product(CLASSES, repeat=2))}
"""Each pair of classes by number; there are so few that a number fits a byte."""


class Pair(NamedTuple):
    """The gap between two characters; every field is 0 or 1."""

    breakable: int
    """A line may end here."""
    squeezed: int
    """Two punctuation marks meet and lose half a 字: 《（ take 1.5 字 together."""
    shrinks: int
    """The gap holds a blank half that a tight line may take."""
    stretches: int
    """A loose line widens the gap."""
    first: int
    """A loose line widens the gap before the others."""


class Gaps(NamedTuple):
    """The gaps of a text: for each field of :class:`Pair` a byte per gap, 0 or 1."""

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
    """Return the gaps between characters of these *classes*; there is one at least."""
    pairs = bytes(map(_NUMBERS.__getitem__, pairwise(classes)))
    return Gaps._make([b"\0" + pairs.translate(table) for table in _tables()])


def places_of(gaps: bytes, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield where *gaps*, one field of :class:`Gaps`, are 1."""
    place = gaps.find(1, start, end)
    while place >= 0:
        yield place
        place = gaps.find(1, place + 1, end)


@cache
def _tables() -> Gaps:
    """Return what is true of each pair of classes, by its number."""
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
    return not (left in WESTERN_KINDS and right in WESTERN_KINDS)


def _stretches(left: str, right: str) -> bool:
    """Whether the gap may be widened: not within a word, a number or a doubled sign.

    Of the two gaps beside a space only the one after it counts.
    """
    if left in WESTERN_KINDS and right in WESTERN_KINDS + SUFFIX:
        return False
    return right not in SPACES and not (left == right == JOINED)


def _plain(kind: str) -> bool:
    """Whether a character of this class is no punctuation: beside Latin it needs some space."""
    return kind in WESTERN + "H"
