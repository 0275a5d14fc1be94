"""Boxes on pages: breaks where boxes allow them, keeps, shrinking, repeated headers."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from reportgen.layout import flow
from reportgen.layout.flow import FOOT_MARGIN, Box, Keep, fill_pages
from reportgen.styles import NOTE_SPACE
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


def picture(name: str, height: float, **settings: object) -> Box[str]:
    """Return a picture that may lose three tenths of its height."""
    return box(name, height, least=0.7 * height, **settings)


def test_pictures_of_a_page_shrink_alike_so_that_one_more_fits() -> None:
    boxes = (picture("a", TALL / 2), box("b", 50), picture("c", TALL / 2))
    (page,) = fill_pages(boxes, PAGE)
    assert page[0].height == page[2].height < TALL / 2
    assert TALL - FOOT_MARGIN - 0.01 * TALL < page[2].bottom <= TALL - FOOT_MARGIN


@pytest.mark.parametrize("keep", [Keep.SOFT, Keep.HARD])
def test_a_picture_shrinks_to_stay_with_what_introduces_it(keep: Keep) -> None:
    above = [box(str(number)) for number in range(7)]
    kept = [box("heading", 20, keep=Keep.HARD), box("introduces", 20, keep=keep)]
    (page,) = fill_pages((*above, *kept, picture("p", TALL * 0.28)), PAGE)
    assert page[-1].height < TALL * 0.28


def test_pictures_do_not_shrink_where_little_would_stay_blank() -> None:
    first, _ = fill_pages((picture("a", 0.95 * TALL), picture("b", TALL / 2)), PAGE)
    assert [placed.height for placed in first] == [0.95 * TALL]


def test_a_group_keeps_its_size_overleaf() -> None:
    rows = [picture(str(number), 0.4 * TALL, goes_on=number > 0) for number in range(4)]
    placed = [item for page in fill_pages((*rows, box("text")), PAGE) for item in page]
    assert len({item.height for item in placed[:4]}) == 1
    assert placed[0].height < 0.4 * TALL


def test_the_sizes_of_a_group_of_many_pages_are_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fill, fills = flow._fill_page, []

    def counted(*arguments: Any) -> Any:
        fills.append(arguments)
        return fill(*arguments)

    monkeypatch.setattr(flow, "_fill_page", counted)
    found = pages(*(picture(str(i), 0.8 * TALL, goes_on=i > 0) for i in range(40)))
    assert len(found) == 40
    assert len(fills) <= (flow._STEPS + 2) * len(found)


def test_a_group_that_is_kept_together_shrinks_rather_than_being_parted() -> None:
    rows = [picture(name, 0.42 * TALL, goes_on=name != "a", keep=Keep.SOFT) for name in "ab"]
    last = picture("c", 0.42 * TALL, goes_on=True)
    assert pages(*rows, last, box("text")) == [["a", "b", "c"], ["text"]]


def test_a_page_ends_after_a_loose_box_rather_than_after_a_soft_one() -> None:
    boxes = [box("x"), *(box("l", keep=Keep.LOOSE) for _ in range(7)), box("s", keep=Keep.SOFT)]
    assert len(pages(*boxes, box("next", 2 * TENTH))[0]) == 8


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


def test_what_belongs_to_the_line_above_stays_close_to_it() -> None:
    pitch = PAGE.line_pitch
    text = box("text", pitch, on_grid=True)
    rows = [box(name, 1.2 * pitch) for name in "ab"]
    (free,) = fill_pages((text, *rows, text), PAGE)
    assert free[1].top - free[0].bottom == pytest.approx(free[3].top - free[2].bottom)
    (kept,) = fill_pages((replace(text, keep=Keep.HARD), *rows, text), PAGE)
    assert kept[1].top == pytest.approx(kept[0].bottom)


def test_pictures_at_the_head_or_the_foot_of_a_page_are_not_moved() -> None:
    shown, text = box("picture", 100, least=50, space_after=4), box("text", on_grid=True)
    ((first, _, last),) = fill_pages((shown, text, replace(shown, space_before=4)), PAGE)
    assert (first.top, last.height) == (0, 100)
    assert last.top == pytest.approx(
        4 + TENTH + round(104 / PAGE.line_pitch + 0.5) * PAGE.line_pitch
    )


def noted(name: str, *heights: float, own: float = TENTH) -> Box[str]:
    """Return a box with a footnote whose lines have *heights*."""
    lines = tuple(Box(height, f"{name}{n}", is_note=True) for n, height in enumerate(heights, 1))
    return replace(box(name, own), notes=(lines,))


def test_a_footnote_is_at_the_foot_of_the_page_of_its_mark() -> None:
    (page,) = fill_pages((noted("a", 20, 20), box("b")), PAGE)
    assert [placed.box.content for placed in page] == ["a", "b", "a1", "a2"]
    assert [round(placed.bottom, 3) for placed in page[2:]] == [round(TALL - 20, 3), round(TALL, 3)]


def test_a_line_whose_footnote_has_no_room_goes_to_the_next_page_with_it() -> None:
    full = [box(str(number)) for number in range(9)]
    assert pages(*full, noted("a", 20)) == [[*map(str, range(9))], ["a", "a1"]]
    assert pages(*full, noted("a", 20, own=TENTH - 20 - NOTE_SPACE)) == [
        [*map(str, range(9)), "a", "a1"]
    ]


def test_text_and_footnotes_of_a_page_do_not_overlap() -> None:
    boxes = [noted(str(number), 15, own=20) for number in range(60)]
    for page in fill_pages(boxes, PAGE):
        text = [placed for placed in page if not placed.box.is_note]
        notes = [placed for placed in page if placed.box.is_note]
        assert text[-1].bottom + NOTE_SPACE <= notes[0].top + 0.02
        assert [note.box.content for note in notes] == [f"{one.box.content}1" for one in text]


def test_a_group_of_very_many_pages_is_looked_ahead_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill = Mock(side_effect=flow._fill_page)
    monkeypatch.setattr(flow, "_fill_page", fill)
    rows = [picture(str(number), 0.8 * TALL, goes_on=number > 0) for number in range(200)]
    assert len(pages(*rows)) == len(rows)
    assert fill.call_count <= 33 * len(rows)  # for each size on the first page, not on each page


def test_boxes_kept_together_over_very_many_pages_are_not_looked_through_on_each() -> None:
    chain = [box(str(number), keep=Keep.HARD) for number in range(2_000)]
    assert flow._end_of_kept(chain, 0, PAGE) == 11
    assert flow._end_of_kept(chain[:5], 0, PAGE) == 6


def test_a_footnote_longer_than_a_third_of_a_page_goes_on_overleaf() -> None:
    filled = box("x", TALL - 100 - 2 * 20 - NOTE_SPACE)
    lines = [20.0] * 30
    found = pages(filled, noted("a", *lines, own=100), box("b", 20))
    assert found[0] == ["x", "a", "a1", "a2"]
    assert found[1][:2] == ["b", "a3"]
    assert [name for page in found for name in page if name not in "xab"] == [
        f"a{number}" for number in range(1, 31)
    ]


def test_a_footnote_goes_on_behind_the_end_of_the_text() -> None:
    found = pages(noted("a", *[TENTH] * 12))
    assert [len(page) for page in found] == [9, 4]
    assert found[1][-1] == "a12"


def test_pictures_shrink_to_make_room_for_a_footnote() -> None:
    (page,) = fill_pages((noted("a", 30), box("p", TALL - TENTH - 30, least=TALL / 2)), PAGE)
    shrunk, note = page[1], page[2]
    assert shrunk.height < TALL - TENTH - 30
    assert shrunk.bottom <= note.top - NOTE_SPACE - FOOT_MARGIN + 0.02
