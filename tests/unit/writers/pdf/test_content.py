"""Tests of content streams: text, positions, artifacts, pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from PIL import Image as Pillow

from reportgen.document.nodes import FigureGroup, Paragraph
from reportgen.fonts.files import cut
from reportgen.layout.items import Fill, Image, Item, Page, Pagination, TextRun
from reportgen.pictures.formats import make_png, parse_png
from reportgen.text import Run
from reportgen.writers.pdf import write_pdf
from reportgen.writers.pdf.content import show
from reportgen.writers.pdf.fonts import FontBook
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import HEIGHT, LEFT, PITCH, SIZE, jpeg, png


@pytest.fixture(scope="module")
def data() -> bytes:
    return pdf_sample.written()


@pytest.fixture(scope="module")
def pages(data: bytes) -> Iterator[list[Any]]:
    with pdfplumber.open(io.BytesIO(data)) as opened:
        yield opened.pages


def _one_line(*runs: Item, node: Paragraph) -> bytes:
    page = Page(1, pdf_sample.WIDTH, HEIGHT, runs)
    buffer = io.BytesIO()
    made = pdf_sample.document((node,))
    write_pdf(made, Pagination((page,), ()), pdf_sample.fonts(), buffer)
    return buffer.getvalue()


def _text_of(data: bytes, page: int = 0) -> str:
    with pypdfium2.PdfDocument(data) as opened:
        shown = opened[page].get_textpage().get_text_range()
    return str(shown).replace("\r\n", "")  # it guesses line ends where faces change


def test_text_extracts_as_typed_rare_characters_included(data: bytes) -> None:
    assert "全年受理申请3件，同比增长12.5%，面积𬭳昇〇㎡。" in _text_of(data)


def test_text_extracts_in_reading_order(data: bytes) -> None:
    shown = _text_of(data, 3)
    places = [shown.index(word) for word in ("二、", "详见", "门户", "专栏", "应急", "26日")]
    assert places == sorted(places)


def test_spaces_stay_characters(data: bytes) -> None:
    assert "— 1 —" in _text_of(data)


def test_every_character_of_a_line_sits_at_its_offset(pages: list[Any]) -> None:
    chars = [char for char in pages[1].chars if char["size"] == SIZE][:20]
    assert len(chars) == 20
    for index, char in enumerate(chars):
        assert char["x0"] == pytest.approx(LEFT + index * PITCH, abs=0.0005 * SIZE + 0.001)


def test_errors_do_not_add_up_along_a_line() -> None:
    node = Paragraph("body", (Run("国" * 200),))
    pitch = 7.12345
    offsets = tuple(index * pitch for index in range(200))
    run = TextRun(10, 100, "仿宋", 7.1, "国" * 200, offsets, 200 * pitch, node)
    with pdfplumber.open(io.BytesIO(_one_line(run, node=node))) as opened:
        chars = opened.pages[0].chars
    assert chars[-1]["x0"] == pytest.approx(10 + offsets[-1], abs=0.005)


def test_a_character_out_of_step_is_moved_alone() -> None:
    node = Paragraph("body", (Run("国" * 20),))
    offsets = tuple(index * 16.5 - (5.0 if index >= 7 else 0.0) for index in range(20))
    run = TextRun(10, 100, "仿宋", 16, "国" * 20, offsets, 330, node)
    data = _one_line(run, node=node)
    with pdfplumber.open(io.BytesIO(data)) as opened:
        found = [char["x0"] for char in opened.pages[0].chars]
    assert found == pytest.approx([10 + offset for offset in offsets], abs=0.008)


def test_an_even_line_is_one_string() -> None:
    node = Paragraph("body", (Run("国" * 20),))
    offsets = tuple(index * 15.79 for index in range(20))
    run = TextRun(10, 100, "仿宋", 16, "国" * 20, offsets, 316, node)
    font = FontBook(pdf_sample.fonts()).use("仿宋")
    assert show(font, run) == (-0.21, [b"\0\1" * 20])


def test_spacing_ends_with_the_run_it_was_for() -> None:
    node = Paragraph("body", (Run("国家文书"),))
    wide = TextRun(10, 100, "仿宋", 16, "国家", (0.0, 20.0), 40, node)
    close = TextRun(10, 130, "仿宋", 16, "文书", (0.0, 16.0), 32, node)
    with pdfplumber.open(io.BytesIO(_one_line(wide, close, node=node))) as opened:
        found = [char["x0"] for char in opened.pages[0].chars]
    assert found == pytest.approx([10, 30, 10, 26], abs=0.008)


def test_a_colour_taken_by_a_fill_is_set_again_for_text() -> None:
    node = Paragraph("body", (Run("国国"),))
    first = TextRun(10, 100, "仿宋", 16, "国", (0.0,), 16, node)
    second = TextRun(10, 130, "仿宋", 16, "国", (0.0,), 16, node)
    with pdfplumber.open(
        io.BytesIO(_one_line(first, Fill(10, 110, 30, 30, "E8EEF4"), second, node=node))
    ) as opened:
        assert [char["non_stroking_color"] for char in opened.pages[0].chars] == [(0,), (0,)]


def test_base_lines_are_measured_from_the_upper_edge() -> None:
    node = Paragraph("body", (Run("国"),))
    run = TextRun(10, 100, "仿宋", 16, "国", (0.0,), 16, node)
    with pdfplumber.open(io.BytesIO(_one_line(run, node=node))) as opened:
        assert opened.pages[0].chars[0]["matrix"][4:] == (10, pytest.approx(HEIGHT - 100))


def test_two_characters_that_share_a_glyph_extract_apart() -> None:
    fonts = pdf_sample.fonts()
    face = fonts.face("仿宋")
    twins = "\u00b7\u30fb"  # middle dots, Latin and Katakana
    cut_down = cut(face.hb_face, twins)
    assert cut_down.glyphs[ord(twins[0])] == cut_down.glyphs[ord(twins[1])]
    node = Paragraph("body", (Run(twins),))
    run = TextRun(10, 100, face.id, 16, twins, (0.0, 12.0), 24, node)
    assert twins in _text_of(_one_line(run, node=node))


def test_a_draft_may_hold_a_character_no_face_has() -> None:
    node = Paragraph("body", (Run("a\U0010fffdb"),))
    run = TextRun(10, 100, "西文", 16, "a\U0010fffdb", (0.0, 10.0, 20.0), 30, node)
    shown = _text_of(_one_line(run, node=node))
    assert (shown[0], shown[-1]) == ("a", "b")


def test_a_slanted_run_is_sheared_and_a_bold_one_stroked(pages: list[Any]) -> None:
    bold = next(char for char in pages[3].chars if char["text"] == "专")
    assert bold["matrix"][2] == pytest.approx(0.2)
    plain = next(char for char in pages[3].chars if char["text"] == "详")
    assert plain["matrix"][2] == 0


def test_the_watermark_is_turned_about_its_middle(pages: list[Any]) -> None:
    one, two = (char for char in pages[0].chars if char["size"] > 100)
    cos, sin = one["matrix"][:2]
    assert cos == pytest.approx(0.70711, abs=1e-4)
    assert sin == pytest.approx(0.70711, abs=1e-4)
    middle = (one["x0"] + two["x1"]) / 2
    assert middle == pytest.approx(pdf_sample.WIDTH / 2, abs=3)


def test_content_is_tagged_and_decoration_is_not(pages: list[Any]) -> None:
    foot = [char for char in pages[0].chars if char["size"] == 14]
    mark = [char for char in pages[0].chars if char["size"] > 100]
    body = [char for char in pages[0].chars if char["size"] == SIZE]
    assert {char["tag"] for char in foot + mark} == {"Artifact"}
    assert {char["tag"] for char in body} == {"H1", "H2", "H3", "P"}
    assert all(char["mcid"] is not None for char in body)
    assert all(char["mcid"] is None for char in foot + mark)


def test_a_repeated_head_is_an_artifact(pages: list[Any]) -> None:
    heads = [char for char in pages[2].chars if char["text"] == "申"]
    assert [char["tag"] for char in heads] == ["Artifact"]
    assert [char["tag"] for char in pages[1].chars if char["text"] == "申"] == ["TH"]


def test_a_node_that_is_not_in_the_document_is_refused() -> None:
    stranger = Paragraph("body", (Run("国"),))
    run = TextRun(10, 100, "仿宋", 16, "国", (0.0,), 16, stranger)
    with pytest.raises(KeyError):
        _one_line(run, node=Paragraph("body", (Run("国"),)))


def _idat(data: bytes) -> bytes:
    at = data.index(b"IDAT")
    return data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]


def _shown(*pictures: bytes) -> bytes:
    figures = tuple(pdf_sample.figure(data, "图") for data in pictures)
    items = tuple(Image(100, 100 * n, 60, 40, figure) for n, figure in enumerate(figures, 1))
    page = Page(1, pdf_sample.WIDTH, pdf_sample.HEIGHT, items)
    buffer = io.BytesIO()
    made = pdf_sample.document((FigureGroup(figures),))
    write_pdf(made, Pagination((page,), ()), pdf_sample.fonts(), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("colour", "bits"), [(0, 1), (0, 8), (2, 8), (3, 1), (3, 2), (3, 4), (3, 8)]
)
def test_png_data_passes_untouched(colour: int, bits: int) -> None:
    data = png(5, 3, colour, bits)
    assert _idat(data) in _shown(data)


def test_jpeg_data_passes_untouched() -> None:
    for mode in ("RGB", "L"):
        data = jpeg(mode)
        assert data in _shown(data)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_pictures_look_the_same_on_the_page(mode: str) -> None:
    picture = Pillow.radial_gradient("L").resize((60, 40)).convert("RGB").convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    with pypdfium2.PdfDocument(_shown(buffer.getvalue())) as opened:
        page = opened[0].render(scale=4).to_pil().convert("L")
    for x, y in ((4, 4), (30, 20), (55, 35)):
        left, top = int((100 + x + 0.5) * 4), int((100 + y + 0.5) * 4)
        expected = picture.convert("L").getpixel((x, y))
        assert page.getpixel((left, top)) == pytest.approx(expected, abs=3)


def test_equal_pictures_are_stored_once() -> None:
    data = png(50, 40)
    assert _shown(data, data, data).count(_idat(data)) == 1


def test_the_data_of_several_chunks_are_joined() -> None:
    data = png(50, 40)
    pixels = _idat(data)
    header = next(body for name, body in parse_png(data).chunks if name == b"IHDR")
    halves = ((b"IDAT", pixels[:9]), (b"IDAT", pixels[9:]))
    assert pixels in _shown(make_png(((b"IHDR", header), *halves, (b"IEND", b""))))


def test_the_size_of_a_jpeg_stands_behind_other_segments() -> None:
    plain = jpeg(size=(16, 8))
    comment = b"\xff\xfe\x00\x06note"
    with pypdfium2.PdfDocument(_shown(plain[:2] + comment + b"\xff" + plain[2:])) as opened:
        (picture,) = opened[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        assert picture.get_px_size() == (16, 8)
