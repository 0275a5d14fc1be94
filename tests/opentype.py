"""Font files with CFF outlines, made of the shipped fonts, whose outlines are TrueType's."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

from reportgen.fonts.faces import Face


def write_cff_font(path: Path, face: Face, text: str) -> Path:
    """Write a font file with the characters of *text* as *face* draws them, and return *path*.

    Its glyphs are known by name.
    """
    names = {char: f"uni{ord(char):04X}" for char in sorted(set(text))}
    builder = FontBuilder(face.hb_face.upem, isTTF=False)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(char): name for char, name in names.items()})
    widths, outlines = {}, {}
    for name, glyph in [
        (".notdef", 0),
        *((name, face.hb_font.get_nominal_glyph(ord(char))) for char, name in names.items()),
    ]:
        widths[name] = face.hb_font.get_glyph_h_advance(glyph)
        pen = T2CharStringPen(widths[name], None)
        face.hb_font.draw_glyph_with_pen(glyph, pen)
        outlines[name] = pen.getCharString()
    builder.setupCFF("Made", {}, outlines, {})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Made", "styleName": "Regular", "psName": "Made"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWeightClass=400)
    builder.setupPost()
    builder.save(path)
    return path
