"""Where the files of pictures are, and what the author may have meant where there is none."""

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

from reportgen.files import Cache
from reportgen.pictures.files import JudgedPicture, judge_bytes, open_picture
from reportgen.text import most_similar

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_DRIVE = re.compile(r"[a-zA-Z]:")
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
_MAX_FILES = 2_000


class Located(Struct, frozen=True):
    """The outcome of looking for a picture: its file, or what is in the way.

    ``trouble`` is empty, ``url``, ``absolute``, ``outside`` or ``missing``;
    ``exact`` is the path as the file system spells it.
    """

    path: Path | None
    trouble: str = ""
    exact: str = ""


class Pictures(Protocol):
    """Where the pictures that a narrative names are looked up."""

    def locate(self, target: str) -> Located:
        """Return the picture *target* names; never raises."""

    def open(self, path: Path, cache: Cache) -> JudgedPicture:
        """Return the picture located at *path*; raises Damaged, TooLarge or OSError."""

    def suggestion(self, target: str) -> str:
        """Return the name most like *target*; empty when none is."""


class _Place(Struct, frozen=True):
    """A folder below the report's, that ``names`` lead to.

    ``inside`` says whether it is still below once links are followed; ``entries`` maps each
    name in it to whether it is a file, not a link to one.
    """

    path: Path
    names: tuple[str, ...]
    inside: bool
    entries: dict[str, bool]


class PictureFolder:
    """A report folder in which pictures are looked up; listings are read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = folder.resolve()
        self._places: dict[tuple[str, ...], _Place] = {}

    def locate(self, target: str) -> Located:
        """Return the file *target* names; never raises."""
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
            return Located(None, "missing")
        return Located(path, exact="/".join((*place.names, name)))

    def _place(self, names: tuple[str, ...]) -> _Place:
        """Return the folder that *names* lead to, spelled as the file system does."""
        if names not in self._places:
            spelled: tuple[str, ...] = ()
            if names:
                above = self._place(names[:-1])
                spelled = (*above.names, _spelling(above, names[-1]))
            path = self._folder.joinpath(*spelled)
            self._places[names] = _Place(path, spelled, self._is_inside(path), _entries(path))
        return self._places[names]

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._root)

    @functools.cached_property
    def _pictures(self) -> list[str]:
        """The paths of the picture files in the folder, without what the program wrote."""
        found = (
            path.relative_to(self._folder).as_posix()
            for path in self._folder.rglob("*")
            if path.suffix.lower() in PICTURE_SUFFIXES
        )
        kept = (path for path in found if not path.startswith(("output/", ".")))
        return sorted(islice(kept, _MAX_FILES))

    def suggestion(self, target: str) -> str:
        """Return the picture file most like *target*; empty when none is."""
        return closest_name(target, self._pictures)


def refusal(target: str) -> str:
    """Return why *target* can name no picture of a report: absolute or url; empty if it can."""
    if _DRIVE.match(target) or (target.startswith("/") and not target.startswith("//")):
        return "absolute"
    return "url" if _URL.match(target) else ""


def names_of(target: str) -> tuple[str, ...]:
    """Return the names of folders and file that the path *target* leads through."""
    return tuple(name for name in target.split("/") if name not in ("", "."))


def closest_name(target: str, pictures: Sequence[str]) -> str:
    """Return the one of the paths *pictures* most like *target*; empty when none is."""
    for part in (str, _name, _stem):
        same = (path for path in pictures if part(path).lower() == part(target).lower())
        if near := next(same, ""):
            return near
    by_name = {_name(path): path for path in pictures}
    name = most_similar(_name(target), by_name)
    return by_name[name] if name else ""


def _entries(folder: Path) -> dict[str, bool]:
    """Return the names in *folder*, in order, with whether each is a file, not a link."""
    try:
        with os.scandir(folder) as found:
            return dict(sorted((item.name, item.is_file(follow_symlinks=False)) for item in found))
    except (OSError, ValueError):
        return {}


def _spelling(place: _Place, name: str) -> str:
    """Return the entry of *place* that *name* opens; it may differ in composition or case."""
    if name == ".." or name in place.entries:
        return name
    form = unicodedata.normalize("NFC", name)
    for entry in place.entries:
        if unicodedata.normalize("NFC", entry) == form:
            return entry
    if os.path.lexists(place.path / name):  # the system ignores case
        return next((entry for entry in place.entries if entry.lower() == name.lower()), name)
    return name


def _name(path: str) -> str:
    return Path(path).name


def _stem(path: str) -> str:
    return Path(path).stem


class GivenPictures:
    """The files *pictures* by the path under which the narrative names them.

    The composition of characters and a leading ``./`` do not count, anything else does.
    """

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._names = {_plain(name): name for name in pictures}
        self._data = {Path(name): data for name, data in pictures.items()}

    def locate(self, target: str) -> Located:
        """Return the picture *target* names; never raises."""
        if trouble := refusal(target):
            return Located(None, trouble)
        name = self._names.get(_plain(target))
        return Located(None, "missing") if name is None else Located(Path(name), exact=name)

    def open(self, path: Path, cache: Cache) -> JudgedPicture:
        """Return the picture located at *path*; raises Damaged or TooLarge."""
        return judge_bytes(self._data[path], cache)

    def suggestion(self, target: str) -> str:
        """Return the name most like *target*; empty when none is."""
        return closest_name(target, sorted(self._names.values()))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", "/".join(names_of(name)))
