"""Bookmarks from the places of the headings (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportgen.layout.items import Destination, Page
from reportgen.writers.pdf.canvas import TaggedCanvas
from reportgen.writers.pdf.sheet import view_from

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
