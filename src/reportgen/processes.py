"""What a process that builds reports does about memory and start-up, for speed.

A report is built of values that do not refer to each other in circles, so none of it is
garbage that only a search can find; but each search goes through all there is, and took up to
a tenth of the time.  What python-docx makes of a report is full of circles: a process that
goes on afterwards searches once per report, through what that report made.
"""

from __future__ import annotations

import contextlib
import gc
import sys

THRESHOLD = 500_000
"""New objects before a search for garbage, fifty reports' worth; Python's own is 700."""


def begin_process() -> None:
    """Search for garbage only once much has been made, and load msgspec without its detour.

    msgspec asks ``typing_extensions`` for what ``typing`` itself has since Python 3.11; with it
    comes ``inspect``, a twentieth of a command's time.
    """
    gc.set_threshold(THRESHOLD)
    if sys.version_info < (3, 11) or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # found to be missing
    try:
        with contextlib.suppress(ImportError):  # another version may insist on it
            import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]


def end_report() -> None:
    """Free what the last report left behind in circles, among the objects new since last time."""
    gc.collect(0)
