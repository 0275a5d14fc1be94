"""The nodes of the document tree.

Every node with text names a style of the form's style sheet.  Numbering is resolved: the runs
of a heading begin with its number, and a list item has its marker.  Cell spans are resolved as
well: a table is a full grid of cells.  The layout and the writers depend only on these nodes.

Nodes are compared by identity, so that a positioned item can refer to the node it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from reportgen.charts import Drawable, Drawing
from reportgen.findings_text import ShownFinding
from reportgen.pictures import PictureKind, PictureSource
from reportgen.source import Place, Span
from reportgen.styles import CellRole, StyleSheet, TableLook
from reportgen.text import Run, plain_text, unreachable


class Paragraph(Struct, frozen=True, eq=False):
    """A paragraph of text in one style."""

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
    """The offsets in the text before which a heading too long for one line may be broken, the best
    one first.  On a narrow screen a browser breaks it there too."""
    label: str = ""
    """The number with which the text begins, as it is printed; empty for none."""

    @property
    def text(self) -> str:
        """The heading's text, number included."""
        return plain_text(self.runs)


class ListItem(Struct, frozen=True, eq=False):
    """An item of a list: its marker (``1.``, ``·``) and the paragraph beside it."""

    marker: str
    paragraph: Paragraph


class ItemList(Struct, frozen=True, eq=False):
    """An ordered or unordered list in one style."""

    style: str
    ordered: bool
    items: tuple[ListItem, ...]


class Cell(Struct, frozen=True, eq=False):
    """A cell of a table."""

    row: int
    """The 0-based row in which the cell starts."""
    column: int
    """The 0-based column in which the cell starts."""
    row_span: int
    column_span: int
    role: CellRole
    style: str
    runs: tuple[Run, ...]
    """The text, which may contain forced line breaks."""
    name: str = ""
    """The path of a value cell of an official table; empty for other cells."""
    span: Place | None = None
    notes: tuple[int, ...] = ()
    """The numbers of the findings about the cell."""
    is_number: bool = False
    """Whether the text is a single number, which must not be broken."""

    @property
    def text(self) -> str:
        """The cell's text without markup."""
        return plain_text(self.runs)


class Table(Struct, frozen=True, eq=False):
    """A table with rules."""

    title: str
    """The alternative text; it is not printed unless it is that of the caption."""
    widths: tuple[float, ...]
    """The width of each column as a share of the type area's width; they add up to 1.  Empty until
    the layout has chosen the widths of a table of the author."""
    header_rows: int
    """The number of rows at the top that are repeated after a page break."""
    rows: tuple[tuple[Cell, ...], ...]
    """The cells that start in each row of the grid."""
    name: str = ""
    """The key of an official table; empty for a table of the author."""
    landscape: bool = False
    """Whether the table is placed on landscape pages of its own."""
    look: TableLook | None = None
    """Rules, padding and shading; None for those of the style sheet."""
    span: Span | None = None
    caption: Paragraph | None = None
    """The title printed above a table of the author (表1 …), on the page of its first row."""

    def look_in(self, sheet: StyleSheet) -> TableLook:
        """Return the look of the table in a document with *sheet*."""
        return self.look or sheet.table


CHART_STYLE = "cell_value"
"""The style in whose face the labels of charts are set, in a size of their own."""


