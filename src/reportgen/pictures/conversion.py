"""Pictures that cannot be printed as they are, by Pillow: upright, on white, encoded anew.

A PNG whose alpha channel hides nothing loses it without being decoded.  Screenshot programs
write RGBA although every pixel is opaque.  PNG's filters (PNG specification, clause 9) work on
each channel by itself: a byte is predicted from the same channel of its neighbours.  So cutting
the alpha bytes out of the filtered rows leaves the filtered rows of the picture without alpha;
and the alpha of a row is 255 throughout exactly when its filtered alpha bytes are what the
row's filter makes of 255.  Pillow only moves bytes there: it treats the filtered rows as pixels.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct
from PIL import Image, ImageOps

from reportgen.pictures.formats import (
    LAST_FILTER,
    MAX_PIXELS,
    Damaged,
    PictureKind,
    PngColour,
    PngFile,
    TooLarge,
    check_pixels,
    make_png,
    parse_png,
    png_header,
)

if TYPE_CHECKING:
    import zlib as _zlib
else:
    try:
        from zlib_ng import zlib_ng as _zlib
    except ImportError:  # the extra “fast” is not installed; zlib writes the same bytes
        import zlib as _zlib

_OPAQUE_LEVEL = 3  # screenshots come out as small as by 6, in two thirds of the time


class Decoded(Struct, frozen=True):
    """What decoding a picture shows: its size upright, and whether it was see-through."""

    width: int
    height: int
    see_through: bool


def inspect(data: bytes, kind: PictureKind) -> Decoded:
    """Return what the picture *data* of *kind* is; raises Damaged or TooLarge."""
    with _decoded(data, kind) as picture:
        return Decoded(*picture.size, _is_see_through(picture))


def convert(data: bytes, kind: PictureKind) -> bytes:
    """Return the picture *data* of *kind* upright, opaque and without metadata.

    A JPEG stays one, anything else becomes a PNG.  Raises Damaged or TooLarge.
    """
    buffer = io.BytesIO()
    with _decoded(data, kind) as picture:
        opaque = _opaque(picture)
        opaque.info.clear()
        if kind == PictureKind.JPEG:
            opaque.save(buffer, "JPEG", quality=95, subsampling=0)
        else:
            opaque.save(buffer, "PNG", compress_level=_OPAQUE_LEVEL)
    return buffer.getvalue()


@contextmanager
def _decoded(data: bytes, kind: PictureKind) -> Iterator[Image.Image]:
    """Give the picture *data*, decoded and upright; raises Damaged or TooLarge."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with _quiet(kind), Image.open(io.BytesIO(data), formats=[kind.upper()]) as picture:
                check_pixels(*picture.size)
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


def _has_alpha(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _is_see_through(picture: Image.Image) -> bool:
    if not _has_alpha(picture) or picture.mode.startswith("I"):
        return False
    layered = picture if "A" in picture.getbands() else picture.convert("RGBA")
    return layered.getchannel("A").getextrema()[0] != 255


def _opaque(picture: Image.Image) -> Image.Image:
    """Return *picture* as 8-bit grey or RGB, on white what is seen through."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if _has_alpha(picture):
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


_STRIPE = 96  # rows at a time: they stay in the processor's cache
_TURNED = (b"eXIf", b"Raw profile type", b"XML:com.adobe.xmp")
"""How a chunk begins, or its keyword, that may say the picture lies on its side."""


def is_opaque(data: bytes) -> bool:
    """Return whether the PNG file *data* is RGBA of 8 bits, sound, and 255 throughout in alpha.

    False for an unusual one, which has to be decoded to be judged.
    """
    try:
        picture = _open(data)
        return picture is not None and all(stripe.is_opaque() for stripe in _stripes(picture))
    except (Damaged, InflateError):
        return False


def without_alpha(data: bytes) -> bytes:
    """Return the PNG file *data*, which :func:`is_opaque`, without its alpha channel.

    Raises Damaged when it is no such file.
    """
    picture = _open(data)
    if picture is None:
        raise Damaged("内容有变")
    packer = deflater()
    try:
        parts = [packer.compress(stripe.without_alpha()) for stripe in _stripes(picture)]
    except InflateError as error:
        raise Damaged("内容有变") from error
    rows = b"".join((*parts, packer.flush()))
    header = png_header(picture.width, picture.height, 8, PngColour.RGB)
    return make_png(((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")))


def _open(data: bytes) -> PngFile | None:
    """Return the PNG file *data* in its parts; None when it is not an ordinary RGBA picture."""
    picture = parse_png(data)
    if (picture.depth, picture.colour) != (8, PngColour.RGB_ALPHA) or picture.interlaced:
        return None
    if any(_is_special(name, bytes(body[:40])) for name, body in picture.chunks):
        return None
    return picture


def _is_special(name: bytes, part: bytes) -> bool:
    """Whether a chunk may change how the picture looks: a turn, a key colour, a frame."""
    if name[:1].isupper():
        return name not in (b"IHDR", b"PLTE", b"IDAT", b"IEND")
    return name in (b"tRNS", b"acTL") or name.startswith(_TURNED) or part.startswith(_TURNED)


class _Stripe(Struct, frozen=True):
    """Some rows of an RGBA picture: the filter of each, and the filtered bytes as pixels."""

    kinds: bytes
    pixels: Image.Image
    is_first: bool

    def is_opaque(self) -> bool:
        """Return whether the alpha of every row is 255 throughout."""
        below, top = _opaque_rows(self.pixels.width)
        opaque = [below[kind] for kind in self.kinds]
        if self.is_first:
            opaque[0] = top[self.kinds[0]]
        return self.pixels.tobytes("raw", "A") == b"".join(opaque)

    def without_alpha(self) -> bytearray:
        """Return the rows as they are filtered without alpha."""
        stride = self.pixels.width * 3 + 1
        kept = bytearray(self.pixels.tobytes("raw", "RGB", stride, 1))  # a 0 after each row,
        kept[stride - 1 :: stride] = self.kinds[1:] + b"\0"  # where the next row's filter goes
        kept.insert(0, self.kinds[0])
        kept.pop()
        return kept


def _stripes(picture: PngFile) -> Iterator[_Stripe]:
    """Yield the rows of *picture*; raises Damaged when there are fewer, more, or odd ones.

    Each row begins with its filter.  Except for the first, the filter is treated as the end of
    the row above, so that pixels begin where a stripe does and none is copied.
    """
    stride = picture.width * 4 + 1
    unpacker = inflater()
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
    """Return what 255 throughout becomes by each filter: below such a row, and in the top row.

    Left of a row and above the top one all is 0.
    """
    rest = width - 1
    full, sub, zero = b"\xff" * width, b"\xff" + bytes(rest), bytes(width)
    below = (full, sub, zero, b"\x80" + bytes(rest), zero)
    return below, (full, sub, full, b"\xff" + b"\x80" * rest, sub)


InflateError = _zlib.error
_LEVEL, _MEMORY = 1, 8


def inflater() -> _zlib._Decompress:
    """Return a decompressor; it raises InflateError."""
    return _zlib.decompressobj()


def deflater() -> _zlib._Compress:
    """Return a compressor for filtered rows of pixels.

    It looks for runs of one byte only: a screenshot becomes a seventh to a quarter larger
    than with a search for repeats, in a fraction of the time.
    """
    return _zlib.compressobj(_LEVEL, _zlib.DEFLATED, _zlib.MAX_WBITS, _MEMORY, _zlib.Z_RLE)
