"""The order of the columns of a row, as the heads above it say."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from reportgen.published.found import FoundTable
from reportgen.published.heads import ColumnHead, column_order, head_labels, official_heads
from reportgen.published.rows import FoundRow, WantedRow, found_rows, wanted_rows
from tests.builders import FORMS
from tests.unit.published.blocks import file_of, table

FORM = FORMS["2021"]
PROACTIVE, REQUESTS = FORM.tables["proactive"], FORM.tables["requests"]
RULES = next(row for row in wanted_rows(PROACTIVE) if row.cells[0].path.row.within_table == "规章")
NEW = wanted_rows(REQUESTS)[0]


def heads(*rows: str) -> list[FoundRow]:
    """Return *rows* of a file, cells parted by bars, as rows of heads."""
    tables: Iterable[FoundTable] = file_of(table(*rows)).tables
    return [row for row in found_rows(list(tables), {}, frozenset()) if row.labels or row.values]


def order(wanted: WantedRow, *rows: str) -> tuple[int, ...] | None:
    grid = PROACTIVE if wanted is RULES else REQUESTS
    found = column_order(wanted, official_heads(grid, wanted.cells[0].row), heads(*rows))
    return found.places if found else None


def test_heads_in_the_official_order_leave_the_numbers_where_they_are() -> None:
    assert order(RULES, "信息内容|本年制发件数|本年废止件数|现行有效件数") == (0, 1, 2)


def test_columns_that_changed_places_are_found_by_their_heads() -> None:
    assert order(RULES, "信息内容|现行有效件数|本年制发件数|本年废止件数") == (1, 2, 0)


def test_without_any_head_the_official_order_is_taken_and_is_not_sure() -> None:
    found = column_order(RULES, official_heads(PROACTIVE, RULES.cells[0].row), [])
    assert found is not None
    assert (found.is_official, found.is_sure) == (True, False)


def test_a_head_given_twice_in_place_of_another_leaves_the_order_unclear() -> None:
    assert order(RULES, "信息内容|现行有效件数|现行有效件数|本年制发件数") is None


def test_a_column_that_the_form_does_not_know_is_noticed() -> None:
    row = "信息内容|本年制发件数|本年修订件数|本年废止件数|现行有效件数"
    tree = official_heads(PROACTIVE, RULES.cells[0].row)
    found = column_order(RULES, tree, heads(row))
    assert found is not None
    assert found.has_others


def test_heads_above_heads_are_dealt_out_to_those_below_them() -> None:
    tree = official_heads(REQUESTS, NEW.cells[0].row)

    def leaves(found: Iterable[ColumnHead]) -> list[str]:
        return [leaf for h in found for leaf in (leaves(h.below) if h.below else [h.label])]

    assert leaves(tree)[:2] == ["自然人", "商业企业"]
    assert len(leaves(tree)) == len(NEW.cells)


@pytest.mark.parametrize("label", ["本年制发件数", "现行有效件数"])
def test_the_labels_above_a_row_are_those_of_its_columns(label: str) -> None:
    assert label in head_labels(PROACTIVE, RULES.cells[0].row)


def test_the_label_above_one_cell_is_its_own() -> None:
    cell = RULES.cells[1]
    assert head_labels(PROACTIVE, cell.row, cell) == {"本年废止件数"}
