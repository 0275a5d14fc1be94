"""Compound files (DOC, WPS, XLS, ET) looked at before a library sees them.

Their streams are chains of sectors ([MS-CFB], 2.1 to 2.6).  The libraries follow a chain that
runs in a circle for ever, so every chain is checked to end inside the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of a compound file."""
_SHIFTS = (9, 12)
_REGULAR = 0xFFFFFFFA
"""Sector numbers are below; what is above ends a chain or marks a sector."""
_IN_HEADER = 109
_ENTRY = 128
_STREAM, _ROOT = 2, 5


class _DamagedError(Exception):
    """A chain runs in a circle or leaves the file."""


def check_compound(data: bytes) -> None:
    """Raise ValueError, worded for the user, when the compound file *data* has a broken chain."""
    try:
        _CompoundFile(data).check()
    except (_DamagedError, struct.error, IndexError) as error:
        raise ValueError("文件已损坏，无法读取") from error


class _CompoundFile:
    """The sectors of a compound file, and which of them follows which."""

    def __init__(self, data: bytes) -> None:
        (shift,) = struct.unpack_from("<H", data, 30)
        if shift not in _SHIFTS:
            raise _DamagedError
        self._data = data
        self._size = 1 << shift
        self._next = [entry for number in self._tables() for entry in self._numbers(number)]
        self._targets = _targets(self._next)

    def check(self) -> None:
        """Raise _DamagedError unless the directory and every stream is a chain with an end."""
        directory, small, small_table = struct.unpack_from("<I4xII", self._data, 48)
        followers = [n for sector in self._chain(small_table) for n in self._numbers(sector)]
        small_targets = _targets(followers)
        for sector in self._chain(directory):
            part = self._sector(sector)
            for at in range(0, len(part) - _ENTRY + 1, _ENTRY):
                kind = part[at + 66]
                start, size = struct.unpack_from("<II", part, at + 116)
                if kind == _ROOT or (kind == _STREAM and size >= small):
                    self._check_start(start)
                elif kind == _STREAM and start in small_targets:
                    raise _DamagedError

    def _tables(self) -> Iterator[int]:
        """Yield the sectors that hold the table of followers."""
        yield from (n for n in struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76) if _is_one(n))
        (number,) = struct.unpack_from("<I", self._data, 68)
        left = len(self._data) // self._size
        while _is_one(number):
            left -= 1
            if left < 0:
                raise _DamagedError
            *numbers, number = self._numbers(number)
            yield from filter(_is_one, numbers)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise _DamagedError
        return self._data[start : start + self._size].ljust(self._size, b"\xff")

    def _numbers(self, number: int) -> Sequence[int]:
        return struct.unpack(f"<{self._size // 4}I", self._sector(number))

    def _check_start(self, start: int) -> None:
        """Raise unless the chain from *start* has an end: nothing leads to its first sector."""
        if _is_one(start) and (start in self._targets or start >= len(self._next)):
            raise _DamagedError

    def _chain(self, start: int) -> Iterator[int]:
        self._check_start(start)
        while _is_one(start):
            yield start
            start = self._next[start]


def _is_one(number: int) -> bool:
    return number < _REGULAR


def _targets(followers: Sequence[int]) -> frozenset[int]:
    """Return the sectors that follow another; _DamagedError when one follows two, or none is there.

    So a chain that begins at a sector which follows no other cannot run in a circle.
    """
    found = [number for number in followers if _is_one(number)]
    targets = frozenset(found)
    if len(targets) < len(found) or max(targets, default=0) >= max(1, len(followers)):
        raise _DamagedError
    return targets
