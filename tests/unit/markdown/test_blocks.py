"""Blocks of Markdown: lists, tables, pictures, comments."""

from __future__ import annotations

import pytest

from reportgen.model.report import (
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
)
from reportgen.text import plain_text
from tests.unit.markdown.reading import blocks, codes, paragraphs, pictures, read

# Lists and tables


def test_lists_keep_their_items_and_first_number() -> None:
    first, second = blocks("- 甲\n- 乙\n\n3. 丙\n4. 丁\n")
    assert isinstance(first, NarrativeList) and isinstance(second, NarrativeList)
    assert [plain_text(item) for item in first.items] == ["甲", "乙"]
    assert (first.start, second.start) == (None, 3)


def lists(text: str) -> list[tuple[int | None, list[str]]]:
    return [
        (block.start, [plain_text(item) for item in block.items])
        for block in read(text)[0].opening
        if isinstance(block, NarrativeList)
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- 甲\n  - 乙\n- 丙\n", [(None, ["甲"]), (None, ["乙"]), (None, ["丙"])]),
        ("1. 甲\n   - 乙\n   - 丙\n2. 丁\n", [(1, ["甲"]), (None, ["乙", "丙"]), (2, ["丁"])]),
        ("1. 甲\n   1. 乙\n   2. 丙\n2. 丁\n", [(1, ["甲"]), (1, ["乙", "丙"]), (2, ["丁"])]),
        ("1. - 甲\n2. 乙\n3. 丙\n", [(None, ["甲"]), (2, ["乙", "丙"])]),
    ],
)
def test_nested_lists_keep_their_kind_and_the_outer_numbers(
    text: str, shown: list[tuple[int | None, list[str]]]
) -> None:
    assert lists(text) == shown
    assert [code for code, *_ in codes(text)] == ["N114"]


def test_text_behind_a_nested_list_is_no_item_of_its_own() -> None:
    text = "1. 甲\n   - 乙\n\n   续\n2. 丙\n"
    assert lists(text) == [(1, ["甲"]), (None, ["乙"]), (2, ["丙"])]
    assert any(isinstance(block, NarrativeParagraph) for block in read(text)[0].opening)


@pytest.mark.parametrize(
    ("text", "shown", "found"),
    [
        ("5. 甲\n7. 乙\n", [(5, ["甲"]), (7, ["乙"])], [("N124", 2, 4)]),
        ("1. 甲\n3. 乙\n4. 丙\n", [(1, ["甲"]), (3, ["乙", "丙"])], [("N124", 2, 4)]),
        ("3. 甲\n2. 乙\n", [(3, ["甲"]), (2, ["乙"])], [("N124", 2, 4)]),
        ("1. 甲\n1. 乙\n1. 丙\n", [(1, ["甲", "乙", "丙"])], []),
    ],
)
def test_numbers_typed_in_a_list_are_printed_and_a_jump_is_reported(
    text: str, shown: list[tuple[int | None, list[str]]], found: list[tuple[str, int, int]]
) -> None:
    assert lists(text) == shown
    assert codes(text) == found


@pytest.mark.parametrize("after", ["以上数据截至年底。", "注：甲\\|乙", "（单位：件）"])
def test_the_line_behind_a_table_is_a_paragraph(after: str) -> None:
    table, paragraph = blocks(f"| 项目 | 数量 |\n| --- | --- |\n| 甲 | 1 |\n{after}\n")
    assert isinstance(table, NarrativeTable) and len(table.rows) == 1
    assert isinstance(paragraph, NarrativeParagraph)
    assert plain_text(paragraph.runs) == after.replace("\\", "")


def test_a_picture_in_a_list_stands_between_its_parts() -> None:
    first, group, last = blocks("1. 甲\n\n   ![图](a.png)\n2. 乙\n")
    assert isinstance(first, NarrativeList) and isinstance(last, NarrativeList)
    assert isinstance(group, PictureGroup)
    assert (first.start, last.start) == (1, 2)


def test_a_table_keeps_cells_and_alignment() -> None:
    (table,) = blocks("| 名称 | 数 |\n|:-:|--:|\n| 甲<br>乙 | **{{ 数 }}** |\n", 数="3|4")
    assert isinstance(table, NarrativeTable)
    assert [plain_text(cell) for cell in table.head] == ["名称", "数"]
    assert [plain_text(cell) for cell in table.rows[0]] == ["甲\n乙", "3|4"]
    assert table.aligns == ("center", "right")


def test_content_a_table_would_lose_is_reported() -> None:
    assert codes("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n")[0][0] == "N118"
    assert codes("| a | b |\n| --- |\n| 1 | 2 |\n")[0] == ("N119", 2, 1)


