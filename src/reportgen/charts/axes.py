"""Charts with axes: bars, side by side or stacked, and lines.

reportlab's charts compute the places of bars, points and names.  All lengths are points.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, product
from typing import Any, TypeAlias

from reportlab.graphics.charts.barcharts import (
    BarChart,
    HorizontalBarChart,
    VerticalBarChart,
)
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import HexColor

from reportgen.charts.chart import Chart, ChartKind, Point
from reportgen.charts.collected import (
    BLACK,
    GAP,
    GRID,
    HAIR,
    INK,
    LEADING,
    LINE,
    RULE,
    SHADES,
    SIZE,
    TextWidth,
    broken,
    collected,
    near,
)
from reportgen.charts.drawing import Anchor, ChartLabel, Drawing, Shape

_PLOT = 150.0
"""The height of the plot of upright bars and of lines."""
_BAR = 13.0
"""The height of a lying bar: a line of text."""
_MOST_LINES = 3
"""Names in more lines than this are set beside lying bars."""
_NAMES_SHARE = 0.42
"""The share of the width that the names beside lying bars take at most."""
_ROW = 13.0
"""The height of a row of numbers below the names."""
_STEPS = 5
_CHOICES = {1: (1,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 2, 3, 4)}
_MARKERS = ("FilledCircle", "FilledSquare", "FilledTriangle", "FilledDiamond")


class Axes:
    """Draws one chart with axes."""

    def __init__(self, chart: Chart, width: float, text_width: TextWidth) -> None:
        self._chart = chart
        self._width = width
        self._text_width = text_width
        self._scale = _scale(chart)
        many = len(chart.series) > 1
        self._has_table = many and chart.kind is not ChartKind.BARS
        """Whether the numbers stand in rows below the names, where they cannot cover each other."""
        self._legend = [] if self._has_table else _legend(chart, width, text_width)
        unit = 0.0 if self._legend or not chart.unit else LEADING
        self._head = (_legend_height(self._legend) or unit) + LEADING + GAP
        """The height above the plot: the legend, and room for the number on the highest bar."""

    def bars(self) -> Drawing:
        """Return bars, side by side or stacked; lying ones where the names are long."""
        names = self._wrapped(self._slot())
        if not self._has_table and max(name.count("\n") for name in names) >= _MOST_LINES:
            return self._lying()
        return self._upright(names)

    def _slot(self) -> float:
        return (self._width - self._left()) / len(self._chart.names) - GAP

    def _left(self) -> float:
        """Return the width left of the plot: the numbers of the axis, or the names of the rows."""
        left = max(self._text_width(_plain(tick), SIZE) for tick in self._scale)
        if self._has_table:
            names = (self._text_width(series.name, SIZE) for series in self._chart.series)
            left = max(left, _SWATCH + GAP + max(names))
        return left + 2 * GAP

    def _foot(self, names: Sequence[str]) -> float:
        """Return the height below the plot: the names, and the rows of numbers."""
        rows = len(self._chart.series) if self._has_table else 0
        lines = 1 + max(name.count("\n") for name in names)
        return lines * LEADING + GAP + rows * _ROW

    def _wrapped(self, room: float) -> list[str]:
        """Return the names, broken in lines of at most *room*."""
        return [broken(name, room, self._text_width) for name in self._chart.names]

    def _upright(self, names: Sequence[str]) -> Drawing:
        chart = VerticalBarChart()
        self._place(chart, self._left(), self._foot(names), self._plot_width, _PLOT)
        self._set_bars(chart)
        self._name_axis(chart, names)
        if not self._has_table:
            for row, column, _ in self._shown():
                _set_label(chart.barLabels[row, column], "s", dy=2)
        else:
            chart.barLabelFormat = None
        return self._finished(chart, self._foot(names) + _PLOT + self._head)

    @property
    def _plot_width(self) -> float:
        return self._width - self._left() - 1

    def _lying(self) -> Drawing:
        widest = max(self._text_width(name, SIZE) for name in self._chart.names)
        left = min(widest + 2 * GAP, self._width * _NAMES_SHARE)
        names = self._wrapped(left - 2 * GAP)
        lines = 1 + max(name.count("\n") for name in names)
        slot = max(len(self._chart.series) * _BAR + 5, lines * LEADING + 3)
        height, foot = slot * len(names), LEADING + GAP
        chart = HorizontalBarChart()
        numbers = (point.text for series in self._chart.series for point in series.points)
        right = max(self._text_width(text, SIZE) for text in numbers) + 2 * GAP
        self._place(chart, left, foot, self._width - left - right, height)
        self._set_bars(chart, upwards=True)
        self._name_axis(chart, names)
        chart.valueAxis.labels.textAnchor = "middle"
        chart.categoryAxis.reverseDirection = 1
        chart.categoryAxis.labels.boxAnchor = "e"
        chart.categoryAxis.labels.textAnchor = "end"
        chart.categoryAxis.labels.dx = -GAP
        last = len(self._chart.series) - 1
        for row, column, point in self._shown():
            is_left = point.number is not None and point.number < 0
            label = chart.barLabels[last - row, column]
            _set_label(label, "w", dx=-3 if is_left else 3)
            label.textAnchor = "end" if is_left else "start"
        return self._finished(chart, foot + height + self._head - LEADING + 2)

    def lines(self) -> Drawing:
        """Return lines with markers; a missing number interrupts its line."""
        names = self._wrapped(self._slot())
        chart = HorizontalLineChart()
        self._place(chart, self._left(), self._foot(names), self._plot_width, _PLOT)
        self._name_axis(chart, names)
        chart.data, owners = _unbroken(chart.data)
        shades = _shades(len(self._chart.series))
        for row, number in enumerate(owners):
            line = chart.lines[row]
            line.strokeColor, line.strokeWidth = HexColor(f"#{INK}"), LINE
            line.symbol = _marker(number, shades[number])
        if not self._has_table:
            chart.lineLabelFormat, chart.lineLabelNudge = "values", 0
            texts = self._texts()
            # Of each line reportlab counts the points that are there, and so its labels.
            chart.lineLabelArray = [
                [texts[number][at] for at, value in enumerate(row) if value is not None]
                for row, number in zip(chart.data, owners, strict=True)
            ]
            for row, column in product(range(len(owners)), range(len(names))):
                _set_label(chart.lineLabels[row, column], "s", dy=GAP)
        return self._finished(chart, self._foot(names) + _PLOT + self._head)

    def _shown(self) -> Iterator[tuple[int, int, Point]]:
        """Yield series, name and point of each number that is there."""
        for row, series in enumerate(self._chart.series):
            for column, point in enumerate(series.points):
                if point.number is not None:
                    yield row, column, point

    def _texts(self) -> list[list[str]]:
        return [[point.text for point in series.points] for series in self._chart.series]

    def _place(self, chart: Any, x: float, y: float, width: float, height: float) -> None:
        """Set the place, the numbers and the axis of *chart*, which begins at zero."""
        chart.x, chart.y, chart.width, chart.height = x, y, width, height
        chart.data = [
            [None if point.number is None else float(point.number) for point in series.points]
            for series in self._chart.series
        ]
        axis = chart.valueAxis
        axis.valueMin, axis.valueMax = float(self._scale[0]), float(self._scale[-1])
        axis.valueSteps = [float(tick) for tick in self._scale]
        axis.labelTextFormat = [_plain(tick) for tick in self._scale]
        axis.strokeColor = None
        axis.visibleTicks = 0
        axis.visibleGrid = 1
        axis.gridStrokeColor = HexColor(f"#{GRID}")
        axis.gridStrokeWidth = HAIR
        axis.labels.fontSize, axis.labels.textAnchor = SIZE, "end"
        chart.fillColor = chart.strokeColor = None

    def _set_bars(self, chart: BarChart, *, upwards: bool = False) -> None:
        """Set the looks of the bars; those that grow *upwards* are turned to begin at the top."""
        is_stacked = self._chart.kind is ChartKind.STACKED
        chart.categoryAxis.style = "stacked" if is_stacked else "parallel"
        chart.groupSpacing, chart.barSpacing = 6, 0
        chart.barWidth = 8
        shades, texts = _shades(len(self._chart.series)), self._texts()
        if upwards:
            chart.data, shades, texts = chart.data[::-1], shades[::-1], texts[::-1]
        for number, shade in enumerate(shades):
            bar = chart.bars[number]
            bar.fillColor = HexColor(f"#{shade}")
            bar.strokeColor, bar.strokeWidth = HexColor(f"#{INK}"), HAIR
        chart.barLabelFormat = "values"
        chart.barLabelArray = texts

    def _name_axis(self, chart: Any, names: Sequence[str]) -> None:
        axis = chart.categoryAxis
        axis.categoryNames = list(names)
        axis.strokeColor, axis.strokeWidth = HexColor(f"#{BLACK}"), RULE
        axis.visibleTicks = 0
        axis.labels.fontSize, axis.labels.leading = SIZE, LEADING
        axis.labels.boxAnchor, axis.labels.textAnchor = "n", "middle"
        axis.labels.dy = -2
        axis.joinAxisMode = None
        axis.labelAxisMode = "low"

    def _finished(self, chart: Any, height: float) -> Drawing:
        found, labels = collected([chart], height)
        if self._legend:
            added, names = _placed_legend(self._legend, self._chart)
        elif self._has_table:
            added, names = self._rows(height)
        else:
            added, names = [], []
        if self._chart.unit:
            unit = f"单位：{self._chart.unit}"
            names.append(ChartLabel(self._width, SIZE, unit, SIZE, Anchor.END))
        return Drawing(self._width, near(height), (*found, *added), (*labels, *names))

    def _rows(self, height: float) -> tuple[list[Shape], list[ChartLabel]]:
        """Return the rows of numbers at the foot, each number below its name."""
        swatches: list[Shape] = []
        labels = []
        left, slot = self._left(), self._plot_width / len(self._chart.names)
        shades = _shades(len(self._chart.series))
        top = height - len(self._chart.series) * _ROW
        for number, series in enumerate(self._chart.series):
            upper, base = top + number * _ROW, top + (number + 0.72) * _ROW
            rule = ((0.0, near(upper)), (self._width, near(upper)))
            swatches.append(Shape(rule, closed=False, stroke=GRID, width=HAIR))
            swatches += _swatch(0.0, base, shades[number], self._chart.kind, number)
            labels.append(ChartLabel(_SWATCH + GAP, near(base), series.name, SIZE))
            for column, point in enumerate(series.points):
                x = near(left + (column + 0.5) * slot)
                labels.append(ChartLabel(x, near(base), point.text, SIZE, Anchor.MIDDLE))
        return swatches, [label for label in labels if label.text]


Numbers: TypeAlias = "list[list[float | None]]"


def _unbroken(rows: Numbers) -> tuple[Numbers, list[int]]:
    """Return *rows* with a row for each stretch without a gap, and the series that each is of.

    reportlab would join the points on both sides of a gap.
    """
    found: Numbers = []
    owners = []
    for number, row in enumerate(rows):
        for is_there, stretch in groupby(range(len(row)), key=lambda at: row[at] is not None):
            if is_there:
                places = set(stretch)
                found.append([value if at in places else None for at, value in enumerate(row)])
                owners.append(number)
    return found, owners


def _marker(number: int, shade: str) -> Any:
    """Return the marker of series *number* of a line chart; the kinds differ in shape as well."""
    marker = makeMarker(_MARKERS[number])
    marker.size = 6
    marker.fillColor, marker.strokeColor = HexColor(f"#{shade}"), HexColor(f"#{INK}")
    marker.strokeWidth = HAIR
    return marker


def _set_label(label: Any, anchor: str, *, dx: float = 0.0, dy: float = 0.0) -> None:
    """Set where a number stands; reportlab turns *anchor* and *dy* over for negative numbers."""
    label.fontSize, label.boxAnchor, label.textAnchor = SIZE, anchor, "middle"
    label.dx, label.dy = dx, dy


def _shades(count: int) -> list[str]:
    """Return the colours of *count* series."""
    return [SHADES[number] for number in _CHOICES.get(count, range(len(SHADES)))]


def _scale(chart: Chart) -> list[Decimal]:
    """Return the values of the axis: round ones, from zero or below up to the highest bar."""
    if chart.kind is ChartKind.STACKED:
        columns = zip(*(series.points for series in chart.series), strict=True)
        numbers = [sum((Decimal(p.number or 0) for p in points), Decimal(0)) for points in columns]
    else:
        points = (point for series in chart.series for point in series.points)
        numbers = [Decimal(point.number or 0) for point in points]
    lowest, highest = min(Decimal(0), *numbers), max(Decimal(0), *numbers)
    step = _round_step((highest - lowest) / _STEPS or Decimal("0.2"))
    if all(number == number.to_integral_value() for number in numbers):
        step = max(step, Decimal(1))
    first = math.floor(lowest / step)
    last = max(math.ceil(highest / step), first + 1)
    return [step * number for number in range(first, last + 1)]


def _round_step(least: Decimal) -> Decimal:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not less than *least*."""
    power = Decimal(10) ** least.adjusted()
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)


