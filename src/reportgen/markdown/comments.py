"""Comments: blanked before anything is read, so that none reaches an output."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_COMMENT = re.compile("<!--.*?-->", re.S)
_MARK = re.compile(r"(?<!\\)(?:[<＜]\s?[!！]\s?(?:--|——?|–|－－)|(?:--|——?|–|－－)\s?[>＞])")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|\Z")


class StrayMark(Struct, frozen=True):
    """A mark of a comment without its counterpart, from ``start`` to ``end`` of the text."""

    start: int
    end: int
    opens: bool


def without_comments(text: str) -> str:
    """Return *text* with blanks for its comments, every offset unchanged.

    One that is not closed hides the rest of its paragraph; :func:`stray_marks` tells of it.
    """
    without = _closed_blanked(text)
    for mark in stray_marks(without):
        if mark.opens:
            end = _PARAGRAPH_END.search(without, mark.start)
            stop = end.start() if end else len(without)
            without = without[: mark.start] + _filled(without, mark.start, stop) + without[stop:]
    return without


def stray_marks(text: str) -> Iterator[StrayMark]:
    """Yield the marks in *text* that begin or end no comment.

    Those an input method or Word makes of ``<!--`` and ``-->``, with full-width characters or a
    dash, are among them.  So is the beginning of a comment in which another begins: it would
    hide all text up to the end of that one.
    """
    for found in _COMMENT.finditer(text) if "-->" in text else ():
        if text.find("<!--", found.start() + 4, found.end()) >= 0:
            yield StrayMark(found.start(), found.start() + 4, True)
    without = _closed_blanked(text)
    if "<" not in without and ">" not in without and "＜" not in without and "＞" not in without:
        return
    for found in _MARK.finditer(without):
        yield StrayMark(*found.span(), found[0][0] in "<＜")


def _closed_blanked(text: str) -> str:
    last = text.rfind("-->") + 3  # an unclosed comment is not searched for again and again
    return _COMMENT.sub(lambda found: _filled(text, *found.span()), text[:last]) + text[last:]


def _filled(whole: str, start: int, stop: int) -> str:
    """Return a blank for a comment: nothing visible, and no blank line within a line of text."""
    before = whole[whole.rfind("\n", 0, start) + 1 : start]
    end = whole.find("\n", stop)
    after = whole[stop : end if end >= 0 else len(whole)]
    filler = "\u200b" if before.strip() or after.strip() else " "
    return re.sub(r"[^\n]", filler, whole[start:stop])
