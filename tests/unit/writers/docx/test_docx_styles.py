"""Styles, fonts and the page grid as Word receives them."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from msgspec.structs import replace

from reportgen.styles import mm, twips
from reportgen.writers.docx.names import word_names
from tests.unit.writers.docx.docx_sample import (
    FACES,
    SHEET,
    W,
    build,
    everything,
    heading,
    main_part,
    part,
    style_of,
)


@pytest.fixture(scope="module")
def data() -> bytes:
    return build(everything())


def test_every_style_of_the_sheet_is_a_word_style(data: bytes) -> None:
    names = {style.name for style in docx.Document(BytesIO(data)).styles}
    # python-docx shows built-in names with capitals
    assert {"Title", "Heading 1", "Heading 4", "Caption", "Footer", "Body Text"} <= names
    assert {"落款", "表头", "表格数据", "图片", "报告表格"} <= names


def test_headings_have_outline_levels_for_the_navigation_pane(data: bytes) -> None:
    for level in (1, 2, 3, 4):
        outline = style_of(data, f"Heading{level}").find(f"{W}pPr/{W}outlineLvl")
        assert outline is not None
        assert outline.get(f"{W}val") == str(level - 1)


def test_fonts_are_the_official_ones_by_name(data: bytes) -> None:
    fonts = style_of(data, "BodyText").find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert fonts.get(f"{W}eastAsia") == "仿宋_GB2312"
    assert fonts.get(f"{W}ascii") == fonts.get(f"{W}hAnsi") == "Times New Roman"


def test_font_table_lists_each_font_once_with_its_substitutes(data: bytes) -> None:
    fonts = part(data, "word/fontTable.xml").findall(f"{W}font")
    assert sorted(str(font.get(f"{W}name")) for font in fonts) == sorted(
        face.docx for face in FACES.values()
    )
    assert [child.tag.removeprefix(W) for child in fonts[0]] == [
        "altName",
        "panose1",
        "charset",
        "family",
        "pitch",
    ]


def test_normal_has_no_indent_and_body_text_has_two_characters(data: bytes) -> None:
    assert style_of(data, "Normal").find(f"{W}pPr/{W}ind") is None
    indent = style_of(data, "BodyText").find(f"{W}pPr/{W}ind")
    assert indent is not None
    assert indent.get(f"{W}firstLineChars") == "200"


def test_lines_are_as_high_as_the_style_says_whatever_the_font(data: bytes) -> None:
    def line(style_id: str) -> tuple[str | None, str | None]:
        spacing = style_of(data, style_id).find(f"{W}pPr/{W}spacing")
        assert spacing is not None
        return spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")

    assert line("BodyText") == ("579", "exact")
    assert line("Title") == ("868", "exact")
    assert line("ReportCellValue") == ("280", "exact")


def test_22_lines_fit_the_type_area() -> None:
    section = main_part().find(f".//{W}sectPr")
    assert section is not None
    size, margins, grid = (section.find(W + tag) for tag in ("pgSz", "pgMar", "docGrid"))
    assert size is not None
    assert margins is not None
    assert grid is not None
    used = int(margins.get(f"{W}top", 0)) + int(margins.get(f"{W}bottom", 0))
    height = int(size.get(f"{W}h", 0)) - used
    assert 22 * int(grid.get(f"{W}linePitch", 0)) <= height
    assert height == pytest.approx(twips(mm(225)), abs=1)


def test_28_characters_fit_a_line_and_26_after_an_indent_of_full_size(data: bytes) -> None:
    section = part(data, "word/document.xml").find(f".//{W}sectPr")
    assert section is not None
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert size is not None
    assert margins is not None
    sides = int(margins.get(f"{W}left", 0)) + int(margins.get(f"{W}right", 0))
    width = int(size.get(f"{W}w", 0)) - sides
    assert 28 * (320 - 4) <= width < 29 * (320 - 4)
    assert width >= 2 * 320 + 26 * (320 - 4)
    assert width == pytest.approx(twips(mm(156)), abs=twips(mm(0.25)))


def test_two_styles_with_one_label_keep_apart() -> None:
    twin = replace(SHEET["signature"], name="signature_2")
    sheet = replace(SHEET, styles={**SHEET.styles, "signature_2": twin})
    names = word_names(sheet)
    assert names["signature"].name == "落款"
    assert len({word.name for word in names.values()}) == len(sheet.styles)
    assert len({word.id for word in names.values()}) == len(sheet.styles)


def test_headings_hold_on_to_what_follows(data: bytes) -> None:
    for style_id in ("Title", "Heading1", "Heading2"):
        assert style_of(data, style_id).find(f"{W}pPr/{W}keepNext") is not None


def test_a_heading_is_a_bookmark() -> None:
    starts = main_part(heading(1, "一、总体"), heading(1, "二、其他")).findall(
        f".//{W}bookmarkStart"
    )
    assert [start.get(f"{W}name") for start in starts] == ["_s1_一", "_s1_二"]
    assert len({start.get(f"{W}id") for start in starts}) == 2
