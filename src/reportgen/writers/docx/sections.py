"""Sections: stretches of pages of one orientation, with margins, grid, headers and footers.

A document has one section, unless it contains landscape tables (GB/T 9704-2012 clause 8).  The
footers show the page numbers, the headers the stamp and the watermark of a draft (ECMA-376
17.10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.section import Section, _Footer, _Header
from docx.shared import Twips

from reportgen.document.nodes import Document, stand_landscape
from reportgen.styles import Style, StyleSheet, twips
from reportgen.text import display_width
from reportgen.writers.docx.elements import Element, add, add_run, add_text, clean, set_attributes
from reportgen.writers.docx.fonts import DocxFace
from reportgen.writers.docx.geometry import PAGE_NUMBER, STAMP, WATERMARK, Geometry, WordName
from reportgen.writers.docx.tables import LEAST_LINE, add_cell, add_separator


def section_properties(
    word: WordDocument,
    document: Document,
    names: Mapping[str, WordName],
    faces: Mapping[str, DocxFace],
) -> dict[bool, Element]:
    """Return the ``w:sectPr`` (ECMA-376 17.6.17) by whether the section is landscape.

    That of landscape sections is only made if *document* has any.  Headers and footers are added
    to *word* as parts.  Each section of the document uses a copy of the element.
    """
    word.settings.odd_and_even_pages_header_footer = True
    sheet = document.sheet
    upright = word.sections[0]
    upright_properties = word.element.body.sectPr
    _set_page(upright, upright_properties, sheet)
    upright.footer_distance = Twips(footer_distance(sheet))
    number_pages(upright, names)
    if document.stamp or document.watermark:
        draw_header(upright, document, names, faces)
    found = {False: upright_properties}
    if any(stand_landscape(document.blocks)):
        found[True] = _landscape(upright_properties.clone(), word, sheet, names)
    return found


def _landscape(
    properties: Element, word: WordDocument, sheet: StyleSheet, names: Mapping[str, WordName]
) -> Element:
    """Change *properties*, a copy of the portrait ones, to those of landscape sections.

    The headers stay the same.  The upper edge of a landscape page is the left edge of the
    portrait page.
    """
    section = Section(properties, word.part)
    _set_page(section, properties, sheet.turned())
    section.orientation = WD_ORIENTATION.LANDSCAPE
    section.footer_distance = Twips(twips(sheet.turned().page.bottom / 2))
    for reference in properties.findall(qn("w:footerReference")):
        properties.remove(reference)
    number_turned_pages(section, names, sheet)
    return properties


def _set_page(section: Section, properties: Element, sheet: StyleSheet) -> None:
    """Set the size of the page, its margins and its grid."""
    geometry = Geometry(sheet)
    section.page_width, section.page_height = (
        Twips(geometry.page_width),
        Twips(geometry.page_height),
    )
    section.top_margin, section.bottom_margin = Twips(geometry.top), Twips(geometry.bottom)
    section.left_margin, section.right_margin = Twips(geometry.left), Twips(geometry.right)
    section.header_distance = Twips(header_distance(sheet))
    set_attributes(properties.find(qn("w:docGrid")), linePitch=geometry.line)


Alignment: TypeAlias = WD_ALIGN_PARAGRAPH

_WATERMARK = Path(__file__).with_name("watermark.xml")
_VML, _OFFICE = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}"


def number_pages(section: Section, names: Mapping[str, WordName]) -> None:
    """Set the footers of *section*: ``— 1 —``, right-aligned on odd pages, left-aligned on even.

    See GB/T 9704-2012 clause 7.5.  The distance from the edge is the indent of the style
    ``page_number``.
    """
    for footer, alignment in _footers(section):
        paragraph = footer.paragraphs[0]
        paragraph._p.style = names[PAGE_NUMBER].id
        paragraph.alignment = alignment
        _add_number(paragraph._p)


def number_turned_pages(section: Section, names: Mapping[str, WordName], sheet: StyleSheet) -> None:
    """Set the footers of a landscape *section* with the page number as on the portrait page.

    The landscape page is the sheet turned clockwise.  The foot of the sheet is its left edge,
    and the page number reads downwards (GB/T 9704-2012 clause 8).  The number is in a floating
    table of one cell with vertical text (ECMA-376 17.4.57), because LibreOffice does not rotate
    the text of a frame and clips a text box.  The cell is two lines wide, so that the first
    line, on its right, is not clipped.
    """
    for footer, alignment in _footers(section):
        root = footer.part.element
        root.remove(footer.paragraphs[0]._p)
        cell = _add_turned_cell(root, sheet)
        paragraph = cell.add_p()
        paragraph.style, paragraph.alignment = names[PAGE_NUMBER].id, alignment
        _add_number(paragraph)
        add_separator(root, LEAST_LINE)


def _footers(section: Section) -> Iterator[tuple[_Footer, Alignment]]:
    """Yield new footers of *section* for odd and for even pages, with their alignments."""
    for footer, alignment in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        yield footer, alignment


def _add_turned_cell(footer: Element, sheet: StyleSheet) -> Element:
    """Append the floating table at the left edge of a landscape page and return its cell."""
    page, line = sheet.page, twips(sheet[PAGE_NUMBER].line_pitch)
    width = 2 * line
    table = add(footer, "tbl")
    properties = add(table, "tblPr")
    add(
        properties,
        "tblpPr",
        vertAnchor="page",
        horzAnchor="page",
        tblpX=footer_distance(sheet) - line,
        tblpY=twips(page.left),
    )
    add(properties, "tblW", w=width, type="dxa")
    add(properties, "tblLayout", type="fixed")
    margins = add(properties, "tblCellMar")
    add(margins, "left", w=0, type="dxa")
    add(margins, "right", w=0, type="dxa")
    add(add(table, "tblGrid"), "gridCol", w=width)
    row = add(table, "tr")
    add(add(row, "trPr"), "trHeight", val=twips(page.text_width), hRule="exact")
    cell, cell_properties = add_cell(row, width)
    add(cell_properties, "textDirection", val="tbRl")
    return cell


def _add_number(paragraph: Element) -> None:
    """Append the page number, a field (17.16.5.44), between dashes."""
    add_run(paragraph, "— ")
    add(add(paragraph, "r"), "fldChar", fldCharType="begin")
    add_text(add(paragraph, "r"), " PAGE ", "instrText")
    add(add(paragraph, "r"), "fldChar", fldCharType="separate")
    add_run(paragraph, "1")
    add(add(paragraph, "r"), "fldChar", fldCharType="end")
    add_run(paragraph, " —")


def footer_distance(sheet: StyleSheet) -> int:
    """Return the distance of the page number from the lower edge of the sheet, in twips."""
    page, style = sheet.page, sheet[PAGE_NUMBER]
    return twips(page.bottom - page.number_gap - style.line_pitch / 2)


def header_distance(sheet: StyleSheet) -> int:
    """Return the distance of the header from the upper edge of the page, in twips.

    The line of the stamp is centred in the top margin.
    """
    return twips((sheet.page.top - sheet[STAMP].line_pitch) / 2)


def draw_header(
    section: Section,
    document: Document,
    names: Mapping[str, WordName],
    faces: Mapping[str, DocxFace],
) -> None:
    """Set the headers of a draft's *section*: the stamp, and the watermark behind the text."""
    headers: tuple[_Header, ...] = (section.header, section.even_page_header)
    for number, header in enumerate(headers, 1):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]._p
        paragraph.style = names[STAMP].id
        if document.stamp:
            add_run(paragraph, document.stamp)
        if document.watermark:
            style = document.sheet[WATERMARK]
            limit = document.sheet.page.width
            font = faces[style.face].docx
            paragraph.append(_watermark(document.watermark, style, font, limit, number))


