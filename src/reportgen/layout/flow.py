"""Breaking a flow of boxes over pages.

A :class:`Box` is a strip of the type area's full width that never breaks: a
line of text, a row of a table, a row of pictures.  :func:`fill_pages` fills
page after page with as many boxes as fit and breaks where the boxes allow it.  It
knows heights and keeps, nothing of what a box shows.
Lengths are points, y downwards from the head of the type area.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from math import ceil
from typing import Generic, TypeVar

from msgspec import Struct

from reportgen.styles import PageGeometry

C = TypeVar("C")

FULL_ENOUGH = 2 / 3
"""The share of a page that must be filled before a soft keep may end it early."""
FOOT_MARGIN = 3.0
"""Shrinkable boxes end this much above the foot of the page: the DOCX takes their size from
here, and other programs place them less exactly."""
_TOLERANCE = 0.01


class Keep(IntEnum):
    """How strongly a box holds on to the next one.

    FREE: a page may end here.  SOFT: it should not, unless a third of the page would stay
    empty otherwise.  HARD: only if the page has no other place to end.
    """

    FREE = 0
    SOFT = 1
    HARD = 2


class Box(Struct, Generic[C], frozen=True):
    """A strip of ``height`` that shows ``content``."""

    height: float
    content: C
    keep: Keep = Keep.FREE
    """How strongly it holds on to the next box."""
    space_before: float = 0.0
    """The least distance to the box before.  The larger of two distances counts; none does at
    the head and foot of a page."""
    space_after: float = 0.0
    """The least distance to the box behind."""
    lead: float = 0.0
    """The height of what stands above the box when it is first on a page (a repeated header)."""
    on_grid: bool = False
    """Whether it begins on a line of the page's grid."""
    least: float | None = None
    """The height it may be shrunk to at the foot of a page; None if it may not."""
    on_new_page: bool = False
    landscape: bool = False
    """Whether it stands on landscape pages, which hold no other boxes."""

    @property
    def slack(self) -> float:
        """How much shorter the box may become."""
        return 0.0 if self.least is None else self.height - self.least


class PlacedBox(Struct, Generic[C], frozen=True):
    """A box on its page: the y of its upper edge, and its height there."""

    box: Box[C]
    top: float
    height: float

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.top + self.height


def fill_pages(boxes: Sequence[Box[C]], page: PageGeometry) -> Iterator[tuple[PlacedBox[C], ...]]:
    """Yield, page by page, all *boxes* in order, each exactly once.

    Every page holds at least one box; only a box taller than the type area,
    alone on its page, reaches over the foot.
    """
    start = 0
    while start < len(boxes):
        placed = _fill_page(boxes, start, page)
        yield _shrink(placed, page.text_height)
        start += len(placed)


def _stack(boxes: Sequence[Box[C]], start: int, page: PageGeometry) -> Iterator[PlacedBox[C]]:
    """Yield *boxes* from *start* on below each other at their full height."""
    bottom, above, pitch = 0.0, 0.0, page.line_pitch
    for index in range(start, len(boxes)):
        box = boxes[index]
        top = bottom + max(above, box.space_before) if index > start else box.lead
        if box.on_grid:
            top = ceil((top - _TOLERANCE) / pitch) * pitch
        yield PlacedBox(box, top, box.height)
        bottom, above = top + box.height, box.space_after


def _fill_page(boxes: Sequence[Box[C]], start: int, page: PageGeometry) -> list[PlacedBox[C]]:
    """Return the boxes of the page that begins with *start*, at their full height."""
    filled: list[PlacedBox[C]] = []
    ends: dict[Keep, tuple[int, float]] = {}
    slack = 0.0
    for placed in _stack(boxes, start, page):
        box, bottom = placed.box, placed.bottom
        if box.on_new_page and filled:
            break
        filled.append(placed)
        # Only shrinkable boxes in a row at the foot can be shrunk together.
        slack = slack + box.slack if box.slack else 0.0
        foot = page.text_height - (FOOT_MARGIN if slack else 0.0)
        if bottom - slack > foot + _TOLERANCE:
            return filled[: _best_end(ends, page.text_height * FULL_ENOUGH) or 1]
        ends[box.keep] = (len(filled), bottom)
    return filled


def _best_end(ends: dict[Keep, tuple[int, float]], enough: float) -> int | None:
    """Return the best of the last places of each kind where the page could end.

    *ends* are the box behind the place and the y reached; *enough* is the y from which on a
    soft keep is respected.
    """
    free, soft = ends.get(Keep.FREE), ends.get(Keep.SOFT)
    if free and soft and free[1] < enough:
        return max(free[0], soft[0])
    best = free or soft or ends.get(Keep.HARD)
    return best[0] if best else None


def _shrink(page: list[PlacedBox[C]], limit: float) -> tuple[PlacedBox[C], ...]:
    """Return *page* with the shrinkable boxes at its foot made just short enough for *limit*."""
    excess = page[-1].bottom - (limit - FOOT_MARGIN)
    first = len(page)
    while first and page[first - 1].box.slack:
        first -= 1
    slack = sum(placed.box.slack for placed in page[first:])
    if excess <= _TOLERANCE or not slack:
        return tuple(page)
    ratio = min(1.0, excess / slack)
    shrunk, given = page[:first], 0.0
    for placed in page[first:]:
        loss = placed.box.slack * ratio
        shrunk.append(PlacedBox(placed.box, placed.top - given, placed.height - loss))
        given += loss
    return tuple(shrunk)
