"""What a report says, unit by unit in reading order: paragraphs, rows of tables, pictures.

The same value is made of the document that a report folder gives (:func:`content_of_document`)
and of a finished file (:func:`content_of_file`), so that the two can be compared; or of two reports
(:func:`content_of_report`), if the file is no document but data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    Paragraph,
    Signature,
    Table,
    item_runs,
)
from reportgen.forms import Form, canonical_data, show_quantity
from reportgen.model import CellPath, Quantity, Report
from reportgen.published import FoundFile, FoundParagraph, FoundPicture, FoundTable
from reportgen.source import Place, Span
from reportgen.styles import CellRole
from reportgen.text import INVISIBLE, Run, Word, plain_text, unreachable

_SAME = {
    **dict.fromkeys(map(ord, "“”„‟"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛"), "'"),
    **dict.fromkeys(map(ord, "‐‑−"), "-"),
    **dict.fromkeys(map(ord, "•●∙・"), "·"),
}
"""Characters of other shape that word processors put in by themselves."""
_RADICALS = (("\u2e80", "\u2fdf"), ("\uf900", "\ufaff"))
"""Ranges of characters that some PDFs have in place of the ordinary ones (Unicode 4.15, 18.1)."""


FOOTNOTE_SIGN = "※"
"""What stands for the mark of a footnote in a text."""


class TextKind(Word):
    """What a text is in its document, in the words of the messages."""

    TITLE = "标题"
    HEADING = "小标题"
    PARAGRAPH = "段落"
    ITEM = "列表项"
    CAPTION = "图题"
    FOOTNOTE = "脚注"
    SIGNATURE = "落款"


class Passage(Struct, frozen=True, eq=False, dict=True):
    """A paragraph, heading, item of a list, caption or line of the signature."""

    runs: tuple[Run, ...]
    place: Place | None
    kind: TextKind = TextKind.PARAGRAPH
    level: int = 0
    """The level of a heading, 1 for a section; 0 for other texts."""

    @cached_property
    def text(self) -> str:
        """The characters without markup."""
        return plain_text(self.runs)

    @cached_property
    def key(self) -> str:
        """The characters that count, see :func:`significant`."""
        return significant(self.text)[0]


class RowCell(Struct, frozen=True, eq=False, dict=True):
    """A cell in a row of a table."""

    text: str
    place: Place | None
    name: str = ""
    """The path of a cell with a number of an official table."""
    is_label: bool = False
    """Whether it is fixed wording of a form, or a head."""
    is_repeated: bool = False
    """Whether the cell began in a row above: files repeat its text, leave it blank or out."""
    runs: tuple[Run, ...] = ()
    """The text with its places; only for the cells of a document."""

    @cached_property
    def key(self) -> str:
        """The characters that count, see :func:`significant`."""
        return significant(self.text)[0]


class Row(Struct, frozen=True, eq=False, dict=True):
    """A row of a table."""

    cells: tuple[RowCell, ...]
    table: str = ""
    """The key of an official table; empty for a table of the author and in a file."""
    is_head: bool = False

    @property
    def place(self) -> Place | None:
        """The place of the first cell that has one."""
        return next((cell.place for cell in self.cells if cell.place), None)

    @property
    def text(self) -> str:
        """The texts of the cells, for messages."""
        return "｜".join(cell.text.strip() for cell in self.cells if not cell.is_repeated)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The keys of the cells that have one."""
        return tuple(cell.key for cell in self.cells if cell.key and not cell.is_repeated)


Unit: TypeAlias = Passage | Row


class PictureUnit(Struct, frozen=True, eq=False):
    """A picture: its alternative text, its place, and what reads its file."""

    alt: str
    place: Place | None
    read: Callable[[], bytes]
    number: int = 0
    """How many units come before it."""
    parts: tuple[PictureUnit, ...] = ()
    """What stands for a long picture on pages, from top to bottom; empty if it is not cut."""
    is_part: bool = False
    """Whether this is one of these parts."""
    is_chart: bool = False
    """Whether it is drawn from the data, so that its words say all that it shows."""


class Content(Struct, frozen=True, eq=False):
    """Everything that a report says; the pictures are in a sequence of their own."""

    units: tuple[Unit, ...]
    pictures: tuple[PictureUnit, ...]


