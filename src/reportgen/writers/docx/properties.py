"""What the file says about itself: ``docProps/core.xml`` and ``docProps/app.xml``."""

from __future__ import annotations

from reportgen.document.nodes import Metadata
from reportgen.writers.docx.markup import XML_HEAD, text

_CORE_NAMESPACES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_APP_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


def core_xml(metadata: Metadata) -> bytes:
    """Return the core properties (ECMA-376 Part 2, 8): author is the organ, time the report’s."""
    properties = {
        "dc:title": metadata.title,
        "dc:subject": metadata.subject,
        "dc:creator": metadata.author,
        "cp:keywords": "；".join(metadata.keywords),
        "dc:language": metadata.language,
        "cp:lastModifiedBy": metadata.author,
        "cp:revision": "1",
    }
    plain = "".join(f"<{name}>{text(value)}</{name}>" for name, value in properties.items())
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{metadata.date}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
    )
    root = f"<cp:coreProperties {_CORE_NAMESPACES}>{plain}{dates}</cp:coreProperties>"
    return f"{XML_HEAD}{root}".encode()


def app_xml() -> bytes:
    """Return the extended properties (Part 1, 22.2): the program's name alone."""
    application = "<Application>reportgen</Application>"
    root = f'<Properties xmlns="{_APP_NAMESPACE}">{application}</Properties>'
    return f"{XML_HEAD}{root}".encode()
