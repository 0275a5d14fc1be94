"""Document → python-docx's document: our template, filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
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

from reportgen.document.nodes import Document, Metadata
from reportgen.layout.items import Hints
from reportgen.writers.docx.body import fill_body
from reportgen.writers.docx.comments import Comments
from reportgen.writers.docx.elements import add, clean
from reportgen.writers.docx.fonts import DocxFace, EmbeddedFont, add_font_table, add_theme
from reportgen.writers.docx.geometry import Geometry
from reportgen.writers.docx.names import word_names
from reportgen.writers.docx.sections import section_properties
from reportgen.writers.docx.styles import set_styles
from reportgen.writers.docx.text import WordContext

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
