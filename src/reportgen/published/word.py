"""A Word document as the narrative of a report: ``正文.docx`` in place of ``正文.md``.

Its headings are told by their style or their words, its pictures and tables stand where they are,
and its placeholders are filled in.  What the program prints itself (title, official tables, 落款)
is left out, and said where it differs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from reportgen.charts import meant_as_chart
from reportgen.diagnostics import Finding
from reportgen.forms import Form, normalise_key, show_quantity
from reportgen.model import CellPath, Narrative, Quantity, Report
from reportgen.placeholders import Fill, RenderedText
from reportgen.published.found import (
    FoundBlock,
    FoundCell,
    FoundFile,
    FoundParagraph,
    FoundPicture,
    FoundTable,
)
from reportgen.published.sections import PublishedText, losses, read_text_of
from reportgen.published.tables import ReadTables, read_tables
from reportgen.source import Span
from reportgen.text import Run, shortened

_MARKDOWN = {
    ("picture-syntax", "原文"): re.compile(
        r"[!！][ ]?[\[［【][^\n\[\]［］【】]{0,200}[\]］】][ ]?[(（][^\n()（）]{1,200}[)）]"
    ),
    ("footnote", "脚注"): re.compile(r"[\[［【][\^＾][^\n\[\]［］【】]{1,60}[\]］】]"),
    ("markdown-unsupported", "原文"): re.compile(
        r"\*\*[^*\n]{1,200}\*\*"
        r"|[{｛]\s*(?:宽\s*[=＝:：][^{}｛｝\n]{1,20}|横排)\s*[}｝]"
        r"|^[ \u3000]*[|｜].*[|｜][ \u3000]*$"
        r"|^[#＃]{1,6}[ \u3000]",
        re.MULTILINE,
    ),
}
"""What is Markdown and no more than characters in Word, by the rule and the value that names it."""
OFFICIAL = 0.5
"""The share of the rows of a form's table that a table must have to be that table."""


class WordText(Struct, frozen=True):
    """The narrative of a Word document."""

    narrative: Narrative
    pictures: Mapping[str, bytes]
    """The pictures of the narrative by the paths that its blocks name."""
    findings: tuple[Finding, ...]
    """What is wrong with the document."""


def read_word_text(found: FoundFile, report: Report, form: Form, fill: Fill) -> WordText:
    """Return the narrative in the document *found*, which belongs to *report*, a report of *form*.

    *report* has everything but the narrative.
    """
    rendered, findings = fill(found.source)
    filled = replace(found, blocks=tuple(_Filler(found, rendered).blocks()))
    tables = read_tables(list(filled.tables), form)
    official = _official_tables(tables, form)
    text = read_text_of(filled, form, official, by_level=True)
    findings += [*_unsettled(found), *_markdown(found)]
    findings += losses(text, filled)
    findings += _left_out(text, filled, report)
    findings += _differing(tables, official, report, form)
    pictures = {target: picture.data for target, picture in text.pictures.items()}
    return WordText(text.narrative, pictures, tuple(findings))


# Placeholders


class _Slot(Struct, frozen=True):
    """A stretch of the source that is one paragraph, picture or cell."""

    start: int
    end: int
    """The offset of the line feed that ends it."""
    block: int
    """The position of its block in the document."""
    cell: tuple[int, int] | None
    """Row and column of a cell; None for other blocks."""
    runs: tuple[Run, ...]


class _Part(Struct, frozen=True):
    """A stretch of the rendered text that comes from one slot."""

    slot: _Slot
    run: Run


