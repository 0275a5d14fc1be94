"""The forms' grids are the official tables, cell by cell."""

from __future__ import annotations

import re

import pytest

from reportgen.forms.grid import GridCell, TableGrid
from tests.builders import FORMS
from tests.regulation.published import PublishedCell, notice, pingtan, plain

TABLES = ("proactive", "requests", "disputes")
SOURCES = [
    pytest.param("2019", notice("2019"), id="60号"),
    pytest.param("2021", notice("2021"), id="30号"),
    pytest.param("2019", pingtan(2019), id="平潭2019"),
    pytest.param("2021", pingtan(2024), id="平潭2024"),
]
_NUMBER = re.compile(r"[+-]?\d*(\.\d+)?元?")


def shape(cell: GridCell | PublishedCell) -> tuple[int, int, int, int]:
    return (cell.row, cell.column, cell.row_span, cell.column_span)


def grids(form: str) -> list[TableGrid]:
    return [FORMS[form].tables[name] for name in TABLES]


@pytest.mark.parametrize(("form", "tables"), SOURCES)
def test_three_tables_stand_in_the_sections_two_three_and_four(
    form: str, tables: list[list[PublishedCell]]
) -> None:
    assert len(tables) == 3
    assert [section.table for section in FORMS[form].sections] == [None, *TABLES, None, None]


@pytest.mark.parametrize(("form", "tables"), SOURCES)
def test_every_cell_lies_and_spans_as_published(
    form: str, tables: list[list[PublishedCell]]
) -> None:
    for grid, table in zip(grids(form), tables, strict=True):
        assert [shape(cell) for cell in grid.cells()] == [shape(cell) for cell in table]


@pytest.mark.parametrize(("form", "tables"), SOURCES)
def test_every_label_reads_as_published(form: str, tables: list[list[PublishedCell]]) -> None:
    for grid, table in zip(grids(form), tables, strict=True):
        labels = [cell for cell in grid.cells() if cell.role != "value"]
        places = {shape(cell): cell.text for cell in table}
        assert [plain(cell.label) for cell in labels] == [
            plain(places[shape(cell)]) for cell in labels
        ]


@pytest.mark.parametrize(("form", "tables"), SOURCES)
def test_a_number_stands_in_every_value_cell_and_nowhere_else(
    form: str, tables: list[list[PublishedCell]]
) -> None:
    for grid, table in zip(grids(form), tables, strict=True):
        published = [bool(_NUMBER.fullmatch(cell.text.strip())) for cell in table]
        assert [cell.role == "value" for cell in grid.cells()] == published


@pytest.mark.parametrize(("form", "rows"), [("2019", 20), ("2021", 22)])
def test_results_span_the_rows_the_notice_says(form: str, rows: int) -> None:
    cells = FORMS[form].tables["requests"].cells()
    assert [cell.row_span for cell in cells if cell.label == "三、本年度办理结果"] == [rows]


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_heads_repeat_what_is_above_the_first_number(form: str) -> None:
    for name in ("requests", "disputes"):
        grid = FORMS[form].tables[name]
        assert grid.header_rows == min(cell.row for cell in grid.value_cells()) == 3


def test_columns_of_the_first_table_have_the_widths_of_the_notices() -> None:
    wanted = [135.7, 100, 82.5, 101.85]
    assert FORMS["2019"].tables["proactive"].widths == pytest.approx(
        [width / sum(wanted) for width in wanted]
    )
    assert FORMS["2021"].tables["proactive"].widths == pytest.approx([0.25] * 4)


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_section_titles_are_those_of_the_notice(form: str) -> None:
    assert [section.title for section in FORMS[form].sections] == [
        "总体情况",
        "主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "政府信息公开行政复议、行政诉讼情况",
        "存在的主要问题及改进情况",
        "其他需要报告的事项",
    ]


def test_each_form_cites_its_notice() -> None:
    assert "国办公开办函〔2019〕60号" in FORMS["2019"].basis
    assert "国办公开办函〔2021〕30号" in FORMS["2021"].basis