def significant(text: str) -> tuple[str, list[int]]:
    """Return the characters of *text* that count, and the offset of each in *text*.

    Blanks and line breaks do not count, unless they part two numbers; invisible characters do
    not; quotation marks, hyphens and accents count as equal in all their forms.
    """
    kept: list[str] = []
    offsets: list[int] = []
    gap = False
    for offset, char in _composed(text):
        if char.isspace():
            gap = True
            continue
        char = _folded(char)
        if gap and kept and kept[-1].isdigit() and char.isdigit():
            kept.append(" ")
            offsets.append(offset)
        kept.extend(char)
        offsets.extend([offset] * len(char))
        gap = False
    return "".join(kept), offsets


def _composed(text: str) -> Iterator[tuple[int, str]]:
    """Yield the visible characters of *text*, accents composed (NFC), with their offsets."""
    start, cluster = 0, ""
    for offset, char in enumerate(text):
        if ord(char) in INVISIBLE:
            continue
        if cluster and unicodedata.combining(char):
            cluster += char
            continue
        if cluster:
            yield start, unicodedata.normalize("NFC", cluster)
        start, cluster = offset, char
    if cluster:
        yield start, unicodedata.normalize("NFC", cluster)


def _folded(char: str) -> str:
    if any(first <= char <= last for first, last in _RADICALS):
        return unicodedata.normalize("NFKC", char)
    return char.translate(_SAME)


def content_of_document(document: Document) -> Content:
    """Return what *document* says, as it would be printed."""
    units: list[Unit] = []
    pictures: list[PictureUnit] = []
    for block in document.blocks:
        if isinstance(block, FigureGroup):
            pictures += [_picture_unit(figure, len(units)) for figure in block.figures]
        units += [unit for unit in _units_of(block) if not _is_bare(unit)]
    units += [_text(item.paragraph, TextKind.FOOTNOTE) for item in document.footnotes]
    return Content(tuple(units), tuple(pictures))


def _picture_unit(figure: Figure, number: int) -> PictureUnit:
    parts = figure.parts if len(figure.parts) > 1 else ()
    made = tuple(_picture_unit(part, number) for part in parts)
    read = figure.picture.read
    is_chart = figure.what is not None
    return PictureUnit(figure.alt, figure.span, read, number, made, figure.is_part, is_chart)


def _units_of(block: Block) -> Iterator[Unit]:
    if isinstance(block, Heading):
        kind = TextKind.HEADING if block.level else TextKind.TITLE
        yield Passage(block.runs, block.span, kind, block.level)
    elif isinstance(block, Paragraph):
        yield _text(block, TextKind.PARAGRAPH)
    elif isinstance(block, ItemList):
        for item in block.items:
            yield Passage(_unnumbered(item_runs(item)), item.paragraph.span, TextKind.ITEM)
    elif isinstance(block, Table):
        if block.caption:
            yield _text(block.caption, TextKind.PARAGRAPH)
        yield from _rows_of(block)
    elif isinstance(block, FigureGroup):
        for figure in block.figures:
            if figure.caption:
                yield _text(figure.caption, TextKind.CAPTION)
    elif isinstance(block, Signature):
        yield _text(block.organ, TextKind.SIGNATURE)
        yield _text(block.date, TextKind.SIGNATURE)
    else:
        unreachable(block)


_BARE = re.compile(r"[·\-]|[(（]?\d{1,3}[.．、)）]")


def _is_bare(unit: Unit) -> bool:
    """Return whether *unit* is the marker of an item without a text, which says nothing."""
    return isinstance(unit, Passage) and _BARE.fullmatch(unit.key) is not None


def _text(paragraph: Paragraph, kind: TextKind) -> Passage:
    return Passage(_unnumbered(paragraph.runs), paragraph.span, kind)


