"""Random reports equal their files; a single edit of a DOCX is found, alone and at its place.

``make edits`` runs the same with hundreds of reports and a thousand edits.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from reportgen import check_folder
from reportgen.compare import open_folder, pull_changes, verify_file, verify_files
from tests.builders import FORMS
from tests.roundtrip.edits import WAYS, edited, explained
from tests.roundtrip.run_edits import trials, unequal
from tests.visual.samples import SAMPLES, build_sample, sound_samples


@pytest.mark.parametrize("name", sound_samples())
@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_a_sample_equals_its_files(name: str, kind: str) -> None:
    (one,) = verify_files([build_sample(name, kind)], SAMPLES / name)
    assert [told.message for told in one.diagnostics] == []


@pytest.mark.parametrize("seed", range(5))
def test_a_random_report_equals_its_files(seed: int, tmp_path: Path) -> None:
    assert unequal(tmp_path / "报告", f"clean-{seed}") == []


@pytest.mark.parametrize("seed", range(3))
def test_a_single_edit_is_found_alone_and_at_its_place(seed: int, tmp_path: Path) -> None:
    found = trials(tmp_path / "报告", f"edit-{seed}", 12)
    assert [trial for trial in found if trial.wrong] == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_sort_of_edit_is_found_in_a_sample(way: object, tmp_path: Path) -> None:
    name = "yunxi-market-2024"
    form = check_folder(SAMPLES / name).form
    assert form is not None
    assert callable(way)
    data, edit = edited(build_sample(name, "docx"), way, FORMS[form.id], random.Random(7))
    found = verify_file(data, open_folder(SAMPLES / name)).differences
    assert explained(found, edit) == ""


@pytest.mark.parametrize("seed", range(2))
def test_an_edit_is_written_back_whole_or_left_and_told(seed: int, tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    for trial in trials(folder, f"pull-{seed}", 8):
        copy = tmp_path / trial.file.stem / "报告"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("改*.docx"))
        pulled = pull_changes(verify_file(trial.file, open_folder(copy)))
        assert pulled.placed or not pulled.written
        assert len(pulled.left) == len(pulled.verified.differences)
        again = verify_file(trial.file, open_folder(copy))
        assert again.diagnostics == pulled.verified.diagnostics
        if not pulled.left:
            assert again.is_equal
