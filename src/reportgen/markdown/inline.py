"""Inline Markdown of one block: emphasis, scripts, links, code, pictures and breaks.

Written for Chinese: emphasis works next to Chinese punctuation
(``**重要：**内容``), which CommonMark's flanking rules forbid, and a picture's
path may hold blanks, Chinese and brackets.  ``x^2^`` and ``H~2~O`` are read as x² and H₂O, whose
scripts are characters; other tildes and carets stay in the text.  Every piece keeps its place.
"""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from reportgen.characters import LOWERED, RAISED
from reportgen.text import Word, is_latin


def _closed(mark: str, scripts: Iterable[int]) -> str:
    """Return the pattern of one to eight characters that have *scripts*, between two *mark*."""
    chars = "".join(re.escape(chr(code)) for code in scripts)
    return f"{mark}[{chars}](?:[{chars}.,]{{0,6}}[{chars}])?{mark}"


_RAISED, _LOWERED = _closed("[\\^]", RAISED), _closed("~", LOWERED)
# Figures on both sides may be a range (1~3~5) or a power of a power.
_LEVELLED = (
    rf"(?P<raised>(?<=[^\s^\\]){_RAISED})(?![0-9^])"
    rf"|(?P<lowered>(?<=[A-Za-z)\]^*]){_LOWERED})(?![0-9~])"
)
_PATTERN = re.compile(
    r"""
      (?P<escape>\\[!-/:-@\[-`{-~])
    | (?P<hard>\\\n|(?<![ ])[ ]{2,}\n)[ \t]*
    | (?P<soft>(?<![ \t])[ \t]*\n[ \t]*)
    | (?P<entity>&(?:\#[xX][0-9a-fA-F]{1,6}|\#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});)
    | (?P<auto><(?P<url>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*)>)
    | (?P<mail><(?P<address>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>)
    | (?P<tag></?[A-Za-z][A-Za-z0-9-]*(?:[\s/][^<>]*)?>|<[!?][A-Za-z][^<>]*>)
    | (?P<picture>!\[(?P<alt>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])*)\]
        \([ \t]*(?P<target><[^<>\n]*>|[^()\n<>"]*(?:\([^()\n<>"]*\)[^()\n<>"]*)*?)
        (?:[ \t]{1,9}"[^"\n]*")?[ \t]{0,9}\)(?:[ \t]*\{(?P<attributes>[^{}\n]*)\})?)
    | (?P<note>\[\^(?P<name>[^\[\]\s\\]{1,60})\])
    | (?P<link>\[(?P<label>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])+)\]
        \([ \t]*(?P<href><[^<>\n]*>|[^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*?)
        (?:[ \t]{1,9}"[^"\n]*")?[ \t]{0,9}\))
    | (?P<emphasis>\*+|_+)
    | (?P<gap>[\t\xa0]+)
    | (?P<nothing>[\u200b\u200c\u2060\ufeff\xad\x00-\x08\x0b-\x1f\x7f\u2028\u2029]+)
    """
    rf"| {_LEVELLED}",
    re.VERBOSE | re.DOTALL,
)
_SCRIPTS = re.compile(_LEVELLED)
_FIRST = re.compile(r"[\\ `&<!\[*_^~\x7f\xa0\xad\u200b\u200c\u2060\ufeff\x00-\x1f\u2028\u2029]")
_TICKS = re.compile("`+")
_LINE_END = re.compile(r"(?<!\s)\s*[\r\n\v\f\x85\u2028\u2029]\s*")
_ACTIVE = re.compile(r"[\\`*_\[\]<>|&~^]")
_LEADING_ACTIVE = re.compile(r"^(\d{0,9})([#+\-=.)])")
_OPENING, _CLOSING = "(（", ")）"
_MAX_EMPHASES = 2_000
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class InlineKind(Word):
    """What a stretch of a block's text is."""

    TEXT = "text"
    SOFT = "soft"
    """The end of a typed line, which is no end of a printed one."""
    HARD = "hard"
    """A forced line break."""
    PARAGRAPH = "paragraph"
    """A typed line's end behind which a paragraph begins."""
    GAP = "gap"
    """A blank of doubtful use."""
    TAG = "tag"
    """An HTML tag."""
    PICTURE = "picture"
    NOTE = "note"
    """The mark of a footnote; the text is its name."""


class InlinePiece(Struct):
    """A stretch of a block's text.

    ``text`` is what is read, ``start`` and ``end`` where it stands.  Of a picture
    ``text`` is the caption, ``target`` its path and ``attributes`` the text in braces.
    ``footnote`` is the number of the footnote whose mark it is, 0 for anything else.
    """

    kind: InlineKind
    text: str
    start: int
    end: int
    bold: bool = False
    italic: bool = False
    is_code: bool = False
    link: str | None = None
    target: str = ""
    attributes: str | None = None
    footnote: int = 0

    @property
    def is_verbatim(self) -> bool:
        """Whether the text stands character for character where it was typed."""
        return len(self.text) == self.end - self.start


class _Emphasis(Struct):
    """A row of ``*`` or ``_`` that may open or close emphasis."""

    index: int
    char: str
    left: int
    start: int
    opens: bool
    closes: bool


