"""The fonts of a report.

:func:`load_fonts` reads ``fonts/faces.yaml`` and the font files and returns a :class:`FontSet`,
which gives the face and the width of each character and reports the characters no font has.
"""

from __future__ import annotations

from reportgen.fonts.faces import (
    CENTRE,
    Face,
    FontSet,
    Glyph,
    Glyphs,
    load_fonts,
    missing_characters,
    replaced_characters,
    undrawn_characters,
)
from reportgen.fonts.files import (
    NOTDEF,
    FontFacts,
    Subset,
    advance_of_notdef,
    cut,
    cut_file,
    cut_with_names,
    describe,
    font_errors,
)

__all__ = [
    "CENTRE",
    "NOTDEF",
    "Face",
    "FontFacts",
    "FontSet",
    "Glyph",
    "Glyphs",
    "Subset",
    "advance_of_notdef",
    "cut",
    "cut_file",
    "cut_with_names",
    "describe",
    "font_errors",
    "load_fonts",
    "missing_characters",
    "replaced_characters",
    "undrawn_characters",
]
