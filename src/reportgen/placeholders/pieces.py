"""A text with placeholders taken apart, and its tags checked for being pairs.

Works on the tokens of the sandbox's lexer; every piece keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.placeholders import sandbox
from reportgen.sandbox import SyntaxProblem
from reportgen.text import Word

_MAX_BAD = 50
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_BEGINNINGS = ("variable_begin", "block_begin", "comment_begin")
_DELIMITER = re.compile(r"\{[{%#]")
_OPENING = {"if": "endif", "for": "endfor", "set": "endset"}
_MIDDLE = {"elif": ("if",), "else": ("if", "for")}


class PieceKind(Word):
    """What a stretch of a text with placeholders is."""

    DATA = "data"
    """Text as it is."""
    VALUE = "value"
    """``{{ … }}``."""
    BLOCK = "block"
    """``{% … %}``."""
    OTHER = "other"
    """A comment, or what is not read as a template."""
    BAD = "bad"
    """What cannot be read."""


_ENDINGS = {
    "variable_end": PieceKind.VALUE,
    "block_end": PieceKind.BLOCK,
    "comment_end": PieceKind.OTHER,
}


class Piece(Struct, frozen=True):
    """A stretch of the text.

    ``begin``, ``inner`` and ``end`` are the delimiters of a value or block, with
    the white space they swallow, and what stands between.
    """

    kind: PieceKind
    start: int
    stop: int
    begin: str = ""
    inner: str = ""
    end: str = ""

    @property
    def tag(self) -> str:
        """The first word of a block."""
        found = re.match(r"\s*(\w+)", self.inner)
        return found[1] if found else ""

    @property
    def rest(self) -> str:
        """What follows the first word of a block."""
        return self.inner.lstrip()[len(self.tag) :]

    @property
    def is_block_set(self) -> bool:
        """Whether this is a ``{% set x %}`` that runs up to ``{% endset %}``."""
        return self.tag == "set" and "=" not in self.inner


class Mistake(Struct, frozen=True):
    """What is wrong with the way the stretch from ``start`` to ``stop`` is written.

    ``wording``, ``advice`` and ``values`` are those of the rule template-syntax.
    """

    start: int
    stop: int
    wording: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    advice: str = ""


def split_pieces(text: str) -> list[Piece]:
    """Return *text* in pieces; a placeholder that cannot be read is a bad one.

    A tag takes the line end behind it along only when its line holds nothing but tags: at the
    end of a sentence the line end stays, and with it the blank line that ends a paragraph.
    """
    return [part for piece in _read_pieces(text) for part in _with_line_end(text, piece)]


def _with_line_end(text: str, piece: Piece) -> Iterator[Piece]:
    """Yield *piece*, and as data the line end it would swallow behind other text."""
    ended = piece.end or (piece.inner if piece.kind == PieceKind.OTHER else "")
    if not ended.endswith(("%}\n", "#}\n")) or ended.startswith(("-", "+")):
        yield piece
        return
    if _is_tags(text[text.rfind("\n", 0, piece.start) + 1 : piece.stop]):
        yield piece
        return
    stop = piece.stop - 1
    if piece.end:
        yield replace(piece, stop=stop, end=piece.end[:-1])
    else:
        yield replace(piece, stop=stop, inner=piece.inner[:-1])
    yield Piece(PieceKind.DATA, stop, stop + 1, inner="\n")


def _is_tags(line: str) -> bool:
    """Return whether *line* holds nothing but tags and comments."""
    rest = line.strip()
    position = 0
    while position < len(rest):
        closer = {"{%": "%}", "{#": "#}"}.get(rest[position : position + 2])
        end = rest.find(closer, position) if closer else -1
        if end < 0:
            return False
        position = end + 2
        while rest[position : position + 1].isspace():
            position += 1
    return True


def _read_pieces(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    for _ in range(_MAX_BAD):
        lexer = _Lexer(text, position)
        pieces.extend(lexer.read())
        if lexer.failed_at is None:
            return pieces
        position = _end_of_bad(text, lexer.failed_at)
        pieces.append(Piece(PieceKind.BAD, lexer.failed_at, position))
    return [*pieces, Piece(PieceKind.BAD, position, len(text))] if position < len(text) else pieces


def _end_of_bad(text: str, start: int) -> int:
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    closer = _CLOSERS.get(text[start : start + 2], "}}")
    found = text.find(closer, start + 2, line_end)
    stop = found + 2 if found >= 0 else line_end
    return max(stop, start + 1)


class _Lexer:
    """Reads pieces from *position* on until the end or the first mistake."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self._position = position
        self._base = position
        self.failed_at: int | None = None

    def read(self) -> list[Piece]:
        """Return the pieces up to the first mistake, whose place is ``failed_at``."""
        pieces: list[Piece] = []
        opened: tuple[int, str] | None = None
        try:
            for kind, value in sandbox.tokens(self._text[self._base :]):
                start = self._locate(value)
                if kind in _BEGINNINGS:
                    opened = (start, value)
                elif kind in _ENDINGS and opened:
                    pieces.append(self._piece(_ENDINGS[kind], *opened, start, value))
                    opened = None
                elif not opened:
                    name = PieceKind.DATA if kind == "data" else PieceKind.OTHER
                    pieces.append(Piece(name, start, self._position, inner=value))
        except SyntaxProblem:
            opened = opened or (self._next_delimiter(), "")
        if opened:
            self.failed_at = opened[0]
        return pieces

    def _locate(self, value: str) -> int:
        """Return where token *value* starts, past white space the lexer dropped."""
        start = self._position
        while not self._text.startswith(value, start):
            start += 1
        self._position = start + len(value)
        return start

    def _piece(self, kind: PieceKind, opened: int, begin: str, start: int, value: str) -> Piece:
        inner = self._text[opened + len(begin) : start]
        return Piece(kind, opened, start + len(value), begin, inner, value)

    def _next_delimiter(self) -> int:
        found = _DELIMITER.search(self._text, self._position)
        return found.start() if found else self._position


