"""Font files with CFF outlines, made of the shipped fonts, whose outlines are TrueType's."""

from __future__ import annotations

import struct
from itertools import accumulate
from pathlib import Path

from reportgen.fonts.cff import cff_table
from reportgen.fonts.faces import Face

COPIED = ("OS/2", "head", "hhea", "name", "post")


def write_cff_font(path: Path, face: Face, text: str) -> Path:
    """Write a font file with the characters of *text* as *face* draws them, and return *path*."""
    hb_face, hb_font = face.hb_face, face.hb_font
    codes = sorted(set(map(ord, text)))
    glyphs = [0, *(hb_font.get_nominal_glyph(code) for code in codes)]
    box = struct.unpack_from(">4h", hb_face.reference_table("head").data, 36)
    tables = {tag: bytes(hb_face.reference_table(tag).data) for tag in COPIED}
    tables["CFF "] = cff_table(hb_face, glyphs, "Made", box)
    tables["cmap"] = _character_map(codes)
    tables["hhea"] = tables["hhea"][:-2] + struct.pack(">H", len(glyphs))
    tables["hmtx"] = b"".join(
        struct.pack(">Hh", hb_font.get_glyph_h_advance(glyph), 0) for glyph in glyphs
    )
    tables["maxp"] = struct.pack(">IH", 0x5000, len(glyphs))
    path.write_bytes(_file(tables))
    return path


def _character_map(codes: list[int]) -> bytes:
    """Return a cmap of format 12 that maps *codes* to the glyphs from 1 on."""
    groups = b"".join(struct.pack(">3I", code, code, n) for n, code in enumerate(codes, 1))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def _file(tables: dict[str, bytes]) -> bytes:
    """Return the font file with *tables*; nothing that reads it looks at checksums."""
    padded = {tag: data + bytes(-len(data) % 4) for tag, data in sorted(tables.items())}
    starts = accumulate(map(len, padded.values()), initial=12 + 16 * len(tables))
    entries = b"".join(
        tag.encode() + struct.pack(">III", 0, start, len(tables[tag]))
        for tag, start in zip(padded, starts, strict=False)
    )
    return b"OTTO" + struct.pack(">4H", len(tables), 0, 0, 0) + entries + b"".join(padded.values())
