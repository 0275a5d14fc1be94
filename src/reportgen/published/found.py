"""What a finished file holds, in reading order: tables, paragraphs and pictures.

A reader of a file format hands :class:`RawBlock` values to a :class:`Finder` and returns its
:class:`FoundFile`; :mod:`.recognition` makes a report of it.  Nothing is concluded here: a table
is rows of texts as they stand in the file.

Web pages and documents put whole articles into the cells of tables.  A cell therefore comes with
its blocks, and only when its table is known is it settled whether that holds numbers or only
frames a text.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.source import (
    MAX_CHARACTERS,
    FilePart,
    Place,
    SheetSpan,
    SourceFile,
    Span,
)
from reportgen.text import Run, Word, is_latin, one_line, plain_text

MAX_BLOCKS = 20_000
"""Paragraphs, pictures and tables of one file; a report has some hundred."""
_PICTURE_BLOCKS = 5
"""How many blocks of text take as much time as a picture."""
MAX_CELLS = 60_000
"""Cells of one file; the official tables have four hundred."""


class TooMuchError(ValueError):
    """The file holds more than any report does; worded for the user."""

    def __init__(self) -> None:
        super().__init__("内容过多，不像一份年度报告")


class FoundCell(Struct, frozen=True):
    """A cell as the file writes it."""

    text: str
    place: Place
    row_span: int = 1
    column_span: int = 1
    name: str = ""
    """The cell of a form it is, where the file says so: our own pages and data do."""
    is_unsure: bool = False
    """Whether it stands where a number does, but the file leaves open which number that is."""


class FoundTable(Struct, frozen=True):
    """A table: the cells each of its rows begins, whatever their spans claim."""

    rows: tuple[tuple[FoundCell, ...], ...]
    is_guessed: bool = False
    """Whether its texts were recognised in a picture."""


class FoundParagraph(Struct, frozen=True):
    """A paragraph of text."""

    runs: tuple[Run, ...]
    place: Span
    level: int = 0
    """1 and up for what the file itself calls a heading, 0 for text."""
    marker: str = ""
    """The number or bullet of an item of a list, as printed; empty for a paragraph."""
    is_caption: bool = False
    """Whether the file itself calls it the caption of a picture."""
    is_text: bool = False
    """Whether the file says that it is text, even if it looks like a heading."""

    @property
    def text(self) -> str:
        """The characters without markup."""
        return plain_text(self.runs)


class FoundPicture(Struct, frozen=True):
    """A picture in the file."""

    name: str
    """The file name that the source gives it."""
    alt: str
    """What it shows, in words; empty if the file does not say."""
    place: Span
    data: bytes
    """The bytes as they are in the file; empty if it only names a picture that is not at hand."""


FoundBlock: TypeAlias = FoundTable | FoundParagraph | FoundPicture


class AttachedSources(Struct, frozen=True):
    """The texts of ``report.yaml`` and of the narrative that a PDF of ours was made of."""

    data: str
    narrative: str


class BesideKind(Word):
    """Where a text stands that is no part of the report, in the words of the messages."""

    HEADER = "页眉页脚"
    NOTE = "脚注尾注"
    HIDDEN = "隐藏文字"
    PUT_IN = "加"
    """Words, or a row, put in while changes were tracked, neither accepted nor rejected."""
    TAKEN_OUT = "删"
    """Words, or a row, taken out while changes were tracked."""
    COMMENT = "批注"


REVISIONS = frozenset((BesideKind.PUT_IN, BesideKind.TAKEN_OUT))
"""The kinds of tracked changes."""


class BesideText(Struct, frozen=True):
    """A text of a Word document that does not stand on its pages as text."""

    kind: BesideKind
    text: str
    place: Span | None = None
    """The paragraph or cell that it belongs to; a note to that with its sign.  What was taken out
    as a whole is at what follows, a header at itself.  None for a note without a sign."""


class FoundFile(Struct, frozen=True):
    """Everything found in one file, in reading order."""

    source: SourceFile
    blocks: tuple[FoundBlock, ...]
    title: str = ""
    """The title that the file states about itself, outside of its text."""
    body: tuple[int, int] | None = None
    """The first block of the part with the tables, and the first block after it.  On a web page
    everything outside of this part is navigation; None for files without such a part."""
    stated: Mapping[str, str] = field(default_factory=dict)
    """What our own data says by its keys: 单位, 年度 …"""
    attached: FoundFile | None = None
    """The data that a PDF of ours carries along."""
    beside: tuple[BesideText, ...] = ()
    """What a Word document says in headers, footers and notes, without the numbers of pages, its
    hidden text, tracked changes and comments."""
    sources: AttachedSources | None = None
    """What a PDF of ours was made of, where it carries that along."""

    unread_pages: tuple[int, ...] = ()
    """Pages that are pictures, whose texts nobody recognised."""
    unread: str = ""
    """What of a workbook was not read, as a user is told."""
    struck: tuple[str, ...] = ()
    """Stretches of text that are struck through, and therefore left out."""
    flattened: tuple[str, ...] = ()
    """Raised or lowered stretches of text with letters that no raised or lowered character is
    for: they stand on the line like the others now."""

    @property
    def path(self) -> str:
        """The path of the file as messages name it."""
        return self.source.path

    @property
    def revisions(self) -> int:
        """The number of tracked changes that are neither accepted nor rejected."""
        return sum(text.kind in REVISIONS for text in self.beside)

    @property
    def comments(self) -> int:
        """The number of comments beside the text."""
        return sum(text.kind is BesideKind.COMMENT for text in self.beside)

    @property
    def tables(self) -> Iterator[FoundTable]:
        """The tables, in reading order."""
        return (block for block in self.blocks if isinstance(block, FoundTable))


class RawRun(Struct, frozen=True):
    """A stretch of a paragraph with the same markup, before its place is known."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


