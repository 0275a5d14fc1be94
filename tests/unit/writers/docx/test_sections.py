"""Page, margins and grid; landscape tables have sections of their own."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.section import Section
from docx.shared import Length, Twips
from msgspec.structs import replace

from reportgen.document.nodes import Block, Table
from reportgen.styles import mm, twips
from tests.unit.writers.docx.docx_sample import (
    body,
    body_of,
    build,
    document,
    everything,
    found_in,
    heading,
    main_part,
    signature,
    table,
)


def wide() -> Table:
    return replace(table(), landscape=True)


def sections(*blocks: Block, stamp: str = "") -> list[Section]:
    return list(docx.Document(BytesIO(build(document(*blocks, stamp=stamp)))).sections)


def directions(*blocks: Block) -> list[str]:
    return [section.orientation.name for section in sections(*blocks)]


def in_twips(length: Length | None) -> int:
    assert length is not None
    return length // Twips(1)


def test_a_report_of_upright_pages_is_one_section() -> None:
    (section,) = docx.Document(BytesIO(build(everything()))).sections
    assert section.orientation.name == "PORTRAIT"
    assert section.footer.part is not section.even_page_footer.part


def test_a_section_says_its_page_margins_and_grid() -> None:
    assert found_in(main_part(), "sectPr") == [
        "sectPr/(footerReference{type=default,r:id=rId5},footerReference{type=even,r:id=rId6},"
        "pgSz{w=11906,h=16838},pgMar{gutter=0,top=2098,bottom=1984,left=1587,right=1463,"
        "header=929,footer=1267},cols{space=425},docGrid{type=lines,linePitch=579})"
    ]


def test_22_lines_fit_the_type_area() -> None:
    (section,) = sections()
    assert section.page_height is not None
    height = in_twips(section.page_height) - in_twips(section.top_margin)
    height -= in_twips(section.bottom_margin)
    assert height >= 22 * 579
    assert height == pytest.approx(twips(mm(225)), abs=1)


def test_28_characters_fit_a_line_and_26_after_an_indent_of_full_size() -> None:
    (section,) = sections()
    width = in_twips(section.page_width) - in_twips(section.left_margin)
    width -= in_twips(section.right_margin)
    assert 28 * (320 - 4) <= width < 29 * (320 - 4)
    assert width >= 2 * 320 + 26 * (320 - 4)
    assert width == pytest.approx(twips(mm(156)), abs=twips(mm(0.25)))


def test_a_landscape_table_is_a_section_between_upright_ones() -> None:
    found = directions(body("甲"), wide(), body("乙"), signature())
    assert found == ["PORTRAIT", "LANDSCAPE", "PORTRAIT"]


def test_text_above_the_table_ends_its_section_without_an_empty_line() -> None:
    above, frame, end, below = body_of(body("甲"), wide(), body("乙"))
    assert above.startswith("p/(pPr/(pStyle{val=BodyText},sectPr/(")
    assert frame.startswith("tbl/")
    assert end.startswith("p/pPr/(pStyle{val=Picture},spacing{line=20,lineRule=exact},sectPr/(")
    assert below == 'p/(pPr/pStyle{val=BodyText},r/t"乙")'


def test_the_heading_of_a_landscape_table_stands_above_it() -> None:
    found = body_of(body("甲"), heading(1, "一、总表"), wide())
    assert ["sectPr" in line for line in found] == [True, False, False, False]
    assert directions(body("甲"), heading(1, "一、总表"), wide()) == ["PORTRAIT", "LANDSCAPE"]


def test_each_landscape_table_begins_a_page() -> None:
    assert directions(wide(), wide()) == ["LANDSCAPE", "LANDSCAPE"]


def test_the_landscape_page_is_the_sheet_turned_and_the_table_fills_its_type_area() -> None:
    (section,) = sections(wide())
    assert (in_twips(section.page_width), in_twips(section.page_height)) == (16838, 11906)
    margins = (
        section.top_margin,
        section.right_margin,
        section.bottom_margin,
        section.left_margin,
    )
    for margin, wanted in zip(margins, (28, 37, 26, 35), strict=True):
        assert in_twips(margin) == pytest.approx(twips(mm(wanted)), abs=2)
    assert found_in(main_part(wide()), "tblW") == [f"tblW{{w={twips(mm(225))},type=dxa}}"]


def test_a_landscape_section_has_footers_of_its_own_and_the_headers_of_all() -> None:
    first, turned, last = sections(body("甲"), wide(), body("乙"), stamp="未定稿")
    assert first.footer.part is last.footer.part
    assert first.footer.part is not turned.footer.part
    assert first.even_page_footer.part is not turned.even_page_footer.part
    assert first.header.part is turned.header.part is last.header.part
