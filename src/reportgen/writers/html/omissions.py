"""What a page leaves out of its document, when its template is not the shipped one.

A template decides what a page shows.  One that forgets a table, or a sender's that leaves it out,
would give a page that looks complete.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from reportgen.document.nodes import (
    Block,
    Document,
    FigureGroup,
    Heading,
    Table,
    texts_of,
)

_TAG = re.compile(r"<(!--|(?:style|title)\b)?", re.IGNORECASE)
_ENDS = {
    "!--": re.compile("-->"),
    "style": re.compile("</style", re.IGNORECASE),
    "title": re.compile("</title", re.IGNORECASE),
    "": re.compile(">"),
}
"""What ends an element whose content is not shown, a comment or a tag, by how it begins."""
_SHOWN = 20
"""Characters of a text that are quoted."""


class PageText:
    """The text that a page shows, collected while the page is written."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._end: re.Pattern[str] | None = None
        self._pictures = 0

    def feed(self, lines: str) -> None:
        """Take the next *lines* of the page; a chunk must not end within a tag's name."""
        self._pictures += lines.count("<img ") + lines.count("<svg ")
        self._pieces.extend(self._shown(lines))

    def _shown(self, lines: str) -> Iterator[str]:
        at = 0
        while True:
            if self._end:
                end = self._end.search(lines, at)
                if end is None:
                    return
                at, self._end = end.end(), None
            tag = _TAG.search(lines, at)
            if tag is None:
                yield lines[at:]
                return
            yield lines[at : tag.start()]
            at, self._end = tag.end(), _ENDS[(tag[1] or "").lower()]

    def omissions(self, document: Document) -> list[str]:
        """Return what of *document* the page does not show, or not in its order."""
        text = _solid(html.unescape("".join(self._pieces)))
        found, at = [], 0
        for block in document.blocks:
            end = _end_of(block, text, at)
            if end is None:
                found.append(_named(block))
            else:
                at = end
        figures = sum(len(b.figures) for b in document.blocks if isinstance(b, FigureGroup))
        if self._pictures < figures:
            found.append(f"{figures - self._pictures} 幅图片")
        return found


def _end_of(block: Block, text: str, at: int) -> int | None:
    """Return where *block* ends in *text*, in which it begins behind *at*; None if it does not."""
    for _, runs in texts_of(block):
        for run in runs:
            part = _solid(run.text)
            at = text.find(part, at)
            if at < 0:
                return None
            at += len(part)
    return at


def _named(block: Block) -> str:
    """Return how *block* is called in a message."""
    if isinstance(block, Table) and block.title:
        return f"表“{block.title[:_SHOWN]}”"
    kind = "标题" if isinstance(block, Heading) else "表" if isinstance(block, Table) else "文字"
    words = _solid("".join(run.text for _, runs in texts_of(block) for run in runs))
    return f"{kind}“{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}”"


def _solid(text: str) -> str:
    """Return *text* without blanks and characters that no page has."""
    return "".join(char for char in text if char.isprintable() and not char.isspace())
