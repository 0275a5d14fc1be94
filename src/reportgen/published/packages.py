"""Containers examined before a library opens them: packages (ZIP: DOCX, XLSX) and compound files.

A package is measured by what it unpacks to.  The streams of a compound file (DOC, WPS, XLS, ET)
are chains of sectors ([MS-CFB], 2.1 to 2.6).  The libraries would follow a circular chain for
ever, so every chain must end inside the file.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reportgen.files import unpack_entry

MAX_PARTS = 3_000
MAX_XML = 20_000_000
"""Bytes of all parts of XML together: the libraries keep trees several times that size."""
MAX_UNPACKED = 200_000_000
"""Bytes of all parts together: python-docx keeps every part in memory."""
_XML = (".xml", ".rels", ".vml")


class TooLargeError(ValueError):
    """The package unpacks to more than any report does; worded for the user."""

    def __init__(self) -> None:
        super().__init__("解开后过大，不像一份年度报告")


def check_package(data: bytes) -> None:
    """Raise ValueError, worded for the user, when the package *data* is no ZIP or a bomb.

    Every part is unpacked once, piece by piece, because libraries unpack a part whole whatever
    the list of contents says of its size.
    """
    with _problems_worded(), zipfile.ZipFile(io.BytesIO(data)) as package:
        _check_sizes(package)
        for entry in package.infolist():
            for _ in unpack_entry(package, entry):
                pass


def xml_parts(data: bytes) -> Iterator[bytes]:
    """Yield every part of XML; ValueError as :func:`check_package`."""
    with _problems_worded(), zipfile.ZipFile(io.BytesIO(data)) as package:
        _check_sizes(package)
        for entry in package.infolist():
            if _is_xml(entry):
                yield b"".join(unpack_entry(package, entry))


def _check_sizes(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    xml = sum(entry.file_size for entry in entries if _is_xml(entry))
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_PARTS or xml > MAX_XML or total > MAX_UNPACKED:
        raise TooLargeError


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(_XML)


@contextmanager
def _problems_worded() -> Iterator[None]:
    try:
        yield
    except TooLargeError:
        raise
    except (
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise ValueError("文件已损坏，无法解开") from error
    except RuntimeError as error:
        raise ValueError("文件有密码，无法读取；请去掉密码后再试") from error


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
