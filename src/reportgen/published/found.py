"""What a finished file holds, in the order of its pages: tables, paragraphs and pictures.

Each reader of a file format feeds a :class:`Finder` and returns its :class:`FoundFile`;
:mod:`.recognise` makes a report of it.  Nothing is concluded here: a table is rows of texts as
they stand in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.source import Part, SourceFile, Span
from reportgen.text import Run, plain_text


class FoundCell(Struct, frozen=True):
    """A cell as the file writes it."""

    text: str
    place: Span
    row_span: int = 1
    column_span: int = 1


class FoundTable(Struct, frozen=True):
    """A table: the cells each of its rows begins, whatever their spans claim."""

    rows: tuple[tuple[FoundCell, ...], ...]


class FoundParagraph(Struct, frozen=True):
    """A paragraph of text."""

    runs: tuple[Run, ...]
    place: Span
    level: int = 0
    """1 and up for what the file itself calls a heading, 0 for text."""
    marker: str = ""
    """The number or bullet of an item of a list, as printed; empty for a paragraph."""

    @property
    def text(self) -> str:
        """The characters without markup."""
        return plain_text(self.runs)


class FoundPicture(Struct, frozen=True):
    """A picture: its file name in the source, what it shows, and its bytes as they are there."""

    name: str
    alt: str
    place: Span
    data: bytes


FoundBlock: TypeAlias = FoundTable | FoundParagraph | FoundPicture


class FoundFile(Struct, frozen=True):
    """Everything found in one file, in reading order."""

    source: SourceFile
    blocks: tuple[FoundBlock, ...]
    title: str = ""
    """The title that the file states about itself, outside of its text."""

    @property
    def path(self) -> str:
        """The path of the file as messages name it."""
        return self.source.path

    @property
    def tables(self) -> Iterator[FoundTable]:
        """The tables, in reading order."""
        return (block for block in self.blocks if isinstance(block, FoundTable))


class RawRun(Struct, frozen=True):
    """A stretch of a paragraph before its place is known."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


class RawCell(Struct, frozen=True):
    """A cell before its place is known."""

    text: str
    row_span: int = 1
    column_span: int = 1


class Finder(Struct):
    """Gathers the blocks of the file at ``path`` and the text they are made of.

    ``page`` is the page the next blocks stand on, 0 where the format knows no pages.
    """

    path: str
    page: int = 0
    _texts: list[str] = field(default_factory=list)
    _size: int = 0
    _parts: list[Part] = field(default_factory=list)
    _blocks: list[Callable[[SourceFile], FoundBlock]] = field(default_factory=list)
    """What makes each block once the whole text is known."""
    _paragraphs: int = 0
    _tables: int = 0

    def paragraph(self, runs: Iterable[RawRun], *, level: int = 0, marker: str = "") -> None:
        """Add a paragraph; one without a character is none."""
        kept = [run for run in runs if run.text]
        text = "".join(run.text for run in kept)
        if text.strip():
            self._paragraphs += 1
            start = self._add(text, self._paragraph_part())
            self._blocks.append(lambda source: _paragraph(source, start, kept, level, marker))

    def table(self, rows: Iterable[Iterable[RawCell]]) -> None:
        """Add a table; one without a cell is none."""
        made = [
            [(self._add(cell.text, self._cell_part(r, c)), cell) for c, cell in enumerate(cells)]
            for r, cells in enumerate(rows)
        ]
        if any(made):
            self._tables += 1
            self._blocks.append(lambda source: _table(source, made))

    def picture(self, name: str, alt: str, data: bytes) -> None:
        """Add a picture."""
        self._paragraphs += 1
        start = self._add(alt, self._paragraph_part())
        self._blocks.append(
            lambda source: FoundPicture(name, alt, source.span(start, start + len(alt)), data)
        )

    def _add(self, text: str, part: Part) -> int:
        start = self._size
        self._parts.append(part)
        self._texts.append(text + "\n")
        self._size += len(text) + 1
        return start

    def _paragraph_part(self) -> Part:
        if self.page:
            return Part(self._size, f"第{self.page}页", self.page, {"page": self.page})
        number = self._paragraphs
        return Part(self._size, f"第{number}段", number, {"paragraph": number})

    def _cell_part(self, row: int, column: int) -> Part:
        place = {"table": self._tables, "row": row, "column": column}
        name = f"表{self._tables + 1}第{row + 1}行第{column + 1}列"
        if self.page:
            name, place = f"第{self.page}页{name}", {"page": self.page, **place}
        return Part(self._size, name, row + 1, place)

    def finished(self, title: str = "") -> FoundFile:
        """Return everything that was added."""
        source = SourceFile(self.path, "".join(self._texts), tuple(self._parts))
        return FoundFile(source, tuple(make(source) for make in self._blocks), title)


def _paragraph(
    source: SourceFile, start: int, raw: Sequence[RawRun], level: int, marker: str
) -> FoundParagraph:
    ends = list(accumulate((len(run.text) for run in raw), initial=start))
    runs = tuple(
        Run(run.text, run.bold, run.italic, run.link, source.span(at, end))
        for run, at, end in zip(raw, ends, ends[1:], strict=False)
    )
    return FoundParagraph(runs, source.span(start, ends[-1]), level, marker)


def _table(source: SourceFile, rows: Sequence[Sequence[tuple[int, RawCell]]]) -> FoundTable:
    return FoundTable(
        tuple(
            tuple(
                FoundCell(
                    cell.text,
                    source.span(start, start + len(cell.text)),
                    cell.row_span,
                    cell.column_span,
                )
                for start, cell in row
            )
            for row in rows
        )
    )
