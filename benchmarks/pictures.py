"""Screenshots as an office takes them: a page of text with one photograph, always the same.

1280×720, 270 to 300 KB each, as PNG; three of each fourteen carry an alpha channel that
hides nothing, as screenshot programs write it.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from common import FONTS, ROOT
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 720
PER_REPORT = 14
WITH_ALPHA = (3, 8, 13)
_PHOTO = (240, 150)
_NOISE = 0.06


def words() -> str:
    """Return Chinese text to fill the pages with."""
    text = (ROOT / "samples" / "fuyang-emergency-2020" / "正文.md").read_text(encoding="utf-8")
    return "".join(re.findall("[一-鿿，。；、]", text)) * 3


def draw(number: int, path: Path, text: str) -> None:
    """Draw picture *number* into *path*."""
    chance = random.Random(number)  # noqa: S311 - the same picture every time
    big, middle, small = (
        ImageFont.truetype(str(FONTS / "NotoSansSC-Regular.subset.ttf"), size)
        for size in (34, 20, 15)
    )
    picture = Image.new("RGB", (WIDTH, HEIGHT), (246, 248, 250))
    pen = ImageDraw.Draw(picture)
    base = (chance.randrange(10, 60), chance.randrange(70, 120), chance.randrange(150, 210))
    for y in range(96):
        pen.line([(0, y), (WIDTH, y)], fill=tuple(min(255, part + y // 2) for part in base))
    start = chance.randrange(len(text) - 3000)
    pen.text((40, 26), text[start : start + 22], font=big, fill="white")
    pen.rectangle([0, 96, WIDTH, 132], fill=(225, 232, 242))
    for i in range(8):
        at = start + 40 + i * 5
        pen.text((40 + i * 150, 103), text[at : at + 4], font=middle, fill=(40, 60, 110))
    picture.paste(_photograph(chance), (940, 160))
    for i in range(11):
        y, at = 158 + i * 50, start + 100 + i * 60
        pen.text((50, y), "·" + text[at : at + 40], font=small, fill=(30, 30, 30))
        date = f"2020-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        pen.text((800, y), date, font=small, fill=(130, 130, 130))
    for i in range(6):
        at = start + 1800 + i * 20
        pen.text((940, 380 + i * 50), text[at : at + 18], font=small, fill=(50, 50, 50))
    if number % PER_REPORT in WITH_ALPHA:
        picture.putalpha(255)
    picture.save(path, compress_level=6)


def _photograph(chance: random.Random) -> Image.Image:
    """Return smooth noise: what makes a real screenshot heavy."""
    width, height = _PHOTO
    smooth = Image.frombytes("RGB", (12, 8), chance.randbytes(12 * 8 * 3)).resize(
        _PHOTO, Image.Resampling.BICUBIC
    )
    noise = Image.frombytes("RGB", _PHOTO, chance.randbytes(width * height * 3))
    return Image.blend(smooth, noise, _NOISE)
