"""Tests of many reports compared with each other and with the roll."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.units.reading import Head
from reportgen.units.roll import Handed, Roll, Standing, common_year, compare_units, read_roll

NAMES = ("清溪县财政局", "清溪县审计局", "清溪县民政局")


def head(organ: str, year: int | None = 2025, **changes: object) -> Head:
    settings = {"kind": "本机关", "form": "disclosure/2021", **changes}
    return Head(organ, year, **settings)  # type: ignore[arg-type]


def handed(**units: Head) -> list[Handed]:
    return [Handed(name, item) for name, item in units.items()]


def told(standing: Standing) -> list[tuple[str, str, str]]:
    return [(item.name, item.finding.slug, item.finding.wording) for item in standing.remarks]


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
        "市,县区,单位\n甲市,甲县,财政局\n,,甲县审计局\n,乙县,财政局\n乙市,-,乙市审计局\n",
        encoding="utf-8",
    )
    assert read_roll(path).groups == {
        "甲县财政局": ("甲市", "甲县"),
        "甲县审计局": ("甲市", "甲县"),
        "乙县财政局": ("甲市", "乙县"),
        "乙市审计局": ("乙市",),
    }


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


def test_reports_that_fit_are_not_remarked_on() -> None:
    units = handed(甲=head(NAMES[0]), 乙=head("清溪县　审计局"), 丙=head("民政局"))
    standing = compare_units(units, Roll(NAMES), year=2025, for_sum=True)
    assert told(standing) == []
    assert standing.left_out == frozenset()
    assert standing.organs == {"甲": NAMES[0], "乙": NAMES[1], "丙": NAMES[2]}


def test_a_unit_of_the_roll_without_report_is_missing_unless_it_is_told_otherwise() -> None:
    units = handed(甲=head(NAMES[0]))
    for folder in ("全县/民政局", "03民政局", "3. 民政局.zip", "3.民政局", "2025年度民政局"):
        standing = compare_units(units, Roll(NAMES), folders=[folder, "别的"])
        assert told(standing) == [(NAMES[1], "organ-missing", "")]


@pytest.mark.parametrize(
    ("organ", "wording"),
    [("清溪县财政局局", "left-out-near"), ("云溪市水务集团", "left-out")],
)
def test_a_unit_that_is_not_on_the_roll_is_left_out(organ: str, wording: str) -> None:
    units = handed(甲=head(organ))
    standing = compare_units(units, Roll(NAMES[:1]), for_sum=True)
    assert told(standing)[0] == ("甲", "organ-not-on-roll", wording)
    assert standing.left_out == {"甲"}


def test_a_folder_named_like_another_unit_is_told() -> None:
    units = [Handed("全县/审计局", head(NAMES[0])), Handed("全县/审计局.docx", head(NAMES[1]))]
    standing = compare_units(units, Roll(NAMES[:2]))
    assert told(standing) == [("全县/审计局", "organ-not-on-roll", "folder")]


def test_of_two_reports_of_one_organ_the_one_that_is_no_copy_counts() -> None:
    same = head(NAMES[0])
    units = [Handed("财政局 - 副本", same), Handed("财政局", same), Handed("财政局(2)", same)]
    standing = compare_units(units, for_sum=True)
    assert standing.left_out == {"财政局 - 副本", "财政局(2)"}
    assert {item.finding.wording for item in standing.remarks} == {"left-out-copy"}
    assert told(compare_units(handed(甲=same, 乙=same))) == [("甲", "organ-twice", "")]


def test_two_years_of_one_organ_are_no_copies_of_each_other() -> None:
    units = handed(甲=head(NAMES[0]), 乙=head(NAMES[0], 2024))
    assert told(compare_units(units)) == []
    assert told(compare_units(units, year=2025)) == [("乙", "organ-of-other-year", "")]


def test_a_report_without_a_year_of_another_form_or_of_a_sum_is_left_out() -> None:
    units = handed(
        甲=head(NAMES[0]),
        乙=head(NAMES[1], None),
        丙=head(NAMES[2], form="disclosure/2019"),
        丁=head("某县", kind="汇总"),
    )
    forms = {"disclosure/2021": "2021年版", "disclosure/2019": "2019年版"}
    standing = compare_units(units, year=2025, forms=forms, sums=("丁",), for_sum=True)
    assert told(standing) == [
        ("乙", "organ-of-other-year", "none"),
        ("丙", "organ-of-other-form", ""),
    ]
    assert standing.left_out == {"乙", "丙", "丁"}


def test_a_copy_under_another_name_is_told() -> None:
    units = handed(甲=head(NAMES[0], digest="a"), 乙=head(NAMES[1], digest="a"), 丙=head(NAMES[2]))
    standing = compare_units(units, for_sum=True)
    assert told(standing) == [("乙", "organ-copied", "")]
    assert standing.left_out == frozenset()


def test_the_common_year_is_that_of_most_reports() -> None:
    assert common_year([head("甲"), head("乙"), head("丙", 2024)]) == 2025
    assert common_year([head("甲"), head("乙", 2024)]) is None
    assert common_year([]) is None
