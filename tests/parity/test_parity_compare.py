"""The comparison of prints finds what differs, and nothing else."""

from __future__ import annotations

import pytest

from tests.parity.compare import compare
from tests.parity.printed import Printed, Shown, text_lines

LINES = ((1, "一二三四五"), (1, "六七八"), (2, "九十"))
CELLS = (Shown(1, 80, "标"), Shown(1, 90, "0"), Shown(2, 80, "标"), Shown(2, 90, "1"))
OURS = Printed(2, LINES, CELLS)


def test_equal_prints_agree() -> None:
    result = compare("样", OURS, OURS)
    assert result.agrees
    assert (result.same_ends, result.same_pages, result.same_cells) == (3, 3, 4)
    assert result.differing == ()


def test_line_that_ends_elsewhere_is_found() -> None:
    other = Printed(2, ((1, "一二三四"), (1, "五六七八"), (2, "九十")), CELLS)
    result = compare("样", OURS, other)
    assert (result.lines, result.same_ends) == (4, 2)
    assert not result.agrees
    assert result.differing == ("line of the PDF: …一二三四五", "line of the DOCX: …一二三四")


def test_line_that_ends_in_the_docx_only_is_found() -> None:
    other = Printed(2, (LINES[0], (1, "六"), (1, "七八"), LINES[2]), CELLS)
    result = compare("样", OURS, other)
    assert (result.lines, result.same_ends) == (4, 3)
    assert result.differing == ("line of the DOCX: …六",)


def test_line_on_another_page_is_counted() -> None:
    moved = Printed(2, (LINES[0], (2, "六七八"), LINES[2]), CELLS)
    result = compare("样", OURS, moved)
    assert (result.same_ends, result.same_pages) == (3, 2)


def test_number_of_pages_must_agree() -> None:
    assert not compare("样", OURS, Printed(3, LINES, CELLS)).agrees


@pytest.mark.parametrize("label", [("标", ""), ("", "标")])
def test_label_repeated_after_a_page_break_may_run_on_instead(label: tuple[str, str]) -> None:
    first, second = label
    cells = (Shown(1, 80, first), CELLS[1], Shown(2, 80, second), CELLS[3])
    result = compare("样", OURS, Printed(2, LINES, cells))
    assert result.agrees
    assert result.dealt == 1


@pytest.mark.parametrize("place", [1, 3])
def test_cell_with_another_text_is_found(place: int) -> None:
    cells = list(CELLS)
    cells[place] = Shown(cells[place].page, 90, "7")
    result = compare("样", OURS, Printed(2, LINES, tuple(cells)))
    assert result.same_cells == 3
    assert not result.agrees


def test_missing_cell_is_found() -> None:
    assert not compare("样", OURS, Printed(2, LINES, CELLS[:-1])).agrees


def test_glyphs_become_lines_whatever_their_order_and_small_shifts() -> None:
    def glyph(text: str, x: float, y: float) -> dict[str, object]:
        return {"text": text, "x0": x, "matrix": (1, 0, 0, 1, x, y)}

    glyphs = [glyph("乙", 20, 700), glyph("1", 10, 701), glyph("丙", 10, 671)]
    assert list(text_lines(glyphs)) == ["1乙", "丙"]
