"""What measuring needs of a shipped font, taken from it beforehand: ``fonts/*.json``.

A shipped font is megabytes of outlines, and whether a glyph is blank can only be told
from them.  Its index says the same in one list of characters for each width;
``fonts/index.py`` writes it, and ``tests/unit/layout/test_font_index.py`` compares it with
the font, character by character.

An index is trusted when the checksum in it is the one ``faces.yaml`` gives the font, and the
font file has the size in it.  The font is not hashed, which would cost more than the index
spares; ``make stale`` does that.  Where the two do not agree, somebody put another font
there, and it is read itself.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from pathlib import Path

import msgspec


class FontIndex(msgspec.Struct, frozen=True):
    """The content of an index: ``sha256`` and ``size`` (bytes) tell which font it was taken from.

    ``advances`` maps a width in units, ``upem`` of which are an em, to the characters so
    wide, in the order of their code points: all those that the font maps to a glyph with
    an outline, and the spaces it maps.
    """

    sha256: str
    size: int
    upem: int
    advances: dict[int, str]


class IndexedFont:
    """A font known by its index, the file itself unopened; ``upem`` are its units per em.

    Nearly all characters of a Chinese font have one width.  They stay the sorted text they
    are, in which a character is found by halves: a table of them would cost more to make
    than all look-ups of a report.
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
        """The characters that are not as wide as most; Chinese text hardly asks for one."""
        groups = (entry for entry in self._advances.items() if entry[0] != self._usual)
        return {char: units for units, chars in groups for char in chars}


def index_path(font: Path) -> Path:
    """Return where the index of the file *font* lies: beside it."""
    return font.with_suffix(".json")


def read_index(font: Path, sha256: str) -> IndexedFont | None:
    """Return the font *font* by its index; None unless that was taken from this very file."""
    try:
        index = msgspec.json.decode(index_path(font).read_bytes(), type=FontIndex)
        same = index.sha256 == sha256 and index.size == font.stat().st_size
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):  # lost or damaged
        return None
    return IndexedFont(index) if same else None
