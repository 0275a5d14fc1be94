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
from reportgen.files import resource_folder
from reportgen.forms import Form
from reportgen.model import Report

_LENGTH, _PAIR = 4, 2
"""Of nearly all words, and of what of a word is looked for."""

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
    """Finds words that are nearly a known one, in *texts* only.

    With one wrong character the first two of a word are right, or the last two.  Of the known
    words only those are looked at of which such a pair stands there.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        joined = "\n".join(texts)
        pairs = set(map(str.__add__, joined, joined[1:]))
        words, either = _words()
        self._right = words | either
        self._rests: dict[str, list[str]] = {}
        self._leads: dict[str, list[str]] = {}
        for word in words:
            if word[:_PAIR] in pairs:
                self._rests.setdefault(word[:_PAIR], []).append(word[_PAIR:])
            if word[-_PAIR:] in pairs:
                self._leads.setdefault(word[-_PAIR:], []).append(word[:-_PAIR])

    def find(self, text: str) -> Iterator[Typo]:
        """Yield the typos of *text*, none over a word that is right, none twice."""
        right = [i for i in range(len(text)) if text[i : i + _LENGTH] in self._right]
        told: set[int] = set()
        for typo in self._candidates(text):
            pairs = enumerate(zip(typo.typed, typo.meant, strict=True), typo.start)
            wrong = {place for place, (typed, meant) in pairs if typed != meant}
            is_right = any(place - _LENGTH < at <= place for at in right for place in wrong)
            if not is_right and not wrong & told:
                told |= wrong
                yield typo

    def _candidates(self, text: str) -> Iterator[Typo]:
        """Yield what is nearly a word, in the order of the pair that is right."""
        for place, pair in enumerate(map(str.__add__, text, text[1:])):
            after = place + _PAIR
            for rest in self._rests.get(pair, ()):
                typed = text[after : after + len(rest)]
                if typed != rest and _is_slip(typed, rest):
                    yield Typo(place, pair + typed, pair + rest)
            for lead in self._leads.get(pair, ()):
                start = place - len(lead)
                typed = text[max(0, start) : place]
                if typed != lead and _is_slip(typed, lead):
                    yield Typo(start, typed + pair, lead + pair)


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether *typed* comes of *meant* by an easy mistake: one alike, or two swapped."""
    if len(typed) != len(meant):
        return False
    if len(meant) == _PAIR:  # of nearly all words
        if typed[0] == meant[0]:
            return _is_mistaken(typed[1], meant[1])
        if typed[1] == meant[1]:
            return _is_mistaken(typed[0], meant[0])
        return typed == meant[::-1] and not _share_group(typed[0], typed[1], _BOTH_RIGHT)
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
    text = (resource_folder("templates") / name).read_text(encoding="utf-8")
    parts = re.split(
        r"^\[(.+)\]$", re.sub("^#.*", "", text, flags=re.MULTILINE), flags=re.MULTILINE
    )
    return {
        title: tuple(body.split()) for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }
