"""Words with one wrong character: one that sounds or looks like the right one, or two swapped.

Compared are words of four characters and longer names (``templates/words.txt``).  Which characters
sound or look alike is in ``templates/characters.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
_ANY = "\0"
"""Stands for the character that is wrong."""

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
    known = _words()
    right = {i for i in range(len(text)) if text[i : i + _LENGTH] in known}
    told: set[int] = set()
    for typo in _candidates(text, right):
        pairs = enumerate(zip(typo.typed, typo.meant, strict=True), typo.start)
        wrong = {place for place, (typed, meant) in pairs if typed != meant}
        is_right = any(not right.isdisjoint(range(at - _LENGTH + 1, at + 1)) for at in wrong)
        if not is_right and not wrong & told:
            told |= wrong
            yield typo


def _candidates(text: str, right: set[int]) -> Iterator[Typo]:
    """Yield what is nearly a word, in the order of the pair that is right.

    With one wrong character the first two of a word are right, or the last two.  A right word,
    which begins at a place in *right*, is compared with longer names only.
    """
    rests = _rests()
    for place, pair in enumerate(map(str.__add__, text, text[1:])):
        if pair not in rests.pairs:  # nearly all pairs of a text
            continue
        after = place + _PAIR
        if pair in rests.behind and place not in right:
            typed = text[after : after + _PAIR]
            for rest in _near(typed, _by_right_part(pair, is_behind=True)):
                yield Typo(place, pair + typed, pair + rest)
        if pair in rests.before and place - _PAIR not in right:
            typed = text[max(0, place - _PAIR) : place]
            for rest in _near(typed, _by_right_part(pair, is_behind=False)):
                yield Typo(place - _PAIR, typed + pair, rest + pair)
        for rest in rests.names_behind.get(pair, ()):
            typed = text[after : after + len(rest)]
            if typed != rest and _is_slip(typed, rest):
                yield Typo(place, pair + typed, pair + rest)
        for rest in rests.names_before.get(pair, ()):
            typed = text[max(0, place - len(rest)) : place]
            if typed != rest and _is_slip(typed, rest):
                yield Typo(place - len(rest), typed + pair, rest + pair)


def _near(typed: str, rests: Mapping[str, list[str]]) -> list[str]:
    """Return those of *rests* from which *typed* comes by an easy mistake."""
    near: list[str] = []
    for part in (typed[:1] + _ANY, _ANY + typed[1:], typed):
        if part in rests:
            near += [rest for rest in rests[part] if typed != rest and _is_slip(typed, rest)]
    return near


@lru_cache(maxsize=1 << 13)
def _by_right_part(pair: str, *, is_behind: bool) -> Mapping[str, list[str]]:
    """Return the rests of the words with *pair* by what is typed of them.

    That is the first character, the last one, or both swapped.
    """
    rests = _rests()
    found: dict[str, list[str]] = {}
    for rest in (rests.behind if is_behind else rests.before)[pair]:
        for part in {rest[0] + _ANY, _ANY + rest[1], rest[::-1]}:
            found.setdefault(part, []).append(rest)
    return found


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether *typed* comes of *meant* by an easy mistake: one alike, or two swapped."""
    if typed[:1] != meant[0] and typed[-1:] != meant[-1]:  # of nearly all words
        return len(meant) == _PAIR and typed == meant[::-1] and not _are_both_right(*typed)
    differing = [pair for pair in zip(typed, meant, strict=False) if pair[0] != pair[1]]
    return len(typed) == len(meant) and len(differing) == 1 and _is_mistaken(*differing[0])


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
    """Every pair by which there is something."""


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
    pairs = frozenset().union(behind, before, names_behind, names_before)
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
