"""The form's tables with the report's numbers, and the author's own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Table
from reportgen.document.tables import compose_plain_table, compose_table
from reportgen.model.narrative import NarrativeTable
from reportgen.model.tables import Quantity
from reportgen.styles import Align
from reportgen.text import Run
from tests.builders import FORMS, at, quantities, report, span_of, zeros


def compose(table: str, cells: dict[str, Quantity], form: str = "2021") -> Table:
    full = quantities(zeros(form)) | {at(name): cell for name, cell in cells.items()}
    return compose_table(FORMS[form].tables[table], report(form, full))


def plain(*rows: tuple[str, ...], aligns: tuple[Align, ...] | None = None) -> Table:
    head, *body = [tuple((Run(text),) for text in row) for row in rows]
    return compose_plain_table(
        NarrativeTable(head, tuple(body), aligns or (Align.LEFT,) * len(head))
    )


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("table", ["proactive", "requests", "disputes"])
def test_composed_table_has_the_shape_of_its_grid(form: str, table: str) -> None:
    grid = FORMS[form].tables[table]
    composed = compose(table, {}, form)
    assert (composed.title, composed.name) == (grid.title, grid.key)
    assert (composed.widths, composed.header_rows) == (grid.widths, grid.header_rows)
    cells = [cell for row in composed.rows for cell in row]
    for cell, planned in zip(cells, grid.cells(), strict=True):
        assert (cell.row, cell.column) == (planned.row, planned.column)
        assert (cell.row_span, cell.column_span) == (planned.row_span, planned.column_span)
        assert (cell.role, cell.style, cell.name) == (planned.role, planned.style, planned.path)
        assert cell.text == ("0" if planned.role == "value" else planned.label) or "元" in cell.text


def text_of(table: Table, name: str) -> str:
    return next(cell.text for row in table.rows for cell in row if cell.name == name)


def test_number_is_printed_plainly_and_points_at_its_source() -> None:
    place = span_of("3,307", "3,307")
    name = "主动公开/行政许可/本年处理决定数量"
    table = compose("proactive", {name: Quantity(3307, "3,307", place)})
    cell = next(cell for row in table.rows for cell in row if cell.name == name)
    assert (cell.text, cell.span) == ("3307", place)
    assert cell.runs[0].span == place


def test_no_number_is_printed_as_zero() -> None:
    table = compose("proactive", {"主动公开/规章/本年制发件数": Quantity(None, "/")})
    assert text_of(table, "主动公开/规章/本年制发件数") == "0"


def test_unreadable_number_is_shown_as_typed_in_a_draft() -> None:
    table = compose("proactive", {"主动公开/规章/本年制发件数": Quantity(None, "四", invalid=True)})
    assert text_of(table, "主动公开/规章/本年制发件数") == "四"


def test_money_and_change_keep_unit_and_sign() -> None:
    table = compose(
        "proactive",
        {
            "主动公开/政府集中采购/采购总金额": Quantity(Decimal("75394432.52"), "75394432.52元"),
            "主动公开/行政许可/本年增/减": Quantity(11, "+11", signed=True),
        },
        "2019",
    )
    assert text_of(table, "主动公开/政府集中采购/采购总金额") == "75394432.52元"
    assert text_of(table, "主动公开/行政许可/本年增/减") == "+11"


def test_absent_number_leaves_its_cell_empty() -> None:
    table = compose_table(FORMS["2021"].tables["requests"], report(cells={}))
    values = [cell for row in table.rows for cell in row if cell.role == "value"]
    assert all(cell.runs == () for cell in values)
    assert table.rows[0][0].text


def test_authors_table_has_a_head_and_aligned_cells() -> None:
    table = plain(
        ("项目", "件数", "说明"), ("甲", "1", "文"), aligns=(Align.LEFT, Align.RIGHT, Align.CENTER)
    )
    assert table.header_rows == 1
    assert [cell.role for cell in table.rows[0]] == ["header"] * 3
    assert [cell.role for cell in table.rows[1]] == ["value"] * 3
    assert [cell.style for cell in table.rows[0]] == ["cell_text"] * 3
    assert [cell.style for cell in table.rows[1]] == [
        "cell_text_left",
        "cell_text_right",
        "cell_text",
    ]
    assert [(cell.row, cell.column) for cell in table.rows[1]] == [(1, 0), (1, 1), (1, 2)]


def test_authors_columns_share_the_width_by_their_longest_text() -> None:
    widths = plain(("甲", "乙"), ("字" * 10, "字" * 5)).widths
    assert sum(widths) == pytest.approx(1)
    assert widths[0] / widths[1] == pytest.approx(22 / 12)


def test_one_very_long_cell_does_not_starve_the_others() -> None:
    widths = plain(("甲", "乙"), ("字" * 500, "1")).widths
    assert widths[1] > 0.1


def test_empty_cells_have_room_too() -> None:
    assert plain(("", ""), ("", "")).widths == (0.5, 0.5)


def test_table_of_a_head_alone_is_a_table() -> None:
    assert len(plain(("甲", "乙")).rows) == 1


def test_a_table_is_landscape_when_its_form_or_its_author_says_so() -> None:
    grid = FORMS["2021"].tables["requests"]
    assert not compose_table(grid, report()).landscape
    assert compose_table(replace(grid, landscape=True), report()).landscape
    typed = NarrativeTable(((Run("甲"),),), (((Run("1"),),),), (Align.LEFT,))
    assert not compose_plain_table(typed).landscape
    assert compose_plain_table(replace(typed, landscape=True)).landscape


def test_a_short_head_asks_for_one_line_and_a_long_one_for_two() -> None:
    widths = plain(("十二月", "十月", "结转下年度件数"), ("1", "1", "1")).widths
    assert widths[0] > widths[1]
    assert widths[2] == pytest.approx(widths[0] * 10 / 8)
