"""Tests of the parts of a table on its pages: text repeated, rules, shades."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Cell
from reportgen.layout.items import Fill
from reportgen.layout.tables import (
    measure_table,
)
from reportgen.styles import CellRole
from tests.unit.layout.squares import (
    FONTS,
    PAGE,
    SHEET,
    all_content,
    cell,
    content_on,
    headers_on,
    lay_out,
    lines_of_text,
    plain_table,
    rules_on,
    runs_on,
    spanned_table,
    table,
)


def test_repeated_header_stands_at_the_head_of_the_page() -> None:
    page = lay_out(plain_table(60)).pages[1]
    first = min(run.y for run in runs_on(page))
    header = [run for run in runs_on(page) if run.artifact == "header"]
    assert {run.y for run in header} == {first}
    assert min(rule.y0 for rule in rules_on(page)) == pytest.approx(PAGE.top)


def test_each_cell_text_appears_once_as_content() -> None:
    tables = plain_table(60, header_rows=2), spanned_table("三、本年度办理结果", 50, 60)
    for node in tables:
        result = lay_out(lines_of_text(5), node)
        shown: Counter[Cell] = Counter()
        for run in all_content(result):
            if isinstance(run.node, Cell):
                shown[run.node] += len(run.text)
        for one in chain.from_iterable(node.rows):
            assert shown[one] == len(one.text), one


def test_spanned_label_is_printed_again() -> None:
    result = lay_out(spanned_table("三、结果", 50, 60))
    assert [run.text for run in content_on(result.pages[0])].count("三、结果") == 1
    assert headers_on(result.pages[1]) == ["项目", "数量", "三、结果"]


def test_spanned_label_is_centred_in_its_part() -> None:
    page = lay_out(spanned_table("三、结果", 50, 60)).pages[1]
    label = next(run for run in runs_on(page) if run.text == "三、结果")
    parts = [run for run in content_on(page) if run.text == "乙"]
    middle = (parts[0].y + parts[-1].y) / 2
    assert label.y == pytest.approx(middle, abs=0.2)  # the label is smaller than the numbers


def test_a_divided_cell_may_give_up_half_of_its_padding() -> None:
    measured = measure_table(plain_table(2), SHEET, FONTS)
    divided, padding = measured.cells[0], SHEET.table.padding_y
    assert measured.fits(divided, divided.text_height + padding)
    assert not measured.fits(divided, divided.text_height + padding - 0.1)


def test_table_is_closed_by_rules_at_foot_and_head() -> None:
    pages = lay_out(spanned_table("三、结果", 50, 60)).pages
    for page in pages:
        rules = [rule for rule in rules_on(page) if rule.y0 == rule.y1]
        top, bottom = min(rule.y0 for rule in rules), max(rule.y0 for rule in rules)
        for edge in (top, bottom):
            (rule,) = [rule for rule in rules if rule.y0 == edge]
            assert rule.x1 - rule.x0 == pytest.approx(PAGE.text_width + SHEET.table.rule)


def test_rules_are_drawn_once_and_run_straight_on() -> None:
    rules = rules_on(lay_out(plain_table(3)).pages[0])
    assert len([rule for rule in rules if rule.y0 == rule.y1]) == 5
    assert len([rule for rule in rules if rule.x0 == rule.x1]) == 3
    assert {rule.width for rule in rules} == {SHEET.table.rule}


def test_no_rule_crosses_a_spanning_cell() -> None:
    page = lay_out(spanned_table("三、结果", 5, 7)).pages[0]
    middle = PAGE.left + PAGE.text_width / 4
    crossing = [rule for rule in rules_on(page) if rule.x0 < middle < rule.x1]
    assert len(crossing) == 4  # head, below header, below 新收, foot


def test_shade_covers_the_cells_of_its_role_and_lies_below_text() -> None:
    caption = Cell(0, 0, 1, 2, CellRole.CAPTION, "cell_caption", ())
    node = table([[caption], [cell(1, 0, "1"), cell(1, 1, "2")]], 2)
    items = lay_out(node).pages[0].items
    fill = items[0]
    assert isinstance(fill, Fill)
    assert (fill.x, fill.y, fill.width) == pytest.approx((PAGE.left, PAGE.top, PAGE.text_width))
    assert fill.colour == SHEET.table.shades["caption"]


def test_the_rule_below_the_last_row_of_a_page_is_on_the_page() -> None:
    look = SHEET.table
    count = int(PAGE.text_height // look.min_row_height)
    least = replace(look, min_row_height=PAGE.text_height / count)
    exact = table([[cell(row, 0, "甲", "stub")] for row in range(count)], 1)
    assert len(lay_out(replace(exact, look=least)).pages) == 2
    shorter = replace(least, min_row_height=(PAGE.text_height - look.rule) / count)
    assert len(lay_out(replace(exact, look=shorter)).pages) == 1
