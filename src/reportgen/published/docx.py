"""A DOCX → its tables, paragraphs and pictures, as a reader of the document sees them.

Tracked insertions are taken and deletions left out, content controls and text boxes are read
where they stand (ECMA-376-1, 17.5.2, 17.13.5, 17.3.3.21), and the numbers that Word puts before
paragraphs by itself are worked out (17.9).  python-docx opens the package.

A DOC or WPS document is converted to DOCX first.  The library that does so is an extra: few
reports come in this format any more.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reportgen.characters import LOWERED, RAISED, has_only_scripts
from reportgen.heading_numbers import chinese_numeral
from reportgen.published.beside import beside_texts
from reportgen.published.found import (
    MAX_CELLS,
    Finder,
    FoundFile,
    RawBlock,
    RawParagraph,
    RawPicture,
    RawRun,
    TooMuchError,
)
from reportgen.published.frames import FrameCell, settled
from reportgen.published.packages import COMPOUND, check_compound, check_package
from reportgen.text import SELECTORS, one_line

FINDING_NUMBER = "FindingNumber"
"""The character style of the numbers that our drafts put beside a text."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML = "{urn:schemas-microsoft-com:vml}"
_NUMBERING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
_REFERENCE = W + "footnoteReference"
_UNKNOWN_MARK = "※"
"""What stands for the mark of a footnote whose text is not read."""
_WRAPPERS = frozenset(
    W + name
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "fldSimple")
)
_LEFT_OUT = frozenset(
    (*(W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "sdtPr", "tbl")),
     _MC + "Fallback")
)  # fmt: skip
_TEXTS = {W + "tab": " ", W + "noBreakHyphen": "-", W + "br": "\n", W + "cr": "\n"}
"""Raised digits stay apart from those before them: 2 with the note 1 is not 21."""
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)
_CAPTIONS = frozenset(("caption", "题注"))
_LISTS = re.compile(r"(?:list|列表)(?: (?:bullet|number))?(?: \d)?", re.I)
"""The styles of items; 列出段落 (List Paragraph) is the style of any pasted text."""
_TYPED_MARKER = re.compile(r"\s*(\d{1,3}[.．、])(?!\d)\s*")
_CHINESE_NUMBER = re.compile(r"[（(]?[一二三四五六七八九十]+[、）)]")
_MOST_COLUMNS = 63
"""Word has no table with more (ECMA-376-1, 17.4.17, leaves it open)."""


