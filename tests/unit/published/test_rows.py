"""Texts behind a label → the cells of a row, only where one way is left."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportgen.published.found import FoundCell
from reportgen.published.rows import How, settle
from tests.unit.published.blocks import file_of, table


def cells(*texts: str) -> list[FoundCell]:
    return list(next(file_of(table("|".join(texts))).tables).rows[0])


def last_is_sum(numbers: Sequence[int]) -> bool:
    return sum(numbers[:-1]) == numbers[-1]


@pytest.mark.parametrize(
    ("texts", "count", "expected"),
    [
        (("1", "2", "3"), 3, ["1", "2", "3"]),
        (("1", "", "2", "3", ""), 3, ["1", "2", "3"]),
        (("/", "", "-"), 3, ["/", "", "-"]),
        (("5", "5"), 1, ["5"]),
        (("", ""), 2, ["", ""]),
    ],
)
def test_one_text_for_each_cell_is_taken_as_it_stands(
    texts: tuple[str, ...], count: int, expected: list[str]
) -> None:
    settled = settle(cells(*texts), count, last_is_sum)
    assert settled.how is How.PLAIN
    assert [cell.text for cell in settled.cells] == expected


@pytest.mark.parametrize(("text", "expected"), [("5712", ["5", "7", "12"]), ("0909", None)])
def test_digits_run_together_are_parted_by_the_sum_if_one_way_is_left(
    text: str, expected: list[str] | None
) -> None:
    settled = settle(cells(text), 3, last_is_sum)
    assert settled.how is (How.PARTED if expected else How.UNCLEAR)
    assert [cell.text for cell in settled.cells] == (expected or [])


@pytest.mark.parametrize("texts", [("1", "2"), ("1", "2", "3", "4"), ("甲", "1")])
def test_anything_else_is_unclear(texts: tuple[str, ...]) -> None:
    assert settle(cells(*texts), 3, last_is_sum).how is How.UNCLEAR


def test_without_a_sum_nothing_is_parted() -> None:
    assert settle(cells("5712"), 3, None).how is How.UNCLEAR
