"""Each character of a rendered text knows where it was typed."""

from __future__ import annotations

import datetime

import pytest

from reportgen.placeholders.rendered import (
    Names,
    RenderedText,
    Segment,
    format_date,
    unrendered,
)
from reportgen.source import SourceFile

SOURCE = SourceFile("正文.md", "收到{{ 数 }}件。")
# "收到" as typed, "128" in place of the placeholder, "件。" as typed
RENDERED = RenderedText(
    "收到128件。",
    SOURCE,
    (Segment(0, 0, 2, False), Segment(2, 2, 9, True), Segment(5, 9, 11, False)),
)


@pytest.mark.parametrize(
    ("start", "end", "typed"),
    [
        (0, 2, "收到"),
        (1, 2, "到"),
        (2, 5, "{{ 数 }}"),
        (3, 4, "{{ 数 }}"),
        (1, 6, "到{{ 数 }}件"),
        (5, 7, "件。"),
        (6, 6, ""),
    ],
)
def test_where_a_stretch_was_typed(start: int, end: int, typed: str) -> None:
    assert RENDERED.span(start, end).text == typed


def test_values_are_bounded() -> None:
    assert RENDERED.boundaries(0, 7) == [2, 5]
    assert RENDERED.boundaries(2, 5) == []
    assert RENDERED.segment_at(4).is_value


def test_a_text_without_placeholders_is_its_own_origin() -> None:
    text = unrendered(SourceFile("正文.md", "甲\ufdd0乙"))
    assert text.text == "甲\ufffd乙"
    assert text.span(2, 3).text == "乙"


def test_names_are_found_in_any_spelling() -> None:
    names = Names({"本年新收": {"自然人": 3}})
    assert names["本年新收 "] == names["本年新收"]
    with pytest.raises(KeyError):
        names["上年结转"]


def test_dates_have_no_zeros() -> None:
    assert format_date(datetime.date(2025, 1, 9)) == "2025年1月9日"
    assert format_date(None) == ""
