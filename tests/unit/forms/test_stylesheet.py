"""The form's look read from ``style.yaml``."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from reportgen.files import resource_folder
from reportgen.forms.grid import TemplateError
from reportgen.forms.stylesheet import build_stylesheet, parse_length
from reportgen.located import load_data
from reportgen.styles import mm
from tests.builders import FORMS

SHIPPED: dict[str, Any] = load_data(resource_folder("templates") / "disclosure/2021/style.yaml")


def changed(*path: str, value: object) -> dict[str, Any]:
    data = copy.deepcopy(SHIPPED)
    node = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("text", "points"), [("16pt", 16.0), ("10.5 pt", 10.5), ("25.4mm", 72.0), ("0pt", 0.0)]
)
def test_length_has_a_unit(text: str, points: float) -> None:
    assert parse_length(text) == pytest.approx(points)


@pytest.mark.parametrize("text", ["16", "16px", "", "1.2.3mm", "-5mm", "pt", None, "٣mm"])
def test_what_is_no_length_is_refused(text: object) -> None:
    with pytest.raises(TemplateError, match="37mm"):
        parse_length(text)


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
    sheet = build_stylesheet(SHIPPED)
    body = sheet["body"]
    assert body.pitch * 28 == pytest.approx(sheet.page.text_width)
    assert body.line_pitch * 22 == pytest.approx(sheet.page.text_height)
    assert body.first_line == 2


def test_several_lines_of_the_grid_are_one_length() -> None:
    sheet = build_stylesheet(changed("styles", "title", "line_pitch", value="2.5grid"))
    assert sheet["title"].line_pitch == pytest.approx(2.5 * sheet.page.line_pitch)


def test_pitch_is_the_size_unless_stated() -> None:
    assert build_stylesheet(SHIPPED)["caption"].pitch == 12.0


def test_style_carries_name_and_label() -> None:
    style = build_stylesheet(SHIPPED)["heading1"]
    assert (style.name, style.label, style.face, style.outline_level) == (
        "heading1",
        "一级标题",
        "黑体",
        1,
    )


def test_unknown_style_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        build_stylesheet(SHIPPED)["absent"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "page"),
        (changed("page", "width", value="21"), "37mm"),
        (changed("page", "lines", value="many"), "style.yaml"),
        (changed("page", "lines", value=0), "style.yaml"),
        (changed("styles", value=["body"]), "style.yaml"),
        (changed("styles", "body", value="仿宋"), "style.yaml"),
        (changed("styles", "body", "align", value="middle"), "align"),
        (changed("styles", "body", "size", value="三号"), "37mm"),
        (changed("styles", "body", "line_pitch", value="..grid"), "style.yaml"),
        (changed("table", value={}), "rule"),
        (changed("figure", value=None), "style.yaml"),
    ],
)
def test_wrong_style_sheet_says_what_is_wrong(data: dict[str, Any], says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        build_stylesheet(data)
