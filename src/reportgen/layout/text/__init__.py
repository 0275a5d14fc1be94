"""Text set in lines: Chinese line breaking and justification.

Runs of text, a style and a width come in; lines of positioned fragments go out.  A text is
measured (``measure``, ``pairs``), the places where it may break are found (``breaks``), the best
are chosen (``choose``) and each line is justified (``justify``).
"""

from __future__ import annotations

from reportgen.layout.text.lines import Fragment, Line, set_lines, set_once, set_paragraph
from reportgen.layout.text.measure import TOLERANCE

__all__ = [
    "TOLERANCE",
    "Fragment",
    "Line",
    "set_lines",
    "set_once",
    "set_paragraph",
]
