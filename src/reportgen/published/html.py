"""A web page as saved from a browser → its tables, paragraphs and pictures.

The page may come from any content management system: spans wrong, tables within tables, cells
without rows.  Lexbor repairs it as browsers do (HTML Standard, section 13.2); what a browser
would not show (scripts, hidden forms, navigation) is left out.

Parsers of HTML look through all open elements at nearly every tag (13.2.6.4.7, "has an element in
button scope"): a hundred thousand take minutes.  So it is found out first how deep they nest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.characters import LOWERED, RAISED, has_only_scripts
from reportgen.published.found import (
    Finder,
    FoundFile,
    FrameCell,
    RawBlock,
    RawParagraph,
    RawPicture,
    RawRun,
    RawTable,
    TooMuchError,
    settled,
)
from reportgen.published.text import cut_out_pictures, decode, find_picture, whole_number
from reportgen.text import one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_NODES = 150_000
"""Elements and texts of one page; a report's has some thousand."""
MAX_TABLE_DEPTH = 30
"""Tables within tables; deeper ones are read as text."""
_MOST_SPAN = 1000
_LEAST_PICTURE = 40
"""Pictures narrower or lower than so many pixels are bullets and icons."""
_MOST_BOUNDARIES = 50
"""Parts with parts of a page saved as one file; browsers write one."""
_LEAST_ROWS = 3
"""A table of fewer rows does not tell where the text of the page is."""
_UNSEEN = frozenset(
    (
        "script", "style", "noscript", "template", "head", "nav", "iframe", "object", "select",
        "option", "button", "textarea", "svg", "math", "canvas", "audio", "video",
    )
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "li",
        "main", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
        "ul", *_HEADINGS,
    )
)  # fmt: skip
_BOLD, _ITALIC = frozenset(("b", "strong")), frozenset(("i", "em"))
_SPACE = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\ufe0e\ufe0f]+")
_WEIGHT = re.compile(r"font-weight:\s*(bold|normal|lighter|[1-9]00)")
_LIGHT = frozenset(("normal", "lighter", "100", "200", "300", "400", "500"))
_HIDING = frozenset(("hidden", "sr-only", "visually-hidden"))
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden|font-size:\s*0(?![.\d])")
_STRUCK = frozenset(("del", "s", "strike"))
_STRUCK_THROUGH = re.compile(r"text-decoration[^;]*line-through")
_LEVELS = {"sup": RAISED, "sub": LOWERED}
_FIELDS = frozenset(("", "text", "number"))
"""Kinds of fields that show a value as text."""


