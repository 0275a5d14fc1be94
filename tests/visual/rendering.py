"""Pages as grey pictures, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from PIL import Image, ImageChops, ImageStat

POINTS_PER_INCH = 72
GREYS = 16  # a reference of sixteen greys takes half the room and shows as much
BLOCK = 12  # pixels; about two lines of text at the references' resolution


def render_pages(pdf: bytes, dpi: float) -> Iterator[Image.Image]:
    """Yield the pages of *pdf* in grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            yield _render(document[number], dpi)
    finally:
        document.close()


def render_page(pdf: bytes, number: int, dpi: float) -> Image.Image:
    """Return page *number*, from 1, of *pdf*."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return _render(document[number - 1], dpi)
    finally:
        document.close()


def _render(page: pypdfium2.PdfPage, dpi: float) -> Image.Image:
    picture: Image.Image = page.render(scale=dpi / POINTS_PER_INCH).to_pil()
    page.close()
    return picture.convert("L")


def to_png(picture: Image.Image) -> bytes:
    """Return *picture* as a small PNG in few greys."""
    few = picture.point(lambda grey: round(grey * (GREYS - 1) / 255))
    few = few.convert("P")
    few.putpalette([value for level in range(GREYS) for value in [level * 17] * 3])
    stream = BytesIO()
    few.save(stream, "PNG", bits=4, optimize=True)
    return stream.getvalue()


@dataclass(frozen=True)
class Distance:
    """How far two pictures are apart: the mean of all pixels, and of the worst block; 0 to 255."""

    mean: float
    worst: float
    place: tuple[int, int] = (0, 0)  # of the worst block, in pixels


def compare(expected: Image.Image, actual: Image.Image) -> Distance:
    """Return the distance of two pictures; 255 when their sizes differ.

    Blocks are compared by their mean grey, which another rasteriser's smoothing of
    edges leaves alone and a moved line or a missing mark does not.
    """
    if expected.size != actual.size:
        return Distance(255.0, 255.0)
    mean = ImageStat.Stat(ImageChops.difference(expected, actual)).mean[0]
    size = max(1, expected.width // BLOCK), max(1, expected.height // BLOCK)
    blocks = [picture.resize(size, Image.Resampling.BOX) for picture in (expected, actual)]
    apart = ImageChops.difference(*blocks)
    levels = list(apart.tobytes())
    worst = max(range(len(levels)), key=levels.__getitem__)
    return Distance(mean, float(levels[worst]), (worst % size[0] * BLOCK, worst // size[0] * BLOCK))


def show_difference(expected: Image.Image, actual: Image.Image) -> Image.Image:
    """Return both pictures over each other: magenta what is gone, cyan what is new."""
    size = max(expected.width, actual.width), max(expected.height, actual.height)
    old, new = (_padded(picture, size) for picture in (expected, actual))
    return Image.merge("RGB", (new, old, ImageChops.lighter(old, new)))


def _padded(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    whole = Image.new("L", size, 255)
    whole.paste(picture, (0, 0))
    return whole
