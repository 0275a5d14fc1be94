"""Sections: a stretch of pages of one direction, with its margins, grid, headers and footers.

A document has one, unless tables lie across the page (GB/T 9704-2012 clause 8).
"""

from __future__ import annotations

from reportgen.styles import StyleSheet, twips
from reportgen.writers.docx.geometry import Geometry
from reportgen.writers.docx.headers import footer_distance, header_distance
from reportgen.writers.docx.parts import SIDES, margin_id


def section_xml(sheet: StyleSheet, *, landscape: bool, headed: bool) -> str:
    """Return the properties of a section (ECMA-376 17.6.17): page, margins, grid, footers.

    *headed* says that its pages have headers.  The head of a ``landscape`` page is the
    left edge of the upright one.
    """
    footers = (("footer", side, margin_id("footer", side, landscape=landscape)) for side in SIDES)
    headers = (("header", side, margin_id("header", side)) for side in SIDES if headed)
    references = "".join(
        f'<w:{kind}Reference w:type="{side}" r:id="{id_}"/>'
        for kind, side, id_ in (*headers, *footers)
    )
    turned = sheet.turned() if landscape else sheet
    geometry = Geometry(turned)
    footer = twips(turned.page.bottom / 2) if landscape else footer_distance(sheet)
    direction = ' w:orient="landscape"' if landscape else ""
    return (
        f"<w:sectPr>{references}"
        f'<w:pgSz w:w="{geometry.page_width}" w:h="{geometry.page_height}"{direction}/>'
        f'<w:pgMar w:top="{geometry.top}" w:right="{geometry.right}" w:bottom="{geometry.bottom}"'
        f' w:left="{geometry.left}" w:header="{header_distance(turned)}"'
        f' w:footer="{footer}" w:gutter="0"/><w:cols w:space="425"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{geometry.line}"/></w:sectPr>'
    )


def ending_section(paragraphs: str, section: str) -> str:
    """Return *paragraphs*, the last of which ends the *section* and holds it (17.6.18)."""
    before, end, after = paragraphs.rpartition("</w:pPr>")
    return f"{before}{section}{end}{after}"
