"""How deep the elements of a page nest, found out before the page is parsed.

Parsers of HTML look through all open elements at nearly every tag (HTML Standard, 13.2.6.4.7, "has
an element in button scope"), so a page of a hundred thousand open elements takes them minutes.
"""

from __future__ import annotations

import re
from collections import Counter

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
