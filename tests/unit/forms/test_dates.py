"""Tests of dates as people type them."""

from __future__ import annotations

import datetime

import pytest

from reportgen.forms import parse_date


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-20", "2026-1-20", "2026/1/20", "2026.1.20", "2026年1月20日", "2026年1月20号",
        "２０２６年１月２０日", "２０２６．１．２０", "2026 年 1 月 20 日", "二〇二六年一月二十日",
        "二零二六年一月二十号", "二○二六年 1 月 20 日", "2026年01月20",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(typed: str) -> None:
    assert parse_date(typed) == datetime.date(2026, 1, 20)


@pytest.mark.parametrize(
    ("typed", "month", "day"),
    [
        ("二〇二六年十二月三十一日", 12, 31),
        ("二〇二六年十月十日", 10, 10),
        ("二〇二六年二月十二日", 2, 12),
    ],
)
def test_chinese_numerals_are_those_of_a_day(typed: str, month: int, day: int) -> None:
    assert parse_date(typed) == datetime.date(2026, month, day)


@pytest.mark.parametrize(
    "typed",
    [
        "", "明天", "2026年1月", "2026-02-30", "0000-01-01", "20260120", "26-1-20", "1/20/2026",
        "2026年1月二二日", "二〇二六年〇月十日", "2026年十十月1日", "2026年1月十二十日",
    ],
)  # fmt: skip
def test_what_may_be_another_day_or_is_none_is_not_read(typed: str) -> None:
    assert parse_date(typed) is None
