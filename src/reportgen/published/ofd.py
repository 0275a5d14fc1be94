"""An OFD with text (GB/T 33190-2016) → tables, paragraphs and pictures, by page.

The objects on a page become characters, edges and pictures as pdfplumber has them, and are then
read like those of a PDF.  Fonts are not opened: the width of a character follows from the position
of the next one.  The data that our own OFD may carry along (``build --attach``) is read exactly.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from unicodedata import category, east_asian_width
from zipfile import ZipFile

from msgspec.structs import replace

from reportgen.published.found import Finder, FoundFile, RawPicture
from reportgen.published.packages import check_package
from reportgen.published.pdf import MAX_CROSSINGS, MAX_PAGES, attached_data, contents_of, crossings
from reportgen.published.pdf_limits import TooCostlyError
from reportgen.published.pdf_lines import PageContents, add_pages
from reportgen.styles import mm

Element: TypeAlias = Any
"""An element of lxml, which has no types."""

MAX_OBJECTS = 200_000
"""Objects, characters and segments of paths count as one each; our report of ten pages has
8,000."""
_DEPTH = 4
"""Composite objects nested deeper are left out."""
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


class _BrokenPartError(Exception):
    """A part is missing, or is not what it should be."""


def read_ofd(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the OFD *data* shows; *path* names it in messages.

    Raises ValueError, worded for the user, when the file cannot be read or holds scans only.
    """
    check_package(data)
    try:
        with ZipFile(io.BytesIO(data)) as package:
            document = _OfdDocument(package)
            pages = list(_contents(document))
            found, sources = attached_data(document.attachments())
            title = document.title
    except _BrokenPartError as error:
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


