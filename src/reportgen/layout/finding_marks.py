"""Finding marks: the colour behind flagged text in a draft, and the numbers of the findings.

They are added to finished pages, so that they do not move any text.  A number is placed above
the end of the flagged text, or in the upper right corner of a cell or picture.  Lengths are
points, y points downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, zip_longest
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.document.nodes import Document, gravest
from reportgen.fonts import FontSet
from reportgen.layout.figures import FigureRow, place_caption
from reportgen.layout.items import Fill, Image, TextRun
from reportgen.layout.parts import Area, PlacedLine
from reportgen.layout.runs import ASCENT, baseline_of, natural, place_line
from reportgen.layout.text import UNBROKEN, Line, set_lines
from reportgen.styles import Style
from reportgen.text import Run

ARTIFACT = "finding"
_NUMBER_SIZE, _NUMBER_PITCH = 7.0, 8.0
_OVERHANG = 1.5
"""How far the colour extends above and below the em box of a text."""
_CORNER = 1.5
"""The distance of a number from the right edge of its cell or picture."""


NoteEnds: TypeAlias = dict[int, dict[int, tuple[int, ...]]]
"""By the identity of the runs of a text: the offsets where findings end, and their numbers."""


class FindingMarks(Struct):
    """The finding marks of one page."""

    document: Document
    fonts: FontSet
    ends: NoteEnds = field(default_factory=dict)
    """What was found out about the texts already: a long one has lines on many pages."""
    fills: list[Fill] = field(default_factory=list)
    """The colours, to be painted below the text."""
    numbers: list[TextRun] = field(default_factory=list)
    """The numbers, to be painted above everything else."""

    def text(
        self, line: Line, runs: tuple[Run, ...], style: Style, left: float, top: float
    ) -> None:
        """Mark the flagged parts of *line*, whose upper left corner is (*left*, *top*).

        *runs* is the whole text that the line belongs to, set in *style*.
        """
        if not self.document.findings or not (ends := self._ends_of(runs)):
            return
        base = baseline_of(top, style)
        upper = base - ASCENT * style.size - _OVERHANG
        height = style.size + 2 * _OVERHANG
        for x, end, run, place in _pieces(line):
            self._fill(run.notes, left + x, upper, end - x, height)
            if place in ends:
                self._number(ends[place], left + end, upper - _NUMBER_PITCH / 2)

    def cells(self, areas: Iterable[Area]) -> None:
        """Mark the flagged cells among *areas*."""
        if not self.document.findings:
            return
        for area in areas:
            notes = area.cell.node.notes
            if notes:
                width, height = area.right - area.left, area.bottom - area.top
                self._fill(notes, area.left, area.top, width, height)
                self._corner(notes, area.right, area.top)

    def lines(self, placed: Iterable[PlacedLine]) -> None:
        """Mark the flagged parts of the lines in cells."""
        if not self.document.findings:
            return
        for item in placed:
            self.text(item.line, item.cell.node.runs, item.cell.style, item.left, item.top)

    def figures(self, row: FigureRow, images: Iterable[Image], left: float, foot: float) -> None:
        """Mark the captions of *row*, whose upper edge is *foot*, and the flagged *images*."""
        for figure in row.figures:
            caption = figure.node.caption
            if caption and figure.caption_style:
                for line, x, y in place_caption(figure, left, foot):
                    self.text(line, caption.runs, figure.caption_style, x, y)
        for image in images:
            if image.node.notes:
                self._corner(image.node.notes, image.x + image.width, image.y)

    def _ends_of(self, runs: tuple[Run, ...]) -> dict[int, tuple[int, ...]]:
        if id(runs) not in self.ends:  # the document keeps them
            self.ends[id(runs)] = _ends(runs)
        return self.ends[id(runs)]

    def _fill(
        self, notes: tuple[int, ...], x: float, y: float, width: float, height: float
    ) -> None:
        finding = gravest(self.document.findings, notes)
        if finding:
            colour = self.document.sheet.finding.shades[finding.severity]
            self.fills.append(Fill(x, y, width, height, colour))

    def _corner(self, notes: tuple[int, ...], right: float, top: float) -> None:
        (line,) = self._set(notes)
        self._place(line, right - line.width - _CORNER, top)

    def _number(self, notes: tuple[int, ...], left: float, top: float) -> None:
        """Place the numbers at *left*, or further left where they would leave the page."""
        (line,) = self._set(notes)
        self._place(line, min(left, self.document.sheet.page.width - line.width), top)

    def _set(self, notes: tuple[int, ...]) -> tuple[Line, ...]:
        text = ",".join(map(str, sorted(notes)))
        return set_lines((Run(text),), self._style, UNBROKEN, self.fonts)

    def _place(self, line: Line, left: float, top: float) -> None:
        self.numbers.extend(place_line(line, self._style, left, top, None, ARTIFACT))

    @property
    def _style(self) -> Style:
        sheet = self.document.sheet
        return replace(
            natural(sheet["stamp"]),
            size=_NUMBER_SIZE,
            pitch=_NUMBER_SIZE,
            line_pitch=_NUMBER_PITCH,
            colour=sheet.finding.number,
        )


def _ends(runs: tuple[Run, ...]) -> dict[int, tuple[int, ...]]:
    """Return the numbers of the findings by the offset in the text of *runs* where they end."""
    ends = {}
    places = accumulate(len(run.text) for run in runs)
    for place, run, following in zip_longest(places, runs, runs[1:]):
        going_on = following.notes if following else ()
        numbers = tuple(number for number in run.notes if number not in going_on)
        if numbers:
            ends[place] = numbers
    return ends


def _pieces(line: Line) -> Iterator[tuple[float, float, Run, int]]:
    """Yield the flagged fragments of *line*: left and right edge, run, and offset of the end.

    A fragment extends to the next one if that is flagged too, so that there is no gap in the
    colour.
    """
    place = line.start
    for fragment, following in zip_longest(line.fragments, line.fragments[1:]):
        place += len(fragment.text)
        if fragment.run.notes:
            end = fragment.x + fragment.width
            if following and following.run.notes:
                end = max(end, following.x)
            yield fragment.x, end, fragment.run, place
