"""The text of cells set in lines, a number as small as it must be to fit.  Lengths are points."""

from __future__ import annotations

from math import ceil

from msgspec import Struct

from reportgen.fonts import FontSet
from reportgen.layout.runs import natural, scaled
from reportgen.layout.text import TOLERANCE, Line, set_lines, set_once
from reportgen.styles import Style
from reportgen.text import Run, plain_text

MIN_VALUE_SIZE = 7.0
"""The smallest size a number is set in."""
SIZE_STEP = 0.5
"""Numbers are made smaller in steps of this size, so that neighbours look alike."""
_UNBROKEN = 1e6


class Room(Struct, frozen=True):
    """The room that a cell has for its text."""

    style: Style
    width: float
    """From rule to rule."""
    padding: float
    """Between a rule and the text, on either side."""
    hair: float
    """The padding beside a number that is too long at any readable size."""
    number: bool
    """Whether the text is a number."""


class Setting(Struct, frozen=True):
    """The text of a cell in lines, the style they are in, the padding they leave."""

    style: Style
    padding: float
    lines: tuple[Line, ...]


def set_cell(runs: tuple[Run, ...], room: Room, fonts: FontSet) -> Setting:
    """Return *runs* set in *room*; the runs of its lines have no places."""
    return set_once(runs, room, fonts, lambda placeless: _set_text(placeless, room, fonts))


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
