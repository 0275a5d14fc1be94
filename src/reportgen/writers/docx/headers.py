"""Headers and footers: page numbers, and the marks of a draft (ECMA-376 17.10)."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.document.nodes import Document
from reportgen.styles import Style, StyleSheet, twips
from reportgen.writers.docx.fonts import DocxFace
from reportgen.writers.docx.markup import attribute, paragraph_xml, part_xml
from reportgen.writers.docx.names import PAGE_NUMBER, STAMP, WATERMARK, WordName
from reportgen.writers.docx.parts import ODD
from reportgen.writers.docx.runs import text_xml
from reportgen.writers.docx.signature import width_of
from reportgen.writers.docx.tables import LEAST_LINE, cell_xml, separator_xml


def footer_xml(side: str, names: Mapping[str, WordName]) -> bytes:
    """Return the footer of one *side*: ``— 1 —``, odd pages right, even pages left.

    GB/T 9704-2012 clause 7.5; the distance from the edge is the indent of the
    style ``page_number``.
    """
    return part_xml("w:ftr", _number_xml(side, names), "w r")


def _number_xml(side: str, names: Mapping[str, WordName]) -> str:
    align = "right" if side == ODD else "left"
    content = text_xml("— ") + _PAGE_FIELD + text_xml(" —")
    return paragraph_xml(names[PAGE_NUMBER].id, content, f'<w:jc w:val="{align}"/>')


def landscape_footer_xml(side: str, names: Mapping[str, WordName], sheet: StyleSheet) -> bytes:
    """Return the footer of one *side* of landscape pages, the number as on the upright sheet.

    To be read, the sheet was turned clockwise: its foot is now on the left, and the
    number reads downwards (GB/T 9704-2012 clause 8).  It stands in a table of one cell
    with vertical text, laid over the page (ECMA-376 17.4.57): LibreOffice does not turn
    the text of a frame and cuts a text box off.  The cell is two lines wide, that nothing
    of the first, its right one, is cut off.
    """
    page, line = sheet.page, twips(sheet[PAGE_NUMBER].line_pitch)
    width, height = 2 * line, twips(page.text_width)
    table = (
        '<w:tbl><w:tblPr><w:tblpPr w:vertAnchor="page" w:horzAnchor="page"'
        f' w:tblpX="{footer_distance(sheet) - line}" w:tblpY="{twips(page.left)}"/>'
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
        f'<w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>'
    )
    cell = cell_xml(_number_xml(side, names), width, '<w:textDirection w:val="tbRl"/>')
    return part_xml("w:ftr", f"{table}{cell}</w:tr></w:tbl>{separator_xml(LEAST_LINE)}", "w r")


_PAGE_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def footer_distance(sheet: StyleSheet) -> int:
    """Return the distance of the page number from the sheet's lower edge in twips."""
    page = sheet.page
    return twips(page.bottom - page.number_gap - sheet[PAGE_NUMBER].line_pitch)


def has_header(document: Document) -> bool:
    """Return whether *document* is a draft with something to print on every page."""
    return bool(document.stamp or document.watermark)


def header_distance(sheet: StyleSheet) -> int:
    """Return the distance of the header from the page's upper edge in twips.

    The stamp's line is centred in the upper margin.
    """
    return twips((sheet.page.top - sheet[STAMP].line_pitch) / 2)


def header_xml(
    side: str, document: Document, names: Mapping[str, WordName], faces: Mapping[str, DocxFace]
) -> bytes:
    """Return the header of one *side*: the stamp's line, the watermark behind the text."""
    content = text_xml(document.stamp) if document.stamp else ""
    if document.watermark:
        style = document.sheet[WATERMARK]
        limit = document.sheet.page.width
        content += _watermark_xml(document.watermark, style, faces[style.face].docx, limit, side)
    return part_xml("w:hdr", paragraph_xml(names[STAMP].id, content), "w r v o w10")


def _watermark_xml(mark: str, style: Style, font: str, limit: float, side: str) -> str:
    """Return *mark* as the WordArt that Word's own watermark command makes (VML, Part 4 19.1).

    Centred on the page, turned by 45°, at most *limit* points long.
    """
    number = 1 if side == ODD else 2
    height = min(style.size, limit / width_of(mark))
    place = (
        "position:absolute;margin-left:0;margin-top:0;"
        f"width:{width_of(mark) * height:g}pt;height:{height:g}pt;"
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:page;mso-position-vertical:center;"
        "mso-position-vertical-relative:page"
    )
    face = f"font-family:&quot;{attribute(font)}&quot;;font-size:1pt"
    return (
        f"<w:r><w:rPr><w:noProof/></w:rPr><w:pict>{_WORD_ART}"
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}"'
        f' type="#_x0000_t136" alt="{attribute(mark)}" style="{place}" o:allowincell="f"'
        f' fillcolor="#{style.colour}" stroked="f">'
        f'<v:textpath style="{face}" string="{attribute(mark)}"/>'
        '<w10:wrap anchorx="page" anchory="page"/></v:shape></w:pict></w:r>'
    )


_WORD_ART = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
    '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom"'
    ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight"'
    ' xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/>'
    "</v:shapetype>"
)
