"""What measuring needs to know of a shipped font, computed beforehand: ``fonts/*.json``.

A shipped font is megabytes of outlines, and only they show whether a glyph is blank.  Its
index holds the characters that are drawn, one list for each width.  ``fonts/index.py`` writes
it, and ``tests/unit/fonts/test_index.py`` compares it with the font, character by character.

An index is used when its checksum is the one that ``faces.yaml`` gives for the font, and its
size is that of the font file.  The font is not hashed, which would cost more than the index
saves; ``make stale`` does that.  Otherwise somebody has put another font there, and the font
itself is read.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from pathlib import Path

import msgspec


class FontIndex(msgspec.Struct, frozen=True):
    """The content of an index.

    ``sha256`` and ``size`` (bytes) are those of the font.  ``advances`` maps a width in units
    (``upem`` units are one em) to the characters of that width, in the order of their code
    points: all that the font maps to a glyph with an outline, and the spaces it maps.
    """

    sha256: str
    size: int
    upem: int
    advances: dict[int, str]


class IndexedFont:
    """A font known by its index, the file itself unopened; ``upem`` are its units per em.

    Nearly all characters of a Chinese font have one width.  They stay one sorted text, in
    which a character is found by bisection: making a table of them would cost more than all
    look-ups of a report.
    """

    def __init__(self, index: FontIndex) -> None:
        self.upem = index.upem
        self._advances = index.advances
        self._usual, self._text = max(index.advances.items(), key=lambda entry: len(entry[1]))

    def advance(self, char: str) -> int | None:
        """Return the width of *char* in units, None if the font does not draw it."""
        place = bisect_left(self._text, char)
        if self._text[place : place + 1] == char:
            return self._usual
        return self._others.get(char)

    @cached_property
    def _others(self) -> dict[str, int]:
        """The characters of another width than most; Chinese text hardly needs one."""
        groups = (entry for entry in self._advances.items() if entry[0] != self._usual)
        return {char: units for units, chars in groups for char in chars}


def index_path(font: Path) -> Path:
    """Return where the index of the file *font* lies: beside it."""
    return font.with_suffix(".json")


def read_index(font: Path, sha256: str) -> IndexedFont | None:
    """Return the font *font* as its index describes it; None if the index is of another file."""
    try:
        index = msgspec.json.decode(index_path(font).read_bytes(), type=FontIndex)
        same = index.sha256 == sha256 and index.size == font.stat().st_size
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):  # lost or damaged
        return None
    return IndexedFont(index) if same else None
