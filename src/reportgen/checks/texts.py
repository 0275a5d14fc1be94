"""Every text of a report in reading order, with where each character of it was typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

from msgspec import Struct

from reportgen.checks.sentences import radicals
from reportgen.forms import OPENING, Form, LazyPattern, Rule, TextPart, match_sections
from reportgen.model import (
    NarrativeBlock,
    NarrativeChart,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
    Report,
)
from reportgen.source import Span
from reportgen.text import Run, plain_text, unreachable

TITLE, CONTACT, UNPLACED = "title", "contact", "unplaced"
"""The section ids of the report's title, its 联系方式, and sections no form knows."""

_UNFILLED = re.compile(r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)", re.MULTILINE)
"""A placeholder that could not be filled in, which is no text of the report."""

_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_RUNNING = (TextPart.HEADING, TextPart.PARAGRAPH, TextPart.ITEM)


class Text(Struct, frozen=True, dict=True):
    """A stretch of text set as one, and the id of the section it stands in."""

    section: str
    part: TextPart
    runs: tuple[Run, ...]

    @cached_property
    def typed(self) -> str:
        """The characters without markup."""
        return plain_text(self.runs)

    @cached_property
    def text(self) -> str:
        """The characters as typed, with radicals (⾏) replaced by the characters meant (行)."""
        typed = self.typed
        return typed.translate(radicals()) if _RADICAL.search(typed) else typed

    @cached_property
    def _literal(self) -> list[bool]:
        """Whether the text of each run stands in the source as it is."""
        return [run.span is not None and run.span.text == run.text for run in self.runs]

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
        if run.span is None or not self._literal[index]:
            return run.span
        begin = run.span.start - self._starts[index]
        return Span(run.span.source, begin + start, begin + end)

    def is_typed(self, start: int, end: int) -> bool:
        """Return whether characters *start* to *end* stand in the source as they are."""
        span = self.span(start, end)
        return (
            span is not None
            and span.end - span.start == end - start
            and span.text == self.typed[start:end]
        )


def report_texts(report: Report, form: Form) -> list[Text]:
    """Return every text of *report*: title, opening, sections, and the contact values."""
    narrative = report.narrative
    titled = report.spans.get("标题") or report.spans.get("单位")  # one not typed is made of it
    texts = [Text(TITLE, TextPart.TITLE, (Run(report.title, span=titled),))]
    texts.extend(_block_texts(OPENING, narrative.opening))
    ids = {id(section): name for name, section in match_sections(form, narrative).found.items()}
    for section in narrative.sections:
        name = ids.get(id(section), UNPLACED)
        texts.append(Text(name, TextPart.HEADING, (Run(section.title, span=section.span),)))
        texts.extend(_block_texts(name, section.blocks))
    texts.extend(_contact_texts(report, texts))
    return texts


def _contact_texts(report: Report, others: Iterable[Text]) -> Iterator[Text]:
    """Yield the contact values, but for those of a finished file that were read from *others*."""
    span = report.spans.get("联系方式")
    told = "" if span else "\n".join(text.typed for text in others)
    for key, value in report.contact.items():
        if value not in told:
            place = report.spans.get(f"联系方式/{key}", span)
            yield Text(CONTACT, TextPart.CONTACT, (Run(value, span=place),))


def _block_texts(section: str, blocks: Iterable[NarrativeBlock]) -> Iterator[Text]:
    for block in blocks:
        if isinstance(block, NarrativeParagraph):
            yield Text(section, TextPart.PARAGRAPH, block.runs)
        elif isinstance(block, NarrativeHeading):
            yield Text(section, TextPart.HEADING, block.runs)
        elif isinstance(block, NarrativeList):
            yield from (Text(section, TextPart.ITEM, item) for item in block.items)
        elif isinstance(block, NarrativeTable):
            for row in (block.head, *block.rows):
                yield from (Text(section, TextPart.CELL, cell) for cell in row)
        elif isinstance(block, PictureGroup):
            for picture in block.pictures:
                caption = (Run(picture.caption, span=picture.span),)
                yield Text(section, TextPart.CAPTION, caption)
        elif isinstance(block, NarrativeChart):
            yield Text(section, TextPart.CAPTION, block.caption)
        else:
            unreachable(block)


def count_characters(texts: Iterable[Text]) -> int:
    """Return the 字数 of the running text among *texts* as word processors count it.

    A Chinese character or mark is one, a run of Latin letters or digits is one.
    """
    total = 0
    for text in texts:
        if text.part in _RUNNING:
            total += _count(_UNFILLED.sub("", text.text))
    return total


