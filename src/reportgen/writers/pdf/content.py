"""Painting the items of a page to a content stream (ISO 32000-1, 14.6).

The coordinates of pages begin at the upper left corner, those of PDF at the lower left; they are
converted here.  Links and bookmarks are in :mod:`reportgen.writers.pdf.links`.

Pictures are image XObjects and are not decoded.  The pixel data of a PNG of at most 8 bits
without interlacing and alpha channel already are a FlateDecode stream with PNG predictors
(ISO 32000-1, 7.4.4.4); a JPEG of one or three components is a DCTDecode stream (7.4.8).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate, groupby
from operator import attrgetter
from typing import TypeAlias

from msgspec import Struct
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFObject, PDFText

from reportgen.directions import is_right_to_left
from reportgen.document.nodes import Figure
from reportgen.layout.items import (
    DrawnFigure,
    Fill,
    Image,
    Page,
    RuleLine,
    SealPlace,
    TextRun,
    TurnedText,
)
from reportgen.pictures import PictureKind, PngColour, PngFile, parse_jpeg, parse_png
from reportgen.writers.pdf.canvas import Colour, EncodedText, FileWriter, Stream, TaggedCanvas, name
from reportgen.writers.pdf.fonts import CompositeFont, FontBook
from reportgen.writers.pdf.links import LinkBook, Outline, add_seal, on_sheet, open_sheet
from reportgen.writers.pdf.tagging import Element, Index, StructureTree

Artifact: TypeAlias = Mapping[str, str]
"""The properties of an artifact (ISO 32000-1, table 330)."""

_LAYOUT: Artifact = {"Type": "Layout"}
_PAGINATION: Mapping[str, Artifact] = {
    "header": {"Type": "Pagination", "Subtype": "Header"},
    "footer": {"Type": "Pagination", "Subtype": "Footer"},
    "watermark": {"Type": "Pagination", "Subtype": "Watermark"},
}

_PLACES = 5  # decimals of a spacing in points; the sum of the errors of a line stays invisible
_FILL, _FILL_AND_STROKE = 0, 2  # text rendering modes, table 106

Target: TypeAlias = Element | Artifact
"""The structure element or the artifact that content belongs to."""


class Painter(Struct):
    """Paints the pages of one file."""

    canvas: TaggedCanvas
    fonts: FontBook
    images: ImageStore
    links: LinkBook
    outline: Outline
    tree: StructureTree
    index: Index
    """The structure elements by the nodes of the document."""
    seal: SealPlace | None = None
    """The place of the signature field; None if there is none."""
    _target: Target | None = None
    """The owner of the marked content that is open; None if none is."""

    def paint(self, page: Page) -> None:
        """Add *page* to the file."""
        key = self.tree.open_page(self.canvas.page_reference)
        open_sheet(self.canvas, page)
        for item in page.items:
            if isinstance(item, TextRun):
                self._text(page, item)
            elif isinstance(item, RuleLine):
                self._rule(page, item)
            elif isinstance(item, Fill):
                self._fill(page, item)
            elif isinstance(item, Image):
                self._image(page, item)
            elif isinstance(item, DrawnFigure):
                self._drawing(page, item)
            else:
                self._turned(page, item)
        self._enter(None)
        self.links.close_page(page)
        if self.seal and self.seal.page == page.number:
            add_seal(self.canvas, self.tree, self.index, page, self.seal)
        self.outline.add(self.canvas, page)
        self.canvas.end_page(key)

    def _text(self, page: Page, run: TextRun) -> None:
        """Show *run* with every character at its own offset."""
        if not run.text:
            return
        self._enter(self._target_of(run))
        x, y = run.x + run.offsets[0], page.height - run.y
        if run.shear:
            self._show(run, self._text_at(1, 0, run.shear, 1, x, y))
        else:
            self._show(run, self.canvas.beginText(x, y))

    def _turned(self, page: Page, turned: TurnedText) -> None:
        """Show the text *turned*, rotated about its point."""
        run = turned.run
        self._enter(self._target_of(run))
        angle = math.radians(turned.angle)
        cos, sin = math.cos(angle), math.sin(angle)
        start = run.x + run.offsets[0]
        x = turned.x + start * cos + run.y * sin
        y = page.height - turned.y + start * sin - run.y * cos
        self._show(run, self._text_at(cos, sin, -sin, cos, x, y))

    def _rule(self, page: Page, rule: RuleLine) -> None:
        """Stroke *rule*."""
        self._enter(_LAYOUT)
        self.canvas.set_stroke(_colour(rule.colour), rule.width)
        self.canvas.line(rule.x0, page.height - rule.y0, rule.x1, page.height - rule.y1)

    def _fill(self, page: Page, fill: Fill) -> None:
        """Fill the rectangle *fill*."""
        self._enter(_LAYOUT)
        self.canvas.set_fill(_colour(fill.colour))
        foot = page.height - fill.y - fill.height
        self.canvas.rect(fill.x, foot, fill.width, fill.height, stroke=0, fill=1)

    def _image(self, page: Page, image: Image) -> None:
        """Show the picture *image*."""
        self._enter(self._boxed(page, image))
        foot = page.height - image.y - image.height
        self.canvas.saveState()
        self.canvas.transform(image.width, 0, 0, image.height, image.x, foot)
        self.canvas.doForm(self.images.place(image.node))
        self.canvas.restoreState()

    def _boxed(self, page: Page, item: Image | DrawnFigure) -> Element:
        """Return the structure element of the figure *item*, with its box on the sheet."""
        element = self.index[id(item.node), "text"]
        corner = item.x + item.width, item.y + item.height
        element.place([round(edge, 2) for edge in on_sheet(page, item.x, item.y, *corner)])
        return element

    def _drawing(self, page: Page, drawn: DrawnFigure) -> None:
        """Draw the shapes of *drawn* and show its labels, all of them content of one figure."""
        self._enter(self._boxed(page, drawn))
        for shape in drawn.shapes:
            if shape.fill:
                self.canvas.set_fill(_colour(shape.fill))
            if shape.stroke:
                self.canvas.set_stroke(_colour(shape.stroke), shape.width)
            path = self.canvas.beginPath()
            for number, (x, y) in enumerate(shape.points):
                draw = path.lineTo if number else path.moveTo
                draw(x, page.height - y)
            if shape.closed:
                path.close()
            self.canvas.drawPath(path, stroke=bool(shape.stroke), fill=bool(shape.fill))
        for run in drawn.runs:
            self._text(page, run)

    def _target_of(self, run: TextRun) -> Target:
        if run.node is None:
            return _PAGINATION.get(run.artifact, _LAYOUT)
        return self.links.target(self.index[id(run.node), run.part], run)

    def _enter(self, target: Target | None) -> None:
        """Begin marked content of *target*, unless it is open; with None, end what is open."""
        if self._target is target:
            return
        if self._target is not None:
            self.canvas.end_marked()
        self._target = target
        if isinstance(target, Element):
            self.canvas.begin_tagged(target.tag, self.tree.mark(target))
        elif target is not None:
            self.canvas.begin_artifact(target)

    def _text_at(self, *matrix: float) -> EncodedText:
        """Return a text object with the text matrix *matrix*."""
        text = self.canvas.beginText()
        text.setTextTransform(*matrix)
        return text

    def _show(self, run: TextRun, text: EncodedText) -> None:
        """Show the characters of *run* in the text object *text*."""
        font = self.fonts.use(run.face)
        colour = _colour(run.colour)
        self.canvas.set_fill(colour)
        if run.stroke:
            self.canvas.set_stroke(colour, run.stroke)
        text.set_font(font.resource, run.size)
        if run.stroke:  # imitate a bold face by stroking the outlines as well
            text.setTextRenderMode(_FILL_AND_STROKE)
        if run.glyphs:
            text.set_spacing(0.0)
            for rise, parts in show_glyphs(font, run):
                text.set_rise(rise)
                text.show(parts)
            text.set_rise(0.0)
        else:
            spacing, parts = show(font, run)
            if spacing is not None:
                text.set_spacing(spacing)
            text.show(parts)
        if run.stroke:
            text.setTextRenderMode(_FILL)
        told = actual_text(run)
        if run.language or told:
            self.canvas.begin_span(run.language, told)
        self.canvas.drawText(text)
        if run.language or told:
            self.canvas.end_marked()


def show(font: CompositeFont, run: TextRun) -> tuple[float | None, list[bytes | int]]:
    """Return the character spacing for *run*, and its codes with corrections in 1/1000 em.

    Together they place each character within 0.0005 em of its offset.  Justification stretches
    lines evenly, so the spacing (ISO 32000-1, 9.3.2) is mostly sufficient.  Where it is not, the
    codes are divided, with the number by which the next character is moved back in between.
    The spacing is None for a single character, which needs none.
    """
    codes = font.encode(run.text)
    offsets = run.offsets
    if len(offsets) == 1:
        return None, [codes]
    unit = run.size / 1000
    places = zip(offsets, offsets[1:], run.text, strict=False)
    gaps = [after - before - font.advances[char] * unit for before, after, char in places]
    least, most = min(gaps), max(gaps)
    # One spacing is enough if the errors add up to less than half a unit.
    if (most - least) * len(gaps) <= unit / 2:
        return round((least + most) / 2, _PLACES), [codes]
    # Otherwise take the median, and correct the characters that deviate.
    usual = round(sorted(gaps)[len(gaps) // 2], _PLACES)
    strays = accumulate([(usual - gap) / unit for gap in gaps], initial=0.0)
    return usual, _moved(codes, map(round, strays))


def actual_text(run: TextRun) -> str:
    """Return the text of *run* if its glyphs do not tell it (ISO 32000-1, 14.9.4); else empty.

    Vowels above a stack look like a line of their own to programs that extract text.  Text from
    right to left is told by its glyphs: Poppler takes ActualText for visual order, and turns it.
    """
    return run.text if run.glyphs and not is_right_to_left(run.text) else ""


def show_glyphs(font: CompositeFont, run: TextRun) -> Iterator[tuple[float, list[bytes | int]]]:
    """Yield the codes of the glyphs of *run*, with corrections in 1/1000 em, for each rise.

    Each glyph is placed within 0.0005 em; the first is moved from the origin of the run's first
    character.
    """
    unit = run.size / 1000
    pen = run.offsets[0] / unit
    for rise, group in groupby(run.glyphs, attrgetter("rise")):
        parts: list[bytes | int] = []
        for placed in group:
            code, advance = font.encode_glyph(placed.glyph, placed.text)
            back = round(pen - placed.x / unit)
            if back:
                parts.append(back)
            parts.append(code)
            pen += advance - back
        yield round(rise, _PLACES), parts


def _moved(codes: bytes, strays: Iterable[int]) -> list[bytes | int]:
    """Return *codes* divided where a character has to be moved.

    *strays* are the deviations of the characters in 1/1000 em.
    """
    parts: list[bytes | int] = []
    start, back = 0, 0
    for index, stray in enumerate(strays):
        if stray != back:
            parts += [codes[2 * start : 2 * index], stray - back]
            start, back = index, stray
    return [*parts, codes[2 * start :]]


@lru_cache(maxsize=64)
def _colour(colour: str) -> Colour:
    """Return the components of the colour RRGGBB, each 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


