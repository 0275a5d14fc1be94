"""The nodes of a document.

Every node that holds text names a style of the form's style sheet.  Numbering
is resolved: a heading's runs begin with its number, a list item carries its
marker.  Spans are resolved too: a table is a full grid of cells.  Writers and
the layout take these nodes and nothing else.

Nodes are compared by identity, so that a positioned item can say which node
it came from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from reportgen.findings_text import ShownFinding
from reportgen.pictures import PictureKind, PictureSource
from reportgen.source import Place, Span
from reportgen.styles import CellRole, StyleSheet
from reportgen.text import Run, plain_text, unreachable


class Paragraph(Struct, frozen=True, eq=False):
    """Text set in one style."""

    style: str
    runs: tuple[Run, ...]
    span: Span | None = None

    @property
    def text(self) -> str:
        """The paragraph's text without markup."""
        return plain_text(self.runs)


class Heading(Struct, frozen=True, eq=False):
    """A heading; level 0 is the document's title, 1 a section, 2–4 below it.

    ``runs`` include the number (``一、``).  ``anchor`` is unique in the document.
    A heading ``on_new_page`` begins one.
    """

    level: int
    style: str
    runs: tuple[Run, ...]
    anchor: str
    span: Span | None = None
    on_new_page: bool = False
    breaks: tuple[int, ...] = ()
    """The places in the text before which it may be broken if one line cannot hold it.

    The first is the best.
    """

    @property
    def text(self) -> str:
        """The heading's text, number included."""
        return plain_text(self.runs)


class ListItem(Struct, frozen=True, eq=False):
    """One item: its marker (``1.``, ``●``) and the paragraph beside it."""

    marker: str
    paragraph: Paragraph


class ItemList(Struct, frozen=True, eq=False):
    """A list of items set in the style ``style``."""

    style: str
    ordered: bool
    items: tuple[ListItem, ...]


class Cell(Struct, frozen=True, eq=False):
    """One table cell at grid position (``row``, ``column``), 0-based.

    ``name`` is the key path of a value cell.  ``runs`` may hold forced line breaks.
    ``notes`` are the numbers of the findings about the cell.  ``is_number`` says that the
    text is one number, which may not be broken.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    role: CellRole
    style: str
    runs: tuple[Run, ...]
    name: str = ""
    span: Place | None = None
    notes: tuple[int, ...] = ()
    is_number: bool = False

    @property
    def text(self) -> str:
        """The cell's text without markup."""
        return plain_text(self.runs)


class Table(Struct, frozen=True, eq=False):
    """A ruled table.

    ``rows`` holds, per grid row, the cells that start there.  ``widths`` are
    shares of the type area's width and add up to 1.  The first ``header_rows``
    rows repeat after a page break.  ``title`` is the text for readers who
    cannot see the table; it is not printed.  A ``landscape`` table asks for
    pages of its own, turned a quarter.
    """

    title: str
    widths: tuple[float, ...]
    header_rows: int
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    landscape: bool = False


class Figure(Struct, frozen=True, eq=False):
    """A picture with its caption.

    ``width`` is the wanted share of the type area, None for automatic;
    ``pixels`` the picture's size; ``picture`` gives its bytes to the output that
    writes them; ``kind`` is PNG or JPEG; by ``digest`` equal pictures are shared;
    ``notes`` the numbers of the findings about a picture without caption.
    """

    picture: PictureSource
    kind: PictureKind
    pixels: tuple[int, int]
    digest: str
    alt: str
    caption: Paragraph | None = None
    width: float | None = None
    span: Span | None = None
    notes: tuple[int, ...] = ()


class FigureGroup(Struct, frozen=True, eq=False):
    """Neighbouring pictures, to be kept together where they fit."""

    figures: tuple[Figure, ...]


class Signature(Struct, frozen=True, eq=False):
    """落款: the organ's name and, below it, the date; never alone on a page."""

    organ: Paragraph
    date: Paragraph


Block: TypeAlias = Paragraph | Heading | ItemList | Table | FigureGroup | Signature


class Metadata(Struct, frozen=True):
    """What the outputs say about themselves.

    ``date`` is ISO (YYYY-MM-DD) and stamps every output; it comes from the
    report, never from the clock, so that equal input gives equal bytes.
    """

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    date: str
    language: str = "zh-CN"


class Attachment(Struct, frozen=True):
    """A file carried inside the PDF (PDF/A-3): its name, media type, bytes and description."""

    name: str
    media_type: str
    data: bytes
    description: str


class Document(Struct, frozen=True, eq=False):
    """A whole document, ready for a writer or the layout.

    ``blocks`` begin with the title (a level-0 heading).  ``watermark`` is
    printed across every page of a draft and ``stamp`` at its head; ``findings`` are
    those that the notes of runs, cells and figures point to, by number.  All are empty
    for a filing copy.
    """

    metadata: Metadata
    sheet: StyleSheet
    blocks: tuple[Block, ...]
    watermark: str = ""
    stamp: str = ""
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[ShownFinding, ...] = ()


def stand_landscape(blocks: Sequence[Block]) -> tuple[bool, ...]:
    """Return of each of *blocks* whether it stands on landscape pages.

    A table that asks for it does, and with it the headings right above, which may
    not part from what they head.
    """
    flags: list[bool] = []
    for block in reversed(blocks):
        if isinstance(block, Table):
            flags.append(block.landscape)
        else:
            flags.append(isinstance(block, Heading) and bool(flags) and flags[-1])
    return tuple(reversed(flags))


def gravest(findings: Iterable[ShownFinding], notes: Collection[int]) -> ShownFinding | None:
    """Return the worst of the *findings* numbered *notes*, None if there is none."""
    found = [finding for finding in findings if finding.number in notes]
    return min(found, key=lambda finding: finding.severity.rank, default=None)


def walk_text(document: Document) -> Iterator[tuple[str, Run]]:
    """Yield every run of *document* with the name of its style, in reading order."""
    for block in document.blocks:
        for style, runs in _texts_of(block):
            for run in runs:
                yield style, run


def _texts_of(block: Block) -> Iterator[tuple[str, tuple[Run, ...]]]:
    if isinstance(block, Paragraph | Heading):
        yield block.style, block.runs
    elif isinstance(block, ItemList):
        for item in block.items:
            yield block.style, (Run(item.marker), *item.paragraph.runs)
    elif isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield cell.style, cell.runs
    elif isinstance(block, FigureGroup):
        for figure in block.figures:
            if figure.caption:
                yield figure.caption.style, figure.caption.runs
    elif isinstance(block, Signature):
        yield block.organ.style, block.organ.runs
        yield block.date.style, block.date.runs
    else:
        unreachable(block)
