"""Picture files: locating them in the report folder, validating them, and converting them.

The result is a :class:`PictureSource`, which reads its file again whenever an output is written.
It returns the picture without metadata and, if requested, without an alpha channel.
"""

from __future__ import annotations

from reportgen.pictures.files import PictureSource, thumbnail
from reportgen.pictures.formats import (
    SUFFIXES,
    Damaged,
    JpegFile,
    PictureKind,
    PngColour,
    PngFile,
    Thumbnail,
    TooLarge,
    image_kind,
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
    "SUFFIXES",
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
    "Thumbnail",
    "TooLarge",
    "image_kind",
    "parse_jpeg",
    "parse_png",
    "thumbnail",
]
