"""Where a page lies on its sheet of paper: the PDF's user space (ISO 32000-1, 8.3.2.3).

Pages count from the upper left corner downwards, PDF from the lower left
upwards.  A landscape page lies on its upright sheet with its head at the left
edge, and viewers turn the sheet clockwise to show it.
"""

from __future__ import annotations

from reportgen.layout.items import Page
from reportgen.writers.pdf.objects import Token, decimal


def sheet_entries(page: Page) -> dict[str, Token]:
    """Return the page object's entries about the sheet of paper."""
    if page.landscape:
        return {"MediaBox": [0, 0, page.height, page.width], "Rotate": 90}
    return {"MediaBox": [0, 0, page.width, page.height]}


def turning(page: Page) -> list[str]:
    """Return the operator that turns the content of *page*, if it lies turned on its sheet."""
    return [f"0 1 -1 0 {decimal(page.height)} 0 cm"] if page.landscape else []


def on_sheet(page: Page, left: float, top: float, right: float, bottom: float) -> list[float]:
    """Return the rectangle as PDF writes one: its lower left, then its upper right corner."""
    if page.landscape:
        return [top, left, bottom, right]
    return [left, page.height - bottom, right, page.height - top]


def view_from(page: Page, y: float) -> tuple[Token, Token]:
    """Return left and top of the view that a bookmark of the height *y* of *page* opens.

    An upright page stays where it is sideways.
    """
    return (y, 0) if page.landscape else (b"null", page.height - y)
