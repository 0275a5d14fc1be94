"""When Python looks for garbage: hardly ever.

A report is built of values that do not refer to each other in circles, so none of it is
garbage that only a search can find; but each search goes through all there is, and took up to
a tenth of the time.
"""

from __future__ import annotations

import gc

THRESHOLD = 1_000_000
"""New objects before a search, some hundred thousand paragraphs' worth; Python's own is 700."""


def collect_rarely() -> None:
    """Search for garbage only once much has been made: for a process that builds reports."""
    gc.set_threshold(THRESHOLD)


def collect_no_more() -> None:
    """Spare the search that Python makes when it ends: for a process about to."""
    gc.freeze()
    gc.disable()
