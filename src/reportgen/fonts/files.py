"""Font files opened by HarfBuzz, their subsets, and the indexes of the shipped fonts.

HarfBuzz is imported when the first font is opened.  Font files are memory-mapped, and an opened
font is shared by the whole process until its file changes.

To know whether a glyph is blank, its outline has to be read, and the outlines of a shipped font
are megabytes.  The data for measuring is therefore computed in advance by ``fonts/index.py``:
an index ``fonts/*.json`` holds the characters that the font draws, one list for each width.

An index is used if its checksum is the one that ``faces.yaml`` gives for the font, and its
``size`` is that of the font file.  Hashing the font here would take longer than the index
saves; ``make stale`` verifies the hash.  If they differ, the font file has been replaced, and
the font itself is read.
"""

from __future__ import annotations

import contextlib
import re
import struct
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from reportgen.files import open_file, read_file
from reportgen.fonts.cff import cff_table
from reportgen.problems import EnvironmentProblem

_FONT_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
_COLLECTIONS = {".ttc", ".otc"}
_MAX_INDEX = 10_000_000
_BLANK = {"Zs"}  # categories of characters that need no outline
_NAMES = {1, 4, 16}  # name IDs: family, full name, typographic family

Found: TypeAlias = tuple[Path, int, frozenset[str]]
"""A font: its file, its index in the file, and its family names."""


class FontFile:
    """A font opened from a file; raises EnvironmentProblem if the file is not a font.

    ``hb_font`` is the ``uharfbuzz.Font``, for shaping; ``hb_face`` is the ``uharfbuzz.Face``, for
    subsetting; ``upem`` is the units per em.
    """

    def __init__(self, path: Path, index: int = 0) -> None:
        self.hb_font = _open(path, index, path.stat().st_mtime_ns)
        self.hb_face = self.hb_font.face
        self.upem = int(self.hb_face.upem)

    def advance(self, char: str) -> int | None:
        """Return the width of *char* in font units; None if the font does not draw it.

        Spaces need no outline.  A blank glyph of any other character does not count, because
        some fonts map characters to glyphs that were never drawn.
        """
        glyph = self.hb_font.get_nominal_glyph(ord(char))
        if not glyph:
            return None
        if unicodedata.category(char) not in _BLANK:
            extents = self.hb_font.get_glyph_extents(glyph)
            if not (extents and extents.width and extents.height):
                return None
        return int(self.hb_font.get_glyph_h_advance(glyph))

    def middle(self, char: str) -> float | None:
        """Return the height in em of the centre of *char*; None if it has no outline."""
        box = self.outline_box(char)
        return None if box is None else (box[1] + box[3]) / 2

    def outline_box(self, char: str) -> tuple[float, float, float, float] | None:
        """Return the edges in em of the outline of *char*: left, bottom, right, top.

        They are relative to its origin; None if it has no outline.
        """
        glyph = self.hb_font.get_nominal_glyph(ord(char))
        return self.glyph_box(glyph) if glyph else None

    def glyph_box(self, glyph: int) -> tuple[float, float, float, float] | None:
        """Return the edges in em of the outline of the glyph with the index *glyph*.

        They are those of :meth:`outline_box`.
        """
        extents = self.hb_font.get_glyph_extents(glyph)
        if not extents or not extents.height:
            return None
        left, top = extents.x_bearing / self.upem, extents.y_bearing / self.upem
        bottom = top + extents.height / self.upem  # the height is negative
        return left, bottom, left + extents.width / self.upem, top


@contextlib.contextmanager
def font_errors(path: Path) -> Iterator[None]:
    """Turn whatever a damaged font makes the block raise into EnvironmentProblem about *path*.

    HarfBuzz opens a font without looking at most of its tables, and raises undocumented
    classes when one that is needed later is missing or damaged.
    """
    try:
        yield
    except EnvironmentProblem:
        raise
    except Exception as error:
        hint = "换一个字体文件，或将其移出 fonts 目录"
        raise EnvironmentProblem(f"字体文件无法读取：{path}，它可能已损坏", hint) from error


@lru_cache(maxsize=64)
def _open(path: Path, index: int, _mtime: int) -> Any:
    """Map the font file *path* and return its ``uharfbuzz.Font``."""
    import uharfbuzz

    with font_errors(path):
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), index)
    if not face.glyph_count:
        raise EnvironmentProblem(
            f"不是有效的字体文件：{path}", "换一个字体文件，或将其移出字体目录"
        )
    return uharfbuzz.Font(face)


def list_fonts(folder: Path) -> Iterator[Found]:
    """Yield the fonts in *folder*, ordered by file name.

    Raises EnvironmentProblem if one is broken.
    """
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _FONT_SUFFIXES and path.is_file():
            yield from _fonts_in(path)


