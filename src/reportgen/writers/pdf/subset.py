"""Subsets of fonts, cut by HarfBuzz, and what the font says about itself."""

from __future__ import annotations

import hashlib
import re
import struct
from typing import Any

import uharfbuzz as hb

from reportgen.fonts import Face
from reportgen.writers.pdf.objects import deflate
from reportgen.writers.pdf.programs import Program

NOTDEF = 0
"""The glyph of a character that the face lacks."""
_POSTSCRIPT_NAME = 6  # OpenType name ID
_SYMBOLIC, _FIXED_PITCH, _SERIF, _ITALIC = 4, 1, 2, 64  # font descriptor flags, table 123
_CFF = "CFF "
_SHAPING = ("GSUB", "GPOS", "GDEF", "BASE", "kern", "kerx", "mort", "morx")
_NAMING = ("cmap", "name", "post", "OS/2", "STAT", "DSIG", "FFTM")
_SCREEN = ("gasp", "hdmx")
_VERTICAL = ("vhea", "vmtx", "VORG")
_DROPPED = (*_SHAPING, *_NAMING, *_SCREEN, *_VERTICAL)  # the PDF says itself what it needs of them


def cut(face: Face, chars: frozenset[str]) -> Program:
    """Return the part of *face* that draws *chars*.

    Without hinting, layout tables and variations: the positions are fixed and
    the faces were measured at their default instance.  The characters are named, not
    their glyphs: for glyphs HarfBuzz searches the whole cmap for who else leads to them.
    """
    font: Any = face.hb_face
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, chars))
    wanted.flags = (
        hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        | hb.SubsetFlags.NO_BIDI_CLOSURE
        | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        | hb.SubsetFlags.DOWNGRADE_CFF2
    )
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
    if font.has_var_data:
        wanted.pin_all_axes_to_default(font)
    plan = hb.SubsetPlan(font, wanted)
    subset = plan.execute()
    is_cff = _CFF in subset.table_tags
    data = (subset.reference_table(_CFF) if is_cff else subset.blob).data
    kept = plan.old_to_new_glyph_mapping
    glyphs = {code: kept[glyph] for code, glyph in plan.unicode_to_old_glyph_mapping.items()}
    return Program(
        packed=deflate(data),
        length=len(data),
        tag=_tag(data),
        glyphs=glyphs,
        is_cff=is_cff,
        name=_postscript_name(face),
        descriptor=describe(face),
        notdef=advance_of_notdef(face),
    )


def _tag(data: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    letters = []
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters.append(chr(ord("A") + letter))
    return "".join(letters)


def describe(face: Face) -> dict[str, int | float | list[int]]:
    """Return the descriptor of *face* but for its program (ISO 32000-1, 9.8).

    The values are the font's own, from head, hhea, OS/2 and post, in 1/1000 em.
    """
    font: Any = face.hb_face
    unit = 1000 / font.upem
    head, hhea, os2, post = (font.reference_table(t).data for t in ("head", "hhea", "OS/2", "post"))
    ascent, descent = struct.unpack_from(">hh", hhea, 4)
    weight, serif, cap = 400, False, 0
    if len(os2) >= 78:
        weight = struct.unpack_from(">H", os2, 4)[0]
        serif = os2[32] == 2 and 2 <= os2[33] <= 10  # PANOSE: Latin text with serifs
        ascent, descent = struct.unpack_from(">hh", os2, 68)
        cap = struct.unpack_from(">h", os2, 88)[0] if len(os2) >= 90 else 0
    angle, fixed = 0.0, False
    if len(post) >= 16:
        angle = struct.unpack_from(">i", post, 4)[0] / 65536
        fixed = struct.unpack_from(">I", post, 12)[0] != 0
    return {
        "Flags": _SYMBOLIC + _FIXED_PITCH * fixed + _SERIF * serif + _ITALIC * (angle != 0),
        "FontBBox": [round(v * unit) for v in struct.unpack_from(">4h", head, 36)],
        "ItalicAngle": angle,
        "Ascent": round(ascent * unit),
        "Descent": round(descent * unit),
        "CapHeight": round((cap or ascent) * unit),
        "StemV": round(50 + (weight / 65) ** 2),  # a usual estimate: no table holds it
    }


def advance_of_notdef(face: Face) -> float:
    """Return the advance of the glyph for a character that *face* lacks, in 1/1000 em."""
    units: int = hb.Font(face.hb_face).get_glyph_h_advance(NOTDEF)
    return round(units * 1000 / face.upem, 3)


def _postscript_name(face: Face) -> str:
    """Return the PostScript name of *face* in letters every reader takes."""
    shown = face.hb_face.get_name(_POSTSCRIPT_NAME) or face.family
    return re.sub(r"[^A-Za-z0-9_-]", "", shown)[:63] or "Font"
