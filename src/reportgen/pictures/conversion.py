"""Pictures that cannot be printed as they are, by Pillow: upright, on white, encoded anew."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from PIL import Image, ImageOps

from reportgen.pictures.formats import MAX_PIXELS, Damaged, PictureKind, TooLarge, check_pixels

_LEVEL = 3  # screenshots come out as small as by 6, in two thirds of the time


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
            opaque.save(buffer, "PNG", compress_level=_LEVEL)
    return buffer.getvalue()


@contextmanager
def _decoded(data: bytes, kind: PictureKind) -> Iterator[Image.Image]:
    """Give the picture *data*, decoded and upright; raises Damaged or TooLarge."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=[kind.upper()]) as picture:
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
