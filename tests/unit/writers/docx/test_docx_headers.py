"""Headers and footers: page numbers on both sides, the marks of a draft."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from msgspec.structs import replace

from tests.unit.writers.docx.docx_sample import (
    XML,
    brief,
    build,
    document,
    everything,
    found_in,
    part,
    table,
)

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
        "tbl/(tblPr/(tblpPr{vertAnchor=page,horzAnchor=page,tblpX=947,tblpY=1587},"
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
