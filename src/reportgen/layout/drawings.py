"""Charts and QR codes of a document: drawn once for all outputs, with the fonts of the document.

HTML takes the drawing, the pages its shapes with the labels set in runs of text, and DOCX a PNG
of both.  Lengths are points.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from reportgen.charts import Anchor, ChartLabel, Drawing
from reportgen.document.nodes import CHART_STYLE, Document, Figure, FigureGroup, has_charts
from reportgen.fonts import FontSet, font_errors, glyph_contours
from reportgen.layout.items import DrawnFigure, TextRun
from reportgen.layout.runs import natural, place_fragment, scaled
from reportgen.layout.text import UNBROKEN, Line, set_lines
from reportgen.pictures import PT_PER_PIXEL
from reportgen.styles import Style, StyleSheet
from reportgen.text import Run

if TYPE_CHECKING:
    from reportgen.charts.raster import PlacedOutline, PlacedText


def draw_charts(document: Document, fonts: FontSet) -> Document:
    """Return *document* with its charts and QR codes drawn, in the width each is to have."""
    if not has_charts(document):
        return document
    artist = _Artist(document.sheet, fonts)
    blocks = (
        FigureGroup(tuple(map(artist.drawn, block.figures)))
        if isinstance(block, FigureGroup)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


class _Artist:
    """Draws the figures of one document."""

    def __init__(self, sheet: StyleSheet, fonts: FontSet) -> None:
        self._sheet = sheet
        self._fonts = fonts

    def drawn(self, figure: Figure) -> Figure:
        """Return *figure* with its drawing, if it is a chart or a QR code."""
        if figure.what is None:
            return figure
        from reportgen.charts.painting import draw  # loads reportlab's charts

        width = self._sheet.page.text_width * (figure.width or 1.0)
        drawing = draw(figure.what, width, self._text_width)
        pixels = round(width / PT_PER_PIXEL), round(drawing.height / PT_PER_PIXEL)
        made = replace(figure, drawing=drawing, pixels=pixels)
        runs = label_runs(made, self._sheet, self._fonts)
        return replace(made, picture=DrawnPicture(drawing, runs, self._fonts))

    def _text_width(self, text: str, size: float) -> float:
        left, right = _edges(_set(text, size, self._sheet, self._fonts)[0])
        return right - left


class DrawnPicture(Struct, frozen=True, eq=False):
    """A drawing as a picture, which is rasterised when its bytes are read."""

    drawing: Drawing
    runs: tuple[TextRun, ...]
    fonts: FontSet

    def read(self) -> bytes:
        """Return the drawing as a PNG in the resolution of print."""
        from reportgen.charts.raster import rasterise

        texts = chain.from_iterable(map(self._texts, self.runs))
        size = self.drawing.width, self.drawing.height
        return rasterise(size, self.drawing.shapes, texts)

    read_opaque = read

    def _texts(self, run: TextRun) -> Iterator[PlacedText | PlacedOutline]:
        """Yield what is drawn for *run*: its characters, or the glyphs of a shaped text."""
        from reportgen.charts.raster import PlacedOutline, PlacedText

        face = self.fonts.face(run.face)
        if not run.glyphs:
            place = (run.x, run.y, run.size, run.text, run.offsets)
            yield PlacedText(*place, face.path, face.index, run.colour)
        for glyph in run.glyphs:
            left, base = run.x + glyph.x, run.y - glyph.rise
            with font_errors(face.path):
                contours = glyph_contours(face.hb_font, glyph.glyph)
            placed = (
                tuple((left + x * run.size, base - y * run.size) for x, y in contour)
                for contour in contours
            )
            yield PlacedOutline(tuple(placed), run.colour)


def label_runs(figure: Figure, sheet: StyleSheet, fonts: FontSet) -> tuple[TextRun, ...]:
    """Return the labels of a drawn *figure* as runs, relative to its upper left corner."""
    if figure.drawing is None:
        return ()
    return tuple(
        run for label in figure.drawing.labels for run in _runs_of(label, figure, sheet, fonts)
    )


def _runs_of(label: ChartLabel, figure: Figure, sheet: StyleSheet, fonts: FontSet) -> list[TextRun]:
    line, style = _set(label.text, label.size, sheet, fonts)
    left, right = _edges(line)
    back = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[label.anchor]
    origin = label.x - back * (right - left) - left
    style = replace(style, colour=label.colour)
    return [place_fragment(part, style, origin, label.y, figure) for part in line.fragments]


def _set(text: str, size: float, sheet: StyleSheet, fonts: FontSet) -> tuple[Line, Style]:
    """Return *text* set on one line, and its style."""
    style = scaled(natural(sheet[CHART_STYLE]), size)
    return set_lines((Run(text),), style, UNBROKEN, fonts)[0], style


def _edges(line: Line) -> tuple[float, float]:
    """Return the left and the right edge of the text on *line*.

    Its fragments are in the order in which they are read, not from left to right.
    """
    lefts = (fragment.x for fragment in line.fragments)
    rights = (fragment.x + fragment.width for fragment in line.fragments)
    # Characters that no font draws, in a draft, leave no fragment.
    return min(lefts, default=0.0), max(rights, default=0.0)


def place_drawing(
    figure: Figure, runs: tuple[TextRun, ...], x: float, y: float, width: float
) -> DrawnFigure:
    """Return the drawing of *figure* with its upper left corner at (*x*, *y*), *width* wide.

    *runs* are its labels; they are scaled with it.
    """
    drawing = figure.drawing
    assert drawing is not None  # noqa: S101 - the caller has a drawing
    scale = width / drawing.width
    shapes = tuple(
        replace(
            shape,
            points=tuple((x + scale * left, y + scale * top) for left, top in shape.points),
            width=shape.width * scale,
        )
        for shape in drawing.shapes
    )
    placed = tuple(
        replace(
            run,
            x=x + scale * run.x,
            y=y + scale * run.y,
            size=scale * run.size,
            offsets=tuple(scale * offset for offset in run.offsets),
            width=scale * run.width,
            glyphs=tuple(
                glyph._replace(x=scale * glyph.x, rise=scale * glyph.rise) for glyph in run.glyphs
            ),
        )
        for run in runs
    )
    return DrawnFigure(x, y, width, drawing.height * scale, figure, shapes, placed)
