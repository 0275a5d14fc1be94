"""Saved pages of thirty kinds: each number is right, or is said to be missing or guessed."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from reportgen.forms import Form
from reportgen.published import recognise
from reportgen.published.sources import read_bytes
from tests.builders import FORMS
from tests.unit.published import pages
from tests.unit.published.torn import Torn, balanced, tables_of

MONEY = ("本年收费金额", "采购总金额")
Kind = Callable[[Torn, int], str]


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@pytest.mark.parametrize("kind", pages.KINDS, ids=lambda kind: kind.__name__)
def test_no_number_of_a_page_is_wrong_in_silence(kind: Kind, form: Form) -> None:
    for seed in range(4):
        right = balanced(form, random.Random(f"{kind.__name__}{seed}"))
        text = kind(tables_of(form, right), form.first_year)
        read = recognise(read_bytes(text.encode(), "年报.html"), [*FORMS.values()])
        if read is None:
            assert kind is pages.divisions
            return
        assert read.form is form
        said = {name for finding in read.findings for name in finding.cells}
        cells = read.report.cells
        wrong = {n for n in right if (cells[n].number or 0) != right[n].number}
        assert not wrong - said
        if kind not in pages.TORN:
            assert not wrong
            assert read.report.organ == "柳溪县水利局"
            assert read.report.year == form.first_year
            assert len(read.report.narrative.sections) == len(pages.HEADINGS)


@pytest.mark.parametrize(("encoding", "declared"), pages.ENCODINGS)
def test_a_page_is_read_in_whatever_it_is_written(encoding: str, declared: str) -> None:
    form = FORMS["2021"]
    right = balanced(form, random.Random(1))
    text = pages.nested(tables_of(form, right), 2024).replace("utf-8", declared)
    read = recognise(read_bytes(text.encode(encoding), "年报.html", ".html"), [form])
    assert read is not None
    assert read.findings == ()
    assert {n: q.number for n, q in read.report.cells.items()} == {
        n: q.number for n, q in right.items()
    }
    assert read.report.organ == "柳溪县水利局"
