"""Pages and the items on them: the layout's result and the painter's input.

Coordinates are points from the page's upper left corner, y downwards; text
is placed by its base line.  Each item knows the document node it shows;
None marks an artifact (page number, repeated header, rule, draft mark).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.document.nodes import Cell, Figure, FigureGroup, Heading, ListItem, Paragraph, Table

Node: TypeAlias = Paragraph | Heading | Cell | Figure | ListItem


class TextRun(Struct, frozen=True):
    """Characters of one face on one base line.

    ``face`` is the id of a :class:`reportgen.fonts.faces.Face` and ``size`` its
    size.  ``offsets[i]`` is the distance of character i's origin from ``x``,
    so the painter decides nothing; ``even`` is the distance added behind each
    character's own width where it is the same for all.  ``shear`` is the slant of an emphasised
    run (0 upright).  ``stroke`` > 0 thickens the outline (bold without a bold
    face).  ``part`` tells apart two structure elements of one node: "text",
    "marker" (a list item's label) or "" for an artifact's.
    """

    x: float
    y: float
    face: str
    size: float
    text: str
    offsets: tuple[float, ...]
    width: float
    node: Node | None
    part: str = "text"
    colour: str = "000000"
    link: str | None = None
    shear: float = 0.0
    stroke: float = 0.0
    artifact: str = ""
    even: float | None = None


class Rule(Struct, frozen=True):
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


class Mark(Struct, frozen=True):
    """Text turned about (``x``, ``y``) by ``angle`` degrees to the left, always an artifact.

    ``run`` is placed from that point, along and across the turned line.
    """

    x: float
    y: float
    angle: float
    run: TextRun


Item: TypeAlias = TextRun | Rule | Fill | Image | Mark


class Destination(Struct, frozen=True):
    """Where a heading stands: target of its bookmark."""

    heading: Heading
    page: int
    y: float


class Page(Struct, frozen=True):
    """One page as it is read: its 1-based number, its size, and its items in painting order.

    Fills come before text and rules so that nothing is covered; the numbers of a draft's
    findings come last.  The sheet of a ``landscape`` page is upright in the document and
    turned clockwise to be read.
    """

    number: int
    width: float
    height: float
    items: tuple[Item, ...]
    landscape: bool = False


class Fit(Struct, frozen=True):
    """A line that a word processor would break elsewhere.

    ``spacing`` points added to each character from ``start`` up to ``end`` of the node's
    text (of a list item: with its marker) make it break here as well.
    """

    start: int
    end: int
    spacing: float


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
    keeps: Mapping[Table, frozenset[int]] = field(default_factory=dict)
    """The rows of a table that stay on one page with the row below where they can."""
    narrowings: Mapping[Node, float] = field(default_factory=dict)
    """How many points narrower the column of a cell or a caption must be for its lines to be
    broken as they are."""
    right_indents: Mapping[Paragraph, float] = field(default_factory=dict)
    """The right indents of the two lines of a 落款, in 字."""
