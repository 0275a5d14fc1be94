"""Conversion, by Pillow, of pictures that cannot be used as they are: upright, opaque, re-encoded.

An opaque alpha channel of a PNG is removed without decoding the pixels; screenshot programs write
RGBA although every pixel is opaque.  The filters of PNG (PNG specification, clause 9) treat each
channel separately: a byte is predicted from the same channel of adjacent pixels.  Therefore,
removing the alpha bytes from the filtered rows gives the filtered rows of the picture without
alpha.  The alpha of a row is 255 throughout if and only if its filtered alpha bytes are those
that the row's filter makes of 255.  Pillow is used there only to move bytes: it treats the
filtered rows as pixels.
"""

from __future__ import annotations

import io
import os
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from msgspec import Struct
from PIL import Image, ImageChops, ImageOps

from reportgen.pictures.formats import (
    LAST_FILTER,
    MAX_OTHER_PIXELS,
    MAX_PIXELS,
    THUMBNAIL_SIDE,
    Damaged,
    JpegFile,
    PngColour,
    PngFile,
    Thumbnail,
    TooLarge,
    check_pixels,
    make_png,
    packing,
    parse_png,
    png_header,
)
from reportgen.pictures.kinds import PictureKind, image_kind

_OPAQUE_LEVEL = 3  # screenshots become as small as with level 6, in two thirds of the time


class Decoded(Struct, frozen=True):
    """The properties of a picture that require decoding."""

    width: int
    """The width in pixels of the upright picture."""
    height: int
    """The height in pixels of the upright picture."""
    see_through: bool
    """Whether any pixel is transparent."""


def inspect(data: bytes, kind: PictureKind) -> Decoded:
    """Decode the picture *data* of *kind* and return its properties.

    Raises Damaged or TooLarge.
    """
    with _decoded(data, kind) as picture:
        return Decoded(*picture.size, _is_see_through(picture))


def convert(data: bytes, kind: PictureKind) -> bytes:
    """Return the picture *data* of *kind* upright, opaque and without metadata.

    A JPEG stays a JPEG, all other kinds become PNG.  Raises Damaged or TooLarge.
    """
    buffer = io.BytesIO()
    with _decoded(data, kind) as picture:
        if kind != PictureKind.JPEG and picture.width * picture.height > _MANY_PIXELS:
            return _png_by_strips(picture)
        opaque = _opaque(picture)
        opaque.info.clear()
        if kind == PictureKind.JPEG:
            opaque.save(buffer, "JPEG", quality=95, subsampling=0)
        else:
            opaque.save(buffer, "PNG", compress_level=_OPAQUE_LEVEL)
    return buffer.getvalue()


