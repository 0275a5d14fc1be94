"""The functions and filters of placeholders, and what they refuse."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest

from reportgen.placeholders.functions import FILTERS, as_number, number_text, settled, value_text


@pytest.mark.parametrize(
    ("name", "arguments", "printed"),
    [
        ("万元", (3892431,), "389.2431"),
        ("万元", (126000,), "12.6"),
        ("千分位", (1234567,), "1,234,567"),
        ("中文数字", (12,), "十二"),
        ("小数", (Decimal("2.345"),), "2.35"),
        ("小数", (Decimal("-2.345"), 1), "-2.3"),
        ("占比", (1, 3), "33.33%"),
        ("占比", (0, 0), "0%"),
        ("同比", (112, 100), "增长12.00%"),
        ("同比", (88, 100), "下降12.00%"),
        ("同比", (100, 100), "持平"),
        ("同比", (1000001, 1000000), "基本持平"),
        ("同比", (5, 0), "上年为零"),
    ],
)
def test_what_a_filter_prints(name: str, arguments: tuple[object, ...], printed: str) -> None:
    assert str(FILTERS[name](*arguments)) == printed


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: as_number("三"), "文字“三”"),
        (lambda: as_number(True), "其他内容"),
        (lambda: as_number(None), "空值"),
        (lambda: as_number(float("inf")), "不是一个有限的数字"),
        (lambda: as_number(10**60), "数字过大"),
        (lambda: FILTERS["中文数字"](1.5), "只支持整数"),
        (lambda: FILTERS["小数"](1, 11), "0 至 10"),
        (lambda: value_text({"甲": 1}), "一组数据"),
        (lambda: value_text(None), "没有填写"),
        (lambda: value_text(as_number), "这是一个函数"),
        (lambda: value_text("\ud800"), "不是文字"),
    ],
)
def test_what_cannot_be_printed_is_told(call: Callable[[], object], told: str) -> None:
    with pytest.raises((ValueError, OverflowError), match=told):
        call()


def test_values_are_printed_as_the_narrative_writes_them() -> None:
    assert value_text(datetime.date(2025, 1, 9)) == "2025年1月9日"
    assert value_text(False) == "否"
    assert value_text(Decimal("1E+3")) == "1000"


def test_no_number_is_printed_with_the_rest_of_a_calculation() -> None:
    assert number_text(Decimal(1) / Decimal(3)) == "0.3333333333"
    assert settled(Decimal("126000.0")) == 126000
    assert str(settled(Decimal("12.50"))) == "12.5"
