"""Conversion of placed boxes to pages of items, with page numbers and the marks of a draft.

:func:`paint_pages` is a pure function: the same document, fonts and boxes give the same pages.
Coordinates are points from the upper left corner of the page, y downwards.

The finding marks of a draft are the colour behind flagged text, and the numbers of the findings.
They are added to finished pages, so that they do not move any text.  A number is placed above
the end of the flagged text, or in the upper right corner of a cell or picture.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, groupby, zip_longest
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.document.nodes import Document, Heading, Signature, gravest
from reportgen.fonts import CENTRE, FontSet
from reportgen.layout.boxes import Flow, TableRow, TextLine, is_landscape
from reportgen.layout.figures import FigureRow, paint_row, place_caption
from reportgen.layout.items import (
    Destination,
    DrawnFigure,
    Fill,
    Image,
    Item,
    Page,
    Pagination,
    RuleLine,
    SealPlace,
    TextRun,
    TurnedText,
)
from reportgen.layout.parts import (
    Area,
    PlacedLine,
    TablePart,
    cell_areas,
    lay_part,
    paint_rules,
    paint_shades,
    paint_text,
    place_lines,
    split_at,
)
from reportgen.layout.runs import ASCENT, baseline_of, natural, place_fragment, place_line, scaled
from reportgen.layout.tables import MeasuredTable
from reportgen.layout.text import UNBROKEN, Line, set_lines
from reportgen.styles import PageGeometry, Style, StyleSheet, mm
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

    def figures(
        self, row: FigureRow, images: Iterable[Image | DrawnFigure], left: float, foot: float
    ) -> None:
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


STAMP_BASELINE = mm(20)
"""The distance of the stamp's base line from the head of the page."""
WATERMARK_ANGLE = 45.0
"""The angle of the watermark in degrees, rising from left to right."""

TableParts = Mapping[MeasuredTable, tuple[TablePart, ...]]


def paint_pages(document: Document, fonts: FontSet, flows: Sequence[Flow]) -> Pagination:
    """Return the pages of *document*, whose boxes are placed as *flows*.

    Every text of the document is marked as content exactly once.  Header rows repeated after a
    page break, page numbers, finding marks, watermark and stamp are artifacts.
    """
    return Pagination(
        pages=tuple(_paint_pages(flows, document, fonts)),
        destinations=tuple(_destinations(flows, document.sheet.page)),
        seal=next(_seals(flows, document), None),
    )


def _paint_pages(flows: Sequence[Flow], document: Document, fonts: FontSet) -> Iterator[Page]:
    """Yield the pages for *flows*, with page numbers and the marks of a draft."""
    parts = _split_tables(flows)
    # Portrait and landscape pages differ in their style sheets and in their backgrounds.
    views = {turned: _view(document, turned) for turned in set(map(is_landscape, flows))}
    backgrounds = {
        turned: tuple(_watermark_and_stamp(view, fonts)) for turned, view in views.items()
    }
    ends: NoteEnds = {}
    for number, flow in enumerate(flows, 1):
        landscape = is_landscape(flow)
        view = views[landscape]
        painted = _paint_flow(flow, parts, view, fonts, ends)
        footer = _page_number(number, document.sheet, fonts)
        shown = on_turned(footer, document.sheet.page) if landscape else footer
        items = (*backgrounds[landscape], *painted.in_order(), *shown)
        page = view.sheet.page
        yield Page(number, page.width, page.height, items, landscape)


def _view(document: Document, landscape: bool) -> Document:
    """Return *document* with the style sheet for landscape or portrait pages."""
    return replace(document, sheet=document.sheet.turned()) if landscape else document


def _split_tables(flows: Sequence[Flow]) -> TableParts:
    """Return the parts of every table: there is one for each page that shows some of its rows."""
    starts: dict[MeasuredTable, list[int]] = defaultdict(list)
    for flow in flows:
        rows = [placed.box.content for placed in flow if isinstance(placed.box.content, TableRow)]
        for table, members in groupby(rows, key=lambda row: row.table):
            starts[table].append(next(members).row)
    return {table: split_at(table, rows) for table, rows in starts.items()}


class _Painted(Struct):
    """The items of one page by kind, and its finding marks."""

    findings: FindingMarks
    fills: list[Fill] = field(default_factory=list)
    shown: list[Item] = field(default_factory=list)
    """Text and pictures."""
    rules: list[RuleLine] = field(default_factory=list)

    def in_order(self) -> tuple[Item, ...]:
        """Return the items in painting order: fills, text and pictures, rules, finding numbers."""
        findings = self.findings
        return (*self.fills, *findings.fills, *self.shown, *self.rules, *findings.numbers)


def _paint_flow(
    flow: Flow, parts: TableParts, document: Document, fonts: FontSet, ends: NoteEnds
) -> _Painted:
    """Return the items of the boxes on one page; *ends* is shared by all pages."""
    sheet, page = document.sheet, document.sheet.page
    painted = _Painted(FindingMarks(document, fonts, ends))
    table: MeasuredTable | None = None
    for placed in flow:
        content, top = placed.box.content, page.top + placed.top
        if isinstance(content, TableRow):
            if content.table is not table:
                table = content.table
                _paint_part(content, top, parts[table], sheet, painted)
        elif isinstance(content, TextLine):
            painted.shown.extend(_paint_line(content, page.left, top))
            left = page.left + content.left
            painted.findings.text(content.line, content.runs, content.style, left, top)
        else:
            items = list(paint_row(content, page.left, top, placed.height))
            painted.shown.extend(items)
            images = (item for item in items if isinstance(item, Image | DrawnFigure))
            foot = top + placed.height - content.caption_height
            painted.findings.figures(content, images, page.left, foot)
    return painted


