"""A text of any length is read in one go: what stands before is never looked through again.

Each of these took minutes when the work grew with the square of the text.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.markdown.block_text import unsupported_forms
from reportgen.markdown.blocks import without_comments
from reportgen.markdown.inline import InlineKind, parse_inline
from reportgen.markdown.narrative import read_narrative
from reportgen.source import SourceFile
from reportgen.text import plain_text


def filled(whole: str, start: int, stop: int) -> str:
    """Return the blank for a comment, found by looking at the whole line for each."""
    before = whole[whole.rfind("\n", 0, start) + 1 : start]
    after = whole[stop:].partition("\n")[0]
    filler = "\u200b" if before.strip() or after.strip() else " "
    return re.sub(r"[^\n]", filler, whole[start:stop])


@given(st.lists(st.sampled_from(["甲", " ", "\n", "<!--乙-->", "<!--\n-->"]), max_size=12))
def test_a_blank_stands_for_each_comment_by_what_is_on_its_line(parts: list[str]) -> None:
    text = "".join(parts)
    expected = re.sub(r"(?s)<!--.*?-->", lambda found: filled(text, *found.span()), text)
    assert without_comments(text) == expected


def test_comments_without_number_on_one_line_are_blanked() -> None:
    assert without_comments("x<!--a-->" * 100_000) == ("x" + "\u200b" * 8) * 100_000


def test_comments_that_are_not_closed_hide_their_paragraph_once() -> None:
    text = "甲<!--" * 100_000 + "\n\n乙<!--"
    assert without_comments(text) == "甲" + "\u200b" * (5 * 100_000 - 1) + "\n\n乙" + "\u200b" * 4


def test_rows_of_backticks_of_every_length_open_no_code() -> None:
    text = "".join("e" + "`" * size for size in range(1, 800))
    assert "".join(piece.text for piece in parse_inline(text)) == text


def test_emphasis_around_very_many_pieces_is_found() -> None:
    pieces = parse_inline("*a " * 900 + "\\!" * 100_000 + " a*" * 900)
    marks = [piece for piece in pieces if piece.text == "!"]
    assert len(marks) == 100_000
    assert all(piece.italic for piece in marks)


def test_neighbouring_pieces_become_one_run() -> None:
    narrative, _ = read_narrative(SourceFile("正文.md", "*a" * 50_000), {})
    (paragraph,) = narrative.opening
    (run,) = paragraph.runs  # type: ignore[union-attr]
    assert plain_text((run,)) == "*a" * 50_000
    assert run.span is not None
    assert run.span.text == run.text


def test_very_many_odd_forms_are_told_apart() -> None:
    assert sum(1 for _ in unsupported_forms("~~a~~" * 100_000)) == 100_000


@pytest.mark.parametrize(
    ("typed", "code"), [("`甲`", "甲"), ("~~`甲`~~", "甲"), ("`甲`~~乙~~", "甲")]
)
def test_code_is_known_by_itself_and_not_by_the_backtick_before_it(typed: str, code: str) -> None:
    pieces = parse_inline(typed)
    assert [piece.text for piece in pieces if piece.is_code] == [code]
    assert all(piece.kind == InlineKind.TEXT for piece in pieces)
