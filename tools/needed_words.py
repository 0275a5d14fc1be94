"""Words without which an expression cannot match: searching for them is cheaper than compiling it.

Read off the tree into which CPython's ``re`` parses an expression.  The tree is private to
CPython, so this runs only when forms are compiled; where there is no such tree, or nothing
follows from it, an expression gets no words and the program tries it on every text.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

_MOST_WORDS = 40
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_SKIPPED = ("ASSERT_NOT", "AT")

Words = frozenset[str]


def needed_words(pattern: str, flags: int = 0) -> tuple[tuple[str, ...], ...]:
    """Return groups of words: every text *pattern* matches holds at least one word of each group.

    The group most likely to be missing comes first.  Empty when nothing is known; a mistake
    in *pattern* is not found here.
    """
    parsed = _parsed(pattern, flags)
    if parsed is None:
        return ()
    groups = sorted(set(_telling(_of_sequence(parsed))), key=lambda g: (_rank(g), sorted(g)))
    return tuple(_shortest(group) for group in reversed(groups))


def _parsed(pattern: str, flags: int) -> Any:
    """Return the tree of *pattern*, None when it cannot be used."""
    try:
        tree = importlib.import_module("re._parser" if hasattr(re, "_parser") else "sre_parse")
        parsed = tree.parse(pattern, flags)
    except (ImportError, AttributeError, re.error, RecursionError, OverflowError):
        return None
    return None if parsed.state.flags & re.IGNORECASE else parsed


def _shortest(words: Words) -> tuple[str, ...]:
    """Return *words* without those that hold another of them."""
    return tuple(sorted(word for word in words if not _holds_another(word, words)))


def _holds_another(word: str, words: Iterable[str]) -> bool:
    return any(other != word and other in word for other in words)


def _telling(choices: Iterable[Words]) -> list[Words]:
    return [words for words in choices if words and "" not in words]


def _rank(words: Words) -> tuple[int, int]:
    """Return how likely *words* are to be missing: long ones, then few of them."""
    return min(map(len, words)), -len(words)


def _best(choices: Iterable[Words]) -> Words | None:
    return max(_telling(choices), key=_rank, default=None)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> list[Words]:
    """Return sets of words: where the *items* match in turn, one of each set occurs.

    Neighbours with few possible texts are joined: the longer a word, the rarer it is.
    """
    found: list[Words] = []
    joined = frozenset({""})
    for operation, value in items:
        name = str(operation)
        if name in _SKIPPED:
            continue
        texts = _texts(name, value)
        if texts is not None and len(joined) * len(texts) <= _MOST_WORDS:
            joined = frozenset(map("".join, product(joined, texts)))
            continue
        found.append(joined)
        joined = texts if texts is not None else frozenset({""})
        found.extend(_inside(name, value))
    return [*found, joined]


def _texts(name: str, value: Any) -> Words | None:
    """Return every text one item can match, None when they are too many or unknown."""
    if name == "LITERAL":
        return frozenset({chr(value)})
    if name == "IN":
        return _characters(value)
    if name == "SUBPATTERN" and not value[1] & re.IGNORECASE:
        return _all_of(value[3])
    if name == "BRANCH":
        choices = [_all_of(branch) for branch in value[1]]
        if any(choice is None for choice in choices):
            return None
        return _bounded(frozenset().union(*(choice for choice in choices if choice)))
    if name in _REPEATS and tuple(value[:2]) == (0, 1):
        once = _all_of(value[2])
        return None if once is None else _bounded(once | {""})
    return None


def _all_of(items: Sequence[tuple[Any, Any]]) -> Words | None:
    """Return every text the *items* in turn can match, None when that cannot be told."""
    joined = frozenset({""})
    for operation, value in items:
        texts = _texts(str(operation), value)
        if texts is None or len(joined) * len(texts) > _MOST_WORDS:
            return None
        joined = frozenset(map("".join, product(joined, texts)))
    return joined


def _characters(members: Sequence[tuple[Any, Any]]) -> Words | None:
    """Return the characters of a class, None when it names more than single ones."""
    if any(str(operation) != "LITERAL" for operation, _ in members):
        return None
    return _bounded(frozenset(chr(code) for _, code in members))


def _bounded(words: Words) -> Words | None:
    return words if len(words) <= _MOST_WORDS else None


def _inside(name: str, value: Any) -> list[Words]:
    """Return sets of words found within one item that stands for many texts."""
    if name == "SUBPATTERN" and not value[1] & re.IGNORECASE:
        return _of_sequence(value[3])
    if name == "ASSERT":
        return _of_sequence(value[1])
    if name in _REPEATS and value[0] > 0:
        return _of_sequence(value[2])
    if name == "BRANCH":
        choices = [_best(_of_sequence(branch)) for branch in value[1]]
        if all(choices):
            return [frozenset().union(*(choice for choice in choices if choice))]
    return []
