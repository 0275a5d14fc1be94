"""Placeholders (``{{ 申请.本年新收.总计 }}``) in a text, filled in.

Every character of the result knows where it was typed, and everything wrong
with the placeholders of a text is reported in one run.  Jinja2 does the
evaluating behind the wall ``sandbox``, imported only when a text has placeholders that
are more than names.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice

from msgspec import Struct

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.source import SourceFile, Span
from reportgen.template.grid import TemplateError
from reportgen.template.keys import normalise_key

_MARKERS = ("{{", "{%", "{#")
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")


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


def render_text(
    source: SourceFile,
    context: Mapping[str, object],
    *,
    escape: Callable[[str], str] | None = None,
) -> tuple[RenderedText, list[Diagnostic]]:
    """Return *source* with its placeholders evaluated in *context*, and what is wrong with them.

    *escape* is applied to the text of each value.  A placeholder that fails
    stays in the text as typed; a text whose tags are no pairs stays as it is.
    """
    source = _with_plain_lines(source)
    found = [
        _forbidden(source, match.start())
        for match in islice(_NONCHARACTERS.finditer(source.text), 1)
    ]
    if found or not any(marker in source.text for marker in _MARKERS):
        return unrendered(source), found
    from reportgen.template.plain_names import fill_in_names

    if plain := fill_in_names(source, Names(context), escape or str):
        return plain, []
    from reportgen.template.rendering import Rendering  # Jinja2 only for a text that needs it

    return Rendering(source, Names(context), escape or str).run()


def _with_plain_lines(source: SourceFile) -> SourceFile:
    """Return *source* with its line ends as LF; lines and columns stay the same."""
    if "\r" not in source.text:
        return source
    return SourceFile(source.path, source.text.replace("\r\n", "\n").replace("\r", "\n"))


def _forbidden(source: SourceFile, offset: int) -> Diagnostic:
    return Diagnostic(
        "N204",
        "forbidden-character",
        Severity.ERROR,
        f"文字中有不能使用的内部字符 U+{ord(source.text[offset]):04X}",
        source.span(offset, offset + 1),
        hint="删除这个字符后重新输入",
    )


def unrendered(source: SourceFile) -> RenderedText:
    """Return the text of *source* as it is, without the characters no text may have."""
    text = _NONCHARACTERS.sub("\ufffd", source.text)
    return RenderedText(text, source, (Segment(0, 0, len(text), False),))


def render_template(name: str, text: str, context: Mapping[str, object]) -> str:
    """Return the shipped or overriding template *text*, called *name*, evaluated in *context*.

    Raises TemplateError, naming the line, when anything is wrong with it.
    """
    rendered, found = render_text(SourceFile(name, text), context)
    if found:
        first = found[0]
        line = f" 第 {first.span.line} 行" if first.span else ""
        raise TemplateError(f"模板 {name}{line}：{first.message}")
    return rendered.text