class _Filler:
    """Puts a rendered text back into the blocks it came from.

    A block that placeholders cut out vanishes; one that they repeat stands as often as its text
    does, and so does a row of a table.
    """

    def __init__(self, found: FoundFile, rendered: RenderedText) -> None:
        self._found = found
        self._rendered = rendered
        self._slots = sorted(_slots(found.blocks), key=lambda slot: slot.start)
        self._starts = [slot.start for slot in self._slots]

    def blocks(self) -> Iterator[FoundBlock]:
        """Yield the blocks of the file as rendered."""
        if all(not segment.is_value for segment in self._rendered.segments) and (
            self._rendered.text == self._found.source.text
        ):
            yield from self._found.blocks
            return
        for parts in self._occurrences():
            block = self._found.blocks[parts[0].slot.block]
            if isinstance(block, FoundTable):
                if rows := tuple(_rows(block, parts)):
                    yield FoundTable(rows)
            elif isinstance(block, FoundPicture):
                yield replace(block, alt=_text(parts))
            elif runs := _joined(parts):
                yield replace(block, runs=runs)

    def _occurrences(self) -> Iterator[list[_Part]]:
        """Yield the parts of each block; of one that comes again, once more."""
        current: list[_Part] = []
        for part in self._parts():
            if current and (
                part.slot.block != current[-1].slot.block
                or (_is_ended(current) and part.slot.cell is None)
            ):
                yield current
                current = []
            current.append(part)
        if current:
            yield current

    def _parts(self) -> Iterator[_Part]:
        text, segments = self._rendered.text, self._rendered.segments
        ends = [*(segment.start for segment in segments[1:]), len(text)]
        for segment, end in zip(segments, ends, strict=True):
            typed = text[segment.start : end]
            if segment.is_value:
                first, last = segment.source_start, segment.source_end
                slot = self._slots[self._number(first)]
                yield _Part(slot, self._value(slot, typed, first, last))
                yield from self._pictures_within(first, last)
            else:
                yield from self._data(typed, segment.source_start)

    def _pictures_within(self, start: int, end: int) -> Iterator[_Part]:
        """Yield the pictures that stand between the lines of one placeholder."""
        for slot in self._slots[self._number(start) + 1 : self._number(end) + 1]:
            if isinstance(self._found.blocks[slot.block], FoundPicture) and slot.end <= end:
                yield _Part(slot, Run("", span=self._found.source.span(slot.start, slot.end)))

    def _value(self, slot: _Slot, text: str, start: int, end: int) -> Run:
        look = next((r for r in slot.runs if r.span and r.span.start <= start < r.span.end), None)
        span = self._found.source.span(start, end)
        return replace(look, text=text, span=span) if look else Run(text, span=span)

    def _data(self, text: str, start: int) -> Iterator[_Part]:
        """Yield the parts of *text*, which stands at *start* of the source as it is."""
        begin, end = start, start + len(text)
        while start < end:
            number = self._number(start)
            slot = self._slots[number]
            stop = min(end, self._starts[number + 1] if number + 1 < len(self._starts) else end)
            source = self._found.source
            bounds = [r.span.end for r in slot.runs if r.span and start < r.span.end < stop]
            for first, last in zip([start, *bounds], [*bounds, stop], strict=True):
                look = next(
                    (r for r in slot.runs if r.span and r.span.start <= first < r.span.end), Run("")
                )
                span, shown = source.span(first, last), text[first - begin : last - begin]
                yield _Part(slot, replace(look, text=shown, span=span))
            start = stop

    def _number(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)


def _slots(blocks: Sequence[FoundBlock]) -> Iterator[_Slot]:
    for number, block in enumerate(blocks):
        if isinstance(block, FoundParagraph):
            yield _Slot(block.place.start, block.place.end, number, None, block.runs)
        elif isinstance(block, FoundPicture):
            yield _Slot(block.place.start, block.place.end, number, None, ())
        else:
            for row, cells in enumerate(block.rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell.place, Span):
                        yield _Slot(cell.place.start, cell.place.end, number, (row, column), ())


def _is_ended(parts: Sequence[_Part]) -> bool:
    """Return whether the last of *parts* holds the line feed of its slot."""
    last = parts[-1]
    end = last.run.span.end if last.run.span else 0
    return end == last.slot.end + 1 and last.run.text.endswith("\n")


def _joined(parts: Sequence[_Part]) -> tuple[Run, ...]:
    """Return the runs of a paragraph without the line feed at its end; none without a character."""
    runs = [part.run for part in parts]
    last = runs[-1]
    if _is_ended(parts) and last.span:
        span = last.span.source.span(last.span.start, last.span.end - 1)
        runs[-1] = replace(last, text=last.text[:-1], span=span)
    kept = tuple(run for run in runs if run.text)
    return kept if any(run.text.strip() for run in kept) else ()


def _text(parts: Sequence[_Part]) -> str:
    return "".join(part.run.text for part in parts).removesuffix("\n")


