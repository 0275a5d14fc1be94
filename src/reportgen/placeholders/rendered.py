"""The data that placeholders look up, and the text that rendering gives.

:class:`Names` holds ``单位``, ``年度``, ``类型``, ``成文日期``, ``联系方式``, every table under
its key (``申请.本年新收.总计``) and last year's report under ``上年``.  Each character of a
:class:`RenderedText` knows where it was typed.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from reportgen.forms import Form, nested_numbers, normalise_key
from reportgen.model import Report
from reportgen.source import SourceFile, Span

NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
"""Characters that no text may contain (Unicode 16.0, section 23.7): the delimiters of rendering."""


class Names(Mapping[str, object]):
    """Nested data looked up by Chinese keys, each normalised; a missing key raises KeyError.

    ``path`` is how the data is reached from the top, for messages.
    """

    def __init__(self, data: Mapping[str, object], path: tuple[str, ...] = ()) -> None:
        self._data: Mapping[str, object] = data._data if isinstance(data, Names) else data
        self.path = path

    @cached_property
    def _by_form(self) -> dict[str, str]:
        return {normalise_key(key): key for key in reversed(list(self._data))}

    def __getitem__(self, key: str) -> object:
        if not isinstance(key, str):
            raise KeyError(key)
        name = key if key in self._data else self._by_form[normalise_key(key)]
        value = self._data[name]
        return Names(value, (*self.path, name)) if isinstance(value, Mapping) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"Names({dict(self._data)!r})"


class Segment(Struct, frozen=True):
    """A stretch of rendered text, from ``start`` to the next segment, and its origin.

    Data was typed character for character; a value stands for its whole placeholder.
    """

    start: int
    source_start: int
    source_end: int
    is_value: bool


class RenderedText(Struct, frozen=True, dict=True):
    """A text with its placeholders filled in, line ends as LF."""

    text: str
    source: SourceFile
    segments: tuple[Segment, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [segment.start for segment in self.segments]

    def segment_at(self, offset: int) -> Segment:
        """Return the segment that holds *offset* of the text."""
        return self.segments[max(0, bisect_right(self._starts, offset) - 1)]

    def span(self, start: int, end: int) -> Span:
        """Return where the stretch from *start* to *end* of the text was typed."""
        first = self.segment_at(start)
        last = self.segment_at(end - 1) if end > start else first
        begin = _origin(first, start)
        stop = last.source_end if last.is_value else _origin(last, end)
        return self.source.span(begin, max(begin, stop))

    def boundaries(self, start: int, end: int) -> list[int]:
        """Return the offsets inside *start* to *end* at which a value begins or ends."""
        return self._starts[bisect_right(self._starts, start) : bisect_left(self._starts, end)]


def _origin(segment: Segment, offset: int) -> int:
    if segment.is_value:
        return segment.source_start
    return min(segment.source_start + offset - segment.start, segment.source_end)


def unrendered(source: SourceFile) -> RenderedText:
    """Return the text of *source* as it is, without the characters no text may have."""
    text = NONCHARACTERS.sub("\ufffd", source.text)
    return RenderedText(text, source, (Segment(0, 0, len(text), False),))


def format_date(date: datetime.date | None) -> str:
    """Return 成文日期 as GB/T 9704-2012 clause 7.3.5.4 writes it: no zero padding."""
    return f"{date.year}年{date.month}月{date.day}日" if date else ""


def report_context(
    report: Report, form: Form, previous_form: Form | None = None
) -> dict[str, object]:
    """Return the placeholder names of *report*; totals are there whether typed or computed.

    Last year's names are there when *report* has a previous one and *previous_form*,
    the form it was read with, is given; a number of it that could not be read has no name.
    """
    context: dict[str, object] = {
        "单位": report.organ,
        "年度": report.year,
        "类型": report.kind,
        "标题": report.title,
        "成文日期": format_date(report.date),
        "联系方式": Names(dict.fromkeys(form.contact_keys, "") | dict(report.contact)),
        **_tables(report, form),
    }
    if report.previous and previous_form:
        tables = _tables(_as_far_as_read(report.previous), previous_form)
        context["上年"] = Names({"年度": report.previous.year, **tables})
    return context


def _as_far_as_read(report: Report) -> Report:
    """Return *report* without the numbers that could not be read, which are not 0."""
    return replace(report, cells={n: q for n, q in report.cells.items() if not q.invalid})


def _tables(report: Report, form: Form) -> dict[str, object]:
    """Return the numbers of *report* as nested names, one level per key."""
    tree = nested_numbers(report, form, lambda quantity, _: quantity.amount)
    return {key: Names(table) for key, table in tree.items()}
