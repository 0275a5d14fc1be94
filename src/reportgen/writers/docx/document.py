"""Document → python-docx's document: our template, filled in.

The body has the blocks in their order and their sections (ECMA-376 17.2).
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
from reportgen.writers.docx.geometry import Geometry, indents, word_names
from reportgen.writers.docx.pictures import add_pictures
from reportgen.writers.docx.sections import section_properties
from reportgen.writers.docx.styles import set_styles
from reportgen.writers.docx.tables import LEAST_LINE, add_separator, add_table, ends_in_table
from reportgen.writers.docx.text import Comments, WordContext, add_gap, add_heading, add_runs

_TEMPLATE = Path(__file__).with_name("template")
_LONGEST_PROPERTY = 255
"""Characters, in Word as in python-docx."""


def word_document(
    document: Document,
    hints: Hints,
    faces: Mapping[str, DocxFace],
    embedded: Mapping[str, EmbeddedFont],
) -> WordDocument:
    """Return *document* as a document of python-docx; the arguments are those of ``write_docx``."""
    word = docx.Document(str(_TEMPLATE))
    sheet = document.sheet
    geometry, names = Geometry(sheet), word_names(sheet)
    set_styles(word, sheet, geometry, names, faces)
    add_font_table(word, sheet, faces, embedded)
    add_theme(word, sheet, faces)
    _set_properties(word, document.metadata)
    if embedded:
        _say_that_fonts_are_embedded(word)
    comments = Comments(word, document.findings, sheet.finding, document.metadata.date)
    sections = section_properties(word, document, names, faces)
    context = WordContext(word.part, sheet, geometry, names, hints, comments)
    fill_body(word.element.body, document.blocks, sections, context)
    return word


def _set_properties(word: WordDocument, metadata: Metadata) -> None:
    """Set the core properties (ECMA-376 Part 2, 8): author is the organ, time the report’s."""
    core = word.core_properties
    core.title, core.subject = _property(metadata.title), _property(metadata.subject)
    core.author = core.last_modified_by = _property(metadata.author)
    core.keywords = _property("；".join(metadata.keywords))
    core.language, core.revision = metadata.language, 1
    core.created = core.modified = datetime.fromisoformat(metadata.date)


def _property(value: str) -> str:
    return clean(value)[:_LONGEST_PROPERTY]


def _say_that_fonts_are_embedded(word: WordDocument) -> None:
    settings = word.settings.element
    for number, name in enumerate(("embedTrueTypeFonts", "saveSubsetFonts"), 1):
        settings.insert(number, add(settings, name))  # behind w:zoom, as CT_Settings has it


_NO_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = ("jpeg", "png")
"""Extensions of what is compressed already, and stored as it is."""


def save_package(package: OpcPackage, stream: BinaryIO) -> None:
    """Write *package* to *stream*."""
    UndatedPackageWriter.write(stream, package.rels, package.parts)


class UndatedPackageWriter(PackageWriter):
    """Writes the parts sorted by name, without dates."""

    @staticmethod
    def write(pkg_file: BinaryIO, pkg_rels: Relationships, parts: Iterable[Part]) -> None:
        """Write a package of *parts*, to some of which *pkg_rels* lead, to *pkg_file*."""
        ordered = sorted(parts, key=lambda part: part.partname)
        with ZipFile(pkg_file, "w") as archive:
            writer = _UndatedEntries(archive)
            steps: Any = PackageWriter  # which has no types for them
            steps._write_content_types_stream(writer, ordered)
            steps._write_pkg_rels(writer, pkg_rels)
            steps._write_parts(writer, ordered)


class _UndatedEntries:
    """Stands in for python-docx's ``PhysPkgWriter``, which dates entries by the clock."""

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
    """Append *blocks*, each stretch of pages of one direction as a section of its own.

    The last paragraph of a section holds its properties (17.6.18); the last section's are
    the last child of *body*.
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
    """Return *blocks* in stretches on upright pages and on landscape ones, a table each."""
    stretches: list[tuple[bool, list[Block]]] = []
    current: bool | None = None
    for block, landscape in zip(blocks, stand_landscape(blocks), strict=True):
        if landscape != current:
            stretches.append((landscape, []))
        stretches[-1][1].append(block)
        current = None if landscape and isinstance(block, Table) else landscape
    return stretches or [(False, [])]


def _add_blocks(body: Element, blocks: Sequence[Block], context: WordContext) -> None:
    """Append *blocks*, the last thing a paragraph: Word wants one."""
    previous: Block | None = None
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, Table) and isinstance(previous, Table | FigureGroup):
            add_separator(body, context.geometry.line // 2)
        add_block(body, block, context, keep=isinstance(following, Signature))
        previous = block
    if not blocks or ends_in_table(body):
        add_separator(body, LEAST_LINE)


def add_block(body: Element, block: Block, context: WordContext, *, keep: bool) -> None:
    """Append *block*.

    Text before the 落款 *keep*s with it, so that no page holds the 落款 alone.
    """
    if isinstance(block, Paragraph):
        _add_text(body, block.style, block.runs, block, context, keep=keep)
    elif isinstance(block, Heading):
        paragraph, properties = add_paragraph(body, context.style_id(block.style))
        if block.on_new_page:
            add(properties, "pageBreakBefore")
        add_gap(properties, block, context)
        add_heading(paragraph, block, context)
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
) -> None:
    paragraph, properties = add_paragraph(body, context.style_id(style))
    if keep:
        add(properties, "keepNext")
    add_gap(properties, node, context)
    add_runs(paragraph, style, runs, context, node)


def _add_list(body: Element, items: ItemList, context: WordContext, *, keep: bool) -> None:
    """Append the items as paragraphs that begin with their marker.

    The markers are text, not Word numbering: in a 公文 they must read the
    same in Word, WPS and LibreOffice, and survive copying.
    """
    for item in items.items:
        runs = (Run(item.marker), *item.paragraph.runs)
        held = keep and item is items.items[-1]
        _add_text(body, items.style, runs, item.paragraph, context, keep=held)


def _add_signature(body: Element, signature: Signature, context: WordContext) -> None:
    """Append the 落款 (GB/T 9704-2012 clause 7.3.5.2): a blank line, the organ, the date.

    They are never parted, and end where the layout says.
    """
    for line in (signature.organ, signature.date):
        style = context.sheet[line.style]
        paragraph, properties = add_paragraph(body, context.style_id(line.style))
        if line is signature.organ:
            add(properties, "keepNext")
            add(properties, "spacing", before=context.geometry.line)
        right = context.hints.right_indents.get(line, style.right_indent)
        add(properties, "ind", **indents(style, right=right))
        add(properties, "jc", val="right")
        add_runs(paragraph, line.style, line.runs, context, line)
