"""Every text of a report in reading order, with where each character of it was typed."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from reportgen.inline import Run, plain_text
from reportgen.model.narrative import (
    Block,
    Heading,
    ItemList,
    Paragraph,
    PictureGroup,
    PlainTable,
)
from reportgen.model.report import Report
from reportgen.source import Span
from reportgen.template.form import Form
from reportgen.template.sections import OPENING, match_sections

TITLE, CONTACT, UNPLACED = "title", "contact", "unplaced"
"""The section ids of the report's title, its 联系方式, and sections no form knows."""


class Text(Struct, frozen=True, dict=True):
    """A stretch of text set as one: ``part`` is title, heading, paragraph, item, cell,
    caption or contact; ``section`` the id of the section it stands in.
    """  # noqa: D205 - one sentence over two lines

    section: str
    part: str
    runs: tuple[Run, ...]

    @cached_property
    def text(self) -> str:
        """The characters without markup."""
        return plain_text(self.runs)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for run in self.runs:
            starts.append(starts[-1] + len(run.text))
        return starts

    def _run_at(self, offset: int) -> int:
        return min(bisect_right(self._starts, offset) - 1, len(self.runs) - 1)

    def span(self, start: int, end: int) -> Span | None:
        """Return where characters *start* to *end* were typed.

        Exact where a run's text stands in the source as it is, else the run's place.
        """
        if not self.runs:
            return None
        first, last = self._run_at(start), self._run_at(max(start, end - 1))
        span = self._within(first, start, min(end, self._starts[first + 1]))
        if first == last or span is None:
            return span
        tail = self._within(last, self._starts[last], end)
        if tail is None or tail.source != span.source or tail.end < span.start:
            return span
        return Span(span.source, span.start, tail.end)

    def _within(self, index: int, start: int, end: int) -> Span | None:
        run = self.runs[index]
        if run.span is None or run.span.text != run.text:
            return run.span
        begin = run.span.start - self._starts[index]
        return Span(run.span.source, begin + start, begin + end)

    def is_typed(self, start: int, end: int) -> bool:
        """Return whether characters *start* to *end* stand in the source as they are."""
        span = self.span(start, end)
        return span is not None and span.text == self.text[start:end]


def report_texts(report: Report, form: Form) -> list[Text]:
    """Return every text of *report*: title, opening, sections, and the contact values."""
    narrative = report.narrative
    titled = report.spans.get("标题") or report.spans.get("单位")  # one not typed is made of it
    texts = [Text(TITLE, TITLE, (Run(report.title, span=titled),))]
    texts.extend(_block_texts(OPENING, narrative.opening))
    ids = {id(section): name for name, section in match_sections(form, narrative).found.items()}
    for section in narrative.sections:
        name = ids.get(id(section), UNPLACED)
        texts.append(Text(name, "heading", (Run(section.title, span=section.span),)))
        texts.extend(_block_texts(name, section.blocks))
    span = report.spans.get("联系方式")
    texts.extend(Text(CONTACT, CONTACT, (Run(v, span=span),)) for v in report.contact.values())
    return texts


def _block_texts(section: str, blocks: Iterable[Block]) -> Iterator[Text]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield Text(section, "paragraph", block.runs)
        elif isinstance(block, Heading):
            yield Text(section, "heading", block.runs)
        elif isinstance(block, ItemList):
            yield from (Text(section, "item", item) for item in block.items)
        elif isinstance(block, PlainTable):
            for row in (block.head, *block.rows):
                yield from (Text(section, "cell", cell) for cell in row)
        elif isinstance(block, PictureGroup):
            for picture in block.pictures:
                yield Text(section, "caption", (Run(picture.caption, span=picture.span),))


def count_characters(texts: Iterable[Text]) -> int:
    """Return the 字数 of the running text among *texts* as word processors count it.

    A Chinese character or mark is one, a run of Latin letters or digits is one.
    """
    total = 0
    for text in texts:
        if text.part in ("heading", "paragraph", "item"):
            total += _count(text.text)
    return total


def _count(text: str) -> int:
    count, in_word = 0, False
    for char in text:
        is_wide = unicodedata.east_asian_width(char) in "WFA"
        is_word = not char.isspace() and not is_wide
        count += is_wide or (is_word and not in_word)
        in_word = is_word
    return count
