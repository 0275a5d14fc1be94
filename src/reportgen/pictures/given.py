"""Pictures that a program hands over by name, in place of a folder of files."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from reportgen.files import Cache
from reportgen.pictures.files import JudgedPicture, judge_bytes
from reportgen.pictures.paths import Located, closest_name, names_of, refusal


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