class RawParagraph(Struct, frozen=True):
    """A paragraph before its place is known.

    The fields are those of :class:`FoundParagraph`.
    """

    runs: Sequence[RawRun]
    level: int = 0
    marker: str = ""
    is_caption: bool = False
    is_text: bool = False
    origin: Hashable = None
    """What it was read from, whose place :meth:`Finder.place_of` tells afterwards."""


class RawPicture(Struct, frozen=True):
    """A picture before its place is known.

    The fields are those of :class:`FoundPicture`.
    """

    name: str
    alt: str
    data: bytes


class RawCell(Struct, frozen=True):
    """A cell before its place is known.

    The other fields are those of :class:`FoundCell`.
    """

    text: str
    row_span: int = 1
    column_span: int = 1
    name: str = ""
    place: SheetSpan | None = None
    """The cell of a workbook; None for files whose cells have no addresses."""
    is_unsure: bool = False
    origins: tuple[Hashable, ...] = ()
    """What its paragraphs were read from, as with :class:`RawParagraph`."""


class RawTable(Struct, frozen=True):
    """A table before the places of its cells are known.

    The fields are those of :class:`FoundTable`.
    """

    rows: Sequence[Sequence[RawCell]]
    is_guessed: bool = False


RawBlock: TypeAlias = RawParagraph | RawPicture | RawTable


class Finder(Struct):
    """Collects the blocks of a file and the text of which they are stretches."""

    path: str
    """The name of the file in messages."""
    page: int = 0
    """The number of the page on which the next blocks are; 0 if the format has no pages."""
    _texts: list[str] = field(default_factory=list)
    _size: int = 0
    _parts: list[FilePart] = field(default_factory=list)
    _blocks: list[Callable[[SourceFile], FoundBlock]] = field(default_factory=list)
    """What makes each block once the whole text is known."""
    _starts: dict[Hashable, int] = field(default_factory=dict)
    """Where what was read from an element begins; a blank one where the next thing does."""
    _paragraphs: int = 0
    _tables: int = 0
    _cells: int = 0
    _pictures: int = 0

    @property
    def count(self) -> int:
        """How many blocks were added."""
        return len(self._blocks)

    def add(self, block: RawBlock) -> None:
        """Add *block*, unless it is a paragraph without characters or a table without cells.

        Raises TooMuchError if the file holds more than any report does.
        """
        if isinstance(block, RawTable):
            self._cells += sum(map(len, block.rows))
        if self._cells > MAX_CELLS:
            raise TooMuchError
        if isinstance(block, RawParagraph):
            self._paragraph(block)
        elif isinstance(block, RawTable):
            self._table(block)
        else:
            self._picture(block)
        weight = len(self._blocks) + (_PICTURE_BLOCKS - 1) * self._pictures
        if weight > MAX_BLOCKS or self._size > MAX_CHARACTERS:
            raise TooMuchError

    def finished(self, title: str = "", body: tuple[int, int] | None = None) -> FoundFile:
        """Return everything that was added."""
        source = SourceFile(self.path, "".join(self._texts), tuple(self._parts))
        return FoundFile(source, tuple(make(source) for make in self._blocks), title, body)

    def place_of(self, origin: Hashable, source: SourceFile) -> Span | None:
        """Return the paragraph or cell of *source*, the whole text, that was read from *origin*.

        None if nothing was.
        """
        start = self._starts.get(origin)
        if start is None:
            return None
        return source.span(start, max(start, source.text.find("\n", start)))

    def _paragraph(self, block: RawParagraph) -> None:
        if block.origin is not None:
            self._starts[block.origin] = self._size
        kept = [run for run in block.runs if run.text]
        text = "".join(run.text for run in kept)
        if text.strip():
            self._paragraphs += 1
            start = self._write(text, self._paragraph_part())
            self._blocks.append(lambda source: _paragraph(source, start, kept, block))

    def _table(self, block: RawTable) -> None:
        made = [
            [(self._cell(cell, self._cell_part(r, c)), cell) for c, cell in enumerate(cells)]
            for r, cells in enumerate(block.rows)
        ]
        if any(made):
            self._tables += 1
            self._blocks.append(lambda source: _table(source, made, block.is_guessed))

    def _cell(self, cell: RawCell, part: FilePart) -> int:
        self._starts |= dict.fromkeys(cell.origins, self._size)
        return self._write(cell.text, part)

    def _picture(self, block: RawPicture) -> None:
        self._paragraphs += 1
        self._pictures += 1
        start = self._write(block.alt, self._paragraph_part())
        end = start + len(block.alt)
        self._blocks.append(
            lambda source: FoundPicture(block.name, block.alt, source.span(start, end), block.data)
        )

    def _write(self, text: str, part: FilePart) -> int:
        start = self._size
        self._parts.append(part)
        self._texts.append(text + "\n")
        self._size += len(text) + 1
        return start

    def _paragraph_part(self) -> FilePart:
        if self.page:
            return FilePart(self._size, f"第{self.page}页", self.page, {"page": self.page})
        number = self._paragraphs
        return FilePart(self._size, f"第{number}段", number, {"paragraph": number})

    def _cell_part(self, row: int, column: int) -> FilePart:
        place = {"table": self._tables, "row": row, "column": column}
        name = f"表{self._tables + 1}第{row + 1}行第{column + 1}列"
        if self.page:
            name, place = f"第{self.page}页{name}", {"page": self.page, **place}
        return FilePart(self._size, name, row + 1, place)


