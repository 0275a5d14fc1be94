"""Picture files: locating them in the report folder, validating them, and converting them.

The result is a :class:`PictureSource`, which reads its file again whenever an output is written.
It returns the picture without metadata and, if requested, without an alpha channel.
"""

from __future__ import annotations

from reportgen.pictures.files import JudgedPicture, PictureSource, Undrawn, thumbnail
from reportgen.pictures.formats import (
    Damaged,
    JpegFile,
    PngColour,
    PngFile,
    Thumbnail,
    TooLarge,
    parse_jpeg,
    parse_png,
)
from reportgen.pictures.kinds import SUFFIXES, PictureKind, image_kind
from reportgen.pictures.paths import (
    PICTURE_SUFFIXES,
    GivenPictures,
    Located,
    PictureFolder,
    Pictures,
)
from reportgen.pictures.printing import (
    PT_PER_PIXEL,
    Cut,
    Print,
    PrintedPicture,
    is_photograph,
    is_wide,
    natural_size,
    part_height,
    plan_cut,
    plan_print,
    printed_text,
)

__all__ = [
    "PICTURE_SUFFIXES",
    "PT_PER_PIXEL",
    "SUFFIXES",
    "Cut",
    "Damaged",
    "GivenPictures",
    "JpegFile",
    "JudgedPicture",
    "Located",
    "PictureFolder",
    "PictureKind",
    "PictureSource",
    "Pictures",
    "PngColour",
    "PngFile",
    "Print",
    "PrintedPicture",
    "Thumbnail",
    "TooLarge",
    "Undrawn",
    "image_kind",
    "is_photograph",
    "is_wide",
    "natural_size",
    "parse_jpeg",
    "parse_png",
    "part_height",
    "plan_cut",
    "plan_print",
    "printed_text",
    "thumbnail",
]
