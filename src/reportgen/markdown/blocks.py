"""The wall to markdown-it: a text becomes a tree of blocks, each line with its place.

Only block structure comes from markdown-it.  CommonMark rules that surprise in
a report are off: indented code, reference definitions and raw HTML blocks.  Comments are
blanked before anything is read, so that none reaches an output.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from reportgen.styles import Align
from reportgen.text import Word

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_LEADING = re.compile("^[ \t\xa0\u3000\u200b\u200c\u2060\ufeff]+(?=[#＃>|!\\-*+0-9`~])", re.M)
_BAR = re.compile(r"(?<!\\)\|")
_BRACES = re.compile(r"[ \t]*[{｛][^{}｛｝|]*[}｝][ \t]*")


class BlockKind(Word):
    """What a block of Markdown is."""

    ROOT = "root"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    ITEM = "item"
    QUOTE = "quote"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    FENCE = "fence"
    RULE = "rule"


class MarkdownBlock(Struct, dict=True):
    """One block of the text.

    ``level`` is a heading's depth, ``start`` the first number of an ordered list or the number
    typed before an item of one.
    ``typed_cells`` of a row counts all cells typed, including those without a column.
    ``text`` is the content of a leaf; of a table it is the line of attributes below it.
    ``info`` is the word behind the opening mark of a fence, ``opening`` where the line of that mark
    stands in the whole, ``is_closed`` whether a closing mark follows.
    ``places`` says where the characters of ``text`` stand: pairs of an offset in ``text`` and
    the offset in the whole, ascending.
    """

    kind: BlockKind
    level: int = 0
    start: int | None = None
    align: Align = Align.LEFT
    typed_cells: int = 0
    text: str = ""
    info: str = ""
    opening: tuple[int, int] = (0, 0)
    is_closed: bool = True
    places: list[tuple[int, int]] = field(default_factory=list)
    children: list[MarkdownBlock] = field(default_factory=list)

    def offset(self, position: int) -> int:
        """Return where character *position* of the text stands in the whole."""
        index = bisect_right(self.places, position, key=_first) - 1
        own, whole = self.places[max(0, index)] if self.places else (0, 0)
        return whole + position - own

    def part(self, start: int, end: int) -> MarkdownBlock:
        """Return the block with the characters *start* to *end* of the text only."""
        inner = [(own - start, whole) for own, whole in self.places if start < own < end]
        places = [(0, self.offset(start)), *inner]
        return MarkdownBlock(self.kind, text=self.text[start:end], places=places)

    def edges(self, start: int, end: int) -> list[int]:
        """Return where between *start* and *end* of the text a new stretch of the whole begins."""
        low = bisect_right(self.places, start, key=_first)
        return [first for first, _ in self.places[low : bisect_left(self.places, end, key=_first)]]


def _first(place: tuple[int, int]) -> int:
    return place[0]


def parse_blocks(text: str) -> list[MarkdownBlock]:
    """Return the blocks of *text*; never raises."""
    prepared = _prepare(text)
    tokens: Sequence[Token | PlainToken] | None = plain_tokens(prepared)
    return _Builder(prepared).build(_parser().parse(prepared) if tokens is None else tokens)


def _prepare(text: str) -> str:
    """Return *text* without comments and invisible indentation, every offset unchanged."""
    blanked = _LEADING.sub(lambda found: " " * len(found[0]), without_comments(text))
    return blanked.replace("\0", "\ufffd")


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.disable(["code", "reference", "html_block", "inline", "text_join"])
    parser.block.ruler.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.before("paragraph", "after_table", _after_table, {"alt": ["blockquote"]})
    parser.block.ruler.before("paragraph", "attributes", _attributes, {"alt": ["blockquote"]})
    return parser


def _heading(state: StateBlock, line: int, _: int, silent: bool) -> bool:
    """Read a heading, in markdown-it's way, as :func:`read_heading` does."""
    begin = state.bMarks[line] + state.tShift[line]
    found = read_heading(state.src[begin : state.eMarks[line]])
    if found is None:
        return False
    if not silent:
        level, text = found
        state.line = line + 1
        token = state.push("heading_open", f"h{level}", 1)
        token.map = [line, line + 1]
        token = state.push("inline", "", 0)
        token.content = text
        token.map = [line, line + 1]
        token.children = []
        state.push("heading_close", f"h{level}", -1)
    return True


def _attributes(state: StateBlock, line: int, _: int, silent: bool) -> bool:
    """Read ``{横排}`` on a line of its own below a table.

    Registered as ending a quotation, because what ends a quotation ends a table.
    """
    found = _BRACES.fullmatch(state.src, state.bMarks[line], state.eMarks[line])
    if not found:
        return False
    if not silent:
        if not state.tokens or state.tokens[-1].type != "table_close":
            return False
        state.line = line + 1
        token = state.push("attributes", "", 0)
        token.content = found[0].strip()
        token.map = [line, line + 1]
    return True


