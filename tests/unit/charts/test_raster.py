"""Tests of drawings as PNG."""

from __future__ import annotations

import io

from PIL import Image

from reportgen.charts import ChartKind
from reportgen.charts.raster import RESOLUTION, PlacedText, rasterise
from reportgen.files import resource_folder
from tests.unit.charts.drawing import chart, drawn

FONT = resource_folder("fonts") / "NotoSansSC-Regular.subset.ttf"


def test_the_picture_has_the_resolution_of_print_and_is_opaque() -> None:
    drawing = drawn(chart(ChartKind.BARS, ["一", "二"], {"": [1, 2]}))
    data = rasterise((drawing.width, drawing.height), drawing.shapes, ())
    with Image.open(io.BytesIO(data)) as image:
        assert image.width == round(drawing.width / 72 * RESOLUTION)
        assert "transparency" not in image.info


def test_the_same_drawing_gives_the_same_bytes() -> None:
    drawing = drawn(chart(ChartKind.PIE, ["一", "二"], {"": [1, 2]}))
    text = PlacedText(10, 20, 9, "一二", (0.0, 9.0), FONT, 0)
    made = {rasterise((drawing.width, drawing.height), drawing.shapes, [text]) for _ in range(2)}
    assert len(made) == 1


def test_characters_are_drawn_where_they_stand() -> None:
    text = PlacedText(10, 20, 9, "田", (0.0,), FONT, 0)
    with Image.open(io.BytesIO(rasterise((40, 30), (), [text]))) as image:
        box = image.convert("L").point(lambda level: 255 if level < 128 else 0).getbbox()
    assert box is not None
    left, top, right, foot = (edge / RESOLUTION * 72 for edge in box)
    assert 10 <= left < right <= 19.5
    assert 11 <= top < foot <= 22
