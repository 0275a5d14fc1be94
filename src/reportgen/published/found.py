"""What a finished file holds, in reading order: tables, paragraphs and pictures.

A reader of a file format hands :class:`RawBlock` values to a :class:`Finder` and returns its
:class:`FoundFile`; :mod:`.recognition` makes a report of it.  Nothing is concluded here: a table
is rows of texts as they stand in the file.

Web pages and documents put whole articles into the cells of tables.  A cell therefore comes with
its blocks, and only when its table is known is it settled whether that holds numbers or only
frames a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.source import (
    MAX_CHARACTERS,
    FilePart,
    Place,
    SheetSpan,
    SourceFile,
    Span,
)
from reportgen.text import MOST_FOOTNOTES, Run, Word, footnote_mark, is_latin, one_line, plain_text

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
    footnote: int = 0
    """The number of the footnote whose text it is; 0 for other paragraphs."""

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
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What our own data says by its keys: 单位, 年度 … with one text, 附件 with any number."""
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
    footnotes: tuple[FoundParagraph, ...] = ()
    """The footnotes with marks in paragraphs of ``blocks``, by number, without their marks."""
    flattened: tuple[str, ...] = ()
    """Stretches that were raised or lowered, with letters that have no such form."""

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


_NOTE = r"#(?:user-content-)?_?(?:footnote|ftn|fn)[-:_]?"
MARK_LINK = re.compile(_NOTE + r"(?!ref)([\w.-]{1,40})")
"""The link of the mark of a footnote: that of our web pages, of Word's and of Markdown's."""
NOTE_LINK = re.compile(_NOTE + r"ref[-:_]?([\w.-]{1,40})")
"""The link with which the text of a footnote begins, which leads back."""


class RawRun(Struct, frozen=True):
    """A stretch of a paragraph with the same markup, before its place is known.

    The mark of a footnote has a link like :data:`MARK_LINK`, and its text is a paragraph that
    comes later and begins with a link like :data:`NOTE_LINK`.
    """

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
    _marks: dict[str, int] = field(default_factory=dict)
    """The number of each footnote by the name in its link."""
    _noted: set[int] = field(default_factory=set)
    """The footnotes whose texts were added."""
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
        blocks: list[FoundBlock] = []
        notes: dict[int, FoundParagraph] = {}
        first, end = body or (0, 0)
        for place, block in enumerate(make(source) for make in self._blocks):
            if isinstance(block, FoundParagraph) and block.footnote:
                notes[block.footnote] = block
                first, end = first - (place < first), end - (place < end)
            else:
                blocks.append(block)
        found = FoundFile(source, tuple(blocks), title, (first, end) if body else None)
        return replace(found, footnotes=tuple(notes[number] for number in sorted(notes)))

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
        note = self._note_begun(kept)
        if note:
            kept = [replace(kept[1], text=kept[1].text.lstrip()), *kept[2:]]
        marks = [0 if note else self._number_of(run) for run in kept]
        kept = [
            replace(run, text=footnote_mark(mark), link=None) if mark else run
            for run, mark in zip(kept, marks, strict=True)
        ]
        text = "".join(run.text for run in kept)
        if not text.strip():
            return
        self._paragraphs += 1
        start = self._write(text, self._paragraph_part())
        if note:
            self._noted.add(note)

        def make(source: SourceFile) -> FoundParagraph:
            known = [mark if mark in self._noted else 0 for mark in marks]
            return _paragraph(source, start, kept, block, known, note)

        self._blocks.append(make)

    def _number_of(self, run: RawRun) -> int:
        """Return the number of the footnote whose first mark *run* is; 0 if it is none."""
        found = MARK_LINK.fullmatch(run.link or "")
        if not found or found[1] in self._marks or len(self._marks) == MOST_FOOTNOTES:
            return 0
        self._marks[found[1]] = len(self._marks) + 1
        return self._marks[found[1]]

    def _note_begun(self, runs: Sequence[RawRun]) -> int:
        """Return the number of the footnote whose text *runs* are; 0 if they are none."""
        found = NOTE_LINK.fullmatch(runs[0].link or "") if len(runs) > 1 else None
        number = self._marks.get(found[1], 0) if found else 0
        return 0 if number in self._noted else number

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
    source: SourceFile,
    start: int,
    raw: Sequence[RawRun],
    block: RawParagraph,
    marks: Sequence[int],
    footnote: int,
) -> FoundParagraph:
    ends = list(accumulate((len(run.text) for run in raw), initial=start))
    runs = tuple(
        Run(run.text, run.bold, run.italic, run.link, source.span(at, end), footnote=mark)
        for run, mark, at, end in zip(raw, marks, ends, ends[1:], strict=False)
    )
    return FoundParagraph(
        runs,
        source.span(start, ends[-1]),
        block.level,
        block.marker,
        block.is_caption,
        block.is_text,
        footnote,
    )


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
