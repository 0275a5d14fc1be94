"""Texts already set: each is set once for the room it stands in.

The same few texts stand in most cells of a table, and a preview is laid out anew after every
save, in which most paragraphs have not changed.  What was set is kept as long as the fonts are
in use, for any document.  Lengths are points.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from reportgen.fonts import FontSet
from reportgen.layout.text.lines import Line, set_lines
from reportgen.styles import Style
from reportgen.text import Run

TEXTS_KEPT = 8192
"""Some thirty reports' worth; with more, all are forgotten."""

_Set = TypeVar("_Set")
_KNOWN: WeakKeyDictionary[FontSet, dict[Hashable, Any]] = WeakKeyDictionary()


def set_once(
    runs: tuple[Run, ...],
    room: Hashable,
    fonts: FontSet,
    set_text: Callable[[tuple[Run, ...]], _Set],
) -> _Set:
    """Return what *set_text* makes of *runs*, or made of equal runs in an equal *room* before.

    It gets the runs without their places, and so must make the same of equal ones; *room* is
    everything else that it depends on.
    """
    known = _KNOWN.setdefault(fonts, {})
    # Runs are looked up by their values: comparing the structs takes ten times as long.
    key = (room, tuple([(run.text, run.bold, run.italic, run.link, run.notes) for run in runs]))
    found: _Set | None = known.get(key)
    if found is None:
        if len(known) >= TEXTS_KEPT:
            known.clear()
        # A place would keep the whole text file it points into alive.
        found = known[key] = set_text(tuple([replace(run, span=None) for run in runs]))
    return found


def set_paragraph(
    runs: tuple[Run, ...], style: Style, width: float, fonts: FontSet
) -> tuple[Line, ...]:
    """Return *runs* set as :func:`.set_lines` does; the runs of its lines have no places."""
    return set_once(
        runs, (style, width), fonts, lambda placeless: set_lines(placeless, style, width, fonts)
    )