def thumbnail(data: bytes) -> Thumbnail:
    """Return the picture *data* small and grey; raises Damaged or TooLarge."""
    kind = image_kind(data)
    if kind is None:
        raise Damaged("不是图片")
    with _decoded(data, kind) as picture:
        size = picture.size
        small = _opaque(picture).convert("L")
        small = small.resize((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BOX)
        return Thumbnail(*size, small.tobytes())


_PHOTO_QUALITY = 85  # of a photograph in the resolution of print
_PART_QUALITY = 92  # of a part of a screenshot, whose text must stay sharp


def render(
    data: bytes,
    kind: PictureKind,
    rows: tuple[int, int],
    size: tuple[int, int],
    made: PictureKind,
) -> bytes:
    """Return *rows* of the picture *data* of *kind* in *size*, as a file of the kind *made*.

    *made* is PNG or JPEG.  The file is opaque and has no metadata.  Raises Damaged or TooLarge.
    """
    buffer = io.BytesIO()
    shrinks = size[1] < rows[1] - rows[0]
    with _decoded(data, kind, size if shrinks else None) as picture:
        is_part = not shrinks and rows != (0, picture.height)
        shown = picture.crop((0, rows[0], picture.width, rows[1])) if is_part else picture
        opaque = _opaque(shown)
        if opaque.size != size:
            opaque = opaque.resize(size, Image.Resampling.LANCZOS)
        opaque.info.clear()
        if made == PictureKind.PNG:
            opaque.save(buffer, "PNG", compress_level=_OPAQUE_LEVEL)
        elif is_part:
            opaque.save(buffer, "JPEG", quality=_PART_QUALITY, subsampling=0)
        else:
            opaque.save(buffer, "JPEG", quality=_PHOTO_QUALITY)
    return buffer.getvalue()


def row_changes(data: bytes, kind: PictureKind) -> bytes:
    """Return how much each row of the picture *data* differs from the row above.

    A row is divided into stretches, and the mean difference of the pixels of each is taken; the
    result is the largest, from 0 to 255, so that a short line of text counts as much as a long
    one.  It is 0 for the first row.  Raises Damaged or TooLarge.
    """
    found = bytearray()
    with _decoded(data, kind) as picture:
        width, height = picture.size
        for top in range(0, height, _STRIPE):
            bottom = min(height, top + _STRIPE)
            grey = _opaque_strip(picture.crop((0, max(0, top - 1), width, bottom))).convert("L")
            above = grey.crop((0, 0, width, grey.height - 1))
            below = grey.crop((0, 1, width, grey.height))
            if top == 0:
                found.append(0)
            if below.height:
                change = ImageChops.difference(above, below)
                found += _largest(change.resize((_STRETCHES, below.height), Image.Resampling.BOX))
    return bytes(found)


_STRETCHES = 16  # a power of two


def _largest(picture: Image.Image) -> bytes:
    """Return the largest value of each row of the grey *picture*, which is ``_STRETCHES`` wide."""
    while picture.width > 1:
        half, height = picture.width // 2, picture.height
        left, right = (picture.crop((x, 0, x + half, height)) for x in (0, half))
        picture = ImageChops.lighter(left, right)
    return picture.tobytes()


def flatness(data: bytes, kind: PictureKind) -> float:
    """Return the share of the pixels of the picture *data* that equal the pixel to their left.

    Raises Damaged or TooLarge.
    """
    equal = 0
    with _decoded(data, kind) as picture:
        width, height = picture.size
        for top in range(0, height, _STRIPE):
            strip = picture.crop((0, top, width, min(height, top + _STRIPE)))
            grey = _opaque_strip(strip).convert("L")
            left = grey.crop((0, 0, width - 1, grey.height))
            right = grey.crop((1, 0, width, grey.height))
            equal += ImageChops.difference(left, right).histogram()[0] if width > 1 else 0
    return equal / (width * height)


def is_garbled(file: JpegFile) -> bool:
    """Return whether the scan of the JPEG *file* cannot be that of its picture.

    A decoder takes nearly any bits for Huffman codes, and Pillow does not tell what libjpeg warns
    of.  So it is tried where the picture ends: bits that follow the scan must not be seen, and
    other bits in place of its last tenth must.  Files of several scans and small scans are not
    tried.  Raises Damaged or TooLarge.
    """
    scans = [n for n, (marker, _, _) in enumerate(file.segments) if marker == _SCAN]
    if file.frame not in (0xC0, 0xC1) or file.precision != 8 or len(scans) != 1:
        return False
    _, body, raw = file.segments[scans[0]]
    size = len(raw) - len(body) - _SCAN_HEAD
    if size < _LEAST_SCAN:
        return False
    before = b"".join((b"\xff\xd8", *(part for _, _, part in file.segments[: scans[0]])))
    whole = _coarse(b"".join((before, raw, _EOI)))

    def changes(kept: int) -> bool:
        """Return whether other bits behind the first *kept* bytes of the scan are seen."""
        try:
            return _coarse(b"".join((before, raw[: len(raw) - size + kept], _NOISE))) != whole
        except Damaged:
            return True

    # A scan all of whose codes mean the same, that of a blank picture, has no bits that are seen.
    return changes(size) or (not changes(size - size // 10) and changes(0))


_SCAN, _SCAN_HEAD = 0xDA, 4
"""The marker of a scan, and the bytes of marker and length before the content of its header."""
_LEAST_SCAN = 1_000
_EOI = b"\xff\xd9"
_NOISE = b"".join(sha256(bytes((n,))).digest() for n in range(64)).replace(b"\xff", b"\0") + _EOI


def _coarse(data: bytes) -> bytes:
    """Return the pixels of a JPEG in an eighth of its size."""
    with _decoded(data, PictureKind.JPEG, (1, 1)) as picture:
        return picture.tobytes()


@contextmanager
def _decoded(
    data: bytes, kind: PictureKind, size: tuple[int, int] | None = None
) -> Iterator[Image.Image]:
    """Yield the picture *data*, decoded and upright; raises Damaged or TooLarge.

    With *size*, a JPEG that is much larger is decoded in a half, a quarter or an eighth of its
    size, which is still no smaller.
    """
    limit = MAX_PIXELS if kind in (PictureKind.PNG, PictureKind.JPEG) else MAX_OTHER_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with _quiet(kind), Image.open(io.BytesIO(data), formats=[kind.upper()]) as picture:
                check_pixels(picture.width, picture.height, limit)
                if size and kind == PictureKind.JPEG:
                    turned = picture.getexif().get(_ORIENTATION, 1) > _LAST_UPRIGHT
                    picture.draft(None, size[::-1] if turned else size)
                picture.load()
                ImageOps.exif_transpose(picture, in_place=True)
                yield picture
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise TooLarge(f"超过 {MAX_PIXELS // 10_000} 万像素") from error
        except MemoryError as error:
            raise TooLarge("内存不足") from error
        except TooLarge:
            raise
        except Exception as error:  # Pillow's decoders raise nearly anything on broken data
            raise Damaged("内容已损坏，无法解码") from error


@contextmanager
def _quiet(kind: PictureKind) -> Iterator[None]:
    """Keep libtiff from writing what it makes of a file to standard error, in English.

    Pillow has no way to tell it so; the stream is sent to nowhere meanwhile.
    """
    if kind != PictureKind.TIFF:
        yield
        return
    try:
        kept, nowhere = os.dup(_STANDARD_ERROR), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # there is no such stream
        yield
        return
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        os.close(kept)


_STANDARD_ERROR = 2
_ORIENTATION, _LAST_UPRIGHT = 0x0112, 4  # of EXIF; above it, width and height are exchanged


def _has_alpha(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _is_see_through(picture: Image.Image) -> bool:
    if not _has_alpha(picture) or picture.mode.startswith("I"):
        return False
    layered = picture if "A" in picture.getbands() else picture.convert("RGBA")
    return layered.getchannel("A").getextrema()[0] != 255


def _opaque(picture: Image.Image) -> Image.Image:
    """Return *picture* as 8-bit grey or RGB; transparent pixels are put on white.

    It is made strip by strip, so that no more than two whole pictures are in memory.
    """
    if picture.mode in ("L", "RGB") and not _has_alpha(picture):
        return picture
    width, height = picture.size
    grey = picture.mode.startswith("I") or picture.mode in ("1", "L")
    result = Image.new("L" if grey and not _has_alpha(picture) else "RGB", picture.size)
    for top in range(0, height, _STRIPE):
        strip = picture.crop((0, top, width, min(height, top + _STRIPE)))
        result.paste(_opaque_strip(strip), (0, top))
    return result


_MANY_PIXELS = 10_000_000
"""Above it an opaque copy of the whole picture would take too much memory (4 bytes each)."""


def _png_by_strips(picture: Image.Image) -> bytes:
    """Return *picture*, opaque, as a PNG file whose rows are filtered and packed strip by strip.

    A strip is saved with the row above it, to which the filters of its first row refer.
    """
    width, height = picture.size
    packer = zlib.compressobj(_OPAQUE_LEVEL)
    parts: list[bytes] = []
    for top in range(0, height, _STRIPE):
        above = 1 if top else 0
        box = (0, top - above, width, min(height, top + _STRIPE))
        strip, buffer = _opaque_strip(picture.crop(box)).convert("RGB"), io.BytesIO()
        strip.info.clear()
        strip.save(buffer, "PNG", compress_level=0)
        rows = zlib.decompress(b"".join(parse_png(buffer.getvalue()).packed))
        parts.append(packer.compress(rows[above * (1 + width * 3) :]))
    parts.append(packer.flush())
    header = png_header(width, height, 8, PngColour.RGB)
    return make_png(((b"IHDR", header), (b"IDAT", b"".join(parts)), (b"IEND", b"")))


def _opaque_strip(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if _has_alpha(picture):
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


_STRIPE = 96  # rows processed at a time, so that they stay in the processor's cache
_TURNED = (b"eXIf", b"Raw profile type", b"XML:com.adobe.xmp")
"""The names or keywords of chunks that may contain an orientation."""


def is_opaque(data: bytes) -> bool:
    """Return whether the PNG file *data* is valid 8-bit RGBA whose alpha is 255 throughout.

    Returns False for an unusual file, which has to be decoded.
    """
    try:
        picture = _open(data)
        return picture is not None and all(stripe.is_opaque() for stripe in _stripes(picture))
    except (Damaged, packing().error):
        return False


def without_alpha(data: bytes) -> bytes:
    """Return the PNG file *data*, for which :func:`is_opaque` is true, without alpha channel.

    Raises Damaged if it is not such a file.
    """
    picture = _open(data)
    if picture is None:
        raise Damaged("内容有变")
    packer = deflater()
    try:
        parts = [packer.compress(stripe.without_alpha()) for stripe in _stripes(picture)]
    except packing().error as error:
        raise Damaged("内容有变") from error
    rows = b"".join((*parts, packer.flush()))
    header = png_header(picture.width, picture.height, 8, PngColour.RGB)
    return make_png(((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")))


def _open(data: bytes) -> PngFile | None:
    """Return the parsed PNG file *data*; None if it is not an ordinary RGBA picture."""
    picture = parse_png(data)
    if (picture.depth, picture.colour) != (8, PngColour.RGB_ALPHA) or picture.interlaced:
        return None
    if any(_is_special(name, bytes(body[:40])) for name, body in picture.chunks):
        return None
    return picture


def _is_special(name: bytes, part: bytes) -> bool:
    """Return whether a chunk may change the picture: by orientation, transparency, animation."""
    if name[:1].isupper():
        return name not in (b"IHDR", b"PLTE", b"IDAT", b"IEND")
    return name in (b"tRNS", b"acTL") or name.startswith(_TURNED) or part.startswith(_TURNED)


class _Stripe(Struct, frozen=True):
    """Some rows of an RGBA picture."""

    kinds: bytes
    """The filter type of each row."""
    pixels: Image.Image
    """The filtered bytes of the rows, treated as pixels."""
    is_first: bool
    """Whether these are the first rows of the picture."""

    def is_opaque(self) -> bool:
        """Return whether the alpha of every row is 255 throughout."""
        below, top = _opaque_rows(self.pixels.width)
        opaque = [below[kind] for kind in self.kinds]
        if self.is_first:
            opaque[0] = top[self.kinds[0]]
        return self.pixels.tobytes("raw", "A") == b"".join(opaque)

    def without_alpha(self) -> bytearray:
        """Return the filtered rows without alpha, each after its filter type."""
        stride = self.pixels.width * 3 + 1
        # Pillow leaves a byte after each row, which takes the filter type of the next row.
        kept = bytearray(self.pixels.tobytes("raw", "RGB", stride, 1))
        kept[stride - 1 :: stride] = self.kinds[1:] + b"\0"
        kept.insert(0, self.kinds[0])
        kept.pop()
        return kept


def _stripes(picture: PngFile) -> Iterator[_Stripe]:
    """Yield the rows of *picture* in stripes.

    Raises Damaged if there are too few or too many rows, or if a filter type is unknown.
    """
    # Each row begins with its filter type.  Except for the first row, it is treated as the end of
    # the row above, so that the pixels begin where a stripe does and are not copied.
    stride = picture.width * 4 + 1
    unpacker = packing().decompressobj()
    kind = unpacker.decompress(b"".join(picture.packed), 1)
    for start in range(0, picture.height, _STRIPE):
        count = min(_STRIPE, picture.height - start)
        is_last = start + count == picture.height
        rows = unpacker.decompress(unpacker.unconsumed_tail, count * stride - is_last)
        if is_last:
            rows += b"\0"
        kinds = kind + rows[stride - 1 :: stride]
        kind = kinds[count:]
        if len(kinds) <= count or max(kinds) > LAST_FILTER:
            raise Damaged("像素数据不完整")
        pixels = Image.frombuffer("RGBA", (picture.width, count), rows, "raw", "RGBA", stride, 1)
        yield _Stripe(kinds[:count], pixels, start == 0)
    more = unpacker.decompress(unpacker.unconsumed_tail, 1) or unpacker.unused_data
    if more or not unpacker.eof:
        raise Damaged("像素数据的长度不对")


def _opaque_rows(width: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return the filtered bytes of a row of 255, by filter type: below such a row, and at the top.

    Bytes to the left of a row and above the top row count as 0.
    """
    rest = width - 1
    full, sub, zero = b"\xff" * width, b"\xff" + bytes(rest), bytes(width)
    below = (full, sub, zero, b"\x80" + bytes(rest), zero)
    return below, (full, sub, full, b"\xff" + b"\x80" * rest, sub)


_LEVEL, _MEMORY = 1, 8


def deflater() -> zlib._Compress:
    """Return a compressor for filtered rows of pixels.

    It only finds runs of a byte.  A screenshot becomes a seventh to a quarter larger than with
    a search for all repetitions, in a fraction of the time.
    """
    compressor: zlib._Compress = packing().compressobj(
        _LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, _MEMORY, zlib.Z_RLE
    )
    return compressor
