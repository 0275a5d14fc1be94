"""Conversion of the style sheet to Word's units, and the ids and names of the styles in Word.

Lengths are in twips (1/20 pt), indents in hundredths of a 字.  All rounding is done here, so that
22 lines and 28 characters fit in every word processor.

Styles for which Word has a built-in style (heading, title, caption, header …) use that style
under its English name, which Word shows in the user's language; the navigation pane and the
table of contents depend on it.  Every other style is a custom style named by its label.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

from msgspec import Struct

from reportgen.styles import FOOTNOTE, TWIPS_PER_PT, Style, StyleSheet, twips

GRID_SLACK = 8
"""The additional width of the type area in twips (0.14 mm).  Some programs compute an indent of two
字 without the character spacing, and the last character of the line must still fit."""


class Geometry:
    """Page and type area in whole twips.

    ``width`` is enough for ``characters`` full-width characters of the grid after rounding.
    ``line`` is the line pitch; ``lines`` times ``line`` does not exceed the type area's height.
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
        """Return the number of grid lines that a line of *style* takes; 0 if it is off the grid."""
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
        """Return a vertical length of *points* in twips.

        A multiple of the grid's line pitch becomes the same multiple of ``line``.
        """
        lines = points / self.sheet.page.line_pitch
        whole = abs(lines - round(lines)) < 0.001
        return round(lines) * self.line if whole else twips(points)


def letter_spacing(style: Style) -> int:
    """Return the character spacing of *style* in twips (``w:spacing``, 17.3.2.35)."""
    return round((style.pitch - style.size) * TWIPS_PER_PT)


def advance(style: Style) -> int:
    """Return the advance of one full-width character of *style* in Word, in twips."""
    return twips(style.size) + letter_spacing(style)


def indents(style: Style, **sides: float) -> dict[str, int]:
    """Return the attributes of ``w:ind`` (17.3.1.12) for indents in 字 of *style*.

    The keys of *sides* are ``left``, ``right``, ``firstLine`` and ``hanging``.  The result has the
    indents both in 字, which a program can adapt if the type size changes, and in twips.
    """
    unit = advance(style)
    found = {}
    for side, value in sides.items():
        found[f"{side}Chars"] = round(value * 100)
        found[side] = round(value * unit)
    return found


BODY, CAPTION, PAGE_NUMBER = "body", "caption", "page_number"
STAMP, WATERMARK = "stamp", "watermark"

_BUILT_IN = {
    BODY: ("BodyText", "Body Text"),
    "list": ("List", "List"),
    FOOTNOTE: ("FootnoteText", "footnote text"),
    CAPTION: ("Caption", "caption"),
    PAGE_NUMBER: ("Footer", "footer"),
    STAMP: ("Header", "header"),
}


class WordName(Struct, frozen=True):
    """The identity of a style in Word (ECMA-376 17.7.4.9, 17.7.4.17)."""

    id: str
    """The ``w:styleId``."""
    name: str
    """The ``w:name``."""
    built_in: bool
    """Whether the style is one of Word's built-in styles."""


def word_names(sheet: StyleSheet) -> Mapping[str, WordName]:
    """Return the Word style for each style of *sheet*; ids and names are unique."""
    found: dict[str, WordName] = {}
    taken: set[str] = set()
    for name, style in sheet.styles.items():
        word = _built_in(name, style)
        if word is None or word.name in taken:
            word = _custom(name, style, taken)
        taken.add(word.name)
        found[name] = word
    return found


def _custom(name: str, style: Style, taken: set[str]) -> WordName:
    label = f"{style.label} {name}" if style.label in taken else style.label
    letters = "".join(char for char in name.title() if char.isalnum())
    return WordName(f"Report{letters}", label, built_in=False)


def _built_in(name: str, style: Style) -> WordName | None:
    if style.outline_level == 0:
        return WordName("Title", "Title", built_in=True)
    if style.outline_level:
        level = style.outline_level
        return WordName(f"Heading{level}", f"heading {level}", built_in=True)
    if name in _BUILT_IN:
        return WordName(*_BUILT_IN[name], built_in=True)
    return None
