"""From the document's blocks to structure elements (ISO 32000-1, 14.8.4; ISO 14289-1, 7)."""

from __future__ import annotations

from typing import TypeAlias

from reportlab.pdfbase.pdfdoc import PDFString

from reportgen.document.nodes import (
    Block,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    Paragraph,
    Signature,
    Table,
)
from reportgen.text import unreachable
from reportgen.writers.pdf.canvas import name, string
from reportgen.writers.pdf.cells import tag_cells
from reportgen.writers.pdf.metadata import Profile
from reportgen.writers.pdf.structure import Element

DEEPEST_HEADING = 6  # H1 … H6

Index: TypeAlias = dict[tuple[int, str], Element]
"""Identity of a node and part of it ("text", "marker"), to the element of its content."""


def tag_document(document: Document, profile: Profile) -> tuple[Element, Index]:
    """Return the whole tree of *document*, content still missing, and where content goes."""
    tagger = _Tagger(profile)
    for block in document.blocks:
        tagger.block(block)
    return tagger.root, tagger.index


class _Tagger:
    def __init__(self, profile: Profile) -> None:
        self.root = Element("Document")
        self.index: Index = {}
        self._profile = profile
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
        else:
            unreachable(block)

    def _text(self, node: object, element: Element) -> None:
        self.index[id(node), "text"] = element

    def _heading_tag(self, level: int) -> str:
        """Return H1 for the title, and never a level that skips one (ISO 14289-1, 7.4.2)."""
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
        for cell, cell_element in tag_cells(table, element, f"t{self._tables}"):
            self._text(cell, cell_element)

    def _figure(self, figure: Figure) -> None:
        """Tag a picture and, beside it, its caption: readers stop at a figure's Alt."""
        parent = self.root.child("Div") if figure.caption else self.root
        element = parent.child("Figure")
        element.alt = PDFString(figure.alt)
        self._text(figure, element)
        if figure.caption:
            self._text(figure.caption, parent.child("Caption"))
