"""Runs of text with their markup, closed lists of words, and measures of plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum
from typing import NoReturn

from reportgen.source import Placed, Span

_URI_BYTES = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)


class Word(str, Enum):
    """Base class of string enums: a member equals its word, also in YAML, JSON and f-strings.

    It corresponds to ``enum.StrEnum`` of Python 3.11.  A member and its plain word are the same
    key of a mapping.
    """

    __str__ = str.__str__
    __hash__ = str.__hash__

    def __format__(self, spec: str) -> str:
        """Return the word formatted by *spec*."""
        return str.__format__(self, spec)


def unreachable(value: NoReturn) -> NoReturn:
    """Raise AssertionError; the type checker verifies that every type of *value* is handled.

    It corresponds to ``typing.assert_never`` of Python 3.11.
    """
    raise AssertionError(f"{value!r}")


_WEB_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]", re.IGNORECASE)


class Run(Placed, frozen=True):
    """A stretch of text with the same markup."""

    text: str
    """The characters; they contain no line feed, unless the run is :data:`LINE_FEED` alone."""
    bold: bool = False
    italic: bool = False
    link: str | None = None
    """The address that the text links to."""
    span: Span | None = None
    """Where the text was typed; None for fixed wording."""
    notes: tuple[int, ...] = ()
    """The numbers of the findings about the text; used in drafts only."""
    footnote: int = 0
    """The number of the footnote whose mark the text is; 0 for other text."""

    @property
    def is_as_typed(self) -> bool:
        """Whether each character stands for one of ``span``: offsets in the text are exact."""
        return self.span is not None and len(self.text) == self.span.end - self.span.start


TURNING = "\u200f\u202b\u202e\u2067"
"""Controls that set text from right to left: behind one, 42 is seen as 24 in some programs."""

_TAKE_NO_ROOM = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
INVISIBLE = dict.fromkeys({*_TAKE_NO_ROOM, 0xFEFF} - set(map(ord, TURNING)))
"""A translation that drops the characters that take no room: they are pasted unseen.

Those of ``TURNING`` stay, because without them a text reads otherwise.
"""

SELECTORS = dict.fromkeys((0xFE0E, 0xFE0F))
"""A translation that drops the variation selectors, which only say which form of the character
before is meant: 〇️ copied from a telephone has one."""

LINE_FEED = "\n"
"""The text of a run that is a forced line break."""


MOST_FOOTNOTES = 20
"""The most footnotes of a report: Word and the fonts have ① to ⑳."""
_FOOTNOTE_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def footnote_mark(number: int) -> str:
    """Return the mark (①) of footnote *number*, which is 1 to :data:`MOST_FOOTNOTES`.

    A raised digit behind a number would be taken for part of it wherever text is copied.
    """
    return _FOOTNOTE_MARKS[number - 1]


def footnote_number(mark: str) -> int:
    """Return the number of the footnote *mark*; 0 if it is none."""
    return _FOOTNOTE_MARKS.find(mark) + 1 if len(mark) == 1 else 0


def without_marks(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return *runs* without the marks of footnotes."""
    return tuple(run for run in runs if not run.footnote)


def footnotes_in(runs: tuple[Run, ...]) -> tuple[int, ...]:
    """Return the numbers of the footnotes whose marks are among *runs*, in order."""
    return tuple(run.footnote for run in runs if run.footnote)


def plain_text(runs: tuple[Run, ...]) -> str:
    """Return the text of *runs* without markup."""
    return "".join(run.text for run in runs)


def is_web_address(link: str) -> bool:
    """Return whether *link* leads to a web page, a mail box or a telephone.

    These are all that a published report may link to: anything else (``file:``, ``javascript:``,
    a program's own scheme) opens or runs something on the reader's machine.
    """
    return _WEB_ADDRESS.match(link) is not None


def percent_encoded(address: str) -> str:
    """Return the link *address* as a URI; bytes that a URI must not contain become ``%XX``.

    See RFC 3986.
    """
    return "".join(chr(byte) if byte in _URI_BYTES else f"%{byte:02X}" for byte in address.encode())


def shortened(text: str, most: int = 40) -> str:
    """Return *text*, cut to its first *most* characters with an ellipsis if it is longer."""
    return text if len(text) <= most else f"{text[:most]}…"


def most_similar(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the word of *known* that is most similar to *word*.

    None if no similarity reaches *cutoff* (0 to 1).
    """
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, known, n=1, cutoff=cutoff)), None)


def is_latin(char: str) -> bool:
    """Return whether *char* is a Latin letter or a digit, which a blank parts from the next."""
    return char.isascii() and char.isalnum()


def one_line(text: str) -> str:
    """Return *text* with each stretch of white space as one blank, and none at the ends."""
    return " ".join(text.split())


def display_width(text: str) -> int:
    """Return the number of terminal cells that *text* takes; a wide character takes two."""
    return sum(_cells_taken(char) for char in text)


def _cells_taken(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
