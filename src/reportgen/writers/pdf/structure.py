"""The structure tree: which marked content belongs to which element (ISO 32000-1, 14.7).

:class:`StructureTree` is filled while the pages are painted and written after them.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

from reportgen.writers.pdf.objects import PdfFile, Token, name, ref, references


class MarkedContent(NamedTuple):
    """A marked-content sequence: the page's object number and the MCID on it."""

    page: int
    mcid: int


class Annotation(NamedTuple):
    """An annotation as a child of an element: object numbers of its page and of itself."""

    page: int
    number: int


Kid: TypeAlias = "Element | MarkedContent | Annotation"


class Element(Struct, eq=False):
    """One structure element.

    ``attributes`` maps an owner (Layout, Table, List) to its entries (14.7.5);
    ``alt`` is the alternate description, ``title`` the element's own, and
    ``identifier`` the ID by which cells name their headers.
    """

    tag: str
    parent: Element | None = None
    kids: list[Kid] = field(default_factory=list)
    attributes: dict[str, dict[str, Token]] = field(default_factory=dict)
    alt: str = ""
    title: str = ""
    identifier: str = ""
    number: int = 0

    def child(self, tag: str) -> Element:
        """Append a new element and return it."""
        element = Element(tag, self)
        self.kids.append(element)
        return element

    def set(self, owner: str, key: str, value: Token) -> None:
        """Set the attribute *key* of *owner*."""
        self.attributes.setdefault(owner, {})[key] = value


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
        element.kids.append(MarkedContent(page, mcid))
        return mcid

    def annotate(self, element: Element, page: int, annotation: int) -> int:
        """Put *annotation* under *element*; return its StructParent key."""
        element.kids.append(Annotation(page, annotation))
        self._parents.append(element)
        return len(self._parents) - 1

    def write(self, file: PdfFile) -> int:
        """Write the tree; return the number of its root object."""
        number = file.reserve()
        identified: dict[str, int] = {}
        _reserve(self.root, file)
        _write(self.root, number, file, identified)
        numbers: list[Token] = []
        for key, parent in enumerate(self._parents):
            if isinstance(parent, Element):
                numbers += [key, ref(parent.number)]
            else:
                array = references(element.number for element in parent)
                numbers += [key, ref(file.add(array))]
        tree: dict[str, Token] = {
            "Type": name("StructTreeRoot"),
            "K": [ref(self.root.number)],
            "ParentTree": ref(file.add({"Nums": numbers})),
            "ParentTreeNextKey": len(self._parents),
        }
        if identified:
            names: list[Token] = []
            for identifier in sorted(identified):
                names += [identifier, ref(identified[identifier])]
            tree["IDTree"] = ref(file.add({"Names": names, "Limits": [names[0], names[-2]]}))
        return file.add(tree, number)


def _reserve(element: Element, file: PdfFile) -> None:
    element.number = file.reserve()
    for kid in element.kids:
        if isinstance(kid, Element):
            _reserve(kid, file)


def _write(element: Element, parent: int, file: PdfFile, identified: dict[str, int]) -> None:
    entries: dict[str, Token] = {
        "Type": name("StructElem"),
        "S": name(element.tag),
        "P": ref(parent),
    }
    if element.title:
        entries["T"] = element.title
    if element.alt:
        entries["Alt"] = element.alt
    if element.identifier:
        entries["ID"] = element.identifier
        identified[element.identifier] = element.number
    owners: list[Token] = [{"O": name(o), **values} for o, values in element.attributes.items()]
    if owners:
        entries["A"] = owners[0] if len(owners) == 1 else owners
    home = next((kid.page for kid in element.kids if isinstance(kid, MarkedContent)), 0)
    if home:
        entries["Pg"] = ref(home)
    kids = [_kid(kid, home) for kid in element.kids]
    if kids:
        entries["K"] = kids[0] if len(kids) == 1 else kids
    file.add(entries, element.number)
    for kid in element.kids:
        if isinstance(kid, Element):
            _write(kid, element.number, file, identified)


def _kid(kid: Kid, home: int) -> Token:
    if isinstance(kid, Element):
        return ref(kid.number)
    if isinstance(kid, Annotation):
        return {"Type": name("OBJR"), "Pg": ref(kid.page), "Obj": ref(kid.number)}
    if kid.page == home:
        return kid.mcid
    return {"Type": name("MCR"), "Pg": ref(kid.page), "MCID": kid.mcid}
