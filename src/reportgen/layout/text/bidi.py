"""The order of characters on a line that has text from right to left (UAX #9).

The levels of a paragraph are resolved by python-bidi, to whose rules those for paired brackets
(N0) are added.  Controls of direction are no part of a report (``characters.OBEYED``).

A line is set in logical order first, as if all text went from left to right, and then moved: each
character to its place in visual order, with the space behind it.  Lengths are points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, groupby
from typing import Any, NamedTuple

from reportgen.writing_systems import base_direction

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


class _LinePart(NamedTuple):
    """A character of a line, or the space behind one."""

    level: int
    width: float
    place: int
    """The number of the character on the line; -1 for space."""


def visual_origins(
    levels: Sequence[int],
    base: int,
    origins: Sequence[float],
    advances: Sequence[float],
    width: float,
) -> list[float]:
    """Return the origins of the characters of a line of *width* in visual order.

    *origins* are those in logical order, *advances* the widths of the characters.  The line has no
    spaces at its end (L1).  Space between characters of two levels lies where the text of the
    lower level goes on.
    """
    parts = list(_parts(levels, base, origins, advances, width))
    placed = list(origins)
    x = 0.0
    for part in _reordered(parts):
        if part.place >= 0:
            placed[part.place] = x
        x += part.width
    return placed


def _parts(
    levels: Sequence[int],
    base: int,
    origins: Sequence[float],
    advances: Sequence[float],
    width: float,
) -> Iterator[_LinePart]:
    """Yield the characters of a line and the spaces between them, in logical order."""
    yield _LinePart(base, origins[0], -1)
    ends = [*origins[1:], width]
    following = [*levels[1:], base]
    for place, (level, after) in enumerate(zip(levels, following, strict=True)):
        yield _LinePart(level, advances[place], place)
        yield _LinePart(min(level, after), ends[place] - origins[place] - advances[place], -1)


def _reaches(level: int, part: _LinePart) -> bool:
    return part.level >= level


def _reordered(parts: Sequence[_LinePart]) -> list[_LinePart]:
    """Return *parts* in visual order (L2)."""
    ordered = list(parts)
    for level in range(max(part.level for part in parts), 0, -1):
        runs = groupby(ordered, partial(_reaches, level))
        turned = [list(run)[::-1] if high else list(run) for high, run in runs]
        ordered = list(chain.from_iterable(turned))
    return ordered
