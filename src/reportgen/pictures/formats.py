"""The parser of PNG and JPEG files, which does not decode pixels.

To remove metadata, a valid file is rebuilt from the parts that define the picture; texts, camera
data, locations, colour profiles and previews are left out.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import lru_cache
from types import ModuleType

from msgspec import Struct

from reportgen.pictures.kinds import PNG_SIGNATURE, PictureKind, foreign_kind, tiff_tags

MAX_PIXELS = 50_000_000
MAX_OTHER_PIXELS = 20_000_000
"""Of pictures that are neither PNG nor JPEG: their decoders keep several copies in memory."""
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Which bits a sample may have, by colour type (PNG specification, table 11.1)."""
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""How many samples a pixel has, by colour type."""
LAST_FILTER = 4
"""Of the filters of a row: None, Sub, Up, Average and Paeth."""
_STRIPE_BYTES = 1 << 18
_HEADER = struct.Struct(">IIBBBBB")  # IHDR
_SOI = b"\xff\xd8"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers of frames: SOF0 to SOF15
_PROGRESSIVE = 0xC2
_ORIENTATION = 0x0112
_MAX_PARTS = 20_000
"""Chunks of a PNG or segments of a JPEG: far more than any program writes in 40 MB."""


@lru_cache(maxsize=1)
def packing() -> ModuleType:
    """Return the library for the pixel data of a PNG: zlib-ng, or else zlib.

    zlib-ng takes a quarter of the time.  Both unpack the same bytes; with the settings used here
    they also write the same bytes.
    """
    try:
        from zlib_ng import zlib_ng
    except ImportError:  # the extra "fast" is not installed
        return zlib
    library: ModuleType = zlib_ng
    return library


class Damaged(Exception):  # noqa: N818 - a state of the file
    """The file is damaged; the message tells the author in what way."""

    advice = ""
    """The key of the wording of what to do; empty for the usual one."""


class ForeignFile(Damaged):
    """The file is sound, but not a picture that can be used."""

    def __init__(self, data: bytes) -> None:
        kind = foreign_kind(data)
        super().__init__(f"它是{kind.name}")
        self.advice = kind.advice


class TooLarge(Exception):  # noqa: N818 - a limit reached
    """The picture exceeds a limit; the message tells the author which."""


def check_pixels(width: int, height: int, limit: int = MAX_PIXELS) -> None:
    """Raise TooLarge if a picture has more than *limit* pixels."""
    if width * height > limit:
        raise TooLarge(f"{width}×{height} 像素，超过 {limit // 10_000} 万像素")


class PngColour(IntEnum):
    """The colour types of PNG."""

    GREY = 0
    RGB = 2
    PALETTE = 3
    GREY_ALPHA = 4
    RGB_ALPHA = 6


class ImageFile(Struct, frozen=True):
    """A PNG or JPEG file with a valid structure."""

    kind: PictureKind
    width: int
    """The width in pixels as stored, before applying an orientation."""
    height: int
    """The height in pixels as stored."""
    data: bytes
    """The file without metadata; the same object as the input if it had none."""
    is_plain: bool
    """Whether the file can be used as it is; otherwise its pixels must be examined."""
    has_metadata: bool = False
    """Whether the input has metadata that may say when, where or by whom it was taken."""


THUMBNAIL_SIDE = 64
SAME_SHAPE = 0.02
"""How far the proportions may differ, which are rounded to pixels in another size."""
SAME_BRIGHTNESS, SAME_WHEN_SCALED = 12, 32
"""How far a point may differ, of 255, in a picture of the same size and in one of another size:
compressing and scaling change less, other words more."""


class Thumbnail(Struct, frozen=True):
    """A picture made small and grey, to see whether another one shows the same."""

    width: int
    """The width of the picture itself in pixels."""
    height: int
    pixels: bytes
    """The brightness of ``THUMBNAIL_SIDE`` squared points, row by row."""

    def shows_same(self, other: Thumbnail) -> bool:
        """Return whether *other* is this picture, perhaps in another size or compressed anew."""
        one, two = self.width * other.height, other.width * self.height
        if abs(one - two) > SAME_SHAPE * max(one, two):
            return False
        is_scaled = (self.width, self.height) != (other.width, other.height)
        most = SAME_WHEN_SCALED if is_scaled else SAME_BRIGHTNESS
        pairs = zip(self.pixels, other.pixels, strict=True)
        return all(abs(ours - theirs) <= most for ours, theirs in pairs)


_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/"  # how such segments of a JPEG begin
_PNG_XMP = b"XML:com.adobe.xmp\0"  # the keyword of such a chunk
_METADATA_REACH = 200_000  # cameras and phones write metadata before the picture


def mentions_metadata(data: bytes) -> bool:
    """Return whether a file other than PNG and JPEG seems to contain EXIF or XMP."""
    head = data[:_METADATA_REACH]
    return _EXIF in head or _XMP in head


class PngFile(Struct, frozen=True):
    """A parsed PNG file with valid checksums (PNG specification, clause 11)."""

    width: int
    """The number of pixels in a row."""
    height: int
    """The number of rows."""
    depth: int
    """The number of bits of a sample, or of a palette index: 1, 2, 4, 8 or 16."""
    colour: PngColour
    interlaced: bool
    chunks: tuple[tuple[bytes, memoryview], ...]
    """The name and the content of each chunk, from IHDR to IEND."""

    @property
    def palette(self) -> bytes:
        """The colours of the palette, three bytes each; empty if there is none."""
        return next((bytes(body) for name, body in self.chunks if name == b"PLTE"), b"")

    @property
    def packed(self) -> Iterator[memoryview]:
        """The parts of the zlib stream of the filtered rows (clauses 9 and 10)."""
        return (body for name, body in self.chunks if name == b"IDAT")


def parse_png(data: bytes) -> PngFile:
    """Return the parsed PNG file *data*; raises Damaged."""
    chunks = tuple(_png_chunks(data))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or len(chunks[0][1]) != _HEADER.size:
        raise Damaged("文件头不完整")
    if b"IDAT" not in names or names[-1] != b"IEND":
        raise _cut_off()
    width, height, depth, colour, packing, filtering, interlace = _HEADER.unpack(chunks[0][1])
    known = depth in _DEPTHS.get(colour, ()) and not packing and not filtering and interlace <= 1
    if not (width and height and known):
        raise Damaged("文件头的内容有误")
    file = PngFile(width, height, depth, PngColour(colour), bool(interlace), chunks)
    if not _has_sound_palette(file):
        raise Damaged("调色板不完整")
    return file


def _has_sound_palette(file: PngFile) -> bool:
    """Return whether a picture that needs a palette has one of 1 to 256 colours (11.2.3)."""
    colours, rest = divmod(len(file.palette), 3)
    return file.colour != PngColour.PALETTE or (1 <= colours <= 256 and not rest)


def holds_only_rows(file: PngFile) -> bool:
    """Return whether nothing follows the last row in the pixel data of *file*.

    *file* must not be interlaced.  Data behind the last row are not shown, but may be a part
    that was cropped.  A few rows are unpacked at a time.  Raises Damaged if a row is missing or
    has an invalid filter.
    """
    stride = (file.width * _SAMPLES[file.colour] * file.depth + 7) // 8 + 1
    unpacker = packing().decompressobj()
    packed = b"".join(file.packed)
    step = max(1, _STRIPE_BYTES // stride)
    try:
        for start in range(0, file.height, step):
            wanted = min(step, file.height - start) * stride
            rows = unpacker.decompress(packed, wanted)
            packed = unpacker.unconsumed_tail
            if len(rows) < wanted or max(rows[::stride]) > LAST_FILTER:
                raise Damaged("像素数据不完整")
        rest = unpacker.decompress(packed, 1)
    except packing().error as error:
        raise Damaged("像素数据已损坏") from error
    return unpacker.eof and not rest and not unpacker.unused_data


def read_png(data: bytes) -> ImageFile:
    """Return the PNG file *data* reduced to its critical chunks; raises Damaged."""
    file = parse_png(data)
    kept = [(name, body) for name, body in file.chunks if name in _CRITICAL]
    odd = any(
        name == b"tRNS" or (name[:1].isupper() and name not in _CRITICAL) for name, _ in file.chunks
    )
    opaque = file.colour in (PngColour.GREY, PngColour.RGB, PngColour.PALETTE)
    turned = any(_exif_orientation(bytes(b)) > 1 for name, b in file.chunks if name == b"eXIf")
    plain = file.depth <= 8 and opaque and not file.interlaced and not odd
    is_clean = len(PNG_SIGNATURE) + sum(len(body) + 12 for _, body in kept) == len(data)
    told = any(name == b"eXIf" or body[: len(_PNG_XMP)] == _PNG_XMP for name, body in file.chunks)
    clean = data if is_clean else make_png(kept)
    usable = plain and not turned
    return ImageFile(PictureKind.PNG, file.width, file.height, clean, usable, told)


def make_png(chunks: Iterable[tuple[bytes, bytes | memoryview]]) -> bytes:
    """Return a PNG file of *chunks*, given by their names and contents."""
    parts: list[bytes | memoryview] = [PNG_SIGNATURE]
    for name, body in chunks:
        check = zlib.crc32(body, zlib.crc32(name))
        parts += (len(body).to_bytes(4, "big"), name, body, check.to_bytes(4, "big"))
    return b"".join(parts)


def png_header(width: int, height: int, depth: int, colour: PngColour) -> bytes:
    """Return the content of the IHDR chunk of a picture without interlacing."""
    return _HEADER.pack(width, height, depth, colour, 0, 0, 0)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield the name and the content of each chunk up to IEND; raises Damaged."""
    view = memoryview(data)
    position = len(PNG_SIGNATURE)
    for _ in range(_MAX_PARTS):
        if position + 12 > len(data):
            raise _cut_off()
        end = position + 12 + int.from_bytes(view[position : position + 4], "big")
        if end > len(data):
            raise _cut_off()
        if zlib.crc32(view[position + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise Damaged("文件的校验和不符，内容已损坏")
        name = bytes(view[position + 4 : position + 8])
        yield name, view[position + 8 : end - 4]
        if name == b"IEND":
            return
        position = end
    raise _too_many_parts()


def _cut_off() -> Damaged:
    return Damaged("文件不完整，可能没有下载或复制完")


def _too_many_parts() -> Damaged:
    """Return the exception for a file in which the picture is lost among other data."""
    return Damaged(f"文件由 {_MAX_PARTS:,} 个以上的小段组成，不像一张图片")


class JpegFile(Struct, frozen=True):
    """A parsed JPEG file (ITU-T T.81, annex B)."""

    width: int
    """The number of pixels in a line, as stored."""
    height: int
    """The number of lines, as stored."""
    precision: int
    """The number of bits of a sample: 8, rarely 12."""
    components: int
    """The number of components: 1 for grey, 3 for colour, 4 for CMYK."""
    frame: int
    """The marker of the frame: 0xC0 baseline, 0xC1 extended, 0xC2 progressive."""
    segments: tuple[tuple[int, bytes, memoryview], ...]
    """The marker, the content and all bytes of each segment, from after SOI to EOI."""

    @property
    def orientation(self) -> int:
        """The orientation in the EXIF data, 1 to 8; 1 for upright."""
        exif = [body for marker, body, _ in self.segments if _is_exif(marker, body)]
        found = [value for body in exif if (value := _exif_orientation(body[len(_EXIF) :]))]
        return found[-1] if found else 1


def parse_jpeg(data: bytes) -> JpegFile:
    """Return the parsed JPEG file *data*; raises Damaged."""
    segments = tuple(_jpeg_segments(data))
    frame, header = next(
        ((marker, body) for marker, body, _ in segments if marker in _FRAMES), (0, b"")
    )
    if len(header) < 6:
        raise Damaged("文件中没有图像")
    precision, height, width, components = struct.unpack(">BHHB", header[:6])
    if not (width and height):
        raise Damaged("文件头的内容有误")
    return JpegFile(width, height, precision, components, frame, segments)


def read_jpeg(data: bytes) -> ImageFile:
    """Return the JPEG file *data* without camera data, comments and previews; raises Damaged."""
    file = parse_jpeg(data)
    usual = file.frame in (0xC0, 0xC1, 0xC2) and file.precision == 8 and file.components in (1, 3)
    plain = usual and file.orientation == 1
    told = any(
        _is_exif(marker, body) or (marker == 0xE1 and body.startswith(_XMP))
        for marker, body, _ in file.segments
    )
    clean = b"".join((_SOI, *_picture_segments(file)))
    clean = data if clean == data else clean
    return ImageFile(PictureKind.JPEG, file.width, file.height, clean, plain, told)


def _is_exif(marker: int, body: bytes) -> bool:
    return marker == 0xE1 and body.startswith(_EXIF)


_TABLES = frozenset((0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD))
"""Markers needed besides the frame: tables, scans, number of lines, restarts (table B.1)."""
_JFIF, _ADOBE = b"JFIF\0", b"Adobe"
_JFIF_SIZE, _ADOBE_SIZE = 12, 12  # bytes up to the preview, and in all


def _picture_segments(file: JpegFile) -> Iterator[bytes | memoryview]:
    """Yield the segments of *file* that define the picture.

    Only two application segments are kept, identified by their content: JFIF, with the pixel
    density but without its preview, and Adobe, with the colour transform.
    """
    for marker, body, raw in file.segments:
        if marker in _FRAMES or marker in _TABLES or marker == 0xD9:
            yield raw
        elif marker == 0xE0 and body.startswith(_JFIF) and len(body) >= _JFIF_SIZE:
            yield _segment(marker, body[:_JFIF_SIZE] + b"\0\0")
        elif marker == 0xEE and body.startswith(_ADOBE) and len(body) >= _ADOBE_SIZE:
            yield _segment(marker, body[:_ADOBE_SIZE])


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes((marker,)) + (len(body) + 2).to_bytes(2, "big") + body


def has_sound_scan(file: JpegFile) -> bool:
    """Return whether the first scan of *file* is long enough for its number of blocks.

    A block takes at least the shortest code of its DC table and, unless the picture is
    progressive, the shortest code of its AC table (T.81, F.1.2 and G.1.2).
    """
    lengths: dict[int, int] = {}
    header = next(body for marker, body, _ in file.segments if marker in _FRAMES)
    sampling = {header[at]: header[at + 1] for at in range(6, len(header) - 2, 3)}
    for marker, body, raw in file.segments:
        if marker == 0xC4:
            lengths.update(_shortest_codes(body))
        elif marker == 0xDA:
            bits = _least_bits(file, body, sampling, lengths)
            return bits is not None and 8 * (len(raw) - len(body) - 4) >= bits
    return False


def _shortest_codes(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield class and number of each Huffman table in a segment, and its shortest code in bits."""
    at = 0
    while at + 17 <= len(body):
        counts = body[at + 1 : at + 17]
        yield body[at], next((size for size, count in enumerate(counts, 1) if count), 17)
        at += 17 + sum(counts)


def _least_bits(
    file: JpegFile, scan: bytes, sampling: Mapping[int, int], lengths: Mapping[int, int]
) -> int | None:
    """Return the least number of bits of the scan with the header *scan*; None if it is invalid."""
    widest = max((factor >> 4 for factor in sampling.values()), default=0)
    highest = max((factor & 15 for factor in sampling.values()), default=0)
    parts = [(scan[at], scan[at + 1]) for at in range(1, len(scan) - 4, 2)]
    if not (widest and highest and parts):
        return None
    total = 0
    for component, tables in parts:
        factor = sampling.get(component, 0)
        wide = -(-file.width * (factor >> 4) // (8 * widest))
        high = -(-file.height * (factor & 15) // (8 * highest))
        mean, rest = lengths.get(tables >> 4), lengths.get(0x10 | tables & 15)
        if not (factor and mean) or (file.frame != _PROGRESSIVE and not rest):
            return None
        total += wide * high * (mean + (0 if file.frame == _PROGRESSIVE else rest or 0))
    return total


_MARKER = re.compile(rb"\xff+([^\xff])", re.S)
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, memoryview]]:
    """Yield the marker, the content and all bytes of each segment up to EOI.

    The compressed data after a start of scan belong to its segment.  Raises Damaged.
    """
    view = memoryview(data)
    position = 2
    for _ in range(_MAX_PARTS):
        found = _MARKER.match(data, position)
        if not found:
            raise _cut_off()
        marker, position = found[1][0], found.end() - 2
        if marker == 0xD9:  # EOI, which has no content
            yield marker, b"", view[position : position + 2]
            return
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        end = position + 2 + length
        if length < 2 or end > len(data):
            raise _cut_off()
        payload = data[position + 4 : end]
        if marker == 0xDA:  # SOS, followed by compressed data up to the next marker
            behind = _AFTER_SCAN.search(data, end)
            if not behind:
                raise _cut_off()
            end = behind.end() - 2
        yield marker, payload, view[position:end]
        position = end
    raise _too_many_parts()


def _exif_orientation(tiff: bytes) -> int:
    """Return the orientation (1 to 8) in EXIF data; 0 if there is none."""
    value = next((value for tag, value in tiff_tags(tiff) if tag == _ORIENTATION), 0)
    return value if 1 <= value <= 8 else 0
