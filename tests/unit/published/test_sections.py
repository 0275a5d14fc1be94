"""Title, organ, year, date, contact, sections and captions, told by their words."""

from __future__ import annotations

import datetime

import pytest

from reportgen.forms import canonical_data
from reportgen.model import (
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
    Report,
)
from reportgen.published.found import FoundFile, RawBlock, RawParagraph, RawRun
from reportgen.published.sections import PublishedText, read_text_of
from tests.builders import FORMS, SECTION_TITLES
from tests.unit.published.blocks import file_of, p, picture, table

FORM = FORMS["2021"]


def read(*blocks: RawBlock, title: str = "") -> PublishedText:
    return read_text_of(file_of(*blocks, title=title), FORM, frozenset())


def titles(text: PublishedText) -> list[str]:
    return [section.title for section in text.narrative.sections]


@pytest.mark.parametrize(
    ("lines", "organ", "year"),
    [
        (["某市某局2024年政府信息公开工作年度报告"], "某市某局", 2024),
        (["某市某局", "2024年", "政府信息公开工作", "年度报告"], "某市某局", 2024),
        (["某市某局 2024 年度政府信息公开年度报告"], "某市某局", 2024),
        (["某市某局关于2024年政务公开工作年度报告"], "某市某局", 2024),
        (["某市某局政府信息公开工作年度报告", "（2024年度）"], "某市某局", None),
        (["某市某局政府信息公开工作年度报告（2024年度）"], "某市某局", 2024),
        (["某市某局二〇二四年政府信息公开工作年度报告"], "某市某局", 2024),
        (["2024年政府信息公开工作报告"], "", 2024),
        (["首页 > 公开 > 年度报告", "某市某局2024年政府信息公开工作年度报告"], "某市某局", 2024),
        (["首页 > 年报 > 某市某局2024年政府信息公开工作年度报告"], "某市某局", 2024),
        (["首页 » 年度报告", "某市某局", "2024年政府信息公开工作年度报告"], "某市某局", 2024),
        (["返回", "关于2022年度政府信息公开情况的报告"], "", 2022),
    ],
)
def test_the_title_says_organ_and_year(lines: list[str], organ: str, year: int | None) -> None:
    head = read(*(p(line) for line in lines), p("一、总体情况"), p("已公开。")).head
    assert (head.organ, head.year) == (organ, year)


def test_the_title_of_the_file_helps_where_the_text_has_none() -> None:
    head = read(p("一、总体情况"), title="某局2024年政府信息公开工作年度报告_某市人民政府").head
    assert (head.organ, head.year) == ("某局", 2024)


def test_the_period_says_the_year_where_the_title_does_not() -> None:
    text = read(p("一、总体情况"), p("数据的统计期限自2024年1月1日起至2024年12月31日止。"))
    assert text.head.year == 2024


@pytest.mark.parametrize("date", ["2025年1月20日", "2025 年 1 月 20 日", "二〇二五年一月二十日"])
def test_organ_and_date_at_the_end_are_no_text(date: str) -> None:
    text = read(p("一、总体情况"), p("已公开。"), p("某市某局"), p(date))
    assert text.head.organ == "某市某局"
    assert text.head.date == datetime.date(2025, 1, 20)
    assert len(text.narrative.sections[0].blocks) == 1


def test_the_ways_to_reach_the_organ_are_found_in_the_opening() -> None:
    opening = (
        "如有疑问，请与某局办公室联系（地址：某市双清路10号，邮政编码：236031，"
        "办公室电话：0558-2173663，邮箱：a@b.gov.cn）。"
    )
    text = read(p("某局2024年政府信息公开工作年度报告"), p(opening), p("一、总体情况"))
    assert text.head.contact == {
        "部门": "某局办公室",
        "地址": "某市双清路10号",
        "邮编": "236031",
        "电话": "0558-2173663",
        "电子邮箱": "a@b.gov.cn",
    }


def test_an_address_of_the_web_and_one_with_spaces_are_read_whole() -> None:
    opening = "请与某局联系（地址：示例路 8 号 236031，网址：https://nyncj.qinghe.example）。"
    text = read(p("某局2024年政府信息公开工作年度报告"), p(opening), p("一、总体情况"))
    assert text.head.contact["地址"] == "示例路 8 号"
    assert text.head.contact["网址"] == "https://nyncj.qinghe.example"


