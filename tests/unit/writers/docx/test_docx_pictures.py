"""Sizes of pictures, their alt text, and who stands beside whom."""

from __future__ import annotations

from msgspec.structs import replace

from reportgen.document.nodes import Document, FigureGroup
from reportgen.layout.items import Image
from reportgen.styles import emu
from tests.builders import paginate
from tests.unit.writers.docx.docx_sample import (
    FONTS,
    SHEET,
    W,
    body,
    build,
    document,
    figure,
    main_part,
    part,
    table,
)

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def sizes_in(document: Document) -> list[tuple[str | None, str | None]]:
    """Return the sizes of the pictures in the DOCX of *document*."""
    body = part(build(document), "word/document.xml")
    return [(extent.get("cx"), extent.get("cy")) for extent in body.findall(f".//{WP}extent")]


def test_pictures_are_as_large_as_the_layout_made_them() -> None:
    text = body("字" * 28 * 5)
    wide = [figure(1280, 720, f"图{n}") for n in (1, 2)]
    source = document(text, FigureGroup((*wide, figure(300, 200))))
    images = [
        item
        for page in paginate(source, FONTS).pages
        for item in page.items
        if isinstance(item, Image)
    ]
    assert any(image.width < SHEET.page.text_width - 1 for image in images[:2])
    assert sizes_in(source) == [(str(emu(i.width)), str(emu(i.height))) for i in images]


def test_upright_pictures_stand_side_by_side_and_wide_ones_do_not() -> None:
    upright, wide = figure(200, 300), figure(800, 300)
    group = FigureGroup((upright, replace(upright), wide, replace(wide)))
    frames = main_part(group).findall(f".//{W}tbl")
    assert [len(list(frame.iter(f"{WP}inline"))) for frame in frames] == [2]


def test_rows_side_by_side_are_kept_apart() -> None:
    halves = [figure(800, 400, share=0.5) for _ in range(4)]
    blocks = main_part(table(), FigureGroup(tuple(halves))).find(f"{W}body")
    assert blocks is not None
    tags = [block.tag.removeprefix(W) for block in blocks]
    assert tags == ["tbl", "p", "tbl", "p", "tbl", "p", "sectPr"]


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
