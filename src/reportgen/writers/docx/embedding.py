"""Fonts carried inside a DOCX: subsets, obfuscated (ECMA-376 17.8.1).

A font goes in under its own family name, because Word matches that name, and only
if its licence bits allow editing: OS/2 fsType 0 or 8 (others are ignored by word
processors anyway).  The official name stays behind it as ``altName``.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from reportgen.document.nodes import Document, walk_text
from reportgen.fonts import cut_file
from reportgen.writers.docx.faces import LATIN, DocxFace

EMBEDDABLE = (0, 8)
"""Values of fsType: installable, editable."""
ALWAYS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·％一二三四五六七八九十"
)
"""Characters every subset holds, for small corrections by hand."""
_FAMILY = 1
_MASK = 0x000F
_GLYF = "glyf"


class OpenedFont(Protocol):
    """A font as the layout knows it: its family and its ``uharfbuzz.Face``."""

    family: str

    @property
    def hb_face(self) -> Any:
        """The opened file."""


class EmbeddedFont(Struct, frozen=True):
    """A subset in a package: its family name, its obfuscated bytes, and the key to them."""

    family: str
    data: bytes
    key: str


def embed_fonts(document: Document, files: Mapping[str, OpenedFont]) -> dict[str, EmbeddedFont]:
    """Return a subset for each role of *document* whose font among *files* may be embedded."""
    texts: dict[str, set[str]] = {LATIN: set(ALWAYS)}
    for style, run in walk_text(document):
        for role in (document.sheet[style].face, LATIN):
            texts.setdefault(role, set(ALWAYS)).update(run.text)
    used = {role: chars for role, chars in texts.items() if role in files}
    return {
        role: _embed(files[role].hb_face, chars)
        for role, chars in used.items()
        if may_embed(files[role].hb_face)
    }


def may_embed(face: Any) -> bool:
    """Return whether *face* has TrueType outlines and a licence that allows editing."""
    os2 = face.reference_table("OS/2").data
    return (
        _GLYF in face.table_tags
        and len(os2) >= 10
        and struct.unpack_from(">H", os2, 8)[0] & _MASK in EMBEDDABLE
    )


def _embed(face: Any, chars: Iterable[str]) -> EmbeddedFont:
    return EmbeddedFont(str(face.get_name(_FAMILY)), *obfuscate(cut_file(face, chars)))


def obfuscate(font: bytes) -> tuple[bytes, str]:
    """Return *font* with its first 32 bytes masked, and the key: a GUID drawn from its content.

    The GUID's 16 bytes are taken from its written form backwards, and used twice.
    """
    digits = hashlib.sha256(font).hexdigest()[:32].upper()
    mask = bytes.fromhex(digits)[::-1]
    head = bytes(byte ^ mask[place % 16] for place, byte in enumerate(font[:32]))
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return head + font[32:], f"{{{'-'.join(parts)}}}"


def renamed(
    faces: Mapping[str, DocxFace], embedded: Mapping[str, EmbeddedFont]
) -> dict[str, DocxFace]:
    """Return *faces* with those *embedded* called by their own names, the official ones behind."""
    return {
        role: replace(face, docx=embedded[role].family, alt_names=(face.docx, *face.alt_names))
        if role in embedded
        else face
        for role, face in faces.items()
    }
