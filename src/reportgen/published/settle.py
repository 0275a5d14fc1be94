"""The texts behind a row's label → its numbers; nothing is invented.

Mostly there is one text for each cell.  Where there are fewer, because digits ran together
(``5845546``), the row's own arithmetic may leave only one way to part them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import islice

from msgspec import Struct

from reportgen.published.found import FoundCell

_MOST_WAYS = 20_000
_DIGITS = re.compile(r"\d+")


class How(Enum):
    """How the texts of a row were brought to its cells."""

    PLAIN = "plain"
    PARTED = "parted"
    UNCLEAR = "unclear"


class Settled(Struct, frozen=True):
    """The text of each cell of a row, with the cell it came from; none when it is unclear."""

    cells: tuple[FoundCell, ...]
    how: How


def settle(
    values: Sequence[FoundCell], count: int, balances: Callable[[Sequence[int]], bool] | None
) -> Settled:
    """Return the texts for *count* cells out of *values*.

    *balances* tells whether whole numbers fit the identities of the row; None when it has none.
    """
    filled = [cell for cell in values if cell.text.strip()]
    if len(values) == count and (len(filled) == count or not _is_run_together(filled, count)):
        return Settled(tuple(values), How.PLAIN)
    if len(filled) == count:
        return Settled(tuple(filled), How.PLAIN)
    if count == 1 and filled and len({cell.text.strip() for cell in filled}) == 1:
        return Settled((filled[0],), How.PLAIN)  # a merged cell, written once for each column
    if not filled:
        blank = values[0] if values else None
        return Settled((blank,) * count if blank else (), How.PLAIN if blank else How.UNCLEAR)
    if len(filled) < count and balances:
        ways = islice(_ways(filled, count), _MOST_WAYS + 1)
        fitting = []
        for tried, way in enumerate(ways):
            if tried == _MOST_WAYS:
                return Settled((), How.UNCLEAR)
            if balances([int(cell.text) for cell in way]):
                fitting.append(way)
                if len(fitting) > 1:
                    return Settled((), How.UNCLEAR)
        if fitting:
            return Settled(fitting[0], How.PARTED)
    return Settled((), How.UNCLEAR)


def _is_run_together(filled: Sequence[FoundCell], count: int) -> bool:
    """Return whether the texts of few cells may hold the digits of all *count*."""
    digits = sum(len("".join(_DIGITS.findall(cell.text))) for cell in filled)
    return 0 < len(filled) < count <= digits and any(
        len(cell.text.strip()) >= count - len(filled) + 1 for cell in filled
    )


def _ways(filled: Sequence[FoundCell], count: int) -> Iterator[tuple[FoundCell, ...]]:
    """Yield the ways to part the digits of *filled* into *count* whole numbers, in order."""
    texts = [re.sub(r"\s", "", cell.text) for cell in filled]
    if not all(_DIGITS.fullmatch(text) for text in texts):
        return
    for parts in _parted(texts, count):
        yield tuple(
            FoundCell(part, cell.place)
            for cell, pieces in zip(filled, parts, strict=True)
            for part in pieces
        )


def _parted(texts: Sequence[str], count: int) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield *texts*, each parted into one number or more, *count* of them altogether."""
    first, rest = texts[0], texts[1:]
    most = count - len(rest)
    for pieces in range(1, min(most, len(first)) + 1):
        if not rest and pieces != count:
            continue
        for parts in _split(first, pieces):
            if not rest:
                yield (parts,)
            else:
                for others in _parted(rest, count - pieces):
                    yield (parts, *others)


def _split(digits: str, pieces: int) -> Iterator[tuple[str, ...]]:
    """Yield *digits* in so many *pieces*, none of which begins with an idle 0."""
    if pieces == 1:
        if digits == "0" or not digits.startswith("0"):
            yield (digits,)
        return
    for end in range(1, len(digits) - pieces + 2):
        head = digits[:end]
        if head != "0" and head.startswith("0"):
            return
        for tail in _split(digits[end:], pieces - 1):
            yield (head, *tail)