def read_html(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the page *data* shows; *path* names it in messages.

    Pictures that the page names are taken from *folder* and below, nowhere else.
    Raises ValueError, worded for the user, when the page is larger or deeper than any report.
    """
    page, inside = cut_out_pictures(data)
    return _read_page(page, path, lambda source: find_picture(source, folder, inside))


def read_archive(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the page shows that a browser saved with its pictures as the one file *data*.

    That is MHTML (RFC 2557): a message whose first page is the page, and whose other parts are
    what it names.  *folder* is not read.  Raises ValueError as :func:`read_html`.
    """
    import email

    if data.lower().count(b"boundary=") > _MOST_BOUNDARIES:
        raise ValueError("网页嵌套过深，不像一份年度报告")
    parts = [part for part in email.message_from_bytes(data).walk() if not part.is_multipart()]
    pages = [part for part in parts if part.get_content_type() == "text/html"]
    if not pages:
        raise ValueError("里面没有网页")
    pictures: dict[str, bytes] = {}
    for part in parts:
        if part.get_content_maintype() == "image":
            content = bytes(part.get_payload(decode=True) or b"")
            pictures[str(part.get("Content-Location", "")).strip()] = content
            pictures[f"cid:{str(part.get('Content-ID', '')).strip().strip('<>')}"] = content
    page, inside = cut_out_pictures(bytes(pages[0].get_payload(decode=True) or b""))

    def find(source: str) -> tuple[str, bytes] | None:
        found = find_picture(source, None, inside)
        saved = pictures.get(source.strip())
        return (found[0], saved) if found and saved else found

    return _read_page(page, path, find)


def _read_page(
    page: bytes, path: str, find: Callable[[str], tuple[str, bytes] | None]
) -> FoundFile:
    """Return what *page* shows; *find* returns name and bytes of the picture of a ``src``."""
    from selectolax.lexbor import LexborHTMLParser

    text = decode(page, is_html=True)
    check_depth(text)
    tree = LexborHTMLParser(text)
    walk = _Walk(find)
    if tree.body is not None:
        walk.read(tree.body)
    finder = Finder(path)
    places = []
    for block in walk.flows[0]:
        before = finder.count
        finder.add(block)
        if finder.count > before:
            places.append(walk.order_of(block))
    title = tree.css_first("title")
    body = _body(places, walk.body_range()) if walk.has_tables else None
    found = finder.finished(" ".join(title.text().split()) if title else "", body)
    return replace(found, struck=tuple(walk.struck), flattened=tuple(walk.flattened))


def _body(places: Sequence[int], wanted: range) -> tuple[int, int]:
    """Return the first of the blocks at *places* inside *wanted*, and the first behind it."""
    inside = [number for number, place in enumerate(places) if place in wanted]
    return (inside[0], inside[-1] + 1) if inside else (0, len(places))


class _OpenElement(Struct):
    """An element that is open: how its text looks, and where it began."""

    node: LexborNode
    tag: str
    start: int
    look: RawRun = RawRun("")
    level: int = 0
    marker: str = ""
    """What an item of a list begins with; taken by its first paragraph."""
    items: int = 0
    """The number of the last item of a numbered list."""
    is_caption: bool = False
    level_of_text: str = ""
    """``sup`` or ``sub`` in such an element."""
    holds_table: bool = False
    flow: int = 0
    """Where the blocks of a cell are gathered, 0 for any other element."""


class _OpenTable(Struct):
    element: _OpenElement
    rows: list[list[FrameCell]] = field(default_factory=list)


class _Walk:
    """Walks a page in reading order without recursion, however deep it is."""

    def __init__(self, find: Callable[[str], tuple[str, bytes] | None]) -> None:
        self.flows: list[list[RawBlock]] = [[]]
        """The blocks of the page, and of each open cell."""
        self.struck: list[str] = []
        """The texts that are struck through."""
        self.flattened: list[str] = []
        """The raised or lowered texts that lose their level."""
        self._find = find
        self._open: list[_OpenElement] = []
        self._tables: list[_OpenTable] = []
        self._runs: list[RawRun] = []
        self._order: dict[int, int] = {}
        self._count = 0
        self._ranges: dict[int, range] = {}
        self._around: list[int] | None = None
        """The elements around every table so far, the outermost first."""
        self._tables_by_text: Counter[str] | None = None

    @property
    def has_tables(self) -> bool:
        """Whether the page holds tables worth the name."""
        return self._around is not None

    def order_of(self, block: RawBlock) -> int:
        """Return the number of the node at which *block* was complete."""
        return self._order.get(id(block), 0)

    def body_range(self) -> range:
        """Return the numbers of the nodes in the innermost element around all tables."""
        return self._ranges[self._around[-1]] if self._around else range(self._count + 1)

    def read(self, root: LexborNode) -> None:
        """Read what *root* holds."""
        self._open.append(_OpenElement(root, "body", 0))
        node = root.child
        while node is not None or len(self._open) > 1:
            if node is None:
                node = self._leave().next
            elif self._enter(node):
                node = node.child
            else:
                node = node.next
        self._leave()

    def _enter(self, node: LexborNode) -> bool:
        """Begin *node*; return whether it is open now."""
        self._count += 1
        if self._count > MAX_NODES:
            raise TooMuchError
        tag = node.tag or ""
        if tag == "-text":
            text = _INVISIBLE.sub("", _SPACE.sub(" ", node.text_content or ""))
            self._write(text)
            return False
        if tag == "svg" and (drawn := _drawn(node)):
            self._end_paragraph()
            self._add(RawPicture("", drawn, b""))
        if tag in _UNSEEN or tag.startswith(("-", "!")):
            return False
        attributes = node.attributes
        style = (attributes.get("style") or "").lower()
        if _is_unseen(tag, attributes, style) and not self._is_shown_by_script(node):
            return False
        if tag in _STRUCK or _STRUCK_THROUGH.search(style):
            if text := one_line(node.text()):
                self.struck.append(text)
            return False
        if tag == "br":
            self._break()
            return False
        if tag == "img":
            self._picture(attributes)
            return False
        if tag == "input":
            if self._tables and (attributes.get("type") or "") in _FIELDS:
                self._write(attributes.get("value") or "")
            return False
        self._open.append(self._element(node, tag, attributes, style))
        return True

    def _write(self, text: str) -> None:
        """Add *text* to the paragraph, raised and lowered digits as characters of their own."""
        element = self._open[-1]
        look = element.look
        if element.level_of_text:
            text = text.translate(_LEVELS[element.level_of_text])
            if not has_only_scripts(text):
                self.flattened.append(text.strip())
        self._runs.append(RawRun(text, look.bold, look.italic, look.link))

    def _is_shown_by_script(self, node: LexborNode) -> bool:
        """Return whether the hidden *node* holds a table that the page has nowhere else.

        It is one of several tabs then, and no copy for another screen.
        """
        tables = node.css("table")
        if not tables:
            return False
        if self._tables_by_text is None:
            root = self._open[0].node
            self._tables_by_text = Counter(map(_squeezed, root.css("table")))
        texts = map(_squeezed, tables)
        return any(text and self._tables_by_text[text] == 1 for text in texts)

    def _element(
        self, node: LexborNode, tag: str, attributes: Mapping[str, str | None], style: str
    ) -> _OpenElement:
        """Return *node* as an open element, and begin what it begins."""
        outer = self._open[-1]
        if tag in _BLOCKS:
            self._end_paragraph()
        is_bold = outer.look.bold or tag in _BOLD
        if weight := _WEIGHT.search(style):
            is_bold = weight[1] not in _LIGHT
        element = _OpenElement(
            node,
            tag,
            self._count,
            RawRun(
                "",
                is_bold,
                outer.look.italic or tag in _ITALIC,
                attributes.get("href") if tag == "a" else outer.look.link,
            ),
            _HEADINGS.get(tag, outer.level),
            self._marker(attributes) if tag == "li" else "",
            whole_number(attributes.get("start"), 1) - 1 if tag == "ol" else 0,
            outer.is_caption or tag == "figcaption",
            tag if tag in _LEVELS else outer.level_of_text,
        )
        if tag == "table" and len(self._tables) < MAX_TABLE_DEPTH:
            self._tables.append(_OpenTable(element))
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in ("td", "th") and self._tables:
            element.flow = len(self.flows)
            self.flows.append([])
        return element

    def _marker(self, attributes: Mapping[str, str | None]) -> str:
        """Return what a browser prints before the item of a list that begins here."""
        around = (element for element in reversed(self._open) if element.tag in ("ol", "ul"))
        parent = next(around, None)
        if parent is None or parent.tag == "ul":
            return "•"
        parent.items = whole_number(attributes.get("value"), parent.items + 1)
        return f"{parent.items}."

    def _leave(self) -> LexborNode:
        """End the innermost element and return it."""
        element = self._open[-1]
        if element.tag in _BLOCKS:
            self._end_paragraph()
        self._open.pop()
        if element.flow:
            self._end_cell(element)
        elif self._tables and self._tables[-1].element is element:
            self._end_table(element)
        if element.holds_table:
            self._ranges[element.node.mem_id] = range(element.start, self._count + 1)
        return element.node

    def _end_cell(self, cell: _OpenElement) -> None:
        blocks = self.flows.pop()
        attributes = cell.node.attributes
        box = FrameCell(
            blocks,
            min(whole_number(attributes.get("rowspan"), 1) or 1, _MOST_SPAN),
            min(whole_number(attributes.get("colspan"), 1) or 1, _MOST_SPAN),
            attributes.get("data-cell") or "",
        )
        rows = self._tables[-1].rows
        if not rows:
            rows.append([])
        rows[-1].append(box)

    def _end_table(self, element: _OpenElement) -> None:
        table = self._tables.pop()
        for block in settled(table.rows):
            if isinstance(block, RawTable) and id(block) not in self._order:
                self._order[id(block)] = element.start
                if len(block.rows) >= _LEAST_ROWS:
                    self._note_table()
            self.flows[-1].append(block)

    def _note_table(self) -> None:
        """Keep which of the open elements all tables so far have in common."""
        around = [element.node.mem_id for element in self._open]
        for element in self._open:
            element.holds_table = True
        if self._around is not None:
            pairs = zip(self._around, around, strict=False)
            around = [one for one, other in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        self._around = around

    def _break(self) -> None:
        """End a line: in a heading it is no more than that, elsewhere a paragraph ends."""
        if not self._open[-1].level:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        runs, self._runs = _stripped(self._runs), []
        if runs:
            element, marker = self._open[-1], self._take_marker()
            if marker and runs[0].text.startswith(marker):  # our own pages print it as text
                runs[0] = replace(runs[0], text=runs[0].text.removeprefix(marker).lstrip())
            self._add(RawParagraph(runs, element.level, marker, element.is_caption))

    def _take_marker(self) -> str:
        """Return the marker of the item that a paragraph here is the first of, empty if none."""
        for element in reversed(self._open):
            if element.tag == "li":
                marker, element.marker = element.marker, ""
                return marker
            if element.flow:
                break
        return ""

    def _picture(self, attributes: Mapping[str, str | None]) -> None:
        sizes = (attributes.get(name) or "" for name in ("width", "height"))
        if any(size.isdecimal() and int(size[:6]) < _LEAST_PICTURE for size in sizes):
            return
        source = attributes.get("src") or ""
        alt = " ".join((attributes.get("alt") or attributes.get("title") or "").split())
        if picture := self._find(source):
            self._end_paragraph()
            self._add(RawPicture(picture[0], alt, picture[1]))

    def _add(self, block: RawBlock) -> None:
        self._order[id(block)] = self._count
        self.flows[-1].append(block)


def _drawn(node: LexborNode) -> str:
    """Return what the drawing *node* shows in words, if it is a figure and no icon."""
    title = node.css_first("title") if node.parent and node.parent.tag == "figure" else None
    return one_line(title.text()) if title else ""


def _squeezed(table: LexborNode) -> str:
    return "".join(table.text().split())


def _is_unseen(tag: str, attributes: Mapping[str, str | None], style: str) -> bool:
    """Return whether the page hides the element, or it is a running head of LibreOffice's."""
    classes = (attributes.get("class") or "").split()
    if "hidden" in attributes or _HIDDEN.search(style) or not _HIDING.isdisjoint(classes):
        return True
    return tag == "div" and attributes.get("title") in ("header", "footer")


def _stripped(runs: Sequence[RawRun]) -> list[RawRun]:
    """Return *runs* without blanks at their ends, and neighbours that look alike as one."""
    kept = [
        RawRun("".join(run.text for run in group), *look)
        for look, group in groupby(runs, key=lambda run: (run.bold, run.italic, run.link))
    ]
    while kept and not (text := kept[0].text.lstrip()):
        del kept[0]
    if kept:
        kept[0] = replace(kept[0], text=text)
    while kept and not (text := kept[-1].text.rstrip()):
        del kept[-1]
    if kept:
        kept[-1] = replace(kept[-1], text=text)
    return kept


MAX_DEPTH = 400
"""Pages of content management systems nest some thirty elements."""
_REACH = 60
"""Open elements that an end tag is looked for among; elements that it passes over stay open."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,20})")
_NEVER_OPEN = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
        # Elements that the next of their kind or their parent ends:
        "body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "tbody",
        "td", "tfoot", "th", "thead", "tr",
    )
)  # fmt: skip
_INLINE = frozenset(
    (
        "a", "abbr", "b", "big", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins",
        "kbd", "label", "mark", "nobr", "o", "q", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "tt", "u", "var",
    )
)  # fmt: skip


def check_depth(text: str) -> None:
    """Raise ValueError, worded for the user, when the elements of the page *text* nest too deep."""
    stack: list[str] = []
    known: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in _NEVER_OPEN:
            continue
        if not tag[1]:
            stack.append(name)
            known[name] += 1
            if len(stack) > MAX_DEPTH:
                raise ValueError("网页嵌套过深，不像一份年度报告")
        elif known[name]:
            for closed in _closed_by(name, stack):
                known[closed] -= 1


def _closed_by(name: str, stack: list[str]) -> list[str]:
    """Take off *stack* what the end tag *name* closes and return it."""
    for place in range(len(stack) - 1, max(-1, len(stack) - 1 - _REACH), -1):
        if stack[place] == name:
            closed = stack[place:]
            del stack[place:]
            return closed
        if name in _INLINE and stack[place] not in _INLINE:
            break
    return []
