"""Random reports equal their files; a single edit of a DOCX is found, alone and at its place.

``make edits`` runs the same with hundreds of reports and a thousand edits.
"""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from reportgen import check_folder
from reportgen.compare import open_folder, pull_changes, verify_file, verify_files
from reportgen.problems import EnvironmentProblem
from tests.builders import FORMS
from tests.roundtrip.edits import (
    WAYS,
    Edit,
    Way,
    add_item,
    add_own_row,
    blank_own_cell,
    change_caption,
    change_date,
    change_heading,
    change_label,
    change_own_cell,
    delete_item,
    delete_own_row,
    delete_row,
    edited,
    explained,
    replace_picture,
)
from tests.roundtrip.run_edits import built, trials, unequal
from tests.visual.samples import SAMPLES, build_sample, sound_samples

ALWAYS_WRITTEN = (
    change_own_cell,
    blank_own_cell,
    delete_own_row,
    add_own_row,
    change_caption,
    change_heading,
    add_item,
    delete_item,
    change_date,
    replace_picture,
)


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
def test_each_sort_of_edit_is_found_and_written_back(way: Way, tmp_path: Path) -> None:
    folder, edit, data = _first(way, tmp_path)
    verified = verify_file(data, open_folder(folder))
    assert explained(verified.differences, edit) == ""
    if edit.is_tracked:
        with pytest.raises(EnvironmentProblem, match="1 处修订没有接受或拒绝"):
            pull_changes(verified)
        return
    done = pull_changes(verified)
    left = list(done.left)
    assert not [item.hint for item in left if "或用 --pull 写回" in item.hint]
    if way in (change_label, delete_row):  # what the form prescribes is not for the data
        assert done.written == ()
    elif way in ALWAYS_WRITTEN:
        assert left == []


def _first(way: Way, place: Path) -> tuple[Path, Edit, bytes]:
    """Return a random report that has something for *way*, the edit and the edited file."""
    for seed in range(30):
        folder = place / str(seed) / "报告"
        data = built(folder, f"way-{seed}")[".docx"]
        form = check_folder(folder).form
        assert form is not None
        with suppress(LookupError, IndexError):
            changed, edit = edited(data, way, FORMS[form.id], random.Random(7))
            return folder, edit, changed
    raise AssertionError("no report has anything of the sort")


@pytest.mark.parametrize("seed", range(2))
def test_an_edit_is_written_back_whole_or_left_and_told(seed: int, tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    for trial in trials(folder, f"pull-{seed}", 8):
        if trial.edit.is_tracked:
            continue
        copy = tmp_path / trial.file.stem / "报告"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("改*.docx"))
        pulled = pull_changes(verify_file(trial.file, open_folder(copy)))
        assert pulled.placed or not pulled.written
        assert len(pulled.left) == len(pulled.verified.differences)
        again = verify_file(trial.file, open_folder(copy))
        assert [item.span for item in again.diagnostics] == [item.span for item in pulled.left]
        if not pulled.left:
            assert again.is_equal
