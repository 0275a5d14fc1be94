"""Blocks found in a file → the blocks of a narrative: headings, lists, tables, pictures."""

from __future__ import annotations

from reportgen.model import (
    NarrativeList,
    NarrativeParagraph,
)
from reportgen.published.found import RawParagraph, RawRun
from tests.unit.published.blocks import p, picture, text_of


def test_a_list_ends_where_its_numbers_do_not_count_on() -> None:
    markers = ["1.", "2.", "•", "•", "5.", "1."]
    items = [RawParagraph([RawRun(marker)], marker=marker) for marker in markers]
    blocks = text_of(p("一、总体情况"), *items).narrative.sections[0].blocks
    lists = [block for block in blocks if isinstance(block, NarrativeList)]
    assert [(found.start, len(found.items)) for found in lists] == [
        (1, 2), (None, 2), (5, 1), (1, 1),
    ]  # fmt: skip


def test_pictures_are_named_after_what_they_show_unless_a_person_named_them() -> None:
    shown = [
        picture("image1.png", "图 1：门户网站“公开专栏” 首页，截于2024年12月"),
        picture("政务公开专栏.PNG", "另一页"),
        picture("W020240115394812.png"),
        picture("image4.png"),
        picture("xin/wen fabuhui.png"),
        picture("Xinwen Fabuhui.png"),
        picture("image5.png", "另一页"),
    ]
    pictures = text_of(p("一、总体情况"), *shown).pictures
    assert list(pictures) == [
        "images/门户网站“公开专栏”首页截于2024年12月.png",
        "images/政务公开专栏.PNG",
        "images/图1.png",
        "images/图2.png",
        "images/xinwen fabuhui.png",
        "images/Xinwen Fabuhui-2.png",
        "images/另一页.png",
    ]


def test_a_forced_line_break_is_a_run_of_its_own_and_no_blank_is_left_at_the_ends() -> None:
    block = text_of(p("一、总体情况"), p(" 甲。\n乙。\n")).narrative.sections[0].blocks[0]
    assert isinstance(block, NarrativeParagraph)
    assert [run.text for run in block.runs] == ["甲。", "\n", "乙。"]
    assert [run.span.text for run in block.runs if run.span] == ["甲。", "\n", "乙。"]
