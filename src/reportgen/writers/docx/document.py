"""Conversion of the document tree to a python-docx document, and writing its package.

The python-docx document is opened from the template in this folder; styles, properties and body
(ECMA-376 17.2) are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import docx
from docx.document import Document as WordDocument
from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.pkgwriter import PackageWriter
from docx.opc.rel import Relationships

from reportgen.document.nodes import (
    Block,
    Document,
    FigureGroup,
    Heading,
    ItemList,
    Metadata,
    Paragraph,
    Signature,
    Table,
    stand_landscape,
)
from reportgen.layout.items import Hints
from reportgen.text import Run, unreachable
from reportgen.writers.docx.elements import Element, add, add_paragraph, clean
from reportgen.writers.docx.fonts import DocxFace, EmbeddedFont, add_font_table, add_theme
from reportgen.writers.docx.footnotes import add_footnotes, number_footnotes
from reportgen.writers.docx.geometry import Geometry, indents, word_names
from reportgen.writers.docx.numbering import AutoNumbers, add_item
from reportgen.writers.docx.pictures import add_pictures
from reportgen.writers.docx.sections import section_properties
from reportgen.writers.docx.styles import set_styles
from reportgen.writers.docx.tables import LEAST_LINE, add_separator, add_table, ends_in_table
from reportgen.writers.docx.text import (
    Comments,
    WordContext,
    add_gap,
    add_heading,
    add_runs,
    gap_above,
)

_TEMPLATE = Path(__file__).with_name("template")
_LONGEST_PROPERTY = 255
"""The most characters of a core property, in Word and in python-docx."""


def word_document(
    document: Document,
    hints: Hints,
    faces: Mapping[str, DocxFace],
    embedded: Mapping[str, EmbeddedFont],
    *,
    numbered: bool = False,
) -> WordDocument:
    """Return *document* as a python-docx document; the arguments are those of ``write_docx``.

    *numbered* is whether the word processor numbers headings and list items.
    """
    word = docx.Document(str(_TEMPLATE))
    sheet = document.sheet
    geometry, names = Geometry(sheet), word_names(sheet)
    set_styles(word, sheet, geometry, names, faces)
    add_font_table(word, sheet, faces, embedded)
    add_theme(word, sheet, faces)
    _set_properties(word, document.metadata)
    if embedded:
        _declare_embedded_fonts(word)
    comments = Comments(word, document.findings, sheet.finding, document.metadata.date)
    sections = section_properties(word, document, names, faces)
    fonts = {name: face.docx for name, face in faces.items()}
    numbers = AutoNumbers(word, sheet, names, faces) if numbered else None
    context = WordContext(word.part, sheet, geometry, names, hints, comments, fonts, numbers)
    if document.footnotes:
        for properties in sections.values():
            number_footnotes(properties)
    fill_body(word.element.body, document.blocks, sections, context)
    add_footnotes(word, document.footnotes, context)
    return word


def _set_properties(word: WordDocument, metadata: Metadata) -> None:
    """Set the core properties (ECMA-376 Part 2, 8).

    The author is the organ, the times are derived from the date of the report.
    """
    core = word.core_properties
    core.title, core.subject = _property(metadata.title), _property(metadata.subject)
    core.author = core.last_modified_by = _property(metadata.author)
    core.keywords = _property("；".join(metadata.keywords))
    core.language, core.revision = metadata.language, 1
    core.created = core.modified = datetime.fromisoformat(metadata.date)


def _property(value: str) -> str:
    return clean(value)[:_LONGEST_PROPERTY]


def _declare_embedded_fonts(word: WordDocument) -> None:
    """Add the settings for embedded fonts after ``w:zoom``, as CT_Settings requires."""
    settings = word.settings.element
    for number, name in enumerate(("embedTrueTypeFonts", "saveSubsetFonts"), 1):
        settings.insert(number, add(settings, name))


_NO_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = ("jpeg", "png")
"""The suffixes of parts that are compressed already and therefore stored."""


def save_package(package: OpcPackage, stream: BinaryIO) -> None:
    """Write *package* to *stream*, with a fixed order and fixed dates of the entries."""
    UndatedPackageWriter.write(stream, package.rels, package.parts)


class UndatedPackageWriter(PackageWriter):
    """A PackageWriter that writes the parts sorted by name, without the current time."""

    @staticmethod
    def write(pkg_file: BinaryIO, pkg_rels: Relationships, parts: Iterable[Part]) -> None:
        """Write a package of *parts* with the relationships *pkg_rels* to *pkg_file*."""
        ordered = sorted(parts, key=lambda part: part.partname)
        with ZipFile(pkg_file, "w") as archive:
            writer = _UndatedEntries(archive)
            steps: Any = PackageWriter  # its private methods have no type annotations
            steps._write_content_types_stream(writer, ordered)
            steps._write_pkg_rels(writer, pkg_rels)
            steps._write_parts(writer, ordered)


class _UndatedEntries:
    """Replacement for ``PhysPkgWriter`` of python-docx, which dates entries by the clock."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def write(self, pack_uri: PackURI, blob: bytes) -> None:
        """Add *blob* to the archive under the name *pack_uri*."""
        entry = ZipInfo(pack_uri.membername, _NO_DATE)
        entry.create_system = 0
        entry.compress_type = ZIP_STORED if pack_uri.ext in _PACKED else ZIP_DEFLATED
        self._archive.writestr(entry, blob)


