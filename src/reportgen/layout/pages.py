"""Pages: the document's boxes placed, with page numbers and the marks of a draft.

:func:`paginate` is the layout's entry.  It is pure: the same document and fonts
give the same pages.  Points from the page's upper left corner, y downwards.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.doctree.nodes import Document, Heading, Table
from reportgen.inline import Run
from reportgen.layout.boxes import Content, TableRow, TextLine, collect_boxes
from reportgen.layout.figures import FigureRow, paint_row
from reportgen.layout.flow import Box, Keep, Placed, fill_pages
from reportgen.layout.fonts import FontSet
from reportgen.layout.frames import (
    Destination,
    Fill,
    Fit,
    Image,
    Item,
    Mark,
    Node,
    Page,
    Pagination,
    Rule,
    TextRun,
)
from reportgen.layout.lines import Line, set_lines
from reportgen.layout.marks import Marks
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
from reportgen.layout.turned import on_turned
from reportgen.styles import PageGeometry, StyleSheet
from reportgen.units import mm

STAMP_BASELINE = mm(20)
"""Distance of the stamp's base line from the head of the page."""
WATERMARK_ANGLE = 45.0
"""Degrees by which the watermark rises from left to right."""
_UNBROKEN = 1e6

PlacedBox = Placed[Content]
Flow = Sequence[PlacedBox]
TableParts = Mapping[MeasuredTable, tuple[TablePart, ...]]


def paginate(document: Document, fonts: FontSet) -> Pagination:
    """Return *document* laid out on pages.

    Every text of the document is content exactly once; what a page break
    repeats, page numbers and draft marks are artifacts.
    """
    flows = _break_pages(collect_boxes(document, fonts), document.sheet.page)
    lines = tuple(_lines_of(flows))
    return Pagination(
        pages=tuple(_paint_pages(flows, document, fonts)),
        destinations=tuple(_destinations(flows, document.sheet.page)),
        fits=_fits(lines),
        gaps=dict(chain.from_iterable(map(_gaps, flows))),
        keeps=_keeps(flows),
        narrowings={node: line.narrowing for node, line in lines if line.narrowing},
    )


def _break_pages(boxes: Sequence[Box[Content]], page: PageGeometry) -> list[Flow]:
    """Return *boxes* placed page by page; a page is landscape or upright as a whole."""
    return [
        flow
        for landscape, stretch in groupby(boxes, key=lambda box: box.landscape)
        for flow in fill_pages(tuple(stretch), page.turned() if landscape else page)
    ]


def _is_landscape(flow: Flow) -> bool:
    return flow[0].box.landscape


def _paint_pages(flows: Sequence[Flow], document: Document, fonts: FontSet) -> Iterator[Page]:
    """Yield the pages that show *flows*, with their draft marks and numbers."""
    parts = _split_tables(flows)
    views = {turned: _view(document, turned) for turned in set(map(_is_landscape, flows))}
    marks = {turned: tuple(_draft_marks(view, fonts)) for turned, view in views.items()}
    for number, flow in enumerate(flows, 1):
        landscape = _is_landscape(flow)
        view = views[landscape]
        painted = _paint_flow(flow, parts, view, fonts)
        footer = _page_number(number, document.sheet, fonts)
        shown = on_turned(footer, document.sheet.page) if landscape else footer
        items = (*marks[landscape], *painted.in_order(), *shown)
        page = view.sheet.page
        yield Page(number, page.width, page.height, items, landscape)


def _view(document: Document, landscape: bool) -> Document:
    """Return *document* with the style sheet for pages of either kind."""
    return replace(document, sheet=document.sheet.turned()) if landscape else document


def _split_tables(flows: Sequence[Flow]) -> TableParts:
    """Return the parts of every table: each page that holds some of its rows begins one."""
    starts: dict[MeasuredTable, list[int]] = defaultdict(list)
    for flow in flows:
        rows = [placed.box.content for placed in flow if isinstance(placed.box.content, TableRow)]
        for table, members in groupby(rows, key=lambda row: row.table):
            starts[table].append(next(members).row)
    return {table: split_at(table, rows) for table, rows in starts.items()}


class _Painted(Struct):
    """The items of one page by kind, and the marks of the findings."""

    marks: Marks
    fills: list[Fill] = field(default_factory=list)
    shown: list[Item] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def in_order(self) -> tuple[Item, ...]:
        """Return the items so that none covers another: fills, text and pictures, rules."""
        marks = self.marks
        return (*self.fills, *marks.fills, *self.shown, *self.rules, *marks.numbers)


def _paint_flow(flow: Flow, parts: TableParts, document: Document, fonts: FontSet) -> _Painted:
    """Return the items of the boxes on one page."""
    sheet, page = document.sheet, document.sheet.page
    painted = _Painted(Marks(document, fonts))
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
            painted.marks.text(content.line, content.runs, content.style, left, top)
        else:
            items = list(paint_row(content, page.left, top, placed.height))
            painted.shown.extend(items)
            images = (item for item in items if isinstance(item, Image))
            foot = top + placed.height - content.caption_height
            painted.marks.figures(content, images, page.left, foot)
    return painted


def _paint_line(text: TextLine, left: float, top: float) -> Iterator[TextRun]:
    """Yield the runs of *text*; a list item's marker belongs to the item."""
    base = baseline_of(top, text.style)
    for fragment in text.line.fragments:
        if text.item is not None and fragment.run is text.marker:
            yield place_fragment(fragment, text.style, left, base, text.item, "marker")
        else:
            yield place_fragment(fragment, text.style, left + text.left, base, text.node)


