"""Tests of ``batch``: exit codes, and what is said of the files it writes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reportgen.cli import FINE, PROBLEMS, run

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Return a folder with one report folder without errors."""
    root = tmp_path / "全县"
    shutil.copytree(SAMPLES / "rare-characters-2024", root / "某局", ignore=_no_output)
    return root


def _no_output(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "output"}


def batch(root: Path, *more: str) -> int:
    return run(["batch", str(root), "--to", "html", "--jobs", "1", *more])


def test_a_batch_without_errors_is_fine_and_says_where_its_summary_is(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(reports) == FINE
    shown = capsys.readouterr().out
    assert "各报告的结果见" in shown
    assert (reports / "汇总结果.csv").is_file()


def test_a_report_with_errors_is_a_problem_of_the_batch(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(SAMPLES / "broken-2024", reports / "坏局", ignore=_no_output)
    assert batch(reports) == PROBLEMS
    assert "坏局" in capsys.readouterr().out


def test_for_programs_the_outcomes_are_data_and_nothing_else(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(reports, "--format", "json") == FINE
    assert "某局" in json.dumps(json.loads(capsys.readouterr().out), ensure_ascii=False)


def test_collected_files_of_other_runs_are_pointed_out(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collected = tmp_path / "报送"
    collected.mkdir()
    (collected / "去年.html").touch()
    assert batch(reports, "--collect", str(collected)) == FINE
    shown = capsys.readouterr().out
    assert f"成品 1 个收在 {collected}" in shown
    assert "1 个文件不是这次写的：去年.html" in shown