@pytest.mark.parametrize(
    ("first", "next_lines"), [("> ", "> "), ("- ", "  "), ("10. ", "    "), ("> - > ", ">   > ")]
)
def test_marks_around_a_table_are_no_cells_of_it(first: str, next_lines: str) -> None:
    table = f"{first}| a | b |\n{next_lines}|---|---|\n{next_lines}| 1 | 2 |"
    assert "N118" not in [code for code, *_ in codes(table + "\n")]
    assert "N118" in [code for code, *_ in codes(table + " 3 |\n")]


def test_a_picture_in_a_table_moves_behind_it() -> None:
    narrative, found = read("| a |\n|---|\n| ![图](a.png) |\n")
    assert [d.code for d in found] == ["N117"]
    assert [type(b) for b in narrative.opening] == [NarrativeTable, PictureGroup]


# Pictures


def test_neighbouring_pictures_form_one_group() -> None:
    (group,) = pictures("甲\n\n![一](a.png)\n![二](b.png){宽=48%}\n\n![](c.png)\n\n乙")
    assert [(p.target, p.caption, p.width) for p in group] == [
        ("a.png", "一", None),
        ("b.png", "二", 0.48),
        ("c.png", "", None),
    ]
    assert group[1].span and group[1].span.text == "![二](b.png){宽=48%}"


def test_a_picture_within_a_paragraph_splits_it() -> None:
    assert [type(b) for b in blocks("甲![图](a.png)乙")] == [
        NarrativeParagraph,
        PictureGroup,
        NarrativeParagraph,
    ]


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("images/图 1.png", "images/图 1.png"),
        ("<images/图 1.png>", "images/图 1.png"),
        ("images/%E5%9B%BE.png", "images/图.png"),
        ("images\\图.png", "images/图.png"),
        ("图（1）(2).png", "图（1）(2).png"),
        ('a.png "标题"', "a.png"),
        ("a{{ 1 + 1 }}.png", "a2.png"),
    ],
)
def test_a_picture_path_may_hold_what_file_names_hold(typed: str, target: str) -> None:
    ((picture,),) = pictures(f"![图（一）]({typed})")
    assert (picture.target, picture.caption) == (target, "图（一）")


@pytest.mark.parametrize(
    ("typed", "caption"), [("场地10m^2^", "场地10m²"), ("CO~2~排放", "CO₂排放"), (r"2\^3^", "2^3^")]
)
def test_a_caption_may_have_superscripts_and_subscripts(typed: str, caption: str) -> None:
    ((picture,),) = pictures(f"![{typed}](a.png)")
    assert picture.caption == caption


@pytest.mark.parametrize(
    "attributes", ["{宽=80%}", "{宽=80％}", "{ 宽：80% }", " {宽 = 80 %}", "｛"]
)
def test_a_width_is_understood_in_full_and_half_width(attributes: str) -> None:
    ((picture,),) = pictures(f"![图](a.png){attributes}".removesuffix("｛"))
    assert picture.width == (None if attributes == "｛" else 0.8)


@pytest.mark.parametrize("attributes", ["{高=3}", "{宽=120%}", "{宽=8cm}", "{宽=0%}", "{80%}"])
def test_other_attributes_are_reported_at_the_picture(attributes: str) -> None:
    assert codes(f"甲\n\n![图](a.png){attributes}") == [("N111", 3, 1)]


@pytest.mark.parametrize("text", ["！[图](a.png)", "![图]（a.png）", "![图] (a.png)"])
def test_a_misspelt_picture_is_reported(text: str) -> None:
    assert codes(text) == [("N112", 1, 1)]


# Tables across the page


def direction(text: str) -> list[bool]:
    narrative, _ = read(text)
    return [block.landscape for block in narrative.opening if isinstance(block, NarrativeTable)]


TABLE = "| 月 | 件 |\n| --- | --- |\n| 1 | 2 |\n"


@pytest.mark.parametrize("line", ["{横排}", "\n{横排}", "｛横排｝", "{ 横排 }", "  {横排}  "])
def test_a_line_below_a_table_sets_it_across_the_page(line: str) -> None:
    (table, after) = blocks(f"{TABLE}{line}\n\n文字")
    assert isinstance(table, NarrativeTable)
    assert table.landscape
    assert [[plain_text(cell) for cell in row] for row in table.rows] == [["1", "2"]]
    assert isinstance(after, NarrativeParagraph)
    assert plain_text(after.runs) == "文字"


def test_only_the_table_right_above_is_set_across() -> None:
    assert direction(f"{TABLE}\n{TABLE}{{横排}}\n\n{TABLE}") == [False, True, False]


