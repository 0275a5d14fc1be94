"""Where the pages of a draft show its findings and its cells, for the page in the browser.

Places are shares of a page's width and height, so that they fit a picture of any size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from reportgen.checks import ComparedCell, compare_with_last_year
from reportgen.document.nodes import Cell
from reportgen.forms import Form, Number, plain_number, rounded
from reportgen.layout.items import Page, Pagination, RuleLine, TextRun

if TYPE_CHECKING:
    from reportgen.model import Report

_FINDING = "finding"
_STRAIGHT = 0.5
"""The largest difference in points of the ends of a rule that is upright or level."""
_NEAR = 2.0


class FindingMark(Struct, frozen=True):
    """The small numbers that a page has beside a flagged text or in a flagged cell."""

    page: int
    """The 1-based number of the page."""
    numbers: tuple[int, ...]
    """The numbers of the findings."""
    x: float
    y: float
    """The middle of the numbers."""


class CellTip(Struct, frozen=True):
    """A cell of an official table, and what is said of it when it is pointed at."""

    page: int
    x: float
    y: float
    width: float
    height: float
    text: str


def finding_marks(pages: Pagination) -> Iterator[FindingMark]:
    """Yield the marks of *pages*, in the order in which they are read."""
    for page in pages.pages:
        marks = [
            item for item in page.items if isinstance(item, TextRun) and item.artifact == _FINDING
        ]
        for item in sorted(marks, key=lambda mark: (mark.y, mark.x)):
            numbers = tuple(int(part) for part in item.text.split(",") if part.isdecimal())
            x, y = item.x + item.width / 2, item.y - item.size / 2
            yield FindingMark(page.number, numbers, x / page.width, y / page.height)


def cell_tips(pages: Pagination, report: Report, form: Form) -> Iterator[CellTip]:
    """Yield the cells with a number of last year, and what that was; none without last year's."""
    if report.previous is None:
        return
    texts = {
        str(cell): _said(item, item.last_year, report.previous.year)
        for item in compare_with_last_year(report, form)
        if item.last_year is not None
        for cell in item.addends or (item.cell,)
    }
    for page in pages.pages:
        yield from _tips_on(page, texts)


def _said(item: ComparedCell, last_year: Number, year: int) -> str:
    """Return what is said of *item*: ``申请/本年新收/总计：2023年 35，增加 6，同比 +17.14%``."""
    name = f"{item.cell}（{len(item.addends)} 行合计）" if item.addends else item.cell
    parts = [f"{name}：{year}年 {plain_number(last_year)}"]
    if item.change is not None:
        sign = "增加" if item.change > 0 else "减少"
        parts.append(
            f"{sign} {plain_number(item.change).lstrip('-')}" if item.change else "没有增减"
        )
    if item.rate:
        parts.append(f"同比 {rounded(item.rate, 2):+}%")
    return "，".join(parts)


def _tips_on(page: Page, texts: Mapping[str, str]) -> Iterator[CellTip]:
    rules = [item for item in page.items if isinstance(item, RuleLine)]
    runs = [item for item in page.items if isinstance(item, TextRun)]
    first: dict[str, TextRun] = {}
    for run in runs:
        if isinstance(run.node, Cell):
            first.setdefault(run.node.name, run)
    for name, run in first.items():
        if name not in texts:
            continue
        left, top, right, bottom = _box(run, rules)
        yield CellTip(
            page.number,
            left / page.width,
            top / page.height,
            (right - left) / page.width,
            (bottom - top) / page.height,
            texts[name],
        )


def _box(text: TextRun, rules: list[RuleLine]) -> tuple[float, float, float, float]:
    """Return the sides of the cell that *text* stands in: the nearest rules around it."""
    x, y = text.x + text.width / 2, text.y - text.size / 2
    upright = [r for r in rules if abs(r.x0 - r.x1) < _STRAIGHT and _covers(r.y0, r.y1, y)]
    level = [r for r in rules if abs(r.y0 - r.y1) < _STRAIGHT and _covers(r.x0, r.x1, x)]
    lefts, rights = (
        [r.x0 for r in upright if r.x0 <= x],
        [r.x0 for r in upright if r.x0 > x],
    )
    tops, bottoms = [r.y0 for r in level if r.y0 <= y], [r.y0 for r in level if r.y0 > y]
    return (
        max(lefts, default=text.x),
        max(tops, default=text.y - text.size),
        min(rights, default=text.x + text.width),
        min(bottoms, default=text.y),
    )


def _covers(start: float, end: float, place: float) -> bool:
    return min(start, end) - _NEAR <= place <= max(start, end) + _NEAR
