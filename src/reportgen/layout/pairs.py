"""What may happen between two neighbouring characters.

The rules of CLREQ and GB/T 15834 as one table over pairs of character classes
(:mod:`reportgen.layout.classes`), filled in as pairs are met.
"""

from __future__ import annotations

from typing import NamedTuple

from reportgen.layout.classes import (
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


class Pair(NamedTuple):
    """The gap between two characters.

    ``breakable``: a line may end here.  ``squeezed``: two marks meet and lose half a 字
    (《（ and the like take 1.5 字 together).  ``shrinks``: the gap holds a blank half
    that a tight line may take.  ``stretches``: a loose line widens it; ``first``: before
    the others.  The last four are 0 or 1, to be summed.
    """

    breakable: bool
    squeezed: int
    shrinks: int
    stretches: int
    first: int


def _pair(left: str, right: str) -> Pair:
    west = (left in WESTERN_KINDS, right in WESTERN_KINDS)
    squeezed = (left == CLOSING and right in CLOSING + OPENING) or (left == right == OPENING)
    blank = (left == CLOSING or right == OPENING) and not squeezed
    return Pair(
        breakable=_breakable(left, right),
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
    """Whether the gap may be widened: not within a word, a number or a doubled mark.

    Of the two gaps beside a space only the one after it counts.
    """
    if left in WESTERN_KINDS and right in WESTERN_KINDS + SUFFIX:
        return False
    return right not in SPACES and not (left == right == JOINED)


def _plain(kind: str) -> bool:
    """Whether a character of this class is no mark, so that Latin beside it wants some air."""
    return kind in WESTERN + "H"


class PairTable(dict[tuple[str, str], Pair]):
    """The rules by pair of classes."""

    def __missing__(self, key: tuple[str, str]) -> Pair:
        self[key] = _pair(*key)
        return self[key]


PAIRS = PairTable()
