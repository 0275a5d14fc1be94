"""Tests of breaking long titles."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Heading
from reportgen.layout.runs import break_titles
from reportgen.text import Run
from tests.unit.layout.squares import FONTS, PAGE, SHEET, heading, make_document, paragraph

TAIL = "政府信息公开工作年度报告"
ROOM = int(PAGE.text_width // SHEET["title"].pitch)
"""How many characters a line of the title holds."""


def broken(*runs: Run, at: int) -> list[str]:
    title = replace(heading("", 0), runs=runs, break_at=at)
    (found,) = break_titles(make_document(title), FONTS).blocks
    assert isinstance(found, Heading)
    return [run.text for run in found.runs]


@pytest.mark.parametrize("spare", [0, 1])
def test_a_title_that_fits_one_line_is_left_on_it(spare: int) -> None:
    text = "题" * (ROOM - spare)
    assert broken(Run(text), at=2) == [text]


def test_a_longer_title_is_broken_where_it_may_be() -> None:
    head = "甲" * (ROOM + 1 - len(TAIL))
    assert broken(Run(head + TAIL), at=len(head)) == [head, "\n", TAIL]


def test_a_longer_title_that_names_no_place_is_left_to_the_lines() -> None:
    text = "题" * (ROOM + 1)
    assert broken(Run(text), at=0) == [text]


def test_runs_keep_their_looks_when_the_break_falls_between_or_within_them() -> None:
    head, tail = Run("甲" * ROOM, bold=True), Run("乙丙", notes=(1,))
    assert broken(head, tail, at=ROOM) == [head.text, "\n", "乙丙"]
    title = replace(heading("", 0), runs=(head, tail), break_at=ROOM + 1)
    (found,) = break_titles(make_document(title), FONTS).blocks
    assert isinstance(found, Heading)
    assert found.runs == (head, replace(tail, text="乙"), Run("\n"), replace(tail, text="丙"))


def test_nothing_else_of_a_document_changes() -> None:
    document = make_document(heading("一、总体情况"), paragraph("甲" * 100))
    assert break_titles(document, FONTS).blocks == document.blocks
