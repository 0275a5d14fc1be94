"""Pictures as image XObjects, passed through undecoded.

A picture comes as a PNG of 8 bits or less without interlace or alpha, whose pixel data
already are a FlateDecode stream with PNG predictors (ISO 32000-1, 7.4.4.4), or as a JPEG
of one or three components, which is a DCTDecode stream (7.4.8).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFObject, PDFText

from reportgen.document.nodes import Figure
from reportgen.writers.pdf.canvas import FileWriter, Stream, TaggedCanvas, name

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _PALETTE = 2, 3  # colour types of PNG; grey is the third without alpha
_SIZE_MARKERS = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive
_BARE_MARKERS = frozenset({0x01, 0xFF, *range(0xD0, 0xD9)})  # of JPEG, without a length


class ImageXObject(PDFObject):  # type: ignore[misc]
    """The image XObject of *figure*, whose file is read when the object is written."""

    def __init__(self, figure: Figure) -> None:
        self.fingerprint = figure.digest
        self._figure = figure

    def format(self, document: FileWriter) -> bytes:
        """Return the stream."""
        data = self._figure.picture.read_opaque()
        entries, pixels = _png(data) if data.startswith(_PNG_SIGNATURE) else _jpeg(data)
        common = {"Type": name("XObject"), "Subtype": name("Image")}
        shown: bytes = Stream({**common, **entries}, pixels, encoded=True).format(document)
        return shown


class ImageStore:
    """Writes each distinct picture once, when it is first shown."""

    def __init__(self, canvas: TaggedCanvas) -> None:
        self._canvas = canvas
        self._keys: dict[str, str] = {}

    def place(self, figure: Figure) -> str:
        """Return the key by which the canvas shows the picture of *figure*."""
        if figure.digest not in self._keys:
            self._keys[figure.digest] = f"{len(self._keys) + 1}"
            self._canvas.add_picture(self._keys[figure.digest], ImageXObject(figure))
        return self._keys[figure.digest]


def _png(data: bytes) -> tuple[Mapping[str, object], bytes]:
    """Return the entries and the encoded pixels of the PNG file *data*."""
    width, height, bits, colour = struct.unpack_from(">IIBB", data, 16)
    palette, pixels = b"", []
    view, position = memoryview(data), len(_PNG_SIGNATURE)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = view[position + 8 : position + 8 + length]
        if kind == b"PLTE":
            palette = bytes(body)
        elif kind == b"IDAT":
            pixels.append(body)
        position += 12 + length
    parameters = {
        "Predictor": 15,
        "Colors": 3 if colour == _RGB else 1,
        "BitsPerComponent": bits,
        "Columns": width,
    }
    entries = {
        "Width": width,
        "Height": height,
        "ColorSpace": _colour_space(colour, palette),
        "BitsPerComponent": bits,
        "Filter": name("FlateDecode"),
        "DecodeParms": PDFDictionary(parameters),
    }
    return entries, b"".join(pixels)


def _colour_space(colour: int, palette: bytes) -> object:
    if colour == _PALETTE:
        last = len(palette) // 3 - 1
        return PDFArray([name("Indexed"), name("DeviceRGB"), last, PDFText(palette)])
    return name("DeviceRGB" if colour == _RGB else "DeviceGray")


def _jpeg(data: bytes) -> tuple[Mapping[str, object], bytes]:
    """Return the entries of the JPEG file *data*, and the file, which is the encoded pixels."""
    height, width, components = _jpeg_frame(data)
    entries = {
        "Width": width,
        "Height": height,
        "ColorSpace": name("DeviceRGB" if components == 3 else "DeviceGray"),
        "BitsPerComponent": 8,
        "Filter": name("DCTDecode"),
    }
    return entries, data


def _jpeg_frame(data: bytes) -> tuple[int, int, int]:
    """Return height, width and number of components from the frame header of a JPEG."""
    position = 2
    while (marker := data[position + 1]) not in _SIZE_MARKERS:
        if marker in _BARE_MARKERS:
            position += 1 if marker == 0xFF else 2
        else:
            position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    height, width, components = struct.unpack_from(">HHB", data, position + 5)
    return height, width, components