def _paragraph(
    source: SourceFile, start: int, raw: Sequence[RawRun], block: RawParagraph
) -> FoundParagraph:
    ends = list(accumulate((len(run.text) for run in raw), initial=start))
    runs = tuple(
        Run(run.text, run.bold, run.italic, run.link, source.span(at, end))
        for run, at, end in zip(raw, ends, ends[1:], strict=False)
    )
    place = source.span(start, ends[-1])
    return FoundParagraph(runs, place, block.level, block.marker, block.is_caption, block.is_text)


def _table(
    source: SourceFile, rows: Sequence[Sequence[tuple[int, RawCell]]], is_guessed: bool
) -> FoundTable:
    return FoundTable(
        tuple(tuple(_cell(source, start, cell) for start, cell in row) for row in rows), is_guessed
    )


def _cell(source: SourceFile, start: int, cell: RawCell) -> FoundCell:
    place = cell.place or source.span(start, start + len(cell.text))
    return FoundCell(cell.text, place, cell.row_span, cell.column_span, cell.name, cell.is_unsure)


def joined_lines(lines: Iterable[str]) -> str:
    """Return the lines of a cell as one text: 申请人 and 情况 are one label.

    A blank stays between two numbers or two foreign words, which are not one.
    """
    text = ""
    for line in lines:
        line = one_line(line)
        if text and line and is_latin(text[-1]) and is_latin(line[0]):
            text += " "
        text += line
    return text


_LONGEST_CELL = 400
"""A cell with more characters than that holds an article."""
_LONGEST_LABEL = 80
_NUMBER_CELLS, _NUMBER_ROWS = 3, 2
"""Rows of so many short cells, and so many such rows, make a table whatever else is in it."""


class FrameCell(Struct, frozen=True):
    """A cell with the blocks in it."""

    blocks: Sequence[RawBlock]
    row_span: int = 1
    column_span: int = 1
    name: str = ""

    @property
    def text(self) -> str:
        """The paragraphs as one text; tables within are left out."""
        return joined_lines(
            line
            for block in self.blocks
            if isinstance(block, RawParagraph)
            for line in "".join(run.text for run in block.runs).split("\n")
        )

    @property
    def origins(self) -> tuple[Hashable, ...]:
        """What the paragraphs were read from."""
        found = (block.origin for block in self.blocks if isinstance(block, RawParagraph))
        return tuple(origin for origin in found if origin is not None)


def settled(rows: Sequence[Sequence[FrameCell]]) -> Iterator[RawBlock]:
    """Yield what a table of *rows* is: itself with what its cells hold besides text, or a frame.

    A frame vanishes and leaves the blocks of its cells.
    """
    rows = [row for row in rows if row]
    if _is_table(rows):
        yield RawTable(
            [
                [
                    RawCell(box.text, box.row_span, box.column_span, box.name, origins=box.origins)
                    for box in row
                ]
                for row in rows
            ]
        )
        kept: tuple[type, ...] = (RawParagraph,)
    else:
        kept = ()
    for row in rows:
        for box in row:
            yield from (block for block in box.blocks if not isinstance(block, kept))


def _is_table(rows: Sequence[Sequence[FrameCell]]) -> bool:
    if all(len(row) < 2 for row in rows):
        return False
    if any(box.name for row in rows for box in row):
        return True
    texts = [[box.text for box in row] for row in rows]
    if sum(_is_row_of_cells(row) for row in texts) >= _NUMBER_ROWS:
        return True
    holds_more = any(
        not isinstance(block, RawParagraph) for row in rows for box in row for block in box.blocks
    )
    is_blank = not any(text for row in texts for text in row)
    longest = max((len(text) for row in texts for text in row), default=0)
    return not (holds_more or is_blank or longest > _LONGEST_CELL)


def _is_row_of_cells(texts: Sequence[str]) -> bool:
    short = sum(0 < len(text) <= _LONGEST_LABEL for text in texts)
    return short >= _NUMBER_CELLS and max(map(len, texts)) <= _LONGEST_CELL
