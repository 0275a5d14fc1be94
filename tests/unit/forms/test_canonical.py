"""Canonical data: the keys and types of the contract."""

from __future__ import annotations

import json
from decimal import Decimal

from reportgen.forms.canonical import canonical_data
from reportgen.model.report import (
    Narrative,
    NarrativeHeading,
    NarrativeList,
    NarrativeTable,
    Picture,
    PictureGroup,
    Quantity,
)
from reportgen.styles import Align
from reportgen.text import Run
from tests.builders import FORMS, at, paragraph, quantities, report, section, zeros

FORM = FORMS["2021"]


def row(*texts: str) -> tuple[tuple[Run, ...], ...]:
    return tuple((Run(text),) for text in texts)


def test_head_and_tables_are_under_the_short_keys() -> None:
    cells = quantities(zeros("2021"))
    cells[at("主动公开/行政许可/本年处理决定数量")] = Quantity(3307, "3307")
    cells[at("申请/本年新收/自然人")] = Quantity(3, "3")
    data = canonical_data(report(cells=cells), FORM)
    assert list(data) == [
        "单位",
        "年度",
        "版式",
        "标题",
        "主动公开",
        "申请",
        "复议诉讼",
        "正文",
    ]
    assert (data["单位"], data["年度"], data["版式"]) == ("某市某局", 2024, "2021")
    assert data["主动公开"]["行政许可"] == {"本年处理决定数量": 3307}  # type: ignore[index]
    assert data["申请"]["本年新收"] == {  # type: ignore[index]
        "自然人": 3,
        "商业企业": 0,
        "科研机构": 0,
        "社会公益组织": 0,
        "法律服务机构": 0,
        "其他": 0,
        "总计": 0,
    }
    assert set(data["申请"]["不予处理"]) == {  # type: ignore[index]
        "信访举报投诉类申请",
        "重复申请",
        "要求提供公开出版物",
        "无正当理由大量反复申请",
        "要求行政机关确认或重新出具已获取信息",
    }
    assert list(data["复议诉讼"]["行政复议"]) == [  # type: ignore[index]
        "结果维持",
        "结果纠正",
        "其他结果",
        "尚未审结",
        "总计",
    ]


def test_money_is_a_decimal_number_and_no_number_is_null() -> None:
    cells = quantities(zeros("2021"))
    cells[at("主动公开/行政事业性收费/本年收费金额")] = Quantity(Decimal("18651.06"), "18651.06")
    cells[at("主动公开/规章/本年制发件数")] = Quantity(None, "/")
    data = canonical_data(report(cells=cells), FORM)
    text = json.dumps(data["主动公开"], ensure_ascii=False)
    assert '"本年收费金额": 18651.06' in text
    assert '"本年制发件数": null' in text


def test_absent_number_is_null() -> None:
    data = canonical_data(report(cells={}), FORM)
    assert data["主动公开"]["规章"] == {  # type: ignore[index]
        "本年制发件数": None,
        "本年废止件数": None,
        "现行有效件数": None,
    }
    assert data["复议诉讼"]["行政复议"]["总计"] is None  # type: ignore[index]


def test_no_text_of_a_draft_is_dropped() -> None:
    text = Narrative(
        opening=(paragraph("本报告由某局编制。"),),
        sections=(
            section("总体情况", paragraph("甲。")),
            section("工作打算", paragraph("乙。")),
            section("总体情况", paragraph("丙。")),
            section("工作打算", paragraph("丁。")),
        ),
    )
    data = canonical_data(report(text=text), FORM)["正文"]
    assert isinstance(data, dict)
    assert data["开头"] == "本报告由某局编制。"
    assert data["一、总体情况"] == "甲。"
    assert data["总体情况"] == "丙。"
    assert data["工作打算"] == "乙。\n丁。"


def test_narrative_is_under_the_numbered_titles() -> None:
    text = Narrative(
        sections=(
            section(
                "总体情况",
                NarrativeHeading(2, (Run("主动公开"),)),
                paragraph("一段。"),
                NarrativeList(((Run("甲"),), (Run("乙"),))),
                NarrativeTable(row("项", "数"), (row("丙", "1"),), (Align.LEFT, Align.RIGHT)),
                PictureGroup((Picture("a.png", "专栏"),)),
            ),
            section("其它需要报告的事项", paragraph("无。")),
        )
    )
    data = canonical_data(report(text=text), FORM)["正文"]
    assert isinstance(data, dict)
    assert data["一、总体情况"] == "主动公开\n一段。\n甲\n乙\n项\t数\n丙\t1\n专栏"
    assert data["六、其它需要报告的事项"] == "无。"
    assert data["四、政府信息公开行政复议、行政诉讼情况"] == ""
    assert len(data) == 6
