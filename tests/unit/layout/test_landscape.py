"""Tables across the page: pages of their own, turned, the number where it always stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reportgen.document.nodes import Block, Table, walk_text
from reportgen.layout.items import Page, RuleLine, TurnedText
from reportgen.styles import mm
from reportgen.writers.dump import dump_document, dump_pages
from tests.builders import paginate
from tests.unit.layout.squares import (
    FONTS,
    PAGE,
    SHEET,
    all_content,
    content_on,
    heading,
    lay_out,
    lines_of_text,
    make_document,
    plain_table,
    runs_on,
    signature,
)


def wide_table(rows: int, header_rows: int = 1) -> Table:
    return replace(plain_table(rows, header_rows), landscape=True)


def directions(*pages: Page) -> list[bool]:
    return [page.landscape for page in pages]


def number_on(page: Page) -> list[TurnedText]:
    return [
        item
        for item in page.items
        if isinstance(item, TurnedText) and item.run.artifact == "footer"
    ]


def test_a_landscape_table_has_pages_of_its_own() -> None:
    before, after = lines_of_text(3), lines_of_text(3)
    pages = lay_out(before, wide_table(3), after).pages
    assert directions(*pages) == [False, True, False]
    assert {run.node for run in content_on(pages[0])} == {before}
    assert {run.node for run in content_on(pages[2])} == {after}


def test_a_landscape_page_is_the_sheet_turned() -> None:
    page = lay_out(wide_table(2)).pages[0]
    assert (page.width, page.height) == (PAGE.height, PAGE.width)


def test_its_type_area_is_225_by_156_mm_with_the_margins_turned_along() -> None:
    rules = [item for item in lay_out(wide_table(2)).pages[0].items if isinstance(item, RuleLine)]
    assert min(rule.y0 for rule in rules) == pytest.approx(mm(28), abs=0.5)
    assert min(rule.x0 for rule in rules) == pytest.approx(mm(35), abs=0.5)
    assert max(rule.x1 for rule in rules) == pytest.approx(mm(35 + 225), abs=0.5)
    turned = PAGE.turned()
    assert turned.right == pytest.approx(PAGE.top)
    assert turned.bottom == pytest.approx(PAGE.right)


def test_it_goes_on_over_landscape_pages_under_its_repeated_head() -> None:
    made = wide_table(60, header_rows=2)
    pages = lay_out(made, lines_of_text(2)).pages
    assert directions(*pages) == [True] * (len(pages) - 1) + [False]
    assert len(pages) > 3
    heads = [[r.text for r in runs_on(page) if r.artifact == "header"] for page in pages[:-1]]
    assert heads == [[]] + [["头00", "头01", "头10", "头11"]] * (len(heads) - 1)
    for page in pages[:-1]:
        assert all(run.y < PAGE.left + PAGE.text_width for run in content_on(page))


def test_the_text_before_it_fills_its_page_and_none_is_moved_behind_it() -> None:
    before, after = lines_of_text(30), lines_of_text(30)
    pages = lay_out(before, wide_table(2), after).pages
    shown = [{run.node for run in content_on(page)} & {before, after} for page in pages]
    assert shown == [{before}, {before}, set(), {after}, {after}]


def test_every_landscape_table_begins_a_page() -> None:
    first, second = wide_table(2), wide_table(2)
    pages = lay_out(first, second).pages
    assert directions(*pages) == [True, True]


def test_headings_right_above_go_along_with_the_table() -> None:
    section, part = heading("一、标题"), heading("（一）标题", 2)
    result = lay_out(lines_of_text(2), section, part, wide_table(2), lines_of_text(1))
    page = result.pages[1]
    assert directions(*result.pages) == [False, True, False]
    assert [run.node for run in content_on(page)][:2] == [section, part]
    assert content_on(page)[0].x == pytest.approx(mm(35) + 32, abs=1)
    assert [place.page for place in result.destinations] == [2, 2]
    tops = [mm(28), mm(28) + SHEET["heading1"].line_pitch]
    assert [place.y for place in result.destinations] == pytest.approx(tops)


def test_a_heading_with_text_below_it_stays_upright() -> None:
    head, text = heading("一、标题"), lines_of_text(2)
    pages = lay_out(head, text, wide_table(2)).pages
    assert {run.node for run in content_on(pages[0])} == {head, text}


def test_a_signature_behind_it_stands_on_an_upright_page() -> None:
    pages = lay_out(wide_table(2), signature("某某市人民政府办公室", "2025年1月20日")).pages
    assert directions(*pages) == [True, False]


@pytest.mark.parametrize("leading", [0, 1])
def test_the_page_number_stands_where_it_stands_on_the_other_sheets(leading: int) -> None:
    before = [lines_of_text(22)] * leading
    page = lay_out(*before, wide_table(2)).pages[leading]
    other = lay_out(lines_of_text(22 * (leading + 1))).pages[leading]
    expected = [run for run in runs_on(other) if run.artifact == "footer"]
    marks = number_on(page)
    assert [mark.run.text for mark in marks] == [run.text for run in expected]
    for mark, run in zip(marks, expected, strict=True):
        # The sheet's left edge is the head of the turned page, its foot the left edge.
        assert (mark.y, PAGE.height - mark.x) == pytest.approx((run.x, run.y))
        assert mark.angle == -90


def test_draft_marks_stand_as_the_page_is_read() -> None:
    page = lay_out(wide_table(2), stamp="草稿，不得报送", watermark="草稿").pages[0]
    mark = page.items[0]
    assert isinstance(mark, TurnedText)
    assert (mark.x, mark.y) == pytest.approx((PAGE.height / 2, PAGE.width / 2))
    stamp = next(run for run in runs_on(page) if run.artifact == "header")
    assert stamp.y == pytest.approx(mm(20))
    assert stamp.x >= mm(35)


def test_the_dump_says_what_is_landscape() -> None:
    made = make_document(wide_table(1))
    assert dump_document(made).splitlines()[1].endswith(" landscape")
    assert dump_pages(paginate(made, FONTS)).startswith("p1 page 841.9 x 595.3 landscape\n")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("段题横竖"), st.integers(1, 30)), max_size=10))
def test_whatever_the_blocks_all_is_shown_once_in_order(plan: list[tuple[str, int]]) -> None:
    makers: dict[str, Callable[[int], Block]] = {
        "段": lines_of_text,
        "题": lambda size: heading("标题" * size),
        "横": wide_table,
        "竖": plain_table,
    }
    document = make_document(*(makers[kind](size) for kind, size in plan))
    result = paginate(document, FONTS)
    assert "".join(run.text for run in all_content(result)) == "".join(
        run.text for _, run in walk_text(document)
    )
    for page in result.pages:
        text_height = PAGE.text_width if page.landscape else PAGE.text_height
        head = PAGE.left if page.landscape else PAGE.top
        assert all(head < run.y < head + text_height for run in content_on(page))
