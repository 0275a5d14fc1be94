"""The characters of a page → lines; lines, tables and pictures of all pages → blocks.

A PDF has neither lines nor paragraphs.  A paragraph continues, also on the next page, as long as
its lines are full and the next line is not indented.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from typing import Any, TypeAlias
from unicodedata import bidirectional

from msgspec import Struct
from msgspec.structs import replace

from reportgen.characters import LOWERED, RAISED
from reportgen.published.found import (
    Finder,
    RawBlock,
    RawParagraph,
    RawRun,
)
from reportgen.published.pdf_order import in_logical_order
from reportgen.text import MOST_FOOTNOTES, footnote_mark, footnote_number, is_latin

_SAME_LINE = 0.5
"""Characters whose middles are less than this share of their size apart share a line."""
_WATERMARK = 60
"""Characters of so many points are no text."""
_NEW_COLUMN = 3.0
"""A gap of so many times the size parts texts that stand beside each other."""
_WORD_GAP = 0.2
_SMALL, _ABOVE, _BELOW = 0.8, 0.3, 0.05
"""Raised and lowered digits are so much smaller than what stands before them, and their lower
edge is so far above or below that of it."""
_INDENT = 1.2
_NOT_FULL = 2.5
"""A line that ends so many times its size before the edge is the last of its paragraph."""
_MARGIN = 0.12
"""Running heads and page numbers stand in this share of the page, at its top or bottom; those of
the sheet that a landscape page is printed on stand on end at the left or right."""
_REPEATED = 3
"""A line in the margin of so many pages belongs to none of them."""
_PAGE_NUMBER = re.compile(
    r"[-—–－_·•一\s]*(?:\d{1,3}|第\s*\d{1,3}\s*页|\d{1,3}\s*/\s*\d{1,3})"
    r"(?:[,，/\s]*共\s*\d{1,3}\s*页)?[-—–－_·•一\s]*"
)


_MARKS = 0xF0000
"""Behind this character stand those for ① to ⑳ in the text of lines where they are raised."""
_MARK = re.compile(f"([{chr(_MARKS + 1)}-{chr(_MARKS + MOST_FOOTNOTES)}])")
_NOTE_SIZE = 0.85
"""Footnotes are set smaller than this share of the size of the text."""


class PageLine(Struct, frozen=True):
    """A line of text on a page; lengths in points from the upper left corner."""

    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    text: str
    turned: bool = False
    """Whether the line goes from right to left."""
    on_end: bool = False
    """Whether the line runs down or up the page."""


class PageSize(Struct, frozen=True):
    """The size of a page in points."""

    width: float
    height: float


def lines_on(chars: Sequence[Mapping[str, Any]], page: int, size: PageSize) -> list[PageLine]:
    """Return the lines that *chars* (of :func:`.pdf_order.levelled`) form on a page of *size*.

    Those that stand on end, as the page number of a landscape page does, are among them.
    """
    by_way: dict[int, list[Mapping[str, Any]]] = {0: [], 1: [], -1: []}
    for char in chars:
        by_way[_way(char)].append(char)
    lines = lines_of(by_way.pop(0), page)
    on_end = [
        _standing(line, way, size)
        for way, own in by_way.items()
        for line in lines_of([_lying(char, way, size) for char in own], page)
    ]
    return sorted([*lines, *on_end], key=lambda line: line.top) if on_end else lines


_LEANS = 0.02
"""Text on end leans less than this from the edge of the page, as a tangent."""


def _way(char: Mapping[str, Any]) -> int:
    """Return 1 if *char* is of a line that runs down the page, -1 if up, else 0."""
    if char.get("upright", True):
        return 0
    across, up = char["matrix"][:2]
    return 0 if abs(across) > _LEANS * abs(up) else (1 if up < 0 else -1)


def _lying(char: Mapping[str, Any], way: int, size: PageSize) -> Mapping[str, Any]:
    """Return *char* where it is when the page of *size* is turned so that its line lies."""
    left, right, top, bottom = (char[edge] for edge in ("x0", "x1", "top", "bottom"))
    if way > 0:
        box = {"x0": top, "x1": bottom, "top": size.width - right, "bottom": size.width - left}
    else:
        box = {"x0": size.height - bottom, "x1": size.height - top, "top": left, "bottom": right}
    return {**char, **box, "size": right - left}


def _standing(line: PageLine, way: int, size: PageSize) -> PageLine:
    """Return *line*, of characters from :func:`_lying`, where it is on the page."""
    left, right, top, bottom = line.left, line.right, line.top, line.bottom
    if way > 0:
        left, right, top, bottom = size.width - bottom, size.width - top, left, right
    else:
        left, right, top, bottom = top, bottom, size.height - right, size.height - left
    return replace(line, left=left, right=right, top=top, bottom=bottom, on_end=True)


def lines_of(chars: Iterable[Mapping[str, Any]], page: int) -> list[PageLine]:
    """Return the lines that *chars* (of :func:`.pdf_order.levelled`) form, from top to bottom."""
    rows: list[list[Mapping[str, Any]]] = []
    middle = size = 0.0
    small = (char for char in chars if char["size"] < _WATERMARK)
    for char in sorted(small, key=lambda char: char["top"] + char["bottom"]):
        own = (char["top"] + char["bottom"]) / 2
        if not rows or own - middle > _SAME_LINE * max(size, char["size"]):
            rows.append([])
            size = 0.0
        if char["size"] > size:  # not a superscript, which is met before its line
            middle, size = own, char["size"]
        rows[-1].append(char)
    return [line for row in rows for line in _lines(row, page)]


def _lines(row: list[Mapping[str, Any]], page: int) -> Iterator[PageLine]:
    """Yield what stands in one *row*: mostly one line, or texts far apart."""
    row.sort(key=lambda char: char["x0"])
    start = 0
    for at in range(1, len(row) + 1):
        is_end = at == len(row)
        if is_end or row[at]["x0"] - row[at - 1]["x1"] > _NEW_COLUMN * row[at]["size"]:
            part = row[start:at]
            start = at
            kinds = "".join(bidirectional(char["text"][:1])[:1] for char in part)
            turned = kinds.count("R") + kinds.count("A") > kinds.count("L")
            ordered = in_logical_order(part, turned) if "order" in part[0] else part
            if text := _text(ordered).strip():
                yield PageLine(
                    page,
                    min(char["x0"] for char in part if char["text"].strip()),
                    max(char["x1"] for char in part if char["text"].strip()),
                    min(char["top"] for char in part),
                    max(char["bottom"] for char in part),
                    Counter(round(char["size"], 1) for char in part).most_common(1)[0][0],
                    text,
                    turned,
                )


def _text(chars: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of *chars*, blanks put in where words stand apart.

    The gap between a Chinese character and a digit is no blank.
    """
    text = ""
    before: Mapping[str, Any] | None = None
    for char in chars:
        shown = _shown(char["text"])
        level = _level(char, before) if before is not None else {}
        if level is RAISED and (number := footnote_number(shown)):
            shown = chr(_MARKS + number)
        if before is not None:
            if shown == before["text"] and abs(char["x0"] - before["x0"]) < 0.1 * char["size"]:
                continue  # drawn twice to look bold
            gap = char["x0"] - before["x1"]
            if gap > _WORD_GAP * char["size"] and is_latin(text[-1:]) and is_latin(shown[:1]):
                text += " "
        text += shown.translate(level)
        before = before if level else char
    return text


