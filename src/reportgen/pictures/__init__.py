"""Picture files: located inside the report folder, judged, and made printable.

A path, or a name and bytes, come in; a :class:`PictureSource` goes out, which reads its file
again whenever an output is written, without metadata and, where asked, without an alpha channel.
"""

from __future__ import annotations

from reportgen.pictures.files import PictureSource
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
from reportgen.pictures.paths import (
    PICTURE_SUFFIXES,
    GivenPictures,
    Located,
    PictureFolder,
    Pictures,
)

__all__ = [
    "PICTURE_SUFFIXES",
    "Damaged",
    "GivenPictures",
    "JpegFile",
    "Located",
    "PictureFolder",
    "PictureKind",
    "PictureSource",
    "Pictures",
    "PngColour",
    "PngFile",
    "TooLarge",
    "parse_jpeg",
    "parse_png",
]