class Matrix(NamedTuple):
    """The transformation of (x, y) to (ax + cy + e, bx + dy + f), in millimetres."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return the point (*x*, *y*) after the transformation."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: Matrix) -> Matrix:
        """Return the transformation *first* followed by this one."""
        e, f = self.apply(first.e, first.f)
        return Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            e,
            f,
        )


class _Object(NamedTuple):
    """An object of a page."""

    kind: str
    element: Element
    matrix: Matrix
    """From its own coordinates to those of the page."""


class _OfdDocument:
    """The first document of a package."""

    def __init__(self, package: ZipFile) -> None:
        self._package = package
        self._names = {_plain(name): name for name in package.namelist()}
        self._left = MAX_OBJECTS
        entry = self._part("OFD.xml")
        body = _child(entry, "DocBody")
        self.title = _text(body, "DocInfo/Title")
        self._path = self._resolve("OFD.xml", _text(body, "DocRoot"))
        self._root = self._part(self._path)

    def spend(self, count: int = 1) -> None:
        """Count *count* things that are read; TooCostlyError when there were too many."""
        self._left -= count
        if self._left < 0:
            raise TooCostlyError

    def pages(self) -> Iterator[tuple[Element, str]]:
        """Yield the root of each page and its path."""
        for page in self._root.iterfind("{*}Pages/{*}Page"):
            path = self._resolve(self._path, page.get("BaseLoc", ""))
            yield self._part(path), path

    def size_of(self, page: Element) -> tuple[float, float]:
        """Return width and height of *page* in millimetres."""
        box = _text(page, "Area/PhysicalBox") or _text(
            self._root, "CommonData/PageArea/PhysicalBox"
        )
        numbers = _numbers(box)
        if len(numbers) != 4 or min(numbers[2:]) <= 0:
            raise _BrokenPartError
        return numbers[2], numbers[3]

    def objects(self, page: Element) -> Iterator[_Object]:
        """Yield the visible objects of *page* and of its templates."""
        for reference in page.iterfind("{*}Template"):
            path = self._templates.get(reference.get("TemplateID", ""))
            if path:
                yield from self._within(_child(self._part(path), "Content"), Matrix(), 0)
        content = page.find("{*}Content")
        if content is not None:
            yield from self._within(content, Matrix(), 0)

    def _within(self, parent: Element, outer: Matrix, depth: int) -> Iterator[_Object]:
        for element in parent.iterchildren("{*}*"):
            self.spend()
            kind = element.tag.rpartition("}")[2]
            if element.get("Visible") in ("false", "0"):
                continue
            if kind in ("Layer", "PageBlock"):
                yield from self._within(element, outer, depth)
            elif kind in ("TextObject", "PathObject", "ImageObject"):
                yield _Object(kind, element, outer.after(_matrix_of(element)))
            elif kind == "CompositeObject" and depth < _DEPTH:
                unit = self._units.get(element.get("ResourceID", ""))
                if unit is not None:
                    inner = outer.after(_matrix_of(element))
                    yield from self._within(unit, inner, depth + 1)

    def picture(self, key: str) -> bytes:
        """Return the file of the picture with the identifier *key*; empty if there is none."""
        path = self._media.get(key)
        return b"" if path is None else self._package.read(self._names[_plain(path)])

    def attachments(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of each attached file."""
        path = self._find(self._path, _text(self._root, "Attachments"))
        if not path:
            return
        for entry in self._part(path).iterfind("{*}Attachment"):
            if file := self._find(path, _text(entry, "FileLoc")):
                yield entry.get("Name", ""), self._package.read(self._names[_plain(file)])

    @cached_property
    def _templates(self) -> dict[str, str]:
        found = self._root.iterfind("{*}CommonData/{*}TemplatePage")
        return {
            page.get("ID", ""): self._find(self._path, page.get("BaseLoc", "")) for page in found
        }

    @cached_property
    def _resources(self) -> list[tuple[Element, str]]:
        """The parts that describe resources, each with the path that its files are below."""
        found = []
        for name in ("PublicRes", "DocumentRes"):
            for entry in self._root.iterfind(f"{{*}}CommonData/{{*}}{name}"):
                path = self._find(self._path, entry.text or "")
                if not path:
                    continue
                part = self._part(path)
                base = posixpath.join(posixpath.dirname(path), part.get("BaseLoc", ""))
                found.append((part, posixpath.join(base, "")))
        return found

    @cached_property
    def _media(self) -> dict[str, str]:
        """The paths of the media files by their identifiers."""
        found = {}
        for part, base in self._resources:
            for item in part.iterfind("{*}MultiMedias/{*}MultiMedia"):
                name = _text(item, "MediaFile")
                path = next((p for p in (base + name, name) if _plain(p) in self._names), None)
                if path is not None:
                    found[item.get("ID", "")] = path
        return found

    @cached_property
    def _units(self) -> dict[str, Element]:
        """The contents of the composite units by their identifiers."""
        found = {}
        for part, _ in self._resources:
            for unit in part.iterfind("{*}CompositeGraphicUnits/{*}CompositeGraphicUnit"):
                content = unit.find("{*}Content")
                if content is not None:
                    found[unit.get("ID", "")] = content
        return found

    def _resolve(self, path: str, place: str) -> str:
        """Return the path that the part at *path* calls *place*; _BrokenPartError if none is."""
        found = self._find(path, place)
        if not found:
            raise _BrokenPartError
        return found

    def _find(self, path: str, place: str) -> str:
        """Return the path that the part at *path* calls *place*; empty if nothing is there."""
        place = place.strip().replace("\\", "/")
        beside = posixpath.join(posixpath.dirname(path), place)
        return next((found for found in (beside, place) if _plain(found) in self._names), "")

    def _part(self, path: str) -> Element:
        from lxml import etree

        name = self._names.get(_plain(path))
        if name is None:
            raise _BrokenPartError
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(self._package.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise _BrokenPartError from error


def _plain(path: str) -> str:
    """Return *path* as it is compared: other programs differ in capitals and slashes."""
    return posixpath.normpath(path.replace("\\", "/")).lstrip("/").lower()


def _child(element: Element, name: str) -> Element:
    found = element.find(f"{{*}}{name}")
    if found is None:
        raise _BrokenPartError
    return found


def _text(element: Element, path: str) -> str:
    """Return the text of the element at *path*; empty if there is none."""
    found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return "" if found is None else (found.text or "").strip()


def _numbers(text: str) -> list[float]:
    try:
        found = [float(word) for word in text.split()]
    except ValueError as error:
        raise _BrokenPartError from error
    if not all(abs(value) < 1e6 for value in found):  # NaN as well
        raise _BrokenPartError
    return found


def _number(element: Element, name: str, default: float) -> float:
    found = _numbers(element.get(name, ""))
    return found[0] if found else default


def _matrix_of(element: Element) -> Matrix:
    """Return the transformation from the coordinates of the object to those around it."""
    box = _numbers(element.get("Boundary", ""))
    own = _numbers(element.get("CTM", ""))
    if len(box) != 4 or len(own) not in (0, 6):
        raise _BrokenPartError
    return Matrix(e=box[0], f=box[1]).after(Matrix(*own))


def _contents(document: _OfdDocument) -> Iterator[PageContents]:
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
        yield contents_of(drawn, _picture_of, has_tables=left >= 0)
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

    def __init__(self, document: _OfdDocument, page: Element, number: int) -> None:
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
        for item in objects:
            if item.kind == "TextObject":
                self._add_text(item)
            elif item.kind == "PathObject":
                self._add_path(item)
            else:
                self._add_picture(item)

    def find_tables(self, settings: Mapping[str, Any]) -> list[Any]:
        """Return the tables that the edges draw."""
        from pdfplumber.table import TableFinder

        found: list[Any] = TableFinder(self, dict(settings)).tables  # type: ignore[arg-type]
        return found

    def _add_text(self, item: _Object) -> None:
        matrix = item.matrix
        if min(abs(matrix.a), abs(matrix.b)) > _STRAIGHT * max(abs(matrix.a), abs(matrix.b)):
            return  # slanted, as watermarks are
        size = _number(item.element, "Size", 0.0)
        scale = max(abs(matrix.a), abs(matrix.b))
        stretch = _number(item.element, "HScale", 1.0)
        x = y = 0.0
        for code in item.element.iterfind("{*}TextCode"):
            text = (code.text or "").strip("\r\n\t")
            self._document.spend(len(text))
            x, y = _number(code, "X", x), _number(code, "Y", y)
            for char, start, end in _placed(text, code, size, stretch):
                left, base = matrix.apply(x + start[0], y + start[1])
                right, _ = matrix.apply(x + end, y + start[1])
                height = mm(size * scale)
                self.chars.append(
                    {
                        "text": char,
                        "size": height,
                        "x0": mm(min(left, right)),
                        "x1": mm(max(left, right)),
                        "top": mm(base) - _ASCENT * height,
                        "bottom": mm(base) + _DESCENT * height,
                    }
                )

    def _add_path(self, item: _Object) -> None:
        for start, end in _segments(_text(item.element, "AbbreviatedData")):
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

    def _add_picture(self, item: _Object) -> None:
        data = self._document.picture(item.element.get("ResourceID", ""))
        corners = [item.matrix.apply(x, y) for x in (0, 1) for y in (0, 1)]
        across, down = (sorted(map(mm, side)) for side in zip(*corners, strict=True))
        box = {"x0": across[0], "top": down[0]}
        size = {"width": across[-1] - across[0], "height": down[-1] - down[0]}
        self.images.append({**box, **size, "stream": data})


def _turn(objects: Sequence[_Object], width: float, height: float) -> Matrix:
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
            repeated = _numbers(" ".join(words[place + 1 : place + 3]))
            if len(repeated) < 2:
                raise _BrokenPartError
            count, value = repeated
            found += [value] * min(max(int(count), 0), most - len(found))
            place += 3
        else:
            found += _numbers(words[place])
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
            raise _BrokenPartError
        place += 1 + count
        if name == "C":
            yield here, start
            here = start
            continue
        *_, x, y = _numbers(" ".join(operands))
        if name == "L":
            yield here, (x, y)
        here = (x, y)
        if name in "SM":
            start = here
