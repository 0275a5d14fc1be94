"""Embedded fonts: one Type 0 font per face used (ISO 32000-1, 9.7).

Each character gets its own code in the order of first use, whatever glyph it
shares with others; so ToUnicode is one to one and every character can be
extracted as typed.
"""

from __future__ import annotations

import struct

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFString

from reportgen.fonts import NOTDEF, Face, FontSet, advance_of_notdef
from reportgen.writers.pdf.canvas import FileWriter, Stream, name
from reportgen.writers.pdf.cmaps import encoding, to_unicode
from reportgen.writers.pdf.profile import Profile
from reportgen.writers.pdf.programs import Program, program_of

DEFAULT_WIDTH = 1000  # of a Han character, 1/1000 em


class CompositeFont:
    """One face as the pages use it; written when all pages are."""

    def __init__(self, face: Face, resource: str) -> None:
        self.resource = resource
        """The font's name in content streams."""
        self.advances: dict[str, float] = {}
        """The advance of each character used, in 1/1000 em, in the order of the codes 1, 2 …"""
        self._codes: dict[str, bytes] = {}
        self._face = face

    def encode(self, text: str) -> bytes:
        """Return the codes of *text*, two bytes each."""
        codes = self._codes
        for char in text:
            if char not in codes:
                self._add(char)
        return b"".join([codes[char] for char in text])

    def _add(self, char: str) -> None:
        """Give *char* the next code; one that the face lacks shows as .notdef, in drafts only."""
        if self._face.covers(char):
            self.advances[char] = round(self._face.advance(char) * 1000, 3)
        else:
            self.advances[char] = advance_of_notdef(self._face.hb_face)
        self._codes[char] = struct.pack(">H", len(self.advances))

    def write(self, file: FileWriter, profile: Profile) -> None:
        """Write the font and everything it needs, and let the pages know it."""
        drawn = frozenset(filter(self._face.covers, self.advances))
        program = program_of(self._face, drawn)
        glyphs = [NOTDEF]  # by code; the first stands for no character
        glyphs += [program.glyphs[ord(c)] if c in drawn else NOTDEF for c in self.advances]
        cids = glyphs if program.is_cff else list(range(len(glyphs)))  # CFF allows no map
        font = {
            "Type": name("Font"),
            "Subtype": name("Type0"),
            "BaseFont": name(program.name),
            "Encoding": name("Identity-H"),
            "DescendantFonts": PDFArray([self._descendant(file, profile, program, glyphs, cids)]),
            "ToUnicode": file.write(Stream({}, to_unicode(self.advances))),
        }
        if program.is_cff:
            font["Encoding"] = file.write(encoding(cids))
        file.add_font(self.resource, PDFDictionary(font))

    def _descendant(
        self,
        file: FileWriter,
        profile: Profile,
        program: Program,
        glyphs: list[int],
        cids: list[int],
    ) -> object:
        """Write the CIDFont (9.7.4) that has the glyphs; return a reference to it."""
        extra = {"CIDSet": file.write(Stream({}, _ones(max(cids) + 1)))} if profile.cid_set else {}
        font = {
            "Type": name("Font"),
            "Subtype": name("CIDFontType0" if program.is_cff else "CIDFontType2"),
            "BaseFont": name(program.name),
            "CIDSystemInfo": PDFDictionary(
                {
                    "Registry": PDFString("Adobe"),
                    "Ordering": PDFString("Identity"),
                    "Supplement": 0,
                }
            ),
            "FontDescriptor": file.write(program.write(file, extra)),
            "DW": DEFAULT_WIDTH,
            "W": self._widths(cids, program.facts.notdef),
        }
        if not program.is_cff:
            packed = struct.pack(f">{len(glyphs)}H", *glyphs)
            font["CIDToGIDMap"] = file.write(Stream({}, packed))
        return file.write(PDFDictionary(font))

    def _widths(self, cids: list[int], notdef: float) -> PDFArray:
        """Return the W array: each CID whose advance is not the default begins a run or goes on."""
        widths = dict(zip(cids, (notdef, *self.advances.values()), strict=True))
        runs: list[tuple[int, list[float]]] = []
        for cid in sorted(cid for cid, width in widths.items() if width != DEFAULT_WIDTH):
            if not runs or cid != runs[-1][0] + len(runs[-1][1]):
                runs.append((cid, []))
            runs[-1][1].append(widths[cid])
        return PDFArray([part for cid, run in runs for part in (cid, PDFArray(run))])


class FontBook:
    """The fonts of one file, opened as the pages ask for them."""

    def __init__(self, source: FontSet) -> None:
        self._source = source
        self._fonts: dict[str, CompositeFont] = {}

    def use(self, face_id: str) -> CompositeFont:
        """Return the embedded font of the face *face_id*."""
        font = self._fonts.get(face_id)
        if font is None:
            face = self._source.face(face_id)
            font = self._fonts[face_id] = CompositeFont(face, f"F{len(self._fonts) + 1}")
        return font

    def write(self, file: FileWriter, profile: Profile) -> None:
        """Write all fonts."""
        for font in self._fonts.values():
            font.write(file, profile)


def _ones(count: int) -> bytes:
    """Return *count* ones from the most significant bit on: a CIDSet of CIDs 0 to count - 1."""
    return (((1 << count) - 1) << (-count % 8)).to_bytes((count + 7) // 8, "big")