def _paint_line(text: TextLine, left: float, top: float) -> Iterator[TextRun]:
    """Yield the text runs of a line; the marker of a list item refers to the item's node."""
    base = baseline_of(top, text.style)
    for fragment in text.line.fragments:
        if text.item is not None and fragment.run is text.marker:
            yield place_fragment(fragment, text.style, left, base, text.item, "marker")
        else:
            yield place_fragment(fragment, text.style, left + text.left, base, text.node)


def _paint_part(
    row: TableRow, top: float, parts: Sequence[TablePart], sheet: StyleSheet, painted: _Painted
) -> None:
    """Add the part of a table whose first row is *row*, which is placed at *top*."""
    index = next(i for i, part in enumerate(parts) if part.first == row.row)
    part, look = parts[index], row.table.look
    grid = lay_part(part, sheet.page.left, top - part.header_height)
    areas = tuple(cell_areas(part, grid))
    painted.fills.extend(paint_shades(areas, look))
    lines = list(place_lines(areas, parts, index, look))
    painted.shown.extend(chain.from_iterable(map(paint_text, lines)))
    painted.findings.cells(areas)
    painted.findings.lines(lines)
    painted.rules.extend(paint_rules(areas, grid, look))


def _destinations(flows: Sequence[Flow], page: PageGeometry) -> Iterator[Destination]:
    """Yield the position of each heading except the title."""
    for number, flow in enumerate(flows, 1):
        head = page.turned().top if is_landscape(flow) else page.top
        for placed in flow:
            content = placed.box.content
            if isinstance(content, TextLine) and content.is_first:
                node = content.node
                if isinstance(node, Heading) and node.level >= 1:
                    yield Destination(node, number, head + placed.top)


def _seals(flows: Sequence[Flow], document: Document) -> Iterator[SealPlace]:
    """Yield the place of the seal over each 落款.

    It is centred on the date, covers name and date, and begins one line above the name, where
    the text ends (GB/T 9704-2012 clause 7.3.5.1).
    """
    signatures = [block for block in document.blocks if isinstance(block, Signature)]
    owners = {node: block for block in signatures for node in (block.organ, block.date)}
    for number, flow in enumerate(flows, 1):
        page = document.sheet.page.turned() if is_landscape(flow) else document.sheet.page
        lines = [
            (placed.top, content, owners[content.node])
            for placed in flow
            if isinstance(content := placed.box.content, TextLine) and content.node in owners
        ]
        if lines:
            (first, _, owner), (last, date, _) = lines[0], lines[-1]
            side = max(page.seal, last - first + 2 * page.line_pitch)
            middle = page.left + date.left + date.line.width / 2
            left = min(middle - side / 2, page.width - side)
            yield SealPlace(owner, number, left, page.top + first - page.line_pitch, side)


def _page_number(number: int, sheet: StyleSheet, fonts: FontSet) -> Iterator[TextRun]:
    """Yield the page number (GB/T 9704-2012 clause 7.5).

    It has a dash on either side, which is ``number_gap`` below the type area.  It is indented by
    one 字 from the right edge on odd pages, and from the left edge on even ones.
    """
    style, page = sheet["page_number"], sheet.page
    for line in set_lines((Run(f"— {number} —"),), natural(style), page.text_width, fonts):
        left = page.left + style.indent * style.pitch
        if number % 2:
            left = page.width - page.right - style.right_indent * style.pitch - line.width
        base = page.height - page.bottom + page.number_gap + CENTRE * style.size
        for fragment in line.fragments:
            yield place_fragment(fragment, style, left, base, None, "", "footer")


def _watermark_and_stamp(document: Document, fonts: FontSet) -> Iterator[Item]:
    """Yield the watermark and the stamp, which every page of a draft shows."""
    if document.watermark:
        yield from _watermark(document.watermark, document.sheet, fonts)
    if document.stamp:
        style, page = document.sheet["stamp"], document.sheet.page
        for line in set_lines((Run(document.stamp),), style, page.text_width, fonts):
            for fragment in line.fragments:
                yield place_fragment(fragment, style, page.left, STAMP_BASELINE, None, "", "header")


def _watermark(text: str, sheet: StyleSheet, fonts: FontSet) -> Iterator[TurnedText]:
    """Yield *text* rotated about the centre of the page, no longer than the page is wide.

    There is one item for each face.  Each is rotated about the centre of its own text.
    """
    style, page = natural(sheet["watermark"]), sheet.page
    (line,) = set_lines((Run(text),), style, UNBROKEN, fonts)
    # Reduce the size of a text that is too long.
    if line.width > page.width:
        style = scaled(style, style.size * page.width / line.width)
        (line,) = set_lines((Run(text),), style, UNBROKEN, fonts)
    angle = math.radians(WATERMARK_ANGLE)
    for fragment in line.fragments:
        away = fragment.x + (fragment.width - line.width) / 2
        x = page.width / 2 + away * math.cos(angle)
        y = page.height / 2 - away * math.sin(angle)
        left = -fragment.x - fragment.width / 2
        base = (ASCENT - 0.5) * style.size
        run = place_fragment(fragment, style, left, base, None, "", "watermark")
        yield TurnedText(x, y, WATERMARK_ANGLE, run)


def on_turned(upright: Iterable[TextRun], page: PageGeometry) -> Iterator[TurnedText]:
    """Yield the text of the portrait *page* in its position on the landscape page."""
    for run in upright:
        yield TurnedText(page.height - run.y, run.x, -90.0, replace(run, x=0.0, y=0.0))
