"""Font subsets made by HarfBuzz, and the properties of a font that a PDF states.

HarfBuzz is imported when the first subset is made.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

NOTDEF = 0
"""The index of the glyph that stands for characters a font lacks."""
_POSTSCRIPT_NAME = 6  # OpenType name ID
_SHAPING = ("GSUB", "GPOS", "GDEF", "BASE", "kern", "kerx", "mort", "morx")
_NAMING = ("cmap", "name", "post", "OS/2", "STAT", "DSIG", "FFTM")
_SCREEN = ("gasp", "hdmx")
_VERTICAL = ("vhea", "vmtx", "VORG")
_CFF = "CFF "


class Subset(Struct, frozen=True):
    """A subset of a font."""

    data: bytes
    """A font file, or only the CFF table."""
    glyphs: Mapping[int, int]
    """The glyph index in the subset for each code point."""
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


def cut(face: Any, chars: Iterable[str]) -> Subset:
    """Return the subset of the ``uharfbuzz.Face`` *face* that draws *chars*, for a PDF.

    A PDF positions the glyphs itself, so hinting, names and the tables for text layout are
    dropped; a variable font is reduced to its default instance.
    """
    import uharfbuzz as hb

    # Request characters instead of glyphs: for glyphs, HarfBuzz would search the whole cmap for
    # further characters that lead to them.
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
    """Return a font file with the subset of the ``uharfbuzz.Face`` *face* that draws *chars*.

    It keeps the names and the character map, which other programs need, but no hinting.
    """
    import uharfbuzz as hb

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, chars))
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    return bytes(hb.subset(face, wanted).blob.data)


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
    """Return the advance in 1/1000 em of the glyph .notdef of *face*."""
    import uharfbuzz as hb

    units: int = hb.Font(face).get_glyph_h_advance(NOTDEF)
    upem: int = face.upem
    return round(units * 1000 / upem, 3)
