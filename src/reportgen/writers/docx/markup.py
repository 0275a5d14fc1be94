"""The XML vocabulary of a DOCX: namespaces, escaping, and the two commonest elements.

Parts are built as text: every function that ends in ``_xml`` returns
well-formed XML, so pieces are joined, never parsed again.
"""

from __future__ import annotations

import re

XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
"""What every part begins with."""

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "w10": "urn:schemas-microsoft-com:office:word",
}
_ILLEGAL = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_SPECIAL = re.compile(f"[&<>{_ILLEGAL}]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def text(value: str) -> str:
    """Return *value* as character data; characters that XML 1.0 forbids are left out."""
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], ""), value)


def attribute(value: str) -> str:
    """Return *value* for use between double quotes, its line ends kept."""
    return text(value).replace('"', "&quot;").replace("\n", "&#10;")


def part_xml(root: str, content: str, prefixes: str, *, name: str = "") -> bytes:
    """Return a whole part: *content* inside *root*, the space-separated *prefixes* declared.

    *name* is the root's own ``name`` attribute, where it has one.
    """
    declared = " ".join(f'xmlns:{prefix}="{_NAMESPACES[prefix]}"' for prefix in prefixes.split())
    named = f' name="{attribute(name)}"' if name else ""
    return f"{XML_HEAD}<{root} {declared}{named}>{content}</{root}>".encode()


def paragraph_xml(style_id: str, content: str, extra: str = "") -> str:
    """Return a paragraph in the style *style_id* (``w:p``, ECMA-376 17.3.1.22).

    *extra* are further paragraph properties, in schema order.
    """
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{extra}</w:pPr>{content}</w:p>'


def fonts_xml(east_asian: str, latin: str) -> str:
    """Return ``w:rFonts`` (17.3.2.26) with both fonts by name and no theme attribute."""
    han, roman = attribute(east_asian), attribute(latin)
    return f'<w:rFonts w:ascii="{roman}" w:eastAsia="{han}" w:hAnsi="{roman}" w:cs="{roman}"/>'
