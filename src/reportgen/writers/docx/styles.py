"""StyleSheet → ``styles.xml`` (ECMA-376 17.7).

Every look of the document sits in a named style, so that a clerk may change
it in one place; the body carries direct formatting only where a paragraph
differs from its style by its place (落款, the page number's side).
"""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.styles import Style, StyleSheet, half_points, twips
from reportgen.writers.docx.fonts import DocxFace, style_fonts_xml
from reportgen.writers.docx.geometry import Geometry, indent_xml, letter_spacing
from reportgen.writers.docx.markup import attribute, part_xml
from reportgen.writers.docx.names import BODY, PAGE_NUMBER, STAMP, WATERMARK, WordName

PICTURE_STYLE = "Picture"
LINK_STYLE = "Hyperlink"
TABLE_STYLE = "ReportTable"

_ALIGNMENTS = {"justify": "both", "left": "left", "center": "center", "right": "right"}
_SINGLE = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'


def styles_xml(
    sheet: StyleSheet,
    geometry: Geometry,
    names: Mapping[str, WordName],
    faces: Mapping[str, DocxFace],
    language: str,
    more: str = "",
) -> bytes:
    """Return ``styles.xml``: defaults, Normal, the styles of *sheet*, and the technical ones.

    *language* is that of the Chinese text (``zh-CN``); *more* are further styles.
    """
    body = sheet[BODY]
    content = [
        _defaults_xml(body, faces, language),
        _LATENT,
        _normal_xml(body, geometry, faces),
        *(
            _style_xml(style, names, geometry, faces)
            for style in sorted(sheet.styles.values(), key=lambda s: names[s.name].id)
        ),
        _PICTURE,
        _DEFAULT_CHARACTER,
        _LINK,
        more,
        _DEFAULT_TABLE,
        _table_style_xml(sheet),
        _NO_LIST,
    ]
    return part_xml("w:styles", "".join(content), "w")


def _defaults_xml(body: Style, faces: Mapping[str, DocxFace], language: str) -> str:
    """Return ``w:docDefaults`` (17.7.5.1): what even a pasted, unstyled paragraph gets.

    The language of Latin text is English, as Word has it in Chinese documents:
    were it Chinese, LibreOffice would break a line within 2021 and 12.5%.
    """
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{style_fonts_xml(body, faces)}{_size_xml(body)}"
        f'<w:lang w:val="en-US" w:eastAsia="{attribute(language)}" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault>"
        "<w:pPrDefault/></w:docDefaults>"
    )


def _normal_xml(body: Style, geometry: Geometry, faces: Mapping[str, DocxFace]) -> str:
    """Return Normal: the body's type on the grid, without its indent.

    Without it, because whatever a clerk inserts (a table, a picture) is in
    Normal.  Marks do not hang in the margin: 28 characters are a line (GB/T 9704 5.2.3).
    Han and Latin stand apart (17.3.1.2): not every program can set them without a gap.
    """
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl/><w:overflowPunct w:val="0"/>'
        "<w:autoSpaceDE/><w:autoSpaceDN/>"
        f"{_spacing_xml(body, geometry)}{_alignment_xml(body.align)}</w:pPr>"
        f"<w:rPr>{_run_properties_xml(body, faces)}</w:rPr></w:style>"
    )


def _style_xml(
    style: Style,
    names: Mapping[str, WordName],
    geometry: Geometry,
    faces: Mapping[str, DocxFace],
) -> str:
    word = names[style.name]
    custom = "" if word.built_in else ' w:customStyle="1"'
    following = f'<w:next w:val="{names[BODY].id}"/>' if style.outline_level is not None else ""
    hidden = "<w:semiHidden/>" if style.name == WATERMARK else ""
    gallery = "" if style.name in (WATERMARK, STAMP, PAGE_NUMBER) else "<w:qFormat/>"
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{word.id}">'
        f'<w:name w:val="{attribute(word.name)}"/><w:basedOn w:val="Normal"/>'
        f"{following}{hidden}{gallery}<w:pPr>{_paragraph_properties_xml(style, geometry)}</w:pPr>"
        f"<w:rPr>{_run_properties_xml(style, faces)}</w:rPr></w:style>"
    )


