"""Pictures as image XObjects, passed through undecoded.

A picture comes as a PNG of 8 bits or less without interlace or alpha, whose pixel data
already are a FlateDecode stream with PNG predictors (ISO 32000-1, 7.4.4.4), or as a JPEG
of one or three components, which is a DCTDecode stream (7.4.8).
"""

from __future__ import annotations

from collections.abc import Mapping

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFObject, PDFText

from reportgen.document.nodes import Figure
from reportgen.pictures import PictureKind, PngColour, PngFile, parse_jpeg, parse_png
from reportgen.writers.pdf.canvas import FileWriter, Stream, TaggedCanvas, name


class ImageXObject(PDFObject):  # type: ignore[misc]
    """The image XObject of *figure*, whose file is read when the object is written."""

    def __init__(self, figure: Figure) -> None:
        self.fingerprint = figure.digest
        self._figure = figure

    def format(self, document: FileWriter) -> bytes:
        """Return the stream."""
        data = self._figure.picture.read_opaque()
        entries, pixels = _png(data) if self._figure.kind == PictureKind.PNG else _jpeg(data)
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
    file = parse_png(data)
    parameters = {
        "Predictor": 15,
        "Colors": 3 if file.colour == PngColour.RGB else 1,
        "BitsPerComponent": file.depth,
        "Columns": file.width,
    }
    entries = {
        "Width": file.width,
        "Height": file.height,
        "ColorSpace": _colour_space(file),
        "BitsPerComponent": file.depth,
        "Filter": name("FlateDecode"),
        "DecodeParms": PDFDictionary(parameters),
    }
    return entries, b"".join(file.packed)


def _colour_space(file: PngFile) -> object:
    if file.colour == PngColour.PALETTE:
        last = len(file.palette) // 3 - 1
        return PDFArray([name("Indexed"), name("DeviceRGB"), last, PDFText(file.palette)])
    return name("DeviceRGB" if file.colour == PngColour.RGB else "DeviceGray")


def _jpeg(data: bytes) -> tuple[Mapping[str, object], bytes]:
    """Return the entries of the JPEG file *data*, and the file, which is the encoded pixels."""
    file = parse_jpeg(data)
    entries = {
        "Width": file.width,
        "Height": file.height,
        "ColorSpace": name("DeviceRGB" if file.components == 3 else "DeviceGray"),
        "BitsPerComponent": 8,
        "Filter": name("DCTDecode"),
    }
    return entries, data
