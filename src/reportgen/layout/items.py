"""Pages and the items on them: the layout's result and the painter's input.

Coordinates are points from the page's upper left corner, y downwards; text
is placed by its base line.  Each item knows the document node it shows;
None marks an artifact (page number, repeated header, rule, finding mark).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.document.nodes import Cell, Figure, FigureGroup, Heading, ListItem, Paragraph, Table

Node: TypeAlias = Paragraph | Heading | Cell | Figure | ListItem


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
    """The distance of each character's origin from ``x``: the painter decides nothing."""
    width: float
    """The distance from ``x`` to the end of the last character."""
    node: Node | None
    part: str = "text"
    """Which of two structure elements of one node: "text", "marker" (a list item's label), or ""
    for an artifact's."""
    colour: str = "000000"
    link: str | None = None
    shear: float = 0.0
    """The slant of an emphasised run; 0 is upright."""
    stroke: float = 0.0
    """The width of a line that thickens the outline: bold without a bold face."""
    artifact: str = ""
    """What a text without a node is: header, footer, finding, watermark."""


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
    """A picture with its upper left corner at (``x``, ``y``); ``node`` holds its bytes."""

    x: float
    y: float
    width: float
    height: float
    node: Figure


class TurnedText(Struct, frozen=True):
    """Text turned about the point (``x``, ``y``), always an artifact."""

    x: float
    y: float
    angle: float
    """Degrees to the left."""
    run: TextRun
    """Placed from the point, along and across the turned line."""


Item: TypeAlias = TextRun | RuleLine | Fill | Image | TurnedText


class Destination(Struct, frozen=True):
    """Where a heading stands: target of its bookmark."""

    heading: Heading
    page: int
    y: float


class Page(Struct, frozen=True):
    """One page as it is read."""

    number: int
    """The 1-based number of the page."""
    width: float
    height: float
    items: tuple[Item, ...]
    """In painting order: fills before text and rules, so that nothing is covered; the numbers
    of a draft's findings last."""
    landscape: bool = False
    """Whether the sheet, upright in the file, is turned clockwise to be read."""


class Fit(Struct, frozen=True):
    """A line that a word processor would break elsewhere, and what makes it break here.

    ``start`` and ``end`` are places in the node's text; that of a list item includes its marker.
    """

    start: int
    end: int
    spacing: float
    """Points to be added to each character."""


class Pagination(Struct, frozen=True):
    """The laid-out document: its pages, and the places of its headings."""

    pages: tuple[Page, ...]
    destinations: tuple[Destination, ...]


class Hints(Struct, frozen=True):
    """What a word processor cannot find out by itself, to lay the document out alike."""

    rows: Mapping[FigureGroup, tuple[tuple[Image, ...], ...]] = field(default_factory=dict)
    """The pictures of each group row by row, in their final size; x and y are from the row's
    upper left corner."""
    fits: Mapping[Node, tuple[Fit, ...]] = field(default_factory=dict)
    """The lines that it would break elsewhere."""
    gaps: Mapping[Node, float] = field(default_factory=dict)
    """The space in points above pictures, and above text that follows a picture or a table: 0 at
    the head of a page."""
    title_gaps: Mapping[Node, float] = field(default_factory=dict)
    """The space in points below a title whose lines leave the grid, where the text after it has
    to come back to it."""
    keeps: Mapping[Table, frozenset[int]] = field(default_factory=dict)
    """The rows of a table that stay on one page with the row below where they can."""
    narrowings: Mapping[Node, float] = field(default_factory=dict)
    """How many points narrower the column of a cell or a caption must be for its lines to be
    broken as they are."""
    right_indents: Mapping[Paragraph, float] = field(default_factory=dict)
    """The right indents of the two lines of a 落款, in 字."""