def _count(text: str) -> int:
    count, in_word = 0, False
    for char in text:
        is_wide = unicodedata.east_asian_width(char) in "WFA"
        is_word = not char.isspace() and not is_wide
        count += is_wide or (is_word and not in_word)
        in_word = is_word
    return count


class Texts:
    """Every text of a report, ``all`` in reading order; a number names one by its place there."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.all = tuple(texts)
        self._scopes: dict[tuple[tuple[str, ...], tuple[TextPart, ...]], frozenset[int]] = {}
        self._found: dict[tuple[str, ...], tuple[int, ...]] = {}

    @classmethod
    def of(cls, report: Report, form: Form) -> Texts:
        """Return the texts of *report*, its sections named as *form* names them."""
        return cls(report_texts(report, form))

    def about(self, rule: Rule) -> list[Text]:
        """Return the texts *rule* is about; the contact block only where it is named."""
        return [self.all[number] for number in sorted(self._scope(rule))]

    def within(self, sections: Iterable[str]) -> list[Text]:
        """Return the texts that stand in one of *sections*."""
        wanted = frozenset(sections)
        return [text for text in self.all if text.section in wanted]

    def candidates(self, pattern: LazyPattern, rule: Rule) -> Iterator[Text]:
        """Yield the texts *rule* is about that *pattern* may match."""
        scope = self._scope(rule)
        return (self.all[number] for number in self.holding(pattern) if number in scope)

    def matches(self, pattern: LazyPattern, rule: Rule) -> Iterator[tuple[Text, re.Match[str]]]:
        """Yield each match of *pattern* in the texts *rule* is about, with its text."""
        for text in self.candidates(pattern, rule):
            for match in pattern.finditer(text.text):
                yield text, match

    def met(self, rule: Rule) -> Iterator[tuple[Text, re.Match[str]]]:
        """Yield where the pattern of *rule* matches, save behind what it is not about (unless)."""
        assert rule.pattern is not None  # noqa: S101 - a pattern rule has one
        for text, match in self.matches(rule.pattern, rule):
            before = text.text[: match.start()][-30:]
            if not rule.unless or not rule.unless.search(before + match[0]):
                yield text, match

    def holding(self, pattern: LazyPattern) -> Iterable[int]:
        """Return the numbers of the texts that may have what *pattern* needs, ascending.

        The rarest words are looked up first, the others only in the texts that contain one of them.
        """
        words = min(pattern.words, key=len, default=None)
        found = range(len(self.all)) if words is None else self._with_one_of(words)
        return [n for n in found if pattern.may_match(self.all[n].text)]

    def occurring(self, words: Iterable[str]) -> list[str]:
        """Return those of *words* that stand in a text."""
        characters = self.characters  # of a thousand words hardly any passes this
        return [word for word in words if word[0] in characters and word in self._joined]

    @cached_property
    def characters(self) -> frozenset[str]:
        """Every character that occurs in a text."""
        return frozenset(self._joined)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(text.text for text in self.all)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each text begins among all, and where one more would."""
        return [0, *accumulate(len(text.text) + 1 for text in self.all)]

    def _with_one_of(self, words: tuple[str, ...]) -> Iterable[int]:
        """Return the numbers of the texts that one of *words* stands in, ascending."""
        if words not in self._found:
            held = {number for word in words for number in self._holders(word)}
            self._found[words] = tuple(sorted(held))
        return self._found[words]

    def _holders(self, word: str) -> Iterator[int]:
        """Yield the number of each text that *word* stands in."""
        if not self.characters.issuperset(word):
            return
        place = self._joined.find(word)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            yield number
            place = self._joined.find(word, self._starts[number + 1])

    def _scope(self, rule: Rule) -> frozenset[int]:
        scope = (rule.sections, rule.parts)
        if scope not in self._scopes:
            numbers = (n for n, text in enumerate(self.all) if _is_about(rule, text))
            self._scopes[scope] = frozenset(numbers)
        return self._scopes[scope]


def _is_about(rule: Rule, text: Text) -> bool:
    if text.section == CONTACT:
        return TextPart.CONTACT in rule.parts
    if rule.sections and text.section not in rule.sections:
        return False
    return text.part in rule.parts or rule.parts in ((), (TextPart.CONTACT,))
