"""Links: annotations, and the elements that hold them (ISO 32000-1, 12.5.6.5 and 14.8.4.4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from reportlab.pdfbase.pdfdoc import PDFString

from reportgen.layout.items import Destination, Page, TextRun
from reportgen.writers.pdf.canvas import TaggedCanvas
from reportgen.writers.pdf.structure import Element, StructureTree

_ASCENT, _DESCENT = 0.88, 0.12  # of the size: the box of a Han character about its base line
_URI_BYTES = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)
_PRINT = 4  # annotation flag (ISO 19005-1, 6.5.3)


class _Link(Struct, eq=False):
    owner: Element
    """The element whose text is linked."""
    element: Element
    """The link's own element, in the owner."""
    uri: str
    text: str = ""
    """What is linked, as far as it has come."""
    boxes: list[list[float]] = field(default_factory=list)
    """Left, top, right and bottom of each stretch on the open page."""


class LinkBook:
    """Collects linked text while a page is painted; lays the links over it at its end."""

    def __init__(self, canvas: TaggedCanvas, tree: StructureTree) -> None:
        self._canvas = canvas
        self._tree = tree
        self._on_page: list[_Link] = []
        self._open: _Link | None = None

    def target(self, owner: Element, run: TextRun) -> Element:
        """Return the element of *run*: *owner*, or the link it continues or begins in it."""
        if not run.link:
            self._open = None
            return owner
        link = self._open
        if link is None or link.owner is not owner or link.uri != run.link:
            link = self._open = _Link(owner, owner.child("Link"), run.link)
            link.element.alt = PDFString("")
            self._on_page.append(link)
        elif link not in self._on_page:  # it began on the page before
            self._on_page.append(link)
        link.text += run.text
        link.element.alt.s = link.text if link.text == link.uri else f"{link.text} {link.uri}"
        _extend(link.boxes, run)
        return link.element

    def close_page(self, page: Page) -> None:
        """Lay the links over *page* and put each under its element."""
        for link in self._on_page:
            for box in link.boxes:
                annotation = self._canvas.add_link(
                    ascii_uri(link.uri),
                    on_sheet(page, *box),
                    F=_PRINT,
                    Contents=link.element.alt,  # complete when it is written: at the end
                    StructParent=self._tree.next_key(),
                )
                self._tree.annotate(link.element, annotation)
            link.boxes = []
        self._on_page = []


def _extend(boxes: list[list[float]], run: TextRun) -> None:
    """Add the box of *run* to *boxes*, or widen the last where *run* goes on beside it."""
    top, bottom = run.y - run.size * _ASCENT, run.y + run.size * _DESCENT
    box = [run.x, top, run.x + run.width, bottom]
    if boxes and _same_line(boxes[-1], box):
        last = boxes[-1]
        last[1:] = [min(last[1], top), max(last[2], box[2]), max(last[3], bottom)]
    else:
        boxes.append(box)


def _same_line(left: list[float], right: list[float]) -> bool:
    """Tell whether the box *right* goes on where *left* ends, on the same base line."""
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    return overlap > 0.5 * (right[3] - right[1]) and right[0] >= left[0]


def ascii_uri(uri: str) -> str:
    """Return *uri* with every byte no URI may hold percent-encoded (12.6.4.7: 7-bit ASCII)."""
    return "".join(chr(byte) if byte in _URI_BYTES else f"%{byte:02X}" for byte in uri.encode())


OPEN_TO = 1
"""Headings down to this level show theirs in a fresh viewer."""


class Outline:
    """The bookmarks of one file, by page, nested by the levels of the headings."""

    def __init__(self, destinations: Sequence[Destination]) -> None:
        depths = nest([place.heading.level for place in destinations])
        self._on_page: dict[int, list[tuple[str, int, Destination]]] = {}
        for number, (place, depth) in enumerate(zip(destinations, depths, strict=True)):
            self._on_page.setdefault(place.page, []).append((f"h{number}", depth, place))

    def add(self, canvas: TaggedCanvas, page: Page) -> None:
        """Put the bookmarks of *page*, which *canvas* is painting, into the file."""
        for key, depth, place in self._on_page.get(page.number, ()):
            canvas.bookmarkPage(key, fit="XYZ", **view_from(page, place.y))
            closed = place.heading.level > OPEN_TO
            canvas.addOutlineEntry(place.heading.text, key, depth, closed)


def nest(levels: Iterable[int]) -> list[int]:
    """Return how deep each heading of *levels* lies: one below the last of a higher level."""
    depths = []
    above: list[int] = []
    for level in levels:
        while above and above[-1] >= level:
            above.pop()
        depths.append(len(above))
        above.append(level)
    return depths


def open_sheet(canvas: TaggedCanvas, page: Page) -> None:
    """Begin the sheet of *page*, turned if the page is: what is painted lies as it is read."""
    canvas.setPageSize((page.width, page.height))
    canvas.setPageRotation(90 if page.landscape else 0)
    if page.landscape:
        canvas.transform(0, 1, -1, 0, page.height, 0)


def on_sheet(page: Page, left: float, top: float, right: float, bottom: float) -> list[float]:
    """Return the rectangle as PDF writes one: its lower left, then its upper right corner."""
    if page.landscape:
        return [top, left, bottom, right]
    return [left, page.height - bottom, right, page.height - top]


def view_from(page: Page, y: float) -> dict[str, float]:
    """Return left and top of the view that a bookmark of the height *y* of *page* opens.

    An upright page stays where it is sideways.
    """
    return {"left": y, "top": 0} if page.landscape else {"top": page.height - y}
