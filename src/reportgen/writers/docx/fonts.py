"""The font table and the theme of a DOCX, and embedded fonts.

By default the official fonts are only named, not embedded, because offices have them.
``altName`` and the PANOSE numbers help a program without them to choose a similar font.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping
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

from reportgen.characters import split_scripts
from reportgen.document.nodes import Document, walk_text
from reportgen.fonts import cut_file, font_errors
from reportgen.located import load_data
from reportgen.styles import LATIN_ROLE, StyleSheet
from reportgen.writers.docx.elements import Element, add
from reportgen.writers.docx.geometry import BODY
from reportgen.writing_systems import script_of


class DocxFace(Struct, frozen=True):
    """The properties of a font in the font table (ECMA-376 17.8.3), from ``fonts/faces.yaml``."""

    docx: str
    """The name of the font."""
    alt_names: tuple[str, ...]
    """The names of fonts to use if it is not installed."""
    panose: str
    """The PANOSE number: ten bytes in hexadecimal."""
    charset: str
    """The character set: one byte in hexadecimal; 86 is GB 2312."""
    pitch: str
    """``fixed``, ``variable`` or ``default``."""
    family_class: str
    """``auto``, ``modern``, ``roman``, ``script``, ``swiss`` or ``decorative``."""


_NO_PANOSE = "00" * 10


def load_docx_faces(manifest: Path) -> dict[str, DocxFace]:
    """Return the font of each role and of each script in *manifest*.

    Raises KeyError if an entry is incomplete.
    """
    data = load_data(manifest)
    scripts = {
        script: DocxFace(str(spec["docx"]), (), _NO_PANOSE, "00", "variable", "auto")
        for script, spec in (data.get("scripts") or {}).items()
    }
    return scripts | {
        role: DocxFace(
            docx=str(spec["docx"]),
            alt_names=tuple(str(name) for name in spec["alt_names"]),
            panose=str(spec["panose"]),
            charset=str(spec["charset"]),
            pitch=str(spec["pitch"]),
            family_class=str(spec["family_class"]),
        )
        for role, spec in data["faces"].items()
    }


_OBFUSCATED_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_THEME = Path(__file__).with_name("theme.xml")


def add_font_table(
    document: WordDocument,
    sheet: StyleSheet,
    faces: Mapping[str, DocxFace],
    embedded: Mapping[str, EmbeddedFont],
) -> None:
    """Add ``fontTable.xml`` (17.8.3.10) with the fonts that *sheet* uses.

    *faces* and *embedded* are mappings from roles and scripts; the fonts of scripts are there if
    they are embedded.
    """
    root = OxmlElement("w:fonts", nsdecls={prefix: nsmap[prefix] for prefix in "wr"})
    table = relate(document, "fontTable", CT.WML_FONT_TABLE, RT.FONT_TABLE, root)
    carried = {font.family: font for font in embedded.values()}
    used = (role for style in sheet.styles.values() for role in (style.latin, style.face))
    roles = dict.fromkeys((*used, *embedded))
    for name, face in {faces[role].docx: faces[role] for role in roles}.items():
        font = _add_font(root, face)
        if name in carried:
            add(font, "embedRegular", fontKey=carried[name].key).set(
                qn("r:id"), _embed(carried[name], table)
            )


def _add_font(table: Element, face: DocxFace) -> Element:
    """Append a ``w:font`` to *table* and return it; its children have the order of CT_Font."""
    font = add(table, "font", name=face.docx)
    if face.alt_names:
        add(font, "altName", val=",".join(face.alt_names))
    add(font, "panose1", val=face.panose)
    add(font, "charset", val=face.charset)
    add(font, "family", val=face.family_class)
    add(font, "pitch", val=face.pitch)
    return font


def _embed(font: EmbeddedFont, table: XmlPart) -> str:
    """Add a part for *font* (15.2.13); return the id of the relationship from *table* to it."""
    name = PackURI(f"/word/fonts/font{len(table.rels) + 1}.odttf")
    part = Part(name, _OBFUSCATED_FONT, font.data, table.package)
    return str(table.relate_to(part, RT.FONT))


def add_theme(document: WordDocument, sheet: StyleSheet, faces: Mapping[str, DocxFace]) -> None:
    """Add ``theme1.xml`` (14.2.7) with the fonts of the body style."""
    root = parse_xml(_THEME.read_bytes())
    for latin in root.iter(qn("a:latin")):
        latin.set("typeface", faces[LATIN_ROLE].docx)
    for han in root.iter(f"{{{nsmap['a']}}}ea"):
        han.set("typeface", faces[sheet[BODY].face].docx)
    relate(document, "theme/theme1", CT.OFC_THEME, RT.THEME, root)


def relate(
    document: WordDocument, name: str, content_type: str, relation: str, root: Element
) -> XmlPart:
    """Add the part ``/word/``*name*``.xml`` with the root element *root* and return it."""
    part = XmlPart(PackURI(f"/word/{name}.xml"), content_type, root, document.part.package)
    document.part.relate_to(part, relation)
    return part


EMBEDDABLE = (0, 8)
"""The values of fsType that allow embedding in an editable document: installable, editable."""
ALWAYS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·％一二三四五六七八九十"
)
"""The characters that every subset contains, for small corrections by hand."""
_FAMILY = 1
_MASK = 0x000F
_GLYF = "glyf"


class OpenedFont(Protocol):
    """The attributes of :class:`reportgen.fonts.Face` that embedding needs."""

    family: str

    @property
    def hb_face(self) -> Any:
        """The ``uharfbuzz.Face``."""

    @property
    def path(self) -> Path:
        """Where the file is."""


class EmbeddedFont(Struct, frozen=True):
    """A font subset embedded in a package."""

    family: str
    """The family name."""
    data: bytes
    """The obfuscated font file."""
    key: str
    """The GUID with which the file was obfuscated."""


def embed_fonts(
    document: Document, font_of: Callable[[str, Iterable[str]], OpenedFont | None]
) -> dict[str, EmbeddedFont]:
    """Return a subset for each role and script in *document* whose font may be embedded.

    *font_of* returns the font of a role or script, for its characters.  A font of several is
    embedded once.  Raises EnvironmentProblem if one of them is damaged.
    """
    texts = characters_by_font(document)
    fonts = {name: font for name in texts if (font := font_of(name, texts[name]))}
    wanted: dict[OpenedFont, set[str]] = {}
    for name, font in fonts.items():
        wanted.setdefault(font, set()).update(texts[name])
    subsets = {}
    for font, chars in wanted.items():
        with font_errors(font.path):
            if may_embed(font.hb_face):
                subsets[font] = _subset_of(font.hb_face, chars)
    return {name: subsets[font] for name, font in fonts.items() if font in subsets}


def characters_by_font(document: Document) -> dict[str, set[str]]:
    """Return the characters of *document* by the role and the script that have them.

    Each set contains ALWAYS.
    """
    texts: dict[str, set[str]] = {LATIN_ROLE: set(ALWAYS)}
    for style, run in walk_text(document):
        chars = {char for part, _ in split_scripts(run.text) for char in part}
        scripts = dict.fromkeys(filter(None, map(script_of, run.text)))
        for name in (document.sheet[style].face, document.sheet[style].latin, *scripts):
            texts.setdefault(name, set(ALWAYS)).update(chars)
    return texts


def may_embed(face: Any) -> bool:
    """Return whether *face* has TrueType outlines and permits embedding for editing (fsType)."""
    os2 = face.reference_table("OS/2").data
    return (
        _GLYF in face.table_tags
        and len(os2) >= 10
        and struct.unpack_from(">H", os2, 8)[0] & _MASK in EMBEDDABLE
    )


def _subset_of(face: Any, chars: Iterable[str]) -> EmbeddedFont:
    return EmbeddedFont(str(face.get_name(_FAMILY)), *obfuscate(cut_file(face, chars)))


def obfuscate(font: bytes) -> tuple[bytes, str]:
    """Return *font* with its first 32 bytes obfuscated (ECMA-376 17.8.1), and the key.

    The key is a GUID derived from the content.  The bytes are combined by exclusive or with the
    16 bytes of the GUID in reverse order, twice.
    """
    digits = hashlib.sha256(font).hexdigest()[:32].upper()
    mask = bytes.fromhex(digits)[::-1]
    head = bytes(byte ^ mask[place % 16] for place, byte in enumerate(font[:32]))
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return head + font[32:], f"{{{'-'.join(parts)}}}"


def renamed(
    faces: Mapping[str, DocxFace], embedded: Mapping[str, EmbeddedFont]
) -> dict[str, DocxFace]:
    """Return *faces* in which those *embedded* have the names of the embedded fonts.

    Their official names become the first alternative names.
    """
    return {
        role: replace(face, docx=embedded[role].family, alt_names=(face.docx, *face.alt_names))
        if role in embedded
        else face
        for role, face in faces.items()
    }
