"""Where a page lies on its sheet: the places that PDF counts outside of a content stream.

Pages count from the upper left corner downwards, PDF from the lower left
upwards.  A landscape page lies on its upright sheet with its head at the left
edge, and viewers turn the sheet clockwise to show it.
"""

from __future__ import annotations

from reportgen.layout.items import Page
from reportgen.writers.pdf.canvas import TaggedCanvas


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
