"""The parts of an OFD package, and the objects on its pages (GB/T 33190-2016, 7.4 to 7.9, 8.5).

Other programs differ in how they write paths, and leave out parts; what is not needed may be
missing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias
from zipfile import ZipFile

from reportgen.published.pdf_limits import TooCostlyError

Element: TypeAlias = Any
"""An element of lxml, which has no types."""

MAX_OBJECTS = 200_000
"""Objects, characters and segments of paths count as one each; our report of ten pages has
8,000."""
_OURS = "reportgen"
"""The creator that our own files name."""
_DEPTH = 4
"""Composite objects nested deeper are left out."""


class BrokenPartError(Exception):
    """A part is missing, or is not what it should be."""


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


class OfdObject(NamedTuple):
    """An object of a page."""

    kind: str
    element: Element
    matrix: Matrix
    """From its own coordinates to those of the page."""


class OfdDocument:
    """The first document of a package."""

    def __init__(self, package: ZipFile) -> None:
        self._package = package
        # Other programs list folders as well.
        files = (name for name in package.namelist() if not name.endswith("/"))
        self._names = {_plain(name): name for name in files}
        self._left = MAX_OBJECTS
        entry = self._part("OFD.xml")
        body = _child(entry, "DocBody")
        self.title = text_of(body, "DocInfo/Title")
        self._is_ours = text_of(body, "DocInfo/Creator") == _OURS
        self._path = self._resolve("OFD.xml", text_of(body, "DocRoot"))
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
        box = text_of(page, "Area/PhysicalBox") or text_of(
            self._root, "CommonData/PageArea/PhysicalBox"
        )
        numbers = numbers_in(box)
        if len(numbers) != 4 or min(numbers[2:]) <= 0:
            raise BrokenPartError
        return numbers[2], numbers[3]

    def objects(self, page: Element) -> Iterator[OfdObject]:
        """Yield the visible objects of *page* and of its templates."""
        for reference in page.iterfind("{*}Template"):
            path = self._templates.get(reference.get("TemplateID", ""))
            if path:
                yield from self._within(_child(self._part(path), "Content"), Matrix(), 0)
        content = page.find("{*}Content")
        if content is not None:
            yield from self._within(content, Matrix(), 0)

    def _within(self, parent: Element, outer: Matrix, depth: int) -> Iterator[OfdObject]:
        for element in parent.iterchildren("{*}*"):
            self.spend()
            kind = element.tag.rpartition("}")[2]
            if element.get("Visible") in ("false", "0"):
                continue
            if kind == "PageBlock" and self._is_drawing(element):
                yield OfdObject("Drawing", element[0], outer.after(_matrix_of(element[0])))
            elif kind in ("Layer", "PageBlock"):
                yield from self._within(element, outer, depth)
            elif kind in ("TextObject", "PathObject", "ImageObject"):
                yield OfdObject(kind, element, outer.after(_matrix_of(element)))
            elif kind == "CompositeObject" and depth < _DEPTH:
                unit = self._units.get(element.get("ResourceID", ""))
                if unit is not None:
                    inner = outer.after(_matrix_of(element))
                    yield from self._within(unit, inner, depth + 1)

    def _is_drawing(self, block: Element) -> bool:
        """Return whether *block* is a chart in a file of ours, which is read as what it says."""
        return self._is_ours and len(block) > 0 and bool(block[0].get("Name"))

    def picture(self, key: str) -> bytes:
        """Return the file of the picture with the identifier *key*; empty if there is none."""
        path = self._media.get(key)
        return b"" if path is None else self._package.read(self._names[_plain(path)])

    def attachments(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of each attached file."""
        path = self._find(self._path, text_of(self._root, "Attachments"))
        if not path:
            return
        for entry in self._part(path).iterfind("{*}Attachment"):
            if file := self._find(path, text_of(entry, "FileLoc")):
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
                name = text_of(item, "MediaFile")
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
        """Return the path that the part at *path* calls *place*; BrokenPartError if none is."""
        found = self._find(path, place)
        if not found:
            raise BrokenPartError
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
            raise BrokenPartError
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(self._package.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise BrokenPartError from error


def _plain(path: str) -> str:
    """Return *path* as it is compared: other programs differ in capitals and slashes."""
    return posixpath.normpath(path.replace("\\", "/")).lstrip("/").lower()


def _child(element: Element, name: str) -> Element:
    found = element.find(f"{{*}}{name}")
    if found is None:
        raise BrokenPartError
    return found


def text_of(element: Element, path: str) -> str:
    """Return the text of the element at *path*; empty if there is none."""
    found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return "" if found is None else (found.text or "").strip()


def numbers_in(text: str) -> list[float]:
    """Return the numbers in *text*; BrokenPartError if one is none, or too great."""
    try:
        found = [float(word) for word in text.split()]
    except ValueError as error:
        raise BrokenPartError from error
    if not all(abs(value) < 1e6 for value in found):  # NaN as well
        raise BrokenPartError
    return found


def number_of(element: Element, name: str, default: float) -> float:
    """Return the first number in the attribute *name* of *element*; *default* if it has none."""
    found = numbers_in(element.get(name, ""))
    return found[0] if found else default


def _matrix_of(element: Element) -> Matrix:
    """Return the transformation from the coordinates of the object to those around it."""
    box = numbers_in(element.get("Boundary", ""))
    own = numbers_in(element.get("CTM", ""))
    if len(box) != 4 or len(own) not in (0, 6):
        raise BrokenPartError
    return Matrix(e=box[0], f=box[1]).after(Matrix(*own))
