"""A text's tokens cut into parts, each with one number at most and the words around it.

公开信息30条，其中动态20条、文件10条。 has three parts.  Commas, stops and brackets end a part,
and so does 、 or 和 behind a number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from reportgen.checks.sentences.tokens import (
    CLOSE,
    COLON,
    COMMA,
    COUNT,
    JOIN,
    OPEN,
    SEMICOLON,
    STOP,
    Token,
)

_ENDS = (STOP, SEMICOLON, COMMA, OPEN, CLOSE)


class SentencePart(Struct, frozen=True, gc=False):
    """A number, or none, with the words of its part of the sentence before and after it.

    ``lead`` is the mark before the part; ``depth`` how many brackets it stands in;
    ``sentence`` the number of its sentence in the text.  ``head`` is the place, among the
    parts, of the number that this one is listed for (其中), None outside such a list.
    """

    before: tuple[Token, ...]
    number: Token | None
    after: tuple[Token, ...]
    lead: str
    depth: int
    sentence: int
    head: int | None = None

    @property
    def words(self) -> tuple[Token, ...]:
        """All words of the part in order."""
        return (*self.before, *self.after)


def split_parts(tokens: Iterable[Token]) -> list[SentencePart]:
    """Return the parts that *tokens* make."""
    splitter = _Splitter()
    for token in tokens:
        splitter.take(token)
    splitter.cut()
    return splitter.parts


class _List(Struct):
    """The list being read at one depth of brackets, until it ends."""

    head: int | None = None
    sentence: int = 0
    pending: tuple[Token, ...] = ()
    """Words before an opening bracket, continued behind the closing one."""


class _Splitter:
    """Takes tokens one by one and finishes a part wherever a mark ends it."""

    def __init__(self) -> None:
        self.parts: list[SentencePart] = []
        self._words: list[Token] = []
        self._number: Token | None = None
        self._after: list[Token] = []
        self._lead = STOP
        self._sentence = 0
        self._lists = [_List()]
        self._counted: list[int] = []
        self._colon = False

    def take(self, token: Token) -> None:
        """Add *token* to the part being read, or end the part before it."""
        if self._colon and not token.is_number:
            self.cut(COMMA)
        self._colon = token.role == COLON
        if token.role == COLON:  # 新收申请：15件 is one part
            return
        if token.role in _ENDS:
            self._mark(token.role)
        elif token.role == JOIN and self._number is not None:
            self.cut(JOIN)
        elif token.is_number:
            self._take_number(token)
        elif self._number is not None:
            self._after.append(token)
        else:
            self._words.append(token)

    def _take_number(self, token: Token) -> None:
        if self._number is not None:  # 收到8件办结5件: 办结 belongs to 5件
            following, self._after = self._after, []
            self.cut("")
            self._words = following
        is_estimate = bool(self._words) and self._words[-1].role == "about"
        self._number = replace(token, vague=True) if is_estimate else token

    def _mark(self, mark: str) -> None:
        if mark == OPEN:
            pending = () if self._number is not None else tuple(self._words)
            if pending:
                self._words = []
            else:
                self.cut(OPEN)
            self._lead = OPEN
            self._lists.append(_List(sentence=self._sentence, pending=pending))
            return
        if mark == CLOSE:
            self.cut(CLOSE)
            if len(self._lists) > 1:
                self._words.extend(self._lists.pop().pending)
            return
        self.cut(mark)
        self._sentence += mark == STOP

    def cut(self, lead: str = STOP) -> None:
        """Finish the part being read, if any; *lead* is the mark before the next one."""
        if self._number is not None or self._words:
            self.parts.append(self._part())
            self._note_number()
        self._words, self._number, self._after = [], None, []
        self._lead = lead

    def _part(self) -> SentencePart:
        among = next((t for t in self._words if t.role == "among"), None)
        current = self._lists[-1]
        if current.head is not None and current.sentence != self._sentence:
            current.head = None
        if among is not None:
            current.head = self._last_number()
            current.sentence = self._sentence
        return SentencePart(
            before=tuple(t for t in self._words if t.role != "among"),
            number=self._number,
            after=tuple(self._after),
            lead=self._lead,
            depth=len(self._lists) - 1,
            sentence=self._sentence,
            head=current.head,
        )

    def _last_number(self) -> int | None:
        """Return the place of the last counted part that is not in deeper brackets than now."""
        depth = len(self._lists) - 1
        fitting = bisect_right(self._counted, depth, key=lambda place: self.parts[place].depth)
        return self._counted[fitting - 1] if fitting else None

    def _note_number(self) -> None:
        """Note the place of the last part if it is counted.

        Of the earlier ones those in as deep or deeper brackets are not looked for any more, so
        the depths of what is noted ascend.
        """
        part = self.parts[-1]
        if part.number is None or part.number.role != COUNT:
            return
        while self._counted and self.parts[self._counted[-1]].depth >= part.depth:
            self._counted.pop()
        self._counted.append(len(self.parts) - 1)
