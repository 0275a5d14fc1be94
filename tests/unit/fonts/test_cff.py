"""Tests of CFF tables: what HarfBuzz draws of them is what was put in."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.fonts.faces import Face, load_fonts
from reportgen.fonts.files import FontFile, cut
from tests.opentype import write_cff_font

TEXT = "2024年（龙，ÅÇé％〇"


class Outline:
    """A pen that notes the points of an outline."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []

    def moveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.points += points

    lineTo = curveTo = qCurveTo = moveTo  # noqa: N815

    def closePath(self) -> None:  # noqa: N802
        pass


@pytest.mark.parametrize("role", ["宋体", "西文"])  # 1000 and 2048 units per em
def test_characters_keep_their_widths_and_outlines(role: str, tmp_path: Path) -> None:
    face = load_fonts().face(role)
    text = "".join(filter(face.covers, TEXT))
    made = FontFile(write_cff_font(tmp_path / "made.otf", face, text))
    assert made.upem == face.hb_face.upem
    for char in text:
        assert made.advance(char) == FontFile(face.path).advance(char)
        assert made.outline_box(char) == pytest.approx(
            FontFile(face.path).outline_box(char), abs=1.5 / made.upem
        )


def test_cubic_outlines_keep_every_point(tmp_path: Path) -> None:
    first = write_cff_font(tmp_path / "first.otf", load_fonts().face("宋体"), TEXT)
    face = Face("user:first", "宋体", "First", first)
    second = FontFile(write_cff_font(tmp_path / "second.otf", face, TEXT))
    for char in TEXT:
        pens = Outline(), Outline()
        for font, pen in zip((face.hb_font, second.hb_font), pens, strict=True):
            font.draw_glyph_with_pen(font.get_nominal_glyph(ord(char)), pen)
        assert pens[0].points == pens[1].points
        assert pens[0].points


def test_a_font_of_which_nothing_is_used_has_its_first_glyph_only(tmp_path: Path) -> None:
    made = FontFile(write_cff_font(tmp_path / "made.otf", load_fonts().face("宋体"), "龙"))
    assert cut(made.hb_face, "").glyphs == {}


def test_the_same_characters_give_the_same_bytes(tmp_path: Path) -> None:
    made = FontFile(write_cff_font(tmp_path / "made.otf", load_fonts().face("宋体"), TEXT))
    assert cut(made.hb_face, "龙年").data == cut(made.hb_face, "年龙").data
