"""Font files as HarfBuzz reads them, and the indexes of those that are shipped.

HarfBuzz is loaded, and a file mapped, when the first font is opened.  An opened font is
shared by the whole process until its file changes.

A shipped font is megabytes of outlines, and only they show whether a glyph is blank.  What
measuring needs to know of it is therefore computed beforehand: its index ``fonts/*.json``
holds the characters that are drawn, one list for each width.  ``fonts/index.py`` writes it.
An index is used when its checksum is the one that ``faces.yaml`` gives for the font, and its
size is that of the font file.  The font is not hashed, which would cost more than the index
saves; ``make stale`` does that.  Otherwise somebody has put another font there, and the font
itself is read.
"""

from __future__ import annotations

import contextlib
import struct
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from reportgen.files import open_file, read_file
from reportgen.problems import EnvironmentProblem

_FONT_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
_COLLECTIONS = {".ttc", ".otc"}
_MAX_INDEX = 10_000_000
_BLANK = {"Zs"}  # categories of characters that rightly have no outline
_NAMES = {1, 4, 16}  # name IDs: family, full name, typographic family

Found: TypeAlias = tuple[Path, int, frozenset[str]]
"""A font: its file, its index there, and its family names."""


class FontFile:
    """One font of a file; EnvironmentProblem if the file is none.

    ``hb_face`` is the ``uharfbuzz.Face``, for subsetting, ``upem`` the units per em.
    """

    def __init__(self, path: Path, index: int = 0) -> None:
        self._font = _open(path, index, path.stat().st_mtime_ns)
        self.hb_face = self._font.face
        self.upem = int(self.hb_face.upem)

    def advance(self, char: str) -> int | None:
        """Return the width of *char* in units; None if no glyph with an outline draws it.

        Spaces need no outline.  A mapped but blank glyph does not count: some fonts
        map characters they never drew.
        """
        glyph = self._font.get_nominal_glyph(ord(char))
        if not glyph:
            return None
        if unicodedata.category(char) not in _BLANK:
            extents = self._font.get_glyph_extents(glyph)
            if not (extents and extents.width and extents.height):
                return None
        return int(self._font.get_glyph_h_advance(glyph))

    def middle(self, char: str) -> float | None:
        """Return how high in em the middle of *char* is; None if no outline draws it."""
        glyph = self._font.get_nominal_glyph(ord(char))
        extents = self._font.get_glyph_extents(glyph) if glyph else None
        if not extents or not extents.height:
            return None
        return float(extents.y_bearing + extents.height / 2) / self.upem


@lru_cache(maxsize=64)
def _open(path: Path, index: int, _mtime: int) -> Any:
    """Map the font file *path* and return its ``uharfbuzz.Font``."""
    import uharfbuzz

    try:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), index)
    except Exception as error:  # uharfbuzz raises its own undocumented classes
        raise EnvironmentProblem(f"字体文件无法读取：{path}", "换一个字体文件") from error
    if not face.glyph_count:
        raise EnvironmentProblem(
            f"不是有效的字体文件：{path}", "换一个字体文件，或将其移出字体目录"
        )
    return uharfbuzz.Font(face)


def list_fonts(folder: Path) -> Iterator[Found]:
    """Yield every font in *folder*, in order of name; EnvironmentProblem if one is broken."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _FONT_SUFFIXES and path.is_file():
            yield from _fonts_in(path)


def known_files(names: Sequence[str], folders: Sequence[Path]) -> list[Found]:
    """Return the fonts in those files *names* that *folders* have; broken ones are skipped.

    Files are looked up by name, folders are not listed: a system may have thousands of fonts.
    """
    found: list[Found] = []
    for path in (folder / name for folder in folders for name in names):
        with contextlib.suppress(OSError, EnvironmentProblem):
            if path.is_file():
                found.extend(_fonts_in(path))
    return found


def _fonts_in(path: Path) -> Iterator[Found]:
    """Yield the font in the file *path*, those of a collection in their order."""
    count = _count(path) if path.suffix.lower() in _COLLECTIONS else 1
    for index in range(count):
        yield path, index, _family_names(FontFile(path, index).hb_face)


def _count(path: Path) -> int:
    """Return how many fonts the collection *path* holds."""
    with open_file(path) as file:
        tag, _version, count = struct.unpack(">4sII", file.read(12).ljust(12, b"\0"))
    return int(count) if tag == b"ttcf" else 1


def _family_names(face: Any) -> frozenset[str]:
    """Return the family and full names of *face* in all its languages."""
    return frozenset(
        face.get_name(entry.name_id, entry.language) or ""
        for entry in face.list_names()
        if int(entry.name_id) in _NAMES
    )


class FontIndex(msgspec.Struct, frozen=True):
    """The content of an index.

    ``sha256`` and ``size`` (bytes) are those of the font.  ``advances`` maps a width in units
    (``upem`` units are one em) to the characters of that width, in the order of their code
    points: all that the font maps to a glyph with an outline, and the spaces it maps.
    """

    sha256: str
    size: int
    upem: int
    advances: dict[int, str]


class IndexedFont:
    """A font known by its index, the file itself unopened; ``upem`` are its units per em.

    Nearly all characters of a Chinese font have one width.  They stay one sorted text, in
    which a character is found by bisection: making a table of them would cost more than all
    look-ups of a report.
    """

    def __init__(self, index: FontIndex) -> None:
        self.upem = index.upem
        self._advances = index.advances
        self._usual, self._text = max(index.advances.items(), key=lambda entry: len(entry[1]))

    def advance(self, char: str) -> int | None:
        """Return the width of *char* in units, None if the font does not draw it."""
        place = bisect_left(self._text, char)
        if self._text[place : place + 1] == char:
            return self._usual
        return self._others.get(char)

    @cached_property
    def _others(self) -> dict[str, int]:
        """The characters of another width than most; Chinese text hardly needs one."""
        groups = (entry for entry in self._advances.items() if entry[0] != self._usual)
        return {char: units for units, chars in groups for char in chars}


def index_path(font: Path) -> Path:
    """Return where the index of the file *font* lies: beside it."""
    return font.with_suffix(".json")


def read_index(font: Path, sha256: str) -> IndexedFont | None:
    """Return the font *font* as its index describes it; None if the index is of another file."""
    try:
        index = msgspec.json.decode(read_file(index_path(font), _MAX_INDEX), type=FontIndex)
        same = index.sha256 == sha256 and index.size == font.stat().st_size
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):  # lost or damaged
        return None
    return IndexedFont(index) if same else None
