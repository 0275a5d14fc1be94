"""The text of cells set in lines, every text once.

The same few texts stand in most cells: labels worded by the regulation, small
numbers.  What was set is remembered as long as the fonts are at hand, so in a
batch only the cells that are new cost anything.  Lengths are points.
"""

from __future__ import annotations

from math import ceil
from weakref import WeakKeyDictionary

from msgspec import Struct

from reportgen.fonts import FontSet
from reportgen.layout.runs import natural, scaled
from reportgen.layout.text import TOLERANCE, Line, RunsKey, key_of, placeless, set_lines
from reportgen.styles import Style
from reportgen.text import Run, plain_text

MIN_VALUE_SIZE = 7.0
"""The smallest size a number is set in."""
SIZE_STEP = 0.5
"""Sizes of numbers made to fit are apart by this much, so that neighbours look alike."""
ROOMS_KEPT, TEXTS_KEPT = 256, 1024
"""For how many kinds of cells texts are remembered, and how many for each."""
_UNBROKEN = 1e6


class Room(Struct, frozen=True):
    """What a cell has for its text: a style, a width from rule to rule, a padding beside both.

    A ``number`` too long for it may come as near to the rules as ``hair``.
    """

    style: Style
    width: float
    padding: float
    hair: float
    number: bool


class Setting(Struct, frozen=True):
    """The text of a cell in lines, the style they are in, the padding they leave."""

    style: Style
    padding: float
    lines: tuple[Line, ...]


_SETTINGS: WeakKeyDictionary[FontSet, dict[Room, dict[RunsKey, Setting]]] = WeakKeyDictionary()


class CellSetter(Struct, frozen=True):
    """Sets texts in one kind of cell; ``known`` are those already set, for any document."""

    room: Room
    fonts: FontSet
    known: dict[RunsKey, Setting]

    @classmethod
    def of(cls, room: Room, fonts: FontSet) -> CellSetter:
        """Return the setter of texts in *room*."""
        rooms = _SETTINGS.setdefault(fonts, {})
        if room not in rooms and len(rooms) >= ROOMS_KEPT:
            rooms.clear()
        return cls(room, fonts, rooms.setdefault(room, {}))

    def set(self, runs: tuple[Run, ...]) -> Setting:
        """Return *runs* set in the room; the runs of its lines do not tell their places."""
        key = key_of(runs)
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= TEXTS_KEPT:
                self.known.clear()
            found = self.known[key] = _set_text(placeless(runs), self.room, self.fonts)
        return found


def _set_text(runs: tuple[Run, ...], room: Room, fonts: FontSet) -> Setting:
    """Return *runs* set in *room*, a number as small as it must be to fit."""
    style, padding = room.style, room.padding
    if not plain_text(runs):
        return Setting(style, padding, ())
    if room.number:
        style, needed = fit_number(runs, style, room.width - 2 * padding, fonts)
        if needed > room.width - 2 * padding + TOLERANCE:
            padding = room.hair
    return Setting(style, padding, set_lines(runs, style, room.width - 2 * padding, fonts))


def fit_number(
    runs: tuple[Run, ...], style: Style, width: float, fonts: FontSet
) -> tuple[Style, float]:
    """Return *style*, made smaller by half points until *runs* fit *width*, and their width.

    Not below 7 pt: a number is not to be broken (GB/T 15835), but must stay readable.
    """
    flat = natural(style)
    needed = sum(line.width for line in set_lines(runs, flat, _UNBROKEN, fonts))
    if needed <= width + TOLERANCE:
        return style, needed
    steps = ceil((style.size - style.size * width / needed) / SIZE_STEP)
    size = min(style.size, max(MIN_VALUE_SIZE, style.size - steps * SIZE_STEP))
    return scaled(style, size), needed * size / style.size
