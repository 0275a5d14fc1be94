"""Elements of OFD, and the values of their attributes (GB/T 33190-2016, 7.2).

Lengths are given in points, as in :mod:`reportgen.layout.items`, and written in millimetres.  Both
have their origin at the upper left corner of the page, y downwards.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from lxml import etree

from reportgen.styles import to_mm

Element: TypeAlias = Any
"""An element of lxml, which has no types."""

NAMESPACE = "http://www.ofdspec.org/2016"
"""The namespace of all elements (7.1)."""
PREFIX = f"{{{NAMESPACE}}}"
"""The prefix, in lxml, of the names of elements; attributes have no namespace."""
_PREFIXES = {"ofd": NAMESPACE}
_DECIMALS = 4
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def root(name: str, /, **attributes: str | int) -> Element:
    """Return a new element *name* with *attributes*, the root of a part."""
    return etree.Element(PREFIX + name, _texts(attributes), nsmap=_PREFIXES)


def add(parent: Element, name: str, text: str | None = None, /, **attributes: str | int) -> Element:
    """Append a new element *name* with *attributes* and *text* to *parent*, and return it."""
    element = etree.SubElement(parent, PREFIX + name, _texts(attributes))
    if text is not None:
        element.text = clean(text)
    return element


def _texts(attributes: dict[str, str | int]) -> dict[str, str]:
    return {key: clean(str(value)) for key, value in attributes.items()}


def clean(text: str) -> str:
    """Return *text* with U+FFFD for each character that XML 1.0 forbids and lxml rejects."""
    return _FORBIDDEN.sub("\ufffd", text)


def serialise(part: Element) -> bytes:
    """Return the part with the root *part* as a file."""
    data: bytes = etree.tostring(part, xml_declaration=True, encoding="UTF-8")
    return data


def number(value: float) -> str:
    """Return *value*, which has no unit, with at most four decimals."""
    rounded = round(value, _DECIMALS) + 0.0  # never -0
    return f"{rounded:.{_DECIMALS}f}".rstrip("0").rstrip(".")


def lengths(*points: float) -> str:
    """Return the lengths *points* in millimetres: a length, a position, a box or a list of them."""
    return " ".join(map(number, map(to_mm, points)))


def matrix(a: float, b: float, c: float, d: float, e: float, f: float) -> str:
    """Return the transformation (*a* *b* *c* *d* *e* *f*), whose shift *e*, *f* is in points.

    It maps (x, y) to (ax + cy + e, bx + dy + f) (8.5, CTM).
    """
    return " ".join([*map(number, (a, b, c, d)), lengths(e, f)])


def colour(rgb: str) -> str:
    """Return the colour *rgb* (RRGGBB) as the components of the default colour space."""
    return " ".join(str(int(rgb[place : place + 2], 16)) for place in (0, 2, 4))
