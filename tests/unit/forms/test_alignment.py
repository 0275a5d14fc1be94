"""Recognising a form's table in one found elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.forms.alignment import align_copies, align_grid, missing_labels
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


def moved(grid: TableGrid, rows: int, columns: int) -> dict[tuple[int, int], str]:
    return {(row + rows, column + columns): text for (row, column), text in printed(grid).items()}


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid.key}-{len(grid.rows)}")
@pytest.mark.parametrize("where", ["below", "beside", "at the corner"])
def test_two_copies_on_a_sheet_are_told_apart(grid: TableGrid, where: str) -> None:
    rows = 0 if where == "beside" else len(grid.rows) + 2
    columns = 0 if where == "below" else grid.column_count + 1
    found = align_copies(grid, {**printed(grid), **moved(grid, rows, columns)})
    assert [copy.score for copy in found] == [1, 1]
    for cell in grid.value_cells():
        places = [copy.area_of(cell)[0] for copy in found]
        assert places == [(cell.row, cell.column), (cell.row + rows, cell.column + columns)]


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid.key}-{len(grid.rows)}")
def test_no_row_of_one_copy_is_taken_for_one_of_the_other(grid: TableGrid) -> None:
    """A label that was changed in the upper copy stands unchanged in the lower one."""
    upper = printed(grid)
    changed = next(cell for cell in reversed(grid.cells()) if cell.label)
    upper[changed.row, changed.column] = "？"
    depth = len(grid.rows) + 1
    first, second = align_copies(grid, {**upper, **moved(grid, depth, 0)})
    assert changed in first.missing
    assert second.missing == ()
    for cell in grid.value_cells():
        assert all(row < depth for row, _ in first.area_of(cell))


def test_label_that_stands_alone_below_a_table_is_no_copy() -> None:
    grid = FORMS["2021"].tables["proactive"]
    texts = {**printed(grid), (len(grid.rows) + 1, 0): "行政许可", (len(grid.rows) + 1, 1): "5"}
    (found,) = align_copies(grid, texts)
    assert found.score == 1
    assert all(found.area_of(cell)[0] == (cell.row, cell.column) for cell in grid.value_cells())


def test_number_whose_own_label_was_changed_is_lost_though_its_group_was_found() -> None:
    grid = FORMS["2021"].tables["requests"]
    own = next(cell for cell in grid.cells() if cell.label == "（一）予以公开")
    found = align_grid(grid, {**printed(grid), (own.row, own.column): "（一）拒绝公开"})
    lost = [cell for cell in grid.value_cells() if not found.area_of(cell)]
    assert {cell.row for cell in lost} == {own.row}
    assert missing_labels(grid, lost[0], found.missing) == [own]
    assert found.place_of(own) == (own.row, own.column)
