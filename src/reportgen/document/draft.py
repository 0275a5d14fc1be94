"""Marking the findings in a draft, and the page at its end that lists them (核对意见).

The text is not changed: runs are split where a flagged stretch begins or ends, and the numbers
of the findings are stored in the ``notes`` of runs, of cells, and of pictures without caption.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, left_out, mask_numbers, most_grave
from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Signature,
    Table,
)
from reportgen.findings_text import ShownFinding, show_finding
from reportgen.model import CellPath
from reportgen.source import Span
from reportgen.styles import Align, CellRole, Style, StyleSheet
from reportgen.text import Run, plain_text, unreachable

WATERMARK = "草稿"
T = TypeVar("T", Paragraph, Heading)


def annotate(
    document: Document,
    found: Sequence[Diagnostic],
    folder: Path = Path(),
    undrawn: Collection[str] = (),
) -> Document:
    """Return *document* with the findings *found* marked, numbered in their order.

    A finding whose place is not printed is marked at its further places; one that has none in the
    text is on the findings page only.  *folder* is the report
    folder, *undrawn* are the characters of the messages that no font has.  Of very many findings
    the gravest are marked and listed, the others only counted.
    """
    if not found:
        return document
    count, found = len(found), most_grave(found)
    findings = describe(found, folder, undrawn)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    cells, targets = _flag_cells(tables, found), _text_targets(found)
    marked, met = _marked(document, targets, cells)
    if others := _other_targets(found, met):
        marked, _ = _marked(document, [*targets, *others], cells)
    return replace(
        marked,
        sheet=draft_sheet(document.sheet),
        blocks=(*marked.blocks, *findings_page(findings, count)),
        findings=findings,
    )


def _marked(
    document: Document, targets: Sequence[_Target], cells: dict[Cell, tuple[int, ...]]
) -> tuple[Document, set[int]]:
    """Return *document* with *targets* and *cells* marked, and the numbers that are marked."""
    met = {number for numbers in cells.values() for number in numbers}
    marker = _Marker(_SpanIndex(targets), cells, met)
    blocks = tuple(map(marker.block, document.blocks))
    footnotes = tuple(map(marker.item, document.footnotes))
    return replace(document, blocks=blocks, footnotes=footnotes), met


class _Target(Struct, frozen=True):
    """The place that a finding points at, and the finding's number."""

    number: int
    span: Span


class _Spanned(Protocol):
    """Anything with a place."""

    @property
    def span(self) -> Span | None:
        """The place; None if there is none."""


P = TypeVar("P", bound=_Spanned)


