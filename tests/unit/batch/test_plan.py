"""Tests of what a batch says about units that were left out or do not fit the others."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from reportgen import cli
from reportgen.batch.plan import plan_batch, remarks_about
from reportgen.batch.unit import Outcome, build_unit
from reportgen.units import Roll
from tests.unit.batch.folders import DATA, make_report

SAMPLES = Path(__file__).parents[3] / "samples"


def remarks(root: Path, roll: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """Return name, severity and message of each remark about a batch of *root*."""
    plan = plan_batch(root, None, ("json",), draft=False)
    outcomes: list[Outcome] = [build_unit(unit) for unit in plan.units]
    found = remarks_about(plan, outcomes, Roll(tuple(roll)) if roll else None)
    return [(item.name, item.told.severity.value, item.told.message) for item in found]


def test_units_without_a_report_are_told_with_what_they_sent(tmp_path: Path) -> None:
    make_report(tmp_path / "甲")
    for name in ("乙/report.yaml.txt", "丙/年报.docx", "丙/扫描.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = remarks(tmp_path, ["某市第1局", "丙", "丁局"])
    assert found == [
        ("丙", "error", "“丙”没有处理：里面只有成品文件（年报.docx、扫描.pdf），没有 report.yaml"),
        ("乙", "error", "“乙”没有处理：里面有 report.yaml.txt，没有 report.yaml"),
        ("丁局", "error", "名册里的“丁局”没有报"),
    ]


def test_a_loose_file_is_told_if_it_is_a_report(tmp_path: Path) -> None:
    make_report(tmp_path / "甲")
    (tmp_path / "通知.html").write_text("<p>请于三月底前报送。</p>", encoding="utf-8")
    shutil.copy(SAMPLES / "published" / "柳河镇2024年报.html", tmp_path / "柳河.html")
    ((name, _, message),) = remarks(tmp_path)
    assert name == "柳河.html"
    assert message.startswith("“柳河.html”没有处理：这是柳溪县柳河镇人民政府 2024 年的报告，是成品")


def test_two_reports_of_one_organ_and_another_year_are_warnings(tmp_path: Path) -> None:
    make_report(tmp_path / "甲", 1)
    make_report(tmp_path / "甲 - 副本", 1)
    make_report(tmp_path / "乙", 2)
    data = DATA.format(number=2, year=2023)
    (tmp_path / "乙" / "report.yaml").write_text(data, encoding="utf-8")
    assert remarks(tmp_path) == [
        ("乙", "warning", "报告年度是 2023 年，多数单位是 2024 年"),
        ("甲 - 副本", "warning", "“某市第1局”有两份报告：甲，和像是复制出来的甲 - 副本"),
    ]


def test_a_unit_left_out_is_a_problem_and_an_odd_one_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_report(tmp_path / "全县" / "甲")
    make_report(tmp_path / "全县" / "甲(2)")
    arguments = ["batch", str(tmp_path / "全县"), "--to", "json", "--jobs", "1"]
    assert cli.run(arguments) == cli.FINE
    (tmp_path / "全县" / "丙").mkdir()
    assert cli.run(arguments) == cli.PROBLEMS
    assert "错误[U101] “丙”没有处理：是空的" in capsys.readouterr().out


def test_a_folder_with_nothing_that_can_be_built_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "丙").mkdir()
    assert cli.run(["batch", str(tmp_path)]) == cli.PROBLEMS