def fill_body(
    body: Element, blocks: Sequence[Block], sections: Mapping[bool, Element], context: WordContext
) -> None:
    """Append *blocks* to *body*, with a section for each stretch of pages of one orientation.

    *sections* are the section properties by whether they are landscape.  Those of a section are
    in its last paragraph (17.6.18); those of the last section are the last child of *body*.
    """
    body.remove(body.sectPr)
    last = sections[False]
    for landscape, stretch in _stretches(blocks):
        if len(body):
            body[-1].set_sectPr(last.clone())
        last = sections[landscape]
        _add_blocks(body, stretch, context.turned() if landscape else context)
    body.append(last)


def _stretches(blocks: Sequence[Block]) -> list[tuple[bool, list[Block]]]:
    """Return *blocks* divided into stretches on portrait pages and on landscape pages.

    Each stretch comes with whether it is landscape.  A landscape table ends its stretch.
    """
    stretches: list[tuple[bool, list[Block]]] = []
    current: bool | None = None
    for block, landscape in zip(blocks, stand_landscape(blocks), strict=True):
        if landscape != current:
            stretches.append((landscape, []))
        stretches[-1][1].append(block)
        current = None if landscape and isinstance(block, Table) else landscape
    return stretches or [(False, [])]


def _add_blocks(body: Element, blocks: Sequence[Block], context: WordContext) -> None:
    """Append *blocks*, followed by a paragraph if they end in a table, which Word requires."""
    previous: Block | None = None
    for block, following in zip_longest(blocks, blocks[1:]):
        follows = isinstance(previous, Table | FigureGroup)
        if follows and isinstance(block, Table) and block.caption is None:
            add_separator(body, max(gap_above(block, context), LEAST_LINE))
        add_block(body, block, context, keep=isinstance(following, Signature))
        previous = block
    if not blocks or ends_in_table(body):
        add_separator(body, LEAST_LINE)


def add_block(body: Element, block: Block, context: WordContext, *, keep: bool) -> None:
    """Append *block* to *body*.

    With *keep*, text is kept on the page of the next block.  This is used before the 落款, which
    must not be alone on a page.
    """
    if isinstance(block, Paragraph):
        _add_text(body, block.style, block.runs, block, context, keep=keep)
    elif isinstance(block, Heading):
        paragraph, properties = add_paragraph(body, context.style_id(block.style))
        if block.on_new_page:
            add(properties, "pageBreakBefore")
        counted = context.numbers.add_heading(properties, block) if context.numbers else 0
        add_gap(properties, block, context)
        add_heading(paragraph, block, context, counted)
    elif isinstance(block, ItemList):
        _add_list(body, block, context, keep=keep)
    elif isinstance(block, Table):
        add_table(body, block, context)
    elif isinstance(block, FigureGroup):
        add_pictures(body, block, context)
    elif isinstance(block, Signature):
        _add_signature(body, block, context)
    else:
        unreachable(block)


def _add_text(
    body: Element,
    style: str,
    runs: tuple[Run, ...],
    node: Paragraph,
    context: WordContext,
    *,
    keep: bool,
    counted: int = 0,
    number: int = 0,
) -> None:
    """Append a paragraph; its first *counted* characters are the number in the list *number*."""
    paragraph, properties = add_paragraph(body, context.style_id(style))
    if keep or node in context.hints.introducing:
        add(properties, "keepNext")
    if number:
        add_item(properties, number)
    add_gap(properties, node, context)
    if hang := context.hints.hangs.get(node):
        own = context.sheet[style]
        add(properties, "ind", **indents(own, left=own.first_line + hang, hanging=hang))
    if node in context.hints.ragged:
        add(properties, "jc", val="left")
    add_runs(paragraph, style, runs, context, node, counted)


def _add_list(body: Element, items: ItemList, context: WordContext, *, keep: bool) -> None:
    """Append the items as paragraphs that begin with their marker.

    Unless the word processor is to number them, the markers are text, which looks the same in all
    of them and is kept when it is copied.
    """
    number = context.numbers.list_of(items) if context.numbers else 0
    for item in items.items:
        runs = (Run(item.marker), *item.paragraph.runs)
        held = keep and item is items.items[-1]
        counted = len(item.marker) if number else 0
        _add_text(
            body,
            items.style,
            runs,
            item.paragraph,
            context,
            keep=held,
            counted=counted,
            number=number,
        )


def _add_signature(body: Element, signature: Signature, context: WordContext) -> None:
    """Append the 落款 (GB/T 9704-2012 clause 7.3.5.2): a blank line, the organ, the date.

    They are kept on one page.  Their right indents come from the layout hints.
    """
    for line in (signature.organ, signature.date):
        style = context.sheet[line.style]
        paragraph, properties = add_paragraph(body, context.style_id(line.style))
        if line is signature.organ:
            add(properties, "keepNext")
            add(properties, "spacing", before=context.geometry.line)
        sides = {"right": context.hints.right_indents.get(line, style.right_indent)}
        if line in context.hints.centred:
            sides = {"left": context.hints.centred[line], **sides}
        add(properties, "ind", **indents(style, **sides))
        add(properties, "jc", val="center" if "left" in sides else "right")
        add_runs(paragraph, line.style, line.runs, context, line)
