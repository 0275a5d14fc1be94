"""Pictures drawn for tests: pages of text as screenshots show them, and photographs."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageDraw

from reportgen.files import NO_CACHE
from reportgen.pictures import JudgedPicture
from reportgen.pictures.files import judge_bytes


def page_of_text(width: int, height: int, size: int, *, gap: int | None = None) -> Image.Image:
    """Return a page with lines of *size* pixels; each row of a character has a stroke of its own.

    *gap* is the distance between two lines, by default half a line.
    """
    chance = random.Random(1)
    page = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(page)
    step = size + (size // 2 if gap is None else gap)
    for top in range(size, height - size + 1, step):
        for left in range(size, chance.randint(width // 3, width - size), size):
            _draw_character(draw, left, top, size, chance)
    return page


def _draw_character(
    draw: ImageDraw.ImageDraw, left: int, top: int, size: int, chance: random.Random
) -> None:
    """Draw a stroke in each row of the character."""
    right = left + size * 3 // 4
    for row in range(top, top + size):
        start = chance.randint(left, right)
        draw.line((start, row, min(right, start + size // 3), row), fill="black")


def photograph(width: int, height: int) -> Image.Image:
    """Return a picture with a gradient and noise, as a camera makes it."""
    noise = Image.frombytes("L", (width, height), random.Random(1).randbytes(width * height))
    gradient = Image.linear_gradient("L").resize((width, height))
    return Image.blend(noise, gradient, 0.7).convert("RGB")


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return *picture* as a file of *kind*."""
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def judged(picture: Image.Image, kind: str = "PNG", **options: Any) -> JudgedPicture:
    """Return *picture*, saved as *kind*, as the program reads it."""
    return judge_bytes(saved(picture, kind, **options), NO_CACHE)


def opened(data: bytes) -> Image.Image:
    """Return the picture in the file *data*, decoded."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
