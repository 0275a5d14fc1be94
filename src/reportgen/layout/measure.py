"""A stretch of text measured once, so that any line of it costs nothing to measure.

A :class:`Measure` holds running sums over the characters; the width of the
line from character i to j, and what it can give or take, are differences of
two of them.  All lengths are points.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from reportgen.layout.classes import CLOSING, OPENING, SPACES
from reportgen.layout.pairs import PAIRS, Pair

TOLERANCE = 0.01
"""Lines may be wider than the column by this much, so that 28 字 fit their own grid."""
LATIN_GAP = 0.2
"""The gap between Han and a Latin letter or digit, as a share of the type size.

CLREQ 3.2.2 wants up to a quarter; this is what LibreOffice sets (Word: a quarter).
"""
BOUNDARY_STRETCH = 0.05
"""How far, in 字, such a gap is widened before any other is: up to a quarter in all."""


class Measure(Struct, frozen=True):
    """Text without forced breaks, measured.

    ``origins[k]`` is where character k would stand on an endless line,
    ``advances[k]`` its width; ``pairs[k]`` the gap before it (of the first: none);
    ``shrinks``, ``squeezes``, ``stretches``, ``firsts`` and ``latin_gaps`` count the gaps
    up to and including that before character k.  ``zi`` is the advance of one
    full-width character, ``latin_gap`` is set between Han and a Latin letter or digit.
    """

    text: str
    classes: str
    zi: float
    advances: Sequence[float]
    origins: Sequence[float]
    pairs: Sequence[Pair]
    shrinks: Sequence[int]
    squeezes: Sequence[int]
    stretches: Sequence[int]
    firsts: Sequence[int]
    latin_gaps: Sequence[int]
    latin_gap: float

    @property
    def half(self) -> float:
        """The blank half of a mark."""
        return self.zi / 2

    def end_of(self, place: int) -> int:
        """Return where the line that is broken at *place* ends, spaces at its end dropped."""
        while place and self.classes[place - 1] in SPACES:
            place -= 1
        return place

    def right_edge(self, end: int) -> float:
        """Return where the last character before *end* ends on an endless line."""
        return self.origins[end - 1] + self.advances[end - 1] if end else 0.0

    def width(self, start: int, end: int) -> float:
        """Return the natural width of the characters from *start* up to *end*."""
        if end <= start:
            return 0.0
        return self.right_edge(end) - self.origins[start]

    def loose_width(self, start: int, end: int) -> float:
        """Return the width of the characters as if no two marks that meet were squeezed.

        Lines are broken by it, for word processors that do not squeeze to break alike.
        """
        if end <= start:
            return 0.0
        return self.width(start, end) + self.half * (self.squeezes[end - 1] - self.squeezes[start])

    def end_half(self, start: int, end: int) -> float:
        """Return the blank half that a closing mark at the end of the line may give up."""
        return self.half if end > start and self.classes[end - 1] == CLOSING else 0.0

    def start_half(self, start: int, end: int) -> float:
        """Return the blank half that an opening mark at the start of the line may give up."""
        return self.half if end > start and self.classes[start] == OPENING else 0.0

    def inner_halves(self, start: int, end: int) -> float:
        """Return what the marks within the line may give up together."""
        return self.half * (self.shrinks[end - 1] - self.shrinks[start]) if end > start else 0.0


_NO_GAP = Pair(False, 0, 0, 0, 0)


def measure(
    text: str, classes: str, advances: Sequence[float], zi: float, latin_gap: float = 0.0
) -> Measure:
    """Return *text* measured; *classes* and *advances* tell of each character."""
    pairs = [_NO_GAP, *map(PAIRS.__getitem__, pairwise(classes))]
    half = zi / 2
    gapped = [
        int(pair.first and text[k - 1].isalnum() and text[k].isalnum())
        for k, pair in enumerate(pairs)
    ]
    steps = [
        width - half * pair.squeezed + latin_gap * gap
        for width, pair, gap in zip(advances[:-1], pairs[1:], gapped[1:], strict=True)
    ]
    return Measure(
        text=text,
        classes=classes,
        zi=zi,
        advances=advances,
        origins=list(accumulate(steps, initial=0.0)),
        pairs=pairs,
        shrinks=list(accumulate(pair.shrinks for pair in pairs)),
        squeezes=list(accumulate(pair.squeezed for pair in pairs)),
        stretches=list(accumulate(pair.stretches for pair in pairs)),
        firsts=list(accumulate(pair.first for pair in pairs)),
        latin_gaps=list(accumulate(gapped)),
        latin_gap=latin_gap,
    )
