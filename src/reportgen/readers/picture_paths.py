"""Where the files of pictures are, and what the author may have meant when they are not there."""

from __future__ import annotations

import functools
import os
import re
import unicodedata
from itertools import islice
from pathlib import Path

from msgspec import Struct

from reportgen.similar import most_similar

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_DRIVE = re.compile(r"[a-zA-Z]:")
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
_MAX_FILES = 2_000


class Located(Struct, frozen=True):
    """The outcome of looking for a picture: its file, or what is in the way.

    ``trouble`` is empty, ``url``, ``absolute``, ``outside`` or ``missing``;
    ``exact`` is the path as the file system spells it.
    """

    path: Path | None
    trouble: str = ""
    exact: str = ""


class PictureFolder:
    """A report folder in which pictures are looked up; listings are read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = folder.resolve()
        self._listings: dict[Path, list[str]] = {}

    def locate(self, target: str) -> Located:
        """Return the file *target* names; never raises."""
        if _DRIVE.match(target) or (target.startswith("/") and not target.startswith("//")):
            return Located(None, "absolute")
        if _URL.match(target):
            return Located(None, "url")
        try:
            names = [name for name in target.split("/") if name not in ("", ".")]
            spelled = self._spelled(names)
            path = self._folder.joinpath(*spelled)
            if not path.resolve().is_relative_to(self._root):
                return Located(None, "outside")
            if not names or not path.is_file():
                return Located(None, "missing")
        except (OSError, RuntimeError, ValueError):
            return Located(None, "missing")
        return Located(path, exact="/".join(spelled))

    def _spelled(self, names: list[str]) -> list[str]:
        """Return *names* as the file system spells them, as far as it knows them."""
        place = self._folder
        spelled: list[str] = []
        for name in names:
            spelled.append(name if name == ".." else self._spelling(place, name))
            place = place / spelled[-1]
        return spelled

    def _spelling(self, place: Path, name: str) -> str:
        """Return the entry of *place* that *name* opens: itself, or but for composition or case."""
        entries = self._entries(place)
        if name in entries:
            return name
        form = unicodedata.normalize("NFC", name)
        for entry in entries:
            if unicodedata.normalize("NFC", entry) == form:
                return entry
        if os.path.lexists(place / name):  # the system does not tell cases apart
            return next((entry for entry in entries if entry.lower() == name.lower()), name)
        return name

    def _entries(self, place: Path) -> list[str]:
        if place not in self._listings:
            try:
                self._listings[place] = sorted(entry.name for entry in place.iterdir())
            except (OSError, ValueError):
                self._listings[place] = []
        return self._listings[place]

    @functools.cached_property
    def _pictures(self) -> list[str]:
        """The paths of the picture files in the folder, without what the program wrote."""
        found = (
            path.relative_to(self._folder).as_posix()
            for path in self._folder.rglob("*")
            if path.suffix.lower() in _SUFFIXES
        )
        kept = (path for path in found if not path.startswith(("output/", ".")))
        return sorted(islice(kept, _MAX_FILES))

    def suggestion(self, target: str) -> str:
        """Return the picture file most like *target*; empty when none is."""
        for part in (str, _name, _stem):
            same = (path for path in self._pictures if part(path).lower() == part(target).lower())
            if near := next(same, ""):
                return near
        by_name = {_name(path): path for path in self._pictures}
        name = most_similar(_name(target), by_name)
        return by_name[name] if name else ""


def _name(path: str) -> str:
    return Path(path).name


def _stem(path: str) -> str:
    return Path(path).stem
