"""The structure tree, which assigns marked content to elements (ISO 32000-1, 14.7).

:class:`StructureTree` is filled while the pages are painted.  reportlab formats the elements when
everything else has been written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFObject, PDFString

from reportgen.writers.pdf.canvas import FileWriter, dictionary, name

Reference: TypeAlias = Any
"""A reference of reportlab to a page or an annotation."""


class MarkedContent(Struct, frozen=True):
    """A marked-content sequence as a kid of its element."""

    page: Reference
    mcid: int
    """The number of the sequence on its page."""


class Annotation(Struct, frozen=True):
    """An annotation as a kid of its element."""

    page: Reference
    annotation: Reference


Kid: TypeAlias = "Element | MarkedContent | Annotation"


class Element(PDFObject):  # type: ignore[misc]
    """A structure element."""

    def __init__(self, tag: str, parent: PDFObject = None) -> None:
        self.tag = tag
        self.parent = parent
        """The parent element; that of the top element is the root of the tree."""
        self.kids: list[Kid] = []
        self.attributes: dict[str, bytes] = {}
        """The entries of the attribute object (ISO 32000-1, 14.7.5)."""
        self.alt: PDFObject = None
        """The alternate description, as a string object."""
        self.title = ""
        self.identifier = b""
        """The ID, as a formatted string object, by which cells refer to their headers."""
        self.page: Reference = None
        """The page of the first content."""

    def child(self, tag: str) -> Element:
        """Append a new child element and return it."""
        element = Element(tag, self)
        self.kids.append(element)
        return element

    def walk(self) -> Iterator[Element]:
        """Yield the element and all its descendants, in order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()

    def describe(self, owner: str, entries: Mapping[str, bytes]) -> None:
        """Set the attributes *entries* of the attribute owner *owner* (Layout, Table, List)."""
        self.attributes = {"O": name(owner), **entries}

    def place(self, box: list[float]) -> None:
        """Set the bounding box of a picture: left, bottom, right, top in PDF coordinates."""
        placement = {"Placement": name("Block"), "BBox": PDFArray(box).format(None)}
        self.describe("Layout", placement)

    def format(self, document: FileWriter) -> bytes:
        """Return the dictionary of the element."""
        entries = {"S": name(self.tag), "P": document.reference(self.parent)}
        if self.title:
            entries["T"] = PDFString(self.title).format(document)
        if self.alt:
            entries["Alt"] = self.alt.format(document)
        if self.identifier:
            entries["ID"] = self.identifier
        if self.attributes:
            entries["A"] = dictionary(self.attributes)
        if self.page:
            entries["Pg"] = document.reference(self.page)
        if self.kids:
            kids = [self._entry(kid, document) for kid in self.kids]
            entries["K"] = kids[0] if len(kids) == 1 else PDFArray(kids).format(document)
        return dictionary(entries)

    def _entry(self, kid: Kid, document: FileWriter) -> bytes:
        """Return the entry of K for *kid* (ISO 32000-1, table 323)."""
        if isinstance(kid, Element):
            return document.reference(kid)
        if isinstance(kid, Annotation):
            there = {"Pg": document.reference(kid.page), "Obj": document.reference(kid.annotation)}
            return dictionary({"Type": name("OBJR"), **there})
        number = b"%d" % kid.mcid
        if kid.page is self.page:
            return number
        entries = {"Type": name("MCR"), "Pg": document.reference(kid.page), "MCID": number}
        return dictionary(entries)


class StructureTree(PDFObject):  # type: ignore[misc]
    """The root of the structure tree, with the top element *top* and the parent tree."""

    __RefOnly__ = 1

    def __init__(self, top: Element) -> None:
        self.top = top
        top.parent = self
        self._parents: list[list[Element] | Element] = []  # the parent tree, by key
        self._on_page: list[Element] = []  # by MCID
        self._page: Reference = None

    def open_page(self, page: Reference) -> int:
        """Begin *page* and return its key in the parent tree."""
        self._on_page, self._page = [], page
        self._parents.append(self._on_page)
        return len(self._parents) - 1

    def mark(self, element: Element) -> int:
        """Add a marked-content sequence on the current page to *element* and return its MCID."""
        mcid = len(self._on_page)
        self._on_page.append(element)
        element.page = element.page or self._page
        element.kids.append(MarkedContent(self._page, mcid))
        return mcid

    def next_key(self) -> int:
        """Return the key in the parent tree that :meth:`annotate` will use next."""
        return len(self._parents)

    def annotate(self, element: Element, annotation: Reference) -> None:
        """Add a reference to an *annotation* on the current page to *element*."""
        element.kids.append(Annotation(self._page, annotation))
        self._parents.append(element)

    def format(self, document: FileWriter) -> bytes:
        """Return the dictionary of the root."""
        entries = {
            "Type": name("StructTreeRoot"),
            "K": PDFArray([document.Reference(self.top)]),
            "ParentTree": document.Reference(PDFDictionary({"Nums": self._numbers(document)})),
            "ParentTreeNextKey": len(self._parents),
        }
        identified = {e.identifier: e for e in self.top.walk() if e.identifier}
        if identified:
            entries["IDTree"] = document.Reference(_id_tree(identified, document))
        shown: bytes = PDFDictionary(entries).format(document)
        return shown

    def _numbers(self, document: FileWriter) -> PDFArray:
        """Return the entries of the parent tree.

        A page has the elements of its marked content by MCID, an annotation its element.
        """
        numbers: list[object] = []
        for key, parent in enumerate(self._parents):
            if isinstance(parent, Element):
                numbers += [key, document.Reference(parent)]
            else:
                elements = PDFArray([document.reference(element) for element in parent])
                numbers += [key, document.Reference(elements)]
        return PDFArray(numbers)


def _id_tree(elements: Mapping[bytes, Element], document: FileWriter) -> PDFDictionary:
    """Return the name tree of IDs and their *elements*, sorted (ISO 32000-1, 7.9.6)."""
    names = sorted(elements)
    pairs = [part for name in names for part in (name, document.reference(elements[name]))]
    return PDFDictionary({"Names": PDFArray(pairs), "Limits": PDFArray([names[0], names[-1]])})
