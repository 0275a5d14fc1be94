"""Pictures as image XObjects, passed through undecoded wherever PDF reads the same coding.

The pixel data of a PNG without interlace or alpha already is a FlateDecode
stream with PNG predictors (ISO 32000-1, 7.4.4.4), a JPEG a DCTDecode stream
(7.4.8).  Anything else is decoded, laid on white and compressed fast.
"""

from __future__ import annotations

import io
import struct
import zlib

from msgspec import Struct

from reportgen.document.nodes import Figure
from reportgen.writers.pdf.objects import Chunk, PdfFile, Token, hexadecimal, name
from reportgen.writers.pdf.profile import Profile

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3  # PNG colour types without alpha
_SIZE_MARKERS = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # JPEG markers without a length


class Raster(Struct, frozen=True):
    """A picture in PDF terms: its size in pixels, dictionary entries and encoded data."""

    width: int
    height: int
    entries: dict[str, Token]
    chunks: list[Chunk]


class ImageStore:
    """Writes each distinct picture once, when it is first shown."""

    def __init__(self, file: PdfFile, profile: Profile) -> None:
        self._file = file
        self._profile = profile
        self._names: dict[str, tuple[str, int]] = {}

    def place(self, figure: Figure) -> tuple[str, int]:
        """Return the resource name and object number of *figure*'s picture."""
        key = figure.digest or f"id-{id(figure)}"
        if key not in self._names:
            raster = encode(figure.picture.read_opaque(), self._profile.deep_pixels)
            entries: dict[str, Token] = {
                "Type": name("XObject"),
                "Subtype": name("Image"),
                "Width": raster.width,
                "Height": raster.height,
                **raster.entries,
            }
            number = self._file.add_stream(entries, raster.chunks, None, figure.digest.encode())
            self._names[key] = (f"I{len(self._names) + 1}", number)
        return self._names[key]


def encode(data: bytes, deep_pixels: bool = True) -> Raster:
    """Return the picture *data* as PDF takes it; 16-bit components only if *deep_pixels*."""
    raster = None
    if data.startswith(_PNG_SIGNATURE):
        raster = _pass_png(data, deep_pixels)
    elif data.startswith(b"\xff\xd8"):
        raster = _pass_jpeg(data)
    return raster or _decode(data)


def _pass_png(data: bytes, deep_pixels: bool) -> Raster | None:
    width, height, bits, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", data, 16)
    if interlace or colour not in (_GREY, _RGB, _PALETTE) or (bits == 16 and not deep_pixels):
        return None
    view = memoryview(data)
    palette = b""
    chunks: list[Chunk] = []
    position = len(_PNG_SIGNATURE)
    while position + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        body = view[position + 8 : position + 8 + length]
        if kind == b"tRNS":
            return None
        if kind == b"PLTE":
            palette = bytes(body)
        elif kind == b"IDAT":
            chunks.append(body)
        position += 12 + length
    parameters: dict[str, Token] = {
        "Predictor": 15,
        "Colors": 3 if colour == _RGB else 1,
        "BitsPerComponent": bits,
        "Columns": width,
    }
    entries: dict[str, Token] = {
        "ColorSpace": _png_space(colour, palette),
        "BitsPerComponent": bits,
        "Filter": name("FlateDecode"),
        "DecodeParms": parameters,
    }
    return Raster(width, height, entries, chunks)


def _png_space(colour: int, palette: bytes) -> Token:
    if colour == _PALETTE:
        last = len(palette) // 3 - 1
        return [name("Indexed"), name("DeviceRGB"), last, hexadecimal(palette)]
    return name("DeviceRGB" if colour == _RGB else "DeviceGray")


def _pass_jpeg(data: bytes) -> Raster | None:
    frame = _jpeg_frame(data)
    if frame is None:
        return None
    bits, height, width, components = frame
    if bits != 8 or components not in (1, 3) or not height:
        return None
    entries: dict[str, Token] = {
        "ColorSpace": name("DeviceRGB" if components == 3 else "DeviceGray"),
        "BitsPerComponent": 8,
        "Filter": name("DCTDecode"),
    }
    return Raster(width, height, entries, [data])


def _jpeg_frame(data: bytes) -> tuple[int, int, int, int] | None:
    """Return bits, height, width and component count of the frame header."""
    position = 2
    while position + 10 <= len(data):
        if data[position] != 0xFF:
            return None
        marker = data[position + 1]
        if marker == 0xFF or marker in _BARE_MARKERS:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in _SIZE_MARKERS:
            bits, height, width, components = struct.unpack_from(">BHHB", data, position + 4)
            return bits, height, width, components
        position += 2 + int(struct.unpack_from(">H", data, position + 2)[0])
    return None


def _decode(data: bytes) -> Raster:
    from PIL import Image  # only here: most reports never need it

    with Image.open(io.BytesIO(data)) as opened:
        picture: Image.Image = opened
        if picture.mode.startswith("I;16") or picture.mode == "I":
            picture = picture.point(lambda value: value / 256).convert("L")
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            paper = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(paper, picture).convert("RGB")
        elif picture.mode != "L":
            picture = picture.convert("L" if picture.mode in ("1", "LA") else "RGB")
        pixels = picture.tobytes()
    entries: dict[str, Token] = {
        "ColorSpace": name("DeviceGray" if picture.mode == "L" else "DeviceRGB"),
        "BitsPerComponent": 8,
        "Filter": name("FlateDecode"),
    }
    return Raster(picture.width, picture.height, entries, [zlib.compress(pixels, 1)])
