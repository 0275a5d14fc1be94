"""Recognising a form's table in one found elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.forms.alignment import align_grid, align_rows
from reportgen.forms.grid import TableGrid
from tests.builders import FORMS

GRIDS = [grid for form in FORMS.values() for grid in form.tables.values()]


def printed(grid: TableGrid) -> dict[tuple[int, int], str]:
    """Return *grid* as a table found: labels, and a digit in each value cell."""
    return {(cell.row, cell.column): cell.label or "0" for cell in grid.cells()}


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid.key}-{len(grid.rows)}")
def test_table_as_printed_aligns_with_itself(grid: TableGrid) -> None:
    found = align_grid(grid, printed(grid))
    assert found.rows == {row: row for row in range(len(grid.rows))}
    assert found.columns == {column: column for column in range(grid.column_count)}
    assert (found.missing, found.score) == ((), 1)


@given(st.sampled_from(GRIDS), st.data())
@settings(max_examples=60)
def test_blank_rows_and_columns_anywhere_do_not_matter(
    grid: TableGrid, data: st.DataObject
) -> None:
    def places(count: int) -> list[int]:
        steps = data.draw(st.lists(st.integers(1, 3), min_size=count, max_size=count))
        return [sum(steps[: n + 1]) for n in range(count)]

    rows, columns = places(len(grid.rows)), places(grid.column_count)
    texts = {(rows[r], columns[c]): text for (r, c), text in printed(grid).items()}
    found = align_grid(grid, {(0, 0): grid.title, **texts})
    for cell in grid.value_cells():
        assert found.area_of(cell)[0] == (rows[cell.row], columns[cell.column])


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid.key}-{len(grid.rows)}")
def test_no_table_is_taken_for_another(grid: TableGrid) -> None:
    for other in GRIDS:
        if other.key != grid.key:
            assert align_grid(grid, printed(other)).score < 0.5


def test_lost_label_loses_its_row_only() -> None:
    grid = FORMS["2021"].tables["requests"]
    lost = next(cell for cell in grid.cells() if cell.label == "2.其他法律行政法规禁止公开")
    texts = {**printed(grid), (lost.row, lost.column): "？"}
    found = align_grid(grid, texts)
    assert found.missing == (lost,)
    assert set(range(len(grid.rows))) - set(found.rows) == {lost.row}


def test_labels_may_be_written_otherwise() -> None:
    grid = FORMS["2021"].tables["requests"]
    texts = {
        place: f" {text}\n".replace("（", "(").replace("、", "、 ")
        for place, text in printed(grid).items()
    }
    assert align_grid(grid, texts).score == 1


def rows_of(grid: TableGrid) -> list[list[str]]:
    """Return *grid* as the rows of a published document: the texts of the cells of each."""
    return [[cell.label or "0" for cell in row] for row in grid.rows]


@given(st.sampled_from(GRIDS), st.data())
@settings(max_examples=60)
def test_rows_are_found_among_others(grid: TableGrid, data: st.DataObject) -> None:
    strange = st.lists(st.sampled_from(["说明", "", "一、"]), max_size=3)
    rows: list[list[str]] = []
    places = {}
    for number, row in enumerate(rows_of(grid)):
        rows += data.draw(st.lists(strange, max_size=2))
        places[number] = len(rows)
        rows.append(row)
    found = align_rows(grid, rows)
    for cell in grid.value_cells():
        ((row_found, column),) = found.area_of(cell)
        assert row_found == places[cell.row]
        assert rows[row_found][column] == "0"


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid.key}-{len(grid.rows)}")
def test_numbers_of_a_row_stand_in_their_order(grid: TableGrid) -> None:
    rows = [[cell.label or str(cell.column) for cell in row] for row in grid.rows]
    found = align_rows(grid, rows)
    for cell in grid.value_cells():
        ((row, column),) = found.area_of(cell)
        assert rows[row][column] == str(cell.column)


def test_row_with_a_number_too_few_is_not_taken() -> None:
    grid = FORMS["2021"].tables["requests"]
    rows = rows_of(grid)
    short = next(n for n, row in enumerate(rows) if row.count("0") > 1)
    rows[short] = rows[short][:-1]
    assert short not in align_rows(grid, rows).rows


def test_label_that_comes_again_far_below_does_not_swallow_the_rows_between() -> None:
    grid = FORMS["2021"].tables["requests"]
    rows = rows_of(grid)
    lost = next(n for n, row in enumerate(rows) if "0" in row)
    again = [*rows[:lost], *rows[lost + 1 :], rows[lost]]
    found = align_rows(grid, again)
    assert len(found.rows) == len({cell.row for cell in grid.value_cells()}) - 1


def test_looking_begins_where_it_is_told_to() -> None:
    grid = FORMS["2021"].tables["disputes"]
    rows = rows_of(grid)
    assert align_rows(grid, rows, len(rows)).rows == {}
    assert min(align_rows(grid, [*rows, *rows], len(rows)).rows.values()) >= len(rows)
