"""Tests of the resources: font subsets and pictures."""

from __future__ import annotations

from itertools import count

import pytest
import uharfbuzz

from reportgen.layout.items import Image, Page, Pagination
from reportgen.writers.ofd.resources import collect
from tests.unit.writers.ofd.ofd_reading import find
from tests.unit.writers.ofd.test_content import run
from tests.unit.writers.pdf import pdf_sample

FONTS = pdf_sample.fonts()


def pages(*items: object) -> Pagination:
    return Pagination((Page(1, 595, 842, items),), ())  # type: ignore[arg-type]


def test_a_font_has_only_the_glyphs_of_its_characters() -> None:
    found = collect(pages(run("国家"), run("国务")), FONTS, count(2)).fonts["仿宋"]
    face = uharfbuzz.Face(found.subset.data)
    assert sorted(map(chr, face.unicodes)) == sorted("国家务")
    assert face.glyph_count == 4  # with .notdef


def test_a_font_is_described_by_its_own_facts() -> None:
    resources = collect(
        pages(run("国", "黑体"), run("国", "小标宋"), run("1", "西文")), FONTS, count(2)
    )
    fonts = {font.get("FamilyName"): font for font in find(resources.public(), "Fonts/Font")}
    heading = fonts[FONTS.face("小标宋").family]
    assert heading.get("Bold") == "true"
    assert fonts[FONTS.face("西文").family].get("Serif") == "true"
    assert "Serif" not in fonts[FONTS.face("黑体").family].attrib
    tag, plus, name = (heading.get("FontName") or "").partition("+")
    assert (len(tag), plus) == (6, "+")
    assert name.isascii()


def test_equal_characters_of_a_face_give_an_equal_font() -> None:
    first, second = (
        collect(pages(run(text)), FONTS, count(2)).fonts["仿宋"].subset for text in ("国家", "家国")
    )
    assert first.data == second.data


@pytest.mark.parametrize(
    ("char", "states"), [("国", False), ("₂", True), ("2", False), ("\ue001", True)]
)
def test_a_glyph_is_stated_only_where_readers_would_find_another(char: str, states: bool) -> None:
    face = FONTS.face_for("西文", char) or FONTS.face("西文")
    fonts = collect(pages(run(char, face.id)), FONTS, count(2)).fonts
    assert (fonts[face.id].glyph_of(char) is not None) == states


def test_fonts_and_pictures_have_files_of_their_own() -> None:
    figures = [pdf_sample.figure(data, "图") for data in (pdf_sample.png(), pdf_sample.jpeg())]
    images = [Image(0, 0, 10, 10, figure) for figure in (*figures, figures[0])]
    resources = collect(pages(run("国"), run("1", "西文"), *images), FONTS, count(2))
    files = dict(resources.files())
    assert list(files) == [
        "Res/font_2.ttf",
        "Res/font_3.ttf",
        "Res/image_4.png",
        "Res/image_5.jpeg",
    ]
    assert files["Res/image_4.png"] == pdf_sample.png()
    assert files["Res/image_5.jpeg"] == pdf_sample.jpeg()
