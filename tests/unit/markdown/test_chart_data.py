"""Tests of the paths by which charts name numbers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.charts import Point
from reportgen.markdown.chart_data import ChartNumbers, PathProblem, names_of, series_names
from reportgen.model.report import Quantity
from tests.builders import FORMS, at, report

FORM = FORMS["2021"]
CELLS = {
    "申请/本年新收/自然人": Quantity(3),
    "申请/本年新收/商业企业": Quantity(1),
    "申请/本年新收/总计": Quantity(4),
    "申请/上年结转/自然人": Quantity(2),
    "申请/不予公开/属于国家秘密/总计": Quantity(5),
    "申请/不予公开/重复申请/总计": Quantity(6),
    "申请/予以公开/自然人": Quantity(None, "/"),
    "主动公开/行政许可/本年处理决定数量": Quantity(1268453),
    "主动公开/行政事业性收费/本年收费金额": Quantity(7),
}


def numbers(*, with_previous: bool = False) -> ChartNumbers:
    """Return the numbers of a report, and of one of the year before that has 9 in one cell."""
    own = report(cells=CELLS)
    if with_previous:
        before = report(cells={"申请/本年新收/总计": Quantity(9)}, year=2023)
        own = replace(own, previous=before)
    return ChartNumbers.of(own, FORM, FORM if with_previous else None)


@pytest.mark.parametrize(
    "typed",
    [
        "申请.本年新收.总计",
        "申请/本年新收/总计",
        " 申请 ． 本年新收 ． 总计 ",
        "申请.一、本年新收.总计",
    ],
)
def test_a_cell_is_named_as_in_placeholders(typed: str) -> None:
    found = numbers().find(typed)
    assert [number.path for number in found.numbers] == [at("申请/本年新收/总计")]
    assert found.numbers[0].point == Point(4, "4")
    assert not found.is_many


def test_a_whole_row_has_no_total() -> None:
    found = numbers().find("申请.本年新收")
    assert found.is_many
    columns = [number.path.column for number in found.numbers]
    assert columns[0] == "自然人"
    assert len(columns) == 6
    assert "总计" not in columns


def test_a_column_has_the_rows_that_have_it_but_no_total_row() -> None:
    rows = [number.path.keys[1] for number in numbers().find("申请.*.自然人").numbers]
    assert "本年新收" in rows
    assert "总计" not in rows
    parts = numbers().find("申请.不予公开.*.总计").numbers
    assert len(parts) == 8
    assert parts[0].point == Point(5, "5")


def test_a_missing_number_is_missing_and_not_zero() -> None:
    first = numbers().find("申请.予以公开").numbers[0]
    assert first.point == Point(None)


def test_a_sum_is_the_sum_of_its_cells() -> None:
    own = report(cells={"申请/本年新收/自然人": Quantity(3), "申请/上年结转/自然人": Quantity(4)})
    found = ChartNumbers.of(own, FORM).find("合计(申请.本年新收)")
    assert found.numbers[0].point == Point(None), "a part is missing"
    full = {f"复议诉讼/行政复议/{key}": Quantity(n) for n, key in enumerate(_OUTCOMES, 1)}
    of_all = ChartNumbers.of(report(cells=full), FORM).find("合计（复议诉讼.行政复议）")
    assert of_all.numbers[0].point == Point(10, "10")
    assert not of_all.is_many


_OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结")


def test_a_star_for_the_columns_has_no_total() -> None:
    of_star = numbers().find("申请.本年新收.*")
    assert of_star == numbers().find("申请.本年新收")
    full = {f"复议诉讼/行政复议/{key}": Quantity(n) for n, key in enumerate(_OUTCOMES, 1)}
    own = report(cells={**full, "复议诉讼/行政复议/总计": Quantity(10)})
    of_all = ChartNumbers.of(own, FORM).find("合计(复议诉讼.行政复议.*)")
    assert of_all.numbers[0].point == Point(10, "10")
    assert len(numbers().find("申请.总计.*").numbers) == 6


def test_last_year_is_found_where_it_is_known() -> None:
    found = numbers(with_previous=True).find("上年.申请.本年新收.总计")
    assert found.numbers[0].point == Point(9, "9")
    assert found.numbers[0].year == 2023
    with pytest.raises(PathProblem) as raised:
        numbers().find("上年.申请.本年新收.总计")
    assert raised.value.wording == "previous"


@pytest.mark.parametrize(
    ("typed", "wording"),
    [
        ("申请.今年新收", "unknown"),
        ("申请.本年新收.总计.件", "unknown"),
        ("单位", "unknown"),
        ("申请", "group"),
        ("申请.不予公开", "group"),
        ("申请.*.没有", "unknown"),
        ("合计(主动公开.*.*)", "units"),
    ],
)
def test_a_path_that_leads_to_no_number_is_told(typed: str, wording: str) -> None:
    with pytest.raises(PathProblem) as raised:
        numbers().find(typed)
    assert raised.value.wording == wording


@pytest.mark.parametrize(
    "typed",
    [
        "【申请.本年新收】", "“申请.本年新收”", "(申请.本年新收)", "申请[本年新收]",
        "申请。本年新收", "申请-本年新收", "申请→本年新收",
    ],
)  # fmt: skip
def test_other_marks_around_keys_are_told_with_the_path_that_is_meant(typed: str) -> None:
    with pytest.raises(PathProblem) as raised:
        numbers().find(typed)
    assert raised.value.values["相近"] == "申请.本年新收"


def test_another_word_for_last_year_is_told_with_the_one_to_write() -> None:
    with pytest.raises(PathProblem) as raised:
        numbers(with_previous=True).find("去年.申请.本年新收.总计")
    assert raised.value.values["相近"] == "上年.申请.本年新收.总计"


def test_cells_are_named_by_what_they_differ_in() -> None:
    every = numbers(with_previous=True)

    def cells(*typed: str) -> list[str]:
        return names_of([every.find(one).numbers[0] for one in typed])

    assert cells("申请.本年新收.总计", "申请.结转下年度.总计") == ["本年新收", "结转下年度"]
    assert cells("上年.申请.本年新收.总计", "申请.本年新收.总计") == ["2023年", "2024年"]
    assert cells("申请.本年新收.自然人", "申请.本年新收.总计") == ["自然人", "总计"]


def test_rows_are_named_by_what_they_differ_in() -> None:
    every = numbers(with_previous=True)
    rows = [every.find(typed).numbers for typed in ("申请.本年新收", "上年.申请.本年新收")]
    assert series_names(rows) == ["2024年", "2023年"]
    rows = [every.find(typed).numbers for typed in ("申请.本年新收", "申请.上年结转")]
    assert series_names(rows) == ["本年新收", "上年结转"]
    assert series_names(rows[:1]) == [""]
