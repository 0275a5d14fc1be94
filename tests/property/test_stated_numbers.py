"""Ten thousand sentences with right numbers, and ten thousand with a wrong one.

Every wrong number is found where it stands, and no right one is accused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from random import Random

import pytest

from reportgen.checks.quotes import check_stated
from reportgen.checks.texts import Texts
from reportgen.diagnostics import Diagnostic
from reportgen.model import CellPath
from reportgen.model.report import Narrative
from reportgen.source import Span
from tests.builders import FORMS, paragraph, quantities, report, section
from tests.property.stating import Cells, Claim, Sentence, by_frames, by_grammar, written

FORM = FORMS["2021"]
MANY = 5_000  # of each generator
Generator = Callable[[object, Cells, Random], Iterator[Sentence]]
BOTH = pytest.mark.parametrize("generator", [by_grammar, by_frames])


def cells_at_random(rng: Random) -> dict[CellPath, int | Decimal]:
    """Return a number of its own for every cell, so that no sum equals another."""
    totals = {name: rng.randrange(1_000_000, 9_000_000) for name in FORM.totals}
    return {name: totals.get(name, rng.randrange(1_000, 900_000)) for name in FORM.value_cells}


def found_in(texts: list[str], cells: Cells) -> list[list[Diagnostic]]:
    """Return what is said of each of *texts*, the paragraphs of a report with *cells*."""
    paragraphs = [paragraph(text) for text in texts]
    told = Narrative(sections=(section(FORM.sections[0].title, *paragraphs),))
    checked = report(cells=quantities(cells), text=told)
    places = {id(block.runs[0].span.source): n for n, block in enumerate(paragraphs)}  # type: ignore[union-attr]
    found: list[list[Diagnostic]] = [[] for _ in texts]
    for item in check_stated(checked, FORM, Texts.of(checked, FORM)):
        assert isinstance(item.span, Span)
        if item.code != "N530":
            found[places[id(item.span.source)]].append(item)
    return found


@BOTH
def test_no_right_number_is_accused(generator: Generator) -> None:
    rng = Random(20240101)
    cells = cells_at_random(rng)
    sentences = islice(generator(FORM, cells, rng), MANY)
    texts = [written(sentence, rng, mistake=None)[0] for sentence in sentences]
    accused = [(t, f[0].message) for t, f in zip(texts, found_in(texts, cells), strict=True) if f]
    assert accused == []


@BOTH
def test_every_wrong_number_is_found_where_it_stands(generator: Generator) -> None:
    rng = Random(20241231)
    cells = cells_at_random(rng)
    mistaken = []
    for sentence in islice(generator(FORM, cells, rng), MANY):
        claims = sum(isinstance(piece, Claim) for piece in sentence)
        mistaken.append(written(sentence, rng, mistake=rng.randrange(claims)))
    findings = found_in([text for text, _ in mistaken], cells)
    missed = [
        (text, place, [str(item) for item in found])
        for (text, place), found in zip(mistaken, findings, strict=True)
        if [place_of(item) for item in found] != [place]
    ]
    assert missed == []


def place_of(finding: Diagnostic) -> tuple[int, int]:
    """Return where *finding* is in its paragraph."""
    assert isinstance(finding.span, Span)
    return finding.span.start, finding.span.end
