"""Tests of charts with axes: every number is drawn as what it is."""

from __future__ import annotations

import itertools
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts import Anchor, ChartKind
from tests.unit.charts.drawing import Number, boxes, chart, drawn, extent, texts

NAMES = ["自然人", "商业企业", "科研机构", "社会公益组织"]
LONG = ["申请内容的处理结果之" + "一二三四五六七八九十"[number] * 14 for number in range(8)]
PLOT = 150.0
numbers = st.one_of(st.none(), st.integers(0, 10**6))
rows = st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=1, max_size=4).filter(
    lambda found: any(number is not None for row in found for number in row)
)


@given(rows)
def test_every_number_stands_on_its_bar(found: list[list[Number]]) -> None:
    series = {f"第{number}组": row for number, row in enumerate(found)}
    drawing = drawn(chart(ChartKind.BARS, NAMES, series))
    wanted = Counter(str(number) for row in found for number in row if number is not None)
    assert not wanted - Counter(texts(drawing))


@given(rows)
def test_a_bar_is_as_high_as_its_number(found: list[list[Number]]) -> None:
    series = {f"第{number}组": row for number, row in enumerate(found)}
    drawing = drawn(chart(ChartKind.BARS, NAMES, series))
    legend = len(found) if len(found) > 1 else 0
    bars = boxes(drawing)
    there = [number for row in found for number in row if number]  # 0 has no bar
    assert len(bars) == len(there) + legend
    heights = [extent(bar)[1] for bar in bars[: len(there)]]
    top = max([0, *there])
    if top:
        unit = max(heights) / float(top)
        assert heights == pytest.approx([float(number) * unit for number in there], abs=0.01)


@pytest.mark.parametrize("kind", [ChartKind.STACKED, ChartKind.LINES])
@given(rows)
def test_rows_of_numbers_stand_below_the_names(kind: ChartKind, found: list[list[Number]]) -> None:
    series = {f"第{number}组": row for number, row in enumerate(found)}
    drawing = drawn(chart(kind, NAMES, series))
    wanted = Counter(str(number) for row in found for number in row if number is not None)
    assert not wanted - Counter(texts(drawing))


def test_a_number_stands_below_its_own_name() -> None:
    series: dict[str, list[Number]] = {"甲组": [11, 12, 13, 14], "乙组": [21, 22, None, 24]}
    drawing = drawn(chart(ChartKind.LINES, NAMES, series))
    across = {label.text: label.x for label in drawing.labels if label.anchor is Anchor.MIDDLE}
    for name, column in zip(NAMES, (["11", "21"], ["12", "22"], ["13"], ["14", "24"]), strict=True):
        assert [across[text] for text in column] == pytest.approx([across[name]] * len(column))


def test_the_axis_begins_at_zero() -> None:
    drawing = drawn(chart(ChartKind.BARS, NAMES, {"": [980, 990, 995, 1000]}))
    assert "0" in texts(drawing)
    bars = sorted(extent(bar)[1] for bar in boxes(drawing))
    assert bars[0] / bars[-1] == pytest.approx(0.98, abs=0.001)


def test_a_missing_number_leaves_a_gap_and_zero_is_printed() -> None:
    drawing = drawn(chart(ChartKind.BARS, ["甲", "乙", "丙"], {"": [5, None, 0]}))
    assert len(boxes(drawing)) == 1
    shown = texts(drawing)
    assert shown.count("0") == 2  # of the axis and of 丙


def test_a_missing_number_interrupts_a_line() -> None:
    series = {"": [30, None, 41]}
    drawing = drawn(chart(ChartKind.LINES, ["2022年", "2023年", "2024年"], series))
    ink = [shape for shape in drawing.shapes if not shape.closed and shape.width > 1]
    assert ink == []
    assert {"30", "41"} <= set(texts(drawing))
    places = {label.text: label.x for label in drawing.labels}
    assert places["30"] == pytest.approx(places["2022年"], abs=0.5)
    assert places["41"] == pytest.approx(places["2024年"], abs=0.5)


def test_a_negative_number_is_drawn_below_zero() -> None:
    drawing = drawn(chart(ChartKind.BARS, ["许可", "处罚"], {"": [11, -3]}))
    up, down = boxes(drawing)
    assert max(y for _, y in up.points) == pytest.approx(min(y for _, y in down.points), abs=0.01)
    below = next(label for label in drawing.labels if label.text == "-3")
    assert below.y > max(y for _, y in down.points)


def test_decimals_keep_their_digits() -> None:
    series = {"": [Decimal("12.60"), Decimal("0.05")]}
    assert {"12.60", "0.05"} <= set(texts(drawn(chart(ChartKind.BARS, ["一", "二"], series))))


def test_long_names_stand_beside_lying_bars_in_the_order_typed() -> None:
    series = {"甲组": list(range(1, 9)), "乙组": list(range(11, 19))}
    drawing = drawn(chart(ChartKind.BARS, LONG, series))
    bars = boxes(drawing)[:16]
    assert all(extent(bar)[1] < 20 for bar in bars)
    places = {label.text: label.y for label in drawing.labels if label.anchor is Anchor.START}
    wanted = [
        str(number) for pair in zip(range(1, 9), range(11, 19), strict=True) for number in pair
    ]
    assert sorted(wanted, key=lambda text: places[text]) == wanted
    across = [extent(bar)[0] for bar in bars]
    assert max(across) / min(across) == pytest.approx(18, abs=0.1)


def test_nothing_leaves_the_drawing() -> None:
    for kind in (ChartKind.BARS, ChartKind.STACKED, ChartKind.LINES):
        series = {"甲组": [1, 2, 3, 4], "乙组": [5, 0, 7, 10**6]}
        drawing = drawn(chart(kind, NAMES, series, "件"))
        for shape in drawing.shapes:
            for x, y in shape.points:
                assert -0.01 <= x <= drawing.width + 0.01
                assert -0.01 <= y <= drawing.height + 0.01


def test_the_shades_of_series_differ_in_lightness() -> None:
    for count in (2, 3, 4):
        series = {f"第{number}组": [1, 2] for number in range(count)}
        drawing = drawn(chart(ChartKind.BARS, ["一", "二"], series))
        shades = {box.fill for box in boxes(drawing)}
        light = sorted(_lightness(shade) for shade in shades)
        assert len(light) == count
        assert all(after - before > 0.09 for before, after in itertools.pairwise(light))


def _lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue
