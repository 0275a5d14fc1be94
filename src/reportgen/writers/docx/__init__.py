"""The DOCX writer (ECMA-376, WordprocessingML), based on python-docx.

:func:`write_docx` takes a document, the layout hints and the fonts by role, and writes the file.
Equal documents give equal bytes.
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
    characters_by_font,
    embed_fonts,
    load_docx_faces,
    renamed,
)

__all__ = [
    "DocxFace",
    "EmbeddedFont",
    "characters_by_font",
    "embed_fonts",
    "load_docx_faces",
    "write_docx",
]


def write_docx(
    document: Document,
    hints: Hints,
    stream: BinaryIO,
    faces: Mapping[str, DocxFace],
    embedded: Mapping[str, EmbeddedFont] | None = None,
    numbering: str = "typed",
) -> None:
    """Write *document* to *stream* as a DOCX file.

    With the layout *hints*, pictures have the same sizes and lines the same breaks as on the
    pages.  *faces* maps each role that a style names (仿宋 …), and 西文 for Latin letters and
    digits, to the font that Word uses.  *embedded* are the fonts to embed, by role.
    With the *numbering* ``auto`` the word processor numbers headings and list items.
    Raises KeyError if a role or a style is missing.
    """
    embedded = embedded or {}
    word = word_document(
        document, hints, renamed(faces, embedded), embedded, numbered=numbering == "auto"
    )
    save_package(word.part.package, stream)
