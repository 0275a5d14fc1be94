"""Tests of outlines as polygons."""

from __future__ import annotations

from pathlib import Path

from reportgen.files import resource_folder
from reportgen.fonts import glyph_contours
from reportgen.fonts.files import FontFile

FONT = FontFile(resource_folder("fonts") / "LiberationSerif-Regular.ttf")
SCRIPTS = Path(__file__).parents[2] / "data" / "scripts"


def contours(font: FontFile, char: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    return glyph_contours(font.hb_font, font.hb_font.get_nominal_glyph(ord(char)))


def area(contour: tuple[tuple[float, float], ...]) -> float:
    ends = zip(contour, [*contour[1:], contour[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in ends) / 2


def test_the_polygons_fill_the_box_of_the_outline() -> None:
    for font, char in ((FONT, "B"), (FontFile(SCRIPTS / "Tibetan.ttf"), "བ")):
        points = [point for contour in contours(font, char) for point in contour]
        left, bottom, right, top = font.outline_box(char) or (0, 0, 0, 0)
        for edge, values in ((left, 0), (bottom, 1)):
            assert abs(min(point[values] for point in points) - edge) < 0.01
        for edge, values in ((right, 0), (top, 1)):
            assert abs(max(point[values] for point in points) - edge) < 0.01


def test_a_hole_turns_the_other_way() -> None:
    outer, hole = sorted(contours(FONT, "O"), key=lambda found: -abs(area(found)))
    assert area(outer) * area(hole) < 0


def test_a_blank_has_no_polygon() -> None:
    assert contours(FONT, " ") == ()
