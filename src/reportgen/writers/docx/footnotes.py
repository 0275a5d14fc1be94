"""Footnotes of a DOCX (ECMA-376 17.11), numbered by the word processor.

A clerk can add, move and delete them there, and the numbers follow.  The rule above them takes as
much room as on the pages of the layout.
"""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import OxmlElement
from msgspec.structs import replace

from reportgen.document.nodes import ListItem
from reportgen.styles import NOTE_SPACE, twips
from reportgen.text import Run
from reportgen.writers.docx.elements import Element, add, add_paragraph
from reportgen.writers.docx.fonts import relate
from reportgen.writers.docx.text import WordContext, add_runs

_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}
_CIRCLED = "decimalEnclosedCircle"
_NAME = "footnote reference"
"""The name of the style of marks in the template."""


def add_footnotes(word: WordDocument, items: Sequence[ListItem], context: WordContext) -> None:
    """Add *items*, the footnotes by number from 1, to *word*; without any, delete their style."""
    if not items:
        word.styles[_NAME].delete()
        return
    root = OxmlElement("w:footnotes", nsdecls={prefix: nsmap[prefix] for prefix in "wr"})
    part = relate(word, "footnotes", CT.WML_FOOTNOTES, RT.FOOTNOTES, root)
    _declare(word.settings.element)
    style = context.style_id(items[0].paragraph.style)
    for number, kind in _SEPARATORS.items():
        note = add(root, "footnote", type=kind, id=number)
        paragraph, properties = add_paragraph(note, style)
        add(properties, "spacing", line=twips(NOTE_SPACE), lineRule="exact")
        add(properties, "ind", firstLineChars=0, firstLine=0)
        add(add(paragraph, "r"), kind)
    inside = replace(context, part=part, comments=context.comments.without_comments())
    for number, item in enumerate(items, 1):
        _add_footnote(add(root, "footnote", id=number), item, inside)


def _add_footnote(note: Element, item: ListItem, context: WordContext) -> None:
    paragraph, properties = add_paragraph(note, context.style_id(item.paragraph.style))
    if item.paragraph in context.hints.ragged:
        add(properties, "jc", val="left")
    runs = (Run(item.marker), *item.paragraph.runs)
    add_runs(paragraph, item.paragraph.style, runs, context, item.paragraph)
    marker = paragraph.find(qn("w:r"))
    marker.remove(marker.find(qn("w:t")))
    add(marker, "footnoteRef")


def number_footnotes(properties: Element) -> None:
    """Add to a ``w:sectPr`` without any that its footnotes are numbered ①, ② …  (17.11.11)."""
    notes = OxmlElement("w:footnotePr")
    add(notes, "numFmt", val=_CIRCLED)
    properties.find(qn("w:pgSz")).addprevious(notes)


def _declare(settings: Element) -> None:
    """Add the separators to the settings before ``w:compat``, as CT_Settings requires."""
    notes = OxmlElement("w:footnotePr")
    add(notes, "numFmt", val=_CIRCLED)
    for number in _SEPARATORS:
        add(notes, "footnote", id=number)
    settings.find(qn("w:compat")).addprevious(notes)
