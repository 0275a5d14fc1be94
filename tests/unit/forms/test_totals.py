"""Totals that were left out are computed."""

from __future__ import annotations

import pytest

from reportgen.forms.totals import complete_cells
from reportgen.model.tables import CellPath, Quantity
from tests.builders import APPLICANTS, FORMS, at, quantities, zeros

FORM = FORMS["2021"]


def without_totals() -> dict[CellPath, Quantity]:
    cells = quantities(zeros("2021"))
    return {path: cell for path, cell in cells.items() if path not in FORM.totals}


def test_every_total_is_computed_from_its_parts() -> None:
    cells = without_totals()
    cells[at("申请/予以公开/自然人")] = Quantity(2, "2")
    cells[at("申请/其他处理/其他/商业企业")] = Quantity(3, "3")
    full = complete_cells(FORM, cells, zero_missing=False)
    assert set(full) == set(FORM.value_cells)
    assert full[at("申请/予以公开/总计")] == Quantity(2, computed=True)
    assert full[at("申请/总计/自然人")].number == 2
    assert full[at("申请/总计/商业企业")].number == 3
    assert full[at("申请/总计/总计")].number == 5
    assert full[at("申请/总计/总计")].computed


def test_typed_total_is_never_changed() -> None:
    cells = {**without_totals(), at("申请/予以公开/总计"): Quantity(7, "7")}
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/予以公开/总计")].number == 7


def test_total_with_an_absent_part_stays_absent() -> None:
    cells = without_totals()
    del cells[at("申请/予以公开/自然人")]
    full = complete_cells(FORM, cells, zero_missing=False)
    for absent in ("申请/予以公开/总计", "申请/总计/自然人", "申请/总计/总计"):
        assert absent not in full
    assert "申请/总计/商业企业" in full


def test_omitted_cells_count_as_zero_when_asked_for() -> None:
    full = complete_cells(FORM, {}, zero_missing=True)
    assert set(full) == set(FORM.value_cells)
    assert all(cell == Quantity(0) and cell.computed for cell in full.values())


def test_no_number_is_zero_in_a_total() -> None:
    cells = {**without_totals(), at("申请/予以公开/自然人"): Quantity(None, "/")}
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/予以公开/总计")].number == 0


def test_total_of_an_unreadable_part_is_unreadable_too() -> None:
    cells = {**without_totals(), at("申请/予以公开/自然人"): Quantity(None, "三", invalid=True)}
    full = complete_cells(FORM, cells, zero_missing=False)
    assert full[at("申请/予以公开/总计")].invalid
    assert full[at("申请/总计/总计")].invalid
    assert not full[at("申请/部分公开/总计")].invalid


def test_corner_is_computed_from_the_row_when_a_column_is_incomplete() -> None:
    cells = without_totals()
    for name in [name for name in cells if name.startswith("申请/予以公开/")]:
        del cells[name]
    cells.update(quantities({f"申请/总计/{applicant}": 1 for applicant in APPLICANTS}))
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/总计/总计")].number == 6


def test_corner_is_the_sum_of_its_row_when_the_row_was_typed() -> None:
    cells = {**without_totals(), at("申请/总计/自然人"): Quantity(9, "9")}
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/总计/总计")].number == 9


@pytest.mark.parametrize("zero_missing", [True, False])
def test_given_cells_are_left_alone(zero_missing: bool) -> None:
    cells = without_totals()
    before = dict(cells)
    complete_cells(FORM, cells, zero_missing=zero_missing)
    assert cells == before
