"""Boxes on pages: breaks where boxes allow them, keeps, shrinking, repeated headers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.layout.flow import FOOT_MARGIN, Box, Keep, fill_pages
from tests.builders import FORMS

PAGE = FORMS["2021"].sheet.page
TALL = PAGE.text_height
TENTH = TALL / 10


def pages(*boxes: Box[str]) -> list[list[str]]:
    return [[placed.box.content for placed in page] for page in fill_pages(boxes, PAGE)]


def box(name: str, height: float = TENTH, **settings: object) -> Box[str]:
    return replace(Box(height, name), **settings)


def test_a_page_is_filled_before_the_next_begins() -> None:
    assert pages(*(box(str(i)) for i in range(12))) == [[*map(str, range(10))], ["10", "11"]]


def test_a_box_taller_than_the_page_is_alone() -> None:
    assert pages(box("a"), box("b", TALL * 1.5), box("c")) == [["a"], ["b"], ["c"]]


@pytest.mark.parametrize(
    ("keep", "filled", "expected"),
    [
        (Keep.FREE, 9, 10),
        (Keep.SOFT, 9, 9),  # the page is full enough to end before it
        (Keep.SOFT, 3, 4),  # it is not: a third would stay empty
        (Keep.HARD, 3, 3),
    ],
)
def test_a_keep_moves_a_box_to_the_next_page(keep: Keep, filled: int, expected: int) -> None:
    boxes = [box("x") for _ in range(filled)]
    rest = TALL - filled * TENTH
    found = pages(*boxes, box("kept", rest - 1, keep=keep), box("next", TALL / 2))
    assert len(found[0]) == expected


def test_between_boxes_the_larger_distance_applies_and_none_at_the_head() -> None:
    (page,) = fill_pages(
        (box("a", 10, space_before=50, space_after=6), box("b", 10, space_before=4)), PAGE
    )
    assert [placed.top for placed in page] == [0, 16]


def test_boxes_at_the_foot_shrink_together_as_far_as_needed() -> None:
    boxes = (box("a", TALL - 100), box("b", 60, least=30), box("c", 60, least=30))
    (page,) = fill_pages(boxes, PAGE)
    assert [round(placed.height, 3) for placed in page[1:]] == [60 - (20 + FOOT_MARGIN) / 2] * 2
    assert page[-1].bottom == pytest.approx(TALL - FOOT_MARGIN)


def test_a_repeated_header_takes_its_height_above_the_first_box_only() -> None:
    first, second = fill_pages((box("a", TALL - 1), box("b", lead=40), box("c", lead=40)), PAGE)
    assert [placed.top for placed in second] == [40, 40 + TENTH]
    assert first[0].top == 0


def test_a_box_may_ask_for_a_new_page() -> None:
    assert pages(box("a"), box("b", on_new_page=True)) == [["a"], ["b"]]


def test_pictures_are_in_the_middle_between_the_lines_of_text() -> None:
    pitch = PAGE.line_pitch
    text = box("text", pitch, on_grid=True)
    rows = [box(name, 1.4 * pitch, least=10, space_before=4, space_after=4) for name in "ab"]
    (page,) = fill_pages((text, *rows, text), PAGE)
    upper, first, second, lower = page
    assert first.top - upper.bottom == pytest.approx(lower.top - second.bottom)
    assert first.top - upper.bottom > 4
    assert second.top - first.bottom == pytest.approx(4)
    assert lower.top == pytest.approx(5 * pitch)


def test_pictures_at_the_head_or_the_foot_of_a_page_are_not_moved() -> None:
    picture, text = box("picture", 100, least=50, space_after=4), box("text", on_grid=True)
    ((first, _, last),) = fill_pages((picture, text, replace(picture, space_before=4)), PAGE)
    assert (first.top, last.height) == (0, 100)
    assert last.top == pytest.approx(
        4 + TENTH + round(104 / PAGE.line_pitch + 0.5) * PAGE.line_pitch
    )
