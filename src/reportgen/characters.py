"""Character classes for line breaking and justification, and superscripts and subscripts.

:func:`classify` describes a text by a string of the same length with one letter per
character, so that the rules of W3C *Requirements for Chinese Text Layout* (CLREQ) and
GB/T 15834-2011 can be stated about adjacent letters.

A superscript or subscript is a character of its own in every text (``m²``, ``CO₂``).  Few fonts
have all of them, so that outputs draw the plain character instead, smaller and raised or lowered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter

from reportgen.writing_systems import JOINERS, is_complex

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters other than tabs and line feeds, and those that turn the direction of text.

They are not shown but obeyed, so that a name would look like another one.
"""

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
SYLLABLE_END = "t"
"""A sign between the syllables of a word that never begins a line, and after which one may end:
the Tibetan tsheg."""

NEVER_FIRST = CLOSING + TRAILING + SUFFIX + JOINED + WESTERN_CLOSING + SYLLABLE_END
NEVER_LAST = OPENING + PREFIX + WESTERN_OPENING
WESTERN_KINDS = WESTERN + WESTERN_CLOSING + WESTERN_OPENING + SYLLABLE_END
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
    SPACE: " \t\u2002\u2003\u2009",
    WIDE_SPACE: "\u3000",
    SYLLABLE_END: "\u0f0b\u1361",
}
# Forms typed on a Chinese keyboard come first: the last of those with one script is what is drawn.
_TYPED = "０１２３４５６７８９＋－–‐＝（）"
RAISED = str.maketrans(f"{_TYPED}0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
"""A translation to the superscript of each character that has one."""
LOWERED = str.maketrans(
    f"{_TYPED}0123456789+-−=()aehklmnopstx",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕₖₗₘₙₒₚₛₜₓ",
)
"""A translation to the subscript of each character that has one."""
_LEVELS = {"sup": RAISED, "sub": LOWERED}
_DRAWN: dict[str, tuple[str, str]] = {
    chr(script): (chr(plain), level)
    for level, scripts in _LEVELS.items()
    for plain, script in scripts.items()
}
_SCRIPTS = re.compile(f"[{''.join(map(re.escape, _DRAWN))}]")
_JOINERS = re.compile(f"[{JOINERS}]")
_INNER_POINT = re.compile(rf"(?<={_SCRIPTS.pattern})[.,](?={_SCRIPTS.pattern})")


_NO_BREAK = "\u00a0\u202f"  # spaces within a word
_LAST_ALPHABETIC = 0x2000  # Latin, Greek, Cyrillic and other alphabets are below


_CLASS_OF = {char: kind for kind, chars in _MEMBERS.items() for char in chars}
_BETWEEN_HAN = re.compile(r"(?<=[HCOENPDF])S+(?=[HCOENPDF])")


@cache
def _class_of(char: str) -> str:
    """Return the class of *char* regardless of its neighbours."""
    if char in _CLASS_OF:
        return _CLASS_OF[char]
    if "\u0020" < char < "\u007f" or char in _NO_BREAK:
        return WESTERN
    if char in _DRAWN or unicodedata.decomposition(char).startswith("<fraction>"):
        return WESTERN
    category = unicodedata.category(char)
    if is_complex(char):
        return {"Po": WESTERN_CLOSING, "Pe": WESTERN_CLOSING, "Ps": WESTERN_OPENING}.get(
            category, WESTERN
        )
    western = ord(char) < _LAST_ALPHABETIC and category[0] in "LMN"
    return WESTERN if western or _JOINERS.match(char) else HAN


def has_only_scripts(text: str) -> bool:
    """Return whether *text* is made of superscripts or subscripts, points and blanks."""
    return all(char in _DRAWN or char in ".," or char.isspace() for char in text)


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


def drawn_as(char: str) -> tuple[str, str]:
    """Return the character drawn for *char* and its level: ``sup``, ``sub``, or empty.

    Only superscripts and subscripts are drawn by another character.
    """
    return _DRAWN.get(char, (char, ""))


def has_scripts(text: str) -> bool:
    """Return whether *text* has superscripts or subscripts."""
    return _SCRIPTS.search(text) is not None


def script_levels(text: str) -> list[str]:
    """Return the level of each character of *text* (see :func:`drawn_as`).

    A point or a comma between two scripts has the level of the one before it (``PM₂.₅``).
    """
    levels = [drawn_as(char)[1] for char in text]
    for point in _INNER_POINT.finditer(text):
        levels[point.start()] = levels[point.start() - 1]
    return levels


def split_scripts(text: str) -> Iterator[tuple[str, str]]:
    """Yield *text* as it is drawn, in parts of one level, each with its level."""
    if not has_scripts(text):
        yield text, ""
        return
    for level, group in groupby(zip(text, script_levels(text), strict=True), key=itemgetter(1)):
        yield "".join(drawn_as(char)[0] for char, _ in group), level
