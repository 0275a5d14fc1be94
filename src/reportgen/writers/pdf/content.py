"""Content streams: the items of a page, painted on reportlab's canvas (ISO 32000-1, 14.6).

Pages count from the upper left corner downwards, PDF from the lower left
upwards; the sign changes here.  What is placed outside of the content stream
goes through :mod:`reportgen.writers.pdf.links`.

Pictures are image XObjects, passed through undecoded.
A picture comes as a PNG of 8 bits or less without interlace or alpha, whose pixel data
already are a FlateDecode stream with PNG predictors (ISO 32000-1, 7.4.4.4), or as a JPEG
of one or three components, which is a DCTDecode stream (7.4.8).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFObject, PDFText

from reportgen.document.nodes import Figure
from reportgen.layout.items import Fill, Image, Page, RuleLine, TextRun, TurnedText
from reportgen.pictures import PictureKind, PngColour, PngFile, parse_jpeg, parse_png
from reportgen.writers.pdf.canvas import Colour, EncodedText, FileWriter, Stream, TaggedCanvas, name
from reportgen.writers.pdf.fonts import CompositeFont, FontBook
from reportgen.writers.pdf.links import LinkBook, Outline, on_sheet, open_sheet
from reportgen.writers.pdf.structure import Element, StructureTree
from reportgen.writers.pdf.tagging import Index

Artifact: TypeAlias = Mapping[str, str]
"""The properties of an artifact (table 330)."""

_LAYOUT: Artifact = {"Type": "Layout"}
_PAGINATION: Mapping[str, Artifact] = {
    "header": {"Type": "Pagination", "Subtype": "Header"},
    "footer": {"Type": "Pagination", "Subtype": "Footer"},
    "watermark": {"Type": "Pagination", "Subtype": "Watermark"},
}

_PLACES = 5  # of a spacing in points: a line of characters adds up to nothing that could be seen
_FILL, _FILL_AND_STROKE = 0, 2  # text rendering modes, table 106

Target: TypeAlias = Element | Artifact
"""Where content belongs."""


class Painter(Struct):
    """What the pages of one file share, and how far the open page has come."""

    canvas: TaggedCanvas
    fonts: FontBook
    images: ImageStore
    links: LinkBook
    outline: Outline
    tree: StructureTree
    index: Index
    _target: Target | None = None

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
            else:
                self._turned(page, item)
        self._enter(None)
        self.links.close_page(page)
        self.outline.add(self.canvas, page)
        self.canvas.end_page(key)

    def _text(self, page: Page, run: TextRun) -> None:
        """Set *run* with every character at its own offset."""
        if not run.text:
            return
        self._enter(self._target_of(run))
        x, y = run.x + run.offsets[0], page.height - run.y
        if run.shear:
            self._show(run, self._text_at(1, 0, run.shear, 1, x, y))
        else:
            self._show(run, self.canvas.beginText(x, y))

    def _turned(self, page: Page, turned: TurnedText) -> None:
        """Set the text *turned* about its point."""
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
        element = self.index[id(image.node), "text"]
        corner = image.x + image.width, image.y + image.height
        element.place([round(edge, 2) for edge in on_sheet(page, image.x, image.y, *corner)])
        self._enter(element)
        foot = page.height - image.y - image.height
        self.canvas.saveState()
        self.canvas.transform(image.width, 0, 0, image.height, image.x, foot)
        self.canvas.doForm(self.images.place(image.node))
        self.canvas.restoreState()

    def _target_of(self, run: TextRun) -> Target:
        if run.node is None:
            return _PAGINATION.get(run.artifact, _LAYOUT)
        return self.links.target(self.index[id(run.node), run.part], run)

    def _enter(self, target: Target | None) -> None:
        """Let what follows belong to *target*, or end what is open."""
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
        """Return text that begins at the origin of *matrix*."""
        text = self.canvas.beginText()
        text.setTextTransform(*matrix)
        return text

    def _show(self, run: TextRun, text: EncodedText) -> None:
        """Show the characters of *run* as *text*."""
        font = self.fonts.use(run.face)
        spacing, parts = show(font, run)
        colour = _colour(run.colour)
        self.canvas.set_fill(colour)
        if run.stroke:
            self.canvas.set_stroke(colour, run.stroke)
        text.set_font(font.resource, run.size)
        if spacing is not None:
            text.set_spacing(spacing)
        if run.stroke:  # bold without a bold face: the outlines are stroked too
            text.setTextRenderMode(_FILL_AND_STROKE)
        text.show(parts)
        if run.stroke:
            text.setTextRenderMode(_FILL)
        self.canvas.drawText(text)


def show(font: CompositeFont, run: TextRun) -> tuple[float | None, list[bytes | int]]:
    """Return the character spacing that *run* needs (None: any), and its codes.

    Together they place each character within 0.0005 em of its offset.  Lines are
    widened or narrowed evenly, so the spacing (9.3.2) mostly does it all; before a
    character that strays from it stands by how many 1/1000 em it is moved back.
    """
    codes = font.encode(run.text)
    offsets = run.offsets
    if len(offsets) == 1:
        return None, [codes]
    unit = run.size / 1000
    places = zip(offsets, offsets[1:], run.text, strict=False)
    gaps = [after - before - font.advances[char] * unit for before, after, char in places]
    least, most = min(gaps), max(gaps)
    if (most - least) * len(gaps) <= unit / 2:
        return round((least + most) / 2, _PLACES), [codes]
    usual = round(sorted(gaps)[len(gaps) // 2], _PLACES)
    strays = accumulate([(usual - gap) / unit for gap in gaps], initial=0.0)
    return usual, _moved(codes, map(round, strays))


def _moved(codes: bytes, strays: Iterable[int]) -> list[bytes | int]:
    """Return *codes* with each character moved back by what it strays, in 1/1000 em."""
    parts: list[bytes | int] = []
    start, back = 0, 0
    for index, stray in enumerate(strays):
        if stray != back:
            parts += [codes[2 * start : 2 * index], stray - back]
            start, back = index, stray
    return [*parts, codes[2 * start :]]


@lru_cache(maxsize=64)
def _colour(colour: str) -> Colour:
    """Return the parts of the colour RRGGBB, 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


