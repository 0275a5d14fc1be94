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
