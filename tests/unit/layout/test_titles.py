"""Tests of breaking headings that are too long for one line."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Heading
from reportgen.layout.titles import break_titles
from reportgen.text import Run
from tests.unit.layout.squares import FONTS, PAGE, SHEET, heading, make_document, paragraph

TAIL = "政府信息公开工作年度报告"
ROOM = int(PAGE.text_width // SHEET["title"].pitch)
"""How many characters a line of the title holds."""


def broken(*runs: Run, at: tuple[int, ...]) -> list[str]:
    title = replace(heading("", 0), runs=runs, breaks=at)
    (found,) = break_titles(make_document(title), FONTS).blocks
    assert isinstance(found, Heading)
    return [run.text for run in found.runs]


@pytest.mark.parametrize("spare", [0, 1])
def test_a_title_that_fits_one_line_is_left_on_it(spare: int) -> None:
    text = "题" * (ROOM - spare)
    assert broken(Run(text), at=(2,)) == [text]


def test_a_longer_title_is_broken_where_it_may_be() -> None:
    head = "甲" * (ROOM + 1 - len(TAIL))
    assert broken(Run(head + TAIL), at=(len(head),)) == [head, "\n", TAIL]


def test_a_longer_title_that_names_no_place_is_left_to_the_lines() -> None:
    text = "题" * (ROOM + 1)
    assert broken(Run(text), at=()) == [text]


def test_as_few_lines_as_possible_and_the_best_place_among_them() -> None:
    county, office = "甲" * (ROOM - 5), "乙" * 5
    end = len(county + office)
    assert broken(Run(county + office + TAIL), at=(end, len(county))) == [
        county + office,
        "\n",
        TAIL,
    ]
    longer = "丙" * 3 + county
    text = longer + office + TAIL
    assert broken(Run(text), at=(end + 3, len(longer))) == [longer, "\n", office + TAIL]


def test_of_two_ways_the_one_without_a_short_line_in_the_middle_is_taken() -> None:
    parts = "甲" * (ROOM - 5), "乙" * 5, "丙" * (len(TAIL) - 3), TAIL
    places = [len("".join(parts[:count])) for count in (3, 1, 2)]
    lines = broken(Run("".join(parts)), at=tuple(places))[0::2]
    assert lines == [parts[0], parts[1] + parts[2], TAIL]


def test_a_stretch_wider_than_a_line_is_broken_as_any_text() -> None:
    """Every break is in the document, so that no output breaks the title by itself."""
    wide = "甲" * (ROOM + 3)
    lines = broken(Run(wide + TAIL), at=(len(wide),))[0::2]
    assert "".join(lines) == wide + TAIL
    assert lines[-1] == TAIL
    assert all(len(line) <= ROOM for line in lines)


def test_a_name_of_many_parts_is_broken_in_no_time() -> None:
    text = "甲乙、" * 60 + TAIL
    lines = broken(Run(text), at=(len(text) - len(TAIL), *range(3, 180, 3)))[0::2]
    assert "".join(lines) == text
    assert all(len(line) <= ROOM for line in lines)


def test_runs_keep_their_looks_when_the_break_falls_between_or_within_them() -> None:
    head, tail = Run("甲" * (ROOM - 1), bold=True), Run("乙丙", notes=(1,))
    assert broken(head, tail, at=(ROOM - 1,)) == [head.text, "\n", "乙丙"]
    title = replace(heading("", 0), runs=(head, tail), breaks=(ROOM,))
    (found,) = break_titles(make_document(title), FONTS).blocks
    assert isinstance(found, Heading)
    assert found.runs == (head, replace(tail, text="乙"), Run("\n"), replace(tail, text="丙"))


def test_nothing_else_of_a_document_changes() -> None:
    document = make_document(heading("一、总体情况"), paragraph("甲" * 100))
    assert break_titles(document, FONTS).blocks == document.blocks
