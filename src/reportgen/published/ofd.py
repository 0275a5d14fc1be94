"""An OFD with text (GB/T 33190-2016) → tables, paragraphs and pictures, by page.

The objects on a page become characters, edges and pictures as pdfplumber has them, and are then
read like those of a PDF.  Fonts are not opened: the width of a character follows from the position
of the next one.  The data that our own OFD may carry along (``build --attach``) is read exactly.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from unicodedata import category, east_asian_width
from zipfile import ZipFile

from msgspec.structs import replace

from reportgen.published.found import Finder, FoundFile, RawPicture
from reportgen.published.ofd_package import (
    BrokenPartError,
    Element,
    Matrix,
    OfdDocument,
    OfdObject,
    number_of,
    numbers_in,
    text_of,
)
from reportgen.published.packages import check_package
from reportgen.published.pdf import MAX_CROSSINGS, MAX_PAGES, attached_data, contents_of, crossings
from reportgen.published.pdf_limits import TooCostlyError
from reportgen.published.pdf_lines import PageContents, PlacedBlock, add_pages
from reportgen.styles import mm
from reportgen.text import one_line

_ASCENT, _DESCENT = 0.88, 0.12
_STRAIGHT = 0.02
"""Text and lines that lean less than this, as a tangent, are upright."""
_WIDE_STEP, _NARROW_STEP = 1.3, 0.8
"""A character reaches to the next one that is at most so many times its size away."""
_UNREADABLE = 0.3
_NO_CODE = "\ufffd\xa4"
"""What other programs write for a glyph of which they do not know the character."""
_TOKENS = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_PICTURES = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}


def read_ofd(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the OFD *data* shows; *path* names it in messages.

    Raises ValueError, worded for the user, when the file cannot be read or holds scans only.
    """
    check_package(data)
    try:
        with ZipFile(io.BytesIO(data)) as package:
            document = OfdDocument(package)
            pages = list(_contents(document))
            found, sources = attached_data(document.attachments())
            title = document.title
    except BrokenPartError as error:
        raise ValueError("这个 OFD 已损坏或已加密，无法读取") from error
    if not pages:
        raise ValueError("这个 OFD 没有一页")
    scans = tuple(page.number for page in pages if page.is_scan)
    if len(scans) * 2 > len(pages):
        raise ValueError(
            "这个 OFD 是扫描件，里面只有图片，没有文字；请找电子版，或用阅读器另存为 PDF"
        )
    finder = Finder(path)
    add_pages(pages, finder)
    made = finder.finished(title)
    return replace(made, attached=found, sources=sources, unread_pages=scans)


def _contents(document: OfdDocument) -> Iterator[PageContents]:
    """Yield what stands on each page of *document*."""
    left = MAX_CROSSINGS
    characters = unreadable = 0
    for number, (page, _) in enumerate(islice(document.pages(), MAX_PAGES + 1), 1):
        if number > MAX_PAGES:
            raise TooCostlyError
        drawn = _RuledPage(document, page, number)
        characters += len(drawn.chars)
        unreadable += sum(map(_is_unreadable, drawn.chars))
        left -= crossings(drawn)
        contents = contents_of(drawn, _picture_of, has_tables=left >= 0)
        contents.placed.extend(drawn.drawings)
        yield contents
    if unreadable > _UNREADABLE * characters:
        raise ValueError("这个 OFD 的文字没有编码，读不出来；请找电子版（Word、网页），或重新导出")


def _is_unreadable(char: Mapping[str, Any]) -> bool:
    return char["text"] in _NO_CODE or category(char["text"]) == "Co"


def _picture_of(data: bytes, name: str) -> RawPicture | None:
    """Return the picture *data*, *name* without a suffix; None for other kinds."""
    suffix = next((_PICTURES[start] for start in _PICTURES if data.startswith(start)), "")
    return RawPicture(f"{name}{suffix}", "", data) if suffix else None


class _RuledPage:
    """A page with the attributes of one of pdfplumber; lengths in points."""

    def __init__(self, document: OfdDocument, page: Element, number: int) -> None:
        self.page_number = number
        self._document = document
        width, height = document.size_of(page)
        objects = list(document.objects(page))
        turn = _turn(objects, width, height)
        if turn != Matrix():
            objects = [item._replace(matrix=turn.after(item.matrix)) for item in objects]
            width, height = height, width
        self.width, self.height = mm(width), mm(height)
        self.bbox = (0.0, 0.0, self.width, self.height)
        self.chars: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.images: list[dict[str, Any]] = []
        self.drawings: list[PlacedBlock] = []
        for item in objects:
            if item.kind == "TextObject":
                self._add_text(item)
            elif item.kind == "PathObject":
                self._add_path(item)
            elif item.kind == "Drawing":
                words = RawPicture("", one_line(item.element.get("Name")), b"")
                self.drawings.append(PlacedBlock(number, mm(item.matrix.f), words))
            else:
                self._add_picture(item)

    def find_tables(self, settings: Mapping[str, Any]) -> list[Any]:
        """Return the tables that the edges draw."""
        from pdfplumber.table import TableFinder

        found: list[Any] = TableFinder(self, dict(settings)).tables  # type: ignore[arg-type]
        return found

    def _add_text(self, item: OfdObject) -> None:
        matrix = item.matrix
        if min(abs(matrix.a), abs(matrix.b)) > _STRAIGHT * max(abs(matrix.a), abs(matrix.b)):
            return  # slanted, as watermarks are
        size = number_of(item.element, "Size", 0.0)
        scale = max(abs(matrix.a), abs(matrix.b))
        stretch = number_of(item.element, "HScale", 1.0)
        x = y = 0.0
        for code in item.element.iterfind("{*}TextCode"):
            text = (code.text or "").strip("\r\n\t")
            self._document.spend(len(text))
            x, y = number_of(code, "X", x), number_of(code, "Y", y)
            for char, start, end in _placed(text, code, size, stretch):
                origin = matrix.apply(x + start[0], y + start[1])
                to = matrix.apply(x + end, y + start[1])
                self.chars.append({"text": char, **_box(matrix, origin, to, mm(size * scale))})

    def _add_path(self, item: OfdObject) -> None:
        for start, end in _segments(text_of(item.element, "AbbreviatedData")):
            self._document.spend()
            ends = item.matrix.apply(*start), item.matrix.apply(*end)
            (x0, x1), (top, bottom) = (sorted(map(mm, side)) for side in zip(*ends, strict=True))
            width, height = x1 - x0, bottom - top
            if min(width, height) > _STRAIGHT * max(width, height):
                continue
            self.edges.append(
                {
                    "object_type": "line",
                    "orientation": "v" if height > width else "h",
                    "x0": x0,
                    "x1": x1,
                    "top": top,
                    "bottom": bottom,
                    "width": width,
                    "height": height,
                }
            )

    def _add_picture(self, item: OfdObject) -> None:
        data = self._document.picture(item.element.get("ResourceID", ""))
        corners = [item.matrix.apply(x, y) for x in (0, 1) for y in (0, 1)]
        across, down = (sorted(map(mm, side)) for side in zip(*corners, strict=True))
        box = {"x0": across[0], "top": down[0]}
        size = {"width": across[-1] - across[0], "height": down[-1] - down[0]}
        self.images.append({**box, **size, "stream": data})


