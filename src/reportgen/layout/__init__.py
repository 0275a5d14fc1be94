"""From a document to pages of positioned items.

A document and fonts come in.  :func:`break_titles` settles where its title is broken, for every
output.  :func:`place_document` returns the boxes of each page;
:func:`paint_pages` turns them into items for the PDF, :func:`word_hints` into what a word
processor must be told.  The items themselves are :mod:`reportgen.layout.items`.
"""

from __future__ import annotations

from reportgen.layout.boxes import Flow, place_document
from reportgen.layout.hints import word_hints
from reportgen.layout.pages import paint_pages
from reportgen.layout.titles import break_titles

__all__ = [
    "Flow",
    "break_titles",
    "paint_pages",
    "place_document",
    "word_hints",
]
