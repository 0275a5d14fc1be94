"""Metadata of the file: XMP and Info, output intent, attachments, PDF/A profiles.

See ISO 19005-1, 6.7 (XMP and Info must agree) and 6.2.2; ISO 14289-1, 5; ISO 19005-3, 6.8;
ISO 19005-4, 6.7.3 and 6.9; ISO 14289-2, 5; PDF Declarations 1.0 and Well-Tagged PDF 1.0.
All dates are the date of the report at midnight, Chinese time; the clock is not used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape  # xml.sax.saxutils would load urllib, http and ssl
from pathlib import Path
from string import Template

from msgspec import Struct
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFString, PDFText

from reportgen.document.nodes import Attachment, Metadata
from reportgen.writers.pdf.canvas import FileWriter, Stream, TaggedCanvas, name

PRODUCER = "reportgen"
_INTENT = "sRGB IEC61966-2.1"
_FOLDER = Path(__file__).parent
_XMP = _FOLDER / "xmp.xml"
_CLAIMS = {False: _FOLDER / "claims_1.xml", True: _FOLDER / "claims_2.xml"}
"""The standards that a file claims, by whether it is PDF 2.0."""
_SRGB = _FOLDER / "srgb.icc"
_BYTE_ORDER_MARK = "\ufeff"
_NO_XML = dict.fromkeys(range(32), " ")


def describe_file(canvas: TaggedCanvas, metadata: Metadata, profile: Profile) -> None:
    """Fill in the document information dictionary (ISO 32000-1, 14.3.3) and the catalog (7.7.2).

    A file of PDF 2.0 has no document information dictionary (ISO 19005-4, 6.1.3).
    """
    canvas.setTitle(metadata.title)
    canvas.setAuthor(metadata.author)
    canvas.setSubject(metadata.subject)
    canvas.setKeywords(_keywords(metadata))
    canvas.setCreator(PRODUCER)
    canvas.setProducer(PRODUCER)
    canvas.setDateFormatter(lambda *_: pdf_date(metadata))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setCatalogEntry("MarkInfo", {"Marked": "true"})
    # Not compressed, because programs that do not know PDF must find it (ISO 19005-1, 6.7.2).
    entries = {"Type": name("Metadata"), "Subtype": name("XML")}
    packet = canvas.file.write(Stream(entries, xmp(metadata, profile), encoded=True))
    canvas.setCatalogEntry("Metadata", packet)
    canvas.setCatalogEntry("OutputIntents", [_output_intent(canvas.file)])


def xmp(metadata: Metadata, profile: Profile) -> bytes:
    """Return the XMP packet; the extension schema is declared before it is used."""
    claims = Template(_CLAIMS[profile.pdf_2].read_text(encoding="utf-8"))
    frame = Template(_XMP.read_text(encoding="utf-8"))
    packet = frame.substitute(
        mark=_BYTE_ORDER_MARK,
        claims=claims.substitute(part=profile.part),
        title=_xml_text(metadata.title),
        author=_xml_text(metadata.author),
        subject=_xml_text(metadata.subject),
        language=_xml_text(metadata.language),
        keywords=_xml_text(_keywords(metadata)),
        producer=PRODUCER,
        when=f"{metadata.date}T00:00:00+08:00",
    )
    return packet.encode()


def pdf_date(metadata: Metadata) -> str:
    """Return the date of the document as a PDF date (ISO 32000-1, 7.9.4)."""
    return f"D:{metadata.date.replace('-', '')}000000+08'00'"


def _output_intent(file: FileWriter) -> PDFDictionary:
    """Write the sRGB profile and return the output intent (ISO 19005-1, 6.2.2)."""
    return PDFDictionary(
        {
            "Type": name("OutputIntent"),
            "S": name("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString(_INTENT),
            "Info": PDFString(_INTENT),
            "DestOutputProfile": file.write(Stream({"N": 3}, _SRGB.read_bytes())),
        }
    )


def embed(canvas: TaggedCanvas, attachments: Sequence[Attachment], metadata: Metadata) -> None:
    """Write *attachments* as associated files, and enter them in the catalog."""
    if not attachments:
        return
    found = {item.name: _specification(canvas.file, item, metadata) for item in attachments}
    names: list[object] = []
    for key in sorted(found, key=lambda shown: shown.encode("utf-16-be")):
        names += [PDFString(key), found[key]]
    canvas.setCatalogEntry("AF", list(found.values()))
    tree = PDFDictionary({"Names": PDFArray(names)})
    canvas.setCatalogEntry("Names", {"EmbeddedFiles": tree})


def _specification(file: FileWriter, attachment: Attachment, metadata: Metadata) -> object:
    """Write the file and its file specification (7.11.3); return a reference to the latter."""
    data = attachment.data
    parameters = {
        "Size": len(data),
        "ModDate": PDFString(pdf_date(metadata)),
        "CheckSum": PDFText(hashlib.md5(data, usedforsecurity=False).digest()),
    }
    entries = {
        "Type": name("EmbeddedFile"),
        "Subtype": name(attachment.media_type),
        "Params": PDFDictionary(parameters),
    }
    stream = file.write(Stream(entries, data))
    specification = {
        "Type": name("Filespec"),
        "F": PDFString(attachment.name),
        "UF": PDFString(attachment.name),
        "Desc": PDFString(attachment.description),
        "AFRelationship": name("Source"),
        "EF": PDFDictionary({"F": stream, "UF": stream}),
    }
    return file.write(PDFDictionary(specification))


def _keywords(metadata: Metadata) -> str:
    return ", ".join(metadata.keywords)


def _xml_text(value: str) -> str:
    """Return *value* escaped for XML; control characters become spaces."""
    return escape(value.translate(_NO_XML), quote=False)


class Profile(Struct, frozen=True):
    """A PDF/A profile."""

    part: int
    """The part of ISO 19005."""
    version: tuple[int, int]
    """The PDF version that the part is based on."""
    attachments: bool
    """Whether files may be embedded."""

    @property
    def pdf_2(self) -> bool:
        """Whether the file is PDF 2.0, which claims PDF/UA-2 and Well-Tagged PDF, not PDF/UA-1."""
        return self.version >= (2, 0)

    @property
    def cid_set(self) -> bool:
        """Whether a font subset must list its CIDs (ISO 19005-1, 6.3.5)."""
        return self.part == 1

    @property
    def table_summary(self) -> bool:
        """Whether tables may have a summary (PDF 1.7)."""
        return self.version >= (1, 7)


LEVELS = {
    "a-3a": Profile(3, (1, 7), attachments=True),
    "a-1a": Profile(1, (1, 4), attachments=False),
    "a-2a": Profile(2, (1, 7), attachments=False),
    "a-4f": Profile(4, (2, 0), attachments=True),
}