def test_a_table_in_a_list_or_a_quotation_may_be_set_across() -> None:
    assert direction("- 甲\n\n  | 月 | 件 |\n  | --- | --- |\n  | 1 | 2 |\n  {横排}\n") == [True]
    assert direction("> 月 | 件\n> --- | ---\n> 1 | 2\n> {横排}\n") == [True]


@pytest.mark.parametrize("line", ["{竖排}", "{宽=80%}", "{横}", "{横排 宽=80%}"])
def test_other_attributes_are_reported_below_the_table(line: str) -> None:
    assert codes(f"{TABLE}{line}") == [("N121", 4, 1)]


@pytest.mark.parametrize(
    ("text", "column"), [("{横排}", 1), ("甲{横排}", 2), (f"{{横排}}\n\n{TABLE}", 1)]
)
def test_an_attribute_without_a_table_above_is_reported(text: str, column: int) -> None:
    assert codes(text) == [("N121", 1, column)]
    assert "{横排}" in paragraphs_of(text)[0]


def paragraphs_of(text: str) -> list[str]:
    narrative, _ = read(text)
    return [plain_text(b.runs) for b in narrative.opening if isinstance(b, NarrativeParagraph)]


def test_a_line_in_braces_elsewhere_is_text() -> None:
    assert paragraphs("{甲}\n乙") == ["{甲}乙"]


# Comments


@pytest.mark.parametrize(
    "text",
    [
        "<!-- 内部说明",
        "<！-- 内部说明 -->",
        "<!—— 内部说明 ——>",
        "＜!-- 内部说明 --＞",
        "前文。<!-- 甲 --> <!-- 内部说明 —>",
    ],
)
def test_an_unclosed_comment_is_an_error_and_is_not_printed(text: str) -> None:
    narrative, found = read(f"{text}\n内部\n\n后文。")
    assert found[0].code == "N122"
    printed = [plain_text(b.runs) for b in narrative.opening if isinstance(b, NarrativeParagraph)]
    assert printed[-1] == "后文。"
    assert "内部" not in "".join(printed)


def test_a_comment_that_only_the_next_one_closes_is_an_error() -> None:
    assert codes("甲。<!-- 内部\n\n乙。<!-- 丙 -->") == [("N122", 1, 3)]


def test_the_end_of_a_comment_that_never_began_is_an_error() -> None:
    assert codes("甲<!-- 乙 <!-- 丙 --> 丁 -->") == [("N122", 1, 2), ("N122", 1, 22)]
    assert codes("甲 -->") == [("N122", 1, 3)]
    assert codes("内部说明 --> 全年收到申请。") == [("N122", 1, 6)]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("登记-->答复", [3]),
        ("登记 --> 审核 --> 答复", [4, 11]),
        ("登记——>审核——>答复", [3, 8]),
        ("流程：登记-->审核 --> 答复。", [6, 12]),
    ],
)
def test_an_arrow_from_word_to_word_is_no_end_of_a_comment(text: str, columns: list[int]) -> None:
    assert codes(text) == [("N123", 1, column) for column in columns]
    assert "→" in read(text)[1][0].hint


@pytest.mark.parametrize("text", ["甲<!-- 乙 -->丙", "1 < 2，3 > 2", "甲 <- 乙 -> 丙"])
def test_closed_comments_and_ordinary_signs_are_no_error(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("全年新收申请5件。\n办结5件。", 2),
        ("一是甲；\n二是乙；\n三是丙。", 2),
        ("主要做法如下：\n（一）抓内容。\n（二）抓形式。", 2),
        ("他说“好。”\n又说“是”。", 2),
        ("前文。\n\n甲。\n乙。", 4),
        ("（一）抓内容\n（二）抓形式", 2),
        ("1、甲，\n2、乙", 2),
        ("一是甲\n二是乙", 2),
    ],
)
def test_lines_that_each_end_a_sentence_were_meant_as_paragraphs(text: str, line: int) -> None:
    assert codes(text) == [("N125", line, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "全年新收申请5件。\n\n办结5件。",
        "全年新收申请5件，\n办结5件。\n均已答复。",
        "全年新收申请5件。  \n办结5件。",
        "- 甲。\n- 乙。",
        "全年公开\n3.5万条，\n一是否公开",
    ],
)
def test_lines_of_one_paragraph_are_left_alone(text: str) -> None:
    assert codes(text) == []


def test_a_picture_below_its_paragraph_is_no_line_of_it() -> None:
    assert codes("见下图。\n![专栏](images/a.png)\n![指南](images/b.png)") == []
