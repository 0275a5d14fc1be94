"""Tests of the progress and the summary of a batch."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from reportgen.batch.summary import (
    Progress,
    duration,
    summary_lines,
    summary_workbook,
    write_summary,
)
from reportgen.batch.unit import Outcome, Status, Tally
from reportgen.problems import EnvironmentProblem
from reportgen.readers.inputs import SUMMARY_FILES


def test_progress_tells_count_rate_and_time_left() -> None:
    progress = Progress(10, now=100.0)
    progress.note(Outcome("甲", Status.BUILT), 101.0)
    progress.note(Outcome("乙", Status.FAILED), 102.0)
    assert progress.text().split("  ") == [
        "2/10",
        "失败 1",
        "每秒 1.0 份",
        "还需 8 秒",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 秒"), (75, "1 分 15 秒"), (7260, "2 小时 1 分")]
)
def test_durations_are_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.fixture
def outcomes() -> list[Outcome]:
    """Return many failures whose message a spreadsheet would evaluate as a formula."""
    found = Tally(2, 0, "=1+1，" + "长" * 90, "正文.md:3")
    return [Outcome(f"单位{number:02}", Status.FAILED, found) for number in range(40)]


def test_a_long_table_of_failures_is_cut(outcomes: list[Outcome]) -> None:
    lines = summary_lines(outcomes, 40, 1.0)
    assert lines[-1] == f"…… 其余 10 份见 {SUMMARY_FILES[0]}"
    assert max(map(len, lines)) < 80


def test_the_summary_is_text_with_nothing_to_calculate(
    tmp_path: Path, outcomes: list[Outcome]
) -> None:
    path = write_summary(tmp_path, outcomes)[0]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row[0]: row for row in csv.reader(stream)}
    assert rows["单位07"][4].startswith("'=1+1")


def test_the_summary_is_a_workbook_too(tmp_path: Path, outcomes: list[Outcome]) -> None:
    sheet = openpyxl.load_workbook(write_summary(tmp_path, outcomes)[1]).worksheets[0]
    head, first, *_ = sheet.iter_rows(values_only=True)
    assert head == ("单位目录", "结果", "错误", "警告", "第一个问题", "位置")
    assert first[:4] == ("单位00", "失败", 2, 0)
    assert sheet.max_row == 41
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F41")
    message = sheet["E2"]
    assert (message.data_type, message.quotePrefix) == ("s", True)
    assert str(message.value).startswith("=1+1，")


def test_equal_outcomes_give_equal_files(tmp_path: Path, outcomes: list[Outcome]) -> None:
    first = [path.read_bytes() for path in write_summary(tmp_path / "甲", outcomes)]
    again = write_summary(tmp_path / "乙", outcomes[::-1])
    assert [path.read_bytes() for path in again] == first


def test_a_name_that_xml_cannot_say_does_not_stop_the_summary(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(summary_workbook([("单位",), ("甲\x00\udc80\r乙",), ("长" * 40_000,)]))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["A2"].value == "甲   乙"
    assert len(str(sheet["A3"].value)) == 32_767


def test_a_summary_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / SUMMARY_FILES[1]).mkdir()
    with pytest.raises(EnvironmentProblem, match=r"无法替换 .*汇总结果\.xlsx"):
        write_summary(tmp_path, [])


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_no_sign_that_begins_a_formula_begins_a_cell(tmp_path: Path, sign: str) -> None:
    outcome = Outcome(f"{sign}单位", Status.FAILED, Tally(1, 0, f"{sign}1", f"{sign}2"))
    path = write_summary(tmp_path, [outcome])[0]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.reader(stream))[1]
    assert [cell for cell in cells if cell.startswith(sign)] == []
