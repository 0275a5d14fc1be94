"""Organ, year, title, date and contact from the words at the head and foot of a report."""

from __future__ import annotations

import datetime

import pytest

from tests.unit.published.blocks import p, text_of


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
    head = text_of(*(p(line) for line in lines), p("一、总体情况"), p("已公开。")).head
    assert (head.organ, head.year) == (organ, year)


def test_the_title_of_the_file_helps_where_the_text_has_none() -> None:
    head = text_of(p("一、总体情况"), title="某局2024年政府信息公开工作年度报告_某市人民政府").head
    assert (head.organ, head.year) == ("某局", 2024)


def test_the_period_says_the_year_where_the_title_does_not() -> None:
    text = text_of(p("一、总体情况"), p("数据的统计期限自2024年1月1日起至2024年12月31日止。"))
    assert text.head.year == 2024


@pytest.mark.parametrize("date", ["2025年1月20日", "2025 年 1 月 20 日", "二〇二五年一月二十日"])
def test_organ_and_date_at_the_end_are_no_text(date: str) -> None:
    text = text_of(p("一、总体情况"), p("已公开。"), p("某市某局"), p(date))
    assert text.head.organ == "某市某局"
    assert text.head.date == datetime.date(2025, 1, 20)
    assert len(text.narrative.sections[0].blocks) == 1


def test_the_ways_to_reach_the_organ_are_found_in_the_opening() -> None:
    opening = (
        "如有疑问，请与某局办公室联系（地址：某市双清路10号，邮政编码：236031，"
        "办公室电话：0558-2173663，邮箱：a@b.gov.cn）。"
    )
    text = text_of(p("某局2024年政府信息公开工作年度报告"), p(opening), p("一、总体情况"))
    assert text.head.contact == {
        "部门": "某局办公室",
        "地址": "某市双清路10号",
        "邮编": "236031",
        "电话": "0558-2173663",
        "电子邮箱": "a@b.gov.cn",
    }


def test_an_address_of_the_web_and_one_with_spaces_are_read_whole() -> None:
    opening = "请与某局联系（地址：示例路 8 号 236031，网址：https://nyncj.qinghe.example）。"
    text = text_of(p("某局2024年政府信息公开工作年度报告"), p(opening), p("一、总体情况"))
    assert text.head.contact["地址"] == "示例路 8 号"
    assert text.head.contact["网址"] == "https://nyncj.qinghe.example"
