"""Text, lists, links, headers, footers and the 落款."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest

from reportgen.document.nodes import ItemList, ListItem, Paragraph
from reportgen.text import Run
from reportgen.writers.docx.signature import right_indents, width_of
from tests.unit.writers.docx.docx_sample import (
    XML,
    W,
    body,
    build,
    document,
    everything,
    main_part,
    part,
    runs,
    signature,
    table,
)

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _text(element: XML) -> str:
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


def test_list_items_begin_with_their_marker_as_text() -> None:
    items = (ListItem("1.", Paragraph("list", runs("甲"))), ListItem("2.", body("乙")))
    paragraphs = main_part(ItemList("list", True, items)).findall(f".//{W}p")
    assert [_text(paragraph) for paragraph in paragraphs] == ["1.甲", "2.乙"]
    assert not main_part(ItemList("list", True, items)).findall(f".//{W}numPr")


def test_chinese_quotes_are_marked_as_east_asian() -> None:
    found = main_part(body("“三安全一稳定”"), body("1 2")).findall(f".//{W}r")
    hints = [run.find(f"{W}rPr/{W}rFonts") for run in found]
    assert hints[0] is not None
    assert hints[0].get(f"{W}hint") == "eastAsia"
    assert hints[1] is None


def test_a_forced_line_break_is_a_break() -> None:
    paragraph = Paragraph("body", (Run("甲"), Run("\n"), Run("乙")))
    data = build(document(paragraph))
    assert docx.Document(BytesIO(data)).paragraphs[0].text == "甲\n乙"


def test_spaces_at_the_edge_of_a_run_survive() -> None:
    data = build(document(Paragraph("body", (Run("甲 "), Run(" 乙", bold=True)))))
    assert docx.Document(BytesIO(data)).paragraphs[0].text == "甲  乙"


def test_a_link_is_external_and_percent_encoded() -> None:
    link = Run("网站", link="https://www.example.gov.cn/公开?a=1&b=%20")
    found = docx.Document(BytesIO(build(document(Paragraph("body", (link, link))))))
    links = found.paragraphs[0].hyperlinks
    assert [item.address for item in links] == [
        "https://www.example.gov.cn/%E5%85%AC%E5%BC%80?a=1&b=%20"
    ] * 2
    assert links[0].runs[0].style.name == "Hyperlink"


@pytest.mark.parametrize(
    ("number", "side", "align"), [(1, "default", "right"), (2, "even", "left")]
)
def test_footer_has_page_field(number: int, side: str, align: str) -> None:
    data = build(everything())
    footer = part(data, f"word/footer{number}.xml")
    assert [node.text for node in footer.iter(f"{W}instrText")] == [" PAGE "]
    assert _text(footer) == "— 1 —"
    alignment = footer.find(f".//{W}jc")
    assert alignment is not None
    assert alignment.get(f"{W}val") == align
    references = part(data, "word/document.xml").findall(f".//{W}footerReference")
    assert references[number - 1].get(f"{W}type") == side


def test_a_filing_copy_has_no_header_and_a_draft_has_stamp_and_watermark() -> None:
    with ZipFile(BytesIO(build(everything()))) as package:
        assert not any("header" in name for name in package.namelist())
    draft = build(everything(watermark="草稿", stamp="草稿，3处待改"))
    for name in ("word/header1.xml", "word/header2.xml"):
        header = part(draft, name)
        assert _text(header) == "草稿，3处待改"
        marks = header.findall(".//{urn:schemas-microsoft-com:vml}textpath[@string]")
        assert [mark.get("string") for mark in marks] == ["草稿"]


def test_text_above_the_signature_stays_with_it() -> None:
    found = main_part(body("甲"), body("乙"), signature()).findall(f".//{W}p")
    keeps = [paragraph.find(f"{W}pPr/{W}keepNext") is not None for paragraph in found]
    assert keeps == [False, True, True, False]


def test_the_date_begins_two_characters_after_a_longer_organ() -> None:
    assert right_indents("清河县人民政府办公室", "2024年1月20日", 2) == (2, 10 - 6.5)


def test_a_longer_date_ends_two_characters_before_the_edge() -> None:
    assert right_indents("财政局", "2024年11月20日", 2) == (2 + 2 + 7 - 3, 2)


def test_digits_are_half_as_wide_as_han_characters() -> None:
    assert width_of("2024年1月20日") == 6.5


def test_tables_that_meet_stay_two_tables() -> None:
    data = build(document(table(), table()))
    found = docx.Document(BytesIO(data))
    assert len(found.tables) == 2
    assert [child.tag.removeprefix(W) for child in found.element.body] == [
        "tbl",
        "p",
        "tbl",
        "p",
        "sectPr",
    ]


def test_an_empty_document_still_opens() -> None:
    assert len(docx.Document(BytesIO(build(document()))).paragraphs) == 1


def test_a_line_that_would_end_elsewhere_is_spaced_in_its_runs() -> None:
    text = "（二）2024年，我局承办的人大代表建议6件、政协提案9件全部按期办结，除依法不予公开的外。"
    runs = main_part(body(text)).findall(f".//{W}p//{W}r")
    spaced = [run for run in runs if run.find(f"{W}rPr/{W}spacing") is not None]
    assert "".join(run.findtext(f"{W}t", "") for run in runs) == text
    assert [run.findtext(f"{W}t") for run in spaced] == [text[: text.index("9件")]]
    assert not main_part(body(text)).findall(f".//{W}br")
