"""How wide text is on a terminal."""

from __future__ import annotations

import unicodedata


def display_width(text: str) -> int:
    """Return the number of terminal cells *text* takes; a wide character takes two."""
    return sum(_cells_taken(char) for char in text)


def _cells_taken(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
