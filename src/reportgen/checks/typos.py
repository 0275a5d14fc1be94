"""Words with one wrong character: one that sounds or looks like the right one, or two swapped.

Compared are words of four characters and longer names (``templates/words.txt``).  Which characters
sound or look alike is in ``templates/characters.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import add

from msgspec import Struct

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import Texts
from reportgen.diagnostics import Diagnostic
from reportgen.files import read_template, resource_folder
from reportgen.forms import Form
from reportgen.model import Report

_LENGTH, _PAIR = 4, 2
"""Of nearly all words, and of what of a word is looked for."""

_EITHER = "也对"
_SOUND, _SHAPE, _BOTH_RIGHT = "同音", "形近", "两可"
_NOWHERE: frozenset[int] = frozenset()


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
        for text in texts.about(rule):
            for typo in find_typos(text.text):
                if any(word in typo.typed for word in listed):
                    continue
                span = text.span(typo.start, typo.start + len(typo.typed))
                values = {"原文": typo.typed, "应为": typo.meant}
                yield make_finding(
                    rule, report, span, values, expected=typo.meant, actual=typo.typed
                )


def find_typos(text: str) -> Iterator[Typo]:
    """Yield the typos of *text*, none over a word that is right, none twice."""
    known, pairs = _words(), _rests().pairs
    # Hardly any pair of a text begins or ends a word; only those that do are looked at.
    found = [(place, pair) for place, pair in enumerate(map(add, text, text[1:])) if pair in pairs]
    right = {place for place, _ in found if text[place : place + _LENGTH] in known}
    told: set[int] = set()
    for typo in _candidates(text, found, right):
        differing = enumerate(zip(typo.typed, typo.meant, strict=True), typo.start)
        wrong = {place for place, (typed, meant) in differing if typed != meant}
        is_right = any(not right.isdisjoint(range(at - _LENGTH + 1, at + 1)) for at in wrong)
        if not is_right and not wrong & told:
            told |= wrong
            yield typo


def _candidates(text: str, found: list[tuple[int, str]], right: set[int]) -> Iterator[Typo]:
    """Yield what is nearly a word, in the order of the pair that is right, one of *found*.

    With one wrong character the first two of a word are right, or the last two.  A right word,
    which begins at a place in *right*, is compared with longer names only.
    """
    for place, pair in found:
        rests, after = _rests_beside(pair), place + _PAIR
        if rests.behind and place not in right:
            typed = text[after : after + _PAIR]
            for rest in rests.behind.near(typed):
                yield Typo(place, pair + typed, pair + rest)
        if rests.before and place - _PAIR not in right:
            typed = text[max(0, place - _PAIR) : place]
            for rest in rests.before.near(typed):
                yield Typo(place - _PAIR, typed + pair, rest + pair)
        for rest in rests.names_behind:
            typed = text[after : after + len(rest)]
            if typed != rest and _is_slip(typed, rest):
                yield Typo(place, pair + typed, pair + rest)
        for rest in rests.names_before:
            typed = text[max(0, place - len(rest)) : place]
            if typed != rest and _is_slip(typed, rest):
                yield Typo(place - len(rest), typed + pair, rest + pair)


class _ShortRests:
    """Rests of two characters, found by what is right of them."""

    def __init__(self, rests: Iterable[str]) -> None:
        self._by_first: dict[str, list[str]] = {}
        self._by_last: dict[str, list[str]] = {}
        self._swapped: dict[str, str] = {}
        for rest in rests:
            self._by_first.setdefault(rest[0], []).append(rest)
            self._by_last.setdefault(rest[1], []).append(rest)
            self._swapped[rest[::-1]] = rest

    def near(self, typed: str) -> list[str]:
        """Return the rests from which *typed* comes by an easy mistake."""
        if len(typed) < _PAIR:
            return []
        first, last = typed[0], typed[1]
        near = self._by_first.get(first, ()), self._by_last.get(last, ())
        rests = [rest for rest in near[0] if rest[1] != last and _is_mistaken(last, rest[1])]
        rests += [rest for rest in near[1] if rest[0] != first and _is_mistaken(first, rest[0])]
        if typed in self._swapped and first != last and not _are_both_right(first, last):
            rests.append(self._swapped[typed])
        return rests


class _RestsBeside(Struct, frozen=True):
    """What is left of the words to compare with that begin or end with a pair."""

    behind: _ShortRests | None
    """What follows the pair in words of four characters; None if it begins none."""
    before: _ShortRests | None
    """What precedes the pair in words of four characters; None if it ends none."""
    names_behind: Sequence[str]
    """What follows the pair in longer names."""
    names_before: Sequence[str]
    """What precedes the pair in longer names."""


@lru_cache(maxsize=1 << 13)
def _rests_beside(pair: str) -> _RestsBeside:
    """Return what is left of the words with *pair*."""
    rests = _rests()
    behind, before = rests.behind.get(pair), rests.before.get(pair)
    return _RestsBeside(
        _ShortRests(behind) if behind else None,
        _ShortRests(before) if before else None,
        rests.names_behind.get(pair, ()),
        rests.names_before.get(pair, ()),
    )


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether *typed* comes of *meant* by an easy mistake: one alike, or two swapped."""
    if typed[:1] != meant[0] and typed[-1:] != meant[-1]:  # of nearly all words
        return len(meant) == _PAIR and typed == meant[::-1] and not _are_both_right(*typed)
    differing = [pair for pair in zip(typed, meant, strict=False) if pair[0] != pair[1]]
    return len(typed) == len(meant) and len(differing) == 1 and _is_mistaken(*differing[0])