def _after_table(state: StateBlock, line: int, _: int, silent: bool) -> bool:
    """End a table before a line without a bar, which is the paragraph behind it.

    Registered like the attributes; it reads nothing itself.
    """
    typed = state.src[state.bMarks[line] : state.eMarks[line]]
    return silent and state.parentType == "table" and not _BAR.search(typed)


_KINDS = {
    "paragraph_open": BlockKind.PARAGRAPH,
    "heading_open": BlockKind.HEADING,
    "bullet_list_open": BlockKind.LIST,
    "ordered_list_open": BlockKind.LIST,
    "list_item_open": BlockKind.ITEM,
    "blockquote_open": BlockKind.QUOTE,
    "table_open": BlockKind.TABLE,
    "tr_open": BlockKind.ROW,
    "th_open": BlockKind.CELL,
    "td_open": BlockKind.CELL,
}


_MARKERS = {
    BlockKind.QUOTE: re.compile(r"[ \t]*>"),
    BlockKind.ITEM: re.compile(r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t])"),
}


class _Builder:
    """Turns markdown-it's flat tokens into blocks with places."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._cursor = (-1, 0)

    def build(self, tokens: Sequence[Token | PlainToken]) -> list[MarkdownBlock]:
        root = MarkdownBlock(BlockKind.ROOT)
        stack = [root]
        for token in tokens:
            if token.type == "inline":
                stack[-1].text = token.content
                stack[-1].places = list(self._places(token, stack[-1].kind == BlockKind.CELL))
            elif token.type in _KINDS:
                block = _opened(token)
                if block.kind == BlockKind.ROW and token.map:
                    block.typed_cells = _count_cells(_inner(self._lines[token.map[0]], stack))
                stack[-1].children.append(block)
                stack.append(block)
            elif token.type.removesuffix("_close") + "_open" in _KINDS:
                stack.pop()
            elif token.type == "attributes":
                table = stack[-1].children[-1]
                table.text, table.places = token.content, list(self._places(token, False))
            elif token.type in ("fence", "hr"):
                stack[-1].children.append(self._leaf(token))
        return root.children

    def _leaf(self, token: Token | PlainToken) -> MarkdownBlock:
        first = token.map[0] if token.map else 0
        block = MarkdownBlock(
            BlockKind.FENCE if token.type == "fence" else BlockKind.RULE,
            text=token.content,
            info=token.info.strip(),
        )
        lines = token.content.removesuffix("\n").split("\n")
        own = 0
        for number, line in enumerate(lines, first + 1):
            block.places.append((own, self._suffix(number, line)))
            own += len(line) + 1
        if token.map:
            block.opening = (
                self._suffix(first, self._lines[first].strip()),
                self._starts[first + 1] - 1,
            )
            block.is_closed = token.map[1] - first - 1 > (len(lines) if token.content else 0)
        if block.kind == BlockKind.RULE:
            block.places = [(0, self._starts[first])]
        return block

    def _places(self, token: Token | PlainToken, is_cell: bool) -> Iterator[tuple[int, int]]:
        first = token.map[0] if token.map else 0
        if is_cell:
            yield from self._cell_places(first, token.content)
            return
        own = 0
        for number, line in enumerate(token.content.split("\n"), first):
            yield own, self._suffix(number, line)
            own += len(line) + 1

    def _suffix(self, number: int, text: str) -> int:
        """Return where *text*, the trimmed end of line *number*, stands in the whole."""
        if number >= len(self._lines):
            return self._starts[-1] - 1
        found = self._lines[number].rfind(text)
        return self._starts[number] + max(0, found)

    def _cell_places(self, number: int, text: str) -> Iterator[tuple[int, int]]:
        r"""Yield the places of a cell; in the line each ``|`` of it stands as ``\|``."""
        line = self._lines[number]
        begin = self._cursor[1] if self._cursor[0] == number else 0
        typed = text.replace("|", "\\|")
        found = line.find(typed, begin)
        place = found if found >= 0 else begin
        bar = line.find("|", place + len(typed))
        self._cursor = (number, bar + 1 if bar >= 0 else len(line))
        yield 0, self._starts[number] + place
        for count, match in enumerate(re.finditer(r"\|", text), 1):
            yield match.start(), self._starts[number] + place + match.start() + count


def _opened(token: Token | PlainToken) -> MarkdownBlock:
    block = MarkdownBlock(_KINDS[token.type])
    attributes: dict[str, Any] = dict(token.attrs)
    if token.type == "heading_open":
        block.level = int(token.tag[1:])
    elif token.type == "ordered_list_open":
        block.start = int(attributes.get("start", 1))
    elif block.kind == BlockKind.ITEM and token.info.isdecimal():
        block.start = int(token.info)
    elif block.kind == BlockKind.CELL:
        stated = str(attributes.get("style", ""))
        block.align = Align(stated.removeprefix("text-align:") or Align.LEFT)
    return block


def _inner(line: str, around: Sequence[MarkdownBlock]) -> str:
    """Return *line* without the markers of the quotations and list items *around* it."""
    for block in around:
        if block.kind in _MARKERS and (found := _MARKERS[block.kind].match(line)):
            line = line[found.end() :]
    return line


def _count_cells(line: str) -> int:
    """Return how many cells a table row has as typed."""
    cells = re.split(r"(?<!\\)\|", line.strip())
    outer = (not cells[0]) + (len(cells) > 1 and not cells[-1])
    return len(cells) - outer


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
    """What is used of a markdown-it token: its type, tag, lines, content and typed number."""

    type: str
    tag: str = ""
    info: str = ""
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
        PlainToken(f"{kind}_open", tag, map=[first, end]),
        PlainToken("inline", map=[first, end], content=content),
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


_COMMENT = re.compile("<!--.*?-->", re.S)
_DELIMITER = re.compile(r"(?<!\\)(?:[<＜]\s?[!！]\s?(?:--|——?|–|－－)|(?:--|——?|–|－－)\s?[>＞])")
_BETWEEN_WORDS = re.compile(r"\w\S+\w$")
_TWO_STEPS = 2
_NEAR = 200
"""How many characters beside an arrow are looked at for others."""
_BEFORE_TEXT = re.compile(r"[^\S\n]*\S")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|\Z")


class StrayDelimiter(Struct, frozen=True):
    """A comment's beginning or end without the other, from ``start`` to ``end`` of the text.

    ``is_arrow`` tells the end of a comment from 登记-->答复, where it is one of several in a
    line or stands between two words without a blank.
    """

    start: int
    end: int
    opens: bool
    is_arrow: bool = False


def without_comments(text: str) -> str:
    """Return *text* with blanks for its comments, every offset unchanged.

    One that is not closed hides the rest of its paragraph; :func:`stray_delimiters` tells of it.
    """
    without = _closed_blanked(text)
    return _blanked(without, _unclosed(without))


def _unclosed(text: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where comments that are not closed hide *text*."""
    stop = 0
    for delimiter in stray_delimiters(text):
        if delimiter.opens and delimiter.start >= stop:
            end = _PARAGRAPH_END.search(text, delimiter.start)
            stop = end.start() if end else len(text)
            yield delimiter.start, stop


