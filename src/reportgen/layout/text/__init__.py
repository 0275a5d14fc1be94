"""Setting text in lines: Chinese line breaking and justification.

:func:`set_lines` takes runs of text, a style and a width, and returns lines of positioned
fragments.  A text is measured (``measure``), the places where it may be broken are found
(``breaks``), the best of them are chosen (``choose``), and the characters are placed on each line
(``lines``).  ``word_fit`` computes what makes a word processor break the same lines.
"""

from __future__ import annotations

from reportgen.layout.text.lines import (
    UNBROKEN,
    Extent,
    Fragment,
    Line,
    extent_of,
    set_lines,
    set_once,
    set_paragraph,
)
from reportgen.layout.text.measure import TOLERANCE

__all__ = [
    "TOLERANCE",
    "UNBROKEN",
    "Extent",
    "Fragment",
    "Line",
    "extent_of",
    "set_lines",
    "set_once",
    "set_paragraph",
]
