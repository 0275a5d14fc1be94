"""The characters of a line of a PDF in the order in which they are read.

A PDF says where each character stands, and no more.  In scripts that go from right to left, and in
those whose letters are shaped, that is neither the order of the text nor always one base line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any
from unicodedata import bidirectional

from reportgen.directions import is_right_to_left
from reportgen.writing_systems import is_complex


def levelled(chars: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return *chars*, all of a page as pdfplumber gives them.

    If some are of scripts that must be shaped, each has its place in the content of the page as
    ``order``, and fits into its line.
    """
    if any(is_complex(char["text"][:1]) for char in chars):
        return [_levelled(char, order) for order, char in enumerate(chars)]
    return chars


_HAIR = 0.01
"""Positions in points that differ by less are the same."""
_BASE = 0.88
"""The height of a character above its base line, as a share of its size."""


def _levelled(char: Mapping[str, Any], order: int) -> Mapping[str, Any]:
    """Return *char* with its place in the content of the page.

    Fonts of other scripts are higher than those of Chinese: their characters get upper and lower
    edge from the base line, so that they share a line; those of an OFD have them already.
    """
    size = char["size"]
    if not (is_complex(char["text"][:1]) and char.get("upright")):
        return {**char, "order": order}
    base = char["bottom"] + char["y0"] - char["matrix"][5]
    top = base - _BASE * size
    return {**char, "order": order, "top": top, "bottom": top + size}


_RUNS = {False: re.compile("R(?:[^L]*R)?"), True: re.compile("L(?:[^R]*[Ld])?|d(?:s?d)*")}
"""Stretches of the other direction in a line from left to right, and from right to left; in these
letters are L and R, digits d, signs within numbers s."""
_DIRECTIONS = {"L": "L", "R": "R", "AL": "R", "EN": "d", "AN": "d", "CS": "s", "ES": "s"}


def in_logical_order(part: Sequence[Mapping[str, Any]], turned: bool) -> list[Mapping[str, Any]]:
    """Return the characters of a line, which are in visual order, as they are read.

    *turned* is whether the line goes from right to left.  It is the inverse of UAX #9 as far as the
    places tell it.  Marks above and below a letter are in the order of the page's content.
    """
    words = sorted(_words(part), key=lambda word: min(char["x0"] for char in word))
    kinds = "".join(_DIRECTIONS.get(bidirectional(word[0]["text"][:1]), "n") for word in words)
    ordered: list[list[Mapping[str, Any]]] = []
    place = 0
    for match in _RUNS[turned].finditer(kinds):
        start, end = match.span()
        ordered += words[place:start] + _turned_run(words[start:end], kinds[start:end])
        place = end
    ordered += words[place:]
    if turned:
        ordered.reverse()
    return [char for word in ordered for char in word]


def _turned_run(words: list[list[Mapping[str, Any]]], kinds: str) -> list[list[Mapping[str, Any]]]:
    """Return *words* of a stretch in reverse, but the digits of a number in their order.

    *kinds* tell which are digits.
    """
    result = words[::-1]
    if "R" in kinds:
        for match in re.finditer("d(?:s?d)*", kinds[::-1]):
            result[match.start() : match.end()] = result[match.start() : match.end()][::-1]
    return result


def _words(part: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the words of scripts that are shaped, in logical order, and each other character."""
    word: list[Mapping[str, Any]] = []
    for char in sorted(part, key=lambda char: char["order"]):
        if word and not _goes_on(word[-1], char):
            yield from _read(word)
            word = []
        word.append(char)
    if word:
        yield from _read(word)


def _goes_on(last: Mapping[str, Any], char: Mapping[str, Any]) -> bool:
    """Return whether *char* is of the word whose last character so far is *last*."""
    if not (is_complex(last["text"][:1]) and is_complex(char["text"][:1])):
        return False
    before, after = (_DIRECTIONS.get(bidirectional(one["text"][:1]), "") for one in (last, char))
    return char["order"] == last["order"] + 1 and (before == after or "" in (before, after))


def _read(word: list[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Yield *word* in logical order, in the parts that were drawn in one direction.

    Most programs draw words from right to left in visual order, some letter by letter.
    """
    steps = [after["x0"] - before["x0"] for before, after in pairwise(word)]
    backward = [step < -_HAIR for step in steps]
    if not is_right_to_left(word[0]["text"]) or sum(backward) > sum(step > _HAIR for step in steps):
        yield word
        return
    start = 0
    for place, is_back in enumerate([*backward, True], 1):
        if is_back:
            yield word[start:place][::-1]
            start = place
