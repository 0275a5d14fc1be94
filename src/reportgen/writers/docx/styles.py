"""The styles of a DOCX (ECMA-376 17.7), made from the style sheet.

All formatting is in named styles, so that a clerk can change it in one place.  They are based on
Normal, which has the type of the body text, and state only what differs from it: another font for
Normal is another font for all text in that of the body.  The body has direct
formatting only where it depends on the position of a paragraph (落款, the side of the page
number).  The styles that do not depend on the form are in ``template/word/styles.xml``, with
comments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from reportgen.styles import Align, Style, StyleSheet, TableLook, half_points, twips
from reportgen.writers.docx.elements import Element, add, set_attributes
from reportgen.writers.docx.fonts import DocxFace
from reportgen.writers.docx.geometry import (
    BODY,
    PAGE_NUMBER,
    STAMP,
    WATERMARK,
    Geometry,
    WordName,
    indents,
    letter_spacing,
)

_V = TypeVar("_V")

PICTURE_STYLE = "Picture"
TABLE_STYLE = "ReportTable"
_ALIGNMENTS = {
    Align.JUSTIFY: "both",
    Align.LEFT: "left",
    Align.CENTER: "center",
    Align.RIGHT: "right",
}
"""The values of ``w:jc`` (17.3.1.13)."""


def set_styles(
    document: WordDocument,
    sheet: StyleSheet,
    geometry: Geometry,
    names: Mapping[str, WordName],
    faces: Mapping[str, DocxFace],
) -> None:
    """Add the styles of *sheet* to *document*, and adapt those of the template to it."""
    styles, body = document.styles, sheet[BODY]
    _set_defaults(styles.element, body, faces)
    normal = styles["Normal"].element
    _add_lines(normal.pPr, body, geometry)
    _add_alignment(normal.pPr, body)
    _add_characters(normal, body, faces)
    for style in sorted(sheet.styles.values(), key=lambda style: names[style.name].id):
        word = names[style.name]
        added = styles.element.add_style_of_type(word.name, WD_STYLE_TYPE.PARAGRAPH, word.built_in)
        added.styleId = word.id
        add(added, "basedOn", val=normal.styleId)
        if style.outline_level is not None:
            add(added, "next", val=names[BODY].id)
        if style.name == WATERMARK:
            add(added, "semiHidden")
        if style.name not in (WATERMARK, STAMP, PAGE_NUMBER):
            add(added, "qFormat")
        _add_paragraph_properties(added, style, geometry, body)
        _add_characters(added, style, faces, body)
    _set_table_style(styles["报告表格"].element, sheet.table)


def _set_defaults(styles: Element, body: Style, faces: Mapping[str, DocxFace]) -> None:
    """Set ``w:docDefaults`` (17.7.5.1), which also apply to pasted paragraphs without a style."""
    (properties,) = styles.find(qn("w:docDefaults")).iter(qn("w:rPr"))
    set_attributes(properties.rFonts, **_font_names(body, faces))
    for size in (properties.sz, properties.find(qn("w:szCs"))):
        set_attributes(size, val=half_points(body.size))


def _add_paragraph_properties(
    word: Element, style: Style, geometry: Geometry, normal: Style
) -> None:
    """Append the ``w:pPr`` of *style*, in the order of CT_PPrBase (17.3.1.26).

    It is based on a style with the lines and the alignment of *normal*.
    """
    properties = add(word, "pPr")
    if style.keep_with_next:
        add(properties, "keepNext")
    if style.outline_level is not None:
        add(properties, "keepLines")
    if not geometry.grid_lines(style):
        add(properties, "snapToGrid", val=0)
    _add_lines(properties, style, geometry, normal)
    sides = {"left": style.indent, "right": style.right_indent, "firstLine": style.first_line}
    given = {side: value for side, value in sides.items() if value}
    if given:
        add(properties, "ind", **indents(style, **given))
    if style.hanging:
        add(properties, "contextualSpacing")
    if style.align != normal.align:
        _add_alignment(properties, style)
    if style.outline_level:
        add(properties, "outlineLvl", val=style.outline_level - 1)


def _add_lines(
    properties: Element, style: Style, geometry: Geometry, normal: Style | None = None
) -> None:
    """Append ``w:spacing`` (17.3.1.33) with what differs from *normal*.

    The line height is exact, so that the page breaks do not depend on the font that replaces a
    missing one; the line heights of fonts differ by a third.
    """
    own = _lines(style, geometry)
    stated = _differing(own, _lines(normal, geometry)) if normal else own
    if "line" in stated:  # LibreOffice does not inherit the rule apart from the height
        stated["lineRule"] = own["lineRule"]
    if stated:
        add(properties, "spacing", **stated)


def _lines(style: Style, geometry: Geometry) -> dict[str, int | str]:
    return {
        "before": geometry.vertical(style.space_before),
        "after": geometry.vertical(style.space_after),
        "line": geometry.line_height(style),
        "lineRule": "exact",
    }


def _differing(own: Mapping[str, _V], other: Mapping[str, _V]) -> dict[str, _V]:
    """Return the entries of *own* that are not in *other*."""
    return {name: value for name, value in own.items() if other[name] != value}


def _add_alignment(properties: Element, style: Style) -> None:
    add(properties, "jc", val=_ALIGNMENTS[style.align])


def _add_characters(
    word: Element, style: Style, faces: Mapping[str, DocxFace], normal: Style | None = None
) -> None:
    """Append the ``w:rPr`` of *style*, in the order of CT_RPr (17.3.2.28).

    It has what differs from *normal*.
    """
    own = _characters(style, faces)
    stated = _differing(own, _characters(normal, faces)) if normal else own
    properties = add(word, "rPr") if stated else None
    for name, attributes in stated.items():
        add(properties, name, **attributes)


def _characters(style: Style, faces: Mapping[str, DocxFace]) -> dict[str, dict[str, int | str]]:
    """Return the attributes of the elements of the ``w:rPr`` of *style*, in their order."""
    bold: dict[str, int | str] = {} if style.bold else {"val": 0}
    size: dict[str, int | str] = {"val": half_points(style.size)}
    return {
        "rFonts": dict(_font_names(style, faces)),
        "b": bold,
        "bCs": bold,
        "color": {"val": "auto" if style.colour == "000000" else style.colour},
        "spacing": {"val": letter_spacing(style)},
        "sz": size,
        "szCs": size,
    }


def _font_names(style: Style, faces: Mapping[str, DocxFace]) -> dict[str, str]:
    """Return the attributes of ``w:rFonts`` (17.3.2.26) with font names instead of theme fonts."""
    latin = faces[style.latin].docx
    return {"ascii": latin, "eastAsia": faces[style.face].docx, "hAnsi": latin, "cs": latin}


def _set_table_style(style: Element, look: TableLook) -> None:
    """Set the rules on all sides and the cell padding (17.7.6)."""
    properties = style.find(qn("w:tblPr"))
    for border in properties.find(qn("w:tblBorders")):
        set_attributes(border, sz=round(look.rule * 8))
    for side in properties.find(qn("w:tblCellMar")):
        across = side.tag in (qn("w:left"), qn("w:right"))
        set_attributes(side, w=twips(look.padding_x if across else look.padding_y))
