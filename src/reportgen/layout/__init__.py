"""Layout: from a document and fonts to pages of positioned items.

:func:`break_titles` decides where a long title is broken, and :func:`fit_tables` how wide the
columns of a table are and how large its type is, and :func:`draw_charts` draws, for every output.
:func:`place_document` returns the boxes of each page.  :func:`paint_pages` converts them to the
items of the PDF, and :func:`word_hints` to hints for the DOCX.  Items and hints are defined in
:mod:`reportgen.layout.items`.
"""

from __future__ import annotations

from reportgen.layout.boxes import Flow, place_document
from reportgen.layout.drawings import draw_charts
from reportgen.layout.fitting import break_titles, find_wide_tables, fit_tables
from reportgen.layout.hints import word_hints
from reportgen.layout.pages import paint_pages

__all__ = [
    "Flow",
    "break_titles",
    "draw_charts",
    "find_wide_tables",
    "fit_tables",
    "paint_pages",
    "place_document",
    "word_hints",
]
