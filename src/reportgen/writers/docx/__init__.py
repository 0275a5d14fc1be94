"""Document → DOCX (ECMA-376, WordprocessingML).

Every part is written as XML text in one pass and goes into the package at once;
nothing is parsed, and pictures pass through one at a time.  Equal documents give
equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from reportgen.document.nodes import Document, stand_landscape
from reportgen.layout.items import Hints
from reportgen.writers.docx.body import body_xml
from reportgen.writers.docx.comments import comment_styles_xml, comments_xml
from reportgen.writers.docx.context import Context
from reportgen.writers.docx.embedding import EmbeddedFont, renamed
from reportgen.writers.docx.fonts import DocxFace, font_table_xml
from reportgen.writers.docx.geometry import Geometry
from reportgen.writers.docx.headers import (
    footer_xml,
    has_header,
    header_xml,
    landscape_footer_xml,
)
from reportgen.writers.docx.names import WordName, word_names
from reportgen.writers.docx.notes import Notes
from reportgen.writers.docx.package import save_package
from reportgen.writers.docx.parts import SIDES, WordParts, margin_id
from reportgen.writers.docx.relations import Relations
from reportgen.writers.docx.settings import settings_xml
from reportgen.writers.docx.styles import styles_xml
from reportgen.writers.docx.theme import theme_xml

__all__ = ["DocxFace", "write_docx"]


def write_docx(
    document: Document,
    hints: Hints,
    stream: BinaryIO,
    faces: Mapping[str, DocxFace],
    embedded: Mapping[str, EmbeddedFont] | None = None,
) -> None:
    """Write *document*, of whose layout *hints* tell, to *stream* as a DOCX file.

    Pictures are as large as on the pages, and lines end as they do there.
    *faces* maps each role that a style names (仿宋 …), and 西文 for digits and
    Latin, to the font Word shall use.  KeyError when a role or style is missing.
    *embedded* are the fonts to be carried along, by role.
    """
    embedded = embedded or {}
    faces = renamed(faces, embedded)
    carried = {f"rFont{number}": font for number, font in enumerate(embedded.values(), 1)}
    sheet = document.sheet
    names = word_names(sheet)
    geometry = Geometry(sheet)
    relations = Relations()
    headed = has_header(document)
    notes = Notes(document.findings, sheet.finding) if document.findings else None
    context = Context(sheet, hints, geometry, names, relations, notes)
    more = comment_styles_xml(sheet.finding) if notes else ""
    body = body_xml(document, context, headed=headed)
    date = document.metadata.date
    parts = WordParts(
        body=body,
        styles=styles_xml(sheet, geometry, names, faces, document.metadata.language, more),
        settings=settings_xml(document.metadata.language, embeds=bool(carried)),
        fonts=font_table_xml(
            sheet, faces, {font.family: (id_, font.key) for id_, font in carried.items()}
        ),
        theme=theme_xml(sheet, faces),
        footers=_footers(document, names),
        headers={
            margin_id("header", side): header_xml(side, document, names, faces)
            for side in SIDES
            if headed
        },
        relations=relations,
        metadata=document.metadata,
        embedded=carried,
        comments=comments_xml(notes.commented, date) if notes and notes.commented else b"",
    )
    save_package(parts, stream)


def _footers(document: Document, names: Mapping[str, WordName]) -> dict[str, bytes]:
    """Return the footers of upright pages and, if there are any, of landscape ones."""
    footers = {margin_id("footer", side): footer_xml(side, names) for side in SIDES}
    if any(stand_landscape(document.blocks)):
        for side in SIDES:
            footer = landscape_footer_xml(side, names, document.sheet)
            footers[margin_id("footer", side, landscape=True)] = footer
    return footers
