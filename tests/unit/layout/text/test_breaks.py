"""Where a line may end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reportgen.characters import classify
from reportgen.layout.text.breaks import EMERGENCY, Breaks, Column, find_breaks, find_openings
from reportgen.layout.text.measure import Measure, measure


def measured(text: str, zi: float = 10.0) -> Measure:
    widths = [zi / 2 if char.isascii() else zi for char in text]
    return measure(text, classify(text), widths, zi)


def pieces(text: str) -> list[str]:
    """Return *text* divided wherever a line may end."""
    places = find_breaks(measured(text)).places
    return [text[start:end] for start, end in pairwise(places)]


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("公开信息", ["公", "开", "信", "息"]),
        ("公开，《条例》。", ["公", "开，", "《条", "例》。"]),
        ("收到 12 件", ["收", "到 ", "12 ", "件"]),
        ("国办发〔2021〕30号文", ["国", "办", "发", "〔2021〕30号", "文"]),
        ("下降－３．５％后", ["下", "降", "－３．５％", "后"]),
        ("the world", ["the ", "world"]),
    ],
)
def test_where_a_text_may_be_divided(text: str, parted: list[str]) -> None:
    assert pieces(text) == parted


@pytest.mark.parametrize("text", ["共收到30件申请", "共计面积30㎡申请"])
def test_a_number_is_rather_not_parted_from_its_counter(text: str) -> None:
    penalty = dict(zip(*find_breaks(measured(text)), strict=True))
    assert penalty[text.index("申") - 1] > penalty[text.index("申")] == 0


def test_an_address_is_divided_after_its_slashes_first() -> None:
    text = "www.example.gov.cn/zwgk/index.html"
    penalty = dict(zip(*find_breaks(measured(text)), strict=True))
    assert penalty[text.index("zwgk")] < penalty[text.index("gov")]


def test_a_word_wider_than_the_column_is_divided_anyhow() -> None:
    openings = find_openings(measured("a" * 40), Column(50.0, 50.0))
    assert max(openings.penalties) >= EMERGENCY
    ends = zip(openings.places, openings.places[1:], strict=False)
    assert all(openings.text.loose_width(start, end) <= 50.0 for start, end in ends)


def test_more_breaks_are_put_among_those_that_are_there() -> None:
    assert Breaks([0, 4], [0.0, 0.0]).with_more({2: 7.0}) == Breaks([0, 2, 4], [0.0, 7.0, 0.0])
