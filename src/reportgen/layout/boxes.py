"""Conversion of the document's blocks to a flow of boxes, which are placed on pages.

The rules for keeping lines together (GB/T 9704-2012, and the usual rules of typesetting) are
stated here for each kind of block; :mod:`reportgen.layout.flow` applies them without knowing
blocks.  Lengths are points; x is measured from the left edge of the type area.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reportgen.document.nodes import (
    Block,
    Document,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Signature,
    Table,
    stand_landscape,
)
from reportgen.fonts import FontSet
from reportgen.layout.figures import FigureRow, are_alike, measure_group
from reportgen.layout.flow import Box, Keep, PlacedBox, fill_pages
from reportgen.layout.runs import natural
from reportgen.layout.tables import MeasuredTable, measure_table, row_keeps
from reportgen.layout.text import UNBROKEN, Line, set_lines, set_paragraph
from reportgen.styles import PageGeometry, Style, StyleSheet
from reportgen.text import Run, footnotes_in, unreachable

SIGNATURE_INDENT = 2
_COLONS = ("：", ":")
_MOST_UNDIVIDED = 3
"""The most lines of a paragraph that no page break divides, as two lines stay on either side."""


class TextLine(Struct, frozen=True, eq=False):
    """One line of a paragraph or heading."""

    line: Line
    style: Style
    node: Paragraph | Heading
    left: float = 0.0
    """The x of the left edge of the line's column."""
    item: ListItem | None = None
    """The list item that the line belongs to."""
    marker: Run | None = None
    """The marker of that item, which is the beginning of its text."""
    is_first: bool = False
    """Whether this is the first line of ``node``."""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The text of the whole paragraph, the marker included."""
        return (self.marker, *self.node.runs) if self.marker else self.node.runs


class TableRow(Struct, frozen=True, eq=False):
    """A row of a measured table."""

    table: MeasuredTable
    row: int
    """The number of the row, counted from 0."""


Content: TypeAlias = TextLine | TableRow | FigureRow
FlowBox: TypeAlias = Box[Content]


def collect_boxes(document: Document, fonts: FontSet) -> tuple[FlowBox, ...]:
    """Return the boxes of *document* in reading order."""
    boxes: list[FlowBox] = []
    for block, landscape in zip(document.blocks, stand_landscape(document.blocks), strict=True):
        if landscape:
            boxes.extend(_landscape_boxes(block, boxes[-1:], document.sheet, fonts))
            continue
        if isinstance(block, Signature):
            _bind_last_lines(boxes)
        after_text = not boxes or isinstance(boxes[-1].content, TextLine)
        found = list(_boxes_of(block, document.sheet, fonts))
        if isinstance(block, Table | FigureGroup) and found and not after_text:
            found[0] = replace(found[0], space_before=document.sheet.page.line_pitch / 2)
        boxes.extend(found)
    return tuple(_with_notes(boxes, document, fonts) if document.footnotes else boxes)


def _with_notes(boxes: Sequence[FlowBox], document: Document, fonts: FontSet) -> Iterator[FlowBox]:
    """Yield *boxes*, the lines of text with those of the footnotes whose marks they have."""
    notes = []
    for item in document.footnotes:
        note = ItemList(item.paragraph.style, True, (item,))
        lines = _list_boxes(note, document.sheet, fonts)
        notes.append(tuple(replace(line, on_grid=False, is_note=True) for line in lines))
    for box in boxes:
        if isinstance(box.content, TextLine):
            runs = dict.fromkeys(fragment.run for fragment in box.content.line.fragments)
            marked = tuple(notes[number - 1] for number in footnotes_in(tuple(runs)))
            yield replace(box, notes=marked) if marked else box
        else:
            yield box


def _landscape_boxes(
    block: Block, previous: Sequence[FlowBox], sheet: StyleSheet, fonts: FontSet
) -> Iterator[FlowBox]:
    """Yield the boxes of a *block* on landscape pages.

    A table, or the first of the headings above it, begins a new page.  *previous* is the last
    box before the block, if there is one.
    """
    goes_on = any(box.landscape and isinstance(box.content, TextLine) for box in previous)
    for number, box in enumerate(_boxes_of(block, sheet.turned(), fonts)):
        yield replace(box, landscape=True, on_new_page=number == 0 and not goes_on)


def _boxes_of(block: Block, sheet: StyleSheet, fonts: FontSet) -> Iterator[FlowBox]:
    if isinstance(block, Paragraph | Heading):
        return _text_boxes(block, sheet, fonts)
    if isinstance(block, ItemList):
        return _list_boxes(block, sheet, fonts)
    if isinstance(block, Table):
        return _table_boxes(block, sheet, fonts)
    if isinstance(block, FigureGroup):
        return _figure_boxes(block, sheet, fonts)
    if isinstance(block, Signature):
        return _signature_boxes(block, sheet, fonts)
    return unreachable(block)


def _bind_last_lines(boxes: list[FlowBox]) -> None:
    """Keep the last box of *boxes*, or the last two if lines of text, together with the next."""
    last_two = [isinstance(box.content, TextLine) for box in boxes[-2:]]
    count = 2 if all(last_two) else 1
    for index in range(max(0, len(boxes) - count), len(boxes)):
        boxes[index] = replace(boxes[index], keep=Keep.HARD)


def _is_on_grid(style: Style, page: PageGeometry) -> bool:
    """Return whether the line pitch of *style* is a multiple of that of the page's grid."""
    lines = style.line_pitch / page.line_pitch
    return round(lines) >= 1 and abs(lines - round(lines)) < 1e-3


