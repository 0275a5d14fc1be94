"""Embedded fonts: one Type 0 font per face used (ISO 32000-1, 9.7).

Each character gets its own code in the order of first use, whatever glyph it
shares with others; so ToUnicode is one to one and every character can be
extracted as typed.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from reportgen.files import Cache
from reportgen.fonts import Face, FontSet
from reportgen.writers.pdf.cmaps import add_encoding, to_unicode
from reportgen.writers.pdf.objects import PdfFile, Token, decimal, name, ref
from reportgen.writers.pdf.profile import Profile
from reportgen.writers.pdf.programs import program_of

DEFAULT_WIDTH = 1000  # of a Han character, 1/1000 em
_NOTDEF = 0  # the glyph, and the code, of a character that the face lacks


class EmbeddedFont(dict[str, str]):
    """One face as the pages use it; written when all pages are.

    It maps characters to their codes, four hexadecimal digits each: one that comes
    for the first time gets the next code.  ``resource`` is the font's
    name in content streams, ``advances`` maps each character used to its advance in
    1/1000 em.
    """

    def __init__(self, face: Face, resource: str) -> None:
        self.resource = resource
        self.advances: dict[str, float] = {}
        self._face = face

    def __missing__(self, char: str) -> str:
        """Give *char* the next code.

        A character the face lacks shows as .notdef: only drafts have any.
        """
        if self._face.covers(char):
            self.advances[char] = round(self._face.advance(char) * 1000, 3)
        else:
            from reportgen.writers.pdf.subset import advance_of_notdef

            self.advances[char] = advance_of_notdef(self._face)
        code = self[char] = f"{len(self.advances):04x}"
        return code

    def write(self, file: PdfFile, profile: Profile, cache: Cache) -> int:
        """Write the font and everything it needs; return its object number."""
        drawn = frozenset(filter(self._face.covers, self.advances))
        program = program_of(self._face, drawn, cache)
        glyphs = [_NOTDEF]  # by code
        glyphs += [program.glyphs[ord(c)] if c in drawn else _NOTDEF for c in self.advances]
        base = name(f"{program.tag}+{program.name}")
        descriptor: dict[str, Token] = {
            "Type": name("FontDescriptor"),
            "FontName": base,
            **program.descriptor,
            **program.write(file),
        }
        cids = glyphs if program.is_cff else list(range(len(glyphs)))  # CFF allows no map
        if profile.cid_set:
            descriptor["CIDSet"] = ref(file.add_flate({}, _ones(max(cids) + 1)))
        descendant: dict[str, Token] = {
            "Type": name("Font"),
            "Subtype": name("CIDFontType0" if program.is_cff else "CIDFontType2"),
            "BaseFont": base,
            "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
            "FontDescriptor": ref(file.add(descriptor)),
            "DW": DEFAULT_WIDTH,
            "W": self._widths(cids, program.notdef),
        }
        encoding = name("Identity-H")
        if program.is_cff:
            encoding = ref(add_encoding(file, cids))
        else:
            packed = struct.pack(f">{len(glyphs)}H", *glyphs)
            descendant["CIDToGIDMap"] = ref(file.add_flate({}, packed))
        entries: dict[str, Token] = {
            "Type": name("Font"),
            "Subtype": name("Type0"),
            "BaseFont": base,
            "Encoding": encoding,
            "DescendantFonts": [ref(file.add(descendant))],
            "ToUnicode": ref(file.add_flate({}, to_unicode(self.advances))),
        }
        return file.add(entries)

    def _widths(self, cids: list[int], notdef: float) -> bytes:
        """Return the W array: runs of CIDs whose advance is not the default."""
        widths = dict(zip(cids, (notdef, *self.advances.values()), strict=True))
        parts: list[str] = []
        previous = -1
        for cid in sorted(cid for cid, width in widths.items() if width != DEFAULT_WIDTH):
            if cid != previous + 1 or not parts:
                parts.append(f"]{cid}[" if parts else f"{cid}[")
            parts.append(f"{decimal(widths[cid])} ")
            previous = cid
        return f"[{''.join(parts)}{']' if parts else ''}]".encode()


class SizedFont:
    """An embedded font at one size: how text is set in it.

    ``selection`` is the operator that chooses it (9.3.1), ``widths`` maps a character to
    its advance in points; it knows those encoded.
    """

    def __init__(self, font: EmbeddedFont, size: float) -> None:
        self.selection = f"/{font.resource} {decimal(size)} Tf"
        self.widths = _Widths(font.advances, size / 1000)
        self._codes = font

    def encode(self, text: str) -> str:
        """Return the codes of *text*, four hexadecimal digits each."""
        return "".join(map(self._codes.__getitem__, text))


class _Widths(dict[str, float]):
    """Widths in points, worked out when first asked for."""

    def __init__(self, advances: Mapping[str, float], unit: float) -> None:
        self._advances = advances
        self._unit = unit

    def __missing__(self, char: str) -> float:
        width = self[char] = self._advances[char] * self._unit
        return width


class FontBook:
    """The fonts of one file, opened as the pages ask for them."""

    def __init__(self, source: FontSet) -> None:
        self._source = source
        self._fonts: dict[str, EmbeddedFont] = {}
        self._sized: dict[tuple[str, float], SizedFont] = {}

    def use(self, face_id: str, size: float) -> SizedFont:
        """Return the embedded font of the face *face_id* at *size*."""
        font = self._sized.get((face_id, size))
        if font is None:
            font = self._sized[face_id, size] = SizedFont(self._embedded(face_id), size)
        return font

    def _embedded(self, face_id: str) -> EmbeddedFont:
        font = self._fonts.get(face_id)
        if font is None:
            face = self._source.face(face_id)
            font = self._fonts[face_id] = EmbeddedFont(face, f"F{len(self._fonts) + 1}")
        return font

    def write(self, file: PdfFile, number: int, profile: Profile, cache: Cache) -> None:
        """Write all fonts and, as object *number*, the resource dictionary naming them."""
        fonts = self._fonts.values()
        written = {font.resource: font.write(file, profile, cache) for font in fonts}
        file.add({resource: ref(font) for resource, font in written.items()}, number)


def _ones(count: int) -> bytes:
    """Return *count* ones from the most significant bit on: a CIDSet of CIDs 0 to count - 1."""
    return (((1 << count) - 1) << (-count % 8)).to_bytes((count + 7) // 8, "big")
