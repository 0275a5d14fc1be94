"""Tests of the roll of the units that must report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.units.roll import read_roll

NAMES = ("清溪县财政局", "清溪县审计局", "清溪县民政局")


@pytest.mark.parametrize(
    "text",
    [
        "清溪县财政局\n清溪县审计局\r\n\n清溪县民政局\n清溪县财政局\n",
        "1. 清溪县财政局\n2、清溪县审计局\n３．清溪县民政局\n",
        "序号,单位名称,联系人\n1,清溪县财政局,王五\n2,清溪县审计局,\n3,清溪县民政局,李四\n",
        "序号\t单位\n1\t清溪县财政局\n2\t清溪县审计局\n3\t清溪县民政局\n",
        "1，清溪县财政局\n2，清溪县审计局\n3，清溪县民政局",
        "2025年应报单位\n序号,单位\n1,清溪县财政局\n2,清溪县审计局\n3,清溪县民政局\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roll_is_a_text_or_a_table_with_the_names(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(text, encoding=encoding)
    assert read_roll(path).names == NAMES


def test_a_roll_is_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["应报送单位名册"])
    sheet.append(["序号", "联系人", "单位"])
    for number, name in enumerate(NAMES, 1):
        sheet.append([number, "王五", name])
    book.save(tmp_path / "名册.xlsx")
    assert read_roll(tmp_path / "名册.xlsx").names == NAMES


def test_a_roll_may_have_levels(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(
        "市,县区,单位\n甲市,甲县,财政局\n甲市,甲县,甲县审计局\n甲市,乙县,财政局\n乙市,-,乙市审计局\n",
        encoding="utf-8",
    )
    assert read_roll(path).groups == {
        "甲县财政局": ("甲市", "甲县"),
        "甲县审计局": ("甲市", "甲县"),
        "乙县财政局": ("甲市", "乙县"),
        "乙市审计局": ("乙市",),
    }


def test_a_blank_level_in_a_text_is_not_filled_from_above(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("市,县区,单位\n甲市,甲县,甲县财政局\n甲市,,甲市审计局\n", encoding="utf-8")
    assert read_roll(path).groups == {"甲县财政局": ("甲市", "甲县"), "甲市审计局": ("甲市",)}


@pytest.mark.parametrize(
    "row", ["甲县小计,2", "合计,3", "合计：3 家", "共计3家", "总计（3家）", "备注：三月前报送"]
)
def test_a_row_of_a_sum_or_remark_is_no_unit_and_is_told(tmp_path: Path, row: str) -> None:
    path = tmp_path / "名册.csv"
    rows = ["单位,人数", *(f"{name},1" for name in NAMES[:2]), row, f"{NAMES[2]},1"]
    path.write_text("\n".join(rows), encoding="utf-8")
    roll = read_roll(path)
    assert roll.names == NAMES
    assert roll.passed_over == (row.partition(",")[0],)


def test_an_organ_with_a_sum_in_its_name_is_a_unit(tmp_path: Path) -> None:
    path = tmp_path / "名册.txt"
    path.write_text("清溪县统计局\n清溪县会计核算中心\n", encoding="utf-8")
    assert read_roll(path).names == ("清溪县统计局", "清溪县会计核算中心")


def test_the_cells_of_a_level_may_be_merged(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["县区", "单位名称"],
        ["甲县", "甲县财政局"],
        ["", "甲县审计局"],
        ["乙县", "乙县财政局"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "名册.xlsx")
    groups = read_roll(tmp_path / "名册.xlsx").groups
    assert list(groups.values()) == [("甲县",), ("甲县",), ("乙县",)]


def test_the_cells_of_a_table_in_a_word_file_may_be_merged(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(4, 2)
    for row, texts in zip(
        table.rows, (("县区", "单位"), ("甲县", "一局"), ("", "二局"), ("", "三局")), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(3, 0)).text = "甲县"
    document.save(str(tmp_path / "名册.docx"))
    assert read_roll(tmp_path / "名册.docx").groups == dict.fromkeys(
        ("一局", "二局", "三局"), ("甲县",)
    )


def test_the_names_of_all_sheets_with_a_head_are_taken(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheets = [book.worksheets[0], book.create_sheet(), book.create_sheet()]
    for sheet, rows in zip(
        sheets, (["填报说明", "下面是单位"], ["单位", NAMES[0]], ["单位", *NAMES[1:]]), strict=True
    ):
        for text in rows:
            sheet.append([text])
    book.save(tmp_path / "名册.xlsx")
    assert read_roll(tmp_path / "名册.xlsx").names == NAMES


@pytest.mark.parametrize(("name", "text"), [("a.txt", "1\n2\n"), ("b.xlsx", "x"), ("c.txt", "\0")])
def test_a_roll_without_names_is_one_line(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match=r"没有单位名称|无法读取"):
        read_roll(tmp_path / name)
    with pytest.raises(EnvironmentProblem, match="没有找到名册"):
        read_roll(tmp_path / "没有.txt")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.mkdir(), "它是目录，不是文件"),
        (lambda path: path.symlink_to("nowhere"), "它是链接，指向的地方没有文件"),
        (lambda path: path.write_text("某某局\n" * 400_000, encoding="utf-8"), "太长，不像名册"),
        (lambda path: path.write_bytes(bytes(9)), "不是文本"),
    ],
)
def test_a_roll_that_is_none_is_told_for_what_it_is(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(tmp_path / "名册.txt")
    with pytest.raises(EnvironmentProblem, match=f"名册.txt 无法读取：{reason}"):
        read_roll(tmp_path / "名册.txt")
