"""The items of a page as graphic objects (GB/T 33190-2016, 7.7 and chapters 8 to 11).

Each object has a boundary, which is the origin of its own coordinates and clips it (8.5).  So the
boundary of a text contains the outlines of its glyphs, and that of a rule half its width on
either side.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple, TypeAlias
from unicodedata import category

from msgspec import Struct

from reportgen.charts import Shape
from reportgen.fonts import Face
from reportgen.layout.items import (
    DrawnFigure,
    Fill,
    Image,
    Item,
    Page,
    PlacedGlyph,
    RuleLine,
    TextRun,
    TurnedText,
)
from reportgen.styles import StyleSheet
from reportgen.text import percent_encoded
from reportgen.writers.ofd.elements import Element, add, colour, lengths, matrix, root
from reportgen.writers.ofd.package import add_area
from reportgen.writers.ofd.resources import OfdFont, Resources

_LAYERS: Mapping[str, str] = {"watermark": "Background", "footer": "Foreground"}
"""The type of the layer of each kind of artifact that is below or above the text."""
_BODY = "Body"
_ASCENT, _DESCENT = 0.88, 0.12  # the em box of a Han character about its base line, in em
_UNKNOWN = "\ufffd"
_LEAST = 0.05  # the least width of a boundary in em: a mark may have no outline
_NOTHING = "\u200b"  # the code of a glyph that stands for no characters of its own
_ONE_UNIT = 0xFFFF  # the last character that is one code unit in UTF-16

Linear: TypeAlias = tuple[float, float, float, float]
"""The transformation of (x, y), y downwards, to (ax + cy, bx + dy), as *a*, *b*, *c*, *d*."""
_UPRIGHT: Linear = (1, 0, 0, 1)
Outline: TypeAlias = tuple[float, float, float, float]
"""The left, bottom, right and top edge of an outline in em, y upwards."""


class Rectangle(NamedTuple):
    """A rectangle; lengths in points, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: Rectangle) -> Rectangle:
        """Return the smallest rectangle around this one and *other*."""
        return Rectangle(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def widened(self, margin: float) -> Rectangle:
        """Return the rectangle with *margin* added on every side."""
        return Rectangle(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def transformed(self, linear: Linear) -> Rectangle:
        """Return the smallest rectangle around this one after the transformation *linear*."""
        a, b, c, d = linear
        corners = [(x, y) for x in (self.left, self.right) for y in (self.top, self.bottom)]
        across, down = zip(*((a * x + c * y, b * x + d * y) for x, y in corners), strict=True)
        return Rectangle(min(across), min(down), max(across), max(down))

    def moved(self, x: float, y: float) -> Rectangle:
        """Return the rectangle shifted by (*x*, *y*)."""
        return Rectangle(self.left + x, self.top + y, self.right + x, self.bottom + y)

    @property
    def text(self) -> str:
        """The rectangle as the value of an attribute."""
        return lengths(self.left, self.top, self.right - self.left, self.bottom - self.top)


class ObjectPainter(Struct, frozen=True):
    """Turns pages into parts of one file."""

    resources: Resources
    sheet: StyleSheet
    keys: Iterator[int]
    """The identifiers for layers and objects."""

    def part(self, page: Page) -> Element:
        """Return the part of *page*; that of a landscape page has its own page area."""
        part = root("Page")
        if page.landscape:
            add_area(part, "Area", self.sheet.turned().page)
        content = add(part, "Content")
        for layer, items in groupby(page.items, _layer_of):
            parent = add(content, "Layer", ID=next(self.keys), Type=layer)
            for item in items:
                self._add(parent, item)
        return part

    def _add(self, layer: Element, item: Item) -> None:
        if isinstance(item, TextRun):
            # Upright glyphs are sheared about the base line; y points downwards.
            self._text(layer, item, item.x, item.y, (1, 0, -item.shear, 1))
        elif isinstance(item, TurnedText):
            self._turned(layer, item)
        elif isinstance(item, RuleLine):
            self._rule(layer, item)
        elif isinstance(item, Fill):
            self._fill(layer, item)
        elif isinstance(item, DrawnFigure):
            self._drawing(layer, item)
        else:
            self._image(layer, item)

    def _turned(self, layer: Element, turned: TurnedText) -> None:
        angle = math.radians(turned.angle)
        cos, sin = math.cos(angle), math.sin(angle)
        run = turned.run
        x = turned.x + run.x * cos + run.y * sin
        y = turned.y - run.x * sin + run.y * cos
        self._text(layer, run, x, y, (cos, -sin, sin, cos))

    def _text(self, layer: Element, run: TextRun, x: float, y: float, linear: Linear) -> None:
        """Append *run*, whose origin is (*x*, *y*), as one object or more.

        *linear* is applied to the glyphs and to their offsets.
        """
        font = self.resources.fonts[run.face]
        for piece in pieces(run, font):
            rise = piece.shaped.rise if piece.shaped else 0.0
            shift_x = linear[0] * piece.start - linear[2] * rise
            shift_y = linear[1] * piece.start - linear[3] * rise
            boundary = _box_of(piece, run, font.face).transformed(linear)
            boundary = boundary.moved(x + shift_x, y + shift_y)
            shown = self._object(layer, "TextObject", boundary)
            shown.set("Font", str(font.key))
            shown.set("Size", lengths(run.size))
            origin = x + shift_x - boundary.left, y + shift_y - boundary.top
            if linear != _UPRIGHT:
                shown.set("CTM", matrix(*linear, *origin))
                origin = 0.0, 0.0
            if run.link:
                _link(shown, percent_encoded(run.link))
            _paint(shown, run)
            _code(shown, piece, *origin)

    def _rule(self, layer: Element, rule: RuleLine) -> None:
        """Append *rule* as a stroked path (9.1)."""
        sides = sorted((rule.x0, rule.x1)), sorted((rule.y0, rule.y1))
        (left, right), (top, bottom) = sides
        boundary = Rectangle(left, top, right, bottom).widened(rule.width / 2)
        path = self._object(layer, "PathObject", boundary)
        path.set("LineWidth", lengths(rule.width))
        add(path, "StrokeColor", Value=colour(rule.colour))
        start = lengths(rule.x0 - boundary.left, rule.y0 - boundary.top)
        end = lengths(rule.x1 - boundary.left, rule.y1 - boundary.top)
        add(path, "AbbreviatedData", f"M {start} L {end}")

    def _fill(self, layer: Element, fill: Fill) -> None:
        """Append the rectangle *fill* as a filled path."""
        right, foot = fill.x + fill.width, fill.y + fill.height
        corners = ((fill.x, fill.y), (right, fill.y), (right, foot), (fill.x, foot))
        self._shape(layer, Shape(corners, fill=fill.colour))

    def _drawing(self, layer: Element, drawn: DrawnFigure) -> None:
        """Append the chart *drawn* as a block, whose first object has its alternative text."""
        block = add(layer, "PageBlock", ID=next(self.keys))
        for shape in drawn.shapes:
            self._shape(block, shape)
        for run in drawn.runs:
            self._add(block, run)
        if len(block) and drawn.node.alt:
            block[0].set("Name", drawn.node.alt)

    def _shape(self, layer: Element, shape: Shape) -> None:
        """Append *shape*, a polygon or a line through points, as a path."""
        across, down = zip(*shape.points, strict=True)
        # A corner of the stroke reaches further than half its width.
        boundary = Rectangle(min(across), min(down), max(across), max(down)).widened(shape.width)
        path = self._object(layer, "PathObject", boundary)
        if shape.stroke:
            path.set("LineWidth", lengths(shape.width))
            add(path, "StrokeColor", Value=colour(shape.stroke))
        else:
            path.set("Stroke", "false")
        if shape.fill:
            path.set("Fill", "true")
            add(path, "FillColor", Value=colour(shape.fill))
        points = (lengths(x - boundary.left, y - boundary.top) for x, y in shape.points)
        add(path, "AbbreviatedData", f"M {' L '.join(points)}{' C' if shape.closed else ''}")

    def _image(self, layer: Element, image: Image) -> None:
        """Append the picture *image* (chapter 10), with its alternative text as its name."""
        boundary = Rectangle(image.x, image.y, image.x + image.width, image.y + image.height)
        picture = self._object(layer, "ImageObject", boundary)
        if image.node.alt:
            picture.set("Name", image.node.alt)
        # The picture is the unit square.
        picture.set("CTM", f"{lengths(image.width)} 0 0 {lengths(image.height)} 0 0")
        picture.set("ResourceID", str(self.resources.pictures[image.node.digest].key))

    def _object(self, layer: Element, name: str, boundary: Rectangle) -> Element:
        return add(layer, name, ID=next(self.keys), Boundary=boundary.text)


def _layer_of(item: Item) -> str:
    run = item.run if isinstance(item, TurnedText) else item
    return _LAYERS.get(run.artifact, _BODY) if isinstance(run, TextRun) else _BODY


def _link(shown: Element, uri: str) -> None:
    """Let a click on the object *shown* open *uri* (chapter 14)."""
    action = add(add(shown, "Actions"), "Action", Event="CLICK")
    add(action, "URI", URI=uri)


def _paint(shown: Element, run: TextRun) -> None:
    """Set the colour of *run*; outlines that imitate a bold face are stroked as well."""
    add(shown, "FillColor", Value=colour(run.colour))
    if run.stroke:
        shown.set("Stroke", "true")
        shown.set("LineWidth", lengths(run.stroke))
        add(shown, "StrokeColor", Value=colour(run.colour))


def _code(shown: Element, piece: TextPiece, x: float, y: float) -> None:
    """Add the characters of *piece*, the first at (*x*, *y*) (11.3), and the glyph if stated."""
    text = piece.text or _NOTHING
    if piece.glyph is not None:
        units = len(text.encode("utf-16-le")) // 2 if piece.shaped else 1
        change = add(shown, "CGTransform", CodePosition=0, CodeCount=units, GlyphCount=1)
        add(change, "Glyphs", str(piece.glyph))
    # The code of a private-use character says nothing to other programs.
    text = _UNKNOWN if category(text[0]) == "Co" else text
    code = add(shown, "TextCode", text, X=lengths(x), Y=lengths(y))
    if len(piece.offsets) > 1:
        steps = (after - before for before, after in pairwise(piece.offsets))
        code.set("DeltaX", lengths(*steps))


class TextPiece(NamedTuple):
    """A part of a run that is an object by itself."""

    text: str
    start: float
    """The origin of its first character relative to that of the run."""
    offsets: list[float]
    """The origins of its characters relative to the first one."""
    width: float
    """The distance from its origin to its end."""
    glyph: int | None
    """The glyph of its only character; None if readers find the glyphs in the character map."""
    shaped: PlacedGlyph | None = None
    """What is placed here of a shaped text; the characters are those that the glyph stands for."""


def pieces(run: TextRun, font: OfdFont) -> Iterator[TextPiece]:
    """Yield the parts of *run* that become an object each.

    A character that is more than one code unit in UTF-16, or whose glyph is stated, is by itself:
    readers differ in how they count such characters when they read offsets and glyphs.  So are
    spaces before other characters, because some readers drop them but not their offsets.
    """
    if run.glyphs:
        yield from _shaped_pieces(run, font)
        return
    ends = [*run.offsets[1:], run.width]
    for first, last in _stretches(run.text, font):
        start = run.offsets[first]
        offsets = [offset - start for offset in run.offsets[first : last + 1]]
        text = run.text[first : last + 1]
        glyph = font.glyph_of(text) if first == last else None
        yield TextPiece(text, start, offsets, ends[last] - start, glyph)


def _shaped_pieces(run: TextRun, font: OfdFont) -> Iterator[TextPiece]:
    """Yield the glyphs of *run*, which is shaped, in the order of its characters."""
    is_visual = "".join(placed.text for placed in run.glyphs) == run.text
    for cluster in _clusters(run) if is_visual else reversed(list(_clusters(run))):
        for placed in cluster:
            glyph = font.subset.shaped[placed.glyph]
            yield TextPiece(placed.text, placed.x, [0.0], _LEAST * run.size, glyph, placed)


def _clusters(run: TextRun) -> Iterator[list[PlacedGlyph]]:
    """Yield the glyphs of *run* from left to right, those of the same characters together."""
    cluster: list[PlacedGlyph] = []
    for placed in run.glyphs:
        if placed.text and cluster:
            yield cluster
            cluster = []
        cluster.append(placed)
    yield cluster


def _stretches(text: str, font: OfdFont) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of each part of *text*."""
    plain, spaces = -1, -2
    kinds: list[int] = []
    for place, char in enumerate(text):
        if ord(char) > _ONE_UNIT or font.glyph_of(char) is not None:
            kinds.append(place)
        elif char == " " and (not kinds or kinds[-1] != plain):
            kinds.append(spaces)
        else:
            kinds.append(plain)
    for _, members in groupby(range(len(text)), kinds.__getitem__):
        places = list(members)
        yield places[0], places[-1]


@lru_cache(maxsize=8192)
def _outline(face: Face, char: str) -> Outline | None:
    """Return the edges of the outline of *char* in em; None if it has none."""
    return face.outline_box(char)


def _box_of(piece: TextPiece, run: TextRun, face: Face) -> Rectangle:
    """Return the rectangle of *piece* about its origin: its em boxes and all its outlines."""
    size = run.size
    box = Rectangle(0.0, -_ASCENT * size, piece.width, _DESCENT * size)
    if piece.shaped:
        outline = face.glyph_box(piece.shaped.glyph)
        return box.joined(_scaled(outline, size, 0.0) if outline else box)
    for char, offset in zip(piece.text, piece.offsets, strict=True):
        outline = _outline(face, char)
        if outline:
            box = box.joined(_scaled(outline, size, offset))
    return box.widened(run.stroke / 2)


def _scaled(outline: Outline, size: float, offset: float) -> Rectangle:
    left, bottom, right, top = (edge * size for edge in outline)
    return Rectangle(offset + left, -top, offset + right, -bottom)
