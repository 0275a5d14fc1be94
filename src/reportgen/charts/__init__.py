"""Charts of the numbers of a report, and QR codes of addresses.

A :class:`Chart` is what is shown: names and numbers.  ``painting.draw`` turns it
into a :class:`Drawing`, shapes and labels in points, which the layout places and each output
paints; ``raster`` makes a PNG of one.  reportlab computes the bars, axes
and slices.
"""

from __future__ import annotations

from reportgen.charts.chart import (
    LIMITS,
    Chart,
    ChartKind,
    Drawable,
    Point,
    QrCode,
    Series,
    meant_as_chart,
)
from reportgen.charts.drawing import Anchor, ChartLabel, Drawing, Shape

__all__ = [
    "LIMITS",
    "Anchor",
    "Chart",
    "ChartKind",
    "ChartLabel",
    "Drawable",
    "Drawing",
    "Point",
    "QrCode",
    "Series",
    "Shape",
    "meant_as_chart",
]
