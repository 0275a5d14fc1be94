"""The direction of text: the levels of the Unicode bidirectional algorithm (UAX #9).

They are resolved by python-bidi, to whose rules those for paired brackets (N0) are added.  Controls
of direction are no part of a report (``characters.OBEYED``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import bidirectional

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_PAIRS = {
    chr(code): chr(code + 1)
    for code in (0x0F3A, 0x0F3C, 0x2045, 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014, 0x3016)
} | {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "｛": "｝"}
"""The brackets of Unicode's BidiBrackets.txt that reports have."""
_DEEPEST = 63
"""The most brackets open at once (BD16)."""
_NUMBERS = ("EN", "AN")
_CONTROLS = ("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_TYPES = {"": "L", **dict.fromkeys(_CONTROLS, "NSM")}
"""Types that are replaced: unassigned characters by letters, invisible ones, of which only joiners
are allowed, by marks of the letter before."""


def is_right_to_left(text: str) -> bool:
    """Return whether *text* has a letter or digit of a script written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def base_direction(text: str) -> int:
    """Return the embedding level of the paragraph *text*: 1 if it is right to left, else 0.

    The first letter decides (UAX #9, P2 and P3).
    """
    if is_right_to_left(text):
        for char in text:
            kind = bidirectional(char)
            if kind in ("L", "R", "AL"):
                return int(kind != "L")
    return 0


def levels_of(text: str) -> list[int]:
    """Return the embedding level of each character of the paragraph *text*."""
    from bidi import algorithm

    base = base_direction(text)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    for char in storage["chars"]:
        char["type"] = _TYPES.get(char["type"], char["type"])
    algorithm.calc_level_runs(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], base)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return [char["level"] for char in storage["chars"]]


def _resolve_brackets(chars: Sequence[dict[str, Any]], base: int) -> None:
    """Set the types of paired brackets (N0) among *chars*, whose weak types are resolved."""
    own, other = "LR"[base], "RL"[base]
    for start, end in sorted(_pairs(chars)):
        inside = {strong for char in chars[start + 1 : end] if (strong := _strong(char["type"]))}
        if own in inside:
            kind = own
        elif other in inside:
            before = (_strong(chars[place]["type"]) for place in range(start - 1, -1, -1))
            kind = next(filter(None, before), own)
        else:
            continue
        chars[start]["type"] = chars[end]["type"] = kind


def _pairs(chars: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """Yield the places of each opening bracket and of the one that closes it (BD16)."""
    waiting: list[tuple[str, int]] = []
    for place, char in enumerate(chars):
        mark = char["ch"]
        if mark in _PAIRS:
            if len(waiting) >= _DEEPEST:
                return
            waiting.append((_PAIRS[mark], place))
        elif any(mark == closing for closing, _ in waiting):
            while waiting:
                closing, start = waiting.pop()
                if closing == mark:
                    yield start, place
                    break


def _strong(kind: str) -> str:
    """Return the direction of the bidirectional type *kind*, in which numbers count as R."""
    return "R" if kind in _NUMBERS or kind in ("R", "AL") else kind if kind == "L" else ""
