"""Tests of tables in a DOCX: the grid of cells, widths, repeated rows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Paragraph, Table
from reportgen.text import Run
from reportgen.writers.docx.tables import column_widths
from tests.unit.writers.docx.docx_sample import W, brief, cell, found_in, main_part, table


def test_every_program_is_told_the_same_widths() -> None:
    root = main_part(table())
    assert found_in(root, "tblW") == ["tblW{w=8856,type=dxa}"]
    assert found_in(root, "gridCol") == ["gridCol{w=2952}"] * 3
    assert found_in(root, "tcW")[:3] == [
        "tcW{w=2952,type=dxa}",
        "tcW{w=5904,type=dxa}",
        "tcW{w=2952,type=dxa}",
    ]


def test_widths_are_whole_and_add_up() -> None:
    assert column_widths([1, 1, 1], 100) == (33, 34, 33)
    assert sum(column_widths([0.1, 0.7, 0.2, 0.35], 8856)) == 8856


def test_a_table_has_a_style_and_a_text_for_those_who_cannot_see_it() -> None:
    assert found_in(main_part(table()), "tblPr") == [
        "tblPr/(tblStyle{val=ReportTable},tblW{w=8856,type=dxa},jc{val=center},"
        "tblLayout{type=fixed},tblLook{val=0620,firstRow=1,lastRow=0,firstColumn=0,lastColumn=0,"
        "noHBand=1,noVBand=1},tblCaption{val=收到和处理政府信息公开申请情况},"
        "tblDescription{val=收到和处理政府信息公开申请情况})"
    ]


@pytest.mark.parametrize(("name", "broken"), [("申请", True), ("", False)])
def test_label_that_no_column_breaks_by_meaning_is_broken_in_official_tables(
    name: str, broken: bool
) -> None:
    """A line break in a text of the author would be in the way when it is edited."""
    cells = cell(0, 0, "（三）不予公开", role="stub"), cell(0, 1, "3")
    made = Table("情况", (0.1, 0.9), 0, (cells,), name=name)
    first = found_in(main_part(made), "p")[0]
    assert ('t"（三）",br,t"不予"' in first) is broken


def test_the_title_of_a_table_stays_with_its_first_row() -> None:
    titled = replace(table(), caption=Paragraph("table_title", (Run("表1"),)))
    assert found_in(main_part(titled), "p")[0] == (
        'p/(pPr/(pStyle{val=ReportTableTitle},keepNext),r/t"表1")'
    )


def test_header_rows_repeat_and_no_row_is_split() -> None:
    height = "trHeight{val=400,hRule=atLeast}"
    assert found_in(main_part(table()), "trPr") == [
        *[f"trPr/(cantSplit,{height},tblHeader)"] * 2,
        *[f"trPr/(cantSplit,{height})"] * 2,
    ]


def test_a_row_taller_than_a_page_may_be_split() -> None:
    rows = (cell(0, 0, "名"), cell(0, 1, "字" * 2500)), (cell(1, 0, "名"), cell(1, 1, "1"))
    made = Table("情况", (0.5, 0.5), 0, rows)
    assert ["cantSplit" in row for row in found_in(main_part(made), "trPr")] == [False, True]


def test_a_cell_over_rows_begins_with_its_text_and_goes_on_empty() -> None:
    cells = [cell for cell in found_in(main_part(table()), "tc") if "vMerge" in cell]
    size = "tcW{w=2952,type=dxa}"
    assert cells[2:] == [
        f"tc/(tcPr/({size},vMerge{{val=restart}},vAlign{{val=center}}),"
        'p/(pPr/(pStyle{val=ReportCellStub},keepNext),r/t"一、新收"))',
        f"tc/(tcPr/({size},vMerge{{val=continue}},vAlign{{val=center}}),"
        "p/pPr/pStyle{val=ReportCellStub})",
    ]


def test_a_cell_over_columns_says_how_many() -> None:
    (cell,) = (cell for cell in found_in(main_part(table()), "tc") if "gridSpan" in cell)
    assert cell == (
        "tc/(tcPr/(tcW{w=5904,type=dxa},gridSpan{val=2},vAlign{val=center}),"
        'p/(pPr/(pStyle{val=ReportCellHeader},keepNext),r/t"申请人情况"))'
    )


def test_cells_of_one_kind_are_elements_of_their_own() -> None:
    root = main_part(table(), replace(table(), title="另一张"))
    texts = [brief(cell[-1][-1]) for cell in root.iter(f"{W}tc") if len(cell[-1]) > 1]
    assert texts[-4:] == ['r/t"3"', 'r/t"4"', 'r/t"5"', 'r/t"6"']
    assert texts[: len(texts) // 2] == texts[len(texts) // 2 :]