def _text_boxes(node: Paragraph | Heading, sheet: StyleSheet, fonts: FontSet) -> Iterator[FlowBox]:
    style, width = sheet[node.style], sheet.page.text_width
    lines = set_paragraph(node.runs, style, width, fonts) if node.text else ()
    texts = [
        TextLine(line, style, node, is_first=number == 0)
        for number, line in enumerate(lines or (Line((), 0.0),))
    ]
    is_heading = isinstance(node, Heading)
    end = Keep.HARD if is_heading or style.keep_with_next else _end_of(node, len(texts))
    for box in _line_boxes(texts, sheet.page, together=is_heading, end=end):
        begins = isinstance(node, Heading) and node.on_new_page and box.content is texts[0]
        yield replace(box, on_new_page=True) if begins else box


def _end_of(node: Paragraph | Heading, count: int) -> Keep:
    """Return how strongly *node*, set in *count* lines, is kept together with the next block.

    With a colon it introduces that.  A paragraph of more lines may be divided by a page break, but
    a word processor would move it as a whole.
    """
    introduces = node.text.endswith(_COLONS) and count <= _MOST_UNDIVIDED
    return Keep.SOFT if introduces else Keep.FREE


def _line_boxes(
    texts: Sequence[TextLine], page: PageGeometry, *, together: bool, end: Keep
) -> Iterator[FlowBox]:
    """Yield the boxes for the lines of one paragraph.

    A page break leaves at least two lines on either side.  If *together*, the paragraph is not
    broken at all; *end* is the keep of its last line.
    """
    last = len(texts) - 1
    style, on_grid = None, False
    for number, text in enumerate(texts):
        if text.style is not style:
            style, on_grid = text.style, _is_on_grid(text.style, page)
        if number == last:
            keep = end
        else:
            keep = Keep.HARD if together or number in (0, last - 1) else Keep.FREE
        yield Box(
            height=style.line_pitch,
            content=text,
            keep=keep,
            space_before=style.space_before if number == 0 else 0.0,
            space_after=style.space_after if number == last else 0.0,
            on_grid=on_grid,
        )


def _list_boxes(node: ItemList, sheet: StyleSheet, fonts: FontSet) -> Iterator[FlowBox]:
    """Yield the boxes of a list; each item is set as a paragraph that begins with its marker."""
    style = sheet[node.style]
    last = len(node.items) - 1
    for number, item in enumerate(node.items):
        marker = Run(item.marker)
        runs = (marker, *item.paragraph.runs)
        own = replace(
            style,
            space_before=0.0 if number else style.space_before,
            space_after=style.space_after if number == last else 0.0,
        )
        if style.hanging:
            hang = _width_of(marker, style, fonts)
            own = replace(own, indent=style.first_line + hang, first_line=-hang)
        texts = [
            TextLine(line, own, item.paragraph, item=item, marker=marker)
            for line in set_lines(runs, own, sheet.page.text_width, fonts)
        ]
        end = _end_of(item.paragraph, len(texts))
        yield from _line_boxes(texts, sheet.page, together=False, end=end)