def _unnumbered(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return *runs*, the marks of footnotes without the numbers, which follow from the order."""
    return tuple(replace(run, text=FOOTNOTE_SIGN) if run.footnote else run for run in runs)


def _rows_of(table: Table) -> Iterator[Row]:
    """Yield the rows of *table*, each with the cells that reach into it from above."""
    cells = [cell for row in table.rows for cell in row]
    for number in range(len(table.rows)):
        here = [cell for cell in cells if cell.row <= number < cell.row + cell.row_span]
        here.sort(key=lambda cell: cell.column)
        made = tuple(_cell(cell, is_repeated=cell.row < number) for cell in here)
        yield Row(made, table.name, number < table.header_rows)


def _cell(cell: Cell, *, is_repeated: bool) -> RowCell:
    is_label = cell.role != CellRole.VALUE
    place = cell.span or next((run.span for run in cell.runs if run.span), None)
    name = cell.name if not is_label else ""
    return RowCell(cell.text, place, name, is_label, is_repeated, cell.runs)


def content_of_file(found: FoundFile) -> Content:
    """Return what the finished file *found* says; of a web page, the part that is the report."""
    begin, end = found.body or (0, len(found.blocks))
    blocks = found.blocks[begin:end]
    units: list[Unit] = []
    pictures = []
    for block in blocks:
        if isinstance(block, FoundTable):
            units.extend(_found_rows(block))
        elif isinstance(block, FoundPicture):
            read = partial(bytes, block.data)
            pictures.append(PictureUnit(block.alt, block.place, read, len(units)))
        else:
            runs = (Run(block.marker), *block.runs) if _lacks_marker(block) else block.runs
            kind = TextKind.CAPTION if block.is_caption else TextKind.PARAGRAPH
            kind = TextKind.HEADING if block.level else kind
            text = Passage(_unnumbered(runs), block.place, kind, block.level)
            units.extend([] if _is_bare(text) else [text])
    units += [Passage(note.runs, note.place, TextKind.FOOTNOTE) for note in found.footnotes]
    return Content(tuple(units), tuple(pictures))


def _lacks_marker(block: FoundParagraph) -> bool:
    """Return whether the marker of *block* is no part of its text, as it is on our own pages."""
    marker = significant(block.marker)[0]
    return bool(marker) and not significant(block.text)[0].startswith(marker)


def content_of_report(report: Report, form: Form) -> Content:
    """Return the numbers and texts of *report*, for comparing with a file that holds data only."""
    rows: dict[CellPath, list[RowCell]] = {}
    for path, cell in form.value_cells.items():
        quantity = report.cells.get(path, Quantity(None))
        is_blank = quantity.number is None and not quantity.invalid
        text = "" if is_blank else show_quantity(quantity, cell.type)
        rows.setdefault(path.row, []).append(RowCell(text, quantity.span, path))
    units: list[Unit] = [
        Row((RowCell(path.within_table, None, is_label=True), *cells), path.table)
        for path, cells in rows.items()
    ]
    texts = canonical_data(report, form)["正文"]
    for title, text in texts.items() if isinstance(texts, dict) else ():
        units.extend(Passage((Run(line),), None) for line in (title, *text.split("\n")) if line)
    ending = (*report.attachments, *([report.remark] if report.remark else []))
    units.extend(Passage((run,), run.span) for run in ending)
    return Content(tuple(units), ())


def _found_rows(table: FoundTable) -> Iterator[Row]:
    for row in table.rows:
        yield Row(tuple(RowCell(cell.text, cell.place, cell.name) for cell in row))


def joined(texts: Sequence[Passage]) -> Passage:
    """Return *texts*, at least one, as one paragraph."""
    if len(texts) == 1:
        return texts[0]
    runs: Iterable[Run] = (run for text in texts for run in text.runs)
    return Passage(tuple(runs), texts[0].place, texts[0].kind)


def _is_typed(run: Run) -> bool:
    """Return whether the characters of *run* were typed one by one, not given by a placeholder."""
    return run.span is not None and len(run.span.text) == len(run.text)


def place_in(text: Passage, start: int, end: int) -> Place | None:
    """Return where the characters *start* to *end* of *text* were typed.

    For a character that a placeholder gave this is the whole placeholder; None for fixed wording.
    A place between two characters is in the run before it, which is typed if that after is not.
    """
    offset = 0
    for run, following in zip(text.runs, (*text.runs[1:], None), strict=True):
        after = offset + len(run.text)
        is_gap = start == end == after and following is not None and not _is_typed(following)
        if start < after or is_gap or (following is None and start <= after):
            span = run.span
            if span is None:
                return text.place
            if len(span.text) != len(run.text):
                return span
            first = span.start + start - offset
            last = max(first, min(span.end, first + max(0, min(end, after) - start)))
            return Span(span.source, first, last)
        offset = after
    return text.place
