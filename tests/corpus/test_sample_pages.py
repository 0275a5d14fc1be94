"""The pages of the samples, read back from their PDF: the lines of the body obey the rules."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reportgen.styles import mm
from tests.corpus.extract import PrintedLine, printed_lines
from tests.corpus.rules import FLUSH, NOT_AT_END, NOT_AT_START, SECOND_BLANK
from tests.visual.samples import build_sample, sound_samples

SIZE = 16.0
LEFT, RIGHT = mm(28), mm(28 + 156)
HEAD, FOOT = mm(297 - 37), mm(297 - 37 - 225)
TRACKING = SIZE - mm(156) / 28  # a glyph of 16 pt is this much wider than its cell
HALF = SIZE / 2
BULLET = "·"

every_sample = pytest.mark.parametrize("name", sound_samples())


def body_lines(name: str) -> list[PrintedLine]:
    """Return the lines of sample *name* in the size of the body: text, lists, lower headings."""
    lines = printed_lines(build_sample(name), SIZE)
    assert len(lines) > 40
    return lines


def full_lines(name: str) -> list[PrintedLine]:
    """Return the lines that another one of the same paragraph follows: it begins at the edge."""
    return [a for a, b in pairwise(body_lines(name)) if b.left < LEFT + SIZE]


def _is_list_item(line: PrintedLine) -> bool:
    return line.text[0] == BULLET and line.left > LEFT + SIZE


@every_sample
def test_no_line_of_the_body_begins_with_a_closing_mark(name: str) -> None:
    wrong = [line for line in body_lines(name) if line.text[0] in NOT_AT_START]
    assert not [line for line in wrong if not _is_list_item(line)]


@every_sample
def test_no_line_of_the_body_ends_with_an_opening_mark(name: str) -> None:
    assert not [line for line in body_lines(name) if line.text[-1] in NOT_AT_END]


@every_sample
def test_full_lines_of_the_body_reach_both_edges(name: str) -> None:
    lines = full_lines(name)
    assert lines
    for line in lines:
        hanging = HALF if line.text[-1] in SECOND_BLANK else 0.0
        assert -FLUSH <= line.right - TRACKING - RIGHT <= hanging + FLUSH, line
    for line in body_lines(name):
        assert line.left >= LEFT - HALF - FLUSH, line


@every_sample
def test_no_line_of_the_body_leaves_the_type_area(name: str) -> None:
    for line in body_lines(name):
        assert FOOT <= line.base <= HEAD, line
        assert line.right <= RIGHT + HALF + FLUSH, line


@every_sample
def test_no_number_of_the_body_is_broken_over_lines(name: str) -> None:
    for line, following in pairwise(body_lines(name)):
        assert not (line.text[-1].isdigit() and following.text[0].isdigit()), (line, following)
