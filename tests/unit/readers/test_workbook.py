"""The tables of a workbook: recognised by their labels, every number with its cell."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.findings_text import render_full, render_json, render_short
from reportgen.model.tables import CellPath, Quantity
from reportgen.readers.excel import read_workbook
from reportgen.readers.folder import Reading, read_folder
from reportgen.readers.workbook import WorkbookTables, read_tables
from reportgen.source import SheetSpan
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, LIBRARY, SECTION_TITLES, at, codes, quantities, worded

FORM = FORMS["2021"]
NUMBERS = {path: index for index, path in enumerate(FORM.value_cells, 1) if path not in FORM.totals}
NARRATIVE = "\n\n".join(f"# {title}\n\n已公开。" for title in SECTION_TITLES)
HEAD = "单位: 某市某局\n年度: 2024\n"
Change = Callable[[Book], object]


def save(folder: Path, *changes: Change) -> Path:
    """Write the filled-in workbook of the form of 2021 after *changes* into *folder*."""
    book = openpyxl.load_workbook(io.BytesIO(fill_workbook(FORM, quantities(NUMBERS))))
    for change in changes:
        change(book)
    path = folder / "数据.xlsx"
    book.save(path)
    return path


def read(folder: Path, *changes: Change) -> WorkbookTables:
    workbook, found = read_workbook(save(folder, *changes))
    assert workbook is not None, found
    return read_tables(workbook, FORM)


def put(sheet: str, **cells: Any) -> Change:
    """Return the change that types *cells* into *sheet*."""

    def change(book: Book) -> None:
        for name, value in cells.items():
            book[sheet][name] = value

    return change


def on(sheet: str, change: Callable[[Worksheet], object]) -> Change:
    """Return *change* as one of the sheet named *sheet*; merges follow the cells."""
    return lambda book: change(book[sheet])


def numbers(tables: WorkbookTables) -> dict[str, object]:
    return {name: quantity.number for name, quantity in tables.cells.items()}


def path_at(sheet: str, cell: str) -> CellPath:
    """Return the path of the number that *cell* of the form's own workbook holds."""
    folder = {"表二": "主动公开", "表三": "申请", "表四": "复议诉讼"}[sheet]
    grid = next(grid for grid in FORM.tables.values() if grid.key == folder)
    column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 2
    found = grid.cell_at(row, column)
    assert found is not None
    return found.path


def test_every_number_of_the_form_is_read_from_its_own_workbook(tmp_path: Path) -> None:
    tables = read(tmp_path)
    assert numbers(tables) == NUMBERS
    assert worded(tables.found) == []
    assert set(tables.blanks) == set(FORM.totals)  # formulas that nobody has computed yet


def test_number_points_at_its_cell(tmp_path: Path) -> None:
    tables = read(tmp_path)
    place = tables.cells[path_at("表三", "F12")].span
    assert isinstance(place, SheetSpan)
    assert place.place == f"{tmp_path}/数据.xlsx 表三!F12"
    assert place.short_place == f"{tmp_path}/数据.xlsx:表三!F12"
    assert (place.line, place.column) == (12, 6)


def _unmerged(sheet: Worksheet) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def _spread(sheet: Worksheet) -> None:
    """Insert a column, two rows and a title, as a clerk would; merges are given up."""
    _unmerged(sheet)
    sheet.insert_cols(4)
    sheet.insert_rows(7)
    sheet.insert_rows(1, 2)
    sheet["B1"] = "某市某局二〇二四年度"


