"""What stands upright on a sheet turned a quarter (GB/T 9704-2012 clause 8).

A landscape page is laid out as it is read: wide, its head up.  To be read the
sheet is turned clockwise, so the head lies at the left edge of the upright
sheet: the binding edge of odd pages, the outer edge of even ones.  The page
number stays where it stands on every other sheet.  Points, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from reportgen.layout.frames import Mark, TextRun
from reportgen.styles import PageGeometry


def on_turned(upright: Iterable[TextRun], page: PageGeometry) -> Iterator[Mark]:
    """Yield the text placed on the upright *page* as it stands on the turned one."""
    for run in upright:
        yield Mark(page.height - run.y, run.x, -90.0, replace(run, x=0.0, y=0.0))
