"""Tests of removing an opaque alpha channel, with zlib and zlib-ng; and of damaged JPEG scans."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import random
import struct
import zlib
from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reportgen.pictures import PictureKind, conversion
from reportgen.pictures.conversion import convert, inspect, is_garbled, is_opaque, without_alpha
from reportgen.pictures.formats import (
    Damaged,
    TooLarge,
    holds_only_rows,
    parse_jpeg,
    parse_png,
    read_png,
)
from reportgen.pictures.kinds import PNG_SIGNATURE


def chunk(name: bytes, part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))


def png(
    width: int,
    height: int,
    rows: bytes,
    *extra: bytes,
    colour: int = 6,
    depth: int = 8,
    lace: int = 0,
) -> bytes:
    """Return a PNG file of the filtered *rows*, *extra* chunks before them."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, lace)
    parts = [chunk(b"IHDR", head), *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return PNG_SIGNATURE + b"".join(parts)


def filtered(pixels: bytes, stride: int, kinds: bytes) -> bytes:
    """Return RGBA *pixels* with each row filtered by its kind (PNG, clause 9), byte by byte."""
    result = bytearray()
    above = bytes(stride)
    for kind, at in zip(kinds, range(0, len(pixels), stride), strict=True):
        row = pixels[at : at + stride]
        result.append(kind)
        for k, value in enumerate(row):
            left = row[k - 4] if k >= 4 else 0
            corner = above[k - 4] if k >= 4 else 0
            guess = (0, left, above[k], (left + above[k]) // 2, paeth(left, above[k], corner))
            result.append((value - guess[kind]) % 256)
        above = row
    return bytes(result)


def paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


@st.composite
def pictures(draw: st.DrawFn) -> tuple[int, int, bytes, bytes]:
    """Return width, height, opaque pixels and a filter for each row."""
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    chance = random.Random(draw(st.integers(0, 1 << 30)))
    pixels = bytearray(chance.randbytes(width * height * 4))
    pixels[3::4] = b"\xff" * (width * height)
    kinds = bytes(draw(st.lists(st.integers(0, 4), min_size=height, max_size=height)))
    return width, height, bytes(pixels), kinds


def saved(picture: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", **options)
    return buffer.getvalue()


def noise(width: int, height: int) -> Image.Image:
    pixels = random.Random(1).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), pixels)


def rgb(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return bytes(picture.convert("RGB").tobytes())


@given(pictures())
def test_an_opaque_picture_looks_the_same_without_its_alpha(
    picture: tuple[int, int, bytes, bytes],
) -> None:
    width, height, pixels, kinds = picture
    data = png(width, height, filtered(pixels, width * 4, kinds))
    assert is_opaque(data)
    bare = without_alpha(data)
    assert rgb(bare) == rgb(data)
    again = read_png(bare)
    assert (again.width, again.height, again.is_plain) == (width, height, True)
    assert again.data is bare


@given(pictures(), st.data())
def test_one_pixel_seen_through_is_found(
    picture: tuple[int, int, bytes, bytes], data: st.DataObject
) -> None:
    width, height, opaque, kinds = picture
    pixels = bytearray(opaque)
    where = data.draw(st.integers(0, width * height - 1))
    pixels[where * 4 + 3] = data.draw(st.integers(0, 254))
    assert not is_opaque(png(width, height, filtered(bytes(pixels), width * 4, kinds)))


@given(st.integers(1, 40), st.integers(1, 40))
def test_files_that_pillow_writes(width: int, height: int) -> None:
    data = saved(noise(width, height).convert("RGBA"))
    assert is_opaque(data)
    assert rgb(without_alpha(data)) == noise(width, height).tobytes()


@pytest.mark.parametrize("rows", [1, 2, 69, 70, 71])
def test_a_large_picture_is_taken_stripe_by_stripe(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "_STRIPE", rows)
    data = saved(noise(50, 70).convert("RGBA"))
    assert is_opaque(data)
    assert rgb(without_alpha(data)) == noise(50, 70).tobytes()


ROWS = b"\0" + b"\1\2\3\xff" * 2


def test_the_plain_example_is_taken() -> None:
    text = chunk(b"tEXt", b"Software\0a screenshot program")
    assert is_opaque(png(2, 1, ROWS, text))


DOUBTFUL = {
    "rgb": png(2, 1, b"\0" + b"\1\2\3" * 2, colour=2),
    "grey": png(2, 1, b"\0" + b"\1\xff" * 2, colour=4),
    "16-bit": png(2, 1, b"\0" + b"\0\1\0\2\0\3\xff\xff" * 2, depth=16),
    "interlaced": png(2, 1, ROWS, lace=1),
    "exif": png(2, 1, ROWS, chunk(b"eXIf", b"MM\0*")),
    "exif-text": png(2, 1, ROWS, chunk(b"zTXt", b"Raw profile type exif\0\0")),
    "xmp": png(2, 1, ROWS, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0")),
    "key-colour": png(2, 1, ROWS, chunk(b"tRNS", b"\0\1\0\2\0\3")),
    "unknown": png(2, 1, ROWS, chunk(b"ABCD", b"")),
    "no-width": png(0, 1, b"\0"),
    "no-height": png(2, 0, b""),
    "no-such-filter": png(2, 1, b"\5" + ROWS[1:]),
    "too-few": png(2, 1, ROWS[:-1]),
    "too-many": png(2, 1, ROWS + b"\0"),
    "not-zlib": png(2, 1, ROWS).replace(
        chunk(b"IDAT", zlib.compress(ROWS)), chunk(b"IDAT", b"broken")
    ),
    "no-checksum": png(2, 1, ROWS).replace(
        chunk(b"IDAT", zlib.compress(ROWS)), chunk(b"IDAT", zlib.compress(ROWS)[:-2])
    ),
    "cut": png(2, 1, ROWS)[:-20],
    "headless": PNG_SIGNATURE + chunk(b"IEND", b""),
    "short-head": PNG_SIGNATURE + chunk(b"IHDR", b"short") + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("data", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_for_a_decoder_to_judge(data: bytes) -> None:
    assert not is_opaque(data)


@pytest.mark.parametrize("name", ["rgb", "too-few", "not-zlib", "cut"])
def test_what_is_another_picture_by_now_is_refused(name: str) -> None:
    with pytest.raises(Damaged):
        without_alpha(DOUBTFUL[name])


def test_orientation_in_pillow_s_own_words_is_left_to_the_decoder() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert not is_opaque(saved(Image.new("RGBA", (3, 2), "red"), exif=exif))


def libraries() -> list[ModuleType]:
    """Return the libraries that are installed."""
    try:
        from zlib_ng import zlib_ng
    except ImportError:
        return [zlib]
    return [zlib, zlib_ng]


def packed(library: ModuleType, *pieces: bytes) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conversion, "packing", lambda: library)
        packer = conversion.deflater()
        return b"".join((*(packer.compress(piece) for piece in pieces), packer.flush()))


def rows(seed: int, count: int) -> list[bytes]:
    """Return *count* pieces such as pictures are made of: runs, repeated pieces and noise."""
    chance = random.Random(seed)
    noise = chance.randbytes(500)
    return [
        bytes([chance.randrange(256)]) * chance.randrange(5_000)
        + noise[: chance.randrange(500)]
        + chance.randbytes(chance.randrange(2_000))
        for _ in range(count)
    ]


@given(st.integers(0, 1 << 30), st.integers(0, 40))
def test_every_library_makes_the_same_bytes(seed: int, count: int) -> None:
    pieces = rows(seed, count)
    standard, *others = (packed(library, *pieces) for library in libraries())
    assert zlib.decompress(standard) == b"".join(pieces)
    assert all(other == standard for other in others)


def test_the_bytes_are_those_of_any_other_machine() -> None:
    found = {hashlib.sha256(packed(library, *rows(7, 60))).hexdigest() for library in libraries()}
    assert found == {"f908d9b45e9c011a07e66fe8058dbb7e7983742235a91e3befb388a03dc4bebe"}


@pytest.mark.parametrize("library", libraries(), ids=lambda library: library.__name__)
def test_what_was_packed_is_unpacked_piece_by_piece(
    library: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(library, *rows(1, 20))
    monkeypatch.setattr(conversion, "packing", lambda: library)
    unpacker, found = library.decompressobj(), []
    while data:
        found.append(unpacker.decompress(data, 1_000))
        data = unpacker.unconsumed_tail
    assert unpacker.eof
    assert b"".join(found) == b"".join(rows(1, 20))


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "group4"])
def test_a_damaged_tiff_writes_nothing_to_the_terminal(
    compression: str, capfd: pytest.CaptureFixture[str]
) -> None:
    buffer = io.BytesIO()
    mode = "1" if compression == "group4" else "L"
    Image.effect_noise((90, 90), 50).convert(mode).save(buffer, "TIFF", compression=compression)
    data = bytearray(buffer.getvalue())
    for at in range(8, len(data), 23):
        broken = bytes(data[:at]) + b"\xff\0\x81" + bytes(data[at + 3 :])
        with contextlib.suppress(Damaged, TooLarge):
            inspect(broken, PictureKind.TIFF)
    os.write(2, b"end")
    assert capfd.readouterr().err == "end"


def jpeg(picture: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **options)
    return stream.getvalue()


def with_scan(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return the JPEG *data* with its scan, the bytes before EOI, changed."""
    start = data.index(b"\xff\xda") + 2
    start += int.from_bytes(data[start : start + 2], "big")
    return data[:start] + change(data[start:-2]) + data[-2:]


def garbage(scan: bytes) -> bytes:
    return bytes(byte % 255 for byte in random.Random(len(scan)).randbytes(len(scan)))


GRADIENT = Image.radial_gradient("L").resize((640, 480)).convert("RGB")


@pytest.mark.parametrize(
    "change",
    [
        garbage,
        lambda scan: scan[: len(scan) // 2] + garbage(scan[len(scan) // 2 :]),
        lambda scan: scan[: len(scan) // 2] + bytes(len(scan) - len(scan) // 2),
        lambda scan: scan[: len(scan) // 2],
        lambda scan: scan + garbage(scan),
    ],
    ids=["all garbage", "half garbage", "half zero", "half missing", "garbage behind it"],
)
def test_a_scan_of_another_picture_is_found(change: Callable[[bytes], bytes]) -> None:
    data = jpeg(GRADIENT, quality=90)
    assert not is_garbled(parse_jpeg(data))
    assert is_garbled(parse_jpeg(with_scan(data, change)))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"optimize": True},
        {"quality": 97, "subsampling": 0},
        {"restart_marker_rows": 2},
        {"progressive": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_sound_scan_is_not_taken_for_another(mode: str, options: dict[str, object]) -> None:
    blank_below = Image.new("RGB", (900, 700), "white")
    blank_below.paste(GRADIENT.resize((900, 60)))
    blank = Image.new("RGB", (1300, 900), "white")
    for picture in (GRADIENT, blank_below, blank, GRADIENT.resize((2000, 9))):
        assert not is_garbled(parse_jpeg(jpeg(picture.convert(mode), **options)))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("height", [1, 95, 96, 97, 300])
def test_a_large_picture_packed_by_strips_looks_the_same(
    mode: str, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey = Image.linear_gradient("L").resize((70, height))
    picture = grey.convert("I").point(lambda v: v * 257) if mode == "I;16" else grey.convert("RGBA")
    if mode in ("LA", "RGBA"):
        picture.putalpha(Image.radial_gradient("L").resize((70, height)))
    stream = io.BytesIO()
    picture.convert(mode).save(stream, "PNG")
    whole = Image.open(io.BytesIO(convert(stream.getvalue(), PictureKind.PNG)))
    monkeypatch.setattr(conversion, "_MANY_PIXELS", 0)
    made = convert(stream.getvalue(), PictureKind.PNG)
    assert Image.open(io.BytesIO(made)).tobytes() == whole.convert("RGB").tobytes()
    assert holds_only_rows(parse_png(made))
