"""Elements that python-docx has no properties for."""

from __future__ import annotations

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from reportgen.writers.docx.elements import add_paragraph, add_run, add_text, clean


def paragraph() -> etree._Element:
    element: etree._Element = OxmlElement("w:p")
    return element


def names(element: etree._Element) -> list[str]:
    return [etree.QName(child).localname for child in element]


def test_a_paragraph_names_its_style() -> None:
    made, properties = add_paragraph(OxmlElement("w:body"), "BodyText")
    assert names(made) == ["pPr"]
    assert properties[0].get(qn("w:val")) == "BodyText"


def test_a_plain_run_has_no_properties() -> None:
    made = paragraph()
    add_run(made, "收到申请3件")
    assert names(made[0]) == ["t"]
    assert made[0][0].text == "收到申请3件"


@pytest.mark.parametrize("mark", "“”…—·")
def test_marks_that_western_fonts_have_as_well_are_set_in_the_chinese_font(mark: str) -> None:
    made = paragraph()
    add_run(made, f"所谓{mark}")
    assert made[0][0][0].get(qn("w:hint")) == "eastAsia"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("乌兰·巴特尔", [("·", "仿宋")]),
        ("A“甲”5G”网", [("“", "仿宋"), ("”", "仿宋")]),
        ("甲、⅓", [("⅓", "Times New Roman")]),
        ("“甲”——乙", []),
    ],
)
def test_fonts_are_named_where_libreoffice_takes_those_of_the_other_script(
    text: str, parts: list[tuple[str, str]]
) -> None:
    made = paragraph()
    add_run(made, text, faces={"chinese": "仿宋", "western": "Times New Roman"})
    found = [
        (run[-1].text, fonts.get(qn("w:ascii")), fonts.get(qn("w:eastAsia")))
        for run in made
        for fonts in run.iter(qn("w:rFonts"))
        if fonts.get(qn("w:ascii"))
    ]
    assert found == [(part, font, font) for part, font in parts]
    assert "".join(run[-1].text or "" for run in made) == text


def test_a_character_may_be_said_to_be_chinese() -> None:
    made = paragraph()
    add_run(made, "2", spacing=-4, chinese=True)
    assert names(made[0][0]) == ["spacing", "lang"]


def test_properties_stand_in_the_order_of_the_schema() -> None:
    made = paragraph()
    add_run(made, "“甲”", style="Mark", bold=True, italic=True, spacing=-4, shade="FFFF00")
    assert names(made[0][0]) == ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "spacing", "shd"]


def test_line_feeds_and_tabs_become_elements() -> None:
    made = paragraph()
    add_run(made, "甲\n乙\t丙")
    assert names(made[0]) == ["t", "br", "t", "tab", "t"]


def test_spaces_at_the_ends_are_kept() -> None:
    run = OxmlElement("w:r")
    add_text(run, " 甲")
    add_text(run, "甲")
    space = "{http://www.w3.org/XML/1998/namespace}space"
    assert [text.get(space) for text in run] == ["preserve", None]


def test_what_xml_forbids_is_left_out() -> None:
    assert clean("甲\x00\x0b\ud800\uffff乙\t") == "甲乙\t"
