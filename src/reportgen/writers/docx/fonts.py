"""The parts about fonts, for which python-docx has no class: the font table and the theme."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import OxmlElement, parse_xml

from reportgen.styles import StyleSheet
from reportgen.writers.docx.elements import Element, add
from reportgen.writers.docx.embedding import EmbeddedFont
from reportgen.writers.docx.faces import LATIN, DocxFace
from reportgen.writers.docx.names import BODY

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