def _level(char: Mapping[str, Any], before: Mapping[str, Any]) -> dict[int, int]:
    """Return what makes of *char* a raised or lowered digit, if it is one behind *before*."""
    if char["size"] > _SMALL * before["size"]:
        return {}
    above = before["bottom"] - char["bottom"]
    if above > _ABOVE * before["size"]:
        return RAISED
    return LOWERED if above < -_BELOW * before["size"] else {}


def _shown(char: str) -> str:
    """Return *char*, radicals and compatibility forms that fonts mix up as the usual one."""
    if char and ("\u2e80" <= char[0] <= "\u2fdf" or "\uf900" <= char[0] <= "\ufaff"):
        return unicodedata.normalize("NFKC", char)
    return char


def without_margins(lines: Sequence[PageLine], sizes: Mapping[int, PageSize]) -> list[PageLine]:
    """Return *lines* without page numbers and without heads and feet that run through.

    *sizes* are the pages by number.
    """
    outside = [line for line in lines if _is_in_margin(line, sizes[line.page])]
    pages_with = Counter(text for _, text in {(line.page, line.text) for line in outside})
    dropped = {
        id(line)
        for line in outside
        if _PAGE_NUMBER.fullmatch(line.text) or pages_with[line.text] >= _REPEATED
    }
    return [line for line in lines if id(line) not in dropped]