class _SpanIndex(Generic[P]):
    """Finds those of *items* that overlap a stretch of the source, mostly without a search.

    Texts stand in their source in the order of the document, so those that overlap a stretch
    follow each other.
    """

    def __init__(self, items: Sequence[P]) -> None:
        spans = [item.span for item in items]
        ends = (span.end if span else 0 for span in spans)
        starts = (span.start if span else sys.maxsize for span in reversed(spans))
        self.items = items
        self._ends = list(accumulate(ends, max))
        """The last end up to each item."""
        self._starts = list(accumulate(starts, min))[::-1]
        """The first start from each item on."""

    def overlapping(self, start: int, end: int) -> Iterator[tuple[int, P]]:
        """Yield the items that overlap *start* to *end*, each with its number in the sequence."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        for number in range(first, last):
            span = self.items[number].span
            if span and span.start < end and start < span.end:
                yield number, self.items[number]


def _text_targets(found: Sequence[Diagnostic]) -> list[_Target]:
    return [
        _Target(number, item.span)
        for number, item in enumerate(found, 1)
        if isinstance(item.span, Span) and item.span.start < item.span.end
    ]


def _other_targets(found: Sequence[Diagnostic], met: Container[int]) -> list[_Target]:
    """Return the further places of those of *found* that are not *met*.

    The year that the whole text contradicts is typed in ``report.yaml`` and printed nowhere by
    itself; the text that contradicts it is.
    """
    return [
        _Target(number, label.span)
        for number, item in enumerate(found, 1)
        if number not in met
        for label in item.labels
        if isinstance(label.span, Span) and label.span.start < label.span.end
    ]


def _flag_cells(
    tables: Sequence[Table], found: Sequence[Diagnostic]
) -> dict[Cell, tuple[int, ...]]:
    """Return the flagged cells with the numbers of their findings.

    A finding flags the cell that it points at or, if it points at none, all cells named in its
    ``cells``; the path of a row stands for all cells of the row.
    """
    cells = [cell for table in tables for row in table.rows for cell in row if cell.name]
    flagged: dict[Cell, tuple[int, ...]] = {}
    for number, item in enumerate(found, 1):
        chosen = [cell for cell in cells if item.span and cell.span == item.span]
        if not chosen and item.cells:
            named = [CellPath.parse(name) for name in item.cells]
            chosen = [c for c in cells if any(map(CellPath.parse(c.name).is_within, named))]
        for cell in chosen:
            flagged[cell] = (*flagged.get(cell, ()), number)
    return flagged


class _Marker(Struct, frozen=True):
    """Adds the numbers of findings to blocks."""

    targets: _SpanIndex[_Target]
    cells: dict[Cell, tuple[int, ...]]
    met: set[int]
    """The numbers of the findings that have been marked."""

    def block(self, block: Block) -> Block:
        """Return *block* with its flagged parts marked."""
        if isinstance(block, Paragraph):
            return self._text(block)
        if isinstance(block, Heading):
            return self._text(block)
        if isinstance(block, ItemList):
            return replace(block, items=tuple(map(self.item, block.items)))
        if isinstance(block, Table):
            rows = tuple(tuple(map(self._cell, row)) for row in block.rows)
            caption = self._text(block.caption) if block.caption else None
            return replace(block, rows=rows, caption=caption)
        if isinstance(block, FigureGroup):
            return replace(block, figures=tuple(map(self._figure, block.figures)))
        if isinstance(block, Signature):
            return Signature(self._text(block.organ), self._text(block.date))
        return unreachable(block)

    def item(self, item: ListItem) -> ListItem:
        """Return *item*, of a list or a footnote, with its flagged parts marked."""
        return ListItem(item.marker, self._text(item.paragraph))

    def _text(self, node: T) -> T:
        return replace(node, runs=mark_runs(node.runs, self._stretches(node.runs, node.span)))

    def _cell(self, cell: Cell) -> Cell:
        """Return *cell* marked: as a whole in an official table, else by stretches of its text."""
        if cell.name:
            return replace(cell, notes=self.cells.get(cell, ()))
        return replace(cell, runs=mark_runs(cell.runs, self._stretches(cell.runs)))

    def _figure(self, figure: Figure) -> Figure:
        parts = figure.parts
        if figure.caption:
            caption = self._text(figure.caption)
            last = tuple(replace(part, caption=caption) for part in parts[-1:])
            notes = self._notes(figure) if figure.what else ()
            return replace(figure, caption=caption, notes=notes, parts=(*parts[:-1], *last))
        if not figure.span:
            return figure
        notes = self._notes(figure)
        first = tuple(replace(part, notes=notes) for part in parts[:1])
        return replace(figure, notes=notes, parts=(*first, *parts[1:]))

    def _notes(self, figure: Figure) -> tuple[int, ...]:
        """Return the findings where *figure* was typed, but for those in its caption."""
        if not figure.span:
            return ()
        source = figure.span.source
        title = figure.caption.span if figure.caption and figure.what else None
        found = self.targets.overlapping(figure.span.start, figure.span.end)
        numbers = tuple(
            target.number
            for _, target in found
            if target.span.source == source
            and not (title and title.start <= target.span.start < title.end)
        )
        self.met.update(numbers)
        return numbers

    def _stretches(self, runs: tuple[Run, ...], span: Span | None = None) -> list[Stretch]:
        """Return the flagged stretches of *runs*, the text of a node that was typed at *span*."""
        spans = [run.span for run in runs if run.span] or ([span] if span else [])
        first = min((typed.start for typed in spans), default=0)
        last = max((typed.end for typed in spans), default=0)
        targets = list(self.targets.overlapping(first, last))
        if not targets:
            return []
        text = _SetText(runs, span)
        stretches = [
            Stretch(start, end, target.number)
            for _, target in targets
            for start, end in text.places(target.span)
        ]
        self.met.update(stretch.number for stretch in stretches)
        return stretches


class Stretch(Struct, frozen=True):
    """A flagged stretch of a node's text."""

    start: int
    """The offset of the first character."""
    end: int
    """The offset behind the last character."""
    number: int
    """The number of the finding."""


