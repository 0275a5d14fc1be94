"""Tables torn in every way files tear them: what is read is right, or is remarked on.

    python -m tests.property.test_torn_tables 10000        (make torn)

makes as many torn reports and prints what became of them.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing import Pool

import pytest
from msgspec import Struct

from reportgen.forms import Form
from reportgen.published import FoundFile, read_bytes
from reportgen.published.tables import read_tables
from reportgen.published.units import noted_units
from tests.builders import FORMS
from tests.unit.published.torn import (
    WAYS,
    Torn,
    as_page,
    as_text,
    balanced,
    found,
    row_of,
    swap_columns,
    tables_of,
)

EACH = 60
"""Torn reports of one test; there are twenty."""
LEAST_READ, LEAST_OF_FEW = 0.99, 0.98
"""The share of the cells not touched that must be read, of thousands of reports and of sixty."""


class Outcome(Struct, frozen=True):
    """What became of a torn report."""

    ways: tuple[str, ...]
    wrong_in_silence: tuple[str, ...]
    """The cells with another number than they had that no finding is about."""
    whole: int
    """Cells of rows that were not touched, and how many of them were read."""
    read: int


def tear(torn: Torn, chance: random.Random) -> tuple[str, ...]:
    """Tear *torn* in up to three ways and return their names.

    Columns are swapped first or not at all: rows already torn have no columns.
    """
    done: list[str] = []
    for way in chance.choices(WAYS, k=chance.choice((1, 1, 2, 3))):
        if done and way is swap_columns:
            continue
        try:
            way(torn, chance)
        except (ArithmeticError, IndexError, StopIteration, ValueError):  # nothing left to tear
            continue
        done.append(way.__name__)
    return tuple(done)


def outcome(form: Form, seed: str) -> Outcome:
    """Return what becomes of the report that *seed* makes, torn, perhaps written to a file."""
    chance = random.Random(seed)
    right = balanced(form, chance)
    torn = tables_of(form, right)
    ways = tear(torn, chance)
    file = _file(torn, chance)
    read = read_tables(list(file.tables), form, noted_units(file.blocks))
    remarked = {name for finding in read.findings for name in finding.cells}
    wrong = tuple(
        name
        for name, quantity in read.cells.items()
        if quantity.number not in (None, right[name].number) and name not in remarked
    )
    whole = [name for name in right if row_of(name) not in torn.touched]
    same = (n in read.cells and read.cells[n].amount == right[n].amount for n in whole)
    return Outcome(ways, wrong, len(whole), sum(same))


def _file(torn: Torn, chance: random.Random) -> FoundFile:
    kind = chance.choice(("found", "page", "text"))
    if kind == "page":
        return read_bytes(as_page(torn, chance), "年报.html", ".html")
    return read_bytes(as_text(torn), "年报.txt", ".txt") if kind == "text" else found(torn)


def _outcomes(form: Form, seeds: Iterable[str]) -> Iterator[Outcome]:
    return (outcome(form, seed) for seed in seeds)


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@pytest.mark.parametrize("seed", range(10))
def test_no_number_of_a_torn_table_is_wrong_in_silence(form: Form, seed: int) -> None:
    seeds = (f"{form.id}-{seed}-{number}" for number in range(EACH))
    outcomes = list(_outcomes(form, seeds))
    assert [item for item in outcomes if item.wrong_in_silence] == []
    whole, read = sum(item.whole for item in outcomes), sum(item.read for item in outcomes)
    assert read >= LEAST_OF_FEW * whole


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_official_tables_are_read_whole_and_without_a_remark(form: Form) -> None:
    right = dict(balanced(form, random.Random(1)))
    read = read_tables(list(found(tables_of(form, right)).tables), form)
    assert read.findings == ()
    assert {name: q.number for name, q in read.cells.items()} == {
        name: q.number for name, q in right.items()
    }


def _long_outcome(number: int) -> Outcome:
    form = list(FORMS.values())[number % len(FORMS)]
    return outcome(form, f"long-{number}")


def main(count: int) -> int:
    """Tear *count* reports, print what became of them, and return the exit status."""
    with Pool(os.cpu_count()) as pool:
        outcomes = pool.map(_long_outcome, range(count), chunksize=50)
    wrong = [item for item in outcomes if item.wrong_in_silence]
    whole, read = sum(item.whole for item in outcomes), sum(item.read for item in outcomes)
    ways = Counter(way for item in outcomes for way in item.ways)
    lines = [
        f"{count} torn reports, {len(ways)} ways: {', '.join(f'{w} {n}' for w, n in ways.items())}",
        f"{len(wrong)} with a number that is wrong in silence",
        f"{read} of {whole} cells in rows not touched were read: {read / whole:.3%}",
        *(f"!! {'+'.join(item.ways)}: {item.wrong_in_silence}" for item in wrong),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong or read < LEAST_READ * whole else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