def _watermark(label: str, style: Style, font: str, limit: float, number: int) -> Element:
    """Return the run with the watermark *label*, at most *limit* points long.

    *number* makes its shape id unique.
    """
    ems = display_width(label) / 2
    height = min(style.size, limit / ems)
    # VML scales the text of the shape to its width and height.
    place = {
        "position": "absolute",
        "margin-left": "0",
        "margin-top": "0",
        "width": f"{ems * height:g}pt",
        "height": f"{height:g}pt",
        "rotation": "315",
        "z-index": "-251658752",
        "mso-position-horizontal": "center",
        "mso-position-horizontal-relative": "page",
        "mso-position-vertical": "center",
        "mso-position-vertical-relative": "page",
    }
    run: Element = parse_xml(_WATERMARK.read_bytes())
    (shape,) = run.iter(f"{_VML}shape")
    shape.set("id", f"PowerPlusWaterMarkObject{number}")
    shape.set(f"{_OFFICE}spid", f"_x0000_s{2048 + number}")
    shape.set("alt", clean(label))
    shape.set("style", ";".join(f"{name}:{value}" for name, value in place.items()))
    shape.set("fillcolor", f"#{style.colour}")
    text = shape.find(f"{_VML}textpath")
    text.set("style", f'font-family:"{font}";font-size:1pt')
    text.set("string", clean(label))
    return run
