"""Tests of sections: page, margins, grid, orientation, headers and footers."""

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
    XML,
    body,
    body_of,
    brief,
    build,
    document,
    everything,
    found_in,
    heading,
    main_part,
    part,
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
        "header=929,footer=1427},cols{space=425},docGrid{type=lines,linePitch=579})"
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


NUMBER = (
    'r/(rPr/rFonts{hint=eastAsia},t{xml:space=preserve}"— "),r/fldChar{fldCharType=begin},'
    'r/instrText{xml:space=preserve}" PAGE ",r/fldChar{fldCharType=separate},r/t"1",'
    'r/fldChar{fldCharType=end},r/(rPr/rFonts{hint=eastAsia},t{xml:space=preserve}" —")'
)


@pytest.mark.parametrize(("number", "align"), [(1, "right"), (2, "left")])
def test_the_number_stands_outside_on_odd_and_even_pages(number: int, align: str) -> None:
    footer = part(build(everything()), f"word/footer{number}.xml")
    assert found_in(footer, "p") == [f"p/(pPr/(pStyle{{val=Footer}},jc{{val={align}}}),{NUMBER})"]


@pytest.mark.parametrize(("number", "align"), [(3, "right"), (4, "left")])
def test_on_landscape_pages_the_number_reads_downwards_at_the_left_edge(
    number: int, align: str
) -> None:
    data = build(document(replace(table(), landscape=True)))
    # 28 mm from the head of the sheet as it is read; the cell's right edge 7 mm outside the text
    assert brief(part(data, f"word/footer{number}.xml")[0]) == (
        "tbl/(tblPr/(tblpPr{vertAnchor=page,horzAnchor=page,tblpX=1107,tblpY=1587},"
        "tblW{w=640,type=dxa},tblLayout{type=fixed},"
        "tblCellMar/(left{w=0,type=dxa},right{w=0,type=dxa})),tblGrid/gridCol{w=640},"
        "tr/(trPr/trHeight{val=8844,hRule=exact},"
        "tc/(tcPr/(tcW{w=640,type=dxa},textDirection{val=tbRl}),"
        f"p/(pPr/(pStyle{{val=Footer}},jc{{val={align}}}),{NUMBER}))))"
    )


def test_a_filing_copy_has_no_header() -> None:
    section = docx.Document(BytesIO(build(everything()))).sections[0]
    assert section.header.is_linked_to_previous
    assert section.even_page_header.is_linked_to_previous


def watermarks(header: XML) -> list[XML]:
    return header.findall(".//{urn:schemas-microsoft-com:vml}shape")


def test_a_draft_has_its_stamp_on_every_page() -> None:
    draft = build(everything(stamp="草稿，3处待改"))
    for number in (1, 2):
        header = part(draft, f"word/header{number}.xml")
        assert found_in(header, "p") == ['p/(pPr/pStyle{val=Header},r/t"草稿，3处待改")']


def test_a_draft_has_its_watermark_on_every_page() -> None:
    draft = build(everything(watermark="草稿"))
    found = [watermarks(part(draft, f"word/header{number}.xml")) for number in (1, 2)]
    (odd,), (even,) = found
    assert odd.get("id") != even.get("id")
    assert odd[0].get("string") == even[0].get("string") == odd.get("alt") == "草稿"
    assert odd[0].get("style") == 'font-family:"黑体";font-size:1pt'
    assert "width:240pt;height:120pt" in str(odd.get("style"))


def test_a_long_watermark_fits_the_page() -> None:
    draft = build(everything(watermark="草稿，未经审定"))
    (shape,) = watermarks(part(draft, "word/header1.xml"))
    assert "width:595.276pt;height:85.0394pt" in str(shape.get("style"))
