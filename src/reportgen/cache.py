"""What a run leaves for the next one: results by the content they were made from.

A cache only spares time.  It may be lost, closed to us or damaged at any moment; then it
holds nothing, and nobody is told.  Equal content gives equal results, so nothing in it can
be out of date.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

Stamp: TypeAlias = tuple[int, int]
"""Size of a file and the time it was last written, in nanoseconds."""

PICTURES, VERDICTS = "pictures", "picture-verdicts"
OF_ONE_REPORT = (PICTURES, VERDICTS)
"""Kinds of results that hardly any other report asks for."""

_MOST = 512
"""Results of one kind; with more, the older half goes."""


class Cache:
    """Byte strings on disk, by kind and key; without a folder it keeps nothing.

    The kinds in ``aside`` it does not keep: what will hardly be asked for again.  The name of
    a file is its key, its first line the hash of the rest: a file cut off is no result.
    """

    def __init__(self, folder: Path | None = None, aside: frozenset[str] = frozenset()) -> None:
        self._folder = folder
        self._aside = aside

    def __bool__(self) -> bool:
        """Whether anything can be kept."""
        return self._folder is not None

    def __eq__(self, other: object) -> bool:
        """Whether *other* keeps the same results in the same folder."""
        return isinstance(other, Cache) and other._identity == self._identity

    def __hash__(self) -> int:
        """Return a hash of the folder and of what is not kept in it."""
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[Path | None, frozenset[str]]:
        return self._folder, self._aside

    def without(self, *kinds: str) -> Cache:
        """Return the same cache, which neither gives nor takes results of *kinds*."""
        return Cache(self._folder, self._aside | frozenset(kinds))

    def _place(self, kind: str) -> Path | None:
        """Return the folder for results of *kind*, None when they are not kept."""
        return None if self._folder is None or kind in self._aside else self._folder / kind

    def get(self, kind: str, key: str) -> bytes | None:
        """Return what was put under *key*, None when it is not there or not whole."""
        place = self._place(kind)
        if place is None:
            return None
        try:
            digest, _, data = (place / key).read_bytes().partition(b"\n")
        except OSError:
            return None
        return data if digest == _digest(data) else None

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep *data* under *key*, a file name of hexadecimal digits, if that can be done."""
        place = self._place(kind)
        if place is None:
            return
        from reportgen.outputs import write_whole  # most runs find everything kept

        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            _make_room(place)
            write_whole(place / key, _digest(data) + b"\n" + data, mode=0o600)


NO_CACHE = Cache()
"""What keeps nothing."""


def cache_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Return where the user's programs keep what may be lost, our part of it.

    ``LOCALAPPDATA`` on Windows, else ``XDG_CACHE_HOME`` or ``~/.cache`` (XDG Base Directory
    Specification 0.8); relative values do not count, as it says.
    """
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        place = Path(environment.get(name, ""))
        if place.is_absolute():
            return place / "reportgen"
    return home / ".cache" / "reportgen"


def content_key(*parts: bytes) -> str:
    """Return the key of a result made from *parts*."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what tells, within one process, that a file was written again."""
    return status.st_size, status.st_mtime_ns


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode("ascii")


def _make_room(place: Path) -> None:
    """Delete the older half of the files in *place* when there are too many."""
    files = list(_files(place))
    if len(files) >= _MOST:
        for _, path in sorted(files)[: len(files) // 2]:
            path.unlink(missing_ok=True)


def _files(place: Path) -> Iterator[tuple[float, Path]]:
    with os.scandir(place) as entries:
        for entry in entries:
            yield entry.stat().st_mtime, Path(entry.path)
