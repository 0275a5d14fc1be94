"""The fonts of a report.

:func:`load_fonts` reads ``fonts/faces.yaml`` and the font files and returns a :class:`FontSet`,
which gives the face and the width of each character and reports the characters no font has.
"""

from __future__ import annotations

from reportgen.fonts.coverage import (
    missing_characters,
    replaced_characters,
    undrawn_characters,
)
from reportgen.fonts.faces import (
    CENTRE,
    LAST_ROLE,
    Face,
    FontSet,
    Glyph,
    Glyphs,
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
from reportgen.fonts.loading import load_fonts
from reportgen.fonts.outlines import glyph_contours
from reportgen.fonts.shaping import glyph_advance, shape

__all__ = [
    "CENTRE",
    "LAST_ROLE",
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
    "glyph_advance",
    "glyph_contours",
    "load_fonts",
    "missing_characters",
    "replaced_characters",
    "shape",
    "undrawn_characters",
]
