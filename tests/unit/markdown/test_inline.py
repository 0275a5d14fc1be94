"""Signs in a text that are markup elsewhere and stay as typed."""

from __future__ import annotations

import pytest

from reportgen.model.report import NarrativeParagraph
from reportgen.text import plain_text
from tests.unit.markdown.reading import read, styles


@pytest.mark.parametrize(
    "text",
    [
        "展板规格为210*297*5毫米。",
        "场地3米*4米*5米。",
        "每份3*2元，共2*(3+4)*5元。",
        "(1+2)*(3+4)*(5+6)元",
        "型号A4*B5*C6。",
        "见附件文件_2024_终稿和snake_case_name。",
        "2**3**4",
    ],
)
def test_stars_between_factors_and_bars_within_names_stay(text: str) -> None:
    narrative, _ = read(text)
    (paragraph,) = narrative.opening
    assert isinstance(paragraph, NarrativeParagraph)
    assert plain_text(paragraph.runs) == text
    assert not any(run.italic or run.bold for run in paragraph.runs)


def test_stars_that_multiply_leave_emphasis_behind_them_alone() -> None:
    assert styles("每份3*2元，*注：按页计收。*") == [
        ("每份3*2元，", ""),
        ("注：按页计收。", "I"),
    ]
    assert styles("共**8**件") == [("共", ""), ("8", "B"), ("件", "")]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("减排CO~2~和NO~x~", "减排CO₂和NOₓ"),
        ("PM~2.5~浓度", "PM₂.₅浓度"),
        ("Ca(OH)~2~、SO~4~^2-^", "Ca(OH)₂、SO₄²⁻"),
        ("**H**~2~O", "H₂O"),
        ("面积1500m^2^、10^6^", "面积1500m²、10⁶"),
        ("共120米^2^", "共120米²"),
    ],
)
def test_closed_carets_and_tildes_are_scripts(typed: str, text: str) -> None:
    narrative, found = read(typed)
    assert not found
    (paragraph,) = narrative.opening
    assert isinstance(paragraph, NarrativeParagraph)
    assert plain_text(paragraph.runs) == text


@pytest.mark.parametrize(
    "typed",
    ["2~3个月", "1~12月", "1~3月、6~8月", "5^", "3~5，7~9", "甲~乙~丙", "A1~A5、B1~B5", "（^_^）"],
)
def test_ranges_and_lone_carets_stay(typed: str) -> None:
    narrative, found = read(typed)
    assert not found
    (paragraph,) = narrative.opening
    assert isinstance(paragraph, NarrativeParagraph)
    assert plain_text(paragraph.runs) == typed
