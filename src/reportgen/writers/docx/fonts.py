"""Fonts as a DOCX names them, and ``fontTable.xml``.

Official fonts are named, not embedded: offices have them.  ``altName`` and the
PANOSE numbers let a program without them choose a likeness.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reportgen.styles import Style, StyleSheet
from reportgen.writers.docx.markup import attribute, fonts_xml, part_xml

LATIN = "西文"
"""The role of the face for digits and Latin."""


class DocxFace(Struct, frozen=True):
    """One entry of ``fonts/faces.yaml`` as far as Word is concerned.

    ``docx`` is the font's name, ``alt_names`` the names tried in its absence,
    ``panose`` ten bytes and ``charset`` one byte in hexadecimal (86 is GB 2312);
    ``pitch`` is fixed, variable or default; ``family_class`` auto, modern,
    roman, script, swiss or decorative (ECMA-376 17.8.3).
    """

    docx: str
    alt_names: tuple[str, ...]
    panose: str
    charset: str
    pitch: str
    family_class: str


def style_fonts_xml(style: Style, faces: Mapping[str, DocxFace]) -> str:
    """Return the ``w:rFonts`` of *style*."""
    return fonts_xml(faces[style.face].docx, faces[LATIN].docx)


def font_table_xml(
    sheet: StyleSheet, faces: Mapping[str, DocxFace], embedded: Mapping[str, tuple[str, str]]
) -> bytes:
    """Return ``fontTable.xml`` (17.8.3.10) with each font that *sheet* uses, once.

    *embedded* holds the relationship and the key of the fonts that the package carries.
    """
    roles = dict.fromkeys([LATIN, *(style.face for style in sheet.styles.values())])
    fonts = {faces[role].docx: faces[role] for role in roles}
    content = "".join(_font_xml(face, embedded.get(name)) for name, face in fonts.items())
    return part_xml("w:fonts", content, "w r" if embedded else "w")


def _font_xml(face: DocxFace, embedded: tuple[str, str] | None) -> str:
    """Return one ``w:font``, its children in the order of CT_Font."""
    others = ",".join(face.alt_names)
    carried = (
        f'<w:embedRegular r:id="{embedded[0]}" w:fontKey="{embedded[1]}"/>' if embedded else ""
    )
    return (
        f'<w:font w:name="{attribute(face.docx)}">'
        + (f'<w:altName w:val="{attribute(others)}"/>' if others else "")
        + f'<w:panose1 w:val="{face.panose}"/><w:charset w:val="{face.charset}"/>'
        f'<w:family w:val="{face.family_class}"/><w:pitch w:val="{face.pitch}"/>{carried}</w:font>'
    )
