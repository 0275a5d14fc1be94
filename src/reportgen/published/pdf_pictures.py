"""The pictures of a PDF as files: JPEG as they are, everything else as PNG.

Nothing is decoded in Python: the samples of a PDF are laid out as those of PNG are, and may even be
filtered alike (ISO 32000-2, 7.4.4.4; PNG, 9).
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

from reportgen.published.found import RawPicture

MAX_SAMPLES = 200_000_000
"""Bytes of samples of one picture, not compressed."""
_COMPONENTS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3}
_COLOUR_TYPES = {1: 0, 3: 2}
_PALETTE = 3
_PNG_FILTERS = 10
"""From this value of Predictor on, each row begins with a filter of PNG."""


def picture_of(stream: Any, name: str) -> RawPicture | None:
    """Return the picture *stream* (pdfminer's), *name* without a suffix; None for other kinds."""
    from pdfminer.ascii85 import ascii85decode

    filters = [(_name(kind), parameters or {}) for kind, parameters in stream.get_filters()]
    data = stream.rawdata
    if data is not None and stream.decipher:
        data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
    if data is not None and filters and filters[0][0] in ("ASCII85Decode", "A85"):
        data = ascii85decode(data)
        del filters[0]
    if data is None or len(filters) != 1:
        return None
    kind, parameters = filters[0]
    if kind in ("DCTDecode", "DCT"):
        return RawPicture(f"{name}.jpg", "", data)
    if kind in ("FlateDecode", "Fl") and (made := _png(stream, data, parameters)):
        return RawPicture(f"{name}.png", "", made)
    return None


def _png(stream: Any, data: bytes, parameters: Any) -> bytes | None:
    """Return the picture as a PNG, None when its colours are of a kind that PNG has not."""
    width, height = _whole(stream, "Width", "W"), _whole(stream, "Height", "H")
    depth = _whole(stream, "BitsPerComponent", "BPC")
    components, palette = _colours(stream.get_any(("ColorSpace", "CS")))
    row = (width * components * depth + 7) // 8
    if not (row and height and depth in (1, 2, 4, 8)) or row * height > MAX_SAMPLES:
        return None
    predictor = int(parameters.get("Predictor", 1))
    if predictor < _PNG_FILTERS:
        if predictor != 1 or (filtered := _filtered(data, row, height)) is None:
            return None
        data = filtered
    colour = _PALETTE if palette else _COLOUR_TYPES[components]
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [_chunk(b"IHDR", head)]
    if palette:
        parts.append(_chunk(b"PLTE", palette))
    return b"".join((b"\x89PNG\r\n\x1a\n", *parts, _chunk(b"IDAT", data), _chunk(b"IEND", b"")))


def _filtered(data: bytes, row: int, height: int) -> bytes | None:
    """Return the samples *data* compressed anew with the filter "none" before each row."""
    try:
        samples = zlib.decompressobj().decompress(data, row * height)
    except zlib.error:
        return None
    if len(samples) < row * height:
        return None
    rows = (b"\0" + samples[at : at + row] for at in range(0, row * height, row))
    return zlib.compress(b"".join(rows), 6)


def _colours(space: Any) -> tuple[int, bytes]:
    """Return how many components *space* has, 0 when unknown, and its palette if it has one."""
    from pdfminer.pdftypes import PDFStream, resolve1

    space = resolve1(space)
    if not isinstance(space, list):
        return _COMPONENTS.get(_name(space), 0), b""
    first, *rest = (resolve1(item) for item in space)
    if _name(first) == "ICCBased" and isinstance(rest[0], PDFStream):
        count = resolve1(rest[0].get("N"))
        return count if count in _COLOUR_TYPES else 0, b""
    if _name(first) == "Indexed" and _colours(rest[0]) == (3, b""):
        table = rest[2]
        palette = table.get_data() if isinstance(table, PDFStream) else bytes(table)
        return 1, palette[: len(palette) // 3 * 3][:768]
    return _COMPONENTS.get(_name(first), 0), b""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _name(value: Any) -> str:
    return str(getattr(value, "name", ""))


def _whole(stream: Any, *names: str) -> int:
    from pdfminer.pdftypes import resolve1

    value = resolve1(stream.get_any(names))
    return value if isinstance(value, int) and 0 < value < 100_000 else 0
