"""Headers and footers: page numbers, and the marks of a draft (ECMA-376 17.10)."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.doctree.nodes import Document
from reportgen.styles import Style, StyleSheet
from reportgen.units import twips
from reportgen.writers.docx.fonts import DocxFace
from reportgen.writers.docx.markup import attribute, paragraph_xml, part_xml
from reportgen.writers.docx.names import PAGE_NUMBER, STAMP, WATERMARK, WordName
from reportgen.writers.docx.runs import text_xml
from reportgen.writers.docx.signature import width_of

ODD, EVEN = "default", "even"


def footer_xml(side: str, names: Mapping[str, WordName]) -> bytes:
    """Return the footer of one *side*: ``— 1 —``, odd pages right, even pages left.

    GB/T 9704-2012 clause 7.5; the distance from the edge is the indent of the
    style ``page_number``.
    """
    align = "right" if side == ODD else "left"
    content = text_xml("— ") + _PAGE_FIELD + text_xml(" —")
    extra = f'<w:jc w:val="{align}"/>'
    return part_xml("w:ftr", paragraph_xml(names[PAGE_NUMBER].id, content, extra), "w r")


_PAGE_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


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
