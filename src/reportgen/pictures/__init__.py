"""Picture files: located inside the report folder, judged, and made printable.

A path comes in; a :class:`PictureSource` goes out, which reads its file again whenever an
output is written, without metadata and, where asked, without an alpha channel.
"""

from __future__ import annotations

from reportgen.pictures.files import PictureSource, open_picture
from reportgen.pictures.formats import (
    Damaged,
    JpegFile,
    PictureKind,
    PngColour,
    PngFile,
    TooLarge,
    parse_jpeg,
    parse_png,
)
from reportgen.pictures.paths import Located, PictureFolder

__all__ = [
    "Damaged",
    "JpegFile",
    "Located",
    "PictureFolder",
    "PictureKind",
    "PictureSource",
    "PngColour",
    "PngFile",
    "TooLarge",
    "open_picture",
    "parse_jpeg",
    "parse_png",
]
