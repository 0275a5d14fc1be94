"""Tests of the block 图表: what it draws, and what is told of it."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec.structs import replace

from reportgen.charts import Chart, ChartKind, QrCode
from reportgen.diagnostics import Diagnostic
from reportgen.markdown.chart_data import ChartNumbers
from reportgen.markdown.narrative import UNDRAWN_CHART, read_narrative
from reportgen.markdown.writing import write_narrative
from reportgen.model.report import Narrative, NarrativeChart, NarrativeParagraph, Quantity
from reportgen.source import SourceFile
from reportgen.text import plain_text
from tests.builders import FORMS, report, worded

FORM = FORMS["2021"]
ROW = (3, 1, 0, 0, 2, 5)
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
CELLS = {
    **{f"申请/本年新收/{key}": Quantity(n) for key, n in zip(COLUMNS, ROW, strict=True)},
    **{f"申请/上年结转/{key}": Quantity(0) for key in COLUMNS},
    "申请/本年新收/总计": Quantity(11),
    "申请/结转下年度/总计": Quantity(2),
    "申请/其他处理/其他/自然人": Quantity(-4),
    "主动公开/行政许可/本年处理决定数量": Quantity(30),
    "主动公开/行政事业性收费/本年收费金额": Quantity(7),
}


def read(*lines: str, text: str = "") -> tuple[Narrative, list[Diagnostic]]:
    """Return the narrative that has a chart of *lines*, and what is said of it."""
    before = report(cells={"申请/本年新收/总计": Quantity(9)}, year=2023)
    own = replace(report(cells=CELLS), previous=before)
    typed = text or "\n".join(("```图表", *lines, "```"))
    numbers = partial(ChartNumbers.of, own, FORM, FORM)
    narrative, found = read_narrative(SourceFile("正文.md", typed), {}, numbers)
    return narrative, worded(found)


def drawn(*lines: str) -> NarrativeChart:
    narrative, found = read(*lines)
    assert found == []
    (block,) = narrative.opening
    assert isinstance(block, NarrativeChart)
    return block


def chart(*lines: str) -> Chart:
    what = drawn(*lines, "标题: 图1").what
    assert isinstance(what, Chart)
    return what


def told(*lines: str) -> list[tuple[str, int, int]]:
    _, found = read(*lines, "标题: 图1")
    return [(item.code, item.span.line, item.span.column) for item in found if item.span]


def test_a_row_is_a_series_with_its_columns_as_names() -> None:
    made = chart("类型: 柱形", "数据: 申请.本年新收", "单位: 件")
    assert made.kind is ChartKind.BARS
    assert made.names == COLUMNS
    (series,) = made.series
    assert [point.number for point in series.points] == list(ROW)
    assert made.unit == "件"


def test_cells_are_the_names_of_one_series() -> None:
    made = chart("类型: 饼图", "数据: [申请.本年新收.总计, 申请.结转下年度.总计]")
    assert made.names == ("本年新收", "结转下年度")
    assert [point.text for point in made.series[0].points] == ["11", "2"]


def test_names_may_be_given() -> None:
    made = chart(
        "类型: 柱形", "数据:", "  新收: 申请.本年新收.总计", "  留下: 申请.结转下年度.总计"
    )
    assert made.names == ("新收", "留下")


def test_years_are_compared_in_two_series() -> None:
    made = chart(
        "类型: 柱形",
        "数据:",
        "  2023年: [上年.申请.本年新收.总计]",
        "  2024年: [申请.本年新收.总计]",
    )
    assert [series.name for series in made.series] == ["2023年", "2024年"]
    assert [series.points[0].number for series in made.series] == [9, 11]
    assert made.names == ("本年新收",)


def test_series_and_names_are_exchanged() -> None:
    lines = ("类型: 折线", "数据: [申请.本年新收, 申请.上年结转]")
    plain = chart(*lines)
    turned = chart(*lines[:1], "数据: [申请.本年新收, 申请.上年结转]", "行列互换: 否")
    assert turned == plain
    narrow = chart("类型: 柱形", "数据:", *_FEW, "行列互换: 是")
    assert [series.name for series in narrow.series] == ["本年新收", "结转下年度"]
    assert narrow.names == ("甲", "乙")
    assert [point.number for point in narrow.series[0].points] == [11, 11]


_FEW = (
    "  甲: [申请.本年新收.总计, 申请.结转下年度.总计]",
    "  乙: [申请.本年新收.总计, 申请.结转下年度.总计]",
)


def test_kinds_may_be_named_as_in_excel() -> None:
    for name, kind in (
        ("柱形图", ChartKind.BARS),
        ("柱形", ChartKind.BARS),
        ("堆叠柱形图", ChartKind.STACKED),
        ("折线图", ChartKind.LINES),
        ("饼图", ChartKind.PIE),
    ):
        assert chart(f"类型: {name}", "数据: 申请.本年新收").kind is kind


def test_the_title_is_the_caption_with_its_place() -> None:
    block = drawn("类型: 柱形", "数据: 申请.本年新收", "标题: 图1 收到的申请", "宽: 60%")
    assert plain_text(block.caption) == "图1 收到的申请"
    (run,) = block.caption
    assert run.span is not None
    assert (run.span.line, run.span.column) == (4, 5)
    assert block.width == 0.6


def test_a_chart_is_written_as_it_was_typed() -> None:
    narrative, _ = read("类型: 柱形", "数据: 申请.本年新收", "标题: 图1")
    again, found = read(text=write_narrative(narrative))
    assert found == []
    assert again == narrative


def test_a_code_has_its_address_as_link() -> None:
    block = drawn("二维码: https://www.yunxi.example/zwgk?a=1", "标题: 扫码查看", "宽: 30毫米")
    assert block.what == QrCode("https://www.yunxi.example/zwgk?a=1")
    assert [(run.text, run.link) for run in block.caption] == [
        ("扫码查看", "https://www.yunxi.example/zwgk?a=1")
    ]
    assert block.side == 30
    alone = drawn("二维码: https://a.example/")
    assert plain_text(alone.caption) == "https://a.example/"


@pytest.mark.parametrize(
    "address",
    ["www.a.example", "ftp://a.example/b", "javascript:alert(1)", "https://市.example/甲"],
)
def test_only_addresses_of_pages_become_codes(address: str) -> None:
    narrative, found = read(f'二维码: "{address}"')
    assert [(item.code, item.span.line) for item in found if item.span] == [("F405", 2)]
    (block,) = narrative.opening
    assert isinstance(block, NarrativeParagraph)
    assert plain_text(block.runs) == UNDRAWN_CHART


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["类型: 雷达", "数据: 申请.本年新收"], ("F401", 2, 5)),
        (["种类: 柱形", "数据: 申请.本年新收"], ("F401", 2, 1)),
        (["类型: 柱形"], ("F401", 2, 1)),
        (["数据: 申请.本年新收"], ("F401", 2, 1)),
        (["类型: 柱形", "数据:"], ("F402", 3, 4)),
        (["类型: 柱形", "类型: 饼图", "数据: 申请.本年新收"], ("F401", 2, 1)),
        (["类型: [柱形]", "数据: 申请.本年新收"], ("F401", 2, 5)),
        (["类型: 柱形", "数据: 申请.本年新收", "宽: 20%"], ("F401", 4, 4)),
        (["类型: 柱形", "数据: 申请.本年新收", "行列互换: 是"], ("F401", 4, 7)),
        (["类型: 柱形", "数据: 申请.本年新收", "行列互换: 也许"], ("F401", 4, 7)),
        (["类型: 柱形", "数据: 申请.今年新收"], ("F402", 3, 5)),
        (["类型: 柱形", "数据: 单位"], ("F402", 3, 5)),
        (["类型: 柱形", "数据: 申请.不予公开"], ("F402", 3, 5)),
        (["类型: 柱形", "数据: [申请.本年新收, 申请.上年结转.自然人]"], ("F402", 3, 5)),
        (["类型: 柱形", "数据: [申请.本年新收, 复议诉讼.行政复议]"], ("F402", 3, 5)),
        (["类型: 柱形", "数据: 主动公开.*.*"], ("F402", 3, 5)),
        (["类型: 饼图", "数据: [申请.本年新收, 申请.上年结转]"], ("F403", 3, 5)),
        (["类型: 饼图", "数据: 申请.上年结转"], ("F403", 3, 5)),
        (["类型: 柱形", "数据: 申请.*.*"], ("F403", 3, 5)),
        (["类型: 柱形", "数据: 复议诉讼.行政复议"], ("F403", 3, 5)),
        (["类型: 饼图", "数据: {甲: 申请.本年新收.总计, 甲: 申请.本年新收.其他}"], ("F401", 3, 21)),
        (["类型: 饼图", '数据: {" ": 申请.本年新收.总计}'], ("F401", 3, 6)),
        (["类型: 柱形", f"数据: '{'合计(' * 9999}申请.本年新收{')' * 9999}'"], ("F402", 3, 5)),
        (["类型: 饼图", "数据: [申请.其他处理.其他.自然人, 申请.本年新收.总计]"], ("F403", 3, 5)),
    ],
)
def test_what_cannot_be_drawn_is_told_at_its_place(
    lines: list[str], place: tuple[str, int, int]
) -> None:
    assert place in told(*lines)


@pytest.mark.parametrize(
    ("data", "unit", "place"),
    [
        ("主动公开.行政事业性收费.本年收费金额", "元", ("F402", 4, 5)),
        ("主动公开.行政事业性收费.本年收费金额", "件", ("F402", 4, 5)),
        ("主动公开.行政事业性收费.本年收费金额", "十万元", ("F402", 4, 5)),
        ("申请.本年新收", "万件", ("F402", 4, 5)),
        ("申请.本年新收", "元", ("F402", 4, 5)),
        ("申请.本年新收", "％", ("F402", 4, 5)),
    ],
)
def test_a_unit_that_makes_another_number_is_told(
    data: str, unit: str, place: tuple[str, int, int]
) -> None:
    assert told("类型: 柱形", f"数据: {data}", f"单位: {unit}") == [place]


@pytest.mark.parametrize(
    ("data", "unit"),
    [
        ("主动公开.行政事业性收费.本年收费金额", "万元"),
        ("主动公开.行政事业性收费.本年收费金额", "人民币万元"),
        ("申请.本年新收", "件"),
        ("申请.本年新收", "人次"),
    ],
)
def test_the_unit_is_that_of_the_cells(data: str, unit: str) -> None:
    assert chart("类型: 柱形", f"数据: {data}", f"单位: {unit}").unit == unit


def test_names_and_titles_are_single_lines() -> None:
    made = drawn('数据: {"甲\\n乙": 申请.本年新收.总计}', "类型: 柱形", '标题: "图1\\n甲"')
    assert isinstance(made.what, Chart)
    assert made.what.names == ("甲 乙",)
    assert plain_text(made.caption) == "图1 甲"


def test_every_path_that_leads_nowhere_is_told_in_one_run() -> None:
    found = told("类型: 柱形", "数据: [申请.今年新收, 申请.去年结转]")
    assert found == [("F402", 3, 6), ("F402", 3, 15)]


def test_broken_yaml_is_told_at_its_place() -> None:
    assert told("类型：柱形", "数据: 申请.本年新收") == [("I101", 2, 3)]


def test_missing_numbers_are_told_and_drawn_as_gaps() -> None:
    narrative, found = read("类型: 柱形", "数据: 主动公开.*.本年处理决定数量", "标题: 图1")
    assert [item.code for item in found] == ["F404"]
    (block,) = narrative.opening
    assert isinstance(block, NarrativeChart)
    assert isinstance(block.what, Chart)
    assert [point.number for point in block.what.series[0].points] == [30, None, None]


def test_a_fence_of_another_kind_is_no_chart() -> None:
    for typed in ("```\n甲\n```", "```text\n类别\n```"):
        _, found = read(text=typed)
        assert [item.code for item in found] == ["N116"]


@pytest.mark.parametrize(
    "opening",
    [
        *(
            "···图表",
            "'''图表",
            "‘’‘图表",
            "｀｀｀图表",
            "“““图表",
            "“”“图表",
            "``图表",
            "··· 图标",
        ),
        *("```图标", "```柱形图", "```柱状图", "```二维码", "``` 图表：", "```图表 柱形", "```"),
        *("···二维吗", "···", "・・・饼图"),
    ],
)
def test_what_was_meant_as_a_chart_is_told_at_its_first_line(opening: str) -> None:
    lines = ("甲。", "", opening, "类型: 柱形", "数据: 申请.本年新收", opening[:3].strip("图"))
    narrative, found = read(text="\n".join(lines))
    assert [(item.code, item.span.line, item.span.column) for item in found if item.span] == [
        ("F401", 3, 1)
    ]
    assert "```图表" in (found[0].hint or "")
    assert len(narrative.opening) == 2
    block = narrative.opening[1]
    assert isinstance(block, NarrativeParagraph)
    assert plain_text(block.runs) == UNDRAWN_CHART


@pytest.mark.parametrize(
    "typed", ["“图表”一词", "‘图表’见后。", "“‘一图读懂’专栏”上线。", "·图表", "……图表略。"]
)
def test_quotation_marks_before_a_word_are_no_chart(typed: str) -> None:
    _, found = read(text=typed)
    assert found == []


def test_a_chart_that_is_not_closed_is_told_where_it_begins() -> None:
    _, found = read(text="甲。\n\n```图表\n类型: 柱形\n数据: 申请.本年新收\n\n## 乙\n\n丙。")
    assert [(item.code, item.span.line) for item in found if item.span] == [("F401", 3)]
    assert "没有结束" in found[0].message


def test_the_end_of_a_chart_without_its_beginning_is_told() -> None:
    _, found = read(text="···图表\n类型: 柱形\n```\n\n## 乙\n\n丙。")
    assert [(item.code, item.span.line) for item in found if item.span] == [
        ("F401", 1),
        ("N116", 3),
    ]
    assert "成对" in found[1].message


def test_every_wrong_key_and_colon_is_told_in_one_run() -> None:
    assert told("图型: 柱形", "数据: 申请.本年新收", "图名: 甲") == [("F401", 2, 1), ("F401", 4, 1)]
    _, found = read("类型：柱形", "数据：申请.本年新收", "标题：甲", "单位：件")
    assert sorted(item.span.line for item in found if item.span) == [2, 3, 4, 5]
    assert {item.code for item in found} == {"I101"}


def test_wrong_values_of_several_keys_are_told_in_one_run() -> None:
    lines = ["类型: 雷达", "数据: 申请.今年新收", "宽: 20%", "行列互换: 也许"]
    assert sorted(told(*lines)) == [("F401", 2, 5), ("F401", 4, 4), ("F401", 5, 7), ("F402", 3, 5)]
    assert sorted(told("二维码: 甲", "宽: 1米")) == [("F401", 3, 4), ("F405", 2, 6)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{{ 申请.本年新收.总计 }}", "写了占位符"),
        ("\n- {{ 申请.本年新收.总计 }}", "写了占位符"),
        ("{申请.本年新收}", "“申请.本年新收”后面没有写是哪些数"),
        ("[申请.本年新收，申请.上年结转]", "中间的逗号是全角的"),
    ],
)
def test_the_braces_and_commas_of_other_places_are_told_as_what_they_are(
    data: str, message: str
) -> None:
    _, found = read("类型: 柱形", f"数据: {data}", "标题: 图1 甲")
    assert [message in item.message for item in found if item.code == "F402"] == [True]


def test_the_title_of_a_chart_has_no_footnote() -> None:
    _, found = read("类型: 柱形", "数据: 申请.本年新收", "标题: 图1[^1]")
    assert [item.code for item in found] == ["N126"]


def test_a_full_width_colon_behind_a_name_of_the_data_is_told() -> None:
    assert told("类型: 柱形", "数据:", "  甲：申请.本年新收") == [("I101", 4, 4)]
