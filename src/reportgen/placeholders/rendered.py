"""What rendering a text gives: a text whose characters know where they were typed.

:class:`Names` is the data that placeholders look up, :class:`RenderedText` the result.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from reportgen.forms import normalise_key
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
