"""正文.md becomes sections and blocks, each with its place; what is odd is reported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.markdown.block_text import MAX_PARTS, PICTURE_PARTS
from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import (
    NarrativeHeading,
    NarrativeParagraph,
)
from reportgen.source import SourceFile
from reportgen.text import plain_text
from tests.unit.markdown.reading import blocks, codes, paragraphs, read, styles

SAMPLES = Path(__file__).parents[3] / "samples"


# Sections and headings


@pytest.mark.parametrize(
    "typed",
    [
        "成文日期: 2026-01-20\n标题：某报告\n",
        "标题: 甲 : 乙\n\ndate: 2026\n",
        "tags:\n  - 甲\n- 乙\n",
        "title: |\n  甲\n  乙\n",
    ],
)
def test_settings_at_the_head_of_the_text_are_told_and_not_printed(typed: str) -> None:
    narrative, found = read(f"\ufeff---\n{typed}---\n\n# 一、总体情况\n\n正文\n")
    assert [d.code for d in found] == ["N134"]
    assert narrative.opening == ()
    span = narrative.sections[0].span
    assert span and span.text == "一、总体情况"


@pytest.mark.parametrize(
    "between",
    [
        "\n按要求公开。\n\n",
        "\n收到申请：12件。\n\n",
        "\n现公布本机关报告。联系地址：某路1号，电话：010。\n\n如有疑问，请联系：某科。\n\n",
        "按照要求，现公布如下：一、总体情况。\n\n",
        "| 甲：乙 | 丙 |\n| --- | --- |\n| 1：2 | 3 |\n\n",
    ],
)
def test_a_text_between_two_lines_is_no_setting(between: str) -> None:
    narrative, found = read(f"---\n{between}---\n")
    assert {d.code for d in found} == {"N115"}
    assert narrative.opening


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


def test_a_line_with_the_usual_indentation_begins_a_paragraph() -> None:
    assert paragraphs("　　第一段。\n　　第二段。") == ["第一段。", "第二段。"]


def test_lines_indented_with_blanks_are_paragraphs_not_code() -> None:
    assert paragraphs("    第一段") == ["第一段"]


def test_invisible_characters_and_tabs_are_cleaned() -> None:
    assert paragraphs("\ufeff甲\u200b乙\t丙\xa0丁 GB/T\xa09704") == ["甲乙丙丁 GB/T 9704"]


def test_comments_are_dropped_silently() -> None:
    assert paragraphs("甲<!-- 说明 -->乙\n\n<!-- 多\n\n行 -->\n丙") == ["甲乙", "丙"]


def test_dashes_become_those_of_chinese_text() -> None:
    assert paragraphs("便民――利民⸺为民，—— 一―二") == ["便民——利民——为民，—— 一—二"]


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


@pytest.mark.parametrize(
    "text",
    [
        "甲。\n\n" * (MAX_PARTS + 9),
        "- 甲\n" * (MAX_PARTS + 9),
        f"|{'甲|' * 60}\n|{'-|' * 60}\n" + f"|{'乙|' * 60}\n" * (MAX_PARTS // 60),
        "甲\\\n" * (MAX_PARTS // 2 + 9),
        "![甲](甲.png)\n\n" * (MAX_PARTS // PICTURE_PARTS + 9),
    ],
    ids=["paragraphs", "items", "cells", "lines", "pictures"],
)
def test_a_text_of_too_many_parts_is_read_up_to_the_block_with_one_too_many(text: str) -> None:
    narrative, found = read(f"开头\n\n# 一、总体情况\n\n{text}\n\n结尾\n")
    assert [item.code for item in found].count("I110") == 1
    assert found[-1].message.startswith("段落、表格的格、加粗等超过 2 万处（图片一张算 5 处）")
    assert len(narrative.opening) == 1
    assert len(narrative.sections[0].blocks) <= MAX_PARTS