def _is_in_margin(line: PageLine, size: PageSize) -> bool:
    if line.on_end:
        return line.right < _MARGIN * size.width or line.left > (1 - _MARGIN) * size.width
    return line.bottom < _MARGIN * size.height or line.top > (1 - _MARGIN) * size.height


class Edges(Struct, frozen=True):
    """The left and right edges of the text, by the size of the page."""

    by_page: Mapping[int, tuple[float, float]]

    def goes_on(self, before: PageLine, line: PageLine) -> bool:
        """Return whether *line* goes on with the paragraph of *before*."""
        if before.on_end or line.on_end:
            return False
        left, right = self.by_page[before.page][0], self.by_page[before.page][1]
        own_left, own_right = self.by_page[line.page]
        if before.turned:
            is_full = before.left < left + _NOT_FULL * before.size
            is_indented = line.right < own_right - _INDENT * line.size
        else:
            is_full = before.right > right - _NOT_FULL * before.size
            is_indented = line.left > own_left + _INDENT * line.size
        is_alike = abs(before.size - line.size) < 1
        is_below = line.page != before.page or line.top > before.top + 0.5 * before.size
        return is_full and not is_indented and is_alike and is_below and before.left < right > left


def edges_of(lines: Sequence[PageLine], sizes: Mapping[int, PageSize]) -> Edges:
    """Return the edges that most *lines* keep to; pages of one size share them."""
    found: dict[PageSize, tuple[float, float]] = {}
    for size in set(sizes.values()):
        own = [line for line in lines if sizes[line.page] == size]
        wide = [line for line in own if line.right - line.left > size.width / 2] or own
        if wide:
            found[size] = (_usual(line.left for line in wide), _usual(line.right for line in wide))
    return Edges({page: found.get(size, (0, 0)) for page, size in sizes.items()})


def _usual(values: Iterable[float]) -> float:
    """Return the value that most of *values* are within a point of."""
    return float(Counter(round(value) for value in values).most_common(1)[0][0])


def paragraphs(lines: Sequence[PageLine], edges: Edges) -> Iterator[tuple[int, str]]:
    """Yield page and text of each paragraph that *lines* form, in their order."""
    text = ""
    start = before = None
    for line in lines:
        if before is None or not edges.goes_on(before, line):
            if start is not None:
                yield start.page, text
            start, text = line, line.text
        else:
            text = _joined(text, line.text)
        before = line
    if start is not None:
        yield start.page, text


def _joined(text: str, line: str) -> str:
    """Return *text* with the *line* that goes on with it."""
    return text + " " * (is_latin(text[-1:]) and is_latin(line[:1])) + line


class PlacedBlock(Struct, frozen=True):
    """A table or picture on a page."""

    page: int
    top: float
    """The distance of its upper edge from that of the page, in points."""
    block: RawBlock


class PageContents(Struct, frozen=True):
    """The content of a page."""

    number: int
    """The number of the page, counted from 1."""
    size: PageSize
    lines: list[PageLine]
    """The lines outside of tables."""
    placed: list[PlacedBlock]
    """The tables and pictures."""
    is_scan: bool = False
    """Whether the page is a picture without text."""


_Item: TypeAlias = PageLine | PlacedBlock


