"""Tests of the PNG and JPEG parser, compared with Pillow."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reportgen.pictures import PictureKind, PngColour, formats, parse_jpeg, parse_png
from reportgen.pictures.formats import (
    SAME_BRIGHTNESS,
    THUMBNAIL_SIDE,
    Damaged,
    Thumbnail,
    has_sound_scan,
    holds_only_rows,
    make_png,
    png_header,
    read_jpeg,
    read_png,
)
from reportgen.pictures.kinds import foreign_kind, image_kind

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
    [(8, 0), (8, 3), (9, 1), (9, 5), (10, 1), (11, 1), (12, 2)],
    ids=["depth", "depth", "colour", "colour", "packing", "filtering", "interlace"],
)
def test_a_header_of_no_known_kind_is_refused(at: int, value: int) -> None:
    header = bytearray(png_header(*SIZE, 8, PngColour.GREY))
    header[at] = value
    with pytest.raises(Damaged, match="文件头"):
        parse_png(png_of(bytes(header), zlib.compress(bytes(18))))


def png_of(header: bytes, packed: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """Return a PNG file of one IDAT chunk, *more* chunks before it."""
    return make_png(((b"IHDR", header), *more, (b"IDAT", packed), (b"IEND", b"")))


GREY = png_header(*SIZE, 8, PngColour.GREY)
ROWS = bytes(SIZE[1] * (SIZE[0] + 1))


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4])
def test_rows_that_are_all_there_are_sound(kind: int) -> None:
    assert holds_only_rows(parse_png(png_of(GREY, zlib.compress(bytes((kind, 1, 2, 3, 4, 5)) * 3))))


def test_rows_are_counted_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_STRIPE_BYTES", 7)
    assert holds_only_rows(parse_png(png_of(GREY, zlib.compress(ROWS))))
    with pytest.raises(Damaged):
        holds_only_rows(parse_png(png_of(GREY, zlib.compress(ROWS[:-1]))))


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"garbage, not packed",
        zlib.compress(b""),
        zlib.compress(ROWS[:-1]),
        zlib.compress(ROWS[: -SIZE[0] - 1]),
        zlib.compress(b"\x09" + ROWS[1:]),
        zlib.compress(ROWS[:12] + b"\x05" + ROWS[13:]),
    ],
    ids=["none", "garbage", "empty", "byte-short", "row-short", "filter", "last-filter"],
)
def test_rows_that_are_not_all_there_are_found(packed: bytes) -> None:
    with pytest.raises(Damaged, match="像素"):
        holds_only_rows(parse_png(png_of(GREY, packed)))


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(ROWS + b"cut off"),
        zlib.compress(ROWS) + b"hidden behind the picture",
        zlib.compress(ROWS)[:-1],
        zlib.compress(bytes(10_000_000)),
    ],
    ids=["longer", "behind", "no-checksum", "bomb"],
)
def test_more_than_the_rows_is_found(packed: bytes) -> None:
    assert not holds_only_rows(parse_png(png_of(GREY, packed)))


@pytest.mark.parametrize("colours", [b"", b"\1\2", b"\1\2\3\4", bytes(3 * 257)])
def test_a_palette_of_no_whole_number_of_colours_is_refused(colours: bytes) -> None:
    header = png_header(*SIZE, 8, PngColour.PALETTE)
    with pytest.raises(Damaged, match="调色板"):
        parse_png(png_of(header, zlib.compress(ROWS), (b"PLTE", colours)))
    with pytest.raises(Damaged, match="调色板"):
        parse_png(png_of(header, zlib.compress(ROWS)))


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"quality": 5},
        {"quality": 100},
        {"optimize": True},
        {"progressive": True},
        {"subsampling": 0},
        {"subsampling": 1},
        {"subsampling": 2},
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [(1, 1), (8, 8), (17, 9), (320, 200)])
def test_a_scan_as_short_as_it_can_be_is_sound(
    mode: str, options: dict[str, object], size: tuple[int, int]
) -> None:
    for colour in (0, 128, 255):
        buffer = io.BytesIO()
        Image.new("L", size, colour).convert(mode).save(buffer, "JPEG", **options)
        assert has_sound_scan(parse_jpeg(buffer.getvalue()))


def test_a_scan_too_short_for_its_picture_is_found() -> None:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((160, 160)).save(buffer, "JPEG")
    data = buffer.getvalue()
    start = data.index(b"\xff\xda") + 2
    start += int.from_bytes(data[start : start + 2], "big")
    for scan in (b"", b"garbage", bytes(40)):
        assert not has_sound_scan(parse_jpeg(data[:start] + scan + b"\xff\xd9"))


def test_a_picture_without_its_tables_is_found() -> None:
    data = saved("RGB", "JPEG")
    while (start := data.find(b"\xff\xc4")) >= 0:
        end = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
        data = data[:start] + data[end:]
    assert not has_sound_scan(parse_jpeg(data))


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes((marker,)) + (len(body) + 2).to_bytes(2, "big") + body


@pytest.mark.parametrize(
    "foreign",
    [
        segment(0xE0, b"JFXX\0\x10" + b"MARK"),
        segment(0xE0, b"JFIF\0" + b"\1\2\0\0\1\0\1\1\1" + b"MARK"),
        segment(0xE1, b"Exif\0\0MARK"),
        segment(0xE2, b"ICC_PROFILE\0\1\1MARK"),
        segment(0xED, b"Photoshop 3.0\0MARK"),
        segment(0xEE, b"MARK, not Adobe"),
        segment(0xEF, b"MARK"),
        segment(0xFE, b"MARK"),
        segment(0xF0, b"MARK"),
        segment(0x02, b"MARK"),
    ],
    ids=["JFXX", "preview", "EXIF", "ICC", "Photoshop", "APP14", "APP15", "COM", "JPG0", "RES"],
)
def test_only_what_makes_the_picture_is_kept_of_a_jpeg(foreign: bytes) -> None:
    plain = saved("RGB", "JPEG")
    file = read_jpeg(plain[:2] + foreign + plain[2:])
    assert b"MARK" not in file.data
    with Image.open(io.BytesIO(file.data)) as picture, Image.open(io.BytesIO(plain)) as before:
        assert picture.tobytes() == before.tobytes()
    assert read_jpeg(file.data).data is file.data


def test_what_adobe_says_of_the_colours_is_kept() -> None:
    plain = saved("RGB", "JPEG")
    adobe = segment(0xEE, b"Adobe" + b"\0\x64\0\0\0\0\0")
    assert adobe in read_jpeg(plain[:2] + adobe + plain[2:]).data
    longer = segment(0xEE, b"Adobe" + b"\0\x64\0\0\0\0\0MARK")
    assert adobe in read_jpeg(plain[:2] + longer + plain[2:]).data


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
def test_a_png_that_lies_on_its_side_is_not_printed_as_it_is(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert read_png(saved("RGB", "PNG", exif=exif)).is_plain is (orientation == 1)


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
    with pytest.raises(Damaged, match="个以上的小段"):
        parse_jpeg(data[:2] + b"\xff\xe5\0\2" * 20_000 + data[2:])
    data = saved("RGB", "PNG")
    empty = bytes(4) + b"tEXt" + zlib.crc32(b"tEXt").to_bytes(4, "big")
    with pytest.raises(Damaged, match="个以上的小段"):
        parse_png(data[:33] + empty * 20_000 + data[33:])


def test_fill_bytes_before_a_marker_are_passed_over() -> None:
    data = saved("RGB", "JPEG")
    assert parse_jpeg(data[:2] + b"\xff" * 100_000 + data[2:]).width == parse_jpeg(data).width


def test_what_is_no_picture_is_told_in_one_go() -> None:
    assert foreign_kind(b"<!---->  " * 200).name == "无法识别的文件"
    assert foreign_kind(b"<!--a--> <!--b-->\n<svg>").name == "SVG 矢量图"


def test_a_thumbnail_shows_the_same_only_in_the_same_shape_and_brightness() -> None:
    grey = bytes([100]) * THUMBNAIL_SIDE**2
    darker = bytes([100 - SAME_BRIGHTNESS - 1]) * THUMBNAIL_SIDE**2
    one = Thumbnail(1280, 720, grey)
    assert one.shows_same(Thumbnail(866, 487, grey))
    assert one.shows_same(Thumbnail(866, 487, darker))
    assert not one.shows_same(Thumbnail(1280, 720, darker))
    assert not one.shows_same(Thumbnail(720, 1280, grey))
