"""Embedded fonts: one Type 0 font for each face used (ISO 32000-1, 9.7).

Each character gets a code of its own, in the order of first use, even if it shares its glyph with
others.  ToUnicode is therefore one to one, and every character can be extracted as typed.  So does
each glyph of a shaped text, for each string that it stands for.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import NamedTuple
from unicodedata import category

from msgspec import Struct
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFString

from reportgen.characters import drawn_as
from reportgen.fonts import (
    NOTDEF,
    Face,
    FontFacts,
    FontSet,
    advance_of_notdef,
    cut,
    describe,
    font_errors,
    glyph_advance,
)
from reportgen.writers.pdf.canvas import FileWriter, Stream, deflate, name
from reportgen.writers.pdf.metadata import Profile

NO_TEXT = "\u200b"
"""What a glyph is extracted as that stands for no character of its own: a zero-width space."""
_MISSING = "□"
DEFAULT_WIDTH = 1000  # of a Han character, 1/1000 em


class _Code(NamedTuple):
    """What is drawn and extracted for one code; the codes count from 1."""

    text: str
    """The character, or those that a glyph of a shaped text stands for."""
    width: float
    """The advance in 1/1000 em."""
    glyph: int | None = None
    """The glyph in the font file; None for that of ``shown``."""
    shown: str = ""
    """The character whose glyph is drawn; empty for .notdef."""


class CompositeFont:
    """A face used by the pages; it is written after the last page."""

    def __init__(self, face: Face, resource: str) -> None:
        self.resource = resource
        """The name of the font in content streams."""
        self.advances: dict[str, float] = {}
        """The advance of each character used, in 1/1000 em."""
        self._codes: dict[str, bytes] = {}
        self._shaped: dict[tuple[int, str], tuple[bytes, float]] = {}
        self._used: list[_Code] = []
        self._face = face

    def encode(self, text: str) -> bytes:
        """Return the codes of *text*, two bytes each."""
        codes = self._codes
        for char in text:
            if char not in codes:
                self._add(char)
        return b"".join([codes[char] for char in text])

    def encode_glyph(self, glyph: int, text: str) -> tuple[bytes, float]:
        """Return the code of *glyph*, which stands for *text*, and its advance in 1/1000 em."""
        found = self._shaped.get((glyph, text))
        if found is None:
            with font_errors(self._face.path):
                width = round(glyph_advance(self._face.hb_font, glyph) * 1000, 3)
            code = _Code(text or NO_TEXT, width, glyph)
            if glyph == NOTDEF:
                shown, width = self._missing()
                code = _Code(text or NO_TEXT, width, shown=shown)
            found = self._shaped[glyph, text] = self._next(code), width
        return found

    def _next(self, code: _Code) -> bytes:
        """Assign the next code to *code*."""
        self._used.append(code)
        return struct.pack(">H", len(self._used))

    def _add(self, char: str) -> None:
        """Assign the next code to *char*."""
        if self._face.covers(char):
            shown, width = drawn_as(char)[0], round(self._face.advance(char) * 1000, 3)
        else:
            shown, width = self._missing()
        self.advances[char] = width
        self._codes[char] = self._next(_Code(char, width, shown=shown))

    def _missing(self) -> tuple[str, float]:
        """Return what is shown for a character that the face lacks, and its advance.

        It occurs in drafts only.  PDF/A does not allow .notdef on a page (ISO 19005-2, 6.2.11.8),
        which is shown only if the face lacks □ as well.
        """
        if self._face.covers(_MISSING):
            return _MISSING, round(self._face.advance(_MISSING) * 1000, 3)
        with font_errors(self._face.path):
            return "", advance_of_notdef(self._face.hb_face)

    def write(self, file: FileWriter, profile: Profile) -> None:
        """Write the font and the objects that it refers to, and add it to the pages' resources."""
        shown = frozenset(code.shown for code in self._used if code.shown)
        program = program_of(self._face, shown, frozenset(glyph for glyph, _ in self._shaped))
        glyphs = [NOTDEF]  # by code; no character has the code 0
        for code in self._used:
            if code.glyph is not None:
                glyphs.append(program.shaped[code.glyph])
            else:
                glyphs.append(program.glyphs[ord(code.shown)] if code.shown else NOTDEF)
        # A CFF font has no CIDToGIDMap, so its CIDs are glyph indices; others use their codes.
        cids = glyphs if program.is_cff else list(range(len(glyphs)))
        font = {
            "Type": name("Font"),
            "Subtype": name("Type0"),
            "BaseFont": name(program.name),
            "Encoding": name("Identity-H"),
            "DescendantFonts": PDFArray([self._descendant(file, profile, program, glyphs, cids)]),
            "ToUnicode": file.write(Stream({}, to_unicode(code.text for code in self._used))),
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
        """Write the CIDFont (ISO 32000-1, 9.7.4) with the glyphs; return a reference to it."""
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
        """Return the W array: the advances that differ from the default, in runs of CIDs."""
        widths = dict(zip(cids, (notdef, *(code.width for code in self._used)), strict=True))
        runs: list[tuple[int, list[float]]] = []
        for cid in sorted(cid for cid, width in widths.items() if width != DEFAULT_WIDTH):
            if not runs or cid != runs[-1][0] + len(runs[-1][1]):
                runs.append((cid, []))
            runs[-1][1].append(widths[cid])
        return PDFArray([part for cid, run in runs for part in (cid, PDFArray(run))])


class FontBook:
    """The fonts of one file, created when a page first uses them."""

    def __init__(self, source: FontSet) -> None:
        self._source = source
        self._fonts: dict[str, CompositeFont] = {}

    def use(self, face_id: str) -> CompositeFont:
        """Return the embedded font for the face with the id *face_id*."""
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
    """Return *count* one bits, most significant bit first: the CIDSet of the CIDs below *count*."""
    return (((1 << count) - 1) << (-count % 8)).to_bytes((count + 7) // 8, "big")


BLOCK = 100  # the most entries of a section (Adobe Technical Note 5014)
_FRAME = Path(__file__).with_name("cmap.ps")
_CID_NAME = "Reportgen-H"
_UNKNOWN = "\ufffd"


def to_unicode(texts: Iterable[str]) -> bytes:
    """Return the ToUnicode CMap for *texts*, which have the codes 1, 2 … (UTF-16).

    A private-use character, which only a draft can have, is extracted as U+FFFD, because its code
    says nothing to other programs (ISO 19005-2, 6.2.11.7.3).
    """
    known = (
        "".join(_UNKNOWN if category(char) == "Co" else char for char in text) for text in texts
    )
    rows = [
        f"<{code:04X}> <{text.encode('utf-16-be').hex()}>" for code, text in enumerate(known, 1)
    ]
    return _cmap("Adobe-Identity-UCS", "UCS", 2, rows, "bfchar")


def encoding(cids: Sequence[int]) -> Stream:
    """Return the CMap that maps the codes 0, 1 … to *cids*."""
    rows = [f"<{code:04X}> {cid}" for code, cid in enumerate(cids)]
    system = {
        "Registry": PDFString("Adobe"),
        "Ordering": PDFString("Identity"),
        "Supplement": 0,
    }
    entries = {
        "Type": name("CMap"),
        "CMapName": name(_CID_NAME),
        "CIDSystemInfo": PDFDictionary(system),
        "WMode": 0,
    }
    return Stream(entries, _cmap(_CID_NAME, "Identity", 1, rows, "cidchar"))


def _cmap(name: str, ordering: str, kind: int, rows: list[str], section: str) -> bytes:
    lines: list[str] = []
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        lines += [f"{len(part)} begin{section}", *part, f"end{section}"]
    filled = _frame().substitute(name=name, ordering=ordering, type=kind, sections="\n".join(lines))
    return filled.encode("ascii")


@lru_cache(maxsize=1)
def _frame() -> Template:
    return Template(_FRAME.read_text(encoding="ascii"))


KEPT = 16  # font programs cached by a process, enough for two reports
_SYMBOLIC, _FIXED_PITCH, _SERIF, _ITALIC = 4, 1, 2, 64  # font descriptor flags, table 123


class Program(Struct, frozen=True):
    """A font program: a subset ready for embedding."""

    packed: bytes
    """The deflated font file or CFF table."""
    length: int
    """Its uncompressed size in bytes."""
    name: str
    """A tag derived from the content, and the PostScript name of the font (ISO 32000-1, 9.6.4)."""
    glyphs: Mapping[int, int]
    """The glyph index for each code point."""
    shaped: Mapping[int, int]
    """The glyph index for each glyph of the font file that a shaped text has."""
    is_cff: bool
    """Whether it is a CFF table, in which CIDs are glyph indices."""
    facts: FontFacts
    """The properties of the font."""

    def write(self, file: FileWriter, extra: Mapping[str, object]) -> PDFDictionary:
        """Write the program; return its font descriptor (9.8) with *extra* entries."""
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
                "StemV": round(50 + (facts.weight / 65) ** 2),  # the usual estimate; fonts lack it
                key: file.write(Stream(entries, self.packed, encoded=True)),
                **extra,
            }
        )


def _flags(facts: FontFacts) -> int:
    """Return the flags of a font descriptor; a subset with its own codes is symbolic."""
    return (
        _SYMBOLIC
        + _FIXED_PITCH * facts.is_fixed
        + _SERIF * facts.is_serif
        + _ITALIC * (facts.angle != 0)
    )


@lru_cache(maxsize=KEPT)
def program_of(face: Face, chars: frozenset[str], shaped: frozenset[int] = frozenset()) -> Program:
    """Return the font program of *face* for *chars*, all of which it must cover.

    It has the glyphs *shaped* of the font file as well.

    The last programs are cached, because the next build of a draft, or the next report with the
    same form, uses the same characters of most faces (heads, tables, page numbers).
    """
    with font_errors(face.path):
        subset, facts = cut(face.hb_face, chars, shaped), describe(face.hb_face)
    name = f"{_tag(subset.data)}+{facts.name or 'Font'}"
    packed = deflate(subset.data)
    return Program(
        packed, len(subset.data), name, subset.glyphs, subset.shaped, subset.is_cff, facts
    )


def _tag(data: bytes) -> str:
    """Return six capital letters derived from *data*."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    letters = []
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters.append(chr(ord("A") + letter))
    return "".join(letters)