class ImageXObject(PDFObject):  # type: ignore[misc]
    """The image XObject of *figure*, whose file is read when the object is written."""

    def __init__(self, figure: Figure) -> None:
        self.fingerprint = figure.digest
        self._figure = figure

    def format(self, document: FileWriter) -> bytes:
        """Return the stream."""
        data = self._figure.picture.read_opaque()
        entries, pixels = _png(data) if self._figure.kind == PictureKind.PNG else _jpeg(data)
        common = {"Type": name("XObject"), "Subtype": name("Image")}
        shown: bytes = Stream({**common, **entries}, pixels, encoded=True).format(document)
        return shown


class ImageStore:
    """Writes each distinct picture once, when it is first shown."""

    def __init__(self, canvas: TaggedCanvas) -> None:
        self._canvas = canvas
        self._keys: dict[str, str] = {}

    def place(self, figure: Figure) -> str:
        """Return the key by which the canvas shows the picture of *figure*."""
        if figure.digest not in self._keys:
            self._keys[figure.digest] = f"{len(self._keys) + 1}"
            self._canvas.add_picture(self._keys[figure.digest], ImageXObject(figure))
        return self._keys[figure.digest]


def _png(data: bytes) -> tuple[Mapping[str, object], bytes]:
    """Return the entries and the encoded pixels of the PNG file *data*."""
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
    """Return the entries of the JPEG file *data*, and the file, which is the encoded pixels."""
    file = parse_jpeg(data)
    entries = {
        "Width": file.width,
        "Height": file.height,
        "ColorSpace": name("DeviceRGB" if file.components == 3 else "DeviceGray"),
        "BitsPerComponent": 8,
        "Filter": name("DCTDecode"),
    }
    return entries, data
