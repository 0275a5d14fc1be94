"""Paragraphs set in lines, each once as long as it stays as it is.

A preview is laid out anew after every save, in which most paragraphs have not changed.
Lengths are points.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from reportgen.fonts import FontSet
from reportgen.layout.text.lines import Line, set_lines
from reportgen.styles import Style
from reportgen.text import Run

PARAGRAPHS_KEPT = 512
"""About ten reports' worth."""

RunsKey: TypeAlias = tuple[tuple[object, ...], ...]
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


def key_of(runs: Iterable[Run]) -> RunsKey:
    """Return what *runs* are but for their places, to look them up by.

    Runs themselves are compared in Python, which takes ten times as long.
    """
    return tuple([(run.text, run.bold, run.italic, run.link, run.notes) for run in runs])


def placeless(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return *runs* without their places: what is remembered must keep no text file alive."""
    return tuple([replace(run, span=None) for run in runs])
