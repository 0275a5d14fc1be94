"""A web page as saved from a browser → its tables, paragraphs and pictures.

The page may come from any content management system: spans wrong, tables within tables, cells
without rows.  Lexbor repairs it as browsers do (HTML Standard, section 13.2); what a browser
would not show (scripts, hidden forms, navigation) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reportgen.published.found import Finder, FoundFile, RawCell, RawRun

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_UNSEEN = frozenset(
    (
        "script", "style", "noscript", "template", "head", "nav", "iframe", "object", "select",
        "option", "button", "textarea", "svg",
    )
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "li",
        "main", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
        "ul",
    )
)  # fmt: skip
_BOLD, _ITALIC = frozenset(("b", "strong")), frozenset(("i", "em"))
_MOST_SPAN = 1000
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_CHINESE = frozenset(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"))
_DEEPEST = 400


def read_html(data: bytes, path: str) -> FoundFile:
    """Return what the page *data* shows; *path* names it in messages."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(decode_html(data))
    finder = Finder(path)
    if tree.body is not None:
        _Flow(finder).read(tree.body)
    title = tree.css_first("title")
    return finder.finished(_tidy(title.text()) if title else "")


def decode_html(data: bytes) -> str:
    """Return *data* as text: by its mark, by what it declares, as UTF-8, or as GB 18030."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    for encoding in ("gb18030" if name in _CHINESE else name, "utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


class _Flow:
    """Walks a page in reading order, handing whole blocks to a finder."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._runs: list[RawRun] = []

    def read(self, node: LexborNode, depth: int = 0) -> None:
        """Read what *node* holds."""
        self._children(node, depth, RawRun(""), 0, "")
        self._end(0, "")

    def _children(
        self, node: LexborNode, depth: int, look: RawRun, level: int, marker: str
    ) -> None:
        child = node.child
        while child is not None:
            self._node(child, depth + 1, look, level, marker)
            child = child.next

    def _node(self, node: LexborNode, depth: int, look: RawRun, level: int, marker: str) -> None:
        tag = node.tag or ""
        if tag == "-text":
            text = _SPACE.sub(" ", node.text_content or "")
            self._runs.append(RawRun(text, look.bold, look.italic, look.link))
        elif tag in _UNSEEN or tag.startswith(("-", "!")) or depth > _DEEPEST or _is_hidden(node):
            return
        elif tag == "br":
            self._end(level, marker)
        elif tag == "table" and not node.css("table table") and node.css_first("tr"):
            self._end(level, marker)
            self._finder.table(_rows(node))
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._block(node, tag, depth, look, level)
        else:
            link = node.attributes.get("href") if tag == "a" else look.link
            inner = RawRun("", look.bold or tag in _BOLD, look.italic or tag in _ITALIC, link)
            self._children(node, depth, inner, level, marker)

    def _block(self, node: LexborNode, tag: str, depth: int, look: RawRun, level: int) -> None:
        level = _HEADINGS.get(tag, level)
        self._end(level, "")
        self._children(node, depth, look, level, "•" if tag == "li" else "")
        self._end(level, "•" if tag == "li" else "")

    def _end(self, level: int, marker: str) -> None:
        """End the paragraph."""
        runs, self._runs = _stripped(self._runs), []
        self._finder.paragraph(runs, level=level, marker=marker)


def _is_hidden(node: LexborNode) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "hidden" in node.attributes


def _rows(table: LexborNode) -> Iterator[list[RawCell]]:
    for row in table.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        yield [
            RawCell(_tidy(_cell_text(cell)), _span(cell, "rowspan"), _span(cell, "colspan"))
            for cell in cells
        ]


def _cell_text(cell: LexborNode) -> str:
    """Return the text of *cell*; the lines of a label are one text, so that 申请人<br>情况 is."""
    return cell.text(deep=True, separator="")


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "").strip()
    return (
        min(int(value), _MOST_SPAN) if value.isascii() and value.isdigit() and value != "0" else 1
    )


def _tidy(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", " ", text).strip()


def _stripped(runs: list[RawRun]) -> list[RawRun]:
    """Return *runs* without blanks at their ends."""
    texts = [run.text for run in runs]
    for order, strip in (
        (range(len(texts)), str.lstrip),
        (range(len(texts) - 1, -1, -1), str.rstrip),
    ):
        for i in order:
            texts[i] = strip(texts[i])
            if texts[i]:
                break
    return [
        RawRun(text, run.bold, run.italic, run.link)
        for text, run in zip(texts, runs, strict=True)
        if text
    ]
