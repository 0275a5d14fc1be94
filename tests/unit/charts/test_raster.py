"""Tests of drawings as PNG."""

from __future__ import annotations

import io

from PIL import Image

from reportgen.charts import ChartKind
from reportgen.charts.raster import RESOLUTION, PlacedOutline, PlacedText, rasterise
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


def test_an_outline_is_filled_but_for_its_holes() -> None:
    outer = ((10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0))
    hole = ((16.0, 16.0), (16.0, 24.0), (24.0, 24.0), (24.0, 16.0))
    inner = ((18.0, 18.0), (22.0, 18.0), (22.0, 22.0), (18.0, 22.0))
    outlines = [PlacedOutline((outer, hole, inner), "3D6CA6"), PlacedOutline(())]
    with Image.open(io.BytesIO(rasterise((40, 40), (), outlines))) as image:
        shown = image.convert("RGB")
        colours = [
            shown.getpixel((round(at * RESOLUTION / 72), round(20 * RESOLUTION / 72)))
            for at in (5, 13, 17, 20, 23, 27, 35)
        ]
    ink, paper = (0x3D, 0x6C, 0xA6), (255, 255, 255)
    assert colours == [paper, ink, paper, ink, paper, ink, paper]


def test_what_overlaps_is_filled_once() -> None:
    one = ((10.0, 10.0), (24.0, 10.0), (24.0, 30.0), (10.0, 30.0))
    other = ((16.0, 10.0), (30.0, 10.0), (30.0, 30.0), (16.0, 30.0))
    with Image.open(io.BytesIO(rasterise((40, 40), (), [PlacedOutline((one, other))]))) as image:
        place = round(20 * RESOLUTION / 72)
        assert image.convert("L").getpixel((place, place)) == 0
