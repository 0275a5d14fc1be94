"""Recognising a form's table in one found elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.forms.alignment import align_grid
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
