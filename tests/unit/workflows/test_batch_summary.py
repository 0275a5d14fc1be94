"""What a batch tells its user."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reportgen.workflows.batch_inputs import SUMMARY_FILE
from reportgen.workflows.batch_summary import Progress, duration, summary_lines, write_summary
from reportgen.workflows.batch_unit import Findings, Outcome, Status


def test_progress_tells_count_rate_and_time_left() -> None:
    progress = Progress(10, now=100.0)
    progress.note(Outcome("甲", Status.BUILT), 101.0)
    progress.note(Outcome("乙", Status.FAILED), 102.0)
    assert progress.line().split("  ") == [
        "████░░░░░░░░░░░░░░░░░░░░ 2/10",
        "失败 1",
        "每秒 1.0 份",
        "还需 8 秒",
    ]
    assert progress.fraction == 0.2


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 秒"), (75, "1 分 15 秒"), (7260, "2 小时 1 分")]
)
def test_durations_are_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_long_table_of_failures_is_cut(tmp_path: Path) -> None:
    found = Findings(2, 0, "=1+1，" + "长" * 90, "正文.md:3")
    outcomes = [Outcome(f"单位{number:02}", Status.FAILED, found) for number in range(40)]
    lines = summary_lines(outcomes, 40, 1.0)
    assert lines[-1] == f"…… 其余 10 份见 {SUMMARY_FILE}"
    assert max(map(len, lines)) < 80
    write_summary(tmp_path, outcomes)
    with (tmp_path / SUMMARY_FILE).open(encoding="utf-8-sig", newline="") as stream:
        rows = {row[0]: row for row in csv.reader(stream)}
    assert rows["单位07"][4].startswith("'=1+1")
