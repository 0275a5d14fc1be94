"""Tests of numbers that the word processor counts."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest

from reportgen.document.nodes import Block, Heading, ItemList, ListItem, Paragraph
from reportgen.heading_numbers import number_label
from reportgen.layout.boxes import place_document
from reportgen.layout.hints import word_hints
from reportgen.published.docx import read_docx
from reportgen.published.found import FoundParagraph
from reportgen.text import Run
from reportgen.writers.docx import write_docx
from tests.unit.writers.docx.docx_sample import FACES, FONTS, body, document


def numbered(level: int, number: int, label: str, text: str) -> Heading:
    runs = (Run(label), Run(text))
    return Heading(level, f"heading{level}", runs, f"h{number}", label=label)


def items(*markers: str) -> ItemList:
    made = tuple(ListItem(marker, Paragraph("list", (Run("事项"),))) for marker in markers)
    return ItemList("list", markers[0] != "·", made)


def written(*blocks: Block) -> bytes:
    made = document(*blocks)
    stream = BytesIO()
    hints = word_hints(place_document(made, FONTS), made)
    write_docx(made, hints, stream, FACES, numbering="auto")
    return stream.getvalue()


def typed(*blocks: Block) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(written(*blocks))).paragraphs]


def shown(*blocks: Block) -> list[str]:
    found = read_docx(written(*blocks), "a.docx").blocks
    return [item.marker + item.text for item in found if isinstance(item, FoundParagraph)]


HEADINGS = (
    numbered(1, 1, "一、", "总体情况"),
    numbered(2, 1, "（一）", "主动公开"),
    numbered(3, 1, "1.", "网站"),
    numbered(4, 1, "（1）", "首页"),
    numbered(2, 2, "（二）", "依申请公开"),
    numbered(3, 1, "1.", "收件"),
    numbered(1, 2, "二、", "问题"),
)


def test_numbers_of_headings_are_not_typed_and_are_read_back() -> None:
    assert typed(*HEADINGS) == [heading.runs[1].text for heading in HEADINGS]
    assert shown(*HEADINGS) == [heading.text for heading in HEADINGS]


@pytest.mark.parametrize(
    "heading",
    [
        numbered(1, 3, "三、", "跳号"),
        numbered(2, 2, "（二）", "跳号"),
        numbered(2, 1, "（甲）", "别的序号"),
        Heading(1, "heading1", (Run("没有序号"),), "h"),
    ],
)
def test_number_that_the_word_processor_would_not_come_to_is_typed(heading: Heading) -> None:
    blocks = (HEADINGS[0], heading, HEADINGS[-1])
    assert typed(*blocks) == ["总体情况", heading.text, "问题"]
    assert shown(*blocks) == [block.text for block in blocks]


def test_chinese_numbers_that_word_processors_write_in_several_ways_are_typed() -> None:
    names = [f"第{number}项" for number in range(1, 102)]
    headings = [numbered(2, n, number_label(2, n), name) for n, name in enumerate(names, 1)]
    assert typed(HEADINGS[0], *headings) == [
        "总体情况",
        *names[:99],
        "（一百）第100项",
        "（一百零一）第101项",
    ]


def test_a_number_below_a_level_that_was_left_out_is_typed() -> None:
    """A word processor would count that level, and its first number would be 2."""
    lone, first = numbered(4, 1, "（1）", "跳级"), numbered(3, 1, "1.", "网站")
    assert typed(*HEADINGS[:2], lone, first) == ["总体情况", "主动公开", "（1）跳级", "网站"]


def test_each_list_begins_with_its_own_number() -> None:
    blocks = (items("1.", "2."), body("文"), items("1.", "2."), items("4.", "5."), items("·", "·"))
    assert typed(*blocks) == ["事项", "事项", "文", *["事项"] * 6]
    numbers = ["1.", "2.", "", "1.", "2.", "4.", "5.", "•", "•"]
    found = shown(*blocks)
    assert [text.removesuffix("事项").removesuffix("文") for text in found] == numbers


@pytest.mark.parametrize("markers", [("1.", "3."), ("附件：1.", "　　　2."), ("甲", "乙")])
def test_other_markers_are_typed(markers: tuple[str, ...]) -> None:
    assert typed(items(*markers)) == [f"{marker}事项" for marker in markers]


def test_number_is_spaced_like_the_line_that_it_begins() -> None:
    item = ListItem("1.", Paragraph("list", (Run("字" * 23 + "深化——完成"),)))
    word = docx.Document(BytesIO(written(ItemList("list", True, (item,)))))
    (paragraph,) = word.paragraphs
    mark = paragraph._p.xpath("./w:pPr/w:rPr/w:spacing/@w:val")
    assert len(mark) == 1
    assert paragraph.runs[0]._r.xpath("./w:rPr/w:spacing/@w:val") == mark
