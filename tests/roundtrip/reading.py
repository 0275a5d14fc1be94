"""A sample built, perhaps saved again by another program, and read back: what is equal."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from msgspec import Struct

from reportgen.api import check_folder
from reportgen.forms import Form, canonical_data
from reportgen.model import Report
from reportgen.published import read_bytes, recognise
from tests.builders import FORMS
from tests.visual.samples import SAMPLES

LEAST_TEXT = 0.99
"""The share of characters that must come back, in order."""


class ReadBack(Struct, frozen=True):
    """How a file compares with the report it was made of."""

    wrong_cells: tuple[str, ...]
    text: float
    head: bool
    findings: tuple[str, ...]


@cache
def original(name: str) -> tuple[Report, Form]:
    """Return the report in the sample folder *name* and its form."""
    checked = check_folder(SAMPLES / name)
    assert checked.report is not None
    assert checked.form is not None
    return checked.report, checked.form


def read_back(name: str, data: bytes, file: str, folder: Path | None = None) -> ReadBack:
    """Return how *data*, made of the sample *name*, compares with it when read as *file*."""
    report, form = original(name)
    found = recognise(read_bytes(data, file, Path(file).suffix, folder), list(FORMS.values()))
    assert found is not None, f"{file}: no report in it"
    cells = found.report.cells
    wrong = [n for n in form.value_cells if report.cells[n].amount != cells[n].amount]
    head = (found.report.organ, found.report.year, found.report.title, found.report.date)
    return ReadBack(
        tuple(wrong),
        _alike(_lines(report, form), _lines(found.report, found.form)),
        head == (report.organ, report.year, report.title, report.date),
        tuple(finding.slug for finding in found.findings),
    )


def _lines(report: Report, form: Form) -> list[str]:
    texts = canonical_data(report, form)["正文"]
    assert isinstance(texts, dict)
    return [line for title, text in texts.items() for line in (title, *text.split("\n")) if line]


def _alike(ours: list[str], theirs: list[str]) -> float:
    """Return the share of the characters of *ours* that stand in *theirs*, in the same order."""
    same = 0
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        mine, other = "".join(ours[a:b]), "".join(theirs[c:d])
        if tag == "equal":
            same += len(mine)
        elif tag == "replace":
            blocks = SequenceMatcher(None, mine, other, autojunk=False).get_matching_blocks()
            same += sum(block.size for block in blocks)
    return same / max(len("".join(ours)), len("".join(theirs)))
