"""正文.md becomes sections and blocks, each with its place; what is odd is reported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.diagnostics import Diagnostic
from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import (
    Narrative,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
)
from reportgen.source import SourceFile
from reportgen.text import plain_text
from tests.builders import worded

SAMPLES = Path(__file__).parents[3] / "samples"


def read(text: str, **context: object) -> tuple[Narrative, list[Diagnostic]]:
    narrative, found = read_narrative(SourceFile("正文.md", text), context)
    return narrative, worded(found)


def blocks(text: str, **context: object) -> tuple[NarrativeBlock, ...]:
    narrative, found = read(text, **context)
    assert found == []
    return narrative.opening


def paragraphs(text: str, **context: object) -> list[str]:
    return [
        plain_text(b.runs) for b in blocks(text, **context) if isinstance(b, NarrativeParagraph)
    ]


def styles(text: str) -> list[tuple[str, str]]:
    (paragraph,) = blocks(text)
    assert isinstance(paragraph, NarrativeParagraph)
    return [(run.text, "B" * run.bold + "I" * run.italic) for run in paragraph.runs]


def codes(text: str) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in read(text)[1] if d.span]


def pictures(text: str) -> list[list[Picture]]:
    return [list(b.pictures) for b in blocks(text) if isinstance(b, PictureGroup)]


# Sections and headings


def test_level_one_headings_make_sections_and_keep_the_typed_number() -> None:
    narrative, found = read("开头\n\n# 一、总体情况\n\n正文\n\n# 二、主动公开\n")
    assert found == []
    assert [(s.title, s.number, len(s.blocks)) for s in narrative.sections] == [
        ("总体情况", 1, 1),
        ("主动公开", 2, 0),
    ]
    assert len(narrative.opening) == 1
    span = narrative.sections[0].span
    assert span and (span.line, span.column, span.text) == (3, 3, "一、总体情况")


def test_deeper_headings_have_levels_two_to_four() -> None:
    found = blocks("## （一）甲\n### 1.乙\n#### （1）丙\n")
    assert [
        (b.level, b.number, plain_text(b.runs)) for b in found if isinstance(b, NarrativeHeading)
    ] == [
        (2, 1, "甲"),
        (3, 1, "乙"),
        (4, 1, "丙"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "##（一）甲",
        "＃＃ （一）甲",
        "## （一）甲 ##",
        "    ## （一）甲",
        "（一）甲\n---",
        "\ufeff## 甲",
    ],
)
def test_headings_are_recognised_the_way_clerks_type_them(text: str) -> None:
    (heading,) = blocks(text)
    assert isinstance(heading, NarrativeHeading)
    assert (heading.level, plain_text(heading.runs)) == (2, "甲")


def test_a_topic_mark_without_blank_is_text() -> None:
    assert paragraphs("#安全生产月#话题阅读量5万") == ["#安全生产月#话题阅读量5万"]


def test_a_heading_number_is_taken_off_across_markup() -> None:
    (heading,) = blocks("## **（一）主动**公开")
    assert isinstance(heading, NarrativeHeading)
    assert [(r.text, r.bold) for r in heading.runs] == [("主动", True), ("公开", False)]
    assert heading.runs[0].span and heading.runs[0].span.text == "主动"


def test_a_gap_or_disorder_in_typed_numbers_is_reported_once() -> None:
    text = "# 一、甲\n## （一）乙\n## （三）丙\n## （四）丁\n# 三、戊\n## （一）己\n"
    assert codes(text) == [("N105", 3, 4), ("N105", 5, 3)]


def test_headings_without_numbers_count_too() -> None:
    assert codes("## 甲\n## （二）乙\n## 丙\n") == []


def test_a_heading_below_level_four_is_reported_and_kept() -> None:
    narrative, found = read("##### 甲")
    assert [d.code for d in found] == ["N120"]
    assert isinstance(narrative.opening[0], NarrativeHeading)
    assert narrative.opening[0].level == 4


# Paragraphs


def test_soft_breaks_join_chinese_without_a_blank_and_words_with_one() -> None:
    assert paragraphs("第一行\n第二行 use\nof APP\n公开") == ["第一行第二行 use of APP公开"]


def test_a_line_with_the_usual_indentation_begins_a_paragraph() -> None:
    assert paragraphs("　　第一段。\n　　第二段。") == ["第一段。", "第二段。"]


def test_lines_indented_with_blanks_are_paragraphs_not_code() -> None:
    assert paragraphs("    第一段") == ["第一段"]


def test_hard_breaks_are_kept() -> None:
    assert paragraphs("甲  \n乙\\\n丙<br>丁") == ["甲\n乙\n丙\n丁"]


def test_invisible_characters_and_tabs_are_cleaned() -> None:
    assert paragraphs("\ufeff甲\u200b乙\t丙\xa0丁 GB/T\xa09704") == ["甲乙丙丁 GB/T 9704"]


def test_comments_are_dropped_silently() -> None:
    assert paragraphs("甲<!-- 说明 -->乙\n\n<!-- 多\n\n行 -->\n丙") == ["甲乙", "丙"]


def test_letters_and_their_accents_are_one_character() -> None:
    assert paragraphs("拼音 e\u0301、u\u0308、a\u0304") == ["拼音 é、ü、ā"]
    assert paragraphs("\u0301甲\uf90a") == ["\u0301甲\uf90a"]


def test_reference_definitions_stay_text() -> None:
    assert paragraphs("[注]: 来源") == ["[注]: 来源"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**重要：**内容", [("重要：", "B"), ("内容", "")]),
        ("见**“专栏”**栏", [("见", ""), ("“专栏”", "B"), ("栏", "")]),
        ("是**（1）重点**；", [("是", ""), ("（1）重点", "B"), ("；", "")]),
        ("*斜*与***粗斜***", [("斜", "I"), ("与", ""), ("粗斜", "BI")]),
        ("**甲*乙*丙**", [("甲", "B"), ("乙", "BI"), ("丙", "B")]),
        ("a_b_c 3*4", [("a_b_c 3*4", "")]),
        ("`代码`后", [("代码", ""), ("后", "")]),
    ],
)
def test_emphasis_works_next_to_chinese_punctuation(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert styles(text) == expected


def test_unmatched_stars_stay_and_are_reported() -> None:
    narrative, found = read("** 重要 **内容")
    assert [d.code for d in found] == ["N113"]
    assert isinstance(narrative.opening[0], NarrativeParagraph)
    assert plain_text(narrative.opening[0].runs) == "** 重要 **内容"


def test_links_and_addresses_keep_text_and_target() -> None:
    (paragraph,) = blocks("见[**网站**](https://a.cn/b)、<http://c.cn>")
    assert isinstance(paragraph, NarrativeParagraph)
    assert [(r.text, r.link, r.bold) for r in paragraph.runs] == [
        ("见", None, False),
        ("网站", "https://a.cn/b", True),
        ("、", None, False),
        ("http://c.cn", "http://c.cn", False),
    ]


def test_quotes_become_paragraphs() -> None:
    assert paragraphs("> 引\n> 文\n\n后") == ["引文", "后"]


def test_markup_a_report_does_not_have_is_reported_and_its_text_kept() -> None:
    narrative, found = read("<center>甲</center>\n\n---\n\n```\n代码\n```\n")
    assert [d.code for d in found] == ["N110", "N115", "N116"]
    assert [plain_text(b.runs) for b in narrative.opening if isinstance(b, NarrativeParagraph)] == [
        "甲",
        "代码",
    ]


# Places


def test_each_run_knows_where_it_was_typed() -> None:
    (paragraph,) = blocks("甲\n全年{{ 数 }}件，**共**\\*条", 数="1*2")
    assert isinstance(paragraph, NarrativeParagraph)
    assert [(r.text, r.span.text) for r in paragraph.runs if r.span] == [
        ("甲", "甲"),
        ("全年", "全年"),
        ("1*2", "{{ 数 }}"),
        ("件，", "件，"),
        ("共", "共"),
        ("*", "\\*"),
        ("条", "条"),
    ]
    spans = [r.span for r in paragraph.runs]
    assert spans[1] and (spans[1].line, spans[1].column) == (2, 1)


def test_places_hold_in_lists_quotes_and_tables() -> None:
    text = (
        "- 甲\n  1. 乙{{ 数 }}\n\n> 丙\n> 丁\n\n| a | 戊 |\n|---|---|\n| 1\\|2 | 己 |\n| | 庚 |\n"
    )
    narrative, _ = read(text, 数=5)
    for block in narrative.opening:
        if isinstance(block, NarrativeTable):
            cells = [run for row in (block.head, *block.rows) for cell in row for run in cell]
        elif isinstance(block, NarrativeList):
            cells = [run for item in block.items for run in item]
        else:
            assert isinstance(block, NarrativeParagraph)
            cells = list(block.runs)
        for run in cells:
            if run.span and run.text not in ("5", "|"):
                assert run.span.text == run.text


# Values


@pytest.mark.parametrize(
    "value", ["# 甲", "1. 甲", "- 甲", "*甲*", "[甲](乙)", "<b>", "> 甲", "甲|乙", "&amp;", "`甲`"]
)
def test_a_value_is_shown_as_it_is_whatever_it_looks_like(value: str) -> None:
    assert paragraphs("{{ 值 }}", 值=value) == [value]


def test_a_value_of_several_lines_is_one_line() -> None:
    assert paragraphs("{{ 值 }}", 值="甲\n\n# 乙\nab\ncd") == ["甲# 乙ab cd"]


def test_trouble_with_placeholders_is_reported_with_the_rest() -> None:
    assert codes("{{ 缺 }}\n\n##### 甲") == [("N202", 1, 1), ("N120", 3, 7)]


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


# Wholes


@pytest.mark.parametrize(
    "name", ["fuyang-emergency-2020", "yunxi-market-2024", "qinghe-county-2023"]
)
def test_the_samples_are_read_without_a_finding_of_form(name: str) -> None:
    path = SAMPLES / name / "正文.md"
    narrative, found = read_narrative(SourceFile(str(path), path.read_text("utf-8")), {})
    assert {d.slug for d in found} <= {"undefined-name"}
    assert [section.number for section in narrative.sections] == [1, 2, 3, 4, 5, 6]


def test_importing_the_reader_does_not_load_the_markdown_library() -> None:
    program = "import sys, reportgen.markdown.narrative; sys.exit('markdown_it' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# Text that stays as typed


@pytest.mark.parametrize(
    "text",
    [
        "展板规格为210*297*5毫米。",
        "场地3米*4米*5米。",
        "每份3*2元，共2*(3+4)*5元。",
        "(1+2)*(3+4)*(5+6)元",
        "型号A4*B5*C6。",
        "见附件文件_2024_终稿和snake_case_name。",
        "2**3**4",
    ],
)
def test_stars_between_factors_and_bars_within_names_stay(text: str) -> None:
    narrative, _ = read(text)
    (paragraph,) = narrative.opening
    assert isinstance(paragraph, NarrativeParagraph)
    assert plain_text(paragraph.runs) == text
    assert not any(run.italic or run.bold for run in paragraph.runs)


def test_stars_that_multiply_leave_emphasis_behind_them_alone() -> None:
    assert styles("每份3*2元，*注：按页计收。*") == [
        ("每份3*2元，", ""),
        ("注：按页计收。", "I"),
    ]
    assert styles("共**8**件") == [("共", ""), ("8", "B"), ("件", "")]


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


# Ways of writing that are not supported


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("公开100条[^1]。", "脚注"),
        ("[^1]: 含转载。", "脚注"),
        ("甲~~删去的话~~乙", "删除线"),
        ("详见[专栏][zl]。", "另写一处"),
        ("详见[专栏][]。", "另写一处"),
        ("[zl]: https://example.gov.cn", "另写一处"),
        ("- [ ] 待办事项", "方框"),
        ("- [x] 办完的", "方框"),
        ("[专栏]（https://example.gov.cn）", "括号不是半角"),
        ("==重点==", "照原样"),
        ("[[另一页]]", "照原样"),
        ("面积3平方米^注^", "照原样"),
        ("减排CO~2~的措施", "照原样"),
        ("[参见](附件一)", "不是网址"),
        ("[参见](附件/一.docx)", "不是网址"),
        ("[专栏](www.example.gov.cn)", "不是网址"),
    ],
)
def test_markdown_that_is_not_supported_is_reported(text: str, wording: str) -> None:
    (found,) = read(text)[1]
    assert found.code == "N123"
    assert wording in found.message


@pytest.mark.parametrize(
    "text",
    [
        "![图][tu]",
        "![[images/p.png]]",
        "！【专栏】（images/甲.png）",
        "! [专栏](images/甲.png)",
        "【专栏】（images/甲.PNG）",
        "[专栏](images/甲.png)",
    ],
)
def test_what_was_meant_as_a_picture_is_reported(text: str) -> None:
    assert [code for code, *_ in codes(text)] == ["N112"]


@pytest.mark.parametrize(
    "text",
    [
        "| 项目 | 数量 |\n|——|——|\n| 甲 | 1 |",
        "｜ 项目 ｜ 数量 ｜\n｜ --- ｜ --- ｜\n｜ 乙 ｜ 2 ｜",
        "项目\t数量\n丙\t3",
        "项目\t数量\t比例\n丙\t3\t4",
        "项目│数量\n丙│3",
        "| 项目 | 数量 |\n| 甲 | 1 |",
        "| 甲 | 1 |",
        "+-----+-----+\n| 甲 | 乙 |\n+-----+-----+",
        "+-----+\n甲",
    ],
)
def test_what_was_meant_as_a_table_is_reported(text: str) -> None:
    assert [code for code, *_ in codes(text)] == ["N119"]


@pytest.mark.parametrize(
    "text",
    [
        "国办公开办函[2021]30号、川府发〔2024〕5号。",
        "申请~办理约20~30天，5~10件，3~5件。",
        "联系电话：0700-5551234\t传真：0700-5551235",
        "`[^1]` 与 `~~x~~`",
        "\\[^1\\]、\\~~甲\\~~",
        "[专栏](https://example.gov.cn/甲.png)",
        "甲！【注】（附件）"[:5],
        "局|办",
        "效率=质量，A==B",
    ],
)
def test_ordinary_text_is_not_taken_for_markdown(text: str) -> None:
    assert codes(text) == []
