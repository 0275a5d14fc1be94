"""XLS workbooks → sheets of cells, with the formats of their numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.spreadsheets import SheetCell, SheetCellKind, read_xls

DATA = Path(__file__).parents[2] / "data"


def test_numbers_come_with_their_formats_and_texts_as_they_are() -> None:
    (sheet,) = read_xls((DATA / "formats.xls").read_bytes(), "旧.xls").sheets
    number = SheetCellKind.NUMBER
    assert dict(sheet.cells) == {
        (1, 1): SheetCell("名称"),
        (1, 2): SheetCell("数"),
        (2, 1): SheetCell("元"),
        (2, 2): SheetCell("3892431", number, '0"元"'),
        (3, 1): SheetCell("千"),
        (3, 2): SheetCell("1234567", number, "#,##0,"),
        (4, 1): SheetCell("日"),
        (4, 2): SheetCell("2025-03-01", SheetCellKind.DATE),
        (5, 1): SheetCell("常规"),
        (5, 2): SheetCell("12.6", number),
        (6, 1): SheetCell("并"),
    }
    assert sheet.merged == ((6, 1, 6, 2),)
    assert sheet.hidden_rows == {5}
    assert sheet.hidden_columns == set()
    assert sheet.place(2, 2).place == "旧.xls Sheet!B2"


@pytest.mark.parametrize("cut", [600, 3000])
def test_a_damaged_workbook_raises(cut: int) -> None:
    data = (DATA / "formats.xls").read_bytes()
    with pytest.raises(Exception):  # noqa: B017 - the library raises nearly anything
        read_xls(data[:cut], "旧.xls")
