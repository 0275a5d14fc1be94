"""Tests of where changes are to be written: the work is bounded."""

from __future__ import annotations

import pytest

from reportgen.compare import placing
from reportgen.compare.content import Passage
from reportgen.compare.differences import Comparison, Matched
from reportgen.text import Run
from tests.builders import FORMS, report


@pytest.mark.parametrize(("count", "compared"), [(20, 210), (200, 0)])
def test_texts_of_another_document_are_not_compared_each_with_each(
    count: int, compared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[float] = []

    def similarity(one: object, other: object) -> float:
        calls.append(1.0)
        return 1.0

    monkeypatch.setattr(placing, "similarity", similarity)
    texts = [(Passage((Run(f"第{number}段文字"),), None),) for number in range(2 * count)]
    lines = [Matched(one, ()) for one in texts[:count]]
    lines += [Matched((), one) for one in texts[count:]]
    placing.place_changes(Comparison(tuple(lines)), (), report(), FORMS["2021"])
    assert len(calls) == compared
