"""Tests of finished files read back as reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import (
    Checked,
    EnvironmentProblem,
)
from reportgen.api import check_source

SAMPLES = Path(__file__).parents[2] / "samples"
SOUND = SAMPLES / "rare-characters-2024"


def test_a_folder_and_its_finished_file_are_opened_by_one_function(tmp_path: Path) -> None:
    folder = check_source(SOUND)
    assert isinstance(folder, Checked)
    written = folder.build(tmp_path, formats=["html"]).written
    file = check_source(written[0].path)
    assert file.report
    assert folder.report
    assert file.report.cells == folder.report.cells


def test_a_source_that_is_not_there_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="没有找到"):
        check_source(tmp_path / "没有")