class ImageXObject(PDFObject):  # type: ignore[misc]
    """The image XObject of *figure*; the file is read when the object is written."""

    def __init__(self, figure: Figure) -> None:
        self.fingerprint = figure.digest
        self._figure = figure

    def format(self, document: FileWriter) -> bytes:
        """Read the picture and return its stream object."""
        data = self._figure.picture.read_opaque()
        entries, pixels = _png(data) if self._figure.kind == PictureKind.PNG else _jpeg(data)
        common = {"Type": name("XObject"), "Subtype": name("Image")}
        shown: bytes = Stream({**common, **entries}, pixels, encoded=True).format(document)
        return shown


class ImageStore:
    """Writes each distinct picture once, when it is shown for the first time."""

    def __init__(self, canvas: TaggedCanvas) -> None:
        self._canvas = canvas
        self._keys: dict[str, str] = {}

    def place(self, figure: Figure) -> str:
        """Return the key for ``doForm`` of the picture of *figure*, written if it is new."""
        if figure.digest not in self._keys:
            self._keys[figure.digest] = f"{len(self._keys) + 1}"
            self._canvas.add_picture(self._keys[figure.digest], ImageXObject(figure))
        return self._keys[figure.digest]


def _png(data: bytes) -> tuple[Mapping[str, object], bytes]:
    """Return the dictionary entries and the encoded pixels of the PNG file *data*."""
    file = parse_png(data)
    parameters = {
        "Predictor": 15,
        "Colors": 3 if file.colour == PngColour.RGB else 1,
        "BitsPerComponent": file.depth,
        "Columns": file.width,
    }
    entries = {
        "Width": file.width,
        "Height": file.height,
        "ColorSpace": _colour_space(file),
        "BitsPerComponent": file.depth,
        "Filter": name("FlateDecode"),
        "DecodeParms": PDFDictionary(parameters),
    }
    return entries, b"".join(file.packed)


def _colour_space(file: PngFile) -> object:
    if file.colour == PngColour.PALETTE:
        last = len(file.palette) // 3 - 1
        return PDFArray([name("Indexed"), name("DeviceRGB"), last, PDFText(file.palette)])
    return name("DeviceRGB" if file.colour == PngColour.RGB else "DeviceGray")


def _jpeg(data: bytes) -> tuple[Mapping[str, object], bytes]:
    """Return the dictionary entries of the JPEG file *data*, and the file as encoded pixels."""
    file = parse_jpeg(data)
    entries = {
        "Width": file.width,
        "Height": file.height,
        "ColorSpace": name("DeviceRGB" if file.components == 3 else "DeviceGray"),
        "BitsPerComponent": 8,
        "Filter": name("DCTDecode"),
    }
    return entries, data
