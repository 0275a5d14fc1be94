"""Title, organ, year, date, contact, sections and captions, told by their words."""

from __future__ import annotations

from reportgen.forms import canonical_data
from reportgen.model import (
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
    Report,
)
from reportgen.published.found import FoundFile
from reportgen.published.sections import PublishedText, read_text_of
from tests.builders import FORMS, SECTION_TITLES
from tests.unit.published.blocks import file_of, p, picture, table, text_of

FORM = FORMS["2021"]


def titles(text: PublishedText) -> list[str]:
    return [section.title for section in text.narrative.sections]


def test_sections_are_told_by_either_wording_and_nearly_so() -> None:
    text = text_of(
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
    sections = text_of(*contents, *body).narrative.sections
    assert [len(section.blocks) for section in sections] == [1] * 6


def test_text_in_the_line_of_a_title_begins_a_paragraph() -> None:
    (section,) = text_of(p("一、总体情况。2024年，我局公开信息25条。")).narrative.sections
    assert section.title == "总体情况"
    (block,) = section.blocks
    assert isinstance(block, NarrativeParagraph)
    assert block.runs[0].text == "2024年，我局公开信息25条。"
    assert block.runs[0].span is not None
    assert block.runs[0].span.text == block.runs[0].text


def test_a_section_of_its_own_behind_the_last_is_kept() -> None:
    text = text_of(*(p(f"{n}、{t}") for n, t in zip("一二三四五六", SECTION_TITLES, strict=True)),
                p("无。"), p("七、本机关特色工作"), p("有。"))  # fmt: skip
    assert titles(text)[-1] == "本机关特色工作"


def test_subheadings_lists_tables_and_captions_keep_their_places() -> None:
    text = text_of(
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