def _paragraph_properties_xml(style: Style, geometry: Geometry) -> str:
    """Return the ``w:pPr`` children of *style*, in the order of CT_PPrBase (17.3.1.26)."""
    on_grid = geometry.grid_lines(style) > 0
    level = style.outline_level
    return (
        ("<w:keepNext/>" if style.keep_with_next else "")
        + ("<w:keepLines/>" if level is not None else "")
        + ("" if on_grid else '<w:snapToGrid w:val="0"/>')
        + _spacing_xml(style, geometry)
        + indent_xml(
            style, left=style.indent, right=style.right_indent, first_line=style.first_line
        )
        + _alignment_xml(style.align)
        + (f'<w:outlineLvl w:val="{level - 1}"/>' if level else "")
    )


def _spacing_xml(style: Style, geometry: Geometry) -> str:
    """Return ``w:spacing`` (17.3.1.33).

    Every line is exactly as high as the style says, so that the same pages come about
    whatever font stands in for a missing one: their own line heights differ by a third.
    """
    line = geometry.line_height(style)
    return (
        f'<w:spacing w:before="{geometry.vertical(style.space_before)}"'
        f' w:after="{geometry.vertical(style.space_after)}"'
        f' w:line="{line}" w:lineRule="exact"/>'
    )


def _alignment_xml(align: str) -> str:
    return f'<w:jc w:val="{_ALIGNMENTS[align]}"/>'


def _run_properties_xml(style: Style, faces: Mapping[str, DocxFace]) -> str:
    """Return the ``w:rPr`` children of *style*, in the order of CT_RPr (17.3.2.28)."""
    colour = "auto" if style.colour == "000000" else style.colour
    bold = "" if style.bold else ' w:val="0"'
    return (
        f"{style_fonts_xml(style, faces)}<w:b{bold}/><w:bCs{bold}/>"
        f'<w:color w:val="{colour}"/><w:spacing w:val="{letter_spacing(style)}"/>{_size_xml(style)}'
    )


def _size_xml(style: Style) -> str:
    size = half_points(style.size)
    return f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _table_style_xml(sheet: StyleSheet) -> str:
    """Return the table style: single rules on all sides and the cell padding (17.7.6)."""
    look = sheet.table
    rule = f'w:val="single" w:sz="{round(look.rule * 8)}" w:space="0" w:color="auto"'
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f"<w:{side} {rule}/>" for side in sides)
    across, down = twips(look.padding_x), twips(look.padding_y)
    padding = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", down), ("left", across), ("bottom", down), ("right", across))
    )
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">'
        '<w:name w:val="报告表格"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders>"
        f"<w:tblCellMar>{padding}</w:tblCellMar></w:tblPr></w:style>"
    )


_LATENT = (
    '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"'
    ' w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>'
)
_PICTURE = (
    f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{PICTURE_STYLE}">'
    '<w:name w:val="图片"/><w:basedOn w:val="Normal"/><w:qFormat/>'
    f'<w:pPr><w:snapToGrid w:val="0"/>{_SINGLE}<w:jc w:val="center"/></w:pPr>'
    '<w:rPr><w:spacing w:val="0"/><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr></w:style>'
)
_DEFAULT_CHARACTER = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
)
_LINK = (
    f'<w:style w:type="character" w:styleId="{LINK_STYLE}"><w:name w:val="Hyperlink"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/>'
    '<w:rPr><w:color w:val="auto"/><w:u w:val="none"/></w:rPr></w:style>'
)
_DEFAULT_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
    '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr></w:style>"
)
_NO_LIST = (
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList">'
    '<w:name w:val="No List"/><w:semiHidden/></w:style>'
)