def _side_by_side(book: Book) -> None:
    """Copy 表四 below 表二, on one sheet."""
    target, source = book["表二"], book["表四"]
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                target.cell(cell.row + 30, cell.column + 2, cell.value)
    book.remove(source)


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.move_sheet("表三", 2),
        lambda book: setattr(book["表四"], "title", "复议 (最新)"),
        lambda book: book.remove(book["填写说明"]),
        lambda book: book.create_sheet("备用", 0),
        on("表三", _unmerged),
        on("表三", _spread),
        on("表二", _spread),
        on("表四", _spread),
        _side_by_side,
        put("表三", A40="说明：以上 3 项", K5="备注"),
        put("表三", D5="1１"),
    ],
)
def test_what_does_not_matter_changes_nothing(tmp_path: Path, change: Change) -> None:
    tables = read(tmp_path, change)
    assert {n: q for n, q in numbers(tables).items() if n not in FORM.totals} == NUMBERS
    assert [item for item in worded(tables.found) if item.code != "I126"] == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), (" 12 ", 12), ("１２", 12), (12.0, 12), ("1,200", 1200), ("=12", None)],
)
def test_number_may_be_typed_in_many_ways(
    tmp_path: Path, typed: object, number: int | None
) -> None:
    cell = read(tmp_path, put("表三", D5=typed)).cells[path_at("表三", "D5")]
    assert cell.number == number
    assert cell.invalid is (number is None)


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("12件", "I105", "“12件”不是整数"),
        (1.5, "I105", "“1.5”不是整数"),
        (-1, "I106", "负数"),
        ("/", "T104", "按 0 计"),
        ("#REF!", "I105", "公式出错"),
        ("=D6+1", "I105", "还没有算出结果"),
        (datetime.date(2025, 3, 1), "I105", "是日期"),
        (True, "I105", "“TRUE”不是整数"),
        (10**20, "I105", "位数过多"),
    ],
)
def test_what_is_no_number_is_told_at_its_cell(
    tmp_path: Path, typed: object, code: str, words: str
) -> None:
    tables = read(tmp_path, put("表三", F12=typed))
    (found,) = worded(tables.found)
    assert found.code == code
    assert words in found.message
    assert found.span is not None
    assert found.span.place.endswith("数据.xlsx 表三!F12")
    assert found.cells == (path_at("表三", "F12"),)


def test_money_takes_its_unit_in_the_cell(tmp_path: Path) -> None:
    path = at("主动公开/行政事业性收费/本年收费金额")
    assert read(tmp_path, put("表二", B15="1.25万元")).cells[path] == Quantity(Decimal("1.25"))


def test_broken_total_is_told_and_how_to_mend_it(tmp_path: Path) -> None:
    (found,) = worded(read(tmp_path, put("表三", J5="#VALUE!")).found)
    assert found.code == "I105"
    assert "合计公式" in found.hint


def test_numbers_typed_as_text_are_one_hint(tmp_path: Path) -> None:
    (found,) = worded(read(tmp_path, put("表三", D5="1", E5="2", D6="3")).found)
    assert found.code == "I126"
    assert "D5、E5、D6" in found.message


