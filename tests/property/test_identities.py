"""Whatever the numbers: a balanced report is quiet, and one wrong cell is heard exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.checks import check_report
from reportgen.checks.identities import check_identities
from reportgen.diagnostics import Diagnostic
from reportgen.forms.form import complete_cells
from reportgen.located import Mapping
from reportgen.readers.tables import TableReader
from tests.builders import FORMS, codes, errors, parse, quantities, report, worded
from tests.strategies import (
    BROUGHT_FORWARD,
    CARRIED_FORWARD,
    RECEIVED,
    RESULT_TOTAL,
    Numbers,
    balanced_numbers,
    balanced_yaml,
    result_rows,
)

BOTH_FORMS = pytest.mark.parametrize("form", ["2019", "2021"])


def identities_with(form: str, cell: str) -> set[tuple[str, str]]:
    """Return the identities that contain *cell*, by code and row, column or block."""
    table, *row, column = cell.split("/")
    if table == "复议诉讼":
        return {("T401", row[0])}
    if table != "申请":
        return set()
    found = {("T301", "/".join(row))}
    if "/".join(row) in (*result_rows(form), RESULT_TOTAL):
        found.add(("T302", column))
    if row[0] in (RECEIVED, BROUGHT_FORWARD, RESULT_TOTAL, CARRIED_FORWARD):
        found.add(("T303", column))
    return found


def told(found: Iterable[Diagnostic]) -> Iterator[tuple[str, str]]:
    """Yield each finding by code and the row, column or block its cells have in common."""
    for item in found:
        paths = [cell.split("/") for cell in item.cells]
        if item.code == "T301":
            yield item.code, "/".join(paths[0][1:-1])
        elif item.code == "T401":
            yield item.code, paths[0][1]
        else:
            yield item.code, paths[0][-1]


@BOTH_FORMS
@settings(max_examples=20)
@given(data=st.data())
def test_balanced_report_has_no_error(form: str, data: st.DataObject) -> None:
    numbers = data.draw(balanced_numbers(form))
    assert errors(check_report(report(form, quantities(numbers)), FORMS[form])) == []


@BOTH_FORMS
@settings(max_examples=3)
@given(data=st.data())
def test_changing_any_cell_by_one_raises_exactly_the_identities_that_contain_it(
    form: str, data: st.DataObject
) -> None:
    numbers = data.draw(balanced_numbers(form))
    step = data.draw(st.sampled_from([1, -1]))
    for cell in numbers:
        changed: Numbers = {**numbers, cell: numbers[cell] + step}
        found = list(check_identities(report(form, quantities(changed)), FORMS[form]))
        assert sorted(told(found)) == sorted(identities_with(form, cell)), cell
        assert all(cell in item.cells for item in found)


@BOTH_FORMS
@settings(max_examples=15)
@given(data=st.data())
def test_typed_report_is_read_back_number_for_number(form: str, data: st.DataObject) -> None:
    numbers, text = data.draw(balanced_yaml(form))
    reader = read_all(form, text)
    assert worded(reader.found) == []
    cells = complete_cells(FORMS[form], reader.cells, zero_missing=False)
    assert {name: cell.number for name, cell in cells.items()} == numbers
    assert codes(list(check_identities(report(form, cells), FORMS[form]))) == []


@BOTH_FORMS
@settings(max_examples=15)
@given(data=st.data())
def test_every_number_read_points_at_its_own_text(form: str, data: st.DataObject) -> None:
    _, text = data.draw(balanced_yaml(form))
    for cell in read_all(form, text).cells.values():
        assert cell.span is not None
        assert cell.span.text.strip('"') == cell.text


def read_all(form: str, text: str) -> TableReader:
    root: Any = parse(text)
    assert isinstance(root, Mapping)
    reader = TableReader(FORMS[form])
    for grid in FORMS[form].tables.values():
        node = root.get(grid.key)
        assert node is not None
        reader.read(grid, node)
    return reader
