"""Tests of reports read, added up and written as one folder, called from a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.units import UnitJob, UnitResult, read_unit
from reportgen.workflows import Aggregated, aggregate_sources
from tests.builders import at
from tests.unit.units.offices import write_units

PERMITS = at("主动公开/行政许可/本年处理决定数量")


def reading(jobs: Sequence[UnitJob]) -> Iterator[UnitResult]:
    """Read *jobs* one by one, in this process."""
    return map(read_unit, jobs)


def add_up(root: Path, folder: Path, year: int | None = None) -> Aggregated:
    return aggregate_sources([root], folder, organ="清溪县人民政府", read=reading, year=year)


def test_the_sum_is_a_report_folder_with_its_workbook(tmp_path: Path) -> None:
    units = write_units(tmp_path / "各单位", 3, "2021", 2024)
    made = add_up(tmp_path / "各单位", tmp_path / "汇总")
    cells = made.total.cells
    assert cells[PERMITS].number == sum(unit[PERMITS] for unit in units)
    assert {"report.yaml", "正文.md", "汇总明细.xlsx"} <= {
        path.name for path in (tmp_path / "汇总").iterdir()
    }
    assert not made.has_problems
    assert made.findings() == []


def test_a_report_that_cannot_be_read_is_a_problem_and_a_finding(tmp_path: Path) -> None:
    write_units(tmp_path / "各单位", 2, "2021", 2024)
    broken = tmp_path / "各单位" / "单位01" / "report.yaml"
    broken.write_text("单位: [", encoding="utf-8")
    made = add_up(tmp_path / "各单位", tmp_path / "汇总")
    assert made.has_problems
    assert {item["source"] for item in made.findings()} == {"单位01"}


def test_the_sum_of_a_year_without_a_form_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    write_units(tmp_path / "各单位", 1, "2021", 2024)
    with pytest.raises(EnvironmentProblem):
        add_up(tmp_path / "各单位", tmp_path / "汇总", year=24)
    assert not (tmp_path / "汇总").exists()
