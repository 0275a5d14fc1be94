"""Text with its character-level markup, and words that only a few of can be meant."""

from __future__ import annotations

import difflib
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
    """The base of closed lists of words: a member is its word in YAML, JSON and f-strings.

    What ``enum.StrEnum`` of Python 3.11 is.  A member is found in a mapping by the plain
    word too.
    """

    __str__ = str.__str__
    __hash__ = str.__hash__

    def __format__(self, spec: str) -> str:
        """Return the word as *spec* lays it out."""
        return str.__format__(self, spec)


def unreachable(value: NoReturn) -> NoReturn:
    """Fail: every kind of *value* was named before, which the type checker verifies.

    What ``typing.assert_never`` of Python 3.11 is.
    """
    raise AssertionError(f"{value!r}")


_WEB_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]", re.IGNORECASE)


class Run(Placed, frozen=True):
    r"""A stretch of text set alike.

    ``text`` never holds a line feed except the single run ``"\\n"``, a forced
    line break.  ``span`` is where the text was typed, None for fixed wording.
    ``notes`` are the numbers of the findings about the text: in a draft only.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    span: Span | None = None
    notes: tuple[int, ...] = ()


LINE_FEED = "\n"
"""The text of a run that ends a line."""


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
    """Return the link *address* as a URI: every byte that no URI may hold as ``%XX`` (RFC 3986)."""
    return "".join(chr(byte) if byte in _URI_BYTES else f"%{byte:02X}" for byte in address.encode())


def shortened(text: str, most: int = 40) -> str:
    """Return *text*, or its first *most* characters and an ellipsis when it is longer."""
    return text if len(text) <= most else f"{text[:most]}…"


def most_similar(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the word of *known* most like *word*; None when none is, by *cutoff* of 1."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=cutoff)), None)


def display_width(text: str) -> int:
    """Return the number of terminal cells *text* takes; a wide character takes two."""
    return sum(_cells_taken(char) for char in text)


def _cells_taken(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
