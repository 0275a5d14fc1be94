"""Block structure of a text that has only headings and paragraphs, found without markdown-it.

Most narratives are such.  A text with a line that may begin anything else (a list, a table,
a quotation, a rule, a fence) is left to markdown-it, which need not be loaded for the
others: both find the same blocks (tests/property/test_plain_blocks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

_OTHER = re.compile(
    r"""^[ \t]*(?:
        [>|:=\-]                       # quotation, table, underline of a heading, list, rule
      | [+*](?:[ \t]|$)                # list
      | [0-9]{1,9}[.)](?:[ \t]|$)      # numbered list
      | \*[* \t]*$ | _[_ \t]*$         # rule
      | `{3} | ~{3}                    # fence
    )
    | ^(?:[ ]{4}|[ ]{0,3}\t)[ \t]*[#＃] # what looks like a heading and may belong to a paragraph
    | \r
    """,
    re.MULTILINE | re.VERBOSE,
)
_HEADING = re.compile(r"[#＃]{1,6}")
_CLOSING = re.compile(r"(?:^|[ \t])[#＃]+[ \t]*$")
_TYPED_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]")


class PlainToken(Struct):
    """What is used of a markdown-it token: its type, tag, lines and content."""

    type: str
    tag: str = ""
    map: list[int] = field(default_factory=list)
    content: str = ""
    attrs: dict[str, str] = field(default_factory=dict)


def plain_tokens(text: str) -> list[PlainToken] | None:
    """Return the tokens of *text* as markdown-it would, None when it has more than plain blocks."""
    if _OTHER.search(text):
        return None
    return [token for block in _blocks(text.split("\n")) for token in block]


def _blocks(lines: list[str]) -> Iterator[tuple[PlainToken, PlainToken, PlainToken]]:
    """Yield the three tokens of each block of *lines*."""
    first = None
    for number, line in enumerate([*lines, ""]):
        heading = read_heading(line.lstrip(" \t"))
        if first is not None and (heading or not line.strip(" \t")):
            content = "\n".join(lines[first:number]).strip()
            yield _block("paragraph", "p", first, number, content)
            first = None
        if heading:
            yield _block("heading", f"h{heading[0]}", number, number + 1, heading[1])
        elif first is None and line.strip(" \t"):
            first = number


def _block(
    kind: str, tag: str, first: int, end: int, content: str
) -> tuple[PlainToken, PlainToken, PlainToken]:
    return (
        PlainToken(f"{kind}_open", tag, [first, end]),
        PlainToken("inline", "", [first, end], content),
        PlainToken(f"{kind}_close", tag),
    )


def read_heading(line: str) -> tuple[int, str] | None:
    """Return level and text of the heading *line*, which begins with no blank; None if it is none.

    ``# 标题``, also with ``＃`` and, before a typed number, without the blank.
    """
    found = _HEADING.match(line)
    if not found:
        return None
    rest = line[found.end() :]
    if rest and rest[0] not in " \t\u3000\xa0" and not _TYPED_NUMBER.match(rest):
        return None
    return len(found[0]), _CLOSING.sub("", rest).strip()
