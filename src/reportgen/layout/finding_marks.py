"""Finding marks: colour behind what the findings of a draft point at, and their numbers.

They are drawn over finished pages, so that no glyph moves.  A number stands in
the space above the end of the text, or in the upper right corner of a cell or
picture.  Points, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, zip_longest

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.document.nodes import Document, gravest
from reportgen.fonts import FontSet
from reportgen.layout.figures import FigureRow, place_caption
from reportgen.layout.items import Fill, Image, TextRun
from reportgen.layout.parts import Area, PlacedLine
from reportgen.layout.runs import ASCENT, baseline_of, natural, place_line
from reportgen.layout.text import Line, set_lines
from reportgen.styles import Style
from reportgen.text import Run

ARTIFACT = "finding"
_NUMBER_SIZE, _NUMBER_PITCH = 7.0, 8.0
_OVERHANG = 1.5
"""By how much the colour reaches over the em box of a text, above and below."""
_CORNER = 1.5
"""Distance of a number from the edges of its cell or picture."""
_UNBROKEN = 1e6


class FindingMarks(Struct):
    """The finding marks of one page: fills go below its text, numbers above everything."""

    document: Document
    fonts: FontSet
    fills: list[Fill] = field(default_factory=list)
    numbers: list[TextRun] = field(default_factory=list)

    def text(
        self, line: Line, runs: tuple[Run, ...], style: Style, left: float, top: float
    ) -> None:
        """Mark *line* of the text *runs*, set in *style* from (*left*, *top*)."""
        if not self.document.findings or not any(run.notes for run in runs):
            return
        base = baseline_of(top, style)
        upper = base - ASCENT * style.size - _OVERHANG
        height = style.size + 2 * _OVERHANG
        ends = _ends(runs)
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
        """Mark the flagged text of cells."""
        if not self.document.findings:
            return
        for item in placed:
            self.text(item.line, item.cell.node.runs, item.cell.style, item.left, item.top)

    def figures(self, row: FigureRow, images: Iterable[Image], left: float, foot: float) -> None:
        """Mark the captions of *row*, which hang below *foot*, and the corners of its *images*."""
        for figure in row.figures:
            caption = figure.node.caption
            if caption and figure.caption_style:
                for line, x, y in place_caption(figure, left, foot):
                    self.text(line, caption.runs, figure.caption_style, x, y)
        for image in images:
            if image.node.notes:
                self._corner(image.node.notes, image.x + image.width, image.y)

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
        """Put the number at *left*, but not outside the page."""
        (line,) = self._set(notes)
        self._place(line, min(left, self.document.sheet.page.width - line.width), top)

    def _set(self, notes: tuple[int, ...]) -> tuple[Line, ...]:
        text = ",".join(map(str, sorted(notes)))
        return set_lines((Run(text),), self._style, _UNBROKEN, self.fonts)

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
    """Return the places in the text of *runs* where flagged stretches end, and their numbers."""
    ends = {}
    places = accumulate(len(run.text) for run in runs)
    for place, run, following in zip_longest(places, runs, runs[1:]):
        going_on = following.notes if following else ()
        numbers = tuple(number for number in run.notes if number not in going_on)
        if numbers:
            ends[place] = numbers
    return ends


def _pieces(line: Line) -> Iterator[tuple[float, float, Run, int]]:
    """Yield the flagged fragments of *line*: left and right edge, run, place of the end.

    A fragment reaches to the next one if that is flagged too, so that no gap stays white.
    """
    place = line.start
    for fragment, following in zip_longest(line.fragments, line.fragments[1:]):
        place += len(fragment.text)
        if fragment.run.notes:
            end = fragment.x + fragment.width
            if following and following.run.notes:
                end = max(end, following.x)
            yield fragment.x, end, fragment.run, place
