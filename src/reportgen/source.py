"""Source positions: a stretch of a text, or a cell of a workbook, where a value was typed.

Lines and columns are 1-based and count characters, as an editor shows them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from itertools import accumulate
from typing import ClassVar, TypeAlias

from msgspec import Struct

MAX_CHARACTERS = 400_000
"""The most characters of a text that is read: a hundred times as long as reports are."""


class Placed(Struct, frozen=True):
    """Base class of values with fields that are ignored in comparisons, mostly the position.

    The fields named in ``aside`` take no part in equality and hash, so a report read
    back from its own dump equals the one typed.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"span"})

    def _compared(self) -> tuple[object, ...]:
        return tuple(getattr(self, n) for n in self.__struct_fields__ if n not in self.aside)

    def __eq__(self, other: object) -> bool:
        """Return whether *other* has the same type and equal fields, except those in ``aside``."""
        if type(other) is not type(self):
            return NotImplemented
        return self._compared() == other._compared()

    def __hash__(self) -> int:
        """Return a hash of the fields that are compared."""
        return hash(self._compared())


class FilePart(Struct, frozen=True):
    """A part of a file without text lines of its own: a paragraph, a table cell or a page."""

    start: int
    """The offset of the part in the text extracted from the file."""
    name: str
    """The part's name in messages: ``表2第3行第1列``, ``第12段``, ``第3页``."""
    number: int
    """The row, paragraph or page, counted from 1, which is printed before an excerpt."""
    place: Mapping[str, int]
    """The place for programs: ``page``, ``paragraph``, or ``table``, ``row``, ``column``
    counted from 0."""

    def __hash__(self) -> int:
        """Return a hash of offset and name; the mapping ``place`` is not hashable."""
        return hash((self.start, self.name))


class SourceFile(Struct, frozen=True, dict=True):
    """One file as it was read.

    Two sources are equal if all three fields are.
    """

    path: str
    """The path as shown to the user."""
    text: str
    """The text of the file, or the text extracted from it."""
    parts: tuple[FilePart, ...] = ()
    """The parts of a DOCX, PDF, HTML … in ascending order, which name the places in it; empty
    for a text file, whose places are lines and columns."""

    @cached_property
    def _part_starts(self) -> list[int]:
        return [part.start for part in self.parts]

    def part_of(self, offset: int) -> FilePart | None:
        """Return the part that contains *offset*; None in a text file."""
        place = bisect_right(self._part_starts, offset) - 1
        return self.parts[max(0, place)] if self.parts else None

    def __repr__(self) -> str:
        return f"<SourceFile {self.path}: {len(self.text)} characters>"

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n")[:-1])]

    def line_of(self, offset: int) -> int:
        """Return the 1-based line that contains *offset*."""
        return bisect_right(self._line_starts, offset)

    def column_of(self, offset: int) -> int:
        """Return the 1-based column of *offset* within its line."""
        return offset - self._line_starts[self.line_of(offset) - 1] + 1

    def line_text(self, line: int) -> str:
        """Return line *line* (1-based) without its line end; empty after the last line."""
        if line > len(self._line_starts):
            return ""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def offset_of(self, line: int, column: int = 1) -> int:
        """Return the offset of 1-based *line* and *column*, at most the length of the text."""
        if line > len(self._line_starts):
            return len(self.text)
        return min(self._line_starts[line - 1] + column - 1, len(self.text))

    def span(self, start: int, end: int) -> Span:
        """Return the span of this source from offset *start* up to *end*."""
        return Span(self, start, end)


class Span(Struct, frozen=True):
    """A stretch of the text of one source."""

    source: SourceFile
    start: int
    """The offset of the first character."""
    end: int
    """The offset behind the last character."""

    def __repr__(self) -> str:
        return f"<Span {self.place} to {self.end - self.start} characters on>"

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
    def place(self) -> str:
        """The place for people: ``report.yaml:3:5``, ``年报.docx 表2第3行第1列``."""
        part = self.source.part_of(self.start)
        return f"{self.path} {part.name}" if part else f"{self.path}:{self.line}:{self.column}"

    @property
    def in_words(self) -> str:
        """The place within its file, in the middle of a sentence: ``第 3 行``, ``第12段``."""
        part = self.source.part_of(self.start)
        return part.name if part else f"第 {self.line} 行"

    @property
    def short_place(self) -> str:
        """The place in the form that editors parse: without a blank before the part."""
        part = self.source.part_of(self.start)
        return f"{self.path}:{part.name}" if part else self.place

    @property
    def order(self) -> tuple[int, ...]:
        """The sort key among the places of one file."""
        return (self.start,)

    @property
    def locator(self) -> str:
        """The line, or the number of the part, which is printed before an excerpt."""
        part = self.source.part_of(self.start)
        return str(part.number if part else self.line)

    @property
    def text(self) -> str:
        """The characters covered."""
        return self.source.text[self.start : self.end]


class Sheet(Struct, frozen=True):
    """A sheet of a workbook."""

    path: str
    """The path of the workbook, as shown to the user."""
    name: str
    """The sheet's name."""
    number: int
    """The 1-based position of the sheet in the workbook."""


class SheetSpan(Placed, frozen=True):
    """A cell of a workbook."""

    aside: ClassVar[frozenset[str]] = frozenset({"text", "computed"})

    source: Sheet
    line: int
    """The 1-based row."""
    column: int
    """The 1-based column."""
    text: str = ""
    """The text that the cell shows."""
    computed: bool = False
    """Whether a formula gives it."""

    @property
    def path(self) -> str:
        """The path of the workbook, as shown to the user."""
        return self.source.path

    @property
    def locator(self) -> str:
        """The cell's name in a spreadsheet, ``F12``, which is printed before an excerpt."""
        return f"{column_letters(self.column)}{self.line}"

    @property
    def cell(self) -> str:
        """Sheet and cell, ``表三!F12``."""
        return f"{self.source.name}!{self.locator}"

    @property
    def place(self) -> str:
        """The place for people: ``数据.xlsx 表三!F12``."""
        return f"{self.path} {self.cell}"

    @property
    def short_place(self) -> str:
        """The place in the form that editors parse: ``数据.xlsx:表三!F12``."""
        return f"{self.path}:{self.cell}"

    @property
    def order(self) -> tuple[int, ...]:
        """The sort key among the places of one file."""
        return (self.source.number, self.line, self.column)


Place: TypeAlias = Span | SheetSpan
"""Where a value was typed."""


def column_letters(column: int) -> str:
    """Return the letters of a spreadsheet's 1-based *column*: 1 is ``A``, 28 is ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
