"""The document tree, independent of any output format.

:func:`compose_document` turns a report and its form into a
:class:`~reportgen.document.nodes.Document`, in which order, numbering, wording and the spans of
cells are resolved.  Layout and writers depend only on its nodes.
"""

from __future__ import annotations

from reportgen.document.compose import attach_data, attach_sources, attached_text, compose_document
from reportgen.document.draft import PAGE_TITLE, WATERMARK, annotate

__all__ = [
    "PAGE_TITLE",
    "WATERMARK",
    "annotate",
    "attach_data",
    "attach_sources",
    "attached_text",
    "compose_document",
]