def _plain(number: Decimal) -> str:
    whole = number.to_integral_value()
    return str(int(whole)) if number == whole else format(number.normalize(), "f")


_LegendRow: TypeAlias = list[tuple[float, int]]
"""The x and the number of each series in one line of a legend."""
_SWATCH = 9.0


def _legend(chart: Chart, width: float, text_width: TextWidth) -> list[_LegendRow]:
    """Return the lines of the legend of *chart*; none for a single series."""
    if len(chart.series) < 2:
        return []
    room = width - (text_width(f"单位：{chart.unit}", SIZE) + 2 * SIZE if chart.unit else 0)
    rows: list[_LegendRow] = []
    at = room
    for number, series in enumerate(chart.series):
        own = _SWATCH + GAP + text_width(series.name, SIZE) + 2 * SIZE
        if at + own - 2 * SIZE > room:
            rows.append([])
            at = 0.0
        rows[-1].append((at, number))
        at += own
    return rows


def _legend_height(rows: Sequence[_LegendRow]) -> float:
    return len(rows) * (LEADING + 2)


def _placed_legend(
    rows: Sequence[_LegendRow], chart: Chart
) -> tuple[list[Shape], list[ChartLabel]]:
    swatches: list[Shape] = []
    labels = []
    shades = _shades(len(chart.series))
    for line, row in enumerate(rows):
        base = SIZE + line * (LEADING + 2)
        for x, number in row:
            swatches += _swatch(x, base, shades[number], chart.kind, number)
            name = chart.series[number].name
            labels.append(ChartLabel(x + _SWATCH + GAP, base, name, SIZE))
    return swatches, labels


def _swatch(x: float, base: float, shade: str, kind: ChartKind, number: int) -> list[Shape]:
    """Return what stands before a name in the legend: a box, or a marker upon a line."""
    top, side = base - 0.8 * _SWATCH, _SWATCH
    if kind is not ChartKind.LINES:
        corners = ((x, top), (x + side, top), (x + side, top + side), (x, top + side))
        return [Shape(corners, fill=shade, stroke=INK, width=HAIR)]
    marker = _marker(number, shade)
    marker.x, marker.y = x + side / 2, -(top + side / 2)
    middle = top + side / 2
    line = Shape(((x, middle), (x + side, middle)), closed=False, stroke=INK, width=LINE)
    return [line, *collected([marker], 0.0)[0]]