def structure_mistakes(pieces: Sequence[Piece]) -> list[Mistake]:
    """Return the tags of *pieces* that are unknown, unclosed or out of place."""
    mistakes: list[Mistake] = []
    stack: list[Piece] = []
    names: list[set[str]] = [set()]
    for piece in pieces:
        if piece.kind == PieceKind.BLOCK:
            mistakes.extend(_enter(piece, stack))
            mistakes.extend(_follow_names(piece, names))
    for piece in stack:
        values = {"标记": piece.tag, "结尾": _OPENING[piece.tag]}
        mistakes.append(Mistake(piece.start, piece.stop, "tag-open", values))
    return mistakes


def _enter(piece: Piece, stack: list[Piece]) -> Iterator[Mistake]:
    """Follow *piece* on *stack*, yielding what is wrong with it there."""
    tag = piece.tag
    if tag in _OPENING:
        if tag != "set" or piece.is_block_set:
            stack.append(piece)
    elif tag in _MIDDLE:
        if not stack or stack[-1].tag not in _MIDDLE[tag]:
            yield Mistake(piece.start, piece.stop, "outside-if", {"标记": tag})
    elif tag in _OPENING.values():
        if stack and _OPENING[stack[-1].tag] == tag:
            stack.pop()
        else:
            yield Mistake(piece.start, piece.stop, "tag-alone", {"标记": tag})
    else:
        wording = "tag-unknown" if tag else "tag-empty"
        yield Mistake(piece.start, piece.stop, wording, {"标记": tag})


def _follow_names(piece: Piece, names: list[set[str]]) -> Iterator[Mistake]:
    """Follow in *names*, one set for the text and each loop around, what *piece* sets.

    What a loop sets is forgotten at the end of each round, so that setting there a name of
    outside, a sum for instance, changes nothing outside.
    """
    if piece.tag == "for":
        names.append(set())
    elif piece.tag == "endfor" and len(names) > 1:
        names.pop()
    elif piece.tag == "set":
        for name in re.findall(r"\w+", piece.rest.partition("=")[0].partition("|")[0]):
            if any(name in outer for outer in names[:-1]):
                yield Mistake(piece.start, piece.stop, "set-in-loop", {"名称": name})
            names[-1].add(name)


def snippet(piece: Piece) -> str:
    """Return the smallest whole template that holds the expression of *piece*."""
    if piece.kind == PieceKind.VALUE:
        return f"{{{{{piece.inner}}}}}"
    if piece.tag == "elif":
        return f"{{% if {piece.rest} %}}{{% endif %}}"
    if piece.tag in ("if", "for"):
        return f"{{% {piece.inner} %}}{{% {_OPENING[piece.tag]} %}}"
    if piece.tag == "set":
        return f"{{% {piece.inner} %}}" + ("{% endset %}" if piece.is_block_set else "")
    return ""
