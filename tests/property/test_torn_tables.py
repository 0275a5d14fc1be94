"""Tables torn in every way files tear them: what is read is right, or is remarked on."""

from __future__ import annotations

import random

import pytest

from reportgen.forms.form import Form
from reportgen.model.tables import CellPath, Quantity
from reportgen.published.tables import ReadTables, read_tables
from tests.builders import FORMS
from tests.unit.published.torn import WAYS, Torn, balanced, found, row_of, swap_columns, tables_of

EACH = 60
"""Torn reports of one test; there are twenty."""


def tear(torn: Torn, chance: random.Random) -> list[str]:
    """Tear *torn* in up to three ways and return their names.

    Columns are swapped first or not at all: rows already torn have no columns.
    """
    done: list[str] = []
    for way in chance.choices(WAYS, k=chance.choice((1, 1, 2, 3))):
        if done and way is swap_columns:
            continue
        try:
            way(torn, chance)
        except (IndexError, StopIteration, ValueError):  # nothing left to tear
            continue
        done.append(way.__name__)
    return done


def wrong_in_silence(read: ReadTables, right: dict[CellPath, Quantity]) -> list[str]:
    """Return the cells with another number than *right* has that no remark is about."""
    remarked = {name for finding in read.findings for name in finding.cells}
    return [
        name
        for name, quantity in read.cells.items()
        if quantity.number not in (None, right[name].number) and name not in remarked
    ]


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@pytest.mark.parametrize("seed", range(10))
def test_no_number_of_a_torn_table_is_wrong_in_silence(form: Form, seed: int) -> None:
    read_rows = rows = 0
    for number in range(EACH):
        chance = random.Random(f"{form.id}-{seed}-{number}")
        right = dict(balanced(form, chance))
        torn = tables_of(form, right)
        ways = tear(torn, chance)
        read = read_tables(found(torn), form)
        assert not wrong_in_silence(read, right), (seed, number, ways)
        whole = [name for name in right if row_of(name) not in torn.touched]
        rows += len(whole)
        read_rows += sum(
            name in read.cells and read.cells[name].number == right[name].number for name in whole
        )
    assert read_rows >= 0.99 * rows


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_official_tables_are_read_whole_and_without_a_remark(form: Form) -> None:
    right = dict(balanced(form, random.Random(1)))
    read = read_tables(found(tables_of(form, right)), form)
    assert read.findings == ()
    assert {name: q.number for name, q in read.cells.items()} == {
        name: q.number for name, q in right.items()
    }
