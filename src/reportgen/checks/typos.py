"""Words with one wrong character: one that sounds or looks like the right one, or two swapped.

Compared are words of four characters and longer names (``templates/words.txt``).  Which characters
sound or look alike is in ``templates/characters.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import Texts
from reportgen.diagnostics import Diagnostic
from reportgen.files import read_template, resource_folder
from reportgen.forms import Form
from reportgen.model import Report

_LENGTH, _PAIR = 4, 2
"""Of nearly all words, and of what of a word is looked for."""
_OPEN = "\0"
"""Stands for any character."""

_EITHER = "也对"
_SOUND, _SHAPE, _BOTH_RIGHT = "同音", "形近", "两可"


class Typo(Struct, frozen=True):
    """A word that begins at ``start`` of a text and is not what it should be."""

    start: int
    typed: str
    meant: str


def check_typos(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each word with one wrong character (kind ``typos``).

    What another rule lists as a wrong word is left to it.
    """
    for rule in form.rules:
        if rule.kind != "typos":
            continue
        listed = {word for other in form.rules for word in other.pairs if len(word) > 1}
        finder = _TypoFinder(text.text for text in texts.about(rule))
        for text in texts.about(rule):
            for typo in finder.find(text.text):
                if any(word in typo.typed for word in listed):
                    continue
                span = text.span(typo.start, typo.start + len(typo.typed))
                values = {"原文": typo.typed, "应为": typo.meant}
                yield make_finding(
                    rule, report, span, values, expected=typo.meant, actual=typo.typed
                )


class _TypoFinder:
    """Finds words that differ by one mistake from a known one, in *texts* only.

    The first two characters of such a word are right, or the last two, and of the two beside
    them one is, unless they are swapped.  So a known word is indexed by its first and its last
    four characters, each with one of the two beside the right pair left open.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        joined = "\n".join(texts)
        pairs = set(map(str.__add__, joined, joined[1:]))
        self._words, either = _words()
        self._right = self._words | either
        self._open: dict[str, list[tuple[str, int]]] = {}
        """Words by four of their characters, one left open, with the place of the four."""
        self._known: dict[str, tuple[tuple[str, int], ...]] = {}
        """What :meth:`_nearly` returned, as most of a text is said more than once."""
        for word in self._words:
            first, last, place = word[:_PAIR], word[-_PAIR:], len(word) - _LENGTH
            if first in pairs:
                self._add(word, 0, first + _OPEN + word[3], word[:3] + _OPEN)
            if last in pairs:
                self._add(word, place, _OPEN + word[-3:], word[place] + _OPEN + last)

    def _add(self, word: str, place: int, *keys: str) -> None:
        for key in keys:
            self._open.setdefault(key, []).append((word, place))

    def find(self, text: str) -> Iterator[Typo]:
        """Yield the typos of *text*, none over a word that is right, none twice."""
        found = sorted(self._candidates(text), key=lambda t: (t.start, t.typed, t.meant))
        if not found:
            return
        right = [i for i in range(len(text)) if text[i : i + _LENGTH] in self._right]
        told: set[int] = set()
        for typo in found:
            pairs = enumerate(zip(typo.typed, typo.meant, strict=True), typo.start)
            wrong = {place for place, (typed, meant) in pairs if typed != meant}
            is_right = any(place - _LENGTH < at <= place for at in right for place in wrong)
            if not is_right and not wrong & told:
                told |= wrong
                yield typo

    def _candidates(self, text: str) -> Iterator[Typo]:
        """Yield what is nearly a word."""
        pairs = list(map(str.__add__, text, text[1:]))
        for at, four in enumerate(map(str.__add__, pairs, pairs[_PAIR:])):
            nearly = self._known.get(four)
            if nearly is None:
                nearly = self._known[four] = tuple(self._nearly(four))
            for word, place in nearly:
                start = at - place
                typed = text[max(0, start) : start + len(word)]
                if len(word) == _LENGTH or _is_slip(typed, word):
                    yield Typo(start, typed, word)

    def _nearly(self, four: str) -> Iterator[tuple[str, int]]:
        """Yield the words that *four* characters are a slip of, and where in them these are.

        Of a longer word only three of the four are compared.
        """
        a, b, c, d = list(four)
        for word in (a + b + d + c, b + a + c + d):
            if word in self._words and _is_swapped(four, word):
                yield word, 0
        for key in (_OPEN + b + c + d, a + _OPEN + c + d, a + b + _OPEN + d, a + b + c + _OPEN):
            for word, place in self._open.get(key, ()):
                if len(word) > _LENGTH or _is_slip(four, word):
                    yield word, place


def _is_swapped(typed: str, meant: str) -> bool:
    """Return whether *typed*, in which two characters are swapped, is not right as well."""
    swapped = [char for char, other in zip(typed, meant, strict=True) if char != other]
    return bool(swapped) and not _share_group(*swapped, _BOTH_RIGHT)


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether *typed* is *meant* with one character that is easily mistaken for it."""
    if typed == meant or len(typed) != len(meant):
        return False
    differing = [pair for pair in zip(typed, meant, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_mistaken(*differing[0])


def _is_mistaken(typed: str, meant: str) -> bool:
    """Return whether *typed* sounds or looks like *meant*, and is not right as well."""
    return (
        _share_group(typed, meant, _SOUND) or _share_group(typed, meant, _SHAPE)
    ) and not _share_group(typed, meant, _BOTH_RIGHT)


@lru_cache(maxsize=4096)
def _share_group(one: str, other: str, section: str) -> bool:
    """Return whether a group of *section* holds both characters."""
    return any(one in group and other in group for group in _sections("characters.txt")[section])


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words to compare with, and those near them that are right as well."""
    sections = _sections("words.txt")
    words = {word for name, found in sections.items() if name != _EITHER for word in found}
    return frozenset(words), frozenset(sections[_EITHER])


@lru_cache(maxsize=2)
def _sections(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of the shipped list *name* by the section they stand in."""
    text = read_template(resource_folder("templates") / name)
    parts = re.split(
        r"^\[(.+)\]$", re.sub("^#.*", "", text, flags=re.MULTILINE), flags=re.MULTILINE
    )
    return {
        title: tuple(body.split()) for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }
