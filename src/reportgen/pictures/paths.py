"""Looking up picture files by the paths in a narrative, and suggestions for missing ones."""

from __future__ import annotations

import functools
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from reportgen.files import Cache, resolved
from reportgen.pictures.files import JudgedPicture, judge_bytes, open_picture
from reportgen.text import most_similar

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_DRIVE = re.compile(r"[a-zA-Z]:")
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
_FOREIGN_SUFFIXES = frozenset(
    {".heic", ".heif", ".avif", ".svg", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".jxl", ".jp2"}
)
"""The suffixes of pictures that cannot be used, but that may have been meant."""
_MAX_FILES = 2_000
_IMAGES = "images"


class Located(Struct, frozen=True):
    """The result of looking up a picture."""

    path: Path | None
    """The path of the file; None if it was not found."""
    trouble: str = ""
    """The reason if it was not found: ``url``, ``absolute``, ``outside``, ``missing`` or, if a
    folder on its path is a file, ``blocked``."""
    exact: str = ""
    """The path as the file system spells it; that of the file which is no folder."""


class Pictures(Protocol):
    """A source in which the pictures of a narrative are looked up."""

    def locate(self, target: str) -> Located:
        """Return the result of looking up *target*; never raises."""

    def open(self, path: Path, cache: Cache) -> JudgedPicture:
        """Return the picture located at *path*; raises Damaged, TooLarge or OSError."""

    def suggestion(self, target: str) -> str:
        """Return the name most similar to *target*; empty if there is none."""

    def at_hand(self) -> Sequence[str]:
        """Return the paths of the pictures that were put there to be printed."""


class _Place(Struct, frozen=True):
    """A folder below the report folder."""

    path: Path
    names: tuple[str, ...]
    """The names of the folders that lead to it, as the file system spells them."""
    inside: bool
    """Whether it is below the report folder after following links."""
    entries: dict[str, bool]
    """For each name in it, whether it is a regular file and not a link."""