def read_docx(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the DOCX *data* shows; *path* names it in messages.

    Raises ValueError when it is no DOCX, damaged, or unpacks to more than the limits.
    """
    import docx
    import docx.oxml

    check_package(data)
    finder = Finder(path)
    try:
        document = docx.Document(io.BytesIO(data))
        flow = _Flow(document)
        for block in flow.read(document.element.body):
            finder.add(block)
        notes = dict(_footnotes(document, docx.oxml.parse_xml))
        for name, note in notes.items():
            finder.add(flow.note(name, note))
        found = finder.finished(document.core_properties.title or "")
        place_of = partial(finder.place_of, source=found.source)
        beside = beside_texts(document, path, docx.oxml.parse_xml, place_of, frozenset(notes))
        return replace(
            found,
            beside=tuple(beside),
            struck=tuple(flow.struck),
            flattened=tuple(flow.flattened),
        )
    except TooMuchError:
        raise
    except Exception as error:  # lxml and python-docx raise nearly anything on a broken package
        raise ValueError("这个 DOCX 无法读取，可以用 Word 或 WPS 打开后重新保存") from error


def _footnotes(document: Any, parse: Callable[[bytes], Any]) -> Iterator[tuple[str, Any]]:
    """Yield the footnotes that have marks in the text, outside of tables, by their ids."""
    marks = document.element.body.iter(_REFERENCE)
    outside = (mark for mark in marks if next(mark.iterancestors(W + "tbl"), None) is None)
    cited = dict.fromkeys(mark.get(W + "id") for mark in outside)
    texts: dict[str, Any] = {}
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes") and not relation.is_external:
            part = relation.target_part
            root = part.element if hasattr(part, "element") else parse(part.blob)
            texts = {note.get(W + "id"): note for note in root.iterchildren(W + "footnote")}
    yield from ((name, texts[name]) for name in cited if name in texts)


class _Flow:
    """Walks the body in reading order."""

    def __init__(self, document: Any) -> None:
        self.struck: list[str] = []
        """The texts that are struck through."""
        self.flattened: list[str] = []
        """The raised or lowered texts that lose their level."""
        self._part = document.part
        names = {style.style_id: style.name or "" for style in document.styles}
        self._levels = {
            name: int(found[1]) for name, shown in names.items() if (found := _HEADING.match(shown))
        }
        self._captions = {name for name, shown in names.items() if shown.lower() in _CAPTIONS}
        self._lists = {name for name, shown in names.items() if _LISTS.fullmatch(shown)}
        lists = [r.target_part for r in self._part.rels.values() if r.reltype == _NUMBERING]
        self._cells = 0
        self._numbering = Numbering(lists[0].element if lists else None, document.styles.element)

    def read(self, parent: Any) -> Iterator[RawBlock]:
        """Yield the blocks that *parent* holds."""
        for child in parent:
            if child.tag == W + "p":
                yield from self._paragraph(child)
            elif child.tag == W + "tbl":
                yield from settled(
                    [[self._box(cell) for cell in _row_cells(row)] for row in _rows(child)]
                )
            elif child.tag in _WRAPPERS:
                yield from self.read(child)

    def _paragraph(self, paragraph: Any) -> Iterator[RawBlock]:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(W + "val") if style is not None else None
        level, label = self._level(paragraph, name), self._numbering.label(paragraph)
        runs = list(self._runs(paragraph))
        if level:
            runs = [RawRun(r.text.replace("\n", ""), r.bold, r.italic, r.link) for r in runs]
        if label and (level or _CHINESE_NUMBER.match(label)):
            runs, label = [RawRun(label), *runs], ""
        elif not label and name in self._lists:
            label, runs = _typed_marker(runs)
        yield RawParagraph(runs, level, label, name in self._captions, origin=paragraph)
        for content in _seen(paragraph, W + "txbxContent"):
            yield from self.read(content)
        for picture in _pictures(paragraph):
            yield from self._picture(picture)

    def note(self, name: str, element: Any) -> RawParagraph:
        """Return the text of the footnote *name*, its paragraphs as lines."""
        runs = [RawRun(name, link=f"#fnref{name}")]
        for number, paragraph in enumerate(element.iterchildren(W + "p")):
            runs += [RawRun("\n")] if number else []
            runs += self._runs(paragraph)
        return RawParagraph(runs, is_text=True)

    def _level(self, paragraph: Any, style: str | None) -> int:
        outline = paragraph.find(f"{W}pPr/{W}outlineLvl")
        if outline is not None and outline.get(W + "val", "9") in "012345678":
            return int(outline.get(W + "val")) + 1
        return self._levels.get(style, 0) if style else 0

    def _runs(self, parent: Any, link: str | None = None) -> Iterator[RawRun]:
        for child in parent:
            if child.tag == W + "r":
                if (note := child.find(_REFERENCE)) is not None and not _is_left_out(child):
                    yield RawRun(_UNKNOWN_MARK, link=f"#fn{note.get(W + 'id')}")
                run = _run(child, link)
                if run.text.strip() and _is_struck(child):
                    self.struck.append(run.text.strip())
                elif not _is_left_out(child):
                    self.flattened += _flattened(child, run.text)
                    yield run
            elif child.tag == W + "hyperlink":
                yield from self._runs(child, self._target(child))
            elif child.tag in _WRAPPERS:
                yield from self._runs(child, link)

    def _target(self, hyperlink: Any) -> str | None:
        relation = self._part.rels.get(hyperlink.get(_R + "id", ""))
        return relation.target_ref if relation is not None and relation.is_external else None

    def _box(self, cell: Any) -> FrameCell:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise TooMuchError
        properties = cell.find(W + "tcPr")
        merge = properties.find(W + "vMerge") if properties is not None else None
        span = properties.find(W + "gridSpan") if properties is not None else None
        goes_on = merge is not None and merge.get(W + "val", "continue") == "continue"
        width = span.get(W + "val", "1") if span is not None else "1"
        columns = min(int(width), _MOST_COLUMNS) if width.isdecimal() else 1
        return FrameCell(() if goes_on else list(self.read(cell)), column_span=columns)

    def _picture(self, picture: Any) -> Iterator[RawPicture]:
        target = picture.get(_R + "embed") or picture.get(_R + "id") or ""
        relation = self._part.rels.get(target)
        if relation is None or relation.is_external:
            return
        name = str(relation.target_part.partname).rpartition("/")[2]
        described = next(picture.iterancestors(_WP + "inline", _WP + "anchor"), None)
        properties = described.find(_WP + "docPr") if described is not None else None
        alt = ""
        if properties is not None:
            alt = properties.get("descr") or properties.get("title") or ""
        yield RawPicture(name, one_line(alt), relation.target_part.blob)


def _typed_marker(runs: list[RawRun]) -> tuple[str, list[RawRun]]:
    """Return the number typed before an item, empty without one, and *runs* without it."""
    found = _TYPED_MARKER.match("".join(run.text for run in runs))
    if found is None:
        return "", runs
    kept, left = [], found.end()
    for run in runs:
        cut = min(left, len(run.text))
        left -= cut
        kept.append(RawRun(run.text[cut:], run.bold, run.italic, run.link))
    return found[1], kept


def _is_left_out(run: Any) -> bool:
    """Return whether *run* is hidden, struck through, or the number of a finding in our drafts."""
    properties = run.find(W + "rPr")
    if properties is None:
        return False
    is_number = _value_of(properties, "rStyle") == FINDING_NUMBER
    return is_number or _is_on(properties, "vanish") or _is_struck(run)


def _is_struck(run: Any) -> bool:
    properties = run.find(W + "rPr")
    if properties is None or _is_on(properties, "vanish"):
        return False
    return _is_on(properties, "strike") or _is_on(properties, "dstrike")


def _run(run: Any, link: str | None) -> RawRun:
    text = "".join(_text(child) for child in run).translate(SELECTORS)
    properties = run.find(W + "rPr")
    if properties is None:
        return RawRun(text, link=link)
    text = text.translate(_LEVELS.get(_value_of(properties, "vertAlign"), {}))
    return RawRun(text, _is_on(properties, "b"), _is_on(properties, "i"), link)


def _flattened(run: Any, text: str) -> list[str]:
    """Return *text*, read from *run*, if it is raised or lowered and now partly is not."""
    properties = run.find(W + "rPr")
    level = "" if properties is None else _value_of(properties, "vertAlign")
    is_flat = level in _LEVELS and not has_only_scripts(text)
    return [text.strip()] if is_flat else []


_LEVELS = {"superscript": RAISED, "subscript": LOWERED}


def _value_of(properties: Any, name: str) -> str:
    found = properties.find(W + name)
    return "" if found is None else str(found.get(W + "val", ""))


def _text(node: Any) -> str:
    return node.text or "" if node.tag == W + "t" else _TEXTS.get(node.tag, "")


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(W + name)
    return found is not None and found.get(W + "val", "true") not in ("0", "false", "off")


def _seen(parent: Any, *tags: str) -> Iterator[Any]:
    """Yield the elements of *tags* below *parent*, without what was deleted or is an alternative.

    What lies in one of them is left to whoever reads it, and so is a table.
    """
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _seen(child, *tags)


def _pictures(paragraph: Any) -> Iterator[Any]:
    """Yield the pictures of *paragraph* that do not lie in one of its text boxes."""
    found = _seen(paragraph, W + "txbxContent", _A + "blip", _VML + "imagedata")
    return (element for element in found if element.tag != W + "txbxContent")


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == W + "tr":
            properties = child.find(W + "trPr")
            if properties is None or properties.find(W + "del") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _row_cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == W + "tc":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _row_cells(child)


_CHINESE = frozenset(
    (
        "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting",
        "japaneseDigitalTenThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
    )
)  # fmt: skip
_BULLET = "•"
_LEVEL = re.compile(r"%([1-9])")
_MOST_STYLES = 20
"""Styles that one paragraph may inherit from, one from the other."""


class _Level(Struct, frozen=True):
    """A level of a list: kind of number, the text around the numbers, the first number."""

    kind: str
    text: str
    start: int


class _WordList(Struct):
    levels: Mapping[int, _Level]
    counts: dict[int, int]
    """The last number of each level, shared by all lists with the same definition."""
    restarts: dict[int, int]
    """The number with which a level begins in this list, until it has begun."""


class Numbering:
    """Counts the numbered paragraphs of a document, which must be asked about in their order.

    *root* is the part with the lists, None when there is none; *styles* the element of styles.
    """

    def __init__(self, root: Any, styles: Any) -> None:
        self._lists = dict(_lists(root)) if root is not None else {}
        self._styles = {
            style.get(W + "styleId"): style for style in styles.iterchildren(W + "style")
        }

    def label(self, paragraph: Any) -> str:
        """Return what Word prints before *paragraph*: ``（一）``, ``•``, mostly nothing."""
        number, depth = self._place(paragraph)
        numbered = self._lists.get(number)
        level = numbered.levels.get(depth) if numbered else None
        if numbered is None or level is None or level.kind == "none":
            return ""
        if level.kind == "bullet":
            return _BULLET
        counts = numbered.counts
        following = counts.get(depth, level.start - 1) + 1
        counts[depth] = numbered.restarts.pop(depth, following)
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return _LEVEL.sub(lambda found: _number(numbered, int(found[1]) - 1), level.text)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return the list and level of *paragraph*, from its style when it names none."""
        number = depth = ""
        for properties in self._properties(paragraph):
            found = properties.find(W + "numPr")
            if found is not None:
                number = number or _value(found.find(W + "numId"))
                depth = depth or _value(found.find(W + "ilvl"))
            if number:
                break
        return number, _whole(depth, 0)

    def _properties(self, paragraph: Any) -> Iterator[Any]:
        """Yield the properties of *paragraph*, then those of the styles it inherits from."""
        own = paragraph.find(W + "pPr")
        if own is None:
            return
        yield own
        name = _value(own.find(W + "pStyle"))
        for _ in range(_MOST_STYLES):
            style = self._styles.get(name)
            if style is None:
                return
            if (properties := style.find(W + "pPr")) is not None:
                yield properties
            name = _value(style.find(W + "basedOn"))


def _lists(root: Any) -> Iterator[tuple[str, _WordList]]:
    """Yield the id of each list and the list."""
    abstract = {
        item.get(W + "abstractNumId"): (dict(_levels(item)), dict[int, int]())
        for item in root.iterchildren(W + "abstractNum")
    }
    for item in root.iterchildren(W + "num"):
        if found := abstract.get(_value(item.find(W + "abstractNumId"))):
            levels, counts = found
            overrides = list(item.iterchildren(W + "lvlOverride"))
            own = dict(chain.from_iterable(map(_levels, overrides)))
            restarts = {
                _whole(override.get(W + "ilvl", ""), 0): _whole(_value(start), 1)
                for override in overrides
                if (start := override.find(W + "startOverride")) is not None
            }
            yield item.get(W + "numId"), _WordList({**levels, **own}, counts, restarts)


def _levels(parent: Any) -> Iterator[tuple[int, _Level]]:
    """Yield the depth of each level that *parent* defines, and the level."""
    for level in parent.iterchildren(W + "lvl"):
        yield (
            _whole(level.get(W + "ilvl", ""), 0),
            _Level(
                _value(level.find(W + "numFmt")) or "decimal",
                _value(level.find(W + "lvlText")),
                _whole(_value(level.find(W + "start")), 1),
            ),
        )


def _number(numbered: _WordList, depth: int) -> str:
    level = numbered.levels.get(depth)
    if level is None:
        return ""
    number = numbered.counts.get(depth, level.start)
    if level.kind in _CHINESE and 0 < number < 10_000:
        return chinese_numeral(number)
    return str(number)


def _value(element: Any) -> str:
    return element.get(W + "val", "") if element is not None else ""


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else otherwise


NOT_INSTALLED = (
    "读取 DOC、WPS 文件要另外安装：pip install msdoc2docx；也可以用 Word 或 WPS 打开，另存为 .docx"
)


def read_doc(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the document *data* shows; *path* names it in messages.

    Raises ValueError when the extra ``doc`` is not installed or the document cannot be read.
    """
    try:
        import doc2docx
    except ImportError:
        raise ValueError(NOT_INSTALLED) from None
    if data.startswith(COMPOUND):
        check_compound(data)
    with tempfile.TemporaryDirectory(prefix="reportgen-") as place:
        before, after = Path(place, "a.doc"), Path(place, "a.docx")
        before.write_bytes(data)
        try:
            doc2docx.convert(before, after)
            converted = after.read_bytes()
        except Exception as error:  # the library raises nearly anything on a broken document
            reason = "可以用 Word 或 WPS 打开，另存为 .docx"
            raise ValueError(f"这个 DOC 无法读取，{reason}") from error
    return read_docx(converted, path, folder)
