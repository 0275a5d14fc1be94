"""The OFD writer: laid-out pages to a file of GB/T 33190-2016, 版式文档.

The pages have the same items as those of the PDF.  Their texts are text objects with a position
for each character, in subsets of the fonts; headings are in the outline, addresses are links.
The parts are made with lxml and put in a ZIP file with a fixed order and fixed dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from typing import BinaryIO

from reportgen.document.nodes import Attachment, Document
from reportgen.fonts import FontSet
from reportgen.layout.items import Pagination
from reportgen.writers.ofd.content import ObjectPainter
from reportgen.writers.ofd.package import (
    ATTACHMENTS,
    DOCUMENT,
    Package,
    attachment_files,
    attachments_part,
    document_part,
    page_path,
)
from reportgen.writers.ofd.resources import (
    COLOUR_SPACE,
    DOCUMENT_RESOURCES,
    PUBLIC_RESOURCES,
    collect,
)

__all__ = ["write_ofd"]


def write_ofd(
    document: Document,
    pagination: Pagination,
    fonts: FontSet,
    stream: BinaryIO,
    *,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Write the pages of *document* to *stream* as an OFD file, with *attachments*.

    Equal input gives equal bytes.
    """
    keys = count(COLOUR_SPACE + 1)
    resources = collect(pagination, fonts, keys)
    page_keys = [next(keys) for _ in pagination.pages]
    package = Package(document.metadata)
    package.add(PUBLIC_RESOURCES, resources.public())
    if resources.pictures:
        package.add(DOCUMENT_RESOURCES, resources.of_document())
    painter = ObjectPainter(resources, document.sheet, keys)
    for page in pagination.pages:
        package.add(page_path(page), painter.part(page))
    if attachments:
        package.add(ATTACHMENTS, attachments_part(attachments, document.metadata.date))
    last = next(keys) - 1
    package.add(DOCUMENT, document_part(document, pagination, page_keys, last, package.parts))
    package.save(stream, chain(resources.files(), attachment_files(attachments)))
