"""Tests of what happens to files that are dropped on the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen.cli import run

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
PAGE = SAMPLES / "published"


def test_a_report_folder_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(SAMPLES / "qinghe-county-2023")]) == 0
    assert "未发现问题" in capsys.readouterr().out


def test_a_file_of_a_report_folder_stands_for_the_folder(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([str(SAMPLES / "qinghe-county-2023" / "report.yaml")]) == 0
    assert "未发现问题" in capsys.readouterr().out


def test_a_web_page_becomes_a_report_folder_beside_it_and_a_second_time_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = next(path for path in sorted(PAGE.iterdir()) if path.suffix == ".html")
    dropped = tmp_path / "去年 年报.html"
    shutil.copy(page, dropped)
    for name in ("去年 年报-报告", "去年 年报-报告2"):
        assert run([str(dropped)]) in (0, 1)
        assert f"已建立报告目录：{tmp_path / name}" in capsys.readouterr().out
        assert (tmp_path / name / "report.yaml").is_file()


def test_a_word_beside_the_paths_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "某局").mkdir()
    assert run(["某局", "chekc"]) == 2
    assert "“某局”前面要写命令" in capsys.readouterr().err