def _paint_part(
    row: TableRow, top: float, parts: Sequence[TablePart], sheet: StyleSheet, painted: _Painted
) -> None:
    """Add the part of a table that begins with *row* at *top*."""
    index = next(i for i, part in enumerate(parts) if part.first == row.row)
    part, look = parts[index], sheet.table
    ruling = lay_part(part, sheet.page.left, top - part.header_height)
    areas = tuple(cell_areas(part, ruling))
    painted.fills.extend(paint_shades(areas, look))
    lines = list(place_lines(areas, parts, index, look))
    painted.shown.extend(chain.from_iterable(map(paint_text, lines)))
    painted.marks.cells(areas)
    painted.marks.lines(lines)
    painted.rules.extend(paint_rules(areas, ruling, look))


def _destinations(flows: Sequence[Flow], page: PageGeometry) -> Iterator[Destination]:
    """Yield the place of each heading below the title: its first line's upper edge."""
    for number, flow in enumerate(flows, 1):
        head = page.turned().top if _is_landscape(flow) else page.top
        for placed in flow:
            content = placed.box.content
            if isinstance(content, TextLine) and content.is_first:
                node = content.node
                if isinstance(node, Heading) and node.level >= 1:
                    yield Destination(node, number, head + placed.top)


def _fits(lines: Iterable[tuple[Node, Line]]) -> Mapping[Node, tuple[Fit, ...]]:
    """Return the lines of each node that word processors would break elsewhere."""
    found: dict[Node, list[Fit]] = defaultdict(list)
    for node, line in lines:
        if line.spacing:
            fit = Fit(line.start, line.start + len(line.text), line.spacing)
            found[node].append(fit)
    return {node: tuple(fits) for node, fits in found.items()}


def _lines_of(flows: Sequence[Flow]) -> Iterator[tuple[Node, Line]]:
    """Yield all lines, with the nodes whose text they show; a table's with its first row."""
    for placed in chain.from_iterable(flows):
        content = placed.box.content
        if isinstance(content, TextLine):
            yield content.node, content.line
        elif isinstance(content, FigureRow):
            for figure in content.figures:
                if figure.node.caption:
                    yield from ((figure.node.caption, line) for line in figure.caption)
        elif content.row == 0:
            for cell in content.table.cells:
                yield from [(cell.node, line) for line in cell.lines]


def _gaps(flow: Flow) -> Iterator[tuple[Node, float]]:
    """Yield the space above each picture, and above text behind what is no text."""
    previous: PlacedBox | None = None
    for placed in flow:
        content = placed.box.content
        gap = placed.top - previous.bottom if previous else 0.0
        follows_text = previous is not None and isinstance(previous.box.content, TextLine)
        if isinstance(content, FigureRow):
            yield from ((figure.node, gap) for figure in content.figures)
        elif isinstance(content, TextLine) and not (follows_text or content.line.start):
            yield content.node, gap
        previous = placed


def _keeps(flows: Sequence[Flow]) -> Mapping[Table, frozenset[int]]:
    """Return the rows of each table that hold on to the next one."""
    found: dict[Table, set[int]] = defaultdict(set)
    for box in (placed.box for flow in flows for placed in flow):
        content = box.content
        if isinstance(content, TableRow) and box.keep is not Keep.FREE:
            found[content.table.node].add(content.row)
    return {table: frozenset(rows) for table, rows in found.items()}


def _page_number(number: int, sheet: StyleSheet, fonts: FontSet) -> Iterator[TextRun]:
    """Yield the page's number (GB/T 9704-2012 clause 7.5).

    A dash on either side, its upper edge ``number_gap`` below the type area;
    one 字 in from the right on odd pages, from the left on even ones.
    """
    style, page = sheet["page_number"], sheet.page
    for line in set_lines((Run(f"— {number} —"),), natural(style), page.text_width, fonts):
        left = page.left + style.indent * style.pitch
        if number % 2:
            left = page.width - page.right - style.right_indent * style.pitch - line.width
        base = page.height - page.bottom + page.number_gap + ASCENT * style.size
        for fragment in line.fragments:
            yield place_fragment(fragment, style, left, base, None, "", "footer")


def _draft_marks(document: Document, fonts: FontSet) -> Iterator[Item]:
    """Yield what marks every page of a draft: the watermark, then the stamp at its head."""
    if document.watermark:
        yield from _watermark(document.watermark, document.sheet, fonts)
    if document.stamp:
        style, page = document.sheet["stamp"], document.sheet.page
        for line in set_lines((Run(document.stamp),), style, page.text_width, fonts):
            for fragment in line.fragments:
                yield place_fragment(fragment, style, page.left, STAMP_BASELINE, None, "", "header")


def _watermark(text: str, sheet: StyleSheet, fonts: FontSet) -> Iterator[Mark]:
    """Yield *text* across the page, its middle at the page's, no longer than the page is wide.

    One mark per face, each at its own middle; its run is placed from there.
    """
    style, page = natural(sheet["watermark"]), sheet.page
    (line,) = set_lines((Run(text),), style, _UNBROKEN, fonts)
    if line.width > page.width:
        style = scaled(style, style.size * page.width / line.width)
        (line,) = set_lines((Run(text),), style, _UNBROKEN, fonts)
    angle = math.radians(WATERMARK_ANGLE)
    for fragment in line.fragments:
        away = fragment.x + (fragment.width - line.width) / 2
        x = page.width / 2 + away * math.cos(angle)
        y = page.height / 2 - away * math.sin(angle)
        left = -fragment.x - fragment.width / 2
        base = (ASCENT - 0.5) * style.size
        run = place_fragment(fragment, style, left, base, None, "", "watermark")
        yield Mark(x, y, WATERMARK_ANGLE, run)