@lru_cache(maxsize=1 << 14)
def _is_mistaken(typed: str, meant: str) -> bool:
    """Return whether *typed* sounds or looks like *meant*, and is not right as well."""
    alike = _share_group(typed, meant, _SOUND) or _share_group(typed, meant, _SHAPE)
    return alike and not _are_both_right(typed, meant)


def _are_both_right(one: str, other: str) -> bool:
    """Return whether either character may stand in place of the other."""
    return _share_group(one, other, _BOTH_RIGHT)


def _share_group(one: str, other: str, section: str) -> bool:
    """Return whether a group of *section* holds both characters."""
    groups = _groups(section)
    return not groups.get(one, _NOWHERE).isdisjoint(groups.get(other, _NOWHERE))


@lru_cache(maxsize=3)
def _groups(section: str) -> Mapping[str, set[int]]:
    """Return in which groups of *section* each character is, by their places."""
    found: dict[str, set[int]] = {}
    for place, group in enumerate(_sections("characters.txt")[section]):
        for character in group:
            found.setdefault(character, set()).add(place)
    return found


class _Rests(Struct, frozen=True):
    """What is left of the words to compare with, without a pair of their characters."""

    behind: Mapping[str, list[str]]
    """What follows the first two characters of the words of four, by these two."""
    before: Mapping[str, list[str]]
    """What precedes the last two characters of the words of four, by these two."""
    names_behind: Mapping[str, list[str]]
    """What follows the first two characters of the longer names."""
    names_before: Mapping[str, list[str]]
    """What precedes the last two characters of the longer names."""
    pairs: frozenset[str]
    """The pairs by which there is something, and the first two characters of all words."""


@lru_cache(maxsize=1)
def _rests() -> _Rests:
    """Return what is left of the words to compare with."""
    behind: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    names_behind: dict[str, list[str]] = {}
    names_before: dict[str, list[str]] = {}
    for word, is_compared in _words().items():
        if is_compared:
            is_name = len(word) > _LENGTH
            begun, ended = (names_behind, names_before) if is_name else (behind, before)
            begun.setdefault(word[:_PAIR], []).append(word[_PAIR:])
            ended.setdefault(word[-_PAIR:], []).append(word[:-_PAIR])
    leads = (word[:_PAIR] for word in _words())
    pairs = frozenset(leads).union(before, names_before)
    return _Rests(behind, before, names_behind, names_before, pairs)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, bool]:
    """Return the words that are right, in their order: True for those to compare with."""
    sections = _sections("words.txt")
    return {word: name != _EITHER for name, found in sections.items() for word in found}


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
