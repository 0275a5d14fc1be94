"""Charts made in one line, and what their drawings show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reportgen.charts import Chart, ChartKind, Drawing, Point, Series, Shape
from reportgen.charts.collected import SHADES
from reportgen.charts.painting import draw

WIDTH = 440.0
Number = int | Decimal | None


def text_width(text: str, size: float) -> float:
    """Return the width of *text* in a face with square Han characters and half-width digits."""
    return sum(size if ord(char) > 0x2000 else size / 2 for char in text)


def point(number: Number) -> Point:
    """Return *number* as the table prints it."""
    return Point(number, "" if number is None else str(number))


def chart(
    kind: ChartKind,
    names: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    unit: str = "",
) -> Chart:
    """Return a chart of *series*, numbers by name."""
    rows = [Series(name, tuple(map(point, numbers))) for name, numbers in series.items()]
    return Chart(kind, tuple(names), tuple(rows), unit)


def drawn(what: Chart, width: float = WIDTH) -> Drawing:
    """Return the drawing of *what*."""
    return draw(what, width, text_width)


def texts(drawing: Drawing) -> list[str]:
    """Return the labels of *drawing*."""
    return [label.text for label in drawing.labels]


def boxes(drawing: Drawing) -> list[Shape]:
    """Return the filled rectangles of *drawing* with a stroke: bars, and boxes of the legend."""
    return [
        shape
        for shape in drawing.shapes
        if shape.closed and shape.stroke and len(shape.points) == 4 and shape.fill in SHADES
    ]


def extent(shape: Shape) -> tuple[float, float]:
    """Return the width and the height of *shape*."""
    across, down = zip(*shape.points, strict=True)
    return max(across) - min(across), max(down) - min(down)
