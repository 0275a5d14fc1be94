"""Fonts as a DOCX names them: the entries of ``fonts/faces.yaml`` as far as Word is concerned.

Official fonts are named, not embedded: offices have them.  ``altName`` and the
PANOSE numbers let a program without them choose a likeness.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import OxmlElement, parse_xml
from msgspec import Struct
from msgspec.structs import replace

from reportgen.document.nodes import Document, walk_text
from reportgen.fonts import cut_file, font_errors
from reportgen.located import load_data
from reportgen.styles import StyleSheet
from reportgen.writers.docx.elements import Element, add
from reportgen.writers.docx.geometry import BODY

LATIN = "西文"
"""The role of the face for digits and Latin."""


class DocxFace(Struct, frozen=True):
    """One entry of ``fonts/faces.yaml`` as far as Word is concerned (ECMA-376 17.8.3)."""

    docx: str
    """The font's name."""
    alt_names: tuple[str, ...]
    """The names tried in its absence."""
    panose: str
    """Ten bytes in hexadecimal."""
    charset: str
    """One byte in hexadecimal; 86 is GB 2312."""
    pitch: str
    """``fixed``, ``variable`` or ``default``."""
    family_class: str
    """``auto``, ``modern``, ``roman``, ``script``, ``swiss`` or ``decorative``."""


def load_docx_faces(manifest: Path) -> dict[str, DocxFace]:
    """Return the font of each role of *manifest*; KeyError when an entry is incomplete."""
    return {
        role: DocxFace(
            docx=str(spec["docx"]),
            alt_names=tuple(str(name) for name in spec["alt_names"]),
            panose=str(spec["panose"]),
            charset=str(spec["charset"]),
            pitch=str(spec["pitch"]),
            family_class=str(spec["family_class"]),
        )
        for role, spec in load_data(manifest)["faces"].items()
    }


_OBFUSCATED_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_THEME = Path(__file__).with_name("theme.xml")


def add_font_table(
    document: WordDocument,
    sheet: StyleSheet,
    faces: Mapping[str, DocxFace],
    embedded: Mapping[str, EmbeddedFont],
) -> None:
    """Add ``fontTable.xml`` (17.8.3.10) with each font that *sheet* uses, once.

    *faces* and the fonts *embedded* are by role.
    """
    root = OxmlElement("w:fonts", nsdecls={prefix: nsmap[prefix] for prefix in "wr"})
    table = _relate(document, "fontTable", CT.WML_FONT_TABLE, RT.FONT_TABLE, root)
    carried = {font.family: font for font in embedded.values()}
    roles = dict.fromkeys([LATIN, *(style.face for style in sheet.styles.values())])
    for name, face in {faces[role].docx: faces[role] for role in roles}.items():
        font = _add_font(root, face)
        if name in carried:
            add(font, "embedRegular", fontKey=carried[name].key).set(
                qn("r:id"), _embed(carried[name], table)
            )


def _add_font(table: Element, face: DocxFace) -> Element:
    """Return a new ``w:font``, its children in the order of CT_Font."""
    font = add(table, "font", name=face.docx)
    if face.alt_names:
        add(font, "altName", val=",".join(face.alt_names))
    add(font, "panose1", val=face.panose)
    add(font, "charset", val=face.charset)
    add(font, "family", val=face.family_class)
    add(font, "pitch", val=face.pitch)
    return font


def _embed(font: EmbeddedFont, table: XmlPart) -> str:
    """Return the id of the relationship of the font *table* to the part of *font* (15.2.13)."""
    name = PackURI(f"/word/fonts/font{len(table.rels) + 1}.odttf")
    part = Part(name, _OBFUSCATED_FONT, font.data, table.package)
    return str(table.relate_to(part, RT.FONT))


def add_theme(document: WordDocument, sheet: StyleSheet, faces: Mapping[str, DocxFace]) -> None:
    """Add ``theme1.xml`` (14.2.7) with the fonts of the body."""
    root = parse_xml(_THEME.read_bytes())
    for latin in root.iter(qn("a:latin")):
        latin.set("typeface", faces[LATIN].docx)
    for han in root.iter(f"{{{nsmap['a']}}}ea"):
        han.set("typeface", faces[sheet[BODY].face].docx)
    _relate(document, "theme/theme1", CT.OFC_THEME, RT.THEME, root)


def _relate(
    document: WordDocument, name: str, content_type: str, relation: str, root: Element
) -> XmlPart:
    """Return a new part of *document*, ``/word/``*name*``.xml``, whose element is *root*."""
    part = XmlPart(PackURI(f"/word/{name}.xml"), content_type, root, document.part.package)
    document.part.relate_to(part, relation)
    return part


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

    @property
    def path(self) -> Path:
        """Where the file is."""


class EmbeddedFont(Struct, frozen=True):
    """A subset in a package: its family name, its obfuscated bytes, and the key to them."""

    family: str
    data: bytes
    key: str


def embed_fonts(document: Document, files: Mapping[str, OpenedFont]) -> dict[str, EmbeddedFont]:
    """Return a subset for each role of *document* whose font among *files* may be embedded.

    Raises EnvironmentProblem, naming the file, when one is damaged.
    """
    texts: dict[str, set[str]] = {LATIN: set(ALWAYS)}
    for style, run in walk_text(document):
        for role in (document.sheet[style].face, LATIN):
            texts.setdefault(role, set(ALWAYS)).update(run.text)
    found = {}
    for role, chars in texts.items():
        font = files.get(role)
        if font is not None:
            with font_errors(font.path):
                if may_embed(font.hb_face):
                    found[role] = _subset_of(font.hb_face, chars)
    return found


def may_embed(face: Any) -> bool:
    """Return whether *face* has TrueType outlines and a licence that allows editing."""
    os2 = face.reference_table("OS/2").data
    return (
        _GLYF in face.table_tags
        and len(os2) >= 10
        and struct.unpack_from(">H", os2, 8)[0] & _MASK in EMBEDDABLE
    )


def _subset_of(face: Any, chars: Iterable[str]) -> EmbeddedFont:
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
