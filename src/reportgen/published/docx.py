"""A DOCX → its tables, paragraphs and pictures, as a reader of the document sees them.

Tracked insertions are taken and deletions left out, content controls and text boxes are read
where they stand (ECMA-376-1, 17.5.2, 17.13.5, 17.3.3.21).  python-docx opens the package.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from reportgen.published.found import Finder, FoundFile, RawCell, RawRun

FINDING_NUMBER = "FindingNumber"
"""The character style of the numbers that our drafts put beside a text."""

MAX_UNPACKED = 500_000_000
MAX_XML = 50_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML = "{urn:schemas-microsoft-com:vml}"
_WRAPPERS = frozenset(
    _W + name
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "fldSimple")
)
_LEFT_OUT = frozenset(_W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "sdtPr"))
_TEXTS = {_W + "tab": " ", _W + "noBreakHyphen": "-", _W + "br": "\n", _W + "cr": "\n"}
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)


def read_docx(data: bytes, path: str) -> FoundFile:
    """Return what the DOCX *data* shows; *path* names it in messages.

    Raises ValueError when it is no DOCX, damaged, or unpacks to more than the limits.
    """
    import docx

    _refuse_bombs(data)
    try:
        document = docx.Document(io.BytesIO(data))
        flow = _Flow(document, Finder(path))
        flow.read(document.element.body)
        return flow.finder.finished(document.core_properties.title or "")
    except Exception as error:  # lxml and python-docx raise nearly anything on a broken package
        raise ValueError(f"这个 DOCX 无法读取（{type(error).__name__}）") from error


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            sizes = [(entry.filename, entry.file_size) for entry in package.infolist()]
    except (zipfile.BadZipFile, OSError) as error:
        raise ValueError("它不是 DOCX 文件") from error
    if sum(size for _, size in sizes) > MAX_UNPACKED:
        raise ValueError("解开后过大")
    if any(size > MAX_XML for name, size in sizes if name.endswith((".xml", ".rels"))):
        raise ValueError("解开后过大")


class _Flow:
    """Walks the body in reading order, handing blocks to ``finder``."""

    def __init__(self, document: Any, finder: Finder) -> None:
        self.finder = finder
        self._part = document.part
        self._levels = {
            style.style_id: int(found[1])
            for style in document.styles
            if style.name and (found := _HEADING.match(style.name))
        }

    def read(self, parent: Any) -> None:
        """Read the blocks that *parent* holds."""
        for child in parent:
            if child.tag == _W + "p":
                self._paragraph(child)
            elif child.tag == _W + "tbl":
                self._table(child)
            elif child.tag in _WRAPPERS:
                self.read(child)

    def _paragraph(self, paragraph: Any) -> None:
        runs = list(self._runs(paragraph))
        level = self._level(paragraph)
        marker = "" if level or paragraph.find(f"{_W}pPr/{_W}numPr") is None else "•"
        self.finder.paragraph(_stripped(runs, level), level=level, marker=marker)
        for content in _text_boxes(paragraph):
            self.read(content)
        for blip in _seen(paragraph, _A + "blip"):
            self._picture(blip)

    def _level(self, paragraph: Any) -> int:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and outline.get(_W + "val", "9") in "012345678":
            return int(outline.get(_W + "val")) + 1
        return self._levels.get(style.get(_W + "val"), 0) if style is not None else 0

    def _runs(self, parent: Any, link: str | None = None) -> Iterator[RawRun]:
        for child in parent:
            if child.tag == _W + "r":
                yield from _run(child, link)
            elif child.tag == _W + "hyperlink":
                yield from self._runs(child, self._target(child))
            elif child.tag in _WRAPPERS:
                yield from self._runs(child, link)

    def _target(self, hyperlink: Any) -> str | None:
        relation = self._part.rels.get(hyperlink.get(_R + "id", ""))
        return relation.target_ref if relation is not None and relation.is_external else None

    def _table(self, table: Any) -> None:
        nested = [inner for cell in _seen(table, _W + "tc") for inner in cell.iter(_W + "tbl")]
        if nested and not _is_filled_beside(table):
            for cell in _cells(table):
                self.read(cell)
            return
        self.finder.table([[self._cell(cell) for cell in _row_cells(row)] for row in _rows(table)])
        for cell in _cells(table):
            for blip in _seen(cell, _A + "blip"):
                self._picture(blip)

    def _cell(self, cell: Any) -> RawCell:
        properties = cell.find(_W + "tcPr")
        merge = properties.find(_W + "vMerge") if properties is not None else None
        span = properties.find(_W + "gridSpan") if properties is not None else None
        goes_on = merge is not None and merge.get(_W + "val", "continue") == "continue"
        text = "" if goes_on else self._cell_text(cell)
        width = span.get(_W + "val", "1") if span is not None else "1"
        return RawCell(text, column_span=int(width) if width.isdigit() else 1)

    def _cell_text(self, cell: Any) -> str:
        paragraphs = ("".join(run.text for run in self._runs(p)) for p in _seen(cell, _W + "p"))
        return re.sub(r"\s*\n\s*", "", "".join(paragraphs)).strip()

    def _picture(self, blip: Any) -> None:
        relation = self._part.rels.get(blip.get(_R + "embed", ""))
        if relation is None or relation.is_external:
            return
        name = relation.target_part.partname.rpartition("/")[2]
        described = next(blip.iterancestors(_WP + "inline", _WP + "anchor"), None)
        properties = described.find(_WP + "docPr") if described is not None else None
        alt = (
            (properties.get("descr") or properties.get("title") or "")
            if properties is not None
            else ""
        )
        self.finder.picture(name, alt, relation.target_part.blob)


def _run(run: Any, link: str | None) -> Iterator[RawRun]:
    properties = run.find(_W + "rPr")
    if properties is not None:
        style = properties.find(_W + "rStyle")
        if style is not None and style.get(_W + "val") == FINDING_NUMBER:
            return
        if _is_on(properties, "vanish"):
            return
    text = "".join(_text(child) for child in run)
    bold = properties is not None and _is_on(properties, "b")
    italic = properties is not None and _is_on(properties, "i")
    yield RawRun(text, bold, italic, link)


def _text(node: Any) -> str:
    return node.text or "" if node.tag == _W + "t" else _TEXTS.get(node.tag, "")


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(_W + name)
    return found is not None and found.get(_W + "val", "true") not in ("0", "false", "off")


def _seen(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the elements *tag* below *parent*, without what was deleted or is an alternative."""
    for child in parent:
        if child.tag in _LEFT_OUT or child.tag == _MC + "Fallback" or child.tag == _W + "tbl":
            continue
        if child.tag == tag:
            yield child
        else:
            yield from _seen(child, tag)


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    return _seen(paragraph, _W + "txbxContent")


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == _W + "tr":
            properties = child.find(_W + "trPr")
            if properties is None or properties.find(_W + "del") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _row_cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == _W + "tc":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _row_cells(child)


def _cells(table: Any) -> Iterator[Any]:
    return (cell for row in _rows(table) for cell in _row_cells(row))


def _is_filled_beside(table: Any) -> bool:
    """Return whether *table* has rows of several cells: it is more than a frame round another."""
    return any(len(list(_row_cells(row))) > 2 for row in _rows(table))


def _stripped(runs: list[RawRun], level: int) -> list[RawRun]:
    """Return *runs* with the line breaks of a title left out."""
    if not level:
        return runs
    return [RawRun(run.text.replace("\n", ""), run.bold, run.italic, run.link) for run in runs]
