"""Tests of the sum of many reports."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.units.aggregate import add_up, build_aggregate
from reportgen.units.reading import Head, UnitNumber, UnitReport, Unread
from tests.builders import FORMS, LIBRARY

FORM = FORMS["2021"]
PATHS = list(FORM.value_cells)


def unit(name: str, first: UnitNumber, *, form: str = "disclosure/2021") -> UnitReport:
    """Return a report with *first* in its first cell and zeros elsewhere."""
    head = Head(f"{name}局", 2024, "本机关", form)
    return UnitReport(name, head, (first, *(0 for _ in PATHS[1:])))


def test_a_sum_says_how_it_comes_about() -> None:
    units = [unit("甲", 3), unit("乙", Decimal("4.50")), unit("丙", 0), unit("丁", None)]
    total = add_up(units, FORM)[PATHS[0]]
    assert (total.number, total.unread, total.blank, total.zero) == (Decimal("7.50"), 0, 1, 1)
    assert total.in_words(PATHS[0]).splitlines() == [
        str(PATHS[0]),
        "乙局 4.50、甲局 3",
        "1 家是 0；1 家是“/”或空白，按 0 计",
    ]


def test_of_many_addends_the_largest_are_named() -> None:
    total = add_up([unit(f"{n:02}", n) for n in range(1, 31)], FORM)[PATHS[0]]
    assert total.number == 465
    assert total.in_words(PATHS[0]).splitlines()[1].startswith("30局 30、29局 29")
    assert total.in_words(PATHS[0]).splitlines()[1].endswith("、其余 10 家")


@pytest.mark.parametrize(
    ("addends", "typed", "is_lost"),
    [
        ((1, 2), 3, False),
        ((1, None), 1, False),
        ((None, None), None, False),
        ((1, Unread("一")), None, True),
        ((0, -2), -2, False),
    ],
)
def test_a_sum_is_typed_only_if_it_is_whole(
    addends: Sequence[UnitNumber], typed: int | None, is_lost: bool
) -> None:
    units = [unit(name, number) for name, number in zip("甲乙", addends, strict=True)]
    quantity = add_up(units, FORM)[PATHS[0]].quantity
    assert (quantity.number, quantity.invalid) == (typed, is_lost)


def test_forms_are_not_added_to_each_other() -> None:
    units = [unit("甲", 1), unit("乙", 2), unit("丙", 3, form="disclosure/2019")]
    total = build_aggregate(units, LIBRARY)
    assert total.included == {"甲", "乙"}
    assert total.cells[PATHS[0]].number == 3
    assert [remark.finding.slug for remark in total.remarks] == ["organ-of-other-form"]


def test_the_year_is_that_of_most_and_the_later_of_two() -> None:
    old = UnitReport("丙", Head("丙局", 2023, "本机关", "disclosure/2021"), (0,) * len(PATHS))
    assert build_aggregate([unit("甲", 1), old], LIBRARY).year == 2024
    assert build_aggregate([unit("甲", 1), old], LIBRARY, year=2023).included == {"丙"}
    with pytest.raises(EnvironmentProblem, match="没有可以汇总的报告"):
        build_aggregate([], LIBRARY)
