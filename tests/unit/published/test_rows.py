"""Texts behind a label → the cells of a row, only where one way is left."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportgen.published.found import FoundCell
from reportgen.published.rows import How, WantedRow, found_rows, settle, table_copies
from tests.unit.published.blocks import file_of, table


def cells(*texts: str) -> list[FoundCell]:
    return list(next(file_of(table("|".join(texts))).tables).rows[0])


def last_is_sum(numbers: Sequence[int]) -> bool:
    return sum(numbers[:-1]) == numbers[-1]


@pytest.mark.parametrize(
    ("texts", "count", "expected"),
    [
        (("1", "2", "3"), 3, ["1", "2", "3"]),
        (("1", "2", "3", "", ""), 3, ["1", "2", "3"]),
        (("5", "", "5"), 3, ["5", "", "5"]),
        (("/", "", "-"), 3, ["/", "", "-"]),
        (("5", "5"), 1, ["5"]),
        (("", ""), 2, ["", ""]),
    ],
)
def test_one_text_for_each_cell_is_taken_as_it_stands(
    texts: tuple[str, ...], count: int, expected: list[str]
) -> None:
    settled = settle(cells(*texts), [1] * count, last_is_sum)
    assert settled.how is How.PLAIN
    assert [cell.text for cell in settled.cells] == expected


@pytest.mark.parametrize(("text", "expected"), [("5712", ["5", "7", "12"]), ("0909", None)])
def test_digits_run_together_are_parted_by_the_sum_if_one_way_is_left(
    text: str, expected: list[str] | None
) -> None:
    settled = settle(cells(text), [1, 1, 1], last_is_sum)
    assert settled.how is (How.PARTED if expected else How.UNCLEAR)
    assert [cell.text for cell in settled.cells] == (expected or [])


@pytest.mark.parametrize("texts", [("1", "2"), ("1", "2", "3", "4"), ("甲", "1")])
def test_anything_else_is_unclear(texts: tuple[str, ...]) -> None:
    assert settle(cells(*texts), [1, 1, 1], last_is_sum).how is How.UNCLEAR


def test_without_a_sum_nothing_is_parted() -> None:
    assert settle(cells("5712"), [1, 1, 1], None).how is How.UNCLEAR


def test_blanks_that_are_no_places_are_left_out_where_the_sum_tells() -> None:
    settled = settle(cells("1", "", "2", "3", ""), [1, 1, 1], last_is_sum)
    assert settled.how is How.CLOSED_UP
    assert [cell.text for cell in settled.cells] == ["1", "2", "3"]


@pytest.mark.parametrize("texts", [("1", "", "1", "9"), ("", "4", "4", "9"), ("4", "4", "")])
def test_a_blank_that_may_be_a_zero_is_not_passed_over(texts: tuple[str, ...]) -> None:
    assert settle(cells(*texts), [1, 1, 1], last_is_sum).how is How.UNCLEAR
    assert len(texts) == 3 or settle(cells(*texts), [1, 1, 1], None).how is How.UNCLEAR


def test_blanks_under_merged_cells_are_no_places() -> None:
    settled = settle(cells("7", "", "9"), [2, 1], None)
    assert [cell.text for cell in settled.cells] == ["7", "9"]
    assert settled.how is How.PLAIN


ROWS = [WantedRow((name,), "", ()) for name in ("规章", "许可", "处罚", "强制")]


def copies(*names: str) -> list[list[str]]:
    found = found_rows(file_of(table(*(f"{name}|1" for name in names))).tables, (), ())
    return [[row.labels[0].text for row in copy] for copy in table_copies(ROWS, found)]


def test_a_table_that_stands_there_twice_is_parted() -> None:
    names = ["规章", "许可", "处罚", "强制"]
    assert copies(*names, *names) == [names, names]
    assert copies(*names, "规章", "许可") == [names, ["规章", "许可"]]


@pytest.mark.parametrize(
    "names",
    [("规章", "规章", "许可", "强制"), ("许可", "规章", "强制", "处罚"), ("强制", "其他", "规章")],
)
def test_single_rows_written_twice_or_moved_are_no_second_table(names: tuple[str, ...]) -> None:
    assert copies(*names) == [list(names)]