MOST_NOTES = 20
"""Findings about the same characters that are marked; the list has the others, too."""


def mark_runs(runs: tuple[Run, ...], stretches: Sequence[Stretch]) -> tuple[Run, ...]:
    """Return *runs* split at the bounds of *stretches*, with the numbers of each part."""
    if not stretches:
        return runs
    changes: dict[int, Counter[int]] = defaultdict(Counter)
    for stretch in stretches:
        changes[stretch.start][stretch.number] += 1
        changes[stretch.end][stretch.number] -= 1
    bounds, active = sorted(changes), Counter[int]()
    marked: list[Run] = []
    offset = following = 0
    notes: tuple[int, ...] = ()
    for run in runs:
        start, end = 0, len(run.text)
        while following < len(bounds) and bounds[following] < offset + end:
            place = bounds[following]
            if place > offset + start:
                marked.append(_part_of(run, start, place - offset, notes))
            active.update(changes[place])
            active = +active  # without those that ended
            notes = tuple(sorted(active)[:MOST_NOTES])
            start, following = place - offset, following + 1
        marked.append(_part_of(run, start, end, notes))
        offset += end
    return tuple(marked)


def _part_of(run: Run, start: int, end: int, notes: tuple[int, ...]) -> Run:
    """Return the characters *start* to *end* of *run* with the numbers *notes*."""
    if end - start == len(run.text):
        return replace(run, notes=notes) if notes else run
    span = run.span
    if span and run.is_as_typed:
        span = Span(span.source, span.start + start, span.start + end)
    return replace(run, text=run.text[start:end], span=span, notes=notes)


class _SetText:
    """The text of a node: *runs*, typed at *span* if the runs have no places of their own."""

    def __init__(self, runs: tuple[Run, ...], span: Span | None) -> None:
        self._index = _SpanIndex(runs)
        self._text = plain_text(runs)
        self._offsets = list(accumulate((len(run.text) for run in runs), initial=0))
        self._span = None if any(run.span for run in runs) else span

    def places(self, wanted: Span) -> Iterator[tuple[int, int]]:
        """Yield the start and end of the text typed at *wanted*, without outer blanks.

        A run that differs from what was typed (a number filled in, the number of a heading) is
        searched for the text, and flagged as a whole if the text is not found exactly once.  If
        no run has a place, the place of the node decides.
        """
        found = [
            (number, run)
            for number, run in self._index.overlapping(wanted.start, wanted.end)
            if run.span and run.span.source == wanted.source
        ]
        # Prefer the runs whose characters are those that were typed: their offsets are exact.
        places = [self._hit(*item, wanted) for item in found if item[1].is_as_typed]
        places = places or [self._hit(*item, wanted) for item in found]
        if not places and self._span and _overlap(self._span, wanted):
            places = [(0, len(self._text))]
        for start, end in places:
            part = self._text[start:end]
            start, end = end - len(part.lstrip()), start + len(part.rstrip())
            if start < end:
                yield start, end

    def _hit(self, number: int, run: Run, wanted: Span) -> tuple[int, int]:
        """Return where the part of *run*, run *number*, that was typed at *wanted* stands."""
        offset, start, end = self._offsets[number], 0, len(run.text)
        if run.span and run.is_as_typed:
            start = max(0, wanted.start - run.span.start)
            end = min(end, wanted.end - run.span.start)
        elif run.text.count(wanted.text) == 1:
            start = run.text.index(wanted.text)
            end = start + len(wanted.text)
        return offset + start, offset + end


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end and one.source == other.source


