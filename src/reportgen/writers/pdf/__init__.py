"""Laid-out pages to one PDF that is PDF/A (level A) and PDF/UA-1 as written.

:func:`write_pdf` needs no second pass: pages and pictures leave as they come,
fonts and the structure tree follow, cross references end the file.
"""

from __future__ import annotations

from typing import BinaryIO

from reportgen.document.nodes import Document
from reportgen.files import NO_CACHE, Cache
from reportgen.fonts import FontSet
from reportgen.layout.items import Page, Pagination
from reportgen.writers.pdf import profile as profiles
from reportgen.writers.pdf.content import Painter
from reportgen.writers.pdf.fonts import FontBook
from reportgen.writers.pdf.images import ImageStore
from reportgen.writers.pdf.links import LinkBook
from reportgen.writers.pdf.metadata import add_xmp, embed, info, output_intents
from reportgen.writers.pdf.objects import PdfFile, Token, name, ref, references
from reportgen.writers.pdf.outline import add_outline
from reportgen.writers.pdf.sheet import sheet_entries
from reportgen.writers.pdf.structure import StructureTree
from reportgen.writers.pdf.tagging import tag_document

PROFILES = tuple(profiles.PROFILES)
"""The names of the conformance levels: ``a-3a`` (the default), ``a-1a`` and ``a-2a``."""


def write_pdf(
    document: Document,
    pagination: Pagination,
    fonts: FontSet,
    stream: BinaryIO,
    *,
    profile: str = "a-3a",
    cache: Cache = NO_CACHE,
) -> None:
    """Write the pages of *document* to *stream* as PDF/A of *profile* and PDF/UA-1.

    Equal input gives equal bytes.  Attachments are written only in ``a-3a``; the
    other levels forbid them.  ``pagination`` must show the nodes of *document*
    themselves, not copies.  Subsets of shipped fonts are kept in *cache*.  Raises KeyError for
    an unknown *profile*.
    """
    level = profiles.PROFILES[profile]
    file = PdfFile(stream, level.version)
    root, index = tag_document(document, level)
    tree = StructureTree(root)
    links = LinkBook(file, tree)
    book = FontBook(fonts)
    painter = Painter(book, ImageStore(file, level), links, tree, index)
    tree_number = file.reserve()
    font_number = file.reserve()
    numbers = [file.reserve() for _ in pagination.pages]
    for page, number in zip(pagination.pages, numbers, strict=True):
        _add_page(file, painter, page, number, tree_number, font_number)
    file.add(
        {"Type": name("Pages"), "Count": len(numbers), "Kids": references(numbers)}, tree_number
    )
    book.write(file, font_number, level, cache)
    links.write()
    catalog: dict[str, Token] = {
        "Type": name("Catalog"),
        "Pages": ref(tree_number),
        "Lang": document.metadata.language,
        "MarkInfo": {"Marked": True},
        "ViewerPreferences": {"DisplayDocTitle": True},
        "StructTreeRoot": ref(tree.write(file)),
        "Metadata": ref(add_xmp(file, document.metadata, level)),
        "OutputIntents": output_intents(file),
    }
    outline = add_outline(file, pagination.destinations, pagination.pages, numbers)
    if outline is not None:
        catalog["Outlines"] = ref(outline)
    if level.attachments:
        catalog.update(embed(file, document.attachments, document.metadata))
    file.finish(file.add(catalog), file.add(info(document.metadata)))


def _add_page(
    file: PdfFile, painter: Painter, page: Page, number: int, parent: int, fonts: int
) -> None:
    key = painter.tree.open_page(number)
    content = painter.paint(page, number)
    resources: dict[str, Token] = {"Font": ref(fonts)}
    if content.images:
        resources["XObject"] = {resource: ref(image) for resource, image in content.images.items()}
    entries: dict[str, Token] = {
        "Type": name("Page"),
        "Parent": ref(parent),
        **sheet_entries(page),
        "Resources": resources,
        "Contents": ref(file.add_flate({}, content.data)),
        "StructParents": key,
        "Tabs": name("S"),
    }
    annotations = painter.links.on_page(number)
    if annotations:
        entries["Annots"] = references(annotations)
    file.add(entries, number)
