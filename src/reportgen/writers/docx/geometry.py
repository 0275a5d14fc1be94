"""The style sheet in Word's units: twips (1/20 pt) for lengths, hundredths of a 字 for indents.

Rounding is decided here once, so that 22 lines and 28 characters fit in
every word processor.
"""

from __future__ import annotations

from math import floor

from reportgen.styles import TWIPS_PER_PT, Style, StyleSheet, twips

GRID_SLACK = 8
"""Twips of type width beyond the grid (0.14 mm): a two-字 indent is taken by some programs
without the character spacing, and must not cost the line its last character."""


class Geometry:
    """Page and type area in whole twips.

    ``width`` holds ``characters`` full-width characters of the grid style even
    after rounding; ``line`` × ``lines`` never exceeds the type area's height.
    """

    def __init__(self, sheet: StyleSheet) -> None:
        page = sheet.page
        self.sheet = sheet
        self.page_width, self.page_height = twips(page.width), twips(page.height)
        self.top, self.left = twips(page.top), twips(page.left)
        self.bottom = twips(page.bottom)
        self.line = floor((self.page_height - self.top - self.bottom) / page.lines)
        self.width = max(twips(page.text_width), self._grid_width() + GRID_SLACK)
        self.right = self.page_width - self.left - self.width

    def _grid_width(self) -> int:
        page = self.sheet.page
        pitch = page.text_width / page.characters
        in_grid = [s for s in self.sheet.styles.values() if abs(s.pitch - pitch) < 0.01]
        return max((page.characters * advance(style) for style in in_grid), default=0)

    def grid_lines(self, style: Style) -> int:
        """Return how many lines of the grid a line of *style* takes; 0 if it is off the grid."""
        lines = style.line_pitch / self.sheet.page.line_pitch
        return round(lines) if abs(lines - round(lines)) < 0.001 else 0

    def is_tall(self, style: Style) -> bool:
        """Return whether a line of *style* is at least one line of the grid tall."""
        return style.line_pitch > self.sheet.page.line_pitch * 0.999

    def line_height(self, style: Style) -> int:
        """Return the height of a line of *style* in twips, in proportion to Word's grid."""
        if not self.is_tall(style):
            return twips(style.line_pitch)
        return floor(style.line_pitch / self.sheet.page.line_pitch * self.line + 0.001)

    def vertical(self, points: float) -> int:
        """Return a vertical length in twips; whole grid lines become whole Word lines."""
        lines = points / self.sheet.page.line_pitch
        whole = abs(lines - round(lines)) < 0.001
        return round(lines) * self.line if whole else twips(points)


def letter_spacing(style: Style) -> int:
    """Return what is added to each character of *style*, in twips (``w:spacing``, 17.3.2.35)."""
    return round((style.pitch - style.size) * TWIPS_PER_PT)


def advance(style: Style) -> int:
    """Return the advance of one full-width character of *style* as Word sets it, in twips."""
    return twips(style.size) + letter_spacing(style)


def indents(style: Style, **sides: float) -> dict[str, int]:
    """Return the attributes of ``w:ind`` (17.3.1.12) for indents in 字 of *style*.

    *sides* are called ``left``, ``right``, ``firstLine``.  Both the 字 and the twips are
    written: a program that knows the former follows a change of type size, the others use
    the latter.
    """
    unit = advance(style)
    found = {}
    for side, value in sides.items():
        found[f"{side}Chars"] = round(value * 100)
        found[side] = round(value * unit)
    return found
