"""Document → DOCX (ECMA-376, WordprocessingML), on python-docx.

A document, the layout's hints and the names of fonts come in, a file goes out; equal
documents give equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from reportgen.document.nodes import Document
from reportgen.layout.items import Hints
from reportgen.writers.docx.document import save_package, word_document
from reportgen.writers.docx.fonts import (
    DocxFace,
    EmbeddedFont,
    embed_fonts,
    load_docx_faces,
    renamed,
)

__all__ = ["DocxFace", "EmbeddedFont", "embed_fonts", "load_docx_faces", "write_docx"]


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
    word = word_document(document, hints, renamed(faces, embedded), embedded)
    save_package(word.part.package, stream)