def add_pages(pages: Sequence[PageContents], finder: Finder) -> None:
    """Add what stands on *pages* to *finder*, paragraphs put together over their ends."""
    sizes = {page.number: page.size for page in pages}
    lines = without_margins([line for page in pages for line in page.lines], sizes)
    lines, notes = take_footnotes(lines)
    edges = edges_of(lines, sizes)
    items: list[_Item] = [*lines, *(item for page in pages for item in page.placed)]
    items.sort(key=lambda item: (item.page, item.top))
    for is_text, group in groupby(items, key=lambda item: isinstance(item, PageLine)):
        if is_text:
            _add_text([item for item in group if isinstance(item, PageLine)], edges, finder)
            continue
        for item in group:
            if isinstance(item, PlacedBlock):
                finder.page = item.page
                finder.add(item.block)
    for number, note in enumerate(notes, 1):
        finder.page = note[0].page
        text = reduce(_joined, (line.text for line in note))
        mark = RawRun(text[0], link=f"#fnref{number}")
        finder.add(RawParagraph([mark, RawRun(text[1:])], is_text=True))


def _add_text(lines: Sequence[PageLine], edges: Edges, finder: Finder) -> None:
    for page, text in paragraphs(lines, edges):
        finder.page = page
        finder.add(RawParagraph(list(_runs(text))))


def _runs(text: str) -> Iterator[RawRun]:
    """Yield *text* as runs; the marks of footnotes are runs of their own."""
    for part in _MARK.split(text):
        if _MARK.fullmatch(part):
            number = ord(part) - _MARKS
            yield RawRun(footnote_mark(number), link=f"#fn{number}")
        elif part:
            yield RawRun(part)


def take_footnotes(
    lines: Sequence[PageLine],
) -> tuple[list[PageLine], list[list[PageLine]]]:
    """Return *lines* without those of footnotes, and the lines of each of these, in order.

    The lines of footnotes are the last ones of a page, in small type; the first one begins with a
    mark that is raised somewhere above it.  A footnote goes on at the foot of the next page.  In
    the lines that are returned the marks have the numbers of their footnotes among all.
    """
    usual = Counter(line.size for line in lines).most_common(1)[0][0] if lines else 0.0
    kept: list[PageLine] = []
    notes: list[list[PageLine]] = []
    is_open = False
    for _, group in groupby(lines, key=lambda line: line.page):
        own = list(group)
        foot = _foot(own, usual, notes[-1][-1].size if is_open else 0.0)
        numbers: dict[str, int] = {}
        for line in own[foot:]:
            mark = _MARKS + footnote_number(line.text[0])
            if mark > _MARKS and any(chr(mark) in above.text for above in own[:foot]):
                numbers[chr(mark)] = len(notes) + 1
                notes.append([])
            notes[-1].append(line)
        is_open = foot < len(own)
        kept += [_numbered(line, numbers) for line in own[:foot]]
    return kept, notes


def _foot(lines: Sequence[PageLine], usual: float, open_size: float) -> int:
    """Return where among the *lines* of a page its footnotes begin.

    *usual* is the size of the text, *open_size* that of a footnote that may go on here, else 0.
    """
    first = len(lines)
    while first and lines[first - 1].size < _NOTE_SIZE * usual:
        first -= 1
    for place in range(first, len(lines)):
        line = lines[place]
        mark = chr(_MARKS + footnote_number(line.text[0]))
        if abs(line.size - open_size) < 1 or (
            mark != chr(_MARKS) and any(mark in above.text for above in lines[:first])
        ):
            return place
    return len(lines)


def _numbered(line: PageLine, numbers: Mapping[str, int]) -> PageLine:
    """Return *line*, its marks with their *numbers*; those without a footnote are plain text."""

    def mark(found: re.Match[str]) -> str:
        number = numbers.get(found[0], 0)
        return (
            chr(_MARKS + number)
            if 0 < number <= MOST_FOOTNOTES
            else footnote_mark(ord(found[0]) - _MARKS)
        )

    return replace(line, text=_MARK.sub(mark, line.text)) if _MARK.search(line.text) else line