def known_files(names: Sequence[str], folders: Sequence[Path]) -> list[Found]:
    """Return the fonts in the files called *names* in *folders*; broken ones are skipped.

    The folders are not listed, because a system may have thousands of fonts.
    """
    found: list[Found] = []
    for path in (folder / name for folder in folders for name in names):
        with contextlib.suppress(OSError, EnvironmentProblem):
            if path.is_file():
                found.extend(_fonts_in(path))
    return found


def _fonts_in(path: Path) -> Iterator[Found]:
    """Yield the font in the file *path*, or all fonts of a collection."""
    with font_errors(path):
        count = _count(path) if path.suffix.lower() in _COLLECTIONS else 1
        found = [
            (path, index, _family_names(FontFile(path, index).hb_face)) for index in range(count)
        ]
    yield from found


def _count(path: Path) -> int:
    """Return the number of fonts in the collection *path*."""
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
    """The content of an index file."""

    sha256: str
    """The checksum of the font file."""
    size: int
    """The size of the font file in bytes."""
    upem: int
    """The font units per em."""
    advances: dict[int, str]
    """For each width in font units, the characters of that width sorted by code point: those
    with an outline, and the spaces."""


class IndexedFont:
    """A font measured by its index, without opening the file; ``upem`` is its units per em.

    Nearly all characters of a Chinese font have the same width.  They stay one sorted string,
    which is searched by bisection: building a table of them would take longer than all look-ups
    of a report.
    """

    def __init__(self, index: FontIndex) -> None:
        self.upem = index.upem
        self._advances = index.advances
        self._usual, self._text = max(index.advances.items(), key=lambda entry: len(entry[1]))

    def advance(self, char: str) -> int | None:
        """Return the width of *char* in font units; None if the font does not draw it."""
        place = bisect_left(self._text, char)
        if self._text[place : place + 1] == char:
            return self._usual
        return self._others.get(char)

    @cached_property
    def _others(self) -> dict[str, int]:
        """The widths of the characters that do not have the most frequent width.

        Built only when needed, because most Chinese texts have no such character.
        """
        groups = (entry for entry in self._advances.items() if entry[0] != self._usual)
        return {char: units for units, chars in groups for char in chars}


def index_path(font: Path) -> Path:
    """Return the path of the index of the file *font*."""
    return font.with_suffix(".json")


def read_index(font: Path, sha256: str) -> IndexedFont | None:
    """Return the font in the file *font* from its index.

    None if the index is missing, damaged, or belongs to another file than the one with the
    checksum *sha256*.
    """
    try:
        index = msgspec.json.decode(read_file(index_path(font), _MAX_INDEX), type=FontIndex)
        same = index.sha256 == sha256 and index.size == font.stat().st_size
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):  # lost or damaged
        return None
    return IndexedFont(index) if same else None


NOTDEF = 0
"""The index of the glyph that stands for characters a font lacks."""
_POSTSCRIPT_NAME = 6  # OpenType name ID
_SHAPING = ("GSUB", "GPOS", "GDEF", "BASE", "kern", "kerx", "mort", "morx")
_NAMING = ("cmap", "name", "post", "OS/2", "STAT", "DSIG", "FFTM")
_SCREEN = ("gasp", "hdmx")
_VERTICAL = ("vhea", "vmtx", "VORG")
_CFF = "CFF "
_CFF_TABLES = {_CFF, "CFF2"}


class Subset(Struct, frozen=True):
    """A subset of a font."""

    data: bytes
    """A font file, or only the CFF table."""
    glyphs: Mapping[int, int]
    """The glyph index in the subset for each code point."""
    shaped: Mapping[int, int]
    """The glyph index in the subset for each glyph of the font that was asked for."""
    is_cff: bool
    """Whether ``data`` is a CFF table."""


class FontFacts(Struct, frozen=True):
    """Properties from the tables head, hhea, OS/2, post and name; lengths are in 1/1000 em."""

    name: str
    """The PostScript name, reduced to letters, digits, ``_`` and ``-``; empty if there is none."""
    box: tuple[int, ...]
    """The bounding box of all glyphs: left, bottom, right, top."""
    ascent: int
    descent: int
    cap_height: int
    angle: float
    """The slant in degrees, counter-clockwise from the vertical."""
    weight: int
    """100 to 900; 400 is regular."""
    is_serif: bool
    is_fixed: bool
    """Whether all glyphs have the same width."""
    notdef: float
    """The advance of the glyph .notdef."""


def cut(face: Any, chars: Iterable[str], shaped: Iterable[int] = ()) -> Subset:
    """Return the subset of the ``uharfbuzz.Face`` *face* that draws *chars*, for a PDF.

    It has the glyphs *shaped* as well.

    A PDF positions the glyphs itself and has its own character maps, so hinting, names and the
    tables for text layout are dropped; a variable font is reduced to its default instance.
    """
    if _CFF_TABLES.isdisjoint(face.table_tags):
        return _cut(face, chars, shaped, (*_SHAPING, *_NAMING, *_SCREEN, *_VERTICAL))
    import uharfbuzz as hb

    font, asked = hb.Font(face), frozenset(shaped)
    drawn = {ord(char): font.get_nominal_glyph(ord(char)) for char in chars}
    order = [NOTDEF, *sorted({*drawn.values(), *asked} - {NOTDEF})]
    numbers = {glyph: number for number, glyph in enumerate(order)}
    return Subset(
        cff_table(face, order, _postscript_name(face) or "Font"),
        {code: numbers[glyph] for code, glyph in drawn.items()},
        {glyph: numbers[glyph] for glyph in asked},
        is_cff=True,
    )


def cut_with_names(face: Any, chars: Iterable[str], shaped: Iterable[int] = ()) -> Subset:
    """Return the subset of the ``uharfbuzz.Face`` *face* that draws *chars*, for an OFD.

    It has the glyphs *shaped* as well.  It is a font file with the character map and the names,
    without hinting and the tables for text layout; a variable font is reduced to its default
    instance.
    """
    return _cut(face, chars, shaped, (*_SHAPING, *_SCREEN, *_VERTICAL))


def _cut(face: Any, chars: Iterable[str], shaped: Iterable[int], dropped: Iterable[str]) -> Subset:
    """Return the subset as a font file without the tables *dropped*."""
    import uharfbuzz as hb

    # Request characters instead of glyphs where possible: for glyphs, HarfBuzz searches the whole
    # cmap for further characters that lead to them.
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, chars))
    if asked := frozenset(shaped):
        wanted.glyph_set.update(asked)
    wanted.flags = (
        hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        | hb.SubsetFlags.NO_BIDI_CLOSURE
        | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        | hb.SubsetFlags.DOWNGRADE_CFF2
    )
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in dropped)
    if face.has_var_data:
        wanted.pin_all_axes_to_default(face)
    plan = hb.SubsetPlan(face, wanted)
    subset = plan.execute()
    kept = plan.old_to_new_glyph_mapping
    glyphs = {code: kept[glyph] for code, glyph in plan.unicode_to_old_glyph_mapping.items()}
    numbers = {glyph: kept[glyph] for glyph in asked}
    return Subset(bytes(subset.blob.data), glyphs, numbers, _CFF in subset.table_tags)


def cut_file(face: Any, chars: Iterable[str]) -> bytes:
    """Return a font file with the subset of the ``uharfbuzz.Face`` *face* that draws *chars*.

    It keeps the names and the character map, which other programs need, but no hinting.
    """
    import uharfbuzz as hb

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, chars))
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    return bytes(hb.subset(face, wanted).blob.data)


def weight_of(face: Any) -> int:
    """Return the weight of the ``uharfbuzz.Face`` *face*, 100 to 900; 400 if it tells none."""
    os2 = face.reference_table("OS/2").data
    return struct.unpack_from(">H", os2, 4)[0] if len(os2) >= 6 else 400


def describe(face: Any) -> FontFacts:
    """Return the properties of the ``uharfbuzz.Face`` *face*."""
    unit = 1000 / face.upem
    head, hhea, os2, post = (face.reference_table(t).data for t in ("head", "hhea", "OS/2", "post"))
    # Offsets are those of the OpenType specification.  The typographic ascender and descender of
    # OS/2 take precedence over those of hhea.
    ascent, descent = struct.unpack_from(">hh", hhea, 4)
    weight, is_serif, cap_height = 400, False, 0
    if len(os2) >= 78:
        weight = struct.unpack_from(">H", os2, 4)[0]
        is_serif = os2[32] == 2 and 2 <= os2[33] <= 10  # PANOSE: Latin text, a serif style
        ascent, descent = struct.unpack_from(">hh", os2, 68)
        cap_height = struct.unpack_from(">h", os2, 88)[0] if len(os2) >= 90 else 0
    angle, is_fixed = 0.0, False
    if len(post) >= 16:
        angle = struct.unpack_from(">i", post, 4)[0] / 65536
        is_fixed = struct.unpack_from(">I", post, 12)[0] != 0
    return FontFacts(
        name=_postscript_name(face),
        box=tuple(round(v * unit) for v in struct.unpack_from(">4h", head, 36)),
        ascent=round(ascent * unit),
        descent=round(descent * unit),
        cap_height=round((cap_height or ascent) * unit),
        angle=angle,
        weight=weight,
        is_serif=is_serif,
        is_fixed=is_fixed,
        notdef=advance_of_notdef(face),
    )


def _postscript_name(face: Any) -> str:
    """Return the PostScript name of *face*, without what PDF would have to escape in a name."""
    return re.sub(r"[^A-Za-z0-9_-]", "", face.get_name(_POSTSCRIPT_NAME) or "")[:63]


def advance_of_notdef(face: Any) -> float:
    """Return the advance in 1/1000 em of the glyph .notdef of *face*."""
    import uharfbuzz as hb

    units: int = hb.Font(face).get_glyph_h_advance(NOTDEF)
    upem: int = face.upem
    return round(units * 1000 / upem, 3)
