"""What the file says about itself: XMP and Info, output intent, attachments.

ISO 19005-1, 6.7 (the two must agree) and 6.2.2; ISO 14289-1, 5; ISO 19005-3, 6.8.
Dates come from the report, at midnight Chinese time; nothing asks the clock.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from functools import lru_cache

from reportgen.document.nodes import Attachment, Metadata
from reportgen.writers.pdf.objects import PdfFile, Token, hexadecimal, name, ref, references
from reportgen.writers.pdf.profile import Profile

PRODUCER = "reportgen"
_INTENT = "sRGB IEC61966-2.1"

_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{when}</xmp:CreateDate>
<xmp:ModifyDate>{when}</xmp:ModifyDate>
<xmp:MetadataDate>{when}</xmp:MetadataDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def info(metadata: Metadata) -> dict[str, Token]:
    """Return the document information dictionary (ISO 32000-1, 14.3.3)."""
    return {
        "Title": metadata.title,
        "Author": metadata.author,
        "Subject": metadata.subject,
        "Keywords": _keywords(metadata),
        "Creator": PRODUCER,
        "Producer": PRODUCER,
        "CreationDate": pdf_date(metadata),
        "ModDate": pdf_date(metadata),
    }


def xmp(metadata: Metadata, profile: Profile) -> bytes:
    """Return the XMP packet; the extension schema stands before its use."""
    packet = _XMP.format(
        part=profile.part,
        title=_escape(metadata.title),
        author=_escape(metadata.author),
        subject=_escape(metadata.subject),
        language=_escape(metadata.language),
        keywords=_escape(_keywords(metadata)),
        producer=PRODUCER,
        when=f"{metadata.date}T00:00:00+08:00",
    )
    return packet.encode()


def add_xmp(file: PdfFile, metadata: Metadata, profile: Profile) -> int:
    """Write the metadata stream, uncompressed as ISO 19005-1, 6.7.2 wants it."""
    entries = {"Type": name("Metadata"), "Subtype": name("XML")}
    return file.add_stream(entries, [xmp(metadata, profile)])


def pdf_date(metadata: Metadata) -> str:
    """Return the document's date as a PDF date (ISO 32000-1, 7.9.4)."""
    return f"D:{metadata.date.replace('-', '')}000000+08'00'"


def output_intents(file: PdfFile) -> list[Token]:
    """Write the sRGB profile and return the output intents (ISO 19005-1, 6.2.2)."""
    profile = file.add_flate({"N": 3}, srgb_profile())
    return [
        {
            "Type": name("OutputIntent"),
            "S": name("GTS_PDFA1"),
            "OutputConditionIdentifier": _INTENT,
            "Info": _INTENT,
            "DestOutputProfile": ref(profile),
        }
    ]


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return an ICC 2.1 matrix display profile of sRGB (IEC 61966-2-1), 1 KB, always the same."""
    label = _INTENT.encode() + b"\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(label)) + label + bytes(78)
    curve = [round(65535 * _linear(step / 255)) for step in range(256)]
    trc = struct.pack(">4sII256H", b"curv", 0, 256, *curve)
    tags = {
        b"desc": description,
        b"cprt": b"text\0\0\0\0no copyright, use freely\0",
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _xyz(0.14307, 0.06061, 0.71410),
        b"rTRC": trc,
        b"gTRC": trc,
        b"bTRC": trc,
    }
    start = 128 + 4 + 12 * len(tags)
    table, body = b"", b""
    places: dict[bytes, int] = {}
    for signature, data in tags.items():
        if data not in places:
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", signature, places[data], len(data))
    size = start + len(body)
    head = struct.pack(">I4xI4s4s4s", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2000, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    head += _xyz(0.9642, 1.0, 0.8249)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def embed(file: PdfFile, attachments: Sequence[Attachment], metadata: Metadata) -> dict[str, Token]:
    """Write *attachments* as associated files; return the catalog entries that lead to them."""
    numbers: dict[str, int] = {}
    for attachment in attachments:
        data = attachment.data
        parameters: dict[str, Token] = {
            "Size": len(data),
            "ModDate": pdf_date(metadata),
            "CheckSum": hexadecimal(hashlib.md5(data, usedforsecurity=False).digest()),
        }
        entries: dict[str, Token] = {
            "Type": name("EmbeddedFile"),
            "Subtype": name(attachment.media_type),
            "Params": parameters,
        }
        stream = ref(file.add_flate(entries, data))
        specification: dict[str, Token] = {
            "Type": name("Filespec"),
            "F": attachment.name,
            "UF": attachment.name,
            "Desc": attachment.description,
            "AFRelationship": name("Source"),
            "EF": {"F": stream, "UF": stream},
        }
        numbers[attachment.name] = file.add(specification)
    if not numbers:
        return {}
    names: list[Token] = []
    for key in sorted(numbers, key=lambda shown: shown.encode("utf-16-be")):
        names += [key, ref(numbers[key])]
    return {
        "AF": references(numbers.values()),
        "Names": {"EmbeddedFiles": {"Names": names}},
    }


def _keywords(metadata: Metadata) -> str:
    return ", ".join(metadata.keywords)


def _escape(value: str) -> str:
    """Return *value* as XML text; characters XML cannot hold become spaces."""
    shown = "".join(char if char >= " " else " " for char in value)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)