class Figure(Struct, frozen=True, eq=False):
    """A picture with its caption."""

    picture: PictureSource
    """The source of the bytes, which are read only when an output is written."""
    kind: PictureKind
    """PNG or JPEG."""
    pixels: tuple[int, int]
    """Width and height in pixels, from which the size on the page follows; a photograph that was
    reduced for print has fewer."""
    digest: str
    """The hash of the picture, by which an output writes equal pictures once."""
    alt: str
    """The alternative text."""
    caption: Paragraph | None = None
    width: float | None = None
    """The requested share of the type area's width; None for automatic."""
    span: Span | None = None
    notes: tuple[int, ...] = ()
    """The numbers of the findings about a picture without caption."""
    parts: tuple[Figure, ...] = ()
    """The parts that pages show instead of a long picture, in reading order.  The last one has its
    caption, the first one its notes."""
    is_part: bool = False
    """Whether this is a part of a picture."""
    is_reduced: bool = False
    """Whether this is a photograph reduced to the resolution of print."""
    what: Drawable | None = None
    """The chart or QR code that the figure shows; None for a picture of a file."""
    drawing: Drawing | None = None
    """The drawing of ``what``, which the layout makes; PDF and HTML show it and not ``picture``."""


class FigureGroup(Struct, frozen=True, eq=False):
    """Adjacent pictures, which are kept together on a page if they fit."""

    figures: tuple[Figure, ...]


class Signature(Struct, frozen=True, eq=False):
    """落款: the name of the organ and, below it, the date; never alone on a page."""

    organ: Paragraph
    date: Paragraph
    breaks: tuple[int, ...] = ()
    """The offsets in the name before which one too long for a line may be broken."""


Block: TypeAlias = Paragraph | Heading | ItemList | Table | FigureGroup | Signature


class Metadata(Struct, frozen=True):
    """The metadata of the output files."""

    title: str
    author: str
    """The name of the organ."""
    subject: str
    keywords: tuple[str, ...]
    date: str
    """The date as YYYY-MM-DD.  All dates in the outputs derive from it; it comes from the report,
    never from the clock, so that equal input gives equal bytes."""
    language: str = "zh-CN"


class Attachment(Struct, frozen=True):
    """A file embedded in the PDF (PDF/A-3) or the OFD."""

    name: str
    """The file name."""
    media_type: str
    data: bytes
    description: str


class Document(Struct, frozen=True, eq=False):
    """A complete document, the input of the layout and the writers."""

    metadata: Metadata
    sheet: StyleSheet
    blocks: tuple[Block, ...]
    """The blocks in reading order; the first one is the title, a heading of level 0."""
    watermark: str = ""
    """The text printed across every page of a draft; empty for a filing copy."""
    stamp: str = ""
    """The line at the head of every page of a draft; empty for a filing copy."""
    footnotes: tuple[ListItem, ...] = ()
    """The footnotes by number, from 1: the mark, and the text in a style of its own.  The runs of
    paragraphs and list items hold the marks."""
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[ShownFinding, ...] = ()
    """The findings marked in a draft, to which ``notes`` refer by number; empty for a filing
    copy."""


def stand_landscape(blocks: Sequence[Block]) -> tuple[bool, ...]:
    """Return for each of *blocks* whether it is placed on landscape pages.

    These are the landscape tables and the headings directly above them, which must stay on the
    page of their table.
    """
    flags: list[bool] = []
    for block in reversed(blocks):
        if isinstance(block, Table):
            flags.append(block.landscape)
        else:
            flags.append(isinstance(block, Heading) and bool(flags) and flags[-1])
    return tuple(reversed(flags))


def gravest(findings: Iterable[ShownFinding], notes: Collection[int]) -> ShownFinding | None:
    """Return the worst of the *findings* whose numbers are in *notes*; None if there is none."""
    found = [finding for finding in findings if finding.number in notes]
    return min(found, key=lambda finding: finding.severity.rank, default=None)


def rows_with_headers(
    table: Table,
) -> Iterator[tuple[tuple[Cell, tuple[Cell, ...]], ...]]:
    """Yield the rows of *table*: each cell with the header cells that apply to it.

    These are captions, column heads, then row labels; header cells have none themselves.  Scope,
    in HTML and in PDF, cannot express to which cells a caption or a second head in a table applies.
    """
    heads = _Heads(len(table.widths))
    for cells in table.rows:
        heads.start_row(cells)
        row = []
        for cell in cells:
            is_head = cell.role in HEAD_ROLES
            if is_head:
                heads.add(cell)
            row.append((cell, () if is_head else heads.of(cell)))
        yield tuple(row)


