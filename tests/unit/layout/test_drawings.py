"""Tests of drawings with labels in a script that is shaped or goes from right to left."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from reportgen.charts import Chart, ChartKind, Point, Series
from reportgen.document.nodes import Document, Figure, FigureGroup, Metadata
from reportgen.fonts import load_fonts
from reportgen.layout.drawings import draw_charts, label_runs
from reportgen.layout.items import TextRun
from tests.builders import FORMS
from tests.unit.layout.squares import figure as make_figure

FONTS = load_fonts([Path(__file__).parents[2] / "data" / "scripts"])
UYGHUR = "ئۇيغۇر (سان)"
SHEET = FORMS["2021"].sheet


def drawn(name: str) -> Figure:
    """Return the figure of a chart with a bar called *name*."""
    series = Series("", (Point(1, "1"), Point(2, "2")))
    chart = Chart(ChartKind.BARS, (name, "二"), (series,), "")
    figure = replace(make_figure(100, 100), what=chart)
    document = Document(Metadata("", "", "", (), ""), SHEET, (FigureGroup((figure,)),))
    (group,) = draw_charts(document, FONTS).blocks
    assert isinstance(group, FigureGroup)
    return group.figures[0]


def name_runs(figure: Figure) -> list[TextRun]:
    """Return the runs of the label in Uyghur, in the order of reading."""
    runs = label_runs(figure, SHEET, FONTS)
    return [run for run in runs if not run.text.isdigit() and run.text != "二"]


def test_a_label_from_right_to_left_stands_below_its_bar() -> None:
    figure = drawn(UYGHUR)
    assert figure.drawing is not None
    runs = name_runs(figure)
    assert "".join(run.text for run in runs) == UYGHUR
    assert runs[0].x > runs[-1].x
    left, right = min(run.x for run in runs), max(run.x + run.width for run in runs)
    bar = next(shape for shape in figure.drawing.shapes if shape.fill and shape.closed)
    middle = sum(x for x, _ in bar.points) / len(bar.points)
    assert (left + right) / 2 == pytest.approx(middle, abs=0.1)


def test_a_name_of_joined_letters_is_one_line() -> None:
    labels = [label.text for label in (drawn(UYGHUR).drawing or pytest.fail()).labels]
    assert UYGHUR in labels


def test_the_picture_shows_the_joined_letters() -> None:
    """Its ink is that of the glyphs: letters drawn one by one would be wider, and elsewhere."""
    figure = drawn("ببب")
    (run,) = name_runs(figure)
    assert len(run.glyphs) == 3
    with Image.open(io.BytesIO(figure.picture.read())) as image:
        scale = 300 / 72
        box = (run.x - 30, run.y - 3, run.x + run.width + 30, run.y + 3)
        label = image.convert("L").crop(tuple(round(edge * scale) for edge in box))
        ink = label.point(lambda level: 255 if level < 128 else 0)
        found = ink.getbbox()
        columns = [any(ink.getpixel((x, y)) for y in range(ink.height)) for x in range(ink.width)]
    assert found is not None
    left, _, right, _ = found
    assert (right - left) / scale == pytest.approx(run.width, abs=1.5)
    assert all(columns[left:right])  # joined: no gap
