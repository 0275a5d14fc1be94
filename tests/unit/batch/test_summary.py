"""Tests of the progress and the summary of a batch."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from reportgen.batch.summary import (
    summary_lines,
    summary_objects,
    write_summary,
)
from reportgen.batch.unit import Outcome, Status
from reportgen.diagnostics import Severity
from reportgen.problems import EnvironmentProblem
from reportgen.readers import survey_folder
from reportgen.readers.inputs import SUMMARY_FILES
from reportgen.units import Head, Tally, Told, UnitFinding


def summary_files(
    folder: Path, outcomes: Sequence[Outcome], *remarks: Sequence[UnitFinding]
) -> list[Path]:
    """Write the summary and return the paths of its files."""
    return [item.path for item in write_summary(folder, outcomes, *remarks)]


@pytest.fixture
def outcomes() -> list[Outcome]:
    """Return many failures whose message a spreadsheet would evaluate as a formula."""
    found = Tally(2, 0, (Told(Severity.ERROR, "", "=1+1，" + "长" * 90, "正文.md:3"),))
    return [Outcome(f"单位{number:02}", Status.FAILED, found) for number in range(40)]


def test_a_long_table_of_failures_is_cut(outcomes: list[Outcome]) -> None:
    lines = summary_lines(outcomes, 40, 1.0)
    assert lines[-1] == f"…… 其余 10 份见 {SUMMARY_FILES[0]}"
    assert max(map(len, lines)) < 80


def test_the_summary_is_text_with_nothing_to_calculate(
    tmp_path: Path, outcomes: list[Outcome]
) -> None:
    path = summary_files(tmp_path, outcomes)[0]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row[0]: row for row in csv.reader(stream)}
    assert rows["单位07"][-2].startswith("'=1+1")


def test_the_summary_is_a_workbook_too(tmp_path: Path, outcomes: list[Outcome]) -> None:
    book = openpyxl.load_workbook(summary_files(tmp_path, outcomes)[1])
    sheet = book.worksheets[0]
    title, head, first, *_ = sheet.iter_rows(values_only=True)
    assert title[0] == "汇总结果"
    assert head == ("单位目录", "结果", "单位", "年度", "错误", "警告", "第一个问题", "位置")
    assert (first[:2], first[4:6]) == (("单位00", "失败"), (2, 0))
    assert sheet.max_row == 43
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B3", "A2:H42")
    message = sheet["G3"]
    assert (message.data_type, message.quotePrefix) == ("s", True)
    assert str(message.value).startswith("=1+1，")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$2"
    findings = [row[4] for row in book["问题"].iter_rows(min_row=3, values_only=True)]
    assert findings[:2] == ["=1+1，" + "长" * 90, "另有 1 条没有列出"]


def _outcome(name: str, **figures: int | None) -> Outcome:
    return Outcome(name, Status.BUILT, head=Head(name, 2024, "本机关", "a/1", figures))


def test_key_figures_are_columns_with_their_totals(tmp_path: Path) -> None:
    outcomes = [_outcome("甲局", 新收=3, 结转=1), _outcome("乙局", 新收=4, 结转=None)]
    paths = summary_files(tmp_path, outcomes)
    with paths[0].open(encoding="utf-8-sig", newline="") as stream:
        head, second, first, total = csv.reader(stream)
    assert head[2:6] == ["单位", "年度", "新收", "结转"]
    assert (first[2:6], second[4:6]) == (["甲局", "2024", "3", "1"], ["4", ""])
    assert (total[0], total[4:6]) == ("合计（缺 1 家）", ["7", "1"])
    sheet = openpyxl.load_workbook(paths[1]).worksheets[0]
    assert [cell.value for cell in sheet[5]][4:6] == ["=SUM(E3:E4)", "=SUM(F3:F4)"]
    shown = openpyxl.load_workbook(paths[1], data_only=True).worksheets[0]
    assert [cell.value for cell in shown[5]][4:6] == [7, 1]


def _remark(slug: str, message: str, name: str = "丙局") -> UnitFinding:
    return UnitFinding(name, "", Told(Severity.ERROR, "U1", message, slug=slug))


def test_the_total_says_which_reports_it_should_not_hold(tmp_path: Path) -> None:
    outcomes = [_outcome("甲局", 新收=3), _outcome("甲局副本", 新收=3), _outcome("乙局", 新收=4)]
    remarks = [
        _remark("organ-twice", "有两份", "甲局副本"),
        _remark("organ-of-other-year", "年度不同", "乙局"),
        _remark("organ-copied", "完全相同", "乙局"),
    ]
    paths = summary_files(tmp_path, outcomes, remarks)
    with paths[0].open(encoding="utf-8-sig", newline="") as stream:
        *_, total = csv.reader(stream)
    assert (total[0], total[4]) == ("合计（重复 1 份，年度不同 1 份，与别家相同 1 份）", "10")
    assert openpyxl.load_workbook(paths[1]).worksheets[0]["A6"].value == total[0]


def test_units_without_a_report_are_told_in_every_form_of_the_summary(tmp_path: Path) -> None:
    remarks = [
        _remark("organ-left-out", "“丙局”没有处理"),
        _remark("organ-missing", "没有报", "丁局"),
        _remark("organ-twice", "有两份", "甲局"),
    ]
    outcomes = [_outcome("甲局", 新收=3)]
    lines = summary_lines(outcomes, 1, 1.0, remarks)
    assert lines[0].startswith("共 1 份报告：已生成 1；另有 2 个单位没有处理；")
    assert lines[-3:] == [
        "错误[U1] “丙局”没有处理",
        "错误[U1] 丁局：没有报",
        "错误[U1] 甲局：有两份",
    ]
    objects = {item["name"]: item for item in summary_objects(outcomes, remarks)}
    assert [objects[name]["status"] for name in ("丙局", "丁局")] == ["left_out", "missing"]
    assert objects["甲局"]["remarks"] == ["[U1] 有两份"]
    with summary_files(tmp_path, outcomes, remarks)[0].open(encoding="utf-8-sig") as stream:
        rows = {row[0]: row for row in csv.reader(stream)}
    assert [rows[name][1] for name in ("丙局", "丁局")] == ["没有处理", "没有处理"]
    assert rows["甲局"][-3:-1] == ["1", "[U1] 有两份"]


def test_a_remark_stays_on_one_line() -> None:
    assert "\n" not in _remark("organ-twice", "有两份", "甲\n局").line


def test_equal_outcomes_give_equal_files(tmp_path: Path, outcomes: list[Outcome]) -> None:
    first = [path.read_bytes() for path in summary_files(tmp_path / "甲", outcomes)]
    again = summary_files(tmp_path / "乙", outcomes[::-1])
    assert [path.read_bytes() for path in again] == first


def test_a_name_that_xml_cannot_say_does_not_stop_the_summary(tmp_path: Path) -> None:
    long = Tally(1, 0, (Told(Severity.ERROR, "", "长" * 40_000),))
    path = summary_files(tmp_path, [Outcome("甲\x00\udc80\r乙", Status.FAILED, long)])[1]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["A3"].value == "甲   乙"
    assert len(str(sheet["G3"].value)) == 32_767


def test_a_summary_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / SUMMARY_FILES[1]).mkdir()
    with pytest.raises(EnvironmentProblem, match=r"无法替换 .*汇总结果\.xlsx"):
        summary_files(tmp_path, [])


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_no_sign_that_begins_a_formula_begins_a_cell(tmp_path: Path, sign: str) -> None:
    told = Told(Severity.ERROR, "", f"{sign}1", f"{sign}2")
    outcome = Outcome(f"{sign}单位", Status.FAILED, Tally(1, 0, (told,)))
    path = summary_files(tmp_path, [outcome])[0]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.reader(stream))[1]
    assert [cell for cell in cells if cell.startswith(sign)] == []


def test_a_name_does_not_look_like_another_one(tmp_path: Path) -> None:
    outcome = Outcome("\u202e局\x1b[31m", Status.FAILED, Tally(0, 0, ()))
    listed, book = summary_files(tmp_path, [outcome])
    assert listed.read_text("utf-8-sig").splitlines()[1].split(",")[0] == " 局 [31m"
    assert openpyxl.load_workbook(book).worksheets[0]["A3"].value == " 局 [31m"


def test_a_summary_with_remarks_of_a_reader_is_kept(
    tmp_path: Path, outcomes: list[Outcome]
) -> None:
    path = summary_files(tmp_path, outcomes)[1]
    assert [item.backup for item in write_summary(tmp_path, outcomes)] == [None, None]
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["Z1"] = "已电话通知"
    book.save(path)
    kept = write_summary(tmp_path, outcomes)[1].backup
    assert kept is not None
    assert openpyxl.load_workbook(kept).worksheets[0]["Z1"].value == "已电话通知"
    assert survey_folder(tmp_path).finished == ()  # it is no report
