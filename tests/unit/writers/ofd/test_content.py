"""Tests of graphic objects: text, positions, boundaries, layers, pictures."""

from __future__ import annotations

import io
import math

import pytest
import uharfbuzz
from msgspec.structs import replace

from reportgen.charts import Shape
from reportgen.document.nodes import FigureGroup, Paragraph
from reportgen.fonts import Face, FontSet
from reportgen.layout.items import (
    DrawnFigure,
    Fill,
    Image,
    Item,
    Page,
    Pagination,
    RuleLine,
    TextRun,
    TurnedText,
)
from reportgen.text import Run
from reportgen.writers.ofd import write_ofd
from tests.unit.writers.ofd.ofd_reading import (
    Element,
    OfdFile,
    Shown,
    find,
    numbers,
    points,
    shown_on,
)
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import HEIGHT, WIDTH

NODE = Paragraph("body", (Run("国"),))
SIZE = 16.0


def run(text: str, role: str = "仿宋", **more: object) -> TextRun:
    """Return *text* at (100, 200), each character 16 pt wide."""
    offsets = tuple(SIZE * place for place in range(len(text)))
    width = SIZE * len(text)
    return TextRun(100, 200, role, SIZE, text, offsets, width, NODE, **more)  # type: ignore[arg-type]


def file_of(*items: Item, fonts: FontSet | None = None) -> OfdFile:
    """Return a file with one page of *items*."""
    stream = io.BytesIO()
    page = Page(1, WIDTH, HEIGHT, items)
    made = pdf_sample.document((NODE,))
    write_ofd(made, Pagination((page,), ()), fonts or pdf_sample.fonts(), stream)
    return OfdFile(stream.getvalue())


def page_of(*items: Item) -> Element:
    (page,) = file_of(*items).pages()
    return page


def shown(*items: Item) -> list[Shown]:
    return shown_on(page_of(*items))


def test_characters_keep_their_offsets_and_errors_do_not_add_up() -> None:
    offsets = tuple(7.12345 * place for place in range(200))
    (line,) = shown(replace(run("国" * 200), offsets=offsets, width=200 * 7.12345))
    for (x, y), offset in zip(line.origins, offsets, strict=True):
        assert x == pytest.approx(100 + offset, abs=0.03)
        assert y == pytest.approx(200, abs=0.001)
    assert line.size == pytest.approx(SIZE, abs=0.001)


def test_a_run_that_does_not_begin_at_its_origin_is_in_its_place() -> None:
    (text,) = shown(replace(run("国家"), offsets=(3.0, 20.0), width=36.0))
    assert [x for x, _ in text.origins] == pytest.approx([103, 120], abs=0.001)


def test_a_run_without_text_is_nothing() -> None:
    assert shown(run("")) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("国家", ["国家"]),
        ("2024 年", ["2024 年"]),
        (" 1 ", [" ", "1 "]),
        ("  ", ["  "]),
        ("国𬭳家", ["国", "𬭳", "家"]),
        ("H₂ O", ["H", "₂", " ", "O"]),
    ],
)
def test_what_readers_count_differently_is_by_itself(text: str, parts: list[str]) -> None:
    role = "宋体" if "国" in text or "年" in text else "西文"
    found = shown(run(text, role))
    assert [part.text for part in found] == parts
    origins = [x for part in found for x, _ in part.origins]
    assert origins == pytest.approx([100 + SIZE * place for place in range(len(text))], abs=0.01)


def test_a_character_drawn_by_another_states_its_glyph() -> None:
    file = file_of(run("H₂2", "西文"))
    (page,) = file.pages()
    (font,) = file.resources("Font")
    program = uharfbuzz.Font(uharfbuzz.Face(file.package.read(font.attrib["file"])))
    (change,) = find(page, ".//CGTransform")
    assert dict(change.attrib) == {"CodePosition": "0", "CodeCount": "1", "GlyphCount": "1"}
    (glyph,) = find(change, "Glyphs")
    assert int(glyph.text or "") == program.get_nominal_glyph(ord("2"))


def test_every_other_character_is_in_the_character_map_of_its_font() -> None:
    document, pagination = pdf_sample.sample()
    stream = io.BytesIO()
    write_ofd(document, pagination, pdf_sample.fonts(), stream)
    file = OfdFile(stream.getvalue())
    programs = {
        font.attrib["ID"]: uharfbuzz.Font(uharfbuzz.Face(file.package.read(font.attrib["file"])))
        for font in file.resources("Font")
    }
    found = [text for page in file.pages() for text in shown_on(page)]
    assert len(found) > 50
    for text in found:
        if not find(text.element, "CGTransform"):
            assert all(programs[text.font].get_nominal_glyph(ord(char)) for char in text.text)


