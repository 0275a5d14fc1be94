"""Tables written as DOCX and read back with python-docx, over random spans."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.table import Table as WordTable
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.document.nodes import Cell, Document, Metadata, Table
from reportgen.layout.items import Hints
from reportgen.styles import CellRole
from reportgen.text import Run
from reportgen.writers.docx import DocxFace, write_docx
from tests.builders import FORMS

ROOT = Path(__file__).parents[2]
SHEET = FORMS["2021"].sheet
FACE = DocxFace("宋体", ("SimSun",), "02010600030101010101", "86", "variable", "auto")
FACES = dict.fromkeys(["小标宋", "仿宋", "黑体", "楷体", "宋体", "西文"], FACE)
METADATA = Metadata("标题", "单位", "年报", (), "2024-01-20")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _write(table: Table) -> WordTable:
    stream = BytesIO()
    write_docx(Document(METADATA, SHEET, (table,)), Hints(), stream, FACES)
    return docx.Document(stream).tables[0]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw a table whose cells, of any spans, cover the grid exactly."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    header_rows = draw(st.integers(0, height - 1))
    taken: set[tuple[int, int]] = set()
    rows: list[tuple[Cell, ...]] = []
    for row in range(height):
        cells = []
        for column in range(width):
            if (row, column) in taken:
                continue
            floor = header_rows if row < header_rows else height
            across = 1
            while column + across < width and (row, column + across) not in taken:
                across += 1
            spans = draw(st.integers(1, floor - row)), draw(st.integers(1, across))
            text = Run(f"第{row}行{column}列“值”")
            cell = Cell(row, column, *spans, CellRole.VALUE, "cell_value", (text,))
            taken.update(_places(cell))
            cells.append(cell)
        rows.append(tuple(cells))
    shares = [draw(st.floats(0.05, 1)) for _ in range(width)]
    widths = tuple(share / sum(shares) for share in shares)
    return Table("随机表格", widths, header_rows, tuple(rows))


def _places(cell: Cell) -> Iterator[tuple[int, int]]:
    for row in range(cell.row, cell.row + cell.row_span):
        for column in range(cell.column, cell.column + cell.column_span):
            yield row, column


@given(tables())
@settings(max_examples=60, deadline=None)
def test_every_cell_of_the_grid_is_read_back_in_place(table: Table) -> None:
    word = _write(table)
    assert len(word.rows) == len(table.rows)
    for row in table.rows:
        for cell in row:
            for place in _places(cell):
                assert word.cell(*place).text == cell.text


@given(tables())
@settings(max_examples=60, deadline=None)
def test_grid_columns_add_up_to_table_width(table: Table) -> None:
    element = _write(table)._tbl
    columns = [int(column.get(f"{W}w", 0)) for column in element.iter(f"{W}gridCol")]
    width = element.find(f"{W}tblPr/{W}tblW")
    assert width is not None
    assert int(width.get(f"{W}w", 0)) == sum(columns)
    for row in element.findall(f"{W}tr"):
        assert sum(int(cell.get(f"{W}w", 0)) for cell in row.iter(f"{W}tcW")) == sum(columns)


@given(tables())
@settings(max_examples=30, deadline=None)
def test_header_rows_repeat_and_no_row_splits(table: Table) -> None:
    rows = _write(table)._tbl.findall(f"{W}tr")
    marked = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
    assert marked == [number < table.header_rows for number in range(len(rows))]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_the_table_has_a_title_for_those_who_cannot_see_it() -> None:
    cell = Cell(0, 0, 1, 1, CellRole.CAPTION, "cell_caption", (Run("甲"),))
    element = _write(Table("申请“情况”", (1.0,), 0, ((cell,),)))._tbl
    caption = element.find(f"{W}tblPr/{W}tblCaption")
    assert caption is not None
    assert caption.get(f"{W}val") == "申请“情况”"


@pytest.mark.parametrize(("role", "fill"), [(CellRole.CAPTION, "C6D9F1"), (CellRole.VALUE, None)])
def test_cells_are_shaded_by_role(role: CellRole, fill: str | None) -> None:
    cell = Cell(0, 0, 1, 1, role, "cell_value", (Run("甲"),))
    shade = _write(Table("表", (1.0,), 0, ((cell,),)))._tbl.find(f".//{W}shd")
    assert (shade.get(f"{W}fill") if shade is not None else None) == fill


def test_a_line_break_in_a_cell_is_read_back() -> None:
    runs = (Run("结果"), Run("\n"), Run("维持"))
    cell = Cell(0, 0, 1, 1, CellRole.HEADER, "cell_header", runs)
    assert _write(Table("表", (1.0,), 0, ((cell,),))).cell(0, 0).text == "结果\n维持"
