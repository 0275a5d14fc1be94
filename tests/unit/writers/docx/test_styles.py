"""Tests of styles and the page grid in a DOCX."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from msgspec.structs import replace

from reportgen.writers.docx.geometry import word_names
from tests.unit.writers.docx.docx_sample import SHEET, brief, build, everything, style_of


@pytest.fixture(scope="module")
def data() -> bytes:
    return build(everything())


def test_every_style_of_the_sheet_is_a_word_style(data: bytes) -> None:
    names = {style.name for style in docx.Document(BytesIO(data)).styles}
    # python-docx shows built-in names with capitals
    assert {"Title", "Heading 1", "Heading 4", "Caption", "Footer", "Body Text"} <= names
    assert {"落款", "表头", "表格数据", "图片", "报告表格"} <= names


def test_nothing_but_the_sheet_and_the_technical_styles_is_there(data: bytes) -> None:
    technical = {"Picture", "Hyperlink", "ReportTable", "Normal", "DefaultParagraphFont"}
    ids = {style.style_id for style in docx.Document(BytesIO(data)).styles}
    assert ids == {word.id for word in word_names(SHEET).values()} | technical | {
        "TableNormal",
        "NoList",
    }


FONTS = (
    "rFonts{ascii=Times New Roman,eastAsia=仿宋_GB2312,hAnsi=Times New Roman,cs=Times New Roman}"
)


def test_body_text_differs_from_normal_by_its_indent_alone(data: bytes) -> None:
    assert style_of(data, "BodyText") == (
        "style{type=paragraph,styleId=BodyText}/(name{val=Body Text},basedOn{val=Normal},qFormat,"
        "pPr/ind{firstLineChars=200,firstLine=632})"
    )


@pytest.mark.parametrize("style", ["BodyText", "Heading3", "Heading4", "List", "ReportSignature"])
def test_text_in_the_type_of_the_body_follows_normal(data: bytes, style: str) -> None:
    assert "rPr" not in style_of(data, style)


def test_normal_is_the_body_without_its_indent(data: bytes) -> None:
    assert style_of(data, "Normal") == (
        "style{type=paragraph,default=1,styleId=Normal}/(name{val=Normal},qFormat,"
        "pPr/(widowControl,overflowPunct,autoSpaceDE,autoSpaceDN,"
        "spacing{before=0,after=0,line=579,lineRule=exact},jc{val=both}),"
        f"rPr/({FONTS},b{{val=0}},bCs{{val=0}},color{{val=auto}},spacing{{val=-4}},"
        "sz{val=32},szCs{val=32}))"
    )


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_headings_have_levels_for_the_navigation_pane_and_hold_on_to_what_follows(
    data: bytes, level: int
) -> None:
    found = style_of(data, f"Heading{level}")
    assert found.startswith(
        f"style{{type=paragraph,styleId=Heading{level}}}/(name{{val=heading {level}}},"
        "basedOn{val=Normal},next{val=BodyText},qFormat,pPr/(keepNext,keepLines,"
    )
    assert f"outlineLvl{{val={level - 1}}}" in found


def test_a_style_off_the_grid_is_not_drawn_to_it(data: bytes) -> None:
    assert style_of(data, "ReportCellValue").startswith(
        "style{type=paragraph,customStyle=1,styleId=ReportCellValue}/(name{val=表格数据},"
        "basedOn{val=Normal},qFormat,pPr/(snapToGrid{val=0},"
        "spacing{line=280,lineRule=exact},jc{val=center})"
    )


def test_the_title_takes_lines_of_the_grid_and_a_half(data: bytes) -> None:
    assert "line=868,lineRule=exact" in style_of(data, "Title")


def test_the_watermark_is_not_offered_to_the_clerk(data: bytes) -> None:
    found = style_of(data, "ReportWatermark")
    assert "semiHidden" in found
    assert "qFormat" not in found


def test_the_table_style_has_rules_on_all_sides_and_padding(data: bytes) -> None:
    rule = "{val=single,space=0,color=auto,sz=4}"
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    assert style_of(data, "ReportTable") == (
        "style{type=table,customStyle=1,styleId=ReportTable}/(name{val=报告表格},"
        "basedOn{val=TableNormal},qFormat,tblPr/("
        f"tblBorders/({','.join(side + rule for side in sides)}),"
        f"tblCellMar/({','.join(side + '{type=dxa,w=60}' for side in sides[:4])})))"
    )


def test_what_is_pasted_without_a_style_looks_like_the_body(data: bytes) -> None:
    defaults = docx.Document(BytesIO(data)).styles.element[0]
    assert brief(defaults) == (
        f"docDefaults/(rPrDefault/rPr/({FONTS},sz{{val=32}},szCs{{val=32}},"
        "lang{val=en-US,eastAsia=zh-CN,bidi=ar-SA}),pPrDefault)"
    )


def test_two_styles_with_one_label_keep_apart() -> None:
    twin = replace(SHEET["signature"], name="signature_2")
    sheet = replace(SHEET, styles={**SHEET.styles, "signature_2": twin})
    names = word_names(sheet)
    assert names["signature"].name == "落款"
    assert len({word.name for word in names.values()}) == len(sheet.styles)
    assert len({word.id for word in names.values()}) == len(sheet.styles)