HEAD_ROLES = frozenset((CellRole.CAPTION, CellRole.HEADER, CellRole.STUB))
"""The roles of header cells."""


class _Heads:
    """The header cells that apply to the current row, by column."""

    def __init__(self, columns: int) -> None:
        self._captions: list[Cell | None] = [None] * columns
        self._headers: list[list[Cell]] = [[] for _ in range(columns)]
        self._stubs: list[tuple[int, Cell]] = []  # with the last row covered
        self._in_head = False
        self._above: dict[tuple[int, int], tuple[Cell, ...]] = {}  # by column and span

    def start_row(self, cells: tuple[Cell, ...]) -> None:
        """Begin the row of *cells*; a head after data rows replaces the previous head."""
        in_head = any(cell.role == CellRole.HEADER for cell in cells)
        if in_head and not self._in_head:
            self._headers = [[] for _ in self._headers]
            self._above.clear()
        self._in_head = in_head or (self._in_head and not cells)
        if cells:
            row = cells[0].row
            self._stubs = [stub for stub in self._stubs if stub[0] >= row]

    def add(self, cell: Cell) -> None:
        """Add the header *cell* for the columns or rows that it covers."""
        if cell.role == CellRole.STUB:
            self._stubs.append((cell.row + cell.row_span - 1, cell))
            return
        self._above.clear()
        for column in range(cell.column, cell.column + cell.column_span):
            if cell.role == CellRole.CAPTION:
                self._captions[column] = cell
            else:
                self._headers[column].append(cell)

    def of(self, cell: Cell) -> tuple[Cell, ...]:
        """Return the headers of *cell*: captions, column heads, then row labels."""
        place = (cell.column, cell.column_span)
        if place not in self._above:
            self._above[place] = tuple(self._over(*place))
        return self._above[place] + tuple(stub for _, stub in self._stubs)

    def _over(self, start: int, span: int) -> dict[Cell, None]:
        """Return the headers above *span* columns from *start*, without duplicates."""
        columns = range(start, min(start + span, len(self._captions)))
        captions = (self._captions[column] for column in columns)
        found = dict.fromkeys(caption for caption in captions if caption)
        for column in columns:
            found.update(dict.fromkeys(self._headers[column]))
        return found


def has_charts(document: Document) -> bool:
    """Return whether *document* shows a chart or a QR code."""
    groups = (block for block in document.blocks if isinstance(block, FigureGroup))
    return any(figure.what for group in groups for figure in group.figures)


def walk_text(document: Document) -> Iterator[tuple[str, Run]]:
    """Yield the name of the style and the run for every run of *document*, in reading order.

    The texts in the charts of a group are behind its captions.
    """
    for block in document.blocks:
        for style, runs in texts_of(block):
            for run in runs:
                yield style, run
        for figure in block.figures if isinstance(block, FigureGroup) else ():
            for text in figure.what.texts if figure.what else ():
                yield CHART_STYLE, Run(text, span=figure.span)
    for footnote in document.footnotes:
        for run in item_runs(footnote):
            yield footnote.paragraph.style, run


def item_runs(item: ListItem) -> tuple[Run, ...]:
    """Return the text of *item* as it is printed, which begins with its marker."""
    return (Run(item.marker), *item.paragraph.runs)


def texts_of(block: Block) -> Iterator[tuple[str, tuple[Run, ...]]]:
    """Yield the name of the style and the runs of each text of *block*, in reading order."""
    if isinstance(block, Paragraph | Heading):
        yield block.style, block.runs
    elif isinstance(block, ItemList):
        for item in block.items:
            yield block.style, item_runs(item)
    elif isinstance(block, Table):
        if block.caption:
            yield block.caption.style, block.caption.runs
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
