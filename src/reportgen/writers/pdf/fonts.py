"""Embedded fonts: one Type 0 font per face used (ISO 32000-1, 9.7).

Each character gets its own code in the order of first use, whatever glyph it
shares with others; so ToUnicode is one to one and every character can be
extracted as typed.
"""

from __future__ import annotations

from typing import Any

import uharfbuzz as hb

from reportgen.layout.fonts import Face, FontSet
from reportgen.writers.pdf.cmaps import add_encoding, to_unicode
from reportgen.writers.pdf.objects import PdfFile, Token, name, ref
from reportgen.writers.pdf.profile import Profile
from reportgen.writers.pdf.programs import Program, cut, describe, postscript_name

DEFAULT_WIDTH = 1000  # of a Han character, 1/1000 em


class EmbeddedFont:
    """One face as the pages use it; written when all pages are.

    ``resource`` is its name in content streams; ``codes`` maps each character
    used to its code (four hexadecimal digits) and its advance in 1/1000 em.
    """

    def __init__(self, face: Face, resource: str) -> None:
        self.resource = resource
        self.codes: dict[str, tuple[str, float]] = {}
        self._face = face
        self._font: Any = hb.Font(face.hb_face)
        self._glyphs = [0]  # by code; 0 is .notdef

    def add(self, char: str) -> tuple[str, float]:
        """Give *char* the next code and return its entry in ``codes``.

        A character the face lacks shows as .notdef: only drafts have any.
        """
        glyph = self._face.glyph(char) if self._face.covers(char) else 0
        entry = self.codes[char] = (f"{len(self._glyphs):04X}", self._advance(glyph))
        self._glyphs.append(glyph)
        return entry

    def write(self, file: PdfFile, profile: Profile) -> int:
        """Write the font and everything it needs; return its object number."""
        program = cut(self._face.hb_face, self._glyphs)
        base = name(f"{program.tag}+{postscript_name(self._face)}")
        descriptor = {"FontName": base, **describe(self._face), **program.write(file)}
        cids = self._cids(program)
        if profile.cid_set:
            descriptor["CIDSet"] = ref(file.add_flate({}, _ones(max(cids) + 1)))
        descendant: dict[str, Token] = {
            "Type": name("Font"),
            "Subtype": name("CIDFontType0" if program.is_cff else "CIDFontType2"),
            "BaseFont": base,
            "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
            "FontDescriptor": ref(file.add(descriptor)),
            "DW": DEFAULT_WIDTH,
            "W": self._widths(cids),
        }
        encoding = name("Identity-H")
        if program.is_cff:
            encoding = ref(add_encoding(file, cids))
        else:
            places = b"".join(program.glyphs[g].to_bytes(2, "big") for g in self._glyphs)
            descendant["CIDToGIDMap"] = ref(file.add_flate({}, places))
        entries: dict[str, Token] = {
            "Type": name("Font"),
            "Subtype": name("Type0"),
            "BaseFont": base,
            "Encoding": encoding,
            "DescendantFonts": [ref(file.add(descendant))],
            "ToUnicode": ref(file.add_flate({}, to_unicode(self.codes))),
        }
        return file.add(entries)

    def _cids(self, program: Program) -> list[int]:
        """Return the CID of each code: the code itself, but the glyph where CFF allows no map."""
        if program.is_cff:
            return [program.glyphs[glyph] for glyph in self._glyphs]
        return list(range(len(self._glyphs)))

    def _widths(self, cids: list[int]) -> list[Token]:
        """Return the W array: runs of CIDs whose advance is not the default."""
        widths = {cid: self._advance(glyph) for cid, glyph in zip(cids, self._glyphs, strict=True)}
        array: list[Token] = []
        run: list[Token] = []
        previous = -1
        for cid in sorted(widths):
            if widths[cid] == DEFAULT_WIDTH:
                continue
            if not run or cid != previous + 1:
                run = []
                array += [cid, run]
            run.append(widths[cid])
            previous = cid
        return array

    def _advance(self, glyph: int) -> float:
        units: int = self._font.get_glyph_h_advance(glyph)
        return round(units * 1000 / self._face.upem, 3)


class FontBook:
    """The fonts of one file, opened as the pages ask for them."""

    def __init__(self, source: FontSet) -> None:
        self._source = source
        self._fonts: dict[str, EmbeddedFont] = {}

    def use(self, face_id: str) -> EmbeddedFont:
        """Return the embedded font of the face *face_id*."""
        font = self._fonts.get(face_id)
        if font is None:
            face = self._source.face(face_id)
            font = self._fonts[face_id] = EmbeddedFont(face, f"F{len(self._fonts) + 1}")
        return font

    def write(self, file: PdfFile, number: int, profile: Profile) -> None:
        """Write all fonts and, as object *number*, the resource dictionary naming them."""
        written = {font.resource: font.write(file, profile) for font in self._fonts.values()}
        file.add({resource: ref(font) for resource, font in written.items()}, number)


def _ones(count: int) -> bytes:
    """Return *count* ones from the most significant bit on: a CIDSet of CIDs 0 to count - 1."""
    return (((1 << count) - 1) << (-count % 8)).to_bytes((count + 7) // 8, "big")
