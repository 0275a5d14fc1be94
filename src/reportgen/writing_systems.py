"""Writing systems other than Chinese and Latin: which texts must be shaped, script, language.

Letters of Arabic and Mongolian join, Tibetan ones are stacked, vowel signs of many others are
moved: such a text is drawn by glyphs that only the rules in a font tell (OpenType GSUB and GPOS),
found for a whole word at once.  Their direction is in :mod:`reportgen.directions`.

The ranges are those of the blocks of Unicode 15.  A block is listed as a whole, with its digits
and marks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from reportgen.directions import base_direction, is_right_to_left, levels_of

_COMPLEX = (
    "\u0590-\u109f"  # Hebrew, Arabic, Syriac, …, Indic scripts, Thai, Lao, Tibetan, Myanmar
    "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"  # the parts of Hangul syllables
    "\u1700-\u180a\u1810-\u18af"  # Philippine scripts, Khmer, Mongolian
    "\u1900-\u1c7f\u1cc0-\u1cff"  # Limbu, Tai Le, New Tai Lue, Tai Tham, Balinese, …
    "\ua800-\uaaff\uabc0-\uabff"  # Syloti Nagri, Phags-pa, …, Meetei Mayek
    "\ufb1d-\ufdff\ufe70-\ufefc"  # forms of Hebrew and Arabic letters
    "\U00010800-\U00011fff\U00016100-\U0001613f\U0001e000-\U0001efff"
)
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Accents of any alphabet, which are placed above or below the letter before them."""
JOINERS = "\u034f\u180b-\u180f\u200c\u200d"
"""Characters that only say how their neighbours join, as a set of a regular expression."""
_NARROW_BLANK = "\u202f"
"""It stands before a Mongolian ending, which is shaped together with its word."""

_SHAPED = re.compile(f"[{_COMPLEX}{_MARKS}]")
_STRETCH = re.compile(
    f"(?:[{_COMPLEX}]|\\S[{_MARKS}])[{_COMPLEX}{_MARKS}{JOINERS}]*"
    f"(?:{_NARROW_BLANK}[\u1810-\u18af][{_COMPLEX}{JOINERS}]*)*"
)
_JOINING = re.compile(f"(?<=[{_COMPLEX}])[{JOINERS}]+")
_BLOCKS = (
    (0x0600, 0x06FF, "Arabic"),
    (0x0750, 0x077F, "Arabic"),
    (0x0870, 0x08FF, "Arabic"),
    (0x0F00, 0x0FFF, "Tibetan"),
    (0x1100, 0x11FF, "Hangul"),
    (0x1800, 0x18AF, "Mongolian"),
    (0x1950, 0x197F, "Tai Le"),
    (0x1980, 0x19DF, "New Tai Lue"),
    (0x1A20, 0x1AAF, "Tai Tham"),
    (0x3130, 0x318F, "Hangul"),
    (0xA000, 0xA4CF, "Yi"),
    (0xA960, 0xA97F, "Hangul"),
    (0xAC00, 0xD7FF, "Hangul"),
    (0xFB50, 0xFDFF, "Arabic"),
    (0xFE70, 0xFEFC, "Arabic"),
)
"""First and last code of the blocks of the scripts of the autonomous regions."""
_STARTS = [first for first, _, _ in _BLOCKS]

_LANGUAGES = {
    "Tibetan": "bo",
    "Hangul": "ko",
    "Mongolian": "mn-Mong",
    "Tai Le": "tdd",
    "New Tai Lue": "khb",
    "Tai Tham": "khb-Lana",
    "Yi": "ii",
}
"""The language of each script (RFC 5646); Arabic letters are those of several."""
_ARABIC_LETTERS = (
    (re.compile("[\u0674-\u0678]"), "kk-Arab"),
    (re.compile("[\u06c5\u06c9]"), "ky-Arab"),
    (re.compile("[\u06d0\u06c6\u06c8\u06d5\u06cb\u06ad\u06be\u06c7]"), "ug"),
)
"""Letters of Kazakh, of Kirghiz, and of Uyghur and no other of these."""


def needs_shaping(text: str) -> bool:
    """Return whether *text* has a letter or a mark that must be shaped."""
    return not text.isascii() and _SHAPED.search(text) is not None


def shaped_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the stretches of *text* that are shaped as one: words, mostly."""
    return (match.span() for match in _STRETCH.finditer(text))


def without_shaped(text: str) -> str:
    """Return what is left of *text* without the stretches that are shaped."""
    return _STRETCH.sub("", text)


def without_joiners(text: str) -> str:
    """Return *text* without the joiners in words that are shaped, where they belong."""
    return _JOINING.sub("", text)


def joiner_places(text: str) -> frozenset[int]:
    """Return the offsets of the joiners in words of *text* that are shaped."""
    found = (range(*match.span()) for match in _JOINING.finditer(text))
    return frozenset(chain.from_iterable(found))


@cache
def is_complex(char: str) -> bool:
    """Return whether *char* belongs to a script whose texts must be shaped."""
    return _SHAPED.match(char) is not None and re.match(f"[{_MARKS}]", char) is None


@cache
def script_of(char: str) -> str:
    """Return the script of *char*, one of those of the autonomous regions; else empty."""
    number = bisect_right(_STARTS, ord(char)) - 1
    if number < 0 or ord(char) > _BLOCKS[number][1]:
        return ""
    return _BLOCKS[number][2]


def language_of(char: str, text: str) -> str:
    """Return the language (RFC 5646) of *char* in the paragraph *text*; empty if none is told.

    Chinese and what is written with Latin letters is not told from others.
    """
    script = script_of(char)
    if script != "Arabic":
        return _LANGUAGES.get(script, "")
    return next((name for letters, name in _ARABIC_LETTERS if letters.search(text)), "ar")


class Writing(NamedTuple):
    """A stretch of a paragraph in one script and one direction."""

    text: str
    script: str
    """The script, if it is one of those of the autonomous regions; else empty."""
    language: str
    """The language (RFC 5646); empty if none is told."""
    turned: bool
    """Whether it goes from right to left."""


def writings(paragraph: str, start: int = 0, end: int | None = None) -> list[Writing]:
    """Return the characters of *paragraph* from *start* to *end*, divided by script and direction.

    Marks and spaces between letters of one script belong to it.
    """
    text = paragraph[start:end]
    scripts = [] if text.isascii() else _scripts(text)
    turned = _turned(paragraph)[start:end] if is_right_to_left(paragraph) else []
    if not (turned or any(scripts)):
        return [Writing(text, "", "", False)] if text else []
    keys = zip(text, scripts or [""] * len(text), turned or [False] * len(text), strict=True)
    found = []
    for (script, direction), group in groupby(keys, itemgetter(1, 2)):
        part = "".join(char for char, _, _ in group)
        letter = next((char for char in part if script_of(char)), part[0])
        found.append(Writing(part, script, language_of(letter, paragraph), direction))
    return found


def _scripts(text: str) -> list[str]:
    """Return the script of each character of *text*; what is between two letters has theirs."""
    scripts = [script_of(char) for char in text]
    last = -1
    for place, script in enumerate(scripts):
        if script:
            if scripts[last] == script and not any(map(str.isalnum, text[last + 1 : place])):
                scripts[last + 1 : place] = [script] * (place - last - 1)
            last = place
    return scripts


def _turned(paragraph: str) -> list[bool]:
    """Return whether each character of *paragraph* goes with text from right to left.

    So does a number after a word of such a text, though its digits go from left to right.
    """
    base = base_direction(paragraph)
    return [level > 0 if not base else level % 2 == 1 for level in levels_of(paragraph)]
