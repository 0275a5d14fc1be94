"""The structure tree and its elements (ISO 32000-1, 14.7 and 14.8.4; ISO 14289-1, 7).

The elements are made of the blocks of the document.  While the pages are painted,
:class:`StructureTree` assigns their marked content to the elements, which reportlab formats when
everything else has been written.

Scope cannot express to which cells a caption or a second head within a table applies, so data
cells have the attribute Headers with the IDs of their header cells (ISO 32000-1, table 349;
ISO 14289-1, 7.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias

from msgspec import Struct
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFObject, PDFString

from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Signature,
    Table,
    rows_with_headers,
    texts_of,
)
from reportgen.styles import CellRole
from reportgen.text import footnotes_in, unreachable
from reportgen.writers.pdf.canvas import FileWriter, dictionary, name, string
from reportgen.writers.pdf.metadata import Profile

Reference: TypeAlias = Any
"""A reference of reportlab to a page or an annotation."""


FOOTNOTE = "FENote"
"""The tag of footnotes in PDF 2.0, and the part of an index that has the elements of footnotes."""


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
        self.namespace: PDFObject = None
        """The namespace of the tag, if it is not that of PDF 1.7."""
        self.references: list[Element] = []
        """The elements that this one refers to (ISO 32000-2, table 355)."""

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
        if self.namespace:
            entries["NS"] = document.reference(self.namespace)
        if self.title:
            entries["T"] = PDFString(self.title).format(document)
        if self.alt:
            entries["Alt"] = self.alt.format(document)
        if self.identifier:
            entries["ID"] = self.identifier
        if self.attributes:
            entries["A"] = dictionary(self.attributes)
        if self.references:
            shown = [document.reference(element) for element in self.references]
            entries["Ref"] = PDFArray(shown).format(document)
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


_PDF_2 = "http://iso.org/pdf2/ssn"  # the standard structure namespace, ISO 32000-2, 14.8.6


class StructureTree(PDFObject):  # type: ignore[misc]
    """The root of the structure tree, with the top element *top* and the parent tree.

    In a file of PDF 2.0 the top element is in the namespace of that version, which PDF/UA-2
    requires (ISO 14289-2, 8.2.5.2), and so are footnotes, which have a tag only there; the tags
    of the others mean the same in either.
    """

    __RefOnly__ = 1

    def __init__(self, top: Element, *, pdf_2: bool = False) -> None:
        self.top = top
        top.parent = self
        if pdf_2:
            named = {"Type": name("Namespace"), "NS": PDFString(_PDF_2)}
            namespace = PDFDictionary(named)
            for element in top.walk():
                if element is top or element.tag == FOOTNOTE:
                    element.namespace = namespace
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
        if self.top.namespace:
            entries["Namespaces"] = PDFArray([document.Reference(self.top.namespace)])
            # for programs that do not know namespaces
            entries["RoleMap"] = PDFDictionary({FOOTNOTE: name("Div")})
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


DEEPEST_HEADING = 6  # H1 … H6

Index: TypeAlias = dict[tuple[int, str], Element]
"""The element for each identity of a node and part of it ("text", "marker", "field"), and for each
number of a footnote and :data:`FOOTNOTE`."""


def cite(owner: Element, footnote: Element) -> Element:
    """Append the element of the mark of *footnote* to *owner* and return it.

    In PDF 2.0 the two refer to each other (ISO 14289-2, 8.2.5.14).
    """
    is_new = footnote.tag == FOOTNOTE
    mark = owner.child("Span" if is_new else "Reference")
    if is_new:
        mark.references.append(footnote)
        footnote.references.append(mark)
    return mark


def tag_document(
    document: Document, profile: Profile, sealed: Signature | None = None
) -> tuple[Element, Index]:
    """Return the top element for *document*, still without content, and the index by nodes.

    *sealed* is the 落款 that gets a signature field, whose element is its part "field".
    """
    tagger = _Tagger(profile, sealed)
    for block in document.blocks:
        tagger.block(block)
        for number in chain.from_iterable(footnotes_in(runs) for _, runs in texts_of(block)):
            tagger.footnote(number, document.footnotes[number - 1])
    return tagger.root, tagger.index


class _Tagger:
    def __init__(self, profile: Profile, sealed: Signature | None) -> None:
        self.root = Element("Document")
        self.index: Index = {}
        self._profile = profile
        self._sealed = sealed
        self._heading = 0  # level of the last heading written
        self._tables = 0

    def block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._text(block, self.root.child("P"))
        elif isinstance(block, Heading):
            self._text(block, self.root.child(self._heading_tag(block.level)))
        elif isinstance(block, ItemList):
            self._list(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, FigureGroup):
            for figure in block.figures:
                self._figure(figure)
        elif isinstance(block, Signature):
            self._text(block.organ, self.root.child("P"))
            self._text(block.date, self.root.child("P"))
            if block is self._sealed:
                self.index[id(block), "field"] = self.root.child("Form")
        else:
            unreachable(block)

    def footnote(self, number: int, item: ListItem) -> None:
        """Tag a footnote, behind the block that has its mark.

        PDF 2.0 names the tag anew; before, PDF/UA requires an ID (ISO 14289-1, 7.9).
        """
        element = self.root.child(FOOTNOTE if self._profile.pdf_2 else "Note")
        if self._profile.pdf_2:
            element.describe(FOOTNOTE, {"NoteType": name("Footnote")})
        element.identifier = string(f"note{number}")
        self.index[number, FOOTNOTE] = element
        text = element.child("P")
        self.index[id(item), "marker"] = text.child("Lbl")
        self._text(item.paragraph, text)

    def _text(self, node: object, element: Element) -> None:
        self.index[id(node), "text"] = element

    def _heading_tag(self, level: int) -> str:
        """Return the tag of a heading: H1 for the title; none is skipped (ISO 14289-1, 7.4.2)."""
        self._heading = min(level + 1, self._heading + 1, DEEPEST_HEADING)
        return f"H{self._heading}"

    def _list(self, block: ItemList) -> None:
        element = self.root.child("L")
        numbering = name("Decimal" if block.ordered else "Disc")
        element.describe("List", {"ListNumbering": numbering})
        for item in block.items:
            row = element.child("LI")
            self.index[id(item), "marker"] = row.child("Lbl")
            body = row.child("LBody")
            self._text(item, body)
            self._text(item.paragraph, body)

    def _table(self, table: Table) -> None:
        self._tables += 1
        element = self.root.child("Table")
        element.title = table.title
        if table.title and self._profile.table_summary:
            element.describe("Table", {"Summary": string(table.title)})
        if table.caption:
            self._text(table.caption, element.child("Caption"))
        for cell, cell_element in tag_cells(table, element, f"t{self._tables}"):
            self._text(cell, cell_element)

    def _figure(self, figure: Figure) -> None:
        """Tag a picture, or each part of it, with its caption as the last child.

        PDF/UA-2 requires it there (ISO 14289-2, 8.2.5.27).  The caption of a picture in parts is
        below the last one.
        """
        for shown in figure.parts or (figure,):
            element = self.root.child("Figure")
            element.alt = PDFString(shown.alt)
            self._text(shown, element)
        if figure.caption:
            self._text(figure.caption, element.child("Caption"))


_COLUMN, _ROW = name("Column"), name("Row")
_SCOPES = {CellRole.CAPTION: _COLUMN, CellRole.HEADER: _COLUMN, CellRole.STUB: _ROW}


def tag_cells(table: Table, parent: Element, prefix: str) -> Iterator[tuple[Cell, Element]]:
    """Append the rows of *table* to *parent*; yield each cell with its element.

    *prefix* makes the IDs of header cells unique in the document.
    """
    identifiers: dict[Cell, bytes] = {}
    for cells in rows_with_headers(table):
        row = parent.child("TR")
        for cell, headers in cells:
            scope = _SCOPES.get(cell.role)
            element = row.child("TH" if scope else "TD")
            attributes = {}
            if scope:
                element.identifier = string(f"{prefix}r{cell.row}c{cell.column}")
                identifiers[cell] = element.identifier
                attributes["Scope"] = scope
            elif headers:
                named = [identifiers[header] for header in headers]
                attributes["Headers"] = PDFArray(named).format(None)
            if cell.row_span > 1:
                attributes["RowSpan"] = b"%d" % cell.row_span
            if cell.column_span > 1:
                attributes["ColSpan"] = b"%d" % cell.column_span
            if attributes:
                element.describe("Table", attributes)
            yield cell, element
