"""Tests of CFF tables, read back with fontTools."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen

from reportgen.fonts import Face, load_fonts
from reportgen.fonts.files import FontFile, Subset, cut
from tests.opentype import write_cff_font

TEXT = "2024年（龙，ÅÇé％〇"


def own_font(tmp_path: Path, role: str = "宋体") -> FontFile:
    """Return a font with CFF outlines that has *TEXT* as the face of *role* draws it."""
    face = load_fonts().face(role)
    return FontFile(write_cff_font(tmp_path / "own.otf", face, "".join(filter(face.covers, TEXT))))


def read(subset: Subset) -> Any:
    """Return the only font of the CFF table *subset*."""
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(subset.data), None)
    (font,) = fonts
    return font


def outline(font: Any, cid: int) -> tuple[list[Any], float]:
    """Return the outline and the width of a glyph of a CFF table."""
    pen = RecordingPen()
    charstring = font.CharStrings[font.charset[cid]]
    charstring.draw(pen)
    return pen.value, charstring.width


@pytest.mark.parametrize("role", ["宋体", "西文"])  # 1000 and 2048 units per em
def test_characters_keep_their_widths_and_every_point(role: str, tmp_path: Path) -> None:
    own = own_font(tmp_path, role)
    subset = cut(own.hb_face, filter(Face("f", role, "F", tmp_path / "own.otf").covers, TEXT))
    font = read(subset)
    assert subset.glyphs
    for code, cid in subset.glyphs.items():
        pen = RecordingPen()
        own.hb_font.draw_glyph_with_pen(own.hb_font.get_nominal_glyph(code), pen)
        assert outline(font, cid) == (pen.value, own.advance(chr(code)))


def test_glyphs_are_found_by_their_numbers_and_not_by_names(tmp_path: Path) -> None:
    font = read(cut(own_font(tmp_path).hb_face, TEXT))
    assert font.ROS == ("Adobe", "Identity", 0)
    assert font.charset == [".notdef", *(f"cid{n:05}" for n in range(1, len(font.charset)))]
    assert len(font.FDArray) == 1


def test_a_font_of_which_nothing_is_used_has_its_first_glyph_only(tmp_path: Path) -> None:
    subset = cut(own_font(tmp_path).hb_face, "")
    assert subset.glyphs == {}
    assert len(read(subset).CharStrings) == 1


def test_the_same_characters_give_the_same_bytes(tmp_path: Path) -> None:
    own = own_font(tmp_path)
    assert cut(own.hb_face, "龙年").data == cut(own.hb_face, "年龙").data
