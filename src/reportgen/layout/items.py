"""Pages with their items, and layout hints: the output of the layout, the input of writers.

Coordinates are points from the upper left corner of the page, y downwards; text is placed by its
base line.  Each item refers to the document node that it shows; None marks an artifact (page
number, repeated header, rule, finding mark).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

from reportgen.charts import Shape
from reportgen.document.nodes import (
    Cell,
    Figure,
    FigureGroup,
    Heading,
    ListItem,
    Paragraph,
    Signature,
    Table,
)

Node: TypeAlias = Paragraph | Heading | Cell | Figure | ListItem


class PlacedGlyph(NamedTuple):
    """One glyph of a text that is shaped."""

    glyph: int
    """The index of the glyph in the font file."""
    text: str
    """The characters that it stands for; empty for all but the first glyph of these."""
    x: float
    """The origin of the glyph, from that of its text run."""
    rise: float
    """How far it is raised above the base line."""


class TextRun(Struct, frozen=True):
    """Characters of one face on one base line."""

    x: float
    """The origin of the first character."""
    y: float
    """The base line."""
    face: str
    """The id of a :class:`reportgen.fonts.Face`."""
    size: float
    text: str
    offsets: tuple[float, ...]
    """The origin of each character relative to ``x``; the writer does not change it."""
    width: float
    """The distance from ``x`` to the end of the last character."""
    node: Node | None
    """The node whose text this is; None for an artifact."""
    part: str = "text"
    """The structure element of the node: "text", or "marker" for the marker of a list item; empty
    for an artifact."""
    colour: str = "000000"
    link: str | None = None
    shear: float = 0.0
    """The horizontal shear of an emphasised run; 0 for upright text."""
    stroke: float = 0.0
    """The line width with which the outlines are stroked to imitate a bold face; 0 for none."""
    footnote: int = 0
    """The number of the footnote whose mark the text is; 0 for other text."""
    artifact: str = ""
    """The kind of an artifact: header, footer, finding, watermark; empty for other text."""
    language: str = ""
    """The language (RFC 5646), where the script tells that it is not Chinese."""
    glyphs: tuple[PlacedGlyph, ...] = ()
    """The glyphs from left to right of a text that is shaped or goes from right to left; empty for
    any other, whose characters are drawn one by one."""


class RuleLine(Struct, frozen=True):
    """A straight line from (``x0``, ``y0``) to (``x1``, ``y1``), always an artifact."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    colour: str = "000000"


class Fill(Struct, frozen=True):
    """A filled rectangle with its upper left corner at (``x``, ``y``), always an artifact."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class Image(Struct, frozen=True):
    """A picture with its upper left corner at (``x``, ``y``)."""

    x: float
    y: float
    width: float
    height: float
    node: Figure


class DrawnFigure(Struct, frozen=True):
    """A chart or a QR code in the box with its upper left corner at (``x``, ``y``).

    Its shapes are painted in order, then its runs of text.
    """

    x: float
    y: float
    width: float
    height: float
    node: Figure
    shapes: tuple[Shape, ...]
    """The shapes in the coordinates of the page: straight lines only."""
    runs: tuple[TextRun, ...]
    """The labels; their node is the figure."""


class TurnedText(Struct, frozen=True):
    """Text rotated about the point (``x``, ``y``), always an artifact."""

    x: float
    y: float
    angle: float
    """The angle in degrees, counter-clockwise."""
    run: TextRun
    """The text; its coordinates are relative to the point, along and across the rotated line."""


Item: TypeAlias = TextRun | RuleLine | Fill | Image | DrawnFigure | TurnedText


class Destination(Struct, frozen=True):
    """The position of a heading, which is the target of its bookmark."""

    heading: Heading
    page: int
    """The 1-based number of the page."""
    y: float
    """The upper edge of the heading's first line."""


class SealPlace(Struct, frozen=True):
    """The square for the organ's seal over a 落款, with its upper left corner at (``x``, ``y``)."""

    signature: Signature
    page: int
    """The 1-based number of the page."""
    x: float
    y: float
    side: float


class Page(Struct, frozen=True):
    """One page as it is read."""

    number: int
    """The 1-based number of the page."""
    width: float
    height: float
    items: tuple[Item, ...]
    """The items in painting order: fills, text and pictures, rules, and the numbers of findings, so
    that none covers another."""
    landscape: bool = False
    """Whether the page is landscape; the sheet is portrait in the file and is shown turned."""


class Fit(Struct, frozen=True):
    """What a stretch of text needs for a word processor to break lines where the layout does."""

    start: int
    """The offset of the first character in the text of the node.  The text of a list item
    includes its marker."""
    end: int
    """The offset behind the last character."""
    spacing: float
    """The character spacing to add, in points."""
    chinese: bool = False
    """Whether the language of its letters and digits is to be Chinese."""


class Pagination(Struct, frozen=True):
    """The laid-out document."""

    pages: tuple[Page, ...]
    destinations: tuple[Destination, ...]
    """The positions of the headings."""
    seal: SealPlace | None = None
    """The place of the seal; None if the document has no 落款."""


class Hints(Struct, frozen=True):
    """What the DOCX must state for a word processor to lay the document out like the pages."""

    rows: Mapping[FigureGroup, tuple[tuple[Image | DrawnFigure, ...], ...]] = field(
        default_factory=dict
    )
    """The rows of each group of pictures, in their final sizes; x and y are relative to the row's
    upper left corner."""
    fits: Mapping[Node, tuple[Fit, ...]] = field(default_factory=dict)
    """What lines need that a word processor would break elsewhere."""
    gaps: Mapping[Node | Table, float] = field(default_factory=dict)
    """The space in points above pictures and tables, above text that follows one of them, and above
    the title of a table; 0 at the head of a page."""
    gaps_below: Mapping[Node, float] = field(default_factory=dict)
    """The space in points below a title whose lines are off the grid, so that the text after it is
    on the grid, and below a text that a table follows."""
    introducing: frozenset[Paragraph] = frozenset()
    """The paragraphs that are kept on the page of what they introduce."""
    keeps: Mapping[Table, frozenset[int]] = field(default_factory=dict)
    """The rows of a table that are kept on the page of the next row if possible."""
    divided: Mapping[Table, frozenset[int]] = field(default_factory=dict)
    """The rows of a table that are taller than a page and may be divided anywhere."""
    held: frozenset[Figure] = frozenset()
    """The pictures that are kept on the page of the next row of their group."""
    narrowings: Mapping[Node, float] = field(default_factory=dict)
    """How many points narrower the column of a cell or a caption must be for the same line
    breaks."""
    label_breaks: Mapping[Node, tuple[int, ...]] = field(default_factory=dict)
    """The offsets at which a label of an official table must be broken, because no column would
    break it there.  Its text is prescribed, so that nobody edits it."""
    ragged: frozenset[Node] = frozenset()
    """The paragraphs with a line that must not be stretched, because it has too few gaps."""
    right_indents: Mapping[Paragraph, float] = field(default_factory=dict)
    """The right indent of each paragraph of a 落款, in 字."""
    hangs: Mapping[Paragraph, float] = field(default_factory=dict)
    """How far, in 字, the lines of a list item with a hanging indent begin behind the first one."""
    centred: Mapping[Paragraph, float] = field(default_factory=dict)
    """The left indent, in 字, of the name in a 落款 whose lines are centred on each other."""
