"""Tests of tables: widths, heights, page breaks, repeated headers and labels, rules, numbers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Cell
from reportgen.layout.flow import Keep
from reportgen.layout.tables import (
    MeasuredTable,
    column_edges,
    measure_table,
    row_keeps,
)
from tests.unit.layout.squares import (
    FONTS,
    PAGE,
    PITCH,
    SHEET,
    all_content,
    cell,
    content_on,
    headers_on,
    lay_out,
    lines_of_text,
    paragraph,
    plain_table,
    rules_on,
    runs_on,
    spanned_table,
    table,
)

BOTTOM = PAGE.top + PAGE.text_height


def test_columns_fill_the_type_area() -> None:
    edges = column_edges((0.2, 0.3, 0.5), 100.0)
    assert edges == pytest.approx((0, 20, 50, 100))
    assert edges[-1] == 100.0


def test_a_caption_is_centred_above_the_table_on_its_page() -> None:
    titled = replace(plain_table(3), caption=paragraph("表题", "table_title"))
    first, second = lay_out(lines_of_text(21), titled).pages
    assert "表题" not in {run.text for run in runs_on(first)}
    title, *cells = runs_on(second)
    assert (title.text, title.node) == ("表题", titled.caption)
    assert title.x + title.width / 2 == pytest.approx(PAGE.left + PAGE.text_width / 2)
    assert title.y < min(run.y for run in cells if run.node)


def test_row_is_as_tall_as_its_tallest_cell() -> None:
    rows = [[cell(0, 0, "字" * 60, "stub"), cell(0, 1, "1")], [cell(1, 0, "短"), cell(1, 1, "2")]]
    measured = measure_table(table(rows, 2), SHEET, FONTS)
    pitch = SHEET["cell_stub"].line_pitch
    look = SHEET.table
    assert measured.heights[0] == pytest.approx(3 * pitch + 2 * look.padding_y + look.rule)
    assert measured.heights[1] == pytest.approx(look.min_row_height + look.rule)


def test_spanning_cell_enlarges_its_last_row() -> None:
    rows = [
        [cell(0, 0, "字" * 60, "stub", row_span=2), cell(0, 1, "1")],
        [cell(1, 1, "2")],
    ]
    measured = measure_table(table(rows, 2), SHEET, FONTS)
    look = SHEET.table
    needed = 3 * SHEET["cell_stub"].line_pitch + 2 * look.padding_y + look.rule
    assert measured.heights[0] == pytest.approx(look.min_row_height + look.rule)
    assert sum(measured.heights) == pytest.approx(needed)


def test_text_is_centred_in_its_cell() -> None:
    page = lay_out(table([[cell(0, 0, "字" * 60, "stub"), cell(0, 1, "1")]], 2)).pages[0]
    value = content_on(page)[-1]
    look = SHEET.table
    height = 3 * SHEET["cell_stub"].line_pitch + 2 * look.padding_y + look.rule
    assert value.y - 0.88 * value.size + value.size / 2 == pytest.approx(PAGE.top + height / 2)
    assert value.x + value.width / 2 == pytest.approx(PAGE.left + PAGE.text_width * 0.75)


def test_header_rows_repeat_after_a_break() -> None:
    result = lay_out(plain_table(60, header_rows=2))
    assert len(result.pages) > 1
    assert headers_on(result.pages[0]) == []
    for page in result.pages[1:]:
        assert headers_on(page) == ["头00", "头01", "头10", "头11"]


def test_rows_stay_within_the_type_area() -> None:
    for page in lay_out(lines_of_text(3), plain_table(90)).pages:
        assert max(rule.y1 for rule in rules_on(page)) <= BOTTOM + 0.1


def test_two_rows_of_data_stand_on_either_side_of_a_break() -> None:
    for filled in range(12, 23):
        for count in range(4, 14):
            result = lay_out(lines_of_text(filled), plain_table(count))
            rows = [
                len({run.y for run in content_on(page) if run.text.startswith("值")})
                for page in result.pages
            ]
            assert all(number >= 2 for number in rows if number), (filled, count)


def test_no_break_leaves_a_label_without_room() -> None:
    label = "字" * 20 * 6  # six lines, taller than four rows
    for filled in range(8, 16):
        result = lay_out(lines_of_text(filled), spanned_table(label, 20, 30))
        for page in result.pages:
            values = [run for run in content_on(page) if run.text in "甲乙"]
            repeated = [run for run in runs_on(page) if "字" in run.text and run.artifact]
            own = [run for run in content_on(page) if isinstance(run.node, Cell)]
            shows_label = bool(repeated) or any("字" in run.text for run in own)
            assert bool(values) == shows_label, filled


def test_row_taller_than_a_page_is_split() -> None:
    long = "".join(chr(0x4E00 + i) for i in range(1500))
    node = table([[cell(0, 0, "名", "stub"), cell(0, 1, long, "stub")]], 2)
    result = lay_out(node)
    assert len(result.pages) > 1
    text = "".join(run.text for run in all_content(result))
    assert text == "名" + long
    for page in result.pages:
        assert max(run.y for run in content_on(page)) < BOTTOM
        assert len([rule for rule in rules_on(page) if rule.y0 == rule.y1]) == 2


@pytest.mark.parametrize("lines", range(70, 100, 3))
def test_every_part_of_a_row_taller_than_a_page_has_text(lines: int) -> None:
    text = "字" * 15 * lines
    node = table([[cell(0, 0, "名", "stub"), cell(0, 1, text, "stub")]], 2)
    for page in lay_out(node).pages:
        shown = [run for run in content_on(page) if "字" in run.text]
        rules = [rule.y0 for rule in rules_on(page) if rule.y0 == rule.y1]
        assert shown
        assert min(rules) < min(run.y for run in shown)
        assert max(run.y for run in shown) < max(rules)
        assert max(rules) - max(run.y for run in shown) < 3 * SHEET.styles["cell_stub"].line_pitch


def test_row_taller_than_a_page_begins_where_the_text_before_it_ends() -> None:
    node = table([[cell(0, 0, "名", "stub"), cell(0, 1, "字" * 15 * 90, "stub")]], 2)
    first = lay_out(lines_of_text(6), node).pages[0]
    assert max(run.y for run in content_on(first)) > BOTTOM - 3 * SHEET["body"].line_pitch


def test_header_of_more_than_half_a_page_is_not_repeated() -> None:
    header = [cell(0, 0, "头" * 600, "header"), cell(0, 1, "数", "header")]
    data = [[cell(r, 0, "甲"), cell(r, 1, "乙")] for r in range(1, 60)]
    result = lay_out(table([header, *data], 2, header_rows=1))
    assert all(headers_on(page) == [] for page in result.pages)


def test_fifteen_columns_stack_labels_two_by_two() -> None:
    node = table([[cell(0, c, "结果维持", "header") for c in range(15)]], 15, header_rows=1)
    runs = content_on(lay_out(node).pages[0])
    assert [run.text for run in runs[:2]] == ["结果", "维持"]


def test_caption_row_within_a_table_stays_with_the_row_below() -> None:
    for filled in range(5, 20):
        rows = [
            [cell(r, 0, f"行{r:02}", "caption" if r % 4 == 0 else "stub"), cell(r, 1, "", "header")]
            for r in range(24)
        ]
        result = lay_out(lines_of_text(filled), table(rows, 2))
        for page in result.pages[:-1]:
            last = [run for run in content_on(page) if isinstance(run.node, Cell)][-1:]
            assert all(run.node.role != "caption" for run in last if isinstance(run.node, Cell))


@pytest.mark.parametrize(("rows", "kept"), [(2, True), (4, True), (5, False)])
def test_a_short_item_within_a_table_stays_on_one_page(rows: int, kept: bool) -> None:
    """A row of data whose head is on the page before says nothing."""
    head = [cell(0, 0, "项", "caption", column_span=2)]
    data = [[cell(r, c, f"值{r}{c}") for c in range(2)] for r in range(1, rows + 1)]
    last = [cell(rows + 1, 0, "末", "caption", column_span=2)]
    end = [[cell(rows + 2, c, "尾") for c in range(2)]]
    made = measure_table(table([head, *data, last, *end], 2), SHEET, FONTS)
    hard = [keep is Keep.HARD for keep in row_keeps(made, SHEET.page)[1:rows]]
    assert hard == [kept] * (rows - 1)


def labelled_table(rows: int) -> MeasuredTable:
    """Return a table with a label beside all rows but the first two and the last."""
    label = cell(3, 0, "办理结果", "stub", row_span=rows - 3)
    heads = [cell(0, column, "头", "header") for column in range(2)]
    lines = [heads]
    for row in range(1, rows + 1):
        side = [label] if row == 3 else [cell(row, 0, "项", "stub")] if row in (1, 2, rows) else []
        lines.append([*side, cell(row, 1, f"值{row}")])
    return measure_table(table(lines, 2, 1), SHEET, FONTS)


def test_a_table_with_a_label_beside_many_rows_stays_whole_if_it_fits_on_a_page() -> None:
    keeps = row_keeps(labelled_table(20), SHEET.page)
    soft = {1, 2, 18, 19}
    assert [row for row in range(1, 20) if keeps[row] is Keep.SOFT] == sorted(soft)
    assert all(keeps[row] is Keep.LOOSE for row in range(3, 18))
    assert Keep.LOOSE not in row_keeps(labelled_table(60), SHEET.page)


def test_a_page_break_leaves_three_rows_of_a_table_on_either_side() -> None:
    for filled in range(10, 21):
        pages = lay_out(lines_of_text(filled), plain_table(8)).pages
        counts = [
            len({run.y for run in content_on(page) if isinstance(run.node, Cell)}) for page in pages
        ]
        shown = [count for count in counts if count]
        assert len(shown) == 1 or (shown[0] >= 4 and shown[-1] >= 3)


def test_two_tables_in_a_row_do_not_touch() -> None:
    page = lay_out(plain_table(2), plain_table(2)).pages[0]
    levels = sorted({rule.y0 for rule in rules_on(page) if rule.y0 == rule.y1})
    assert levels[4] - levels[3] == pytest.approx(PITCH / 2)


def test_an_empty_cell_has_no_lines() -> None:
    measured = measure_table(table([[cell(0, 0, ""), cell(0, 1, "1")]], 2), SHEET, FONTS)
    assert [len(each.lines) for each in measured.cells] == [0, 1]


def test_a_table_may_have_a_look_of_its_own() -> None:
    own = replace(SHEET.table, padding_x=10.0, padding_y=0.0, min_row_height=40.0)
    made = replace(table([[cell(0, 0, "字" * 80, "stub"), cell(0, 1, "1")]], 2), look=own)
    measured = measure_table(made, SHEET, FONTS)
    assert measured.heights == pytest.approx((4 * SHEET["cell_stub"].line_pitch + own.rule,))
    first = content_on(lay_out(made).pages[0])[0]
    assert first.x == pytest.approx(PAGE.left + own.padding_x)
