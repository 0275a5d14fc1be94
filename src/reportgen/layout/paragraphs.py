"""Paragraphs set in lines, each once as long as it stays as it is.

A preview is laid out anew after every save, in which most paragraphs have not changed.
Lengths are points.
"""

from __future__ import annotations

from typing import TypeAlias
from weakref import WeakKeyDictionary

from reportgen.inline import Run
from reportgen.layout.fonts import FontSet
from reportgen.layout.lines import Line, set_lines
from reportgen.layout.runs import RunsKey, key_of, placeless
from reportgen.styles import Style

PARAGRAPHS_KEPT = 512
"""About ten reports' worth."""

_Key: TypeAlias = tuple[RunsKey, Style, float, bool]
_KNOWN: WeakKeyDictionary[FontSet, dict[_Key, tuple[Line, ...]]] = WeakKeyDictionary()


def set_paragraph(
    runs: tuple[Run, ...], style: Style, width: float, fonts: FontSet, *, fitted: bool = True
) -> tuple[Line, ...]:
    """Return *runs* set as :func:`.set_lines` does; the runs of its lines tell no places."""
    known = _KNOWN.setdefault(fonts, {})
    key = (key_of(runs), style, width, fitted)
    lines = known.get(key)
    if lines is None:
        if len(known) >= PARAGRAPHS_KEPT:
            known.clear()
        lines = known[key] = set_lines(placeless(runs), style, width, fonts, fitted=fitted)
    return lines