class PictureFolder:
    """A report folder in which pictures are looked up; each folder is listed only once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = resolved(folder)
        self._places: dict[tuple[str, ...], _Place] = {}

    def locate(self, target: str) -> Located:
        """Return the result of looking up *target*; never raises."""
        if trouble := refusal(target):
            return Located(None, trouble)
        names = names_of(target)
        try:
            return self._found(names) if names else Located(None, "missing")
        except (OSError, RuntimeError, ValueError):
            return Located(None, "missing")

    def open(self, path: Path, cache: Cache) -> JudgedPicture:
        """Return the picture located at *path*; raises Damaged, TooLarge or OSError."""
        return open_picture(path, cache)

    def _found(self, names: tuple[str, ...]) -> Located:
        place = self._place(names[:-1])
        name = _spelling(place, names[-1])
        path = place.path / name
        is_file = place.entries.get(name, False)
        if not (place.inside if is_file else self._is_inside(path)):
            return Located(None, "outside")
        if not (is_file or path.is_file()):
            return self._blocked(place) or Located(None, "missing")
        return Located(path, exact="/".join((*place.names, name)))

    def _blocked(self, place: _Place) -> Located | None:
        """Return which part of the path of *place* is a file in place of a folder, if one is."""
        for count in range(1, len(place.names) + 1):
            names = place.names[:count]
            if self._folder.joinpath(*names).is_file():
                return Located(None, "blocked", "/".join(names))
        return None

    def _place(self, names: tuple[str, ...]) -> _Place:
        """Return the folder that *names* lead to."""
        if names not in self._places:
            spelled: tuple[str, ...] = ()
            if names:
                above = self._place(names[:-1])
                spelled = (*above.names, _spelling(above, names[-1]))
            path = self._folder.joinpath(*spelled)
            self._places[names] = _Place(path, spelled, self._is_inside(path), _entries(path))
        return self._places[names]

    def _is_inside(self, path: Path) -> bool:
        return resolved(path).is_relative_to(self._root)

    @functools.cached_property
    def _pictures(self) -> list[str]:
        """The paths of the picture files in the folder, without hidden and output folders."""
        found = (
            path.relative_to(self._folder).as_posix()
            for path in self._folder.rglob("*")
            if path.suffix.lower() in PICTURE_SUFFIXES
        )
        kept = (path for path in found if not path.startswith(("output/", ".")))
        return sorted(islice(kept, _MAX_FILES))

    def suggestion(self, target: str) -> str:
        """Return the picture file most similar to *target*; empty if there is none."""
        return closest_name(target, self._pictures)

    def at_hand(self) -> Sequence[str]:
        """Return the paths of the pictures in the folder ``images``, links left out."""
        entries = self._place((_IMAGES,)).entries
        names = (name for name, is_file in entries.items() if is_file and not name.startswith("."))
        meant = PICTURE_SUFFIXES | _FOREIGN_SUFFIXES
        kept = (name for name in names if Path(name).suffix.lower() in meant)
        return [f"{_IMAGES}/{name}" for name in islice(kept, _MAX_FILES)]


def refusal(target: str) -> str:
    """Return why *target* is not allowed: ``absolute`` or ``url``; empty if it is allowed."""
    if _DRIVE.match(target) or (target.startswith("/") and not target.startswith("//")):
        return "absolute"
    return "url" if _URL.match(target) else ""


def names_of(target: str) -> tuple[str, ...]:
    """Return the names of the folders and of the file in the path *target*."""
    return tuple(name for name in target.split("/") if name not in ("", "."))


def closest_name(target: str, pictures: Sequence[str]) -> str:
    """Return the one of the paths *pictures* most similar to *target*; empty if there is none."""
    for part in (str, _name, _stem):
        same = (path for path in pictures if part(path).lower() == part(target).lower())
        if near := next(same, ""):
            return near
    by_name = {_name(path): path for path in pictures}
    name = most_similar(_name(target), by_name)
    return by_name[name] if name else ""


def _entries(folder: Path) -> dict[str, bool]:
    """Return for each name in *folder*, sorted, whether it is a regular file and not a link."""
    try:
        with os.scandir(folder) as found:
            return dict(sorted((item.name, item.is_file(follow_symlinks=False)) for item in found))
    except (OSError, ValueError):
        return {}


def _spelling(place: _Place, name: str) -> str:
    """Return the entry of *place* that the file system opens as *name*.

    It may differ from *name* in Unicode normalization or in case.
    """
    if name == ".." or name in place.entries:
        return name
    form = unicodedata.normalize("NFC", name)
    for entry in place.entries:
        if unicodedata.normalize("NFC", entry) == form:
            return entry
    if os.path.lexists(place.path / name):  # the file system ignores case
        return next((entry for entry in place.entries if entry.lower() == name.lower()), name)
    return name


def _name(path: str) -> str:
    return Path(path).name


def _stem(path: str) -> str:
    return Path(path).stem


class GivenPictures:
    """Pictures given as bytes, by the paths that the narrative uses.

    Paths are compared without regard to Unicode normalization and to ``./``.
    """

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._names = {_plain(name): name for name in pictures}
        self._data = {Path(name): data for name, data in pictures.items()}

    def locate(self, target: str) -> Located:
        """Return the result of looking up *target*; never raises."""
        if trouble := refusal(target):
            return Located(None, trouble)
        name = self._names.get(_plain(target))
        return Located(None, "missing") if name is None else Located(Path(name), exact=name)

    def open(self, path: Path, cache: Cache) -> JudgedPicture:
        """Return the picture located at *path*; raises Damaged or TooLarge."""
        return judge_bytes(self._data[path], cache)

    def suggestion(self, target: str) -> str:
        """Return the name most similar to *target*; empty if there is none."""
        return closest_name(target, sorted(self._names.values()))

    def at_hand(self) -> Sequence[str]:
        """Return the names of all pictures."""
        return sorted(self._names.values())


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", "/".join(names_of(name)))
