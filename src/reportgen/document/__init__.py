"""The document as a tree, free of any output format.

A report and its form come in; a :class:`~reportgen.document.nodes.Document` goes out: order,
numbering, wording and the spans of cells are settled.  Layout and writers see its nodes alone.
"""

from __future__ import annotations

from reportgen.document.compose import attach_data, attach_sources, attached_text, compose_document
from reportgen.document.draft import annotate

__all__ = [
    "annotate",
    "attach_data",
    "attach_sources",
    "attached_text",
    "compose_document",
]
