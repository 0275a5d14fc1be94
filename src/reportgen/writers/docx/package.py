"""The wall to python-docx: parts → a package with its relationships → deterministic bytes.

The package starts empty, not from python-docx's own template, so nothing
stale comes along (``stylesWithEffects``, a thumbnail, theme fonts, a time).
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

from reportgen.doctree.nodes import Metadata
from reportgen.writers.docx.parts import WordParts, relation_id
from reportgen.writers.docx.relations import Relations
from reportgen.writers.docx.settings import app_xml

OBFUSCATED_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MEDIA_TYPES = {"png": CONTENT_TYPE.PNG, "jpeg": CONTENT_TYPE.JPEG}


def save_package(parts: WordParts, stream: BinaryIO) -> None:
    """Write *parts* to *stream* as an OPC package (ECMA-376 Part 2).

    Entries are in a fixed order with fixed dates; pictures are stored as they
    were given, everything else is deflated.
    """
    package = Package()
    main = _part(package, "/word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN, parts.body)
    package.load_rel(RELATIONSHIP_TYPE.OFFICE_DOCUMENT, main, "rDocument")
    app = _part(package, "/docProps/app.xml", CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, app_xml())
    package.load_rel(RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, app, "rApplication")
    _relate_parts(package, main, parts)
    pictures = _relate_pictures(package, main, parts.relations)
    _describe(package, parts.metadata)
    saved = BytesIO()
    package.save(saved)
    _rewrite(saved, stream, pictures)


def _part(package: Package, name: str, content_type: str, blob: bytes) -> Part:
    return Part(PackURI(name), content_type, blob, package)


def _relate_parts(package: Package, main: Part, parts: WordParts) -> None:
    types, relations = CONTENT_TYPE, RELATIONSHIP_TYPE
    fixed = [
        ("styles", types.WML_STYLES, relations.STYLES, parts.styles),
        ("settings", types.WML_SETTINGS, relations.SETTINGS, parts.settings),
        ("fontTable", types.WML_FONT_TABLE, relations.FONT_TABLE, parts.fonts),
        ("theme/theme1", types.OFC_THEME, relations.THEME, parts.theme),
    ]
    if parts.comments:
        fixed.append(("comments", types.WML_COMMENTS, relations.COMMENTS, parts.comments))
    for number, (name, content_type, relation, blob) in enumerate(fixed, 1):
        part = _part(package, f"/word/{name}.xml", content_type, blob)
        main.load_rel(relation, part, f"rPart{number}")
        if relation == relations.FONT_TABLE:
            _relate_fonts(package, part, parts)
    for kind, content_type, relation, sides in (
        ("footer", types.WML_FOOTER, relations.FOOTER, parts.footers),
        ("header", types.WML_HEADER, relations.HEADER, parts.headers),
    ):
        for number, (side, blob) in enumerate(sides.items(), 1):
            part = _part(package, f"/word/{kind}{number}.xml", content_type, blob)
            main.load_rel(relation, part, relation_id(kind, side))


def _relate_fonts(package: Package, table: Part, parts: WordParts) -> None:
    """Relate the embedded fonts to the font *table* (ECMA-376 15.2.13)."""
    for number, (font_id, font) in enumerate(parts.embedded.items(), 1):
        part = _part(package, f"/word/fonts/font{number}.odttf", OBFUSCATED_FONT, font.data)
        table.load_rel(RELATIONSHIP_TYPE.FONT, part, font_id)


def _relate_pictures(package: Package, main: Part, relations: Relations) -> dict[str, bytes]:
    """Relate links and pictures; return the pictures' bytes by their names in the package.

    The parts themselves stay empty here, so that python-docx does not deflate
    what :func:`_rewrite` stores.
    """
    for address, link_id in relations.links.items():
        main.load_rel(RELATIONSHIP_TYPE.HYPERLINK, address, link_id, is_external=True)
    contents = {}
    for number, (picture_id, figure) in enumerate(relations.pictures.values(), 1):
        name = f"word/media/image{number}.{figure.kind}"
        part = _part(package, f"/{name}", _MEDIA_TYPES[figure.kind], b"")
        main.load_rel(RELATIONSHIP_TYPE.IMAGE, part, picture_id)
        contents[name] = figure.data
    return contents


def _describe(package: Package, metadata: Metadata) -> None:
    """Fill in the core properties (Part 2, 8): author is the organ, time the report’s."""
    core = package.core_properties
    date = datetime.fromisoformat(metadata.date)
    core.title, core.subject, core.author = metadata.title, metadata.subject, metadata.author
    core.keywords = "；".join(metadata.keywords)
    core.language, core.last_modified_by = metadata.language, metadata.author
    core.created = core.modified = date
    core.revision = 1


def _rewrite(saved: BytesIO, stream: BinaryIO, pictures: dict[str, bytes]) -> None:
    """Copy the package *saved* to *stream*, entry by entry, with the *pictures* put in."""
    with ZipFile(saved) as source, ZipFile(stream, "w") as target:
        for name in sorted(source.namelist(), key=_entry_order):
            info = ZipInfo(name, _EPOCH)
            info.create_system = 0
            info.compress_type = ZIP_STORED if name in pictures else ZIP_DEFLATED
            target.writestr(info, pictures[name] if name in pictures else source.read(name))


def _entry_order(name: str) -> tuple[int, str]:
    first = ("[Content_Types].xml", "_rels/.rels")
    return (first.index(name) if name in first else len(first), name)
