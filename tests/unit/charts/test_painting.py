"""Tests of pies and QR codes."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts import ChartKind, QrCode
from reportgen.charts.painting import draw
from tests.unit.charts.drawing import chart, drawn, text_width, texts

NAMES = ["予以", "部分", "不予", "无法", "其他"]


@given(st.lists(st.integers(0, 9999), min_size=5, max_size=5).filter(any))
def test_every_slice_has_its_number_and_its_share(numbers: list[int]) -> None:
    shown = "".join(texts(drawn(chart(ChartKind.PIE, NAMES, {"": numbers}, "件"))))
    for name, number in zip(NAMES, numbers, strict=True):
        rate = (Decimal(number) * 100 / sum(numbers)).quantize(Decimal("0.1"), "ROUND_HALF_UP")
        assert f"{name} {number}件（{rate}%）" in shown


def test_a_slice_has_the_angle_of_its_share() -> None:
    drawing = drawn(chart(ChartKind.PIE, NAMES, {"": [50, 25, 25, 0, 0]}))
    slices = [shape for shape in drawing.shapes if shape.closed]
    assert len(slices) == 3
    areas = [_area(shape.points) for shape in slices]
    assert areas[0] / sum(areas) == pytest.approx(0.5, abs=0.002)


def test_labels_do_not_touch_and_stay_inside() -> None:
    numbers = [1, 1, 1, 1, 200]
    for width in (440.0, 210.0):
        drawing = drawn(chart(ChartKind.PIE, NAMES, {"": numbers}), width)
        for side in ("start", "end"):
            lines = sorted(label.y for label in drawing.labels if label.anchor == side)
            assert all(b - a >= 8.9 for a, b in itertools.pairwise(lines))
        assert all(0 < label.y <= drawing.height + 4 for label in drawing.labels)


def test_a_missing_number_is_no_slice() -> None:
    drawing = drawn(chart(ChartKind.PIE, ["甲", "乙"], {"": [4, None]}))
    assert texts(drawing) == ["甲 4（100.0%）"]


def test_a_code_has_a_quiet_zone_of_four_modules() -> None:
    drawing = draw(QrCode("https://www.yunxi.example/zwgk/"), 80.0, text_width)
    paper, *modules = drawing.shapes
    assert paper.fill == "FFFFFF"
    module = min(
        max(y for _, y in shape.points) - min(y for _, y in shape.points) for shape in modules
    )
    left = min(x for shape in modules for x, _ in shape.points)
    assert left == pytest.approx(4 * module, abs=0.01)
    right = max(x for shape in modules for x, _ in shape.points)
    assert drawing.width - right == pytest.approx(4 * module, abs=0.01)


def test_a_code_is_the_one_that_the_library_reads() -> None:
    """The three finder patterns are where ISO/IEC 18004 wants them."""
    drawing = draw(QrCode("https://a.example"), 100.0, text_width)
    dark = [shape for shape in drawing.shapes[1:] if shape.fill == "000000"]
    widest = max(max(x for x, _ in s.points) - min(x for x, _ in s.points) for s in dark)
    module = min(max(y for _, y in s.points) - min(y for _, y in s.points) for s in dark)
    assert round(widest / module) >= 7


def _area(points: tuple[tuple[float, float], ...]) -> float:
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    return abs(math.fsum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2
