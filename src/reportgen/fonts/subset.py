"""Subsets of fonts, cut by HarfBuzz, and what a font says about itself.

HarfBuzz is loaded when the first subset is cut.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

NOTDEF = 0
"""The glyph of a character that a font lacks."""
_POSTSCRIPT_NAME = 6  # OpenType name ID
_SHAPING = ("GSUB", "GPOS", "GDEF", "BASE", "kern", "kerx", "mort", "morx")
_NAMING = ("cmap", "name", "post", "OS/2", "STAT", "DSIG", "FFTM")
_SCREEN = ("gasp", "hdmx")
_VERTICAL = ("vhea", "vmtx", "VORG")
_CFF = "CFF "


class Subset(Struct, frozen=True):
    """The part of a font that draws some characters."""

    data: bytes
    """A font file, or the bare table of CFF outlines."""
    glyphs: Mapping[int, int]
    """The glyph in it of each code point."""
    is_cff: bool


class FontFacts(Struct, frozen=True):
    """What a font's tables head, hhea, OS/2, post and name say; lengths in 1/1000 em."""

    name: str
    """The PostScript name in letters that every reader takes, empty without one."""
    box: tuple[int, ...]
    """Left, bottom, right and top of all glyphs together."""
    ascent: int
    descent: int
    cap_height: int
    angle: float
    """The slant, in degrees to the left."""
    weight: int
    """100 to 900; 400 is regular."""
    is_serif: bool
    is_fixed: bool
    """Whether all glyphs are equally wide."""
    notdef: float
    """The advance of the glyph for a character that it lacks."""


def cut(face: Any, chars: Iterable[str]) -> Subset:
    """Return what of the ``uharfbuzz.Face`` *face* draws *chars* at given places.

    Without hinting, names, tables for setting text, and variations: the default instance.
    The characters are named, not their glyphs: for glyphs HarfBuzz searches the whole cmap
    for who else leads to them.
    """
    import uharfbuzz as hb

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, chars))
    wanted.flags = (
        hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        | hb.SubsetFlags.NO_BIDI_CLOSURE
        | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        | hb.SubsetFlags.DOWNGRADE_CFF2
    )
    dropped = (*_SHAPING, *_NAMING, *_SCREEN, *_VERTICAL)
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in dropped)
    if face.has_var_data:
        wanted.pin_all_axes_to_default(face)
    plan = hb.SubsetPlan(face, wanted)
    subset = plan.execute()
    is_cff = _CFF in subset.table_tags
    data = (subset.reference_table(_CFF) if is_cff else subset.blob).data
    kept = plan.old_to_new_glyph_mapping
    glyphs = {code: kept[glyph] for code, glyph in plan.unicode_to_old_glyph_mapping.items()}
    return Subset(bytes(data), glyphs, is_cff)


def cut_file(face: Any, chars: Iterable[str]) -> bytes:
    """Return a font file of what the ``uharfbuzz.Face`` *face* draws *chars* with.

    It keeps its names and its character map, by which other programs find it, but no hinting.
    """
    import uharfbuzz as hb

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, chars))
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    return bytes(hb.subset(face, wanted).blob.data)


def describe(face: Any) -> FontFacts:
    """Return what the ``uharfbuzz.Face`` *face* says about itself."""
    unit = 1000 / face.upem
    head, hhea, os2, post = (face.reference_table(t).data for t in ("head", "hhea", "OS/2", "post"))
    ascent, descent = struct.unpack_from(">hh", hhea, 4)
    weight, is_serif, cap_height = 400, False, 0
    if len(os2) >= 78:
        weight = struct.unpack_from(">H", os2, 4)[0]
        is_serif = os2[32] == 2 and 2 <= os2[33] <= 10  # PANOSE: Latin text with serifs
        ascent, descent = struct.unpack_from(">hh", os2, 68)
        cap_height = struct.unpack_from(">h", os2, 88)[0] if len(os2) >= 90 else 0
    angle, is_fixed = 0.0, False
    if len(post) >= 16:
        angle = struct.unpack_from(">i", post, 4)[0] / 65536
        is_fixed = struct.unpack_from(">I", post, 12)[0] != 0
    name = face.get_name(_POSTSCRIPT_NAME) or ""
    return FontFacts(
        name=re.sub(r"[^A-Za-z0-9_-]", "", name)[:63],
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


def advance_of_notdef(face: Any) -> float:
    """Return the advance in 1/1000 em of the glyph for a character that *face* lacks."""
    import uharfbuzz as hb

    units: int = hb.Font(face).get_glyph_h_advance(NOTDEF)
    upem: int = face.upem
    return round(units * 1000 / upem, 3)
