"""Composition of single blocks: headings are numbered, pictures looked up, columns sized.

The blocks come from the narrative; the tables come from the form, filled with the numbers of
the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeGuard

import msgspec
from msgspec.structs import replace

from reportgen.document import nodes
from reportgen.document.nodes import Cell, Table
from reportgen.files import content_key
from reportgen.forms import GridCell, TableGrid, is_number_with_unit, show_quantity
from reportgen.heading_numbers import ITEM_LEVEL, number_label, parse_number
from reportgen.model import (
    NarrativeBlock,
    NarrativeChart,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Report,
    Screenshot,
)
from reportgen.pictures import (
    PictureKind,
    Print,
    PrintedPicture,
    Undrawn,
    is_photograph,
    plan_print,
)
from reportgen.source import Span
from reportgen.styles import Align, CellRole, StyleSheet, TableLook, mm
from reportgen.text import Run, plain_text, unreachable

BULLET = "·"
_TABLE_TITLE = re.compile(
    r"表[ \u3000]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:[-－.][0-9]{1,2})?"
    r"(?:[ \u3000：:、.．][^\n。！？；]{0,59}[^\n。！？；：])?"
)
"""The title of a table: 表1, a gap or a mark, and words that are no sentence."""
DEEPEST = 4
"""The lowest heading level; deeper headings are composed as headings of this level."""


class BlockComposer:
    """Converts the blocks of the narrative to nodes and numbers their headings.

    Numbers restart below each heading of a higher level.  A number that the author typed is
    replaced by the correct one.
    """

    def __init__(
        self,
        screenshots: Mapping[str, Screenshot],
        sheet: StyleSheet,
        *,
        original_pictures: bool = False,
    ) -> None:
        """Prepare for a report with *screenshots*, which is set by *sheet*.

        With *original_pictures*, photographs are not reduced to the resolution of print.
        """
        self._screenshots = screenshots
        self._sheet = sheet
        self._original_pictures = original_pictures
        self._counts = [0] * (DEEPEST + 1)
        self._anchors = 0

    def heading(self, level: int, text: str, span: Span | None = None) -> nodes.Heading:
        """Return a heading with *text*, which includes its number; deeper levels restart."""
        self._counts[level:] = [0] * len(self._counts[level:])
        number = parse_number(text).number
        label = "" if number is None else number_label(level, number)
        if not text.startswith(label):
            label = ""
        return self._node(level, label, (Run(text, span=span),), span)

    def blocks(self, blocks: tuple[NarrativeBlock, ...]) -> list[nodes.Block]:
        """Return the nodes for *blocks*, in order.

        A paragraph directly above a table that reads as the title of one becomes its caption.
        """
        found: list[nodes.Block] = []
        for block in blocks:
            last = found[-1] if found else None
            if isinstance(block, NarrativeChart) and isinstance(last, nodes.FigureGroup):
                found[-1] = nodes.FigureGroup((*last.figures, self._chart(block)))
            elif isinstance(block, NarrativeTable) and _is_table_title(last):
                found[-1] = compose_plain_table(block, replace(last, style="table_title"))
            else:
                found += self._compose(block)
        return found

    def _compose(self, block: NarrativeBlock) -> Iterator[nodes.Block]:
        if isinstance(block, NarrativeHeading):
            yield self._numbered(block)
        elif isinstance(block, NarrativeParagraph):
            yield nodes.Paragraph("body", block.runs, block.span)
        elif isinstance(block, NarrativeList):
            yield self._list(block)
        elif isinstance(block, NarrativeTable):
            yield compose_plain_table(block)
        elif isinstance(block, PictureGroup):
            yield from self._group(block)
        elif isinstance(block, NarrativeChart):
            yield nodes.FigureGroup((self._chart(block),))
        else:
            unreachable(block)

    def _numbered(self, heading: NarrativeHeading) -> nodes.Heading:
        level = min(heading.level, DEEPEST)
        self._counts[level] += 1
        self._counts[level + 1 :] = [0] * len(self._counts[level + 1 :])
        label = number_label(level, self._counts[level])
        runs = (Run(label, span=heading.span), *heading.runs)
        return self._node(level, label, runs, heading.span)

    def _node(
        self, level: int, label: str, runs: tuple[Run, ...], span: Span | None
    ) -> nodes.Heading:
        self._anchors += 1
        anchor = f"h{self._anchors}"
        return nodes.Heading(level, f"heading{level}", runs, anchor, span, label=label)

    def _list(self, block: NarrativeList) -> nodes.ItemList:
        items = []
        for offset, runs in enumerate(block.items):
            number = None if block.start is None else block.start + offset
            marker = BULLET if number is None else number_label(ITEM_LEVEL, number)
            items.append(nodes.ListItem(marker, nodes.Paragraph("list", runs, block.span)))
        return nodes.ItemList("list", block.start is not None, tuple(items))

    def _group(self, group: PictureGroup) -> Iterator[nodes.Block]:
        """Yield the figures of *group*, and a note for each picture that could not be read."""
        figures = []
        for picture in self._paired(group.pictures):
            screenshot = self._screenshots.get(picture.target)
            if screenshot is None:
                note = Run(f"【图片缺失：{picture.target}】", span=picture.span)
                yield nodes.Paragraph("caption", (note,), picture.span)
            else:
                figures.append(self._figure(picture, screenshot))
        if figures:
            yield nodes.FigureGroup(tuple(figures))

    def _paired(self, pictures: Sequence[Picture]) -> Iterator[Picture]:
        """Yield *pictures*; photographs that follow each other get the width of two a row.

        Not one that has a width, and not a single one.  A screenshot would be illegible so small.
        """
        if len(pictures) == 1:
            yield from pictures
            return
        for is_paired, stretch in groupby(pictures, self._may_be_paired):
            members = list(stretch)
            width = self._sheet.figure.photo_width
            paired = is_paired and len(members) > 1
            yield from (replace(one, width=width) for one in members) if paired else members

    def _may_be_paired(self, picture: Picture) -> bool:
        screenshot = self._screenshots.get(picture.target)
        if picture.width is not None or screenshot is None:
            return False
        sides = screenshot.width, screenshot.height
        is_long = max(sides) >= self._sheet.figure.long * min(sides)
        return not is_long and is_photograph(screenshot.picture)

    def _chart(self, chart: NarrativeChart) -> nodes.Figure:
        """Return a figure that the layout will draw."""
        width = chart.width
        if chart.side is not None:
            width = mm(chart.side) / self._sheet.page.text_width
        caption = None
        if chart.caption:
            caption = nodes.Paragraph("caption", chart.caption, chart.caption[0].span)
        content = msgspec.json.encode((chart.what, width))
        return nodes.Figure(
            picture=Undrawn(),
            kind=PictureKind.PNG,
            pixels=(1, 1),
            digest=content_key(content),
            alt=chart.what.alternative,
            caption=caption,
            width=width,
            span=chart.span,
            what=chart.what,
        )

    def _figure(self, picture: Picture, screenshot: Screenshot) -> nodes.Figure:
        caption = None
        if picture.caption:
            run = Run(picture.caption, span=picture.span)
            caption = nodes.Paragraph("caption", (run,), picture.span)
        plan = plan_print(
            screenshot.picture, picture.width, self._sheet, original=self._original_pictures
        )
        alt = picture.caption or screenshot.path.stem
        return replace(
            _printed(plan.whole, alt, picture.width, picture.span),
            caption=caption,
            is_reduced=plan.is_reduced,
            parts=tuple(_parts(plan, alt, caption, picture.span)),
        )


def _parts(
    plan: Print, alt: str, caption: nodes.Paragraph | None, span: Span | None
) -> Iterator[nodes.Figure]:
    """Yield the parts of a long picture; the last one has the *caption*."""
    count = len(plan.parts)
    for number, part in enumerate(plan.parts, 1):
        words = f"{alt}（第 {number} 部分，共 {count} 部分）" if count > 1 else alt
        figure = _printed(part, words, plan.share, span)
        yield replace(figure, is_part=True, caption=caption if number == count else None)


def _printed(
    printed: PrintedPicture, alt: str, width: float | None, span: Span | None
) -> nodes.Figure:
    return nodes.Figure(
        picture=printed.picture,
        kind=printed.kind,
        pixels=printed.pixels,
        digest=printed.digest,
        alt=alt,
        width=width,
        span=span,
    )


_ALIGNED_STYLES = {Align.LEFT: "cell_text_left", Align.RIGHT: "cell_text_right"}


def compose_table(grid: TableGrid, report: Report, look: TableLook) -> Table:
    """Return *grid* as a table with the numbers of *report*; cells without a number are empty.

    *look* is that of the style sheet.
    """
    return Table(
        title=grid.title,
        widths=grid.widths,
        header_rows=grid.header_rows,
        rows=tuple(tuple(_cell(cell, report) for cell in row) for row in grid.rows),
        name=grid.key,
        landscape=grid.landscape,
        look=replace(look, **grid.spacing) if grid.spacing else None,
    )


def _cell(cell: GridCell, report: Report) -> Cell:
    text, span, is_number = cell.label, None, False
    if cell.role == CellRole.VALUE:
        quantity = report.cells.get(cell.path)
        text = show_quantity(quantity, cell.type) if quantity else ""
        span = quantity.span if quantity else None
        is_number = quantity is not None and not quantity.invalid
    return Cell(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        role=cell.role,
        style=cell.style,
        runs=(Run(text, span=span if isinstance(span, Span) else None),) if text else (),
        name=cell.path,
        span=span,
        is_number=is_number,
    )


def _is_table_title(block: nodes.Block | None) -> TypeGuard[nodes.Paragraph]:
    """Return whether *block* is a paragraph that names a table by its number (表1 …)."""
    return (
        isinstance(block, nodes.Paragraph)
        and block.style == "body"
        and _TABLE_TITLE.fullmatch(block.text) is not None
    )


def compose_plain_table(table: NarrativeTable, caption: nodes.Paragraph | None = None) -> Table:
    """Return a table of the author, with the title *caption* above it.

    The layout chooses the widths of its columns.
    """
    rows = [table.head, *table.rows]
    head = plain_text(tuple(run for cell in table.head for run in cell))
    return Table(
        title=caption.text if caption else head,
        widths=(),
        header_rows=1,
        rows=tuple(_plain_row(table, index, row) for index, row in enumerate(rows)),
        landscape=table.landscape,
        span=table.span,
        caption=caption,
    )


def _plain_row(
    table: NarrativeTable, index: int, row: tuple[tuple[Run, ...], ...]
) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            row=index,
            column=column,
            row_span=1,
            column_span=1,
            role=CellRole.HEADER if index == 0 else CellRole.VALUE,
            style="cell_text" if index == 0 else _ALIGNED_STYLES.get(align, "cell_text"),
            runs=runs,
            is_number=index > 0 and is_number_with_unit(plain_text(runs)),
        )
        for column, (runs, align) in enumerate(zip(row, table.aligns, strict=True))
    )
