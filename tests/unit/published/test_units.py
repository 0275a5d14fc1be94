"""Units of money: in the cell, the label, the head or a note; converted exactly, or said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.published import Published, recognise
from reportgen.published.found import RawBlock
from reportgen.published.units import label_key, units_in
from tests.builders import FORMS, at
from tests.unit.published.blocks import file_of, p, table

CHARGES = at("主动公开/行政事业性收费/本年收费金额")  # in 万元, which the head says
PURCHASES = at("主动公开/政府集中采购/采购总金额")  # in 元, which the cell says
HEAD_2021, HEAD_2019 = "本年收费金额（单位：万元）", "采购总金额"
TITLE = "某市某局2024年政府信息公开工作年度报告"


def charges(
    amount: str,
    head: str = HEAD_2021,
    label: str = "行政事业性收费",
    before: tuple[RawBlock, ...] = (),
    after: tuple[RawBlock, ...] = (),
    top: tuple[str, ...] = (),
) -> Published:
    """Return the report with a table of proactive disclosure, in which *amount* is charged."""
    rows = (
        *top,
        "信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|0|0", "行政规范性文件|1|2|3",
        "第二十条第（五）项", "信息内容|本年处理决定数量", "行政许可|4",
        "第二十条第（六）项", "信息内容|本年处理决定数量", "行政处罚|5", "行政强制|6",
        "第二十条第（八）项", f"信息内容|{head}", f"{label}|{amount}",
    )  # fmt: skip
    sections = [p(f"{n}、{title}") for n, title in zip("一二三四五六", SECTIONS, strict=True)]
    found = file_of(p(TITLE), *sections, *before, table(*rows), *after)
    report = recognise(found, list(FORMS.values()))
    assert report is not None
    return report


SECTIONS = (
    "总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况", "存在的主要问题及改进情况", "其他需要报告的事项",
)  # fmt: skip


def said(report: Published) -> list[str]:
    return [f.slug for f in report.findings if f.slug != "published-table-missing"]


@pytest.mark.parametrize(
    ("amount", "head", "right", "slugs"),
    [
        ("12.6", HEAD_2021, "12.6", []),
        ("126000", "本年收费金额（单位：元）", "12.6", ["unit-converted"]),
        ("126000", "本年收费金额（元）", "12.6", ["unit-converted"]),
        ("126,000.5", "本年收费金额(单位:人民币元)", "12.60005", ["unit-converted"]),
        ("0.00126", "本年收费金额 单位：亿元", "12.6", ["unit-converted"]),
        ("126", "本年收费金额/千元", "12.6", ["unit-converted"]),
        ("126000元", HEAD_2021, "12.6", []),
        ("12.6万元", "本年收费金额（单位：元）", "12.6", []),
        ("12.6", "本年收费金额", "12.6", ["unit-missing"]),
        ("12.6", "本年收费金额（单位：美元）", "12.6", ["unit-missing", "heads-not-found"]),
        ("0", "本年收费金额（单位：元）", "0", []),
        ("0", "本年收费金额", "0", []),
    ],
)
def test_an_amount_is_in_the_unit_of_its_head(
    amount: str, head: str, right: str, slugs: list[str]
) -> None:
    report = charges(amount, head)
    assert report.report.cells[CHARGES].number == Decimal(right)
    assert report.report.cells[CHARGES].text == amount
    assert said(report) == slugs
    assert all(f.cells == (CHARGES,) and f.span for f in report.findings if "unit" in f.slug)


def test_a_unit_in_the_label_of_the_row_counts() -> None:
    report = charges("126000", "本年收费金额", "行政事业性收费（元）")
    assert report.report.cells[CHARGES].number == Decimal("12.6")
    assert said(report) == ["unit-converted"]


@pytest.mark.parametrize("note", ["单位：元", "（计量单位：件、元）", "注：金额的单位为元。"])
def test_a_unit_noted_beside_the_table_counts(note: str) -> None:
    head = "本年收费金额"
    for report in (
        charges("126000", head, before=(p(note),)),
        charges("126000", head, after=(p(note),)),
        charges("126000", head, top=(f"||{note}",)),
        charges("126000", head, before=(p(note), table("统计表", "2024年"))),
    ):
        assert report.report.cells[CHARGES].number == Decimal("12.6")
        assert said(report) == ["unit-converted"]


def test_two_different_units_are_none() -> None:
    report = charges("126000", HEAD_2021, before=(p("单位：元"),))
    assert report.report.cells[CHARGES].number is None
    assert report.report.cells[CHARGES].invalid
    assert said(report) == ["unit-unclear"]
    (item,) = [d for d in report.diagnostics() if d.slug == "unit-unclear"]
    assert (
        item.message
        == "“主动公开/行政事业性收费/本年收费金额”写了几种单位（元、万元），没有读取：126000"
    )


@pytest.mark.parametrize(
    ("amount", "head", "right", "slugs"),
    [
        ("3892431元", HEAD_2019, 3892431, []),
        ("389.2431", "采购总金额（万元）", 3892431, ["unit-converted"]),
        ("389.2431万元", HEAD_2019, 3892431, []),
        ("3892431", HEAD_2019, 3892431, ["unit-missing"]),
    ],
)
def test_an_amount_whose_cell_carries_the_unit(
    amount: str, head: str, right: int, slugs: list[str]
) -> None:
    rows = (
        "信息内容|本年新制作数量|本年新公开数量|对外公开总数量", "规章|0|0|0",
        "规范性文件|1|2|3", "信息内容|上一年项目数量|本年增/减|处理决定数量", "行政许可|1|0|4",
        "其他对外管理服务事项|1|0|4", "行政处罚|1|0|4", "行政强制|1|0|4",
        "信息内容|上一年项目数量|本年增/减", "行政事业性收费|1|0",
        f"信息内容|采购项目数量|{head}", f"政府集中采购|7|{amount}",
    )  # fmt: skip
    sections = [p(f"{n}、{title}") for n, title in zip("一二三四五六", SECTIONS, strict=True)]
    found = file_of(p(TITLE.replace("2024", "2020")), *sections, table(*rows))
    report = recognise(found, list(FORMS.values()))
    assert report is not None
    assert report.report.cells[PURCHASES].number == right
    assert said(report) == slugs


@pytest.mark.parametrize(
    ("label", "units"),
    [
        ("本年收费金额（单位：万元）", {"万元"}),
        ("单 位 ： 万 元", {"万元"}),
        ("采购总金额元", {"元"}),
        ("（元/万元）", {"元", "万元"}),
        ("本单元", set()),
        ("元旦", set()),
        ("多元化", set()),
        ("规章", set()),
    ],
)
def test_units_are_told_from_other_words(label: str, units: set[str]) -> None:
    assert units_in(label) == units


def test_labels_are_compared_without_their_unit() -> None:
    assert (
        label_key("本年收费金额（单位：万元）") == label_key("本年收费金额 / 元") == "本年收费金额"
    )
    assert label_key("（八）本单元") == "本单元"
