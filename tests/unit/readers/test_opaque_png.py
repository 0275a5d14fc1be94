"""PNG files with an alpha channel that hides nothing, against what Pillow decodes."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from reportgen.readers import opaque_png
from reportgen.readers.image_bytes import PNG_SIGNATURE, read_png
from reportgen.readers.opaque_png import without_alpha

CHANNELS = {4: 2, 6: 4}


def chunk(name: bytes, part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))


def png(
    width: int, height: int, colour: int, rows: bytes, *extra: bytes, depth: int = 8, lace: int = 0
) -> bytes:
    """Return a PNG file of the filtered *rows*, *extra* chunks before them."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, lace)
    parts = [chunk(b"IHDR", head), *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return PNG_SIGNATURE + b"".join(parts)


def filtered(pixels: bytes, stride: int, step: int, kinds: bytes) -> bytes:
    """Return *pixels* with each row filtered by its kind (PNG, clause 9), pixel by pixel."""
    result = bytearray()
    above = bytes(stride)
    for kind, at in zip(kinds, range(0, len(pixels), stride), strict=True):
        row = pixels[at : at + stride]
        result.append(kind)
        for k, value in enumerate(row):
            left = row[k - step] if k >= step else 0
            corner = above[k - step] if k >= step else 0
            guess = (0, left, above[k], (left + above[k]) // 2, paeth(left, above[k], corner))
            result.append((value - guess[kind]) % 256)
        above = row
    return bytes(result)


def paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


@st.composite
def pictures(draw: st.DrawFn) -> tuple[int, int, int, bytes, bytes]:
    """Return width, height, colour type, opaque pixels and a filter for each row."""
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    colour = draw(st.sampled_from([4, 6]))
    step = CHANNELS[colour]
    chance = random.Random(draw(st.integers(0, 1 << 30)))  # noqa: S311 - pixels
    pixels = bytearray(chance.randbytes(width * height * step))
    pixels[step - 1 :: step] = b"\xff" * (width * height)
    kinds = bytes(draw(st.lists(st.integers(0, 4), min_size=height, max_size=height)))
    return width, height, colour, bytes(pixels), kinds


def rgb(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return bytes(picture.convert("RGB").tobytes())


@given(pictures())
def test_an_opaque_picture_looks_the_same_without_its_alpha(
    picture: tuple[int, int, int, bytes, bytes],
) -> None:
    width, height, colour, pixels, kinds = picture
    step = CHANNELS[colour]
    data = png(width, height, colour, filtered(pixels, width * step, step, kinds))
    bare = without_alpha(data)
    assert bare
    assert (bare.width, bare.height) == (width, height)
    assert rgb(bare.data) == rgb(data)
    again = read_png(bare.data)
    assert again.is_plain
    assert again.data == bare.data


@given(pictures(), st.data())
def test_one_pixel_seen_through_is_found(
    picture: tuple[int, int, int, bytes, bytes], data: st.DataObject
) -> None:
    width, height, colour, opaque, kinds = picture
    step = CHANNELS[colour]
    pixels = bytearray(opaque)
    where = data.draw(st.integers(0, width * height - 1))
    pixels[where * step + step - 1] = data.draw(st.integers(0, 254))
    rows = filtered(bytes(pixels), width * step, step, kinds)
    assert without_alpha(png(width, height, colour, rows)) is None


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["RGBA", "LA"]))
def test_files_that_pillow_writes(width: int, height: int, mode: str) -> None:
    noise = Image.frombytes("L", (width, height), random.Random(1).randbytes(width * height))  # noqa: S311
    buffer = io.BytesIO()
    noise.convert(mode).save(buffer, "PNG")
    bare = without_alpha(buffer.getvalue())
    assert bare
    assert rgb(bare.data) == rgb(buffer.getvalue())


def test_a_large_picture_is_taken_stripe_by_stripe(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = Image.frombytes("RGB", (50, 70), random.Random(2).randbytes(50 * 70 * 3))  # noqa: S311
    buffer = io.BytesIO()
    noise.convert("RGBA").save(buffer, "PNG")
    for stripe in (1, 500, 1005):
        monkeypatch.setattr(opaque_png, "_STRIPE", stripe)
        bare = without_alpha(buffer.getvalue())
        assert bare
        assert rgb(bare.data) == noise.tobytes()


ROWS = b"\0" + b"\1\2\3\xff" * 2


def test_the_plain_example_is_taken() -> None:
    text = chunk(b"tEXt", b"Software\0a screenshot program")
    assert without_alpha(png(2, 1, 6, ROWS, text))


DOUBTFUL = {
    "rgb": png(2, 1, 2, b"\0" + b"\1\2\3" * 2),
    "16-bit": png(2, 1, 6, b"\0" + b"\0\1\0\2\0\3\xff\xff" * 2, depth=16),
    "interlaced": png(2, 1, 6, ROWS, lace=1),
    "exif": png(2, 1, 6, ROWS, chunk(b"eXIf", b"MM\0*")),
    "exif-text": png(2, 1, 6, ROWS, chunk(b"zTXt", b"Raw profile type exif\0\0")),
    "xmp": png(2, 1, 6, ROWS, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0")),
    "key-colour": png(2, 1, 6, ROWS, chunk(b"tRNS", b"\0\1\0\2\0\3")),
    "unknown": png(2, 1, 6, ROWS, chunk(b"ABCD", b"")),
    "no-width": png(0, 1, 6, b"\0"),
    "no-height": png(2, 0, 6, b""),
    "no-such-filter": png(2, 1, 6, b"\5" + ROWS[1:]),
    "too-few": png(2, 1, 6, ROWS[:-1]),
    "too-many": png(2, 1, 6, ROWS + b"\0"),
    "not-zlib": png(2, 1, 6, ROWS).replace(
        chunk(b"IDAT", zlib.compress(ROWS)), chunk(b"IDAT", b"broken")
    ),
    "no-checksum": png(2, 1, 6, ROWS).replace(
        chunk(b"IDAT", zlib.compress(ROWS)), chunk(b"IDAT", zlib.compress(ROWS)[:-2])
    ),
    "cut": png(2, 1, 6, ROWS)[:-20],
    "headless": PNG_SIGNATURE + chunk(b"IEND", b""),
    "short-head": PNG_SIGNATURE + chunk(b"IHDR", b"short") + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("data", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_for_a_decoder_to_judge(data: bytes) -> None:
    assert without_alpha(data) is None


def test_orientation_in_pillow_s_own_words_is_left_to_the_decoder() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    Image.new("RGBA", (3, 2), "red").save(buffer, "PNG", exif=exif, pnginfo=info)
    assert without_alpha(buffer.getvalue()) is None