def stray_delimiters(text: str) -> Iterator[StrayDelimiter]:
    """Yield the delimiters in *text* that begin or end no comment.

    Those an input method or Word makes of ``<!--`` and ``-->``, with full-width characters or a
    dash, are among them.  So is the beginning of a comment in which another begins: it would
    hide all text up to the end of that one.
    """
    for found in _comments(text):
        if text.find("<!--", found.start() + 4, found.end()) >= 0:
            yield StrayDelimiter(found.start(), found.start() + 4, True)
    without = _closed_blanked(text)
    if "<" not in without and ">" not in without and "＜" not in without and "＞" not in without:
        return
    for found in _DELIMITER.finditer(without):
        opens = found[0][0] in "<＜"
        yield StrayDelimiter(*found.span(), opens, not opens and _is_arrow(found))


def _is_arrow(found: re.Match[str]) -> bool:
    """Return whether *found*, the end of a comment, was meant as an arrow between words."""
    text = found.string
    if _BETWEEN_WORDS.match(text[max(0, found.start() - 1) : found.end() + 1]):
        return True
    first, last = max(0, found.start() - _NEAR), found.end() + _NEAR
    begin, end = text.rfind("\n", first, found.start()) + 1, text.find("\n", found.end(), last)
    line = text[begin or first : end if end >= 0 else last]
    steps = _DELIMITER.split(line)
    return len(steps) > _TWO_STEPS and all(step.strip() for step in steps)


def _closed_blanked(text: str) -> str:
    return _blanked(text, (found.span() for found in _comments(text)))


def _comments(text: str) -> Iterator[re.Match[str]]:
    """Yield the comments of *text* that are closed."""
    last = text.rfind("-->") + 3  # an unclosed comment is not searched for again and again
    return _COMMENT.finditer(text, 0, last)


def _blanked(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    """Return *text* with blanks for its *stretches*, from where to where, in ascending order.

    They leave nothing visible, and no blank line within a line of text: a stretch that stands
    alone on its line becomes spaces, any other characters that are no white space.
    """
    parts: list[str] = []
    done, is_behind_text = 0, False
    for start, stop in stretches:
        line = text.rfind("\n", done, start) + 1
        is_behind_text = bool(text[line or done : start].strip()) or (is_behind_text and not line)
        filler = "\u200b" if is_behind_text or _BEFORE_TEXT.match(text, stop) else " "
        parts += (text[done:start], re.sub(r"[^\n]", filler, text[start:stop]))
        done, is_behind_text = stop, True  # a second one on the line stands behind the first
    return "".join([*parts, text[done:]])
