"""Font programs: subsets cut by HarfBuzz, and what the font says about itself.

Outlines in glyf become FontFile2, those in CFF FontFile3 (ISO 32000-1, 9.9).
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import uharfbuzz as hb
from msgspec import Struct

from reportgen.layout.fonts import Face
from reportgen.writers.pdf.objects import PdfFile, Token, name, ref

_POSTSCRIPT_NAME = 6  # OpenType name ID
_SYMBOLIC, _FIXED_PITCH, _SERIF, _ITALIC = 4, 1, 2, 64  # font descriptor flags, table 123
_CFF = "CFF "
_DROPPED = (b"GSUB", b"GPOS", b"GDEF", b"kern", b"cmap", b"name", b"post", b"OS/2", b"DSIG")


class Program(Struct, frozen=True):
    """A subset ready to embed: its bytes, where each old glyph went, and whether it is CFF.

    In a CFF program the CIDs are the new glyph indices.
    """

    data: bytes
    glyphs: Mapping[int, int]
    is_cff: bool

    @property
    def tag(self) -> str:
        """Six capital letters drawn from the content (ISO 32000-1, 9.6.4)."""
        number = int.from_bytes(hashlib.sha256(self.data).digest()[:8], "big")
        letters = []
        for _ in range(6):
            number, letter = divmod(number, 26)
            letters.append(chr(ord("A") + letter))
        return "".join(letters)

    def write(self, file: PdfFile) -> dict[str, Token]:
        """Write the program; return the font descriptor's entry for it."""
        if self.is_cff:
            entries: dict[str, Token] = {"Subtype": name("CIDFontType0C")}
            return {"FontFile3": ref(file.add_flate(entries, self.data))}
        return {"FontFile2": ref(file.add_flate({"Length1": len(self.data)}, self.data))}


def cut(face: Any, glyphs: Sequence[int]) -> Program:
    """Return the part of *face* (a ``uharfbuzz.Face``) that draws *glyphs*.

    Without hinting, layout tables and variations: the positions are fixed and
    the faces were measured at their default instance.
    """
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = (
        hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        | hb.SubsetFlags.DOWNGRADE_CFF2
    )
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _DROPPED)
    if face.has_var_data:
        wanted.pin_all_axes_to_default(face)
    plan = hb.SubsetPlan(face, wanted)
    subset = plan.execute()
    is_cff = _CFF in subset.table_tags
    blob = subset.reference_table(_CFF) if is_cff else subset.blob
    return Program(blob.data, plan.old_to_new_glyph_mapping, is_cff)


def describe(face: Face) -> dict[str, Token]:
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
        "Type": name("FontDescriptor"),
        "Flags": _SYMBOLIC + _FIXED_PITCH * fixed + _SERIF * serif + _ITALIC * (angle != 0),
        "FontBBox": [round(v * unit) for v in struct.unpack_from(">4h", head, 36)],
        "ItalicAngle": angle,
        "Ascent": round(ascent * unit),
        "Descent": round(descent * unit),
        "CapHeight": round((cap or ascent) * unit),
        "StemV": round(50 + (weight / 65) ** 2),  # a usual estimate: no table holds it
    }


def postscript_name(face: Face) -> str:
    """Return the PostScript name of *face* in letters every reader takes."""
    shown = face.hb_face.get_name(_POSTSCRIPT_NAME) or face.family
    return re.sub(r"[^A-Za-z0-9_-]", "", shown)[:63] or "Font"
