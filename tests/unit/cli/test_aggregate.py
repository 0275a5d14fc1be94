"""Tests of ``aggregate``: its summary, its exit code, and how much is shown of many remarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.cli import FINE, PROBLEMS, run
from tests.unit.units.offices import write_units


def aggregate(root: Path, out: Path, *more: str) -> int:
    words = ["aggregate", str(root), "--organ", "清溪县人民政府", "-o", str(out), "--jobs", "1"]
    return run([*words, *more])


def test_what_was_added_up_is_said_with_the_next_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_units(tmp_path / "各单位", 2, "2021", 2024)
    assert aggregate(tmp_path / "各单位", tmp_path / "汇总") == FINE
    shown = capsys.readouterr().out
    assert "共读到 2 份报告（2024 年度，2021年版）：计入 2 份。" in shown
    assert "下一步：看 汇总明细.xlsx" in shown


def test_of_many_units_without_a_report_some_are_shown_and_all_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_units(tmp_path / "各单位", 1, "2021", 2024)
    roll = tmp_path / "名册.txt"
    roll.write_text("".join(f"清溪县第{n:02}局\n" for n in range(40)), encoding="utf-8")
    code = aggregate(tmp_path / "各单位", tmp_path / "汇总", "--roll", str(roll))
    shown = capsys.readouterr().out
    assert code == PROBLEMS
    assert sum(line.startswith("错误[") for line in shown.splitlines()) == 30
    assert "…… 其余 9 条" in shown
