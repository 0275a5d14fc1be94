"""A small reader of OFD files for tests, which trusts nothing that the writer computed.

Positions are in points from the upper left corner of the page, as in ``layout.items``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from posixpath import dirname, join
from typing import Any, TypeAlias
from zipfile import ZipFile

from lxml import etree

Element: TypeAlias = Any  # of lxml, whose attributes may be bytes by its types
NAMESPACES = {"o": "http://www.ofdspec.org/2016"}
PT_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Shown:
    """A text object."""

    text: str
    origins: list[tuple[float, float]]
    """The origin of each character."""
    size: float
    font: str
    element: Element


class OfdFile:
    """The parts of a file, found by their references from ``OFD.xml``."""

    def __init__(self, data: bytes) -> None:
        self.package = ZipFile(io.BytesIO(data))
        self.names = self.package.namelist()
        self.entry = self.part("OFD.xml")
        (place,) = find(self.entry, "DocBody/DocRoot")
        self.folder = dirname(place.text or "")
        self.document = self.part(place.text or "")

    def part(self, path: str) -> Element:
        return etree.fromstring(self.package.read(path))

    def at(self, reference: str) -> str:
        """Return the path of a part that the document refers to."""
        return join(self.folder, reference)

    @property
    def page_keys(self) -> list[str]:
        return [page.attrib["ID"] for page in find(self.document, "Pages/Page")]

    def pages(self) -> list[Element]:
        places = [page.attrib["BaseLoc"] for page in find(self.document, "Pages/Page")]
        return [self.part(self.at(place)) for place in places]

    def resources(self, name: str) -> Iterator[Element]:
        """Yield the resources *name* of all parts, with the path of their file in ``file``."""
        for entry in find(self.document, "CommonData/*"):
            if etree.QName(entry).localname in ("PublicRes", "DocumentRes"):
                part = self.part(self.at(entry.text or ""))
                for found in find(part, f"*/{name}"):
                    inner = find(found, "FontFile") + find(found, "MediaFile")
                    for file in inner:
                        found.set("file", self.at(join(part.attrib["BaseLoc"], file.text or "")))
                    yield found

    def texts(self) -> list[str]:
        """Return the text of each page in the order of its objects."""
        return ["".join(shown.text for shown in shown_on(page)) for page in self.pages()]


def find(element: Element, path: str) -> list[Element]:
    """Return the elements at *path*, whose names are without prefix."""
    steps = path.split("/")
    named = (step if step in ("*", ".", "..", "") else f"o:{step}" for step in steps)
    found: list[Element] = element.findall("/".join(named), NAMESPACES)
    return found


def numbers(value: str) -> list[float]:
    return [float(part) for part in value.split()]


def points(value: str) -> list[float]:
    """Return the lengths in *value*, which are millimetres, in points."""
    return [part * PT_PER_MM for part in numbers(value)]


def shown_on(page: Element) -> list[Shown]:
    """Return the text objects of *page*."""
    return [_shown(element) for element in find(page, ".//TextObject")]


def _shown(element: Element) -> Shown:
    left, top, _, _ = points(element.attrib["Boundary"])
    a, b, c, d, e, f = numbers(element.get("CTM", "1 0 0 1 0 0"))
    (code,) = find(element, "TextCode")
    (x,), (y,) = points(code.attrib["X"]), points(code.attrib["Y"])
    across = accumulate(points(code.get("DeltaX", "")), initial=x)
    origins = [
        (left + a * place + c * y + e * PT_PER_MM, top + b * place + d * y + f * PT_PER_MM)
        for place in across
    ]
    (size,) = points(element.attrib["Size"])
    return Shown(code.text or "", origins, size, element.attrib["Font"], element)
