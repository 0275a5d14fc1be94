"""The PDF writer: laid-out pages to a PDF that conforms to PDF/A and PDF/UA.

reportlab makes the file; :mod:`.canvas` lists what is changed about it.  This package adds fonts
cut and measured by HarfBuzz, the structure tree, and the requirements of PDF/A.
:func:`write_pdf` works in a single pass: pages and pictures are written as they are painted, then
the fonts and the structure tree.
"""

from __future__ import annotations

from typing import BinaryIO

from reportgen.document.nodes import Document
from reportgen.fonts import FontSet
from reportgen.layout.items import Pagination
from reportgen.writers.pdf.canvas import TaggedCanvas
from reportgen.writers.pdf.content import ImageStore, Painter
from reportgen.writers.pdf.fonts import FontBook
from reportgen.writers.pdf.links import LinkBook, Outline
from reportgen.writers.pdf.metadata import LEVELS, describe_file, embed
from reportgen.writers.pdf.tagging import StructureTree, tag_document

__all__ = ["PROFILES", "write_pdf"]

PROFILES = tuple(LEVELS)
"""The names of the PDF/A profiles: ``a-3a`` (the default), ``a-1a``, ``a-2a`` and ``a-4f``."""


def write_pdf(
    document: Document,
    pagination: Pagination,
    fonts: FontSet,
    stream: BinaryIO,
    *,
    profile: str = "a-3a",
    signature_field: bool = False,
) -> None:
    """Write the pages of *document* to *stream* as PDF/A of *profile* and PDF/UA.

    The profiles of PDF/A-1 to 3 are at level A and conform to PDF/UA-1; ``a-4f`` is PDF 2.0 and
    conforms to PDF/UA-2 and Well-Tagged PDF.  Equal input gives equal bytes.  Attachments are
    written only with ``a-3a`` and ``a-4f``, because the other profiles forbid them; ``a-4f``
    requires one.  With *signature_field* there is an empty signature field over the 落款, if the
    document has one.  The items of *pagination* must refer to the nodes of *document*
    themselves, not to copies.  Raises KeyError for an unknown *profile*.
    """
    level = LEVELS[profile]
    canvas = TaggedCanvas(stream, level.version, document.metadata.language)
    # The elements of the structure tree exist before the pages, which add content to them.
    seal = pagination.seal if signature_field else None
    top, index = tag_document(document, level, seal.signature if seal else None)
    tree = StructureTree(top, pdf_2=level.pdf_2)
    book = FontBook(fonts)
    outline = Outline(pagination.destinations, index)
    links = LinkBook(canvas, tree)
    painter = Painter(canvas, book, ImageStore(canvas), links, outline, tree, index, seal)
    for page in pagination.pages:
        painter.paint(page)
    # The characters used by the pages are known only now.
    book.write(canvas.file, level)
    describe_file(canvas, document.metadata, level)
    if level.attachments:
        embed(canvas, document.attachments, document.metadata)
    canvas.setCatalogEntry("StructTreeRoot", tree)
    canvas.save()
