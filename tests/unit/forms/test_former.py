"""Tests of what the cells of an earlier form are in a later one."""

from __future__ import annotations

from reportgen.forms import former_cells
from tests.builders import FORMS, at

EARLIER, LATER = FORMS["2019"], FORMS["2021"]


def test_a_renamed_cell_is_found_by_its_later_name() -> None:
    former = former_cells(LATER, EARLIER.id, EARLIER.value_cells)
    later = at("主动公开/行政许可/本年处理决定数量")
    assert former.name(later) == at("主动公开/行政许可/处理决定数量")
    assert former.name(later) in EARLIER.value_cells
    same = at("申请/本年新收/自然人")
    assert former.name(same) == same


def test_each_cell_of_a_row_that_was_parted_is_a_sum_of_the_later_rows() -> None:
    sums = former_cells(LATER, EARLIER.id, EARLIER.value_cells).sums
    assert {path.row for path in sums} == {at("申请/其他处理")}
    for path, parts in sums.items():
        assert len(parts) == 3
        assert all(part in LATER.value_cells and part.column == path.column for part in parts)


def test_a_form_that_says_nothing_of_the_other_renames_nothing() -> None:
    for later, earlier in ((EARLIER, LATER), (LATER, LATER)):
        former = former_cells(later, earlier.id, earlier.value_cells)
        assert (former.names, former.sums) == ({}, {})
