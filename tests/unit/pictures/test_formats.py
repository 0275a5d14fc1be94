"""Tests of the PNG and JPEG parser, compared with Pillow."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reportgen.pictures import PictureKind, PngColour, parse_jpeg, parse_png
from reportgen.pictures.formats import (
    Damaged,
    foreign_kind,
    image_kind,
    make_png,
    png_header,
    read_jpeg,
    read_png,
)

SIZE = (5, 3)


def saved(mode: str, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, SIZE, 1).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("mode", "depth", "colour"),
    [
        ("1", 1, PngColour.GREY),
        ("L", 8, PngColour.GREY),
        ("LA", 8, PngColour.GREY_ALPHA),
        ("P", 1, PngColour.PALETTE),
        ("RGB", 8, PngColour.RGB),
        ("RGBA", 8, PngColour.RGB_ALPHA),
        ("I;16", 16, PngColour.GREY),
    ],
)
def test_a_png_says_how_its_pixels_are_stored(mode: str, depth: int, colour: PngColour) -> None:
    file = parse_png(saved(mode, "PNG"))
    assert ((file.width, file.height), file.depth, file.colour) == (SIZE, depth, colour)
    assert not file.interlaced
    rows = zlib.decompress(b"".join(file.packed))
    samples = {PngColour.GREY_ALPHA: 2, PngColour.RGB: 3, PngColour.RGB_ALPHA: 4}.get(colour, 1)
    assert len(rows) == SIZE[1] * (1 + (SIZE[0] * samples * depth + 7) // 8)


def test_a_palette_is_given_as_it_stands() -> None:
    picture = Image.new("P", SIZE)
    picture.putpalette([1, 2, 3, 4, 5, 6])
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    assert parse_png(buffer.getvalue()).palette[:6] == bytes([1, 2, 3, 4, 5, 6])
    assert parse_png(saved("RGB", "PNG")).palette == b""


def test_pixels_may_come_in_several_parts() -> None:
    rows = zlib.compress(bytes(SIZE[1] * (SIZE[0] + 1)))
    header = png_header(*SIZE, 8, PngColour.GREY)
    parts = ((b"IHDR", header), (b"IDAT", rows[:4]), (b"IDAT", rows[4:]), (b"IEND", b""))
    file = parse_png(make_png(parts))
    assert [bytes(part) for part in file.packed] == [rows[:4], rows[4:]]


@pytest.mark.parametrize(
    ("at", "value"),
    [(8, 0), (9, 1), (9, 5), (10, 1), (11, 1), (12, 2)],
    ids=["depth", "colour", "colour", "packing", "filtering", "interlace"],
)
def test_a_header_of_no_known_kind_is_refused_or_looked_at(at: int, value: int) -> None:
    header = bytearray(png_header(*SIZE, 8, PngColour.GREY))
    header[at] = value
    parts = ((b"IHDR", bytes(header)), (b"IDAT", zlib.compress(bytes(18))), (b"IEND", b""))
    data = make_png(parts)
    if at == 8:  # a depth is judged by the decoder
        assert parse_png(data).depth == 0
    else:
        with pytest.raises(Damaged, match="文件头"):
            parse_png(data)


def test_metadata_stays_behind() -> None:
    data = saved("RGB", "PNG", dpi=(96, 96))
    file = read_png(data)
    assert file.data != data
    assert [name for name, _ in parse_png(file.data).chunks] == [b"IHDR", b"IDAT", b"IEND"]
    assert read_png(file.data).data is file.data


@pytest.mark.parametrize(("mode", "components"), [("L", 1), ("RGB", 3), ("CMYK", 4)])
@pytest.mark.parametrize(("progressive", "frame"), [(False, 0xC0), (True, 0xC2)])
def test_a_jpeg_says_how_its_pixels_are_stored(
    mode: str, components: int, progressive: bool, frame: int
) -> None:
    file = parse_jpeg(saved(mode, "JPEG", progressive=progressive))
    assert (file.width, file.height) == SIZE
    assert (file.precision, file.components, file.frame) == (8, components, frame)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_that_lies_on_its_side_is_not_printed_as_it_is(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved("RGB", "JPEG", exif=exif)
    assert parse_jpeg(data).orientation == orientation
    file = read_jpeg(data)
    assert file.is_plain is (orientation == 1)
    assert file.has_metadata
    assert parse_jpeg(file.data).orientation == 1


@pytest.mark.parametrize("kind", list(PictureKind))
def test_a_picture_is_known_by_its_first_bytes(kind: PictureKind) -> None:
    assert image_kind(saved("L", kind.upper())) is kind
    assert image_kind(b"text") is None


@given(st.data())
def test_a_file_cut_short_is_damaged(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["PNG", "JPEG"]))
    whole = saved("RGB", kind)
    cut = whole[: data.draw(st.integers(8, len(whole) - 1))]
    with pytest.raises(Damaged):
        (parse_png if kind == "PNG" else parse_jpeg)(cut)


def test_more_parts_than_a_picture_has_are_damage() -> None:
    data = saved("RGB", "JPEG")
    with pytest.raises(Damaged):
        parse_jpeg(data[:2] + b"\xff\xe5\0\2" * 20_000 + data[2:])
    data = saved("RGB", "PNG")
    empty = bytes(4) + b"tEXt" + zlib.crc32(b"tEXt").to_bytes(4, "big")
    with pytest.raises(Damaged):
        parse_png(data[:33] + empty * 20_000 + data[33:])


def test_fill_bytes_before_a_marker_are_passed_over() -> None:
    data = saved("RGB", "JPEG")
    assert parse_jpeg(data[:2] + b"\xff" * 100_000 + data[2:]).width == parse_jpeg(data).width


def test_what_is_no_picture_is_told_in_one_go() -> None:
    assert foreign_kind(b"<!---->  " * 200) == "无法识别的文件"
    assert foreign_kind(b"<!--a--> <!--b-->\n<svg>") == "SVG 矢量图"
