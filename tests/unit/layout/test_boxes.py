"""Tests of blocks as boxes: what stays together on a page, and what begins one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import (
    Heading,
    Paragraph,
)
from reportgen.layout.items import Image, Page
from reportgen.styles import mm
from tests.unit.layout.squares import (
    PAGE,
    PITCH,
    SHEET,
    body_line,
    content_on,
    directions,
    figure,
    group,
    heading,
    lay,
    lay_out,
    lines_of_text,
    lines_on,
    paragraph,
    plain_table,
    rules_on,
    signature,
    wide_table,
)


def lines_of(page: Page, node: Paragraph) -> int:
    return len({run.y for run in content_on(page) if run.node is node})


def test_title_has_one_blank_line_below_it() -> None:
    title, text = heading("题", 0), lines_of_text(1)
    page = lay_out(title, text).pages[0]
    title_lines = round(SHEET["title"].line_pitch / PITCH)
    run = next(run for run in content_on(page) if run.node is text)
    assert body_line(page, run) == pytest.approx(title_lines + 1)


def test_heading_is_never_last_on_a_page() -> None:
    for filled in range(16, 24):
        head, text = heading("一、标题"), lines_of_text(5)
        result = lay_out(lines_of_text(filled), head, text)
        page = next(p for p in result.pages if any(r.node is head for r in content_on(p)))
        assert lines_of(page, text) >= 2, filled


def test_heading_stays_with_the_first_rows_of_a_table() -> None:
    for filled in range(15, 23):
        head = heading("一、标题")
        result = lay_out(lines_of_text(filled), head, plain_table(30, header_rows=2))
        page = next(p for p in result.pages if any(r.node is head for r in content_on(p)))
        assert any(run.text == "值020" for run in content_on(page)), filled


def test_heading_stays_with_the_picture_below_it() -> None:
    head = heading("一、标题")
    result = lay_out(lines_of_text(15), head, group(figure(600, 500)))
    page = result.pages[1]
    assert content_on(page)[0].node is head
    assert any(isinstance(item, Image) for item in page.items)


def test_paragraph_keeps_two_lines_on_each_side() -> None:
    for filled in range(15, 23):
        for count in range(2, 9):
            text = lines_of_text(count)
            result = lay_out(lines_of_text(filled), text)
            parts = [lines_of(page, text) for page in result.pages]
            assert all(part >= 2 for part in parts if part), (filled, count)
            assert sum(parts) == count


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_short_paragraph_that_ends_with_a_colon_stays_with_what_it_introduces(lines: int) -> None:
    for filled in range(16, 24):
        for following in (lines_of_text(2), plain_table(4), group(figure(600, 200))):
            text = paragraph("字" * (26 + 28 * (lines - 1) - 1) + "：")
            result = lay_out(lines_of_text(filled), text, following)
            page = next(p for p in result.pages if lines_of(p, text))
            assert lines_of(page, text) == lines, filled
            last = max(run.y for run in content_on(page) if run.node is text)
            pictures = [item.y for item in page.items if isinstance(item, Image)]
            assert any(y > last for y in [*lines_on(page), *pictures]), filled


def test_a_picture_below_a_table_does_not_touch_it() -> None:
    page = lay_out(lines_of_text(2), plain_table(3), group(figure(600, 200))).pages[0]
    rule = max(rule.y0 for rule in rules_on(page))
    (picture,) = (item for item in page.items if isinstance(item, Image))
    assert picture.y - rule == pytest.approx(PITCH / 2, abs=1)


def test_a_table_between_lines_of_text_is_in_the_middle() -> None:
    upper, lower = lines_of_text(2), lines_of_text(1)
    page = lay_out(upper, plain_table(3), lower).pages[0]
    rules = [rule.y0 for rule in rules_on(page)]
    runs = content_on(page)
    above = PAGE.top + 2 * PITCH
    below = PAGE.top + PITCH * next(body_line(page, run) for run in runs if run.node is lower)
    assert min(rules) - above == pytest.approx(below - max(rules), abs=1)


def test_date_is_never_alone() -> None:
    for filled in range(14, 24):
        result = lay_out(lines_of_text(filled), signature("某某市人民政府办公室", "2025年1月20日"))
        last = lines_on(result.pages[-1])
        assert len(last) >= 4, filled


def test_two_lines_of_short_paragraphs_go_with_the_signature() -> None:
    short = [paragraph(f"第{i:02}段") for i in range(20)]
    result = lay_out(*short, signature("某某市人民政府办公室", "2025年1月20日"))
    assert [run.text for run in content_on(result.pages[-1])[:2]] == ["第18段", "第19段"]


def test_a_line_below_a_table_goes_with_the_signature_without_the_table() -> None:
    for rows in range(20, 30):
        undivided = plain_table(1, header_rows=rows)
        result = lay_out(undivided, paragraph("末"), signature("某某市人民政府", "2025年1月20日"))
        shown = [run.text for run in content_on(result.pages[-1])]
        assert shown[-3:] == ["末", "某某市人民政府", "2025年1月20日"], rows


def test_signature_follows_a_blank_line() -> None:
    page = lay_out(lines_of_text(2), signature("机关名称机关名称", "日期")).pages[0]
    assert [body_line(page, run) for run in content_on(page)] == pytest.approx([0, 1, 3, 4])


def test_text_below_a_table_returns_to_the_grid() -> None:
    text = lines_of_text(1)
    page = lay_out(lines_of_text(2), plain_table(3), text).pages[0]
    run = next(run for run in content_on(page) if run.node is text)
    assert body_line(page, run) == pytest.approx(round(body_line(page, run)))


def test_empty_paragraph_takes_one_blank_line() -> None:
    page = lay_out(lines_of_text(1), paragraph(""), lines_of_text(1)).pages[0]
    assert [body_line(page, run) for run in content_on(page)] == pytest.approx([0, 2])


def test_a_landscape_table_has_pages_of_its_own() -> None:
    before, after = lines_of_text(3), lines_of_text(3)
    pages = lay_out(before, wide_table(3), after).pages
    assert directions(*pages) == [False, True, False]
    assert {run.node for run in content_on(pages[0])} == {before}
    assert {run.node for run in content_on(pages[2])} == {after}


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


def test_heading_on_a_new_page_begins_one() -> None:
    begun: Heading = replace(heading("核对意见"), on_new_page=True)
    result = lay(lines_of_text(3), begun)
    assert [len(content_on(page)) for page in result.pages] == [3, 1]
    assert [place.page for place in result.destinations] == [2]