def test_a_character_without_glyph_is_shown_as_notdef() -> None:
    (text,) = shown(run("✓", "西文"))
    (glyph,) = find(text.element, "CGTransform/Glyphs")
    assert (text.text, glyph.text) == ("✓", "0")


def test_a_private_character_is_read_as_unknown() -> None:
    assert [text.text for text in shown(run("国\ue001", "宋体"))] == ["国", "\ufffd"]


def ink_of(face: Face, char: str, size: float) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the outline of *char* about its origin."""
    font = uharfbuzz.Font(face.hb_face)
    glyph = font.get_nominal_glyph(ord(char))
    box, unit = font.get_glyph_extents(glyph), size / face.upem
    left, top = box.x_bearing * unit, -box.y_bearing * unit
    return left, top, left + box.width * unit, top - box.height * unit


@pytest.mark.parametrize("role", ["仿宋", "宋体", "黑体", "楷体", "小标宋"])
@pytest.mark.parametrize("shear", [0.0, 0.2])
def test_a_boundary_contains_the_outlines(role: str, shear: float) -> None:
    text = "国（）“”、—j"
    face = pdf_sample.fonts().face(role)
    text = "".join(char for char in text if face.covers(char))
    (found,) = shown(run(text, role, shear=shear))
    left, top, width, height = points(found.element.attrib["Boundary"])
    for char, (x, y) in zip(found.text, found.origins, strict=True):
        ink = ink_of(face, char, SIZE)
        leaning = [x + across - shear * down for across in ink[::2] for down in ink[1::2]]
        assert min(leaning) >= left - 0.01
        assert max(leaning) <= left + width + 0.01
        assert y + ink[1] >= top - 0.01
        assert y + ink[3] <= top + height + 0.01


def test_an_emphasised_run_leans_to_the_right() -> None:
    (text,) = shown(run("国家", shear=0.2))
    assert numbers(text.element.attrib["CTM"])[:4] == [1, 0, -0.2, 1]  # y points downwards
    assert [x for x, _ in text.origins] == pytest.approx([100, 116], abs=0.001)


def test_an_imitated_bold_face_is_stroked_as_well() -> None:
    (text,) = shown(run("国家", stroke=0.4, colour="C00000"))
    attributes = text.element.attrib
    assert attributes["Stroke"] == "true"
    assert points(attributes["LineWidth"]) == pytest.approx([0.4], abs=0.001)
    for name in ("FillColor", "StrokeColor"):
        (painted,) = find(text.element, name)
        assert painted.attrib["Value"] == "192 0 0"


def test_turned_text_turns_counter_clockwise() -> None:
    turned = TurnedText(300, 400, 45, replace(run("草稿"), x=-16.0, y=6.0))
    (text,) = shown(turned)
    half = math.sqrt(0.5)
    start = 300 + (-16 + 6) * half, 400 - (-16 - 6) * half
    ends = [start, (start[0] + SIZE * half, start[1] - SIZE * half)]
    for found, wanted in zip(text.origins, ends, strict=True):
        assert found == pytest.approx(wanted, abs=0.01)
    left, top, width, height = points(text.element.attrib["Boundary"])
    assert all(left < x < left + width and top < y < top + height for x, y in text.origins)


def test_a_click_on_linked_text_opens_the_address() -> None:
    address = "https://www.fy.gov.cn/公开?a=1"
    first, second = shown(run("门户", link=address), run("专栏"))
    (target,) = find(first.element, "Actions/Action/URI")
    assert target.attrib["URI"] == "https://www.fy.gov.cn/%E5%85%AC%E5%BC%80?a=1"
    (action,) = find(first.element, "Actions/Action")
    assert action.attrib["Event"] == "CLICK"
    assert find(second.element, "Actions") == []


def _path(element: Element) -> list[tuple[float, float]]:
    """Return the points of the path *element* on the page."""
    left, top, _, _ = points(element.attrib["Boundary"])
    (data,) = find(element, "AbbreviatedData")
    words = [float(word) for word in (data.text or "").split() if word not in "MLC"]
    flat = [word * 72 / 25.4 for word in words]
    return [(left + x, top + y) for x, y in zip(flat[::2], flat[1::2], strict=True)]


def test_a_rule_is_a_stroked_line_inside_its_boundary() -> None:
    (line,) = find(page_of(RuleLine(90, 300, 400, 300, 0.5, "336699")), ".//PathObject")
    assert _path(line) == [pytest.approx((90, 300), abs=0.01), pytest.approx((400, 300), abs=0.01)]
    assert points(line.attrib["LineWidth"]) == pytest.approx([0.5], abs=0.001)
    _, top, _, height = points(line.attrib["Boundary"])
    assert (top, top + height) == pytest.approx((299.75, 300.25), abs=0.01)
    (stroke,) = find(line, "StrokeColor")
    assert stroke.attrib["Value"] == "51 102 153"


def test_a_rule_from_right_to_left_has_the_same_boundary() -> None:
    there, back = (
        find(page_of(rule), ".//PathObject")[0].attrib["Boundary"]
        for rule in (RuleLine(90, 310, 400, 300, 0.5), RuleLine(400, 300, 90, 310, 0.5))
    )
    assert there == back


def test_a_fill_is_filled_and_not_stroked() -> None:
    (area,) = find(page_of(Fill(90, 300, 50, 20, "E8EEF4")), ".//PathObject")
    assert (area.attrib["Fill"], area.attrib["Stroke"]) == ("true", "false")
    corners = [(90, 300), (140, 300), (140, 320), (90, 320)]
    assert _path(area) == [pytest.approx(corner, abs=0.01) for corner in corners]


def test_a_chart_is_its_shapes_and_its_labels_in_their_place() -> None:
    figure = pdf_sample.figure(pdf_sample.png(), "柱形图")
    bar = Shape(((110.0, 300.0), (130.0, 300.0), (130.0, 260.0)), fill="1F4E79")
    axis = Shape(((100.0, 300.0), (200.0, 300.0)), closed=False, stroke="000000", width=0.5)
    chart = DrawnFigure(90, 250, 120, 60, figure, (bar, axis), (run("国家"),))
    page = page_of(chart)
    filled, stroked = find(page, ".//PathObject")
    assert (filled.attrib["Fill"], filled.attrib["Stroke"]) == ("true", "false")
    assert _path(filled) == [pytest.approx(point, abs=0.01) for point in bar.points]
    assert "Fill" not in stroked.attrib
    assert _path(stroked) == [pytest.approx(point, abs=0.01) for point in axis.points]
    assert [text.text for text in shown_on(page)] == ["国家"]


def test_a_picture_fills_its_boundary_and_has_its_text() -> None:
    figure = pdf_sample.figure(pdf_sample.png(), "门户网站截图")
    file = file_of(Image(100, 200, 120, 80, figure), Image(100, 300, 60, 40, figure))
    (page,) = file.pages()
    first, second = find(page, ".//ImageObject")
    assert points(first.attrib["Boundary"]) == pytest.approx([100, 200, 120, 80], abs=0.01)
    a, b, c, d, e, f = numbers(first.attrib["CTM"])
    assert (a, d) == pytest.approx((120 / 72 * 25.4, 80 / 72 * 25.4), abs=0.001)
    assert (b, c, e, f) == (0, 0, 0, 0)
    assert first.attrib["Name"] == "门户网站截图"
    # Equal pictures are one resource.
    assert first.attrib["ResourceID"] == second.attrib["ResourceID"]
    (media,) = file.resources("MultiMedia")
    assert file.package.read(media.attrib["file"]) == pdf_sample.png()


def test_watermark_and_page_number_are_in_layers_below_and_above_the_text() -> None:
    below = TurnedText(300, 400, 45, replace(run("草稿"), node=None, artifact="watermark"))
    above = replace(run("1"), node=None, artifact="footer", face="宋体")
    page = page_of(below, Fill(0, 0, 9, 9, "FFFFFF"), run("国"), above)
    layers = [layer.attrib["Type"] for layer in find(page, "Content/Layer")]
    assert layers == ["Background", "Body", "Foreground"]


def test_groups_of_pictures_are_written_in_their_kinds() -> None:
    document, _ = pdf_sample.sample()
    (group,) = (block for block in document.blocks if isinstance(block, FigureGroup))
    images = [Image(0, 100 * n, 80, 60, figure) for n, figure in enumerate(group.figures)]
    media = list(file_of(*images).resources("MultiMedia"))
    assert [item.attrib["Format"] for item in media] == ["PNG", "JPEG", "PNG", "PNG"]
