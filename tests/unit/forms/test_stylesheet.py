"""The form's look read from ``style.yaml``."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from reportgen.files import resource_folder
from reportgen.forms.stylesheet import Length, StyleFile, build_stylesheet
from reportgen.located import load_data
from reportgen.shapes import ShapeError
from reportgen.styles import StyleSheet, mm
from tests.builders import FORMS, shaped

SHIPPED: dict[str, Any] = load_data(resource_folder("templates") / "disclosure/2021/style.yaml")


def changed(*path: str, value: object) -> dict[str, Any]:
    data = copy.deepcopy(SHIPPED)
    node = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return data


def build(data: dict[str, Any] = SHIPPED) -> StyleSheet:
    return build_stylesheet(shaped(data, StyleFile))


@pytest.mark.parametrize(
    ("text", "points"), [("16pt", 16.0), ("10.5 pt", 10.5), ("25.4mm", 72.0), ("0pt", 0.0)]
)
def test_length_has_a_unit(text: str, points: float) -> None:
    assert Length.read(text) == pytest.approx(points)


@pytest.mark.parametrize("text", ["16", "16px", "", "1.2.3mm", "-5mm", "pt", "٣mm", "9999mm"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="37mm"):
        Length.read(text)


def test_page_of_the_shipped_forms_is_that_of_the_standard() -> None:
    for form in FORMS.values():
        page = form.sheet.page
        assert (page.width, page.height) == (mm(210), mm(297))
        assert (page.top, page.left) == (mm(37), mm(28))
        assert (page.text_width, page.text_height) == (mm(156), mm(225))
        assert (page.lines, page.characters) == (22, 28)
        assert page.right == pytest.approx(mm(26))
        assert page.bottom == pytest.approx(mm(35))


def test_grid_pitch_fills_the_type_area() -> None:
    sheet = build()
    body = sheet["body"]
    assert body.pitch * 28 == pytest.approx(sheet.page.text_width)
    assert body.line_pitch * 22 == pytest.approx(sheet.page.text_height)
    assert body.first_line == 2


def test_several_lines_of_the_grid_are_one_length() -> None:
    sheet = build(changed("styles", "title", "line_pitch", value="2.5grid"))
    assert sheet["title"].line_pitch == pytest.approx(2.5 * sheet.page.line_pitch)


def test_pitch_is_the_size_unless_stated() -> None:
    assert build()["caption"].pitch == 12.0


def test_style_carries_name_and_label() -> None:
    style = build()["heading1"]
    assert (style.name, style.label, style.face, style.outline_level) == (
        "heading1",
        "一级标题",
        "黑体",
        1,
    )


def test_unknown_style_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        build()["absent"]


NEW = (
    *("resolution", "long", "least_text", "legible_text", "most_pages"),
    *("least_scale", "least_requested", "photo_width"),
)


def test_what_becomes_of_photographs_and_long_pictures_need_not_be_said() -> None:
    """Style sheets of offices may be older than these entries."""
    figure = {name: value for name, value in SHIPPED["figure"].items() if name not in NEW}
    usual, shipped = build(changed("figure", value=figure)).figure, build().figure
    for name in NEW:
        assert getattr(usual, name) == pytest.approx(getattr(shipped, name), rel=0.02)
    assert (shipped.resolution, shipped.long, shipped.most_pages) == (220, 2.5, 6)
    assert (shipped.least_text, shipped.legible_text) == (mm(1.8), mm(1))
    assert (shipped.least_scale, shipped.least_requested, shipped.photo_width) == (0.7, 0.85, 0.48)


def style(name: str, **changes: object) -> dict[str, Any]:
    return changed("styles", name, value={**SHIPPED["styles"][name], **changes})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "这个文件缺少 page"),
        (changed("page", "width", value="21"), "page/width 应为 100pt 到 3000pt 的长度"),
        (changed("page", "lines", value="many"), "page/lines 应为 1 到 200 的整数，写的是“many”"),
        (changed("page", "lines", value=0), "page/lines"),
        (changed("page", "text_height", value="0.0001mm"), "page/text_height 应为 100pt"),
        (changed("page", "left", value="100mm"), "left 加 text_width 超过了 width"),
        (changed("page", "top", value="290mm"), "top 加 text_height 超过了 height"),
        (changed("page", "colour", value="红"), "page 没有 colour 这一项"),
        (changed("styles", value=["body"]), "styles 应写成“键: 值”的形式"),
        (changed("styles", "body", value="仿宋"), "styles/body 应写成“键: 值”的形式"),
        (changed("styles", 'a" w:b="', value=SHIPPED["styles"]["body"]), "小写英文字母"),
        (style("body", label='正文"/><w:x'), "styles/body/label 应为不带引号"),
        (style("list", label="正文"), "list 的 label 与 body 的相同"),
        (style("body", align="middle"), "styles/body/align 应为 justify、left"),
        (style("body", size="三号"), "styles/body/size 应为 1pt 到 500pt 的长度"),
        (style("body", size="0pt"), "styles/body/size"),
        (style("body", line_pitch="..grid"), "或者 grid、1.5grid，写的是“..grid”"),
        (style("body", line_pitch="0pt"), "body 的 line_pitch 应在 1pt 和版心的长宽之间"),
        (style("body", pitch="99grid"), "body 的 pitch 应在"),
        (style("body", face="不存在"), "styles/body 的 face 应为 小标宋、"),
        (style("body", first_line=float("nan")), "first_line 应为 0 到 20 的数，写的是“nan”"),
        (
            style("body", indent=20, right_indent=20),
            "body 的缩进超过了版心较短的一边：442.205pt（page 的 text_width）",
        ),
        (style("body", colour="red"), "styles/body/colour 应为六位十六进制的颜色"),
        (style("body", outline_level=99), "outline_level 应为 0 到 8 的整数"),
        (style("body", bold="是"), "bold 应为 true 或 false，写的是“是”"),
        (changed("table", value={}), "table 缺少 rule"),
        (changed("table", "rule", value="9" * 21 + "pt"), "table/rule 应为 0pt 到 100pt"),
        (changed("table", "shades", value={"header": '"/>'}), "table/shades/header 应为六位"),
        (changed("table", "shades", value={"foot": "FFFFFF"}), "caption、header"),
        (changed("finding", value={"error": "pink"}), "finding/error 应为六位"),
        (changed("figure", value=None), "figure 应写成“键: 值”的形式"),
        (changed("figure", "resolution", value=10), "figure/resolution 应为 72 到 1200 的数"),
        (changed("figure", "long", value=1), "figure/long 应为 1.5 到 100 的数"),
        (changed("figure", "least_text", value="1.8"), "figure/least_text 应为 0pt 到 100pt"),
        (changed("figure", "most_pages", value=0), "figure/most_pages 应为 1 到 50 的整数"),
    ],
)
def test_wrong_style_sheet_says_what_is_wrong(data: dict[str, Any], says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        build(data)
    assert says in str(caught.value)


@pytest.mark.parametrize("name", ["heading1", "cell_text", "watermark"])
def test_a_style_that_the_program_uses_cannot_be_left_out(name: str) -> None:
    styles = {key: value for key, value in SHIPPED["styles"].items() if key != name}
    with pytest.raises(ShapeError, match=f"styles 缺少程序用到的样式 {name}"):
        build(changed("styles", value=styles))