PAGE_TITLE = "核对意见"
COLUMNS = ("序号", "级别", "位置", "问题", "处理")
TEXT_STYLE, HEAD_STYLE = "finding_text", "finding_head"
UNDRAWN = "〓"
"""The sign (geta mark) printed in place of a character that no font has."""
_WIDTHS = (0.08, 0.10, 0.21, 0.34, 0.27)
_SIZE, _LINE_PITCH = 10.5, 14.0
_NOTE = (
    "以下各条按文件和位置排列。正文和表格中有底色之处，旁边的红色小字即本表的序号。"
    "改正后重新生成，标记和本页自动消失。"
)


def describe(
    found: Sequence[Diagnostic], folder: Path, undrawn: Collection[str] = ()
) -> tuple[ShownFinding, ...]:
    """Return *found* as text, numbered from 1.

    Places are relative to the report *folder*, so that a draft does not depend on the location
    of the folder.  Personal numbers are masked, control characters become blanks, and the
    characters *undrawn* become ``UNDRAWN``.
    """

    def clean(text: str) -> str:
        shown = (UNDRAWN if char in undrawn else char for char in mask_numbers(text))
        return "".join(char if char.isprintable() else " " for char in shown)

    return tuple(show_finding(item, folder, number, clean) for number, item in enumerate(found, 1))


def findings_page(findings: Sequence[ShownFinding], count: int) -> tuple[Block, ...]:
    """Return the blocks of the findings page: a heading, a note, and a table of *findings*.

    *count* is the number of all findings, with those that are not listed.
    """
    head = tuple(
        _cell(0, column, title, CellRole.HEADER, HEAD_STYLE) for column, title in enumerate(COLUMNS)
    )
    rows = (tuple(_cells(row, finding)) for row, finding in enumerate(findings, 1))
    return (
        Heading(1, "heading1", (Run(PAGE_TITLE),), "findings", on_new_page=True),
        Paragraph(TEXT_STYLE, (Run(_NOTE + left_out(count - len(findings))),)),
        Table(PAGE_TITLE, _WIDTHS, 1, (head, *rows)),
    )


def _cells(row: int, finding: ShownFinding) -> Iterator[Cell]:
    """Yield the cells of one finding; the severity cell has the colour of its finding marks."""
    yield _cell(row, 0, str(finding.number), CellRole.STUB, HEAD_STYLE)
    yield _cell(
        row, 1, f"{finding.label}\n{finding.code}", CellRole(finding.severity.value), HEAD_STYLE
    )
    yield _cell(row, 2, finding.place, CellRole.VALUE, TEXT_STYLE)
    yield _cell(row, 3, "\n".join(filter(None, (finding.message, finding.sides))), CellRole.VALUE)
    yield _cell(row, 4, finding.hint, CellRole.VALUE)


def _cell(row: int, column: int, text: str, role: CellRole, style: str = TEXT_STYLE) -> Cell:
    pieces = text.split("\n")
    runs = [Run(piece) for piece in pieces if piece]
    for place in range(len(runs) - 1, 0, -1):
        runs.insert(place, Run("\n"))
    return Cell(row, column, 1, 1, role, style, tuple(runs))


def draft_sheet(sheet: StyleSheet) -> StyleSheet:
    """Return *sheet* with the styles and shades of the findings page.

    The styles are derived from the form's style of table text; only drafts have them.
    """
    text = replace(
        sheet["cell_text"],
        name=TEXT_STYLE,
        label="核对意见文字",
        size=_SIZE,
        pitch=_SIZE,
        line_pitch=_LINE_PITCH,
        align=Align.LEFT,
    )
    head: Style = replace(text, name=HEAD_STYLE, label="核对意见表头", align=Align.CENTER)
    shades = {**sheet.table.shades, **sheet.finding.shades}
    return replace(
        sheet,
        styles={**sheet.styles, TEXT_STYLE: replace(text, space_after=6.0), HEAD_STYLE: head},
        table=replace(sheet.table, shades=shades),
    )
