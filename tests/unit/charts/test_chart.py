"""Tests of what a chart says in words."""

from __future__ import annotations

from reportgen.charts import ChartKind, QrCode
from tests.unit.charts.drawing import chart


def test_the_words_have_every_number_with_its_names() -> None:
    made = chart(ChartKind.BARS, ["甲", "乙"], {"2024年": [3, 0], "2023年": [1, None]}, "件")
    assert made.alternative == ("柱形图（单位：件）。2024年：甲 3，乙 0；2023年：甲 1，乙 未填。")


def test_a_single_series_has_no_name() -> None:
    assert chart(ChartKind.PIE, ["甲"], {"": [3]}).alternative == "饼图。甲 3。"


def test_a_code_says_where_it_leads() -> None:
    assert QrCode("https://a.example/b").alternative == "二维码，扫描后打开 https://a.example/b"
