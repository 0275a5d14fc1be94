"""Breaking a flow of boxes into pages.

A :class:`Box` is a strip across the type area that is never divided: a line of text, a row of a
table, or a row of pictures.  :func:`fill_pages` puts as many boxes on each page as fit, and
breaks where the boxes allow it.  It uses only their heights, distances and keeps, not their
content.  Lengths are points; y is measured downwards from the head of the type area.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import groupby
from math import ceil
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from reportgen.styles import PageGeometry

C = TypeVar("C")

FULL_ENOUGH = 2 / 3
"""The share of the page that must be filled for a soft keep to end the page early."""
FOOT_MARGIN = 3.0
"""The distance between the last shrinkable box and the foot of the page.  The DOCX uses the same
sizes, and word processors place pictures less exactly."""
_TOLERANCE = 0.01


class Keep(IntEnum):
    """How strongly a box is kept together with the next one."""

    FREE = 0
    """The page may end after the box."""
    SOFT = 1
    """The page should not end here, unless a third of it would otherwise stay empty."""
    HARD = 2
    """The page ends here only if it has no other place to end."""


class Box(Struct, Generic[C], frozen=True):
    """A strip across the type area that is not divided."""

    height: float
    content: C
    """What the box shows."""
    keep: Keep = Keep.FREE
    """How strongly the box is kept together with the next one."""
    space_before: float = 0.0
    """The least distance to the previous box.  Between two boxes the larger of ``space_after`` and
    ``space_before`` applies; at the head and the foot of a page there is none."""
    space_after: float = 0.0
    """The least distance to the next box."""
    lead: float = 0.0
    """The height needed above the box if it is the first on a page, for a repeated header."""
    tail: float = 0.0
    """The height needed below the box if it is the last on a page, for the rule of a table."""
    on_grid: bool = False
    """Whether the box begins on a line of the page's grid."""
    least: float | None = None
    """The height to which the box may be shrunk at the foot of a page; None if it may not."""
    on_new_page: bool = False
    """Whether the box begins a new page."""
    landscape: bool = False
    """Whether the box is placed on landscape pages, which hold no other boxes."""

    @property
    def slack(self) -> float:
        """How much the box may be shrunk."""
        return 0.0 if self.least is None else self.height - self.least


class PlacedBox(Struct, Generic[C], frozen=True):
    """A box placed on a page."""

    box: Box[C]
    top: float
    """The y of the upper edge."""
    height: float
    """The height on the page, less than that of the box if it was shrunk."""

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.top + self.height


def fill_pages(boxes: Sequence[Box[C]], page: PageGeometry) -> Iterator[tuple[PlacedBox[C], ...]]:
    """Yield the placed boxes of each page; every one of *boxes* occurs exactly once, in order.

    Every page holds at least one box.  No box extends below the type area, except one that is
    taller than the type area and therefore alone on its page.
    """
    start = 0
    while start < len(boxes):
        placed = _fill_page(boxes, start, page)
        yield _centre(_shrink(placed, page.text_height))
        start += len(placed)


def _stack(boxes: Sequence[Box[C]], start: int, page: PageGeometry) -> Iterator[PlacedBox[C]]:
    """Yield *boxes* from *start* on, placed below each other at their full height."""
    bottom, above, pitch = 0.0, 0.0, page.line_pitch
    for index in range(start, len(boxes)):
        box = boxes[index]
        top = bottom + max(above, box.space_before) if index > start else box.lead
        if box.on_grid:
            top = ceil((top - _TOLERANCE) / pitch) * pitch
        yield PlacedBox(box, top, box.height)
        bottom, above = top + box.height, box.space_after


def _fill_page(boxes: Sequence[Box[C]], start: int, page: PageGeometry) -> list[PlacedBox[C]]:
    """Return the boxes of the page that begins with box *start*, at their full height."""
    filled: list[PlacedBox[C]] = []
    ends: dict[Keep, tuple[int, float]] = {}  # see _best_end
    slack = 0.0
    for placed in _stack(boxes, start, page):
        box, bottom = placed.box, placed.bottom
        if box.on_new_page and filled:
            break
        filled.append(placed)
        # Only consecutive shrinkable boxes at the foot of the page can be shrunk together.
        slack = slack + box.slack if box.slack else 0.0
        foot = page.text_height - (FOOT_MARGIN if slack else 0.0)
        if bottom + box.tail - slack > foot + _TOLERANCE:
            return filled[: _best_end(ends, page.text_height * FULL_ENOUGH) or 1]
        ends[box.keep] = (len(filled), bottom)
    return filled


def _best_end(ends: dict[Keep, tuple[int, float]], enough: float) -> int | None:
    """Return the number of boxes after which the page ends best; None if there is no such place.

    *ends* holds, for each kind of keep, the last place where the page could end: the number of
    boxes before it and the y reached.  Below *enough*, a soft keep is respected.
    """
    free, soft = ends.get(Keep.FREE), ends.get(Keep.SOFT)
    if free and soft and free[1] < enough:
        return max(free[0], soft[0])
    best = free or soft or ends.get(Keep.HARD)
    return best[0] if best else None


def _shrink(page: list[PlacedBox[C]], limit: float) -> tuple[PlacedBox[C], ...]:
    """Return *page* with the shrinkable boxes at its foot shrunk so that they fit above *limit*."""
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


def _centre(page: tuple[PlacedBox[C], ...]) -> tuple[PlacedBox[C], ...]:
    """Return *page* with shrinkable boxes in the middle between the boxes above and below.

    The grid would leave all of the room below them.
    """
    moved, end = list(page), 0
    for is_shrinkable, group in groupby(page, lambda placed: placed.box.least is not None):
        stretch = list(group)
        first, end = end, end + len(stretch)
        if is_shrinkable and first > 0 and end < len(page):
            above = stretch[0].top - page[first - 1].bottom
            below = page[end].top - stretch[-1].bottom
            lower = max(0.0, (below - above) / 2)
            moved[first:end] = [replace(placed, top=placed.top + lower) for placed in stretch]
    return tuple(moved)