def parse_inline(text: str) -> list[InlinePiece]:
    """Return *text* in pieces, emphasis and links resolved."""
    return _parse(text, 0, len(text), _code_spans(text), links=True)


def _parse(
    text: str, start: int, end: int, spans: Mapping[int, int], *, links: bool
) -> list[InlinePiece]:
    """Return what stands from *start* to *end* in pieces; *spans* are those of code."""
    pieces: list[InlinePiece] = []
    rows: list[_Emphasis] = []
    position = start
    while position < end:
        stop, found = _next_markup(text, position, end, spans)
        if stop > position:
            pieces.append(InlinePiece(InlineKind.TEXT, text[position:stop], position, stop))
        if stop == end:
            break
        position = found.end() if found else spans[stop]
        if not found:
            pieces.append(_code(text, stop, position))
        elif found.lastgroup == "emphasis" or found["emphasis"]:
            rows.append(_scan_emphasis(text, found, start, end, len(pieces)))
            pieces.append(InlinePiece(InlineKind.TEXT, found[0], stop, position))
        elif found["link"] and not links:
            position = stop + 1
            pieces.append(InlinePiece(InlineKind.TEXT, "[", stop, position))
        else:
            pieces.extend(_pieces_of(text, found, spans))
    return _with_emphasis(pieces, rows)


def _code_spans(text: str) -> dict[int, int]:
    """Return where each stretch of code begins and ends, its backticks included.

    A row of backticks that does not close one opens one when a row of the same length follows
    (CommonMark 0.31, section 6.1).  Those behind a backslash open none.
    """
    rows: dict[int, list[int]] = {}
    for found in reversed(list(_TICKS.finditer(text))):
        rows.setdefault(len(found[0]), []).append(found.start())
    spans: dict[int, int] = {}
    for length, starts in rows.items():
        for start, following in zip(reversed(starts), [*reversed(starts)][1:], strict=False):
            spans[start] = following + length
    return spans


def _next_markup(
    text: str, position: int, end: int, spans: Mapping[int, int]
) -> tuple[int, re.Match[str] | None]:
    """Return where the first markup stands and its match, None for code; *end* without any.

    The pattern is tried only where one of its characters stands.
    """
    for candidate in _FIRST.finditer(text, position, end):
        start = candidate.start()
        if spans.get(start, end + 1) <= end:
            return start, None
        if found := _PATTERN.match(text, start, end):
            return start, found
    return end, None


def _pieces_of(text: str, found: re.Match[str], spans: Mapping[int, int]) -> Iterator[InlinePiece]:
    """Yield the pieces that one match of the pattern stands for."""
    start, end = found.span()
    if found["link"]:
        href = _address(found["href"])
        for piece in _parse(text, *found.span("label"), spans, links=False):
            yield replace(piece, link=href or None)
    elif found["picture"]:
        target, caption = _path(found["target"]), _unescape(_levelled(found["alt"])).strip()
        attributes = found["attributes"]
        yield InlinePiece(
            InlineKind.PICTURE, caption, start, end, target=target, attributes=attributes
        )
    elif url := found["url"] or found["address"]:
        href = url if found["url"] else f"mailto:{url}"
        yield InlinePiece(InlineKind.TEXT, url, start + 1, end - 1, link=href)
    else:
        kind, content = _simple(found)
        yield InlinePiece(kind, content, start, end)


def _simple(found: re.Match[str]) -> tuple[InlineKind, str]:
    """Return kind and text of a match that is one plain piece."""
    typed = found[0]
    if found["note"]:
        return InlineKind.NOTE, found["name"]
    for kind in (InlineKind.HARD, InlineKind.SOFT, InlineKind.TAG, InlineKind.GAP):
        if found[kind]:
            return kind, typed
    if found["escape"]:
        return InlineKind.TEXT, typed[1]
    if found["raised"] or found["lowered"]:
        return InlineKind.TEXT, _script(found)
    if found["entity"]:
        return InlineKind.TEXT, _entity(typed)
    return InlineKind.TEXT, ""


def _levelled(text: str) -> str:
    """Return *text* with its ``^2^`` and ``~2~`` as superscripts and subscripts."""
    return _SCRIPTS.sub(_script, text)


def _script(found: re.Match[str]) -> str:
    """Return the superscript or subscript that was *found* between its marks."""
    return found[0][1:-1].translate(RAISED if found["raised"] else LOWERED)


def _code(text: str, start: int, end: int) -> InlinePiece:
    """Return the code in *text* from *start* to *end*, where its backticks stand."""
    typed = text[start:end]
    code = typed.strip("`")
    start += (len(typed) - len(code)) // 2
    if code[0] == code[-1] == " " and code.strip(" "):
        code, start = code[1:-1], start + 1
    shown = code.replace("\n", " ")
    return InlinePiece(InlineKind.TEXT, shown, start, start + len(code), is_code=True)


def _entity(typed: str) -> str:
    """Return the character an entity stands for; one that does not exist stays as typed."""
    known = typed[1] == "#" or typed[1:] in html.entities.html5
    return html.unescape(typed) if known else typed


