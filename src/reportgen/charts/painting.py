"""Drawings of charts and QR codes.

reportlab's widgets compute them, and write nothing.  Texts are measured by the caller, who knows
the fonts.  All lengths are points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.charts.piecharts import Pie
from reportlab.lib.colors import HexColor

from reportgen.charts.axes import Axes
from reportgen.charts.chart import Chart, ChartKind, Drawable, QrCode
from reportgen.charts.collected import (
    BLACK,
    GAP,
    HAIR,
    INK,
    LEADING,
    PAPER,
    SHADES,
    SIZE,
    TextWidth,
    broken,
    collected,
    near,
)
from reportgen.charts.drawing import Anchor, ChartLabel, Drawing, Shape

_SLICE_SHADES = (0, 3, 1, 4, 2)
_RADIUS, _LEAST_RADIUS = 62.0, 24.0
_LEADER = 18.0
"""The width between a pie and its labels."""
_QUIET = 4
"""The blank modules around a QR code (ISO/IEC 18004, 5.3.8)."""


def draw(what: Drawable, width: float, text_width: TextWidth) -> Drawing:
    """Return the drawing of *what*, *width* points wide; its height follows from what is shown."""
    if isinstance(what, QrCode):
        return _draw_code(what, width)
    if what.kind is ChartKind.PIE:
        return _draw_pie(what, width, text_width)
    if what.kind is ChartKind.LINES:
        return Axes(what, width, text_width).lines()
    return Axes(what, width, text_width).bars()


def _draw_code(code: QrCode, side: float) -> Drawing:
    """Return a QR code with its quiet zone, correcting 15 % of errors (level M)."""
    widget = QrCodeWidget(
        code.address, barWidth=side, barHeight=side, barBorder=_QUIET, barLevel="M"
    )
    paper = Shape(((0, 0), (side, 0), (side, side), (0, side)), fill=PAPER)
    return Drawing(side, side, (paper, *collected([widget], side)[0]), ())


def _draw_pie(chart: Chart, width: float, text_width: TextWidth) -> Drawing:
    """Return a pie; each slice has its name, its number and its share beside it."""
    points = chart.series[0].points
    numbers = [Decimal(point.number or 0) for point in points]
    total = sum(numbers, Decimal(0))
    shown = {
        number: f"{point.text}{chart.unit}（{_percent(numbers[number], total)}）"
        for number, point in enumerate(points)
        if point.number is not None
    }
    widest = max(6 * SIZE, *(text_width(text, SIZE) for text in shown.values()))
    radius = max(_LEAST_RADIUS, min(_RADIUS, width / 2 - _LEADER - widest))
    room = width / 2 - radius - _LEADER
    texts = {
        number: _lines_of(chart.names[number], text, room, text_width)
        for number, text in shown.items()
    }
    sides = _sides(texts, numbers)
    tallest = max(sum(len(texts[n]) for _, n in side) for side in sides)
    height = max(2 * radius + 2 * LEADING, tallest * LEADING + len(texts) * 2)
    found, _ = collected([_pie(numbers, width, height, radius)], height)
    lines, labels = _beside(sides, texts, numbers, (width, height, radius))
    return Drawing(width, near(height), (*found, *lines), tuple(labels))


def _pie(numbers: Sequence[Decimal], width: float, height: float, radius: float) -> Pie:
    """Return the pie of *numbers*, clockwise from the top; adjacent slices differ in lightness."""
    pie = Pie()
    pie.x, pie.y = width / 2 - radius, height / 2 - radius
    pie.width = pie.height = 2 * radius
    pie.data = [float(number) for number in numbers if number]
    pie.startAngle, pie.direction = 90, "clockwise"
    pie.simpleLabels, pie.labels = 0, None
    pie.slices.label_visible = 0
    last = len(pie.data) - 1
    for place in range(last + 1):
        meets_first = place == last and place % len(_SLICE_SHADES) == 0 and place > 0
        shade = SHADES[_SLICE_SHADES[(place + 2 * meets_first) % len(_SLICE_SHADES)]]
        piece = pie.slices[place]
        piece.fillColor = HexColor(f"#{shade}")
        piece.strokeColor, piece.strokeWidth = HexColor(f"#{INK}"), HAIR
    return pie


def _lines_of(name: str, number: str, room: float, text_width: TextWidth) -> list[str]:
    """Return the label of a slice: one line if there is *room*, otherwise name, then number."""
    whole = f"{name} {number}"
    if text_width(whole, SIZE) <= room:
        return [whole]
    return [*broken(name, room, text_width).split("\n"), number]


def _percent(number: Decimal, total: Decimal) -> str:
    """Return the share of *number* with one decimal, halves away from zero."""
    return f"{(number * 100 / total).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


_Side: TypeAlias = list[tuple[float, int]]
"""The angle and the number of each labelled slice on one side, from top to bottom."""


def _sides(texts: Mapping[int, object], numbers: Sequence[Decimal]) -> tuple[_Side, _Side]:
    """Return the slices that have their labels on the left, and those on the right."""
    total, before = sum(numbers), Decimal(0)
    left: _Side = []
    right: _Side = []
    for number, value in enumerate(numbers):
        angle = math.tau * float((before + value / 2) / total)
        before += value
        if number in texts:
            (right if angle <= math.pi else left).append((angle, number))
    return left[::-1], right


def _beside(
    sides: tuple[_Side, _Side],
    texts: Mapping[int, Sequence[str]],
    numbers: Sequence[Decimal],
    size: tuple[float, float, float],
) -> tuple[list[Shape], list[ChartLabel]]:
    """Return the labels on both sides of a pie, and the lines that lead to them.

    *size* is the width and the height of the drawing and the radius of the pie.
    """
    width, height, radius = size
    lines: list[Shape] = []
    labels: list[ChartLabel] = []
    for side, turn in zip(sides, (-1, 1), strict=True):
        heights = [len(texts[number]) * LEADING for _, number in side]
        wanted = [height / 2 - math.cos(angle) * (radius + GAP) for angle, _ in side]
        for (angle, number), y in zip(side, _apart(wanted, heights, height), strict=True):
            x = width / 2 + turn * (radius + _LEADER - GAP)
            edge_x = width / 2 + math.sin(angle) * radius
            edge = (near(edge_x), near(height / 2 - math.cos(angle) * radius))
            if numbers[number]:
                ends = (edge, (near(x - turn * GAP), near(y)), (near(x), near(y)))
                lines.append(Shape(ends, closed=False, stroke=BLACK, width=HAIR))
            anchor = Anchor.START if turn > 0 else Anchor.END
            first = y + 0.35 * SIZE - (len(texts[number]) - 1) / 2 * LEADING
            for line, text in enumerate(texts[number]):
                base = near(first + line * LEADING)
                labels.append(ChartLabel(near(x + turn * 2), base, text, SIZE, anchor))
    return lines, labels


def _apart(middles: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Return *middles*, ascending, moved so that labels of *heights* do not touch within *room*."""
    moved: list[float] = []
    top = 0.0
    for middle, height in zip(middles, heights, strict=True):
        moved.append(max(middle, top + height / 2))
        top = moved[-1] + height / 2 + 2
    foot = room
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], foot - heights[index] / 2)
        foot = moved[index] - heights[index] / 2 - 2
    return moved
