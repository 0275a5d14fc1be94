"""The parts of the package besides the pages (GB/T 33190-2016, 7.4 to 7.8 and chapter 20).

``OFD.xml`` describes the file and names its only document, ``Doc_0/Document.xml``, which lists
the pages, the outline and the other parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from msgspec import Struct, field

from reportgen.document.nodes import Attachment, Document, Metadata
from reportgen.layout.items import Destination, Page, Pagination
from reportgen.styles import PageGeometry
from reportgen.writers.ofd.elements import Element, add, lengths, number, root, serialise
from reportgen.writers.ofd.resources import (
    COLOUR_SPACE,
    DOCUMENT_RESOURCES,
    PUBLIC_RESOURCES,
)

FOLDER = "Doc_0"
"""The folder of the document; paths in its parts are relative to it unless stated otherwise."""
ROOT = "OFD.xml"
"""The path of the entry point in the package."""
DOCUMENT = "Document.xml"
ATTACHMENTS = "Attachs/Attachments.xml"
CREATOR = "reportgen"
OPEN_TO = 1
"""The lowest heading level whose entry in the outline is expanded when the file is opened."""
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = {".png", ".jpeg"}
"""The suffixes of files that are compressed already and therefore stored."""


class Package(Struct):
    """The parts of a file, by their paths in the folder of its document."""

    metadata: Metadata
    parts: dict[str, bytes] = field(default_factory=dict)

    def add(self, path: str, part: Element) -> None:
        """Add the part with the root *part* at *path*."""
        self.parts[path] = serialise(part)

    def save(self, stream: BinaryIO, files: Iterable[tuple[str, bytes]]) -> None:
        """Write the parts and the further *files*, each with its path, to *stream*.

        The entry point is the first entry.
        """
        identity = hashlib.sha256(b"\0".join(self.parts.values())).hexdigest()[:32]
        with ZipFile(stream, "w") as archive:
            _write(archive, ROOT, serialise(_file_part(self.metadata, identity)))
            for path, data in chain(self.parts.items(), files):
                _write(archive, f"{FOLDER}/{path}", data)


def _write(archive: ZipFile, path: str, data: bytes) -> None:
    entry = ZipInfo(path, _NO_DATE)
    entry.create_system = 0  # the same on every system
    entry.compress_type = ZIP_STORED if PurePath(path).suffix in _PACKED else ZIP_DEFLATED
    archive.writestr(entry, data)


def _file_part(metadata: Metadata, identity: str) -> Element:
    """Return the entry point ``OFD.xml`` (7.4) of the document described by *metadata*.

    *identity* is its identifier, 32 hexadecimal digits.  The dates are that of the report.
    """
    part = root("OFD", Version="1.0", DocType="OFD")
    body = add(part, "DocBody")
    info = add(body, "DocInfo")
    add(info, "DocID", identity)
    add(info, "Title", metadata.title)
    add(info, "Author", metadata.author)
    add(info, "Subject", metadata.subject)
    add(info, "CreationDate", metadata.date)
    add(info, "ModDate", metadata.date)
    if metadata.keywords:
        words = add(info, "Keywords")
        for word in metadata.keywords:
            add(words, "Keyword", word)
    add(info, "Creator", CREATOR)
    add(body, "DocRoot", f"{FOLDER}/{DOCUMENT}")
    return part


def document_part(
    document: Document,
    pagination: Pagination,
    keys: Sequence[int],
    last: int,
    parts: Collection[str],
) -> Element:
    """Return the part ``Document.xml`` (7.5) of *document*, whose pages have the *keys*.

    *last* is the greatest identifier of the file, *parts* are the paths of its other parts.
    """
    part = root("Document")
    common = add(part, "CommonData")
    add(common, "MaxUnitID", str(last))
    add_area(common, "PageArea", document.sheet.page)
    add(common, "PublicRes", PUBLIC_RESOURCES)
    if DOCUMENT_RESOURCES in parts:
        add(common, "DocumentRes", DOCUMENT_RESOURCES)
    add(common, "DefaultCS", str(COLOUR_SPACE))
    pages = add(part, "Pages")
    for key, page in zip(keys, pagination.pages, strict=True):
        add(pages, "Page", ID=key, BaseLoc=page_path(page))
    if pagination.destinations:
        _add_outline(part, pagination.destinations, keys)
    if ATTACHMENTS in parts:
        add(part, "Attachments", ATTACHMENTS)
    return part


def page_path(page: Page) -> str:
    """Return the path of the part of *page*."""
    return f"Pages/Page_{page.number - 1}/Content.xml"


def add_area(parent: Element, name: str, geometry: PageGeometry) -> None:
    """Append the page area *name* (CT_PageArea) for *geometry*: the sheet and the type area."""
    area = add(parent, name)
    add(area, "PhysicalBox", lengths(0, 0, geometry.width, geometry.height))
    inner = geometry.left, geometry.top, geometry.text_width, geometry.text_height
    add(area, "ContentBox", lengths(*inner))


def _add_outline(
    document: Element, destinations: Iterable[Destination], keys: Sequence[int]
) -> None:
    """Append the outline (7.8): the headings at *destinations*, nested by their levels."""
    above: list[tuple[int, Element]] = [(-1, add(document, "Outlines"))]
    for place in destinations:
        heading = place.heading
        while above[-1][0] >= heading.level:
            above.pop()
        expanded = "true" if heading.level <= OPEN_TO else "false"
        entry = add(above[-1][1], "OutlineElem", Title=heading.text, Expanded=expanded)
        above.append((heading.level, entry))
        action = add(add(entry, "Actions"), "Action", Event="CLICK")
        page, top = keys[place.page - 1], lengths(place.y)
        add(add(action, "Goto"), "Dest", Type="XYZ", PageID=page, Left=0, Top=top)


def _attachment_path(index: int, attachment: Attachment) -> str:
    """Return the path of the file of the *index*-th attachment."""
    suffix = PurePath(attachment.name).suffix
    return f"Attachs/attachment_{index}{suffix if suffix.isascii() else ''}"


def attachments_part(attachments: Iterable[Attachment], date: str) -> Element:
    """Return the part that lists *attachments* (chapter 20), which are dated *date*."""
    part = root("Attachments")
    for index, attachment in enumerate(attachments, 1):
        entry = add(
            part,
            "Attachment",
            ID=f"A{index}",
            Name=attachment.name,
            Format=PurePath(attachment.name).suffix[1:],
            CreationDate=f"{date}T00:00:00",
            Size=number(len(attachment.data) / 1024),  # in KB
        )
        add(entry, "FileLoc", f"/{FOLDER}/{_attachment_path(index, attachment)}")
    return part


def attachment_files(attachments: Iterable[Attachment]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of *attachments* with their paths."""
    for index, attachment in enumerate(attachments, 1):
        yield _attachment_path(index, attachment), attachment.data
