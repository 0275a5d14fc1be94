"""Where a value was typed: a text and a stretch of it.

Lines and columns are 1-based and count characters, as an editor shows them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class SourceFile:
    """One text file as read: its path as shown to the user, and its text.

    Two sources are equal when path and text are.
    """

    path: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return starts

    def line_of(self, offset: int) -> int:
        """Return the 1-based line that holds *offset*."""
        return bisect_right(self._line_starts, offset)

    def column_of(self, offset: int) -> int:
        """Return the 1-based column of *offset* within its line."""
        return offset - self._line_starts[self.line_of(offset) - 1] + 1

    def line_text(self, line: int) -> str:
        """Return line *line* (1-based) without its end; empty past the last line."""
        if line > len(self._line_starts):
            return ""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def offset_of(self, line: int, column: int = 1) -> int:
        """Return the offset of 1-based *line* and *column*; clamped to the text."""
        if line > len(self._line_starts):
            return len(self.text)
        return min(self._line_starts[line - 1] + column - 1, len(self.text))

    def span(self, start: int, end: int) -> Span:
        """Return the stretch from *start* up to *end*."""
        return Span(self, start, end)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one source, ``start`` inclusive and ``end`` exclusive, in characters."""

    source: SourceFile
    start: int
    end: int

    @property
    def path(self) -> str:
        """The path of the source, as shown to the user."""
        return self.source.path

    @property
    def line(self) -> int:
        """The 1-based line of the first character."""
        return self.source.line_of(self.start)

    @property
    def column(self) -> int:
        """The 1-based column of the first character."""
        return self.source.column_of(self.start)

    @property
    def text(self) -> str:
        """The characters covered."""
        return self.source.text[self.start : self.end]
