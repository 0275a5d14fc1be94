"""A drawing as a PNG, for formats that show no vectors in every program.

Pillow draws it at twice the resolution and reduces it, so edges are smooth; the characters are
drawn from the font files that the pages use, letters that join as the outlines of their glyphs:
Pillow joins none without a library of the system.  Lengths are points.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageChops, ImageDraw, ImageFont

from reportgen.charts.drawing import Shape

RESOLUTION = 300
"""The pixels per inch of print."""
_FINER = 2
_LEAST_STROKE = 2
"""The least width of a line in the finer picture: a pixel of the picture itself."""


class PlacedText(Struct, frozen=True):
    """Characters of one font file on a base line."""

    x: float
    y: float
    size: float
    text: str
    offsets: tuple[float, ...]
    """The origin of each character relative to ``x``."""
    font: Path
    index: int
    """The number of the face in the file."""
    colour: str = "000000"


class PlacedOutline(Struct, frozen=True):
    """A glyph as polygons; where they turn around each other it is filled or not, as in a font."""

    contours: tuple[tuple[tuple[float, float], ...], ...]
    """The corners, where they stand in the drawing."""
    colour: str = "000000"


def rasterise(
    size: tuple[float, float],
    shapes: Sequence[Shape],
    texts: Iterable[PlacedText | PlacedOutline],
) -> bytes:
    """Return the PNG of *shapes* and *texts* on white, *size* (width and height) large."""
    scale = RESOLUTION / 72
    pixels = round(size[0] * scale), round(size[1] * scale)
    fine = scale * _FINER
    image = Image.new("RGB", (pixels[0] * _FINER, pixels[1] * _FINER), "white")
    pen = ImageDraw.Draw(image)
    for shape in shapes:
        _draw(pen, shape, fine)
    for text in texts:
        if isinstance(text, PlacedOutline):
            _fill(image, text, fine)
        else:
            _write(pen, text, fine)
    small = image.reduce(_FINER).quantize(256, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    small.save(stream, "PNG", compress_level=9)
    return stream.getvalue()


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    points = [(x * scale, y * scale) for x, y in shape.points]
    if shape.fill:
        pen.polygon(points, fill=f"#{shape.fill}")
    if shape.stroke:
        width = max(_LEAST_STROKE, round(shape.width * scale))
        ends = [*points, points[0]] if shape.closed else points
        pen.line(ends, fill=f"#{shape.stroke}", width=width, joint="curve")


def _write(pen: ImageDraw.ImageDraw, text: PlacedText, scale: float) -> None:
    font = _font(text.font, text.index, text.size * scale)
    for char, offset in zip(text.text, text.offsets, strict=True):
        place = ((text.x + offset) * scale, text.y * scale)
        pen.text(place, char, fill=f"#{text.colour}", font=font, anchor="ls")


def _fill(image: Image.Image, outline: PlacedOutline, scale: float) -> None:
    """Fill *outline* where its contours go around unequally often in both directions."""
    contours = [[(x * scale, y * scale) for x, y in contour] for contour in outline.contours]
    points = [point for contour in contours for point in contour]
    if not points:  # a blank
        return
    left, top = (math.floor(min(ends)) for ends in zip(*points, strict=True))
    right, foot = (math.ceil(max(ends)) + 1 for ends in zip(*points, strict=True))
    size = right - left, foot - top
    turns = {True: Image.new("L", size), False: Image.new("L", size)}
    for contour in contours:
        inside = Image.new("L", size)
        ImageDraw.Draw(inside).polygon([(x - left, y - top) for x, y in contour], fill=1)
        turning = _area(contour) > 0
        turns[turning] = ImageChops.add(turns[turning], inside)
    ink = ImageChops.difference(*turns.values()).point(lambda often: 255 if often else 0)
    image.paste(f"#{outline.colour}", (left, top, right, foot), ink)


def _area(contour: Sequence[tuple[float, float]]) -> float:
    """Return twice the area of *contour*, negative for one that turns the other way."""
    ends = zip(contour, [*contour[1:], contour[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in ends)


@lru_cache(maxsize=16)
def _font(path: Path, index: int, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index, layout_engine=ImageFont.Layout.BASIC)
