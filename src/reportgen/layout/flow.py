"""Breaking a flow of boxes into pages.

A :class:`Box` is a strip across the type area that is never divided: a line of text, a row of a
table, or a row of pictures.  :func:`fill_pages` puts as many boxes on each page as fit, and
breaks where the boxes allow it.  It uses only their heights, distances and keeps, not their
content.  Lengths are points; y is measured downwards from the head of the type area.

Pictures may be shrunk so that a page is filled.  All groups that begin on a page are shrunk
alike, and a group that goes on overleaf keeps its size there: pictures that belong together
look alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import accumulate, groupby
from math import ceil, inf
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from reportgen.styles import NOTE_SPACE, PageGeometry

C = TypeVar("C")

FULL_ENOUGH = 2 / 3
"""The share of the page that must be filled for a soft keep to end the page early."""
LONG_NOTE = 1 / 3
"""The share of the page above which a footnote may go on at the foot of the next page."""
_LEAST_LINES = 2
FOOT_MARGIN = 3.0
"""The distance between the last shrinkable box and the foot of the page.  The DOCX uses the same
sizes, and word processors place pictures less exactly."""
_STEPS = 30
"""The number of sizes that are tried for shrinkable boxes besides the full one."""
_UNNOTICED = 0.1
"""The share of a page that may stay blank at its foot without anybody noticing."""
_SHRINKING = 0.12
"""How bad it is to shrink boxes as far as possible, in pages left blank."""
_PARTING = 0.25
"""How bad it is to end a page where boxes should be kept together, in pages left blank."""
_TOLERANCE = 0.01


class Keep(IntEnum):
    """How strongly a box is kept together with the next one."""

    FREE = 0
    """The page may end after the box."""
    LOOSE = 1
    """The page should not end here, unless a third of it would otherwise stay empty."""
    SOFT = 2
    """The same, and rather after a loose box than here."""
    HARD = 3
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
    """The height to which a picture may be shrunk to fill a page; None for other boxes."""
    goes_on: bool = False
    """Whether the box is shrunk as the previous one, being of the same group."""
    on_new_page: bool = False
    """Whether the box begins a new page."""
    landscape: bool = False
    """Whether the box is placed on landscape pages, which hold no other boxes."""
    notes: tuple[tuple[Box[C], ...], ...] = ()
    """The lines of each footnote that has its mark in the box."""
    is_note: bool = False
    """Whether the box is a line of a footnote."""

    @property
    def slack(self) -> float:
        """How much the box may be shrunk."""
        return 0.0 if self.least is None else self.height - self.least

    def shrunk(self, given: float) -> Box[C]:
        """Return the box without the share *given* of its slack, and no longer shrinkable."""
        if not self.slack:
            return self
        height = self.height - given * self.slack
        return replace(self, height=height, least=height)


class PlacedBox(Struct, Generic[C], frozen=True):
    """A box placed on a page."""

    box: Box[C]
    top: float
    """The y of the upper edge."""

    @property
    def height(self) -> float:
        """The height on the page."""
        return self.box.height

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.top + self.box.height


def fill_pages(boxes: Sequence[Box[C]], page: PageGeometry) -> Iterator[tuple[PlacedBox[C], ...]]:
    """Yield the placed boxes of each page; every one of *boxes* occurs exactly once, in order.

    Every page holds at least one box.  No box extends below the type area, except one that is
    taller than the type area and therefore alone on its page.  Footnotes follow at the foot of
    the page that has their mark; the rest of a long one is at the foot of the next page.
    """
    rest = list(boxes)
    start = 0
    carried: tuple[Box[C], ...] = ()
    while start < len(rest) or carried:
        foot: _Foot[C] = _Foot(carried, page.text_height)
        placed = _best_page(rest, start, page, foot)
        start += len(placed)
        notes = [note for item in placed for note in item.box.notes]
        text = _centre(placed)
        bottom = text[-1].bottom + text[-1].box.tail if text else 0.0
        lines, carried = foot.fill(notes, bottom)
        yield (*text, *lines)


def _best_page(
    rest: list[Box[C]], start: int, page: PageGeometry, foot: _Foot[C]
) -> list[PlacedBox[C]]:
    """Return the boxes of the page that begins with box *start* of *rest*, in their best size.

    Where a group goes on overleaf, its boxes in *rest* are replaced by those in that size.
    """
    best, given = _fill_page(rest, start, page, foot), 0.0
    if any(box.slack for box in rest[start : _end_of_kept(rest, start + len(best), page)]):
        lowest = _badness(rest, start, best, given, page, foot)
        for step in range(1, _STEPS + 1):
            if not lowest:
                break
            share = step / _STEPS
            found = _fill_page(rest, start, page, foot, share)
            badness = _badness(rest, start, found, share, page, foot)
            if badness < lowest:
                best, given, lowest = found, share, badness
    end = start + len(best)
    for index in range(end, _end_of_group(rest, end)):
        rest[index] = rest[index].shrunk(given)
    return best


def _end_of_kept(boxes: Sequence[Box[C]], start: int, page: PageGeometry) -> int:
    """Return the number of the box after those that are kept together with box *start*.

    What is higher than a page is not looked through to its end.
    """
    height = 0.0
    while start < len(boxes) and boxes[start].keep is not Keep.FREE and height < page.text_height:
        height += boxes[start].height - boxes[start].slack
        start += 1
    return start + 1


def _end_of_group(boxes: Sequence[Box[C]], start: int) -> int:
    """Return the number of the first box from *start* on that begins something new."""
    while start < len(boxes) and boxes[start].goes_on:
        start += 1
    return start


def _badness(
    boxes: Sequence[Box[C]],
    start: int,
    placed: Sequence[PlacedBox[C]],
    given: float,
    page: PageGeometry,
    foot: _Foot[C],
) -> float:
    """Return how bad a page with *placed*, the boxes from *start* on, is, in pages left blank.

    So are the next pages that only hold the rest of its last group, in the same size.
    """
    end = start + len(placed)
    badness = given * _SHRINKING + _blank(boxes, end, placed, page, foot)
    if end < len(boxes) and boxes[end].goes_on:
        group = [box.shrunk(given) for box in boxes[end : _end_of_group(boxes, end)]]
        first, empty = 0, _Foot[C]((), page.text_height)
        while first < len(group):
            following = _fill_page(group, first, page, empty)
            first += len(following)
            badness += _blank(group, first, following, page, empty)
    return badness


def _blank(
    boxes: Sequence[Box[C]],
    end: int,
    placed: Sequence[PlacedBox[C]],
    page: PageGeometry,
    foot: _Foot[C],
) -> float:
    """Return the badness of ending a page with *placed*, the boxes before *end*."""
    if not placed:
        return 0.0
    last = placed[-1]
    notes = [note for item in placed for note in item.box.notes]
    room = page.text_height - foot.least(notes) - last.bottom - last.box.tail
    if room < -_TOLERANCE:
        return inf
    if end == len(boxes) or boxes[end].on_new_page:
        return 0.0
    parting = _PARTING if Keep.FREE < last.box.keep < Keep.HARD else 0.0
    return parting + max(0.0, room / page.text_height - _UNNOTICED)


class _Foot(Generic[C]):
    """The foot of a page of *height*, with the lines *carried* over from the page before."""

    def __init__(self, carried: Sequence[Box[C]], height: float) -> None:
        self._carried = tuple(carried)
        self._height = height

    def least(self, notes: Sequence[Sequence[Box[C]]]) -> float:
        """Return the height that *notes*, each the lines of one, need on the page.

        Only the last one may go on overleaf, if it is long: a new one after two lines, one
        carried over after as much as makes a long one.
        """
        lines = [line for note in notes[:-1] for line in note]
        if notes:
            lines = [*self._carried, *lines, *self._first(notes[-1], 0.0)]
        else:
            lines += self._first(self._carried, self._height * LONG_NOTE)
        return sum(line.height for line in lines) + NOTE_SPACE if lines else 0.0

    def _first(self, note: Sequence[Box[C]], least: float) -> Sequence[Box[C]]:
        """Return the lines of *note* that must be on the page, of a long one those up to *least*.

        These are at least two.
        """
        heights = list(accumulate(line.height for line in note))
        if not heights or heights[-1] <= self._height * LONG_NOTE:
            return note
        return note[: max(_LEAST_LINES, bisect_right(heights, least))]

    def fill(
        self, notes: Sequence[Sequence[Box[C]]], bottom: float
    ) -> tuple[list[PlacedBox[C]], tuple[Box[C], ...]]:
        """Return the lines of *notes* placed below a text that ends at *bottom*, and those left.

        The last line is at the foot of the page.  Not a single line is left, if possible.
        """
        lines = [*self._carried, *(line for note in notes for line in note)]
        heights = list(accumulate(line.height for line in lines))
        room = max(self._height - bottom, self.least(notes)) - NOTE_SPACE
        count = bisect_right(heights, room + _TOLERANCE)
        if len(lines) - count == 1 and count > _LEAST_LINES:
            count -= 1
        top = self._height - heights[count - 1] if count else 0.0
        placed = []
        for line in lines[:count]:
            placed.append(PlacedBox(line, top))
            top += line.height
        return placed, tuple(lines[count:])


def _stack(
    boxes: Sequence[Box[C]], start: int, page: PageGeometry, given: float
) -> Iterator[PlacedBox[C]]:
    """Yield *boxes* from *start* on, placed below each other, shrunk by *given*."""
    bottom, above, pitch = 0.0, 0.0, page.line_pitch
    for index in range(start, len(boxes)):
        box = boxes[index].shrunk(given)
        top = bottom + max(above, box.space_before) if index > start else box.lead
        if box.on_grid:
            top = ceil((top - _TOLERANCE) / pitch) * pitch
        yield PlacedBox(box, top)
        bottom, above = top + box.height, box.space_after


def _fill_page(
    boxes: Sequence[Box[C]], start: int, page: PageGeometry, foot: _Foot[C], given: float = 0.0
) -> list[PlacedBox[C]]:
    """Return the boxes of the page that begins with box *start*, shrunk by *given*.

    Their footnotes have room at the *foot*.
    """
    filled: list[PlacedBox[C]] = []
    notes: list[Sequence[Box[C]]] = []
    ends: dict[Keep, tuple[int, float]] = {}  # see _best_end
    for placed in _stack(boxes, start, page, given):
        box, bottom = placed.box, placed.bottom
        if box.on_new_page and filled:
            break
        filled.append(placed)
        notes += box.notes
        margin = 0.0 if box.least is None else FOOT_MARGIN
        limit = page.text_height - foot.least(notes) - margin
        if bottom + box.tail > limit + _TOLERANCE:
            return filled[: _best_end(ends, page.text_height * FULL_ENOUGH) or 1]
        ends[box.keep] = (len(filled), bottom)
    return filled


def _best_end(ends: dict[Keep, tuple[int, float]], enough: float) -> int | None:
    """Return the number of boxes after which the page ends best; None if there is no such place.

    *ends* holds, for each kind of keep, the last place where the page could end: the number of
    boxes before it and the y reached.  The weakest keep with a place not above *enough* is best,
    else the last place of all without a hard keep.
    """
    places = [ends[keep] for keep in sorted(ends) if keep is not Keep.HARD]
    if places:
        return next((count for count, y in places if y >= enough), max(places)[0])
    return ends[Keep.HARD][0] if ends else None


def _centre(page: Sequence[PlacedBox[C]]) -> tuple[PlacedBox[C], ...]:
    """Return *page* with boxes off the grid in the middle between the lines above and below.

    The grid would leave all of the room below them.  What belongs to the line above, as a table
    does to its heading, stays close to it.
    """
    moved, end = list(page), 0
    for on_grid, group in groupby(page, lambda placed: placed.box.on_grid):
        stretch = list(group)
        first, end = end, end + len(stretch)
        is_between = first > 0 and end < len(page)
        if not on_grid and is_between and page[first - 1].box.keep is not Keep.HARD:
            above = stretch[0].top - page[first - 1].bottom
            below = page[end].top - stretch[-1].bottom
            lower = max(0.0, (below - above) / 2)
            moved[first:end] = [replace(placed, top=placed.top + lower) for placed in stretch]
    return tuple(moved)
