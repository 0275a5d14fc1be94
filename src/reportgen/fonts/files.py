"""Font files as HarfBuzz reads them: what a folder holds, what a font draws and how wide.

HarfBuzz is loaded, and a file mapped, when the first font is opened.  An opened font is
shared by the whole process until its file changes.
"""

from __future__ import annotations

import contextlib
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from reportgen.problems import EnvironmentProblem

_FONT_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
_COLLECTIONS = {".ttc", ".otc"}
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
    with path.open("rb") as file:
        tag, _version, count = struct.unpack(">4sII", file.read(12).ljust(12, b"\0"))
    return int(count) if tag == b"ttcf" else 1


def _family_names(face: Any) -> frozenset[str]:
    """Return the family and full names of *face* in all its languages."""
    return frozenset(
        face.get_name(entry.name_id, entry.language) or ""
        for entry in face.list_names()
        if int(entry.name_id) in _NAMES
    )
