"""Font programs ready to embed: a subset of a face and what the font says about itself.

Outlines in glyf become FontFile2, those in CFF FontFile3 (ISO 32000-1, 9.9).  A program is
made by HarfBuzz (:mod:`.subset`), which is loaded for one that neither this process nor the
cache knows.
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import MsgspecError, Struct, msgpack

from reportgen.files import FONT_PROGRAMS, Cache, content_key, stamp_of
from reportgen.fonts import Face
from reportgen.writers.pdf.objects import PdfFile, Token, name, ref

MAKER = b"1"
"""Stands for the code that makes programs: another when its results change."""

KEPT = 16  # programs a process remembers: those of two reports and more


class Program(Struct, frozen=True):
    """A subset ready to embed: its bytes, its glyphs by code point, and whether it is CFF.

    ``packed`` is the program deflated, ``length`` its bytes before that.  ``tag`` are
    six capital letters drawn from the content (ISO 32000-1, 9.6.4).  In a CFF program
    the CIDs are the glyph indices.  ``name`` is the font's PostScript name, ``descriptor``
    its descriptor but for the program (9.8), ``notdef`` the advance of a character that it
    lacks; lengths are 1/1000 em.
    """

    packed: bytes
    length: int
    tag: str
    glyphs: Mapping[int, int]
    is_cff: bool
    name: str
    descriptor: Mapping[str, int | float | list[int]]
    notdef: float

    def write(self, file: PdfFile) -> dict[str, Token]:
        """Write the program; return the font descriptor's entry for it."""
        if self.is_cff:
            entries: dict[str, Token] = {"Subtype": name("CIDFontType0C")}
            return {"FontFile3": ref(file.add_deflated(entries, self.packed))}
        return {"FontFile2": ref(file.add_deflated({"Length1": self.length}, self.packed))}


@lru_cache(maxsize=KEPT)
def program_of(face: Face, chars: frozenset[str], cache: Cache) -> Program:
    """Return the program that draws *chars*, all of which *face* has.

    The last programs are remembered: a draft built anew, or the next report of the
    same form, uses the same characters of most faces (heads, tables, page numbers).  Those of
    shipped fonts are kept in *cache* too: most corrections bring no new character.
    """
    key = _key(face, chars) if cache else ""
    kept = cache.get(FONT_PROGRAMS, key) if key else None
    try:
        return msgpack.decode(kept or b"", type=Program)
    except MsgspecError:  # there is none, or it is damaged
        from reportgen.writers.pdf.subset import cut

        program = cut(face, chars)
    if key:
        cache.put(FONT_PROGRAMS, key, msgpack.encode(program))
    return program


def _key(face: Face, chars: frozenset[str]) -> str:
    """Return the key of a program, empty when it is none that can be known again.

    Other versions of the libraries cut and pack other bytes.
    """
    if face.checksum is None:
        return ""
    made_by = f"{zlib.ZLIB_RUNTIME_VERSION} {_harfbuzz()}".encode()
    return content_key(MAKER, made_by, face.checksum.encode(), "".join(sorted(chars)).encode())


@lru_cache(maxsize=1)
def _harfbuzz() -> str:
    """Return what tells the HarfBuzz installed from another, without loading it."""
    found = importlib.util.find_spec("uharfbuzz")
    files = Path(found.origin).parent.glob("_harfbuzz*") if found and found.origin else ()
    return " ".join(f"{path.name} {stamp_of(path.stat())}" for path in sorted(files))
