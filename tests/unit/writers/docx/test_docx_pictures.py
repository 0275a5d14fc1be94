"""Sizes of pictures, their alt text, and who stands beside whom."""

from __future__ import annotations

from dataclasses import replace

import pytest
from docx_sample import SHEET, W, figure, main_part

from reportgen.doctree.nodes import FigureGroup
from reportgen.units import emu
from reportgen.writers.docx.pictures import picture_rows, picture_size

WIDTH = SHEET.page.text_width
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def test_a_large_picture_fills_the_type_area() -> None:
    assert picture_size(figure(1280, 720), SHEET) == pytest.approx((WIDTH, WIDTH * 720 / 1280))


def test_a_small_picture_keeps_its_size_at_96_dpi() -> None:
    assert picture_size(figure(400, 200), SHEET) == pytest.approx((300, 150))


def test_a_wanted_share_is_a_share_of_the_type_area() -> None:
    assert picture_size(figure(1280, 640, share=0.5), SHEET) == pytest.approx(
        (WIDTH / 2, WIDTH / 4)
    )


@pytest.mark.parametrize("share", [None, 1.0])
def test_no_picture_is_taller_than_allowed(share: float | None) -> None:
    width, height = picture_size(figure(100, 2000, share=share), SHEET)
    assert height <= SHEET.figure.max_height + 0.001
    assert height / width == pytest.approx(20)


def test_halves_stand_side_by_side_with_a_gap() -> None:
    group = FigureGroup((figure(800, 400, share=0.5), figure(800, 400, share=0.5)))
    (row,) = picture_rows(group, SHEET)
    assert sum(placed.width for placed in row) == pytest.approx(WIDTH - SHEET.figure.gap)


def test_upright_pictures_stand_side_by_side_and_wide_ones_do_not() -> None:
    upright, wide = figure(200, 600), figure(1280, 720)
    rows = picture_rows(FigureGroup((upright, upright, wide, wide)), SHEET)
    assert [len(row) for row in rows] == [2, 1, 1]


def test_pictures_side_by_side_have_their_captions_below_them() -> None:
    halves = figure(800, 400, "图1", share=0.5), figure(800, 600, "图2", share=0.5)
    frame = main_part(FigureGroup(halves)).find(f".//{W}tbl")
    assert frame is not None
    pictures, captions = frame.findall(f"{W}tr")
    assert len(list(pictures.iter(f"{WP}inline"))) == 2
    assert [node.text for node in captions.iter(f"{W}t")] == ["图1", "图2"]
    assert not list(frame.iter(f"{W}tblStyle", f"{W}tblBorders"))


def test_every_picture_has_its_text_and_a_number_of_its_own() -> None:
    first = figure(1280, 720, "图1", alt="首页“公开”\n栏目")
    found = main_part(FigureGroup((first, replace(first, caption=None)))).findall(f".//{WP}docPr")
    assert [item.get("id") for item in found] == ["1", "2"]
    assert {item.get("descr") for item in found} == {"首页“公开”\n栏目"}


def test_a_picture_stays_with_its_caption() -> None:
    paragraphs = main_part(FigureGroup((figure(1280, 720, "图1"),))).findall(f".//{W}p")
    assert paragraphs[0].find(f"{W}pPr/{W}keepNext") is not None
    assert paragraphs[1].find(f"{W}pPr/{W}keepNext") is None


def test_the_picture_is_written_in_its_size() -> None:
    extent = main_part(FigureGroup((figure(400, 200),))).find(f".//{WP}extent")
    assert extent is not None
    assert (extent.get("cx"), extent.get("cy")) == (str(emu(300)), str(emu(150)))
