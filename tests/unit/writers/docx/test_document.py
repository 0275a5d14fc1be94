"""Blocks in their order, lists, the 落款, and the end of a section."""

from __future__ import annotations

from reportgen.document.nodes import Heading, ItemList, ListItem, Paragraph
from tests.unit.writers.docx.docx_sample import (
    ORGAN,
    body,
    body_of,
    heading,
    runs,
    signature,
    table,
)


def test_list_items_begin_with_their_marker_as_text() -> None:
    items = (ListItem("1.", Paragraph("list", runs("甲"))), ListItem("2.", body("乙")))
    assert body_of(ItemList("list", True, items)) == [
        'p/(pPr/pStyle{val=List},r/t"1.",r/t"甲")',
        'p/(pPr/pStyle{val=List},r/t"2.",r/t"乙")',
    ]


def test_a_heading_is_a_bookmark() -> None:
    assert body_of(heading(1, "一、总体"), heading(1, "二、其他")) == [
        "p/(pPr/pStyle{val=Heading1},"
        f'bookmarkStart{{id={number},name=_s1_{text[0]}}},r/t"{text}",bookmarkEnd{{id={number}}})'
        for number, text in ((1, "一、总体"), (2, "二、其他"))
    ]


def test_a_heading_on_a_new_page_breaks_it() -> None:
    found = body_of(body("甲"), Heading(1, "heading1", runs("乙"), "b", on_new_page=True))
    assert found[1].startswith("p/(pPr/(pStyle{val=Heading1},pageBreakBefore)")


def test_text_above_the_signature_stays_with_it() -> None:
    assert body_of(body("甲"), body("乙"), signature()) == [
        'p/(pPr/pStyle{val=BodyText},r/t"甲")',
        'p/(pPr/(pStyle{val=BodyText},keepNext),r/t"乙")',
        "p/(pPr/(pStyle{val=ReportSignature},keepNext,spacing{before=579},"
        f'ind{{rightChars=447,right=1412}},jc{{val=right}}),r/t"{ORGAN}")',
        "p/(pPr/(pStyle{val=ReportSignature},ind{rightChars=200,right=632},jc{val=right}),"
        'r/t"2024年1月20日")',
    ]


def test_a_list_above_the_signature_stays_with_it_by_its_last_item() -> None:
    items = ItemList("list", True, (ListItem("1.", body("甲")), ListItem("2.", body("乙"))))
    first, last, *_ = body_of(items, signature())
    assert "keepNext" not in first
    assert "keepNext" in last


def test_tables_that_meet_stay_two_tables() -> None:
    found = body_of(table(), table())
    assert [line.partition("/")[0] for line in found] == ["tbl", "p", "tbl", "p"]
    assert found[1] == "p/pPr/(pStyle{val=Picture},spacing{line=289,lineRule=exact})"


def test_the_last_thing_is_a_paragraph() -> None:
    empty = "p/pPr/(pStyle{val=Picture},spacing{line=20,lineRule=exact})"
    assert body_of() == [empty]
    assert body_of(table())[1:] == [empty]
