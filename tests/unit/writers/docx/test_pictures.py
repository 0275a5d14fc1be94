"""Tests of pictures in a DOCX: sizes, alternative texts, rows, and when files are read."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import docx
from docx.opc.packuri import PackURI
from msgspec.structs import replace

from reportgen.document.nodes import Block, FigureGroup
from reportgen.layout.items import Image
from reportgen.styles import emu
from reportgen.writers.docx.pictures import PicturePart
from tests.builders import paginate
from tests.unit.writers.docx.docx_sample import (
    FONTS,
    SHEET,
    body,
    body_of,
    build,
    document,
    figure,
    main_part,
    png,
    table,
)


def sizes_in(*blocks: Block) -> list[tuple[int, int]]:
    """Return the sizes of the pictures in the DOCX of *blocks*, in EMU."""
    shapes = docx.Document(BytesIO(build(document(*blocks)))).inline_shapes
    return [(shape.width, shape.height) for shape in shapes]


def kinds(*blocks: Block) -> list[str]:
    return [line.partition("/")[0] for line in body_of(*blocks)]


def test_a_picture_is_an_inline_drawing_kept_with_its_caption() -> None:
    picture, caption = body_of(FigureGroup((figure(400, 200, "图1"),)))
    uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    assert picture == (
        "p/(pPr/(pStyle{val=Picture},keepNext),"
        "r/drawing/wp:inline{distT=0,distB=0,distL=0,distR=0}/("
        "wp:extent{cx=3810000,cy=1905000},wp:docPr{id=1,name=图 1,descr=网站截图},"
        "wp:cNvGraphicFramePr/a:graphicFrameLocks{noChangeAspect=1},"
        f"a:graphic/a:graphicData{{uri={uri}}}/pic:pic/("
        "pic:nvPicPr/(pic:cNvPr{id=0,name=图 1},pic:cNvPicPr),"
        "pic:blipFill/(a:blip{r:embed=rId7},a:stretch/a:fillRect),"
        "pic:spPr/(a:xfrm/(a:off{x=0,y=0},a:ext{cx=3810000,cy=1905000}),"
        "a:prstGeom{prst=rect}))))"
    )
    assert caption == 'p/(pPr/pStyle{val=Caption},r/t"图1")'


def test_pictures_are_as_large_as_the_layout_made_them() -> None:
    text = body("字" * 28 * 5)
    wide = [figure(1280, 720, f"图{n}") for n in (1, 2)]
    blocks = text, FigureGroup((*wide, figure(300, 200)))
    images = [
        item
        for page in paginate(document(*blocks), FONTS).pages
        for item in page.items
        if isinstance(item, Image)
    ]
    assert any(image.width < SHEET.page.text_width - 1 for image in images[:2])
    assert sizes_in(*blocks) == [(emu(image.width), emu(image.height)) for image in images]


def test_upright_pictures_stand_side_by_side_and_wide_ones_do_not() -> None:
    upright, wide = figure(200, 300), figure(800, 300)
    group = FigureGroup((upright, replace(upright), wide, replace(wide)))
    assert kinds(group) == ["tbl", "p", "p"]
    assert body_of(group)[0].count("wp:inline") == 2


def test_rows_side_by_side_are_kept_apart() -> None:
    halves = [figure(800, 400, share=0.5) for _ in range(4)]
    assert kinds(table(), FigureGroup(tuple(halves))) == ["tbl", "p", "tbl", "p", "tbl", "p"]


def test_pictures_side_by_side_have_their_captions_below_them_and_no_rules() -> None:
    halves = figure(800, 400, "图1", share=0.5), figure(800, 600, "图2", share=0.5)
    frame, _ = body_of(FigureGroup(halves))
    assert frame.startswith("tbl/(tblPr/(tblW{w=8856,type=dxa},jc{val=center},")
    assert "tblStyle" not in frame
    captions = frame[frame.rindex("tr/") :]
    assert captions == (
        "tr/(trPr/cantSplit,"
        'tc/(tcPr/tcW{w=4428,type=dxa},p/(pPr/pStyle{val=Caption},r/t"图1")),'
        'tc/(tcPr/tcW{w=4428,type=dxa},p/(pPr/pStyle{val=Caption},r/t"图2"))))'
    )


def test_a_caption_beside_none_leaves_its_cell_empty() -> None:
    halves = figure(800, 400, "图1", share=0.5), figure(800, 400, share=0.5)
    assert "tcW{w=4428,type=dxa},p/pPr/pStyle{val=Picture}))" in body_of(FigureGroup(halves))[0]


def test_every_picture_has_its_text_and_a_number_of_its_own() -> None:
    first = figure(1280, 720, "图1", alt="首页“公开”\n栏目")
    root = main_part(FigureGroup((first, replace(first, caption=None))))
    uri = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    found = [dict(item.items()) for item in root.iter(f"{{{uri}}}docPr")]
    assert found == [
        {"id": str(number), "name": f"图 {number}", "descr": "首页“公开”\n栏目"}
        for number in (1, 2)
    ]


def test_equal_pictures_share_one_part() -> None:
    same, other = figure(64, 48), figure(64, 48, grey=9)
    group = FigureGroup((same, other, figure(64, 48)))
    with ZipFile(BytesIO(build(document(group)))) as package:
        assert sum(name.startswith("word/media/") for name in package.namelist()) == 2
    assert len(sizes_in(group)) == 3


class Counted:
    """A picture that counts how often it is read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.reads = data, 0

    def read(self) -> bytes:
        self.reads += 1
        return self.data

    def read_opaque(self) -> bytes:
        return self.read()


def test_a_picture_is_read_once_when_the_package_is_written() -> None:
    data = png(64, 48)
    source = Counted(data)
    build(document(FigureGroup((replace(figure(64, 48), picture=source),))))
    assert source.reads == 1


def test_a_part_keeps_none_of_the_bytes() -> None:
    source = Counted(png(64, 48))
    part = PicturePart(PackURI("/word/media/image1.png"), "png", source)
    assert source.reads == 0
    assert part.blob == part.blob == png(64, 48)
    assert source.reads == 2
    assert part.content_type == "image/png"


def test_parts_of_a_long_picture_have_one_caption_below_their_table() -> None:
    whole = figure(400, 3600, "长截图")
    parts = [
        replace(figure(400, 1200, share=1 / 3, grey=grey, alt=f"第 {grey} 部分"), is_part=True)
        for grey in (1, 2, 3)
    ]
    parts[2] = replace(parts[2], caption=whole.caption)
    frame, caption = body_of(FigureGroup((replace(whole, parts=tuple(parts)),)))
    assert frame.count("wp:inline{") == frame.count("vAlign{val=top}") == 3
    assert frame.count("keepNext") == 3
    assert caption == 'p/(pPr/pStyle{val=Caption},r/t"长截图")'
