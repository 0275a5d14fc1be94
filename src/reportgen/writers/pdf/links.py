"""Links: annotations, and the elements that hold them (ISO 32000-1, 12.5.6.5 and 14.8.4.4.2)."""

from __future__ import annotations

from msgspec import Struct, field

from reportgen.layout.items import Page, TextRun
from reportgen.writers.pdf.objects import PdfFile, Token, name, ref
from reportgen.writers.pdf.sheet import on_sheet
from reportgen.writers.pdf.structure import Element, StructureTree

_ASCENT, _DESCENT = 0.88, 0.12  # of the size: the box of a Han character about its base line
_URI_BYTES = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)
_PRINT = 4  # annotation flag (ISO 19005-1, 6.5.3)


class _Area(Struct):
    """One stretch of linked text on one line; numbers are those of objects."""

    page: Page
    page_object: int
    box: list[float]  # left, top, right, bottom
    number: int


class _Link(Struct):
    owner: Element
    element: Element
    uri: str
    text: str = ""
    areas: list[_Area] = field(default_factory=list)


class LinkBook:
    """Collects linked text while pages are painted; writes the annotations after."""

    def __init__(self, file: PdfFile, tree: StructureTree) -> None:
        self._file = file
        self._tree = tree
        self._links: list[_Link] = []
        self._pages: dict[int, list[int]] = {}
        self._open: _Link | None = None

    def target(self, owner: Element, run: TextRun, number: int, page: Page) -> Element:
        """Return the element of *run*: *owner*, or the link it continues or begins in it.

        *number* is that of the object of *page*.
        """
        if not run.link:
            self._open = None
            return owner
        link = self._open
        if link is None or link.owner is not owner or link.uri != run.link:
            link = self._open = _Link(owner, owner.child("Link"), run.link)
            self._links.append(link)
        link.text += run.text
        box = [
            run.x,
            run.y - run.size * _ASCENT,
            run.x + run.width,
            run.y + run.size * _DESCENT,
        ]
        last = link.areas[-1] if link.areas else None
        if last and last.page is page and _same_line(last.box, box):
            last.box[1] = min(last.box[1], box[1])
            last.box[2:] = [max(last.box[2], box[2]), max(last.box[3], box[3])]
        else:
            annotation = self._file.reserve()
            link.areas.append(_Area(page, number, box, annotation))
            self._pages.setdefault(number, []).append(annotation)
        return link.element

    def on_page(self, page: int) -> list[int]:
        """Return the numbers of the annotations on *page*."""
        return self._pages.get(page, [])

    def write(self) -> None:
        """Write every annotation and put it under its element."""
        for link in self._links:
            link.element.alt = link.text if link.text == link.uri else f"{link.text} {link.uri}"
            for area in link.areas:
                key = self._tree.annotate(link.element, area.page_object, area.number)
                entries: dict[str, Token] = {
                    "Type": name("Annot"),
                    "Subtype": name("Link"),
                    "Rect": on_sheet(area.page, *area.box),
                    "Border": [0, 0, 0],
                    "F": _PRINT,
                    "P": ref(area.page_object),
                    "Contents": link.element.alt,
                    "StructParent": key,
                    "A": {"S": name("URI"), "URI": ascii_uri(link.uri)},
                }
                self._file.add(entries, area.number)


def _same_line(left: list[float], right: list[float]) -> bool:
    """Tell whether the box *right* goes on where *left* ends, on the same base line."""
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    return overlap > 0.5 * (right[3] - right[1]) and right[0] >= left[0]


def ascii_uri(uri: str) -> str:
    """Return *uri* with every byte no URI may hold percent-encoded (12.6.4.7: 7-bit ASCII)."""
    return "".join(chr(byte) if byte in _URI_BYTES else f"%{byte:02X}" for byte in uri.encode())