def _rows(table: FoundTable, parts: Sequence[_Part]) -> Iterator[tuple[FoundCell, ...]]:
    """Yield the rows of *table* that *parts* fill, not those that held only tags."""
    rows: list[list[_Part]] = []
    for part in parts:
        before = rows[-1][-1].slot.cell if rows else None
        here = part.slot.cell or (0, 0)
        if before is None or here[0] != before[0] or here[1] < before[1]:
            rows.append([])
        rows[-1].append(part)
    for row in rows:
        number = (row[0].slot.cell or (0, 0))[0]
        texts = {
            column: _text(list(group))
            for column, group in groupby(row, key=lambda part: (part.slot.cell or (0, 0))[1])
        }
        cells = table.rows[number]
        was_blank = not any(cell.text.strip() for cell in cells)
        if was_blank or any(text.strip() for text in texts.values()):
            yield tuple(
                replace(cell, text=texts.get(column, "")) for column, cell in enumerate(cells)
            )


# What is said


def _unsettled(found: FoundFile) -> Iterator[Finding]:
    """Yield what is still open in the document: tracked changes and comments."""
    values = {"修订": found.revisions, "批注": found.comments}
    if found.revisions:
        yield Finding("word-unsettled", None, values, file=found.path)
    if found.comments:
        yield Finding("word-unsettled", None, values, wording="comments", file=found.path)


def _markdown(found: FoundFile) -> Iterator[Finding]:
    """Yield what is written as in a 正文.md, the first of a kind in each paragraph."""
    for block in found.blocks:
        if isinstance(block, FoundParagraph):
            if meant_as_chart(block.text):
                yield Finding("chart-syntax", block.place, wording="word")
                continue
            yield from _markdown_in(block.place)
        elif isinstance(block, FoundTable):
            for cell in (cell for row in block.rows for cell in row):
                if isinstance(cell.place, Span):
                    yield from _markdown_in(cell.place)


def _markdown_in(place: Span) -> Iterator[Finding]:
    for (slug, name), pattern in _MARKDOWN.items():
        if typed := pattern.search(place.text):
            start = place.start + typed.start()
            span = place.source.span(start, start + len(typed[0]))
            yield Finding(slug, span, {name: shortened(typed[0].strip())}, wording="word")


def _left_out(text: PublishedText, found: FoundFile, report: Report) -> Iterator[Finding]:
    """Yield what stands before the text and behind it and is not what the program prints."""
    title = "".join(block.text for block in text.before if isinstance(block, FoundParagraph))
    if title and normalise_key(title) != normalise_key(report.title):
        values = {"原文": shortened(title.replace("\n", "").strip(), 60), "标题": report.title}
        yield Finding("word-left-out", _place(text.before), values)
    if text.head.date and text.head.date != report.date:
        dated = {"日期": text.head.date.isoformat()}
        yield Finding("word-left-out", _place(text.after), dated, wording="signature")


def _place(blocks: Sequence[FoundBlock]) -> Span | None:
    found = (block.place for block in blocks if not isinstance(block, FoundTable))
    return next(found, None)


def _official_tables(read: ReadTables, form: Form) -> frozenset[int]:
    """Return which tables of the document are those of *form*."""
    rows: dict[tuple[int, str], set[CellPath]] = {}
    for name, cell in read.cells.items():
        if isinstance(cell.span, Span) and (part := cell.span.source.part_of(cell.span.start)):
            rows.setdefault((part.place.get("table", -1), name.table), set()).add(name.row)
    sizes = {
        grid.key: len({cell.path.row for cell in grid.value_cells()})
        for grid in form.tables.values()
    }
    return frozenset(
        table for (table, key), found in rows.items() if len(found) >= OFFICIAL * sizes[key]
    )


def _differing(
    read: ReadTables, official: frozenset[int], report: Report, form: Form
) -> Iterator[Finding]:
    """Yield each number of an official table of the document that is another in the data."""
    for name, cell in read.cells.items():
        place = cell.span
        if cell.invalid or not isinstance(place, Span) or not _stands_in(place, official):
            continue
        ours = report.cells.get(name, Quantity(None, invalid=True))
        if not ours.invalid and ours.amount != cell.amount:
            data = show_quantity(ours, form.value_cells[name].type)
            values = {"格": name, "正文": cell.text.strip() or "空", "数据": data}
            yield Finding(
                "word-table-differs", place, values, cells=(name,), expected=data, actual=cell.text
            )


def _stands_in(place: Span, tables: frozenset[int]) -> bool:
    part = place.source.part_of(place.start)
    return part is not None and part.place.get("table") in tables
