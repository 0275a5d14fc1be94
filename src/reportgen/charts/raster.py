"""A drawing as a PNG, for formats that show no vectors in every program.

Pillow draws it at twice the resolution and reduces it, so edges are smooth; the characters are
drawn from the font files that the pages use.  Lengths are points.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

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


def rasterise(
    size: tuple[float, float], shapes: Sequence[Shape], texts: Iterable[PlacedText]
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
        font = _font(text.font, text.index, text.size * fine)
        for char, offset in zip(text.text, text.offsets, strict=True):
            place = ((text.x + offset) * fine, text.y * fine)
            pen.text(place, char, fill=f"#{text.colour}", font=font, anchor="ls")
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


@lru_cache(maxsize=16)
def _font(path: Path, index: int, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index, layout_engine=ImageFont.Layout.BASIC)
