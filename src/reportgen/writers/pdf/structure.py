"""The structure tree: which marked content belongs to which element (ISO 32000-1, 14.7).

:class:`StructureTree` is filled while the pages are painted and written after them.
A table has an element for every cell, so elements are written out in one go
instead of through :func:`~reportgen.writers.pdf.objects.token`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.writers.pdf.objects import PdfFile, Token, name, ref, references, text, token

Kid: TypeAlias = "Element | bytes"
"""A child element, or marked content or an annotation as the entry of K says it (table 323)."""


class Element(Struct, eq=False):
    """One structure element.

    ``attributes`` is its attribute object (14.7.5) in PDF syntax; ``alt`` is the
    alternate description, ``title`` the element's own, and ``identifier`` the ID, in
    PDF syntax, by which cells name their headers.  ``page`` is the object number of
    the page its first content is on, ``number`` its own, once written.
    """

    tag: str
    kids: list[Kid] = field(default_factory=list)
    attributes: bytes = b""
    alt: str = ""
    title: str = ""
    identifier: bytes = b""
    page: int = 0
    number: int = 0

    def child(self, tag: str) -> Element:
        """Append a new element and return it."""
        element = Element(tag)
        self.kids.append(element)
        return element

    def describe(self, owner: str, entries: Mapping[str, Token]) -> None:
        """Give the element the attributes *entries* of *owner* (Layout, Table, List)."""
        self.attributes = token({"O": name(owner), **entries})


class StructureTree:
    """The elements under *root* and the marked content of each page."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._parents: list[list[Element] | Element] = []  # the parent tree, by key
        self._pages: dict[int, list[Element]] = {}  # page object number: element by MCID

    def open_page(self, page: int) -> int:
        """Return the StructParents key of the page with object number *page*."""
        self._pages[page] = []
        self._parents.append(self._pages[page])
        return len(self._parents) - 1

    def mark(self, element: Element, page: int) -> int:
        """Give *element* one more marked-content sequence on *page*; return its MCID."""
        on_page = self._pages[page]
        mcid = len(on_page)
        on_page.append(element)
        element.page = element.page or page
        if element.page == page:
            element.kids.append(b"%d" % mcid)
        else:
            element.kids.append(b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (page, mcid))
        return mcid

    def annotate(self, element: Element, page: int, annotation: int) -> int:
        """Put *annotation* under *element*; return its StructParent key."""
        element.kids.append(b"<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>" % (page, annotation))
        self._parents.append(element)
        return len(self._parents) - 1

    def write(self, file: PdfFile) -> int:
        """Write the tree; return the number of its root object."""
        number = file.reserve()
        identified: dict[bytes, int] = {}
        _write(self.root, number, file, identified)
        tree: dict[str, Token] = {
            "Type": name("StructTreeRoot"),
            "K": [ref(self.root.number)],
            "ParentTree": ref(file.add({"Nums": self._numbers(file)})),
            "ParentTreeNextKey": len(self._parents),
        }
        if identified:
            tree["IDTree"] = ref(file.add(_id_tree(sorted(identified.items()))))
        return file.add(tree, number)

    def _numbers(self, file: PdfFile) -> list[Token]:
        """Return the entries of the parent tree: per page its elements by MCID."""
        numbers: list[Token] = []
        for key, parent in enumerate(self._parents):
            if isinstance(parent, Element):
                numbers += [key, ref(parent.number)]
            else:
                array = references([element.number for element in parent])
                numbers += [key, ref(file.add(array))]
        return numbers


def _id_tree(names: Sequence[tuple[bytes, int]]) -> dict[str, Token]:
    """Return the tree of IDs and the object numbers of their elements, in order (7.9.6)."""
    entries = b"".join([b"%b%d 0 R" % entry for entry in names])
    return {"Names": b"[%b]" % entries, "Limits": [names[0][0], names[-1][0]]}


def _write(element: Element, parent: int, file: PdfFile, identified: dict[bytes, int]) -> int:
    """Write *element* after all below it; return its object number."""
    number = element.number = file.reserve()
    kids = [
        kid if isinstance(kid, bytes) else b"%d 0 R" % _write(kid, number, file, identified)
        for kid in element.kids
    ]
    parts = [b"<</Type/StructElem/S/%b/P %d 0 R" % (element.tag.encode(), parent)]
    if element.title:
        parts.append(b"/T" + text(element.title))
    if element.alt:
        parts.append(b"/Alt" + text(element.alt))
    if element.identifier:
        parts.append(b"/ID" + element.identifier)
        identified[element.identifier] = number
    if element.attributes:
        parts.append(b"/A" + element.attributes)
    if element.page:
        parts.append(b"/Pg %d 0 R" % element.page)
    if kids:
        parts.append(b"/K " + kids[0] if len(kids) == 1 else b"/K[%b]" % b" ".join(kids))
    parts.append(b">>")
    return file.add(b"".join(parts), number)