def _unescape(text: str) -> str:
    plain = _ESCAPED.sub(r"\1", text)
    return html.unescape(plain) if "&" in plain else plain


def _address(typed: str) -> str:
    return _unescape(typed.strip().removeprefix("<").removesuffix(">"))


def _path(typed: str) -> str:
    """Return the path a picture's target names, with ``/`` and without ``%20``."""
    return unquote(_address(typed)).replace("\\", "/")


def _scan_emphasis(text: str, found: re.Match[str], start: int, end: int, index: int) -> _Emphasis:
    """Return what a row of ``*`` or ``_`` can do, by the characters on both sides.

    Only ASCII punctuation counts as punctuation; any other character that is no white space
    counts as a letter that may stand next to the row.  A row that multiplies (``210*297``,
    ``3米*4米``) or joins a name (``文件_2024_终稿``) does nothing.
    """
    before = text[found.start() - 1] if found.start() > start else " "
    after = text[found.end()] if found.end() < end else " "
    if _multiplies(before, found[0], after):
        return _Emphasis(index, found[0][0], len(found[0]), found.start(), False, False)
    left = not after.isspace() and (
        not _is_punctuation(after) or before.isspace() or _is_open(before)
    )
    right = not before.isspace() and (
        not _is_punctuation(before) or after.isspace() or _is_open(after)
    )
    if found[0][0] == "_":
        left, right = left and not before.isalnum(), right and not after.isalnum()
    return _Emphasis(index, found[0][0], len(found[0]), found.start(), left, right)


def _multiplies(before: str, row: str, after: str) -> bool:
    """Return whether the stars *row* stand between two factors.

    A single star needs one figure beside it and a letter, a bracket or a figure on the other
    side; two stars are bold in Chinese text (``共**8**件``) and need Latin letters or figures on
    both sides.
    """
    factors = (before.isalnum() or before in _CLOSING) and (after.isalnum() or after in _OPENING)
    if row[0] != "*" or not factors:
        return False
    latin = is_latin(before) and is_latin(after)
    if len(row) > 1 or latin:
        return latin
    return (before in _CLOSING and after in _OPENING) or before.isdigit() or after.isdigit()


def _is_punctuation(char: str) -> bool:
    return char.isascii() and not char.isalnum() and not char.isspace()


def _is_open(char: str) -> bool:
    """Whether a row of ``*`` next to ASCII punctuation may have *char* on its other side."""
    return _is_punctuation(char) or not char.isascii()


def _with_emphasis(pieces: list[InlinePiece], rows: list[_Emphasis]) -> list[InlinePiece]:
    """Return *pieces* with matching *rows* of ``*`` or ``_`` turned into bold and italic."""
    waiting: list[_Emphasis] = []
    stretches: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for closer in rows if len(rows) <= _MAX_EMPHASES else ():
        while closer.closes and closer.left:
            opener = next((row for row in reversed(waiting) if _fits(row, closer)), None)
            if opener is None:
                break
            del waiting[waiting.index(opener) + 1 :]
            width = 2 if min(opener.left, closer.left) >= 2 else 1
            stretches[width - 1].append((opener.index + 1, closer.index))
            opener.left -= width
            closer.left -= width
            closer.start += width
            if not opener.left:
                waiting.pop()
        if closer.opens and closer.left:
            waiting.append(closer)
    for piece, italic, bold in zip(
        pieces, *(_covered(len(pieces), s) for s in stretches), strict=True
    ):
        piece.italic, piece.bold = piece.italic or italic, piece.bold or bold
    for row in rows:  # what opened or closed nothing stays in the text
        piece = pieces[row.index]
        piece.text, piece.start = row.char * row.left, row.start
        piece.end = row.start + row.left
    return [piece for piece in pieces if piece.text or piece.kind == InlineKind.PICTURE]


def _covered(count: int, stretches: Iterable[tuple[int, int]]) -> Iterator[bool]:
    """Yield for each of *count* places whether it lies in one of *stretches*."""
    changes = [0] * (count + 1)
    for start, stop in stretches:
        changes[start] += 1
        changes[stop] -= 1
    return (depth > 0 for depth in accumulate(changes[:-1]))


def _fits(opener: _Emphasis, closer: _Emphasis) -> bool:
    if opener.char != closer.char or not opener.left:
        return False
    if not (opener.closes or closer.opens):
        return True
    return (opener.left + closer.left) % 3 != 0 or (opener.left % 3 == closer.left % 3 == 0)


def escape_markdown(text: str) -> str:
    """Return *text* so that Markdown shows it as it is, on one line."""
    line = _LINE_END.sub(_line_joint, text)
    line = _ACTIVE.sub(r"\\\g<0>", line)
    return _LEADING_ACTIVE.sub(r"\1\\\2", line)


def _line_joint(found: re.Match[str]) -> str:
    """Return what stands for a line end: a blank between letters or digits, else nothing."""
    sides = found.string[: found.start()][-1:] + found.string[found.end() :][:1]
    return " " if len(sides) == 2 and sides.isascii() and sides.isalnum() else ""
