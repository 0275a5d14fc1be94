"""Breaking headings, and the name of the organ in the 落款, that are too long for one line.

The document states where they may be broken, and :func:`break_titles` decides by their width
whether they are.  The result is a document again, so that all outputs break it at the same places.
GB/T 9704-2012 clause 7.3.1 requires complete words in each line (词意完整), and lines arranged as
a trapezoid or a rhombus.  Lengths are points.
"""

from __future__ import annotations

from itertools import combinations, pairwise

from msgspec.structs import replace

from reportgen.document.nodes import Block, Document, Heading, Signature
from reportgen.fonts import FontSet
from reportgen.layout.runs import natural
from reportgen.layout.text import TOLERANCE, UNBROKEN, Line, set_lines
from reportgen.styles import Style, StyleSheet
from reportgen.text import LINE_FEED, Run

_MOST_PLACES = 10
"""The most places among which the best are chosen; every combination is tried."""


def break_titles(document: Document, fonts: FontSet) -> Document:
    """Return *document* with every heading and 落款 too long for one line broken at ``breaks``."""
    blocks = tuple(_broken(block, document.sheet, fonts) for block in document.blocks)
    return replace(document, blocks=blocks)


def _broken(block: Block, sheet: StyleSheet, fonts: FontSet) -> Block:
    room = sheet.page.text_width + TOLERANCE
    if isinstance(block, Heading) and block.breaks:
        style = natural(sheet[block.style])
        runs = _Title(block.runs, block.breaks, style, fonts).lines(room)
        return block if runs is block.runs else replace(block, runs=runs, breaks=())
    if isinstance(block, Signature) and block.breaks:
        organ, style = block.organ, sheet[block.organ.style]
        room -= style.right_indent * style.pitch
        runs = _Title(organ.runs, block.breaks, natural(style), fonts).lines(room)
        return block if runs is organ.runs else replace(block, organ=replace(organ, runs=runs))
    return block


class _Title:
    """A text with the places where it may be broken, and the widths of its stretches."""

    def __init__(
        self, runs: tuple[Run, ...], breaks: tuple[int, ...], style: Style, fonts: FontSet
    ) -> None:
        self._runs, self._breaks = runs, breaks[:_MOST_PLACES]
        self._length = sum(len(run.text) for run in runs)
        self._style, self._fonts = style, fonts
        self._widths: dict[tuple[int, int], float] = {}

    def width(self, start: int, end: int) -> float:
        """Return the width of the text from *start* to *end* on one line."""
        if (start, end) not in self._widths:
            runs = _cut(self._runs, start, end)
            lines: tuple[Line, ...] = set_lines(runs, self._style, UNBROKEN, self._fonts)
            self._widths[start, end] = sum(line.width for line in lines)
        return self._widths[start, end]

    def lines(self, room: float) -> tuple[Run, ...]:
        """Return the runs, with a line feed at each break if they are wider than *room*."""
        runs = self._runs
        if self.width(0, self._length) > room:
            for place in reversed(self.places(room)):
                runs = _split(runs, place)
        return runs

    def places(self, room: float) -> list[int]:
        """Return the offsets at which to break lines of the width *room*, ascending.

        A stretch between two breaks that is wider than *room* is broken like any other text.
        """
        places: list[int] = []
        for start, end in pairwise((0, *self._best(room), self._length)):
            lines = set_lines(_cut(self._runs, start, end), self._style, room, self._fonts)
            places += [start + line.start for line in lines]
        return places[1:]

    def _best(self, room: float) -> tuple[int, ...]:
        """Return the breaks with which the lines exceed *room* least.

        Of several such choices, those with the fewest lines are preferred, then those with the
        best place, then a trapezoid or a rhombus, then lines of similar width.
        """
        ways = [
            tuple(sorted(chosen))
            for count in range(1, len(self._breaks) + 1)
            for chosen in combinations(self._breaks, count)
        ]
        return min(ways, key=lambda way: self._price(way, room))

    def _price(self, way: tuple[int, ...], room: float) -> tuple[float, int, bool, bool, float]:
        widths = [self.width(*ends) for ends in pairwise((0, *way, self._length))]
        excess = sum(max(0.0, width - room) for width in widths)
        waist = any(
            before > width < after
            for before, width, after in zip(widths, widths[1:], widths[2:], strict=False)
        )
        uneven = max(widths) - min(widths)
        return (excess, len(way), self._breaks[0] not in way, waist, uneven)


def _cut(runs: tuple[Run, ...], start: int, end: int) -> tuple[Run, ...]:
    """Return the runs of the text from *start* to *end*."""
    found: list[Run] = []
    place = 0
    for run in runs:
        text = run.text[max(0, start - place) : max(0, end - place)]
        if text:
            found.append(replace(run, text=text))
        place += len(run.text)
    return tuple(found)


def _split(runs: tuple[Run, ...], place: int) -> tuple[Run, ...]:
    """Return *runs* with a line feed before the character at offset *place* of their text."""
    end = sum(len(run.text) for run in runs)
    return (*_cut(runs, 0, place), Run(LINE_FEED), *_cut(runs, place, end))
