"""Tests of reading the report of one unit."""

from __future__ import annotations

import random
from pathlib import Path

from reportgen.api import build_folder
from reportgen.units.reading import UnitJob, lost_unit, read_unit
from tests.builders import FORMS
from tests.unit.units.offices import numbers, write_unit

FORM = FORMS["2021"]
PATHS = list(FORM.value_cells)


def test_a_report_is_read_once_while_nothing_changes(tmp_path: Path) -> None:
    cells = numbers(FORM, random.Random(1))
    folder = write_unit(tmp_path / "甲", "清溪县财政局", cells, year=2024)
    result = read_unit(UnitJob("甲", folder))
    assert result.report
    assert result.report.head
    assert (result.report.head.organ, result.report.findings.errors) == ("清溪县财政局", 0)
    typed = dict(zip(PATHS, result.report.numbers, strict=True))
    assert {path: typed[path] for path in cells} == cells
    assert read_unit(UnitJob("甲", folder, known=result.inputs)).report is None
    (folder / "正文.md").write_text("改了", encoding="utf-8")
    assert read_unit(UnitJob("甲", folder, known=result.inputs)).report


def test_a_finished_file_is_read_like_its_folder(tmp_path: Path) -> None:
    cells = numbers(FORM, random.Random(2))
    folder = write_unit(tmp_path / "甲", "清溪县财政局", cells, year=2024)
    built = build_folder(folder, tmp_path / "成品", formats=("html",))
    of_folder = read_unit(UnitJob("甲", folder)).report
    of_file = read_unit(UnitJob("甲.html", built.written[0].path)).report
    assert of_folder
    assert of_file
    assert of_file.numbers == of_folder.numbers


def test_what_cannot_be_read_is_a_finding_without_paths(tmp_path: Path) -> None:
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")
    for name in ("坏.docx", "没有.docx"):
        report = read_unit(UnitJob(name, tmp_path / name)).report
        assert report
        assert (report.head, report.findings.errors) == (None, 1)
        assert str(tmp_path) not in report.findings.first
    lost = lost_unit(UnitJob("甲", tmp_path / "甲"), f"读 {tmp_path / '甲'} 时进程退出")
    assert lost.report
    assert lost.report.findings.first == "读 甲 时进程退出"
