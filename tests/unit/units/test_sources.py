"""Tests of the units to be added up: found in folders, each once, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.units.sources import find_sources
from tests.unit.units.offices import write_units


def names(*sources: Path, skipped: tuple[Path, ...] = ()) -> list[str]:
    return sorted(unit.name for unit in find_sources(sources, skipped).units)


def test_report_folders_and_finished_files_below_a_folder_are_units(tmp_path: Path) -> None:
    write_units(tmp_path, 2, "2021", 2024)
    (tmp_path / "某局").mkdir()
    (tmp_path / "某局" / "年报.docx").write_bytes(b"")
    assert names(tmp_path) == ["单位00", "单位01", "某局/年报.docx"]


def test_a_report_folder_named_itself_is_one_unit(tmp_path: Path) -> None:
    write_units(tmp_path, 1, "2021", 2024)
    (unit,) = find_sources([tmp_path / "单位00"], ()).units
    assert unit.path == (tmp_path / "单位00").resolve()


def test_units_of_several_sources_are_named_after_them(tmp_path: Path) -> None:
    for town in ("甲镇", "乙镇"):
        write_units(tmp_path / town, 1, "2021", 2024)
    assert names(tmp_path / "甲镇", tmp_path / "乙镇") == ["乙镇/单位00", "甲镇/单位00"]


def test_a_source_given_twice_is_read_once(tmp_path: Path) -> None:
    write_units(tmp_path, 1, "2021", 2024)
    assert len(names(tmp_path, tmp_path)) == 1


def test_two_units_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for place in ("甲镇", "乙镇"):
        write_units(tmp_path / place, 1, "2021", 2024)
    sources = tmp_path / "甲镇/单位00", tmp_path / "乙镇/单位00"
    assert names(*sources) == ["单位00/单位00", "单位00/单位00（2）"]


def test_what_is_skipped_is_no_unit(tmp_path: Path) -> None:
    write_units(tmp_path, 2, "2021", 2024)
    assert names(tmp_path, skipped=(tmp_path / "单位01",)) == ["单位00"]


def test_a_folder_that_sent_something_else_is_told(tmp_path: Path) -> None:
    write_units(tmp_path, 1, "2021", 2024)
    (tmp_path / "某局").mkdir()
    (tmp_path / "某局" / "照片.png").write_bytes(b"")
    found = find_sources([tmp_path], ())
    assert [(item.name, item.finding.slug) for item in found.left_out] == [
        ("某局", "organ-left-out")
    ]


def test_a_file_beside_the_folders_may_be_something_else_than_a_report(tmp_path: Path) -> None:
    write_units(tmp_path, 1, "2021", 2024)
    (tmp_path / "通知.docx").write_bytes(b"")
    assert find_sources([tmp_path], ()).loose == {"通知.docx"}


def test_sources_without_anything_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="没有找到"):
        find_sources([tmp_path / "无"], ())
    with pytest.raises(EnvironmentProblem, match="没有报告"):
        find_sources([tmp_path], ())