def _width_of(run: Run, style: Style, fonts: FontSet) -> float:
    """Return the width of *run* on one line, in 字."""
    (line,) = set_lines((run,), natural(style), UNBROKEN, fonts)
    return line.width / style.pitch


def _table_boxes(node: Table, sheet: StyleSheet, fonts: FontSet) -> Iterator[FlowBox]:
    """Yield the lines of the caption, which stay with the first row, and the rows."""
    if node.caption:
        for box in _text_boxes(node.caption, sheet, fonts):
            yield replace(box, keep=Keep.HARD)
    table = measure_table(node, sheet, fonts)
    keeps = row_keeps(table, sheet.page)
    for row, (height, keep) in enumerate(zip(table.heights, keeps, strict=True)):
        yield Box(
            height=height,
            content=TableRow(table, row),
            keep=keep,
            lead=table.repeated_height if row >= table.repeated else 0.0,
            tail=table.look.rule,
        )


def _figure_boxes(node: FigureGroup, sheet: StyleSheet, fonts: FontSet) -> Iterator[FlowBox]:
    """Yield the rows of a group of pictures, which stay on one page if they fit on one."""
    look = sheet.figure
    rows = measure_group(node, sheet, fonts)
    height = sum(row.least_height for row in rows) + look.gap * (len(rows) - 1)
    between = Keep.SOFT if height <= sheet.page.text_height else Keep.FREE
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        yield Box(
            height=row.height,
            content=row,
            keep=Keep.FREE if is_last else between,
            space_before=look.gap if number else look.space_before,
            space_after=look.space_after if is_last else look.gap,
            least=row.least_height,
            goes_on=number > 0 and are_alike(rows[number - 1], row),
        )


def _signature_boxes(node: Signature, sheet: StyleSheet, fonts: FontSet) -> Iterator[FlowBox]:
    """Yield a blank line, the name of the organ and the date, which are kept on one page.

    The rules are those for documents without a seal (GB/T 9704-2012 clause 7.3.5.2).  The name
    ends 2 字 before the right edge, and the date begins 2 字 to the right of the start of the
    name.  If the date is longer than the name, the date ends 2 字 before the right edge instead,
    and the name begins 2 字 to the left of it.  The lines of a long name are centred on each other.
    """
    page = sheet.page
    organ, organ_width = _set_flush(node.organ, sheet, fonts)
    date, date_width = _set_flush(node.date, sheet, fonts)
    indent = SIGNATURE_INDENT * sheet[node.date.style].pitch
    organ_left = page.text_width - indent - organ_width
    if date_width > organ_width:
        organ_left = page.text_width - 2 * indent - date_width
    organ_left = max(0.0, organ_left)
    texts = [
        *(replace(line, left=organ_left + (organ_width - line.line.width) / 2) for line in organ),
        *(replace(line, left=max(0.0, organ_left + indent)) for line in date),
    ]
    for box in _line_boxes(texts, page, together=True, end=Keep.FREE):
        is_first = box.content is texts[0]
        yield replace(box, space_before=page.line_pitch) if is_first else box


def _set_flush(node: Paragraph, sheet: StyleSheet, fonts: FontSet) -> tuple[list[TextLine], float]:
    """Return the left-aligned lines of *node*, and the width of the longest one."""
    style = natural(sheet[node.style])
    room = sheet.page.text_width - SIGNATURE_INDENT * style.pitch
    lines = set_lines(node.runs, style, room, fonts)
    return [TextLine(line, style, node) for line in lines], max(
        (line.width for line in lines), default=0.0
    )


ContentBox: TypeAlias = PlacedBox[Content]
Flow: TypeAlias = Sequence[ContentBox]
"""The boxes of one page."""


def place_document(document: Document, fonts: FontSet) -> tuple[Flow, ...]:
    """Return the boxes of *document* page by page; each page is either portrait or landscape."""
    page = document.sheet.page
    return tuple(
        flow
        for landscape, stretch in groupby(
            collect_boxes(document, fonts), key=lambda box: box.landscape
        )
        for flow in fill_pages(tuple(stretch), page.turned() if landscape else page)
    )


def is_landscape(flow: Flow) -> bool:
    """Return whether the page of *flow* is landscape."""
    return flow[0].box.landscape
