"""Sections: a stretch of pages of one direction, with its margins, grid, headers and footers.

A document has one, unless tables lie across the page (GB/T 9704-2012 clause 8).
"""

from __future__ import annotations

from collections.abc import Mapping

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Twips

from reportgen.document.nodes import Document, stand_landscape
from reportgen.styles import StyleSheet, twips
from reportgen.writers.docx.elements import Element, set_attributes
from reportgen.writers.docx.fonts import DocxFace
from reportgen.writers.docx.geometry import Geometry
from reportgen.writers.docx.headers import (
    draw_header,
    footer_distance,
    header_distance,
    number_pages,
    number_turned_pages,
)
from reportgen.writers.docx.names import WordName


def section_properties(
    word: WordDocument,
    document: Document,
    names: Mapping[str, WordName],
    faces: Mapping[str, DocxFace],
) -> dict[bool, Element]:
    """Return the ``w:sectPr`` (ECMA-376 17.6.17) of upright sections, and of landscape ones if any.

    They are by whether they are landscape, their headers and footers parts of *word*; each
    section of the document gets a copy.
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
    """Return *properties*, a copy of the upright ones, turned; the headers stay the same.

    The head of a landscape page is the left edge of the upright one.
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
    """Set page, margins and grid."""
    geometry = Geometry(sheet)
    section.page_width, section.page_height = (
        Twips(geometry.page_width),
        Twips(geometry.page_height),
    )
    section.top_margin, section.bottom_margin = Twips(geometry.top), Twips(geometry.bottom)
    section.left_margin, section.right_margin = Twips(geometry.left), Twips(geometry.right)
    section.header_distance = Twips(header_distance(sheet))
    set_attributes(properties.find(qn("w:docGrid")), linePitch=geometry.line)
