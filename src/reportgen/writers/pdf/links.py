"""Links and signature field with their structure elements, bookmarks, and landscape pages.

See ISO 32000-1, 12.5.6.5 (link annotations), 14.8.4.4.2 (their structure), 12.3.3 (outline) and
12.7.4.5 (signature fields).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from reportlab.pdfbase.pdfdoc import PDFString

from reportgen.layout.items import Destination, Page, SealPlace, TextRun
from reportgen.text import percent_encoded
from reportgen.writers.pdf.canvas import PRINTED, TaggedCanvas
from reportgen.writers.pdf.tagging import Element, Index, StructureTree

_ASCENT, _DESCENT = 0.88, 0.12  # the em box of a Han character about its base line, in em
SEAL = "单位盖章"
"""The name of the signature field."""


class _Link(Struct, eq=False):
    """A link whose text has been painted, at least in part."""

    owner: Element
    """The element that contains the linked text."""
    element: Element
    """The structure element of the link, a child of the owner."""
    uri: str
    text: str = ""
    """The linked text painted so far."""
    boxes: list[list[float]] = field(default_factory=list)
    """Left, top, right and bottom of each stretch of the text on the current page."""


class LinkBook:
    """Collects linked text while a page is painted, and adds the annotations at its end."""

    def __init__(self, canvas: TaggedCanvas, tree: StructureTree) -> None:
        self._canvas = canvas
        self._tree = tree
        self._on_page: list[_Link] = []
        self._open: _Link | None = None

    def target(self, owner: Element, run: TextRun) -> Element:
        """Return the structure element for *run*: *owner*, or that of the link if it is one."""
        if not run.link:
            self._open = None
            return owner
        link = self._open
        if link is None or link.owner is not owner or link.uri != run.link:
            link = self._open = _Link(owner, owner.child("Link"), run.link)
            link.element.alt = PDFString("")
            self._on_page.append(link)
        elif link not in self._on_page:  # it began on the previous page
            self._on_page.append(link)
        link.text += run.text
        link.element.alt.s = link.text if link.text == link.uri else f"{link.text} {link.uri}"
        _extend(link.boxes, run)
        return link.element

    def close_page(self, page: Page) -> None:
        """Add the annotations of *page*, each as a child of the element of its link."""
        for link in self._on_page:
            for box in link.boxes:
                annotation = self._canvas.add_link(
                    percent_encoded(link.uri),  # 7-bit ASCII (ISO 32000-1, 12.6.4.7)
                    on_sheet(page, *box),
                    F=PRINTED,
                    Contents=link.element.alt,  # written at the end, when it is complete
                    StructParent=self._tree.next_key(),
                )
                self._tree.annotate(link.element, annotation)
            link.boxes = []
        self._on_page = []


def _extend(boxes: list[list[float]], run: TextRun) -> None:
    """Add the box of *run* to *boxes*, or extend the last one if *run* continues its line."""
    top, bottom = run.y - run.size * _ASCENT, run.y + run.size * _DESCENT
    box = [run.x, top, run.x + run.width, bottom]
    if boxes and _same_line(boxes[-1], box):
        last = boxes[-1]
        last[1:] = [min(last[1], top), max(last[2], box[2]), max(last[3], bottom)]
    else:
        boxes.append(box)


def _same_line(left: list[float], right: list[float]) -> bool:
    """Return whether the box *right* is to the right of *left* on the same line."""
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    return overlap > 0.5 * (right[3] - right[1]) and right[0] >= left[0]


def add_seal(
    canvas: TaggedCanvas, tree: StructureTree, index: Index, page: Page, seal: SealPlace
) -> None:
    """Add the signature field *seal* to *page*, which is being painted, and to its element."""
    box = on_sheet(page, seal.x, seal.y, seal.x + seal.side, seal.y + seal.side)
    edges = [round(edge, 2) for edge in box]
    field = canvas.add_signature_field(edges, SEAL, tree.next_key())
    tree.annotate(index[id(seal.signature), "field"], field)


OPEN_TO = 1
"""The lowest heading level whose bookmark is expanded when the file is opened."""


class Outline:
    """The bookmarks of one file, nested by the levels of the headings."""

    def __init__(self, destinations: Sequence[Destination], index: Index) -> None:
        """Prepare the bookmarks to *destinations*; *index* has the elements of their headings."""
        depths = nest([place.heading.level for place in destinations])
        self._index = index
        self._on_page: dict[int, list[tuple[int, Destination]]] = {}
        for place, depth in zip(destinations, depths, strict=True):
            self._on_page.setdefault(place.page, []).append((depth, place))

    def add(self, canvas: TaggedCanvas, page: Page) -> None:
        """Add the bookmarks of *page*, which is being painted, to the file."""
        for depth, place in self._on_page.get(page.number, ()):
            heading = place.heading
            element, view = self._index[id(heading), "text"], view_from(page, place.y)
            closed = heading.level > OPEN_TO
            canvas.add_bookmark(heading.text, element, depth, closed=closed, **view)


def nest(levels: Iterable[int]) -> list[int]:
    """Return the depth of each heading: one more than that of the last heading above its level."""
    depths = []
    above: list[int] = []
    for level in levels:
        while above and above[-1] >= level:
            above.pop()
        depths.append(len(above))
        above.append(level)
    return depths


def open_sheet(canvas: TaggedCanvas, page: Page) -> None:
    """Set the size and the rotation of the sheet for *page*.

    A landscape page is painted in its reading direction on a portrait sheet with rotation.
    """
    canvas.setPageSize((page.width, page.height))
    canvas.setPageRotation(90 if page.landscape else 0)
    if page.landscape:
        canvas.transform(0, 1, -1, 0, page.height, 0)


def on_sheet(page: Page, left: float, top: float, right: float, bottom: float) -> list[float]:
    """Return the rectangle in PDF coordinates of the sheet: lower left, upper right corner."""
    if page.landscape:
        return [top, left, bottom, right]
    return [left, page.height - bottom, right, page.height - top]


def view_from(page: Page, y: float) -> dict[str, float]:
    """Return the left and top parameters of a bookmark to the height *y* of *page*.

    For a portrait page there is no left: its horizontal position does not change.
    """
    return {"left": y, "top": 0} if page.landscape else {"top": page.height - y}
