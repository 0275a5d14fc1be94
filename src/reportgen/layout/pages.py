"""Conversion of placed boxes to pages of items, with page numbers and the marks of a draft.

:func:`paint_pages` is a pure function: the same document, fonts and boxes give the same pages.
Coordinates are points from the upper left corner of the page, y downwards.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.document.nodes import Document, Heading
from reportgen.fonts import FontSet
from reportgen.layout.boxes import Flow, TableRow, TextLine, is_landscape
from reportgen.layout.figures import paint_row
from reportgen.layout.finding_marks import FindingMarks, NoteEnds
from reportgen.layout.items import (
    Destination,
    Fill,
    Image,
    Item,
    Page,
    Pagination,
    RuleLine,
    TextRun,
    TurnedText,
)
from reportgen.layout.parts import (
    TablePart,
    cell_areas,
    lay_part,
    paint_rules,
    paint_shades,
    paint_text,
    place_lines,
    split_at,
)
from reportgen.layout.runs import ASCENT, baseline_of, natural, place_fragment, scaled
from reportgen.layout.tables import MeasuredTable
from reportgen.layout.text import UNBROKEN, set_lines
from reportgen.styles import PageGeometry, StyleSheet, mm
from reportgen.text import Run

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
            images = (item for item in items if isinstance(item, Image))
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


def _page_number(number: int, sheet: StyleSheet, fonts: FontSet) -> Iterator[TextRun]:
    """Yield the page number (GB/T 9704-2012 clause 7.5).

    It has a dash on either side.  Its upper edge is ``number_gap`` below the type area.  It is
    indented by one 字 from the right edge on odd pages, and from the left edge on even ones.
    """
    style, page = sheet["page_number"], sheet.page
    for line in set_lines((Run(f"— {number} —"),), natural(style), page.text_width, fonts):
        left = page.left + style.indent * style.pitch
        if number % 2:
            left = page.width - page.right - style.right_indent * style.pitch - line.width
        base = page.height - page.bottom + page.number_gap + ASCENT * style.size
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