def test_number_beside_the_table_is_told(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        _unmerged(sheet)
        sheet.insert_rows(7)
        sheet["D7"] = 5

    (found,) = worded(read(tmp_path, on("表三", change)).found)
    assert found.code == "I125"
    assert "D7 的“5”" in found.message


def test_sheet_that_is_not_there_is_one_finding(tmp_path: Path) -> None:
    tables = read(tmp_path, lambda book: book.remove(book["表四"]))
    assert codes(worded(tables.found)) == ["I122"]
    assert tables.cells[at("复议诉讼/行政复议/结果维持")].invalid
    assert tables.keys == {"主动公开", "申请"}


def test_row_whose_label_was_changed_is_told_and_not_guessed(tmp_path: Path) -> None:
    tables = read(tmp_path, put("表三", C10="2.别的"))
    (found,) = worded(tables.found)
    assert found.code == "I124"
    assert "2.其他法律行政法规禁止公开" in found.message
    assert len(found.cells) == 7
    assert all(tables.cells[at(name)].invalid for name in found.cells)
    others = {name: number for name, number in NUMBERS.items() if name not in found.cells}
    assert others.items() <= numbers(tables).items()


def test_copy_of_a_sheet_is_not_taken_silently(tmp_path: Path) -> None:
    (found,) = worded(
        read(
            tmp_path, lambda book: book.copy_worksheet(book["表三"]), put("表三 Copy", D5=99)
        ).found
    )
    assert found.code == "I123"
    assert "“表三”、“表三 Copy”" in found.message


def test_blank_cell_has_a_place_but_no_number(tmp_path: Path) -> None:
    tables = read(tmp_path, put("表三", D5=None))
    name = path_at("表三", "D5")
    assert name not in tables.cells
    assert tables.blanks[name].cell == "表三!D5"


def folder(path: Path, data: str = HEAD, *changes: Change, workbook: bool = True) -> Reading:
    (path / "report.yaml").write_text(data, encoding="utf-8")
    (path / "正文.md").write_text(NARRATIVE, encoding="utf-8")
    if workbook:
        save(path, *changes)
    return read_folder(path, LIBRARY)


def test_workbook_takes_the_place_of_the_tables(tmp_path: Path) -> None:
    reading = folder(tmp_path)
    assert codes(reading.diagnostics) == []
    assert reading.report is not None
    assert {n: reading.report.cells[n].number for n in NUMBERS} == NUMBERS
    assert set(reading.report.cells) == set(FORM.value_cells)  # totals are computed
    total = reading.report.cells[at("申请/本年新收/总计")]
    assert total.computed
    row = [n for n in NUMBERS if n.startswith("申请/本年新收/")]
    assert total.number == sum(NUMBERS[n] for n in row)


def test_tables_typed_twice_alike_are_fine(tmp_path: Path) -> None:
    text = HEAD + f"复议诉讼: {{行政复议: {[NUMBERS[n] for n in NUMBERS if '行政复议' in n]}}}\n"
    assert codes(folder(tmp_path, text).diagnostics) == []


def test_tables_that_contradict_are_one_finding_with_both_places(tmp_path: Path) -> None:
    reading = folder(tmp_path, HEAD + "复议诉讼: {行政复议: [1, 2, 3, 4]}\n")
    (found,) = reading.diagnostics
    assert found.code == "I127"
    assert found.span is not None
    assert (found.span.path, found.span.line) == (str(tmp_path / "report.yaml"), 3)
    assert found.labels[0].span.place.endswith("数据.xlsx 表四!A5")
    assert len(found.cells) == 4
    assert reading.report is not None
    path = at("复议诉讼/行政复议/结果维持")
    assert reading.report.cells[path].number == NUMBERS[path]


def test_table_that_the_workbook_lacks_may_stand_in_yaml(tmp_path: Path) -> None:
    reading = folder(
        tmp_path,
        HEAD + "复议诉讼: {行政复议: [1, 2, 3, 4], 未经复议直接起诉: [0, 0, 0, 0], "
        "复议后起诉: [0, 0, 0, 0]}\n",
        lambda book: book.remove(book["表四"]),
    )
    assert codes(reading.diagnostics) == []
    assert reading.report is not None
    assert reading.report.cells[at("复议诉讼/行政复议/总计")].number == 10


def test_workbook_that_cannot_be_read_is_the_only_finding(tmp_path: Path) -> None:
    (tmp_path / "数据.xlsx").write_bytes(b"nothing")
    reading = folder(tmp_path, workbook=False)
    assert codes(reading.diagnostics) == ["I120"]
    assert reading.report is not None
    assert all(cell.invalid for cell in reading.report.cells.values())


def test_workbook_of_another_kind_is_told_unless_the_tables_are_typed(tmp_path: Path) -> None:
    (tmp_path / "数据.xls").touch()
    assert codes(folder(tmp_path, workbook=False).diagnostics) == ["I120"]
    typed = HEAD + "缺省: 0\n主动公开: {}\n申请: {}\n复议诉讼: {}\n"
    assert codes(folder(tmp_path, typed, workbook=False).diagnostics) == []


def test_findings_show_the_cell_in_every_format(tmp_path: Path) -> None:
    (found,) = folder(tmp_path, HEAD, put("表三", F12="12件")).diagnostics
    path = tmp_path / "数据.xlsx"
    assert render_full([found]).split("\n")[1:5] == [
        f" --> {path} 表三!F12",
        "    |",
        "F12 | 12件",
        "    | ^^^^",
    ]
    assert render_short([found]).startswith(f"{path}:表三!F12: error[I105] ")
    assert '"cell": "表三!F12"' in render_json([found])
