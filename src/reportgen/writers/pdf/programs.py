"""Font programs ready to embed: a subset of a face, deflated, and its font descriptor.

Outlines in glyf become FontFile2, those in CFF FontFile3 (ISO 32000-1, 9.9).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary

from reportgen.fonts import Face, FontFacts, cut, describe
from reportgen.writers.pdf.canvas import FileWriter, Stream, deflate, name

KEPT = 16  # programs a process remembers: those of two reports and more
_SYMBOLIC, _FIXED_PITCH, _SERIF, _ITALIC = 4, 1, 2, 64  # font descriptor flags, table 123


class Program(Struct, frozen=True):
    """A subset ready to embed."""

    packed: bytes
    """The font file or CFF table, deflated."""
    length: int
    """Its bytes before that."""
    name: str
    """The font's PostScript name behind a tag drawn from the content (9.6.4)."""
    glyphs: Mapping[int, int]
    """The glyph of each code point; in a CFF program the CIDs are the glyph indices."""
    is_cff: bool
    facts: FontFacts

    def write(self, file: FileWriter, extra: Mapping[str, object]) -> PDFDictionary:
        """Write the program; return its font descriptor (9.8) with the *extra* entries."""
        entries: dict[str, object] = {"Filter": name("FlateDecode")}
        if self.is_cff:
            key, entries["Subtype"] = "FontFile3", name("CIDFontType0C")
        else:
            key, entries["Length1"] = "FontFile2", self.length
        facts = self.facts
        return PDFDictionary(
            {
                "Type": name("FontDescriptor"),
                "FontName": name(self.name),
                "Flags": _flags(facts),
                "FontBBox": PDFArray(facts.box),
                "ItalicAngle": facts.angle,
                "Ascent": facts.ascent,
                "Descent": facts.descent,
                "CapHeight": facts.cap_height,
                "StemV": round(50 + (facts.weight / 65) ** 2),  # usual: no table holds it
                key: file.write(Stream(entries, self.packed, encoded=True)),
                **extra,
            }
        )


def _flags(facts: FontFacts) -> int:
    """Return the flags of a font descriptor; a subset with codes of its own is symbolic."""
    return (
        _SYMBOLIC
        + _FIXED_PITCH * facts.is_fixed
        + _SERIF * facts.is_serif
        + _ITALIC * (facts.angle != 0)
    )


@lru_cache(maxsize=KEPT)
def program_of(face: Face, chars: frozenset[str]) -> Program:
    """Return the program that draws *chars*, all of which *face* has.

    The last programs are remembered: a draft built anew, or the next report of the same
    form, uses the same characters of most faces (heads, tables, page numbers).
    """
    subset, facts = cut(face.hb_face, chars), describe(face.hb_face)
    name = f"{_tag(subset.data)}+{facts.name or 'Font'}"
    packed = deflate(subset.data)
    return Program(packed, len(subset.data), name, subset.glyphs, subset.is_cff, facts)


def _tag(data: bytes) -> str:
    """Return six capital letters drawn from *data*."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    letters = []
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters.append(chr(ord("A") + letter))
    return "".join(letters)