def _box(
    matrix: Matrix, origin: tuple[float, float], end: tuple[float, float], size: float
) -> dict[str, Any]:
    """Return size and edges, in points, of a character that *matrix* places.

    *origin* and *end* are the ends of its base line in millimetres.  What stands on end is marked
    as pdfplumber does, with a matrix as in a PDF, where the second axis points upwards.
    """
    (left, right), (top, bottom) = (sorted(map(mm, side)) for side in zip(origin, end, strict=True))
    if abs(matrix.a) >= abs(matrix.b):
        top, bottom = mm(origin[1]) - _ASCENT * size, mm(origin[1]) + _DESCENT * size
        return {"size": size, "x0": left, "x1": right, "top": top, "bottom": bottom}
    over, under = (_ASCENT, _DESCENT) if matrix.b > 0 else (_DESCENT, _ASCENT)
    left, right = mm(origin[0]) - under * size, mm(origin[0]) + over * size
    box = {"size": size, "x0": left, "x1": right, "top": top, "bottom": bottom}
    return {**box, "upright": False, "matrix": (matrix.a, -matrix.b)}


def _turn(objects: Sequence[OfdObject], width: float, height: float) -> Matrix:
    """Return what turns a page so that most of its text is upright."""
    ways: Counter[int] = Counter()
    for item in objects:
        if item.kind == "TextObject":
            count = sum(len(code.text or "") for code in item.element.iterfind("{*}TextCode"))
            a, b = item.matrix.a, item.matrix.b
            ways[0 if abs(a) >= abs(b) else (1 if b > 0 else -1)] += count
    way = ways.most_common(1)[0][0] if ways else 0
    if way == 0:
        return Matrix()
    # Text that runs downwards is turned to the left, text that runs upwards to the right.
    return Matrix(0, -1, 1, 0, 0, width) if way > 0 else Matrix(0, 1, -1, 0, height, 0)


def _placed(
    text: str, code: Element, size: float, stretch: float
) -> Iterator[tuple[str, tuple[float, float], float]]:
    """Yield each character of *text* with its origin and where it ends, from that of the first."""
    across = _steps(code.get("DeltaX", ""), len(text))
    down = _steps(code.get("DeltaY", ""), len(text))
    x = y = 0.0
    for place, char in enumerate(text):
        is_wide = east_asian_width(char) in "WFA"
        width = size * stretch * (1 if is_wide else 0.5)
        has_step = place < len(across)
        step = across[place] if has_step else 0.0 if place < len(down) else width
        reach = size * stretch * (_WIDE_STEP if is_wide else _NARROW_STEP)
        yield char, (x, y), x + (step if has_step and 0 < step <= reach else width)
        x += step
        y += down[place] if place < len(down) else 0.0


def _steps(text: str, most: int) -> list[float]:
    """Return the distances in *text*, at most *most*; ``g 3 5.2`` is 5.2 three times (11.3)."""
    words = text.split()
    found: list[float] = []
    place = 0
    while place < len(words) and len(found) < most:
        if words[place] == "g":
            repeated = numbers_in(" ".join(words[place + 1 : place + 3]))
            if len(repeated) < 2:
                raise BrokenPartError
            count, value = repeated
            found += [value] * min(max(int(count), 0), most - len(found))
            place += 3
        else:
            found += numbers_in(words[place])
            place += 1
    return found


def _segments(data: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the ends of each straight segment of the path *data* (9.1)."""
    tokens = _TOKENS.findall(data)
    start = here = (0.0, 0.0)
    place = 0
    while place < len(tokens):
        name = tokens[place]
        count = _OPERANDS.get(name)
        operands = tokens[place + 1 : place + 1 + (count or 0)]
        if count is None or len(operands) < count:
            raise BrokenPartError
        place += 1 + count
        if name == "C":
            yield here, start
            here = start
            continue
        *_, x, y = numbers_in(" ".join(operands))
        if name == "L":
            yield here, (x, y)
        here = (x, y)
        if name in "SM":
            start = here