def test_sections_are_told_by_either_wording_and_nearly_so() -> None:
    text = read(
        p("一、总体情况"),
        p("二、行政机关主动公开政府信息情况"),
        p("三、收到及处理政府信息公开申请情况"),
        p("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况。"),
        p("存在的主要问题及改进情况", 2),
        p("六、其它需要报告的事项"),
    )
    assert len(titles(text)) == 6


def test_a_table_of_contents_is_passed_over() -> None:
    contents = [p(f"{title}") for title in SECTION_TITLES]
    body = [block for title in SECTION_TITLES for block in (p(title), p(f"{title}的正文。"))]
    sections = read(*contents, *body).narrative.sections
    assert [len(section.blocks) for section in sections] == [1] * 6


def test_text_in_the_line_of_a_title_begins_a_paragraph() -> None:
    (section,) = read(p("一、总体情况。2024年，我局公开信息25条。")).narrative.sections
    assert section.title == "总体情况"
    (block,) = section.blocks
    assert isinstance(block, NarrativeParagraph)
    assert block.runs[0].text == "2024年，我局公开信息25条。"
    assert block.runs[0].span is not None
    assert block.runs[0].span.text == block.runs[0].text


def test_a_section_of_its_own_behind_the_last_is_kept() -> None:
    text = read(*(p(f"{n}、{t}") for n, t in zip("一二三四五六", SECTION_TITLES, strict=True)),
                p("无。"), p("七、本机关特色工作"), p("有。"))  # fmt: skip
    assert titles(text)[-1] == "本机关特色工作"


def test_subheadings_lists_tables_and_captions_keep_their_places() -> None:
    text = read(
        p("一、总体情况", 2),
        p("（一）主动公开"),
        p("1.公开平台"),
        p("小标题", 3),
        p("·第一项"),
        p("·第二项"),
        picture("a.png", "甲"),
        picture("a.png"),
        p("图1 甲"),
        p("栏目页面"),
        p("下一段到此为止。"),
        table("项目|数", "甲|1"),
        table("项目|数", "乙|2"),
    )
    blocks = text.narrative.sections[0].blocks
    assert [type(block) for block in blocks] == [
        *[NarrativeHeading] * 3,
        NarrativeList,
        PictureGroup,
        NarrativeParagraph,
        NarrativeTable,
    ]
    assert [block.level for block in blocks[:3] if isinstance(block, NarrativeHeading)] == [2, 3, 2]
    group, whole = blocks[4], blocks[6]
    assert isinstance(group, PictureGroup)
    assert [(item.target, item.caption) for item in group.pictures] == [
        ("images/甲.png", "图1 甲"),
        ("images/栏目页面.png", "栏目页面"),
    ]
    assert isinstance(whole, NarrativeTable)
    assert len(whole.rows) == 2


def test_what_stands_outside_the_report_on_a_page_is_left_out() -> None:
    found = file_of(
        p("返回首页"),
        p("某局2024年政府信息公开工作年度报告"),
        p("发布日期：2025-01-20"),
        p("根据条例编制。"),
        p("一、总体情况"),
        p("已公开。"),
        p("版权所有"),
    )
    page = FoundFile(found.source, found.blocks, body=(3, 6))
    text = read_text_of(page, FORM, frozenset())
    report = Report("", 2024, "", "", FORM.id, narrative=text.narrative)
    assert len(text.narrative.opening) == 1
    assert canonical_data(report, FORM)["正文"] == {
        "开头": "根据条例编制。",
        "一、总体情况": "已公开。",
        **{f"{n}、{t}": "" for n, t in zip("二三四五六", SECTION_TITLES[1:], strict=True)},
    }


def test_a_list_ends_where_its_numbers_do_not_count_on() -> None:
    markers = ["1.", "2.", "•", "•", "5.", "1."]
    items = [RawParagraph([RawRun(marker)], marker=marker) for marker in markers]
    blocks = read(p("一、总体情况"), *items).narrative.sections[0].blocks
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
    pictures = read(p("一、总体情况"), *shown).pictures
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
    block = read(p("一、总体情况"), p(" 甲。\n乙。\n")).narrative.sections[0].blocks[0]
    assert isinstance(block, NarrativeParagraph)
    assert [run.text for run in block.runs] == ["甲。", "\n", "乙。"]
    assert [run.span.text for run in block.runs if run.span] == ["甲。", "\n", "乙。"]
