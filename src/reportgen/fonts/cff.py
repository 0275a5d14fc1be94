"""CFF tables for the PDF, built by fontTools from the outlines that HarfBuzz draws.

A composite font of a PDF selects its glyphs by CID (ISO 32000-1, 9.7.4.2).  The subset of a font
file keeps the structure of the file: glyphs known by name, or several private dictionaries, each
with a nominal width of its own.  Not every program that reads PDFs finds the glyphs and widths of
those.  The table built here has one private dictionary, and CIDs that are the glyph indices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

_NOTDEF = ".notdef"


def cff_table(face: Any, glyphs: Sequence[int], name: str) -> bytes:
    """Return a CFF table with *glyphs* of the ``uharfbuzz.Face`` *face*, in this order.

    The first of *glyphs* is .notdef.  *name* is the PostScript name of the font.
    """
    from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict
    from fontTools.fontBuilder import FontBuilder

    names = [_NOTDEF, *(f"cid{cid:05}" for cid in range(1, len(glyphs)))]
    builder = FontBuilder(face.upem, isTTF=False)
    builder.setupGlyphOrder(names)
    outlines = dict(zip(names, _charstrings(face, glyphs), strict=True))
    facts = {"ROS": ("Adobe", "Identity", 0), "CIDCount": len(glyphs)}
    builder.setupCFF(name, facts, outlines, {})
    # Make the table CID-keyed: the private dictionary belongs to the only font dictionary.
    table = builder.font["CFF "]
    top = table.cff.topDictIndex[0]
    font = FontDict()
    font.Private = top.Private
    del top.Private
    top.FDArray = FDArrayIndex()
    top.FDArray.append(font)
    top.FDSelect = FDSelect(format=3)
    top.FDSelect.gidArray = [0] * len(glyphs)
    return bytes(table.compile(builder.font))


def _charstrings(face: Any, glyphs: Sequence[int]) -> Iterator[Any]:
    """Yield the outlines of *glyphs* as charstrings, with coordinates in whole font units."""
    import uharfbuzz as hb
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    font = hb.Font(face)
    for glyph in glyphs:
        pen = T2CharStringPen(font.get_glyph_h_advance(glyph), None)
        font.draw_glyph_with_pen(glyph, pen)
        yield pen.getCharString()
