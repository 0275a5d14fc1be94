"""Character classes for line breaking and justification.

:func:`classify` describes a text by a string of the same length with one letter per
character, so that the rules of W3C *Requirements for Chinese Text Layout* (CLREQ) and
GB/T 15834-2011 can be stated about adjacent letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

HAN = "H"
"""A full-width character that may stand anywhere: Han, kana, full-width Latin, symbols."""
CLOSING = "C"
"""Punctuation that never begins a line and whose right half is blank: ， 。 》."""
OPENING = "O"
"""Punctuation that never ends a line and whose left half is blank: （ “ 《."""
TRAILING = "N"
"""A character that never begins a line and has no blank half: ～ · ？."""
SUFFIX = "P"
"""A sign that belongs to the number before it: ％ ‰ ℃."""
JOINED = "D"
"""A sign that is doubled to form one punctuation mark and never begins a line: — …."""
PREFIX = "E"
"""A sign that never ends a line: ￥ №."""
WESTERN = "W"
"""A letter, digit or sign that is set at its own width in the Latin face."""
WESTERN_CLOSING = "c"
"""A Western character that never begins a line: ) , . %."""
WESTERN_OPENING = "o"
"""A Western character that never ends a line: ( [ $."""
SPACE = "S"
"""A space adjacent to Western text."""
WIDE_SPACE = "F"
"""A space of any width between Han characters."""

NEVER_FIRST = CLOSING + TRAILING + SUFFIX + JOINED + WESTERN_CLOSING
NEVER_LAST = OPENING + PREFIX + WESTERN_OPENING
WESTERN_KINDS = WESTERN + WESTERN_CLOSING + WESTERN_OPENING
SPACES = SPACE + WIDE_SPACE
CLASSES = HAN + CLOSING + OPENING + TRAILING + SUFFIX + JOINED + PREFIX + WESTERN_KINDS + SPACES
"""Every class."""

_MEMBERS = {
    CLOSING: "、，。．：；！）》〉】〕〗〙〛」』”’〞〟］｝｠",
    OPENING: "（《〈【〔〖〘〚「『“‘〝［｛｟",
    TRAILING: "？～〜·・／々〻′″ー",
    SUFFIX: "％‰‱℃℉°¢￠",
    JOINED: "—―…⋯⸺",
    PREFIX: "￥¥＄￡№§",
    WESTERN_CLOSING: ")]},.;:!?%/~‐‑–›»",
    WESTERN_OPENING: "([{$£€‹«",
    SPACE: " \t\u2002\u2003\u2009\u202f",
    WIDE_SPACE: "\u3000",
}
_LAST_ALPHABETIC = 0x2000  # Latin, Greek, Cyrillic and other alphabets are below


_CLASS_OF = {char: kind for kind, chars in _MEMBERS.items() for char in chars}
_BETWEEN_HAN = re.compile(r"(?<=[HCOENPDF])S+(?=[HCOENPDF])")


@cache
def _class_of(char: str) -> str:
    """Return the class of *char* regardless of its neighbours."""
    if char in _CLASS_OF:
        return _CLASS_OF[char]
    if "\u0020" < char < "\u007f" or char == "\u00a0":
        return WESTERN
    western = ord(char) < _LAST_ALPHABETIC and unicodedata.category(char)[0] in "LMN"
    return WESTERN if western else HAN


def is_western(char: str) -> bool:
    """Return whether *char* is set in the Latin face at its own width; true for spaces.

    False for the quotation marks “ ” ‘ ’, the dash —, the ellipsis … and the middle dot ·:
    official documents print them full-width even within Latin text.
    """
    return _class_of(char) in WESTERN_KINDS + SPACE


def classify(text: str) -> str:
    """Return the classes of the characters of *text* as one string.

    Straight quotation marks open and close alternately.  A space between two full-width
    characters is a WIDE_SPACE.
    """
    classes = "".join(map(_class_of, text))
    if '"' in text or "'" in text:
        classes = _turn_quotes(text, classes)
    if SPACE in classes:
        classes = _BETWEEN_HAN.sub(lambda match: WIDE_SPACE * len(match[0]), classes)
    return classes


def _turn_quotes(text: str, classes: str) -> str:
    """Return *classes* with straight quotation marks set to opening and closing alternately.

    An apostrophe within a word is left as it is.
    """
    letters = list(classes)
    for quote in "\"'":
        opening = True
        for match in re.finditer(rf"(?<![A-Za-z0-9]){quote}|{quote}(?![A-Za-z0-9])", text):
            letters[match.start()] = WESTERN_OPENING if opening else WESTERN_CLOSING
            opening = not opening
    return "".join(letters)
