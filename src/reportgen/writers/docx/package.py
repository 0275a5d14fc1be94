"""Which parts a DOCX has and how they refer to each other (ECMA-376 11.3).

Only what the document needs is there: nothing stale comes along from a template
(``stylesWithEffects``, a thumbnail, theme fonts, a time).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from reportgen.writers.docx.opc import Part, write_package
from reportgen.writers.docx.parts import WordParts
from reportgen.writers.docx.properties import app_xml, core_xml

OBFUSCATED_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_OFFICE}.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE_RELATION = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"


def save_package(parts: WordParts, stream: BinaryIO) -> None:
    """Write *parts* to *stream* as an OPC package.

    Pictures are stored as they were given, one at a time; everything else is deflated.
    """
    root = Part("")
    main = Part("word/document.xml", f"{_WORD}.document.main+xml", parts.body)
    app = Part("docProps/app.xml", f"{_OFFICE}.extended-properties+xml", app_xml())
    core = Part("docProps/core.xml", _CORE, core_xml(parts.metadata))
    root.refer("rDocument", f"{_RELATION}/officeDocument", main)
    root.refer("rApplication", f"{_RELATION}/extended-properties", app)
    root.refer("rCore", _CORE_RELATION, core)
    for address, link_id in parts.relations.links.items():
        main.link(link_id, f"{_RELATION}/hyperlink", address)
    found = [*_fixed(main, parts), *_margins(main, parts), *_pictures(main, parts)]
    write_package([root, main, app, core, *found], stream)


def _fixed(main: Part, parts: WordParts) -> Iterator[Part]:
    """Yield the parts that there is one of, and the fonts with their table."""
    fixed = [
        ("styles", "styles", f"{_WORD}.styles+xml", parts.styles),
        ("settings", "settings", f"{_WORD}.settings+xml", parts.settings),
        ("fontTable", "fontTable", f"{_WORD}.fontTable+xml", parts.fonts),
        ("theme/theme1", "theme", f"{_OFFICE}.theme+xml", parts.theme),
    ]
    if parts.comments:
        fixed.append(("comments", "comments", f"{_WORD}.comments+xml", parts.comments))
    for number, (name, relation, media_type, content) in enumerate(fixed, 1):
        part = Part(f"word/{name}.xml", media_type, content)
        main.refer(f"rPart{number}", f"{_RELATION}/{relation}", part)
        yield part
        if name == "fontTable":
            yield from _embedded(part, parts)


def _embedded(table: Part, parts: WordParts) -> Iterator[Part]:
    """Yield the fonts that the font *table* refers to (15.2.13)."""
    for number, (font_id, font) in enumerate(parts.embedded.items(), 1):
        part = Part(f"word/fonts/font{number}.odttf", OBFUSCATED_FONT, font.data)
        table.refer(font_id, f"{_RELATION}/font", part)
        yield part


def _margins(main: Part, parts: WordParts) -> Iterator[Part]:
    """Yield footers and headers."""
    for kind, margins in (("footer", parts.footers), ("header", parts.headers)):
        for number, (id_, content) in enumerate(margins.items(), 1):
            part = Part(f"word/{kind}{number}.xml", f"{_WORD}.{kind}+xml", content)
            main.refer(id_, f"{_RELATION}/{kind}", part)
            yield part


def _pictures(main: Part, parts: WordParts) -> Iterator[Part]:
    """Yield the pictures, none of which is opened here."""
    for number, (picture_id, figure) in enumerate(parts.relations.pictures.values(), 1):
        name = f"word/media/image{number}.{figure.kind}"
        part = Part(name, f"image/{figure.kind}", figure.picture.read, packed=True)
        main.refer(picture_id, f"{_RELATION}/image", part)
        yield part
