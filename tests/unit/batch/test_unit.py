"""Tests of one report of a batch: built, left alone, or failed in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PIL import Image

from reportgen.batch.unit import Status, Unit, _Record, build_unit
from reportgen.readers import inputs as batch_inputs
from reportgen.readers.inputs import UNIT_RECORD, hash_file, hash_inputs
from tests.unit.batch.folders import make_report, times


def unit_of(folder: Path, **changes: object) -> Unit:
    settings = {"formats": ("json",), "key": b"the user's own", **changes}
    return Unit(folder.name, folder, folder / "output", **settings)  # type: ignore[arg-type]


def test_an_unchanged_report_is_left_alone(tmp_path: Path) -> None:
    unit = unit_of(make_report(tmp_path / "甲"))
    assert build_unit(unit).status is Status.BUILT
    before = times(tmp_path)
    assert build_unit(unit).status is Status.UNCHANGED
    assert times(tmp_path) == before != {}


def test_a_record_of_somebody_else_is_not_believed(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    assert build_unit(unit_of(folder)).status is Status.BUILT
    assert build_unit(unit_of(folder, key=b"another user's")).status is Status.BUILT
    assert build_unit(unit_of(folder, key=b"")).status is Status.BUILT
    assert build_unit(unit_of(folder, key=b"")).status is Status.BUILT


def test_a_record_that_names_no_file_is_not_believed(tmp_path: Path) -> None:
    unit = unit_of(make_report(tmp_path / "甲"))
    build_unit(unit)
    inputs = hash_inputs(unit.folder, unit.out, (*unit.formats, "draft=False"))
    record = _Record(inputs, {}).sealed(unit.key)
    (unit.out / UNIT_RECORD).write_bytes(msgspec.json.encode(record))
    assert build_unit(unit).status is Status.BUILT


def test_an_unchanged_report_is_checked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = unit_of(make_report(tmp_path / "甲"))
    assert build_unit(unit).status is Status.BUILT
    (unit.folder / "images" / "a.png").write_bytes(b"no picture")
    monkeypatch.setattr("reportgen.batch.unit.hash_inputs", lambda *_: "the same")
    record = _Record("the same", _hashes_in(unit.out)).sealed(unit.key)
    (unit.out / UNIT_RECORD).write_bytes(msgspec.json.encode(record))
    assert build_unit(unit).status is Status.FAILED


def _hashes_in(out: Path) -> dict[str, str]:
    return {path.name: hash_file(path) for path in out.glob("[!.]*")}


def test_what_the_machine_refuses_is_told_without_the_place_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_report(tmp_path / "甲")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "no", str(folder / "fonts" / "a.ttf"))

    monkeypatch.setattr("reportgen.batch.unit.check_folder", refuse)
    assert build_unit(unit_of(folder)).findings.first == "无法读写文件 fonts/a.ttf：没有权限"


def _append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write("\n")


def _override_a_template(folder: Path) -> None:
    target = folder / "templates" / "disclosure" / "2021" / "starter.md"
    target.parent.mkdir(parents=True)
    target.write_text("自定\n", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: _append(folder / "正文.md"),
        lambda folder: _append(folder / "report.yaml"),
        lambda folder: _append(folder.parent / "去年" / "report.yaml"),
        lambda folder: Image.new("RGB", (480, 270), "red").save(folder / "images" / "a.png"),
        lambda folder: next((folder / "output").glob("[!.]*.json")).unlink(),
        lambda folder: _append(next((folder / "output").glob("[!.]*.json"))),
        lambda folder: (folder / "output" / UNIT_RECORD).write_text("{", encoding="utf-8"),
        _override_a_template,
    ],
    ids=["text", "data", "last-year", "picture", "lost", "edited", "record", "template"],
)
def test_a_report_is_built_again_after(tmp_path: Path, change: Callable[[Path], None]) -> None:
    make_report(tmp_path / "去年", year=2023)
    folder = make_report(tmp_path / "甲", extra="上年: ../去年\n")
    assert build_unit(unit_of(folder)).status is Status.BUILT
    change(folder)
    assert build_unit(unit_of(folder)).status is Status.BUILT
    assert build_unit(unit_of(folder)).status is Status.UNCHANGED


def test_other_options_and_another_program_build_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_report(tmp_path / "甲")
    build_unit(unit_of(folder))
    assert build_unit(unit_of(folder, formats=("html",))).status is Status.BUILT
    assert build_unit(unit_of(folder, formats=("html",), draft=True)).status is Status.BUILT
    monkeypatch.setattr(batch_inputs, "__version__", "99")
    again = unit_of(folder, formats=("html",), draft=True)
    assert build_unit(again).status is Status.BUILT
    monkeypatch.setattr(batch_inputs, "shipped_hash", lambda: "other templates")
    assert build_unit(again).status is Status.BUILT


def test_templates_that_weaken_an_identity_fail_unless_they_are_trusted(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    rules = folder / "templates" / "disclosure" / "checks.yaml"
    rules.parent.mkdir(parents=True)
    rules.write_text("overrides: {T303: {severity: hint}}\n", encoding="utf-8")
    unit = unit_of(folder, formats=("html",))
    outcome = build_unit(unit)
    assert (outcome.status, outcome.findings.errors) == (Status.FAILED, 1)
    assert outcome.findings.first.startswith("[M102]")
    assert not list((folder / "output").glob("*.html"))
    assert build_unit(replace(unit, trust_templates=True)).status is Status.BUILT
    assert build_unit(replace(unit, trust_templates=True)).status is Status.UNCHANGED
    assert build_unit(unit).status is Status.FAILED


def test_a_report_with_errors_is_told_and_tried_again(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    (folder / "images" / "a.png").unlink()
    outcome = build_unit(unit_of(folder))
    assert outcome.status is Status.FAILED
    assert outcome.findings.errors == 1
    assert outcome.findings.first.startswith("[F101]")
    assert outcome.findings.place == "正文.md:5:1"
    Image.new("RGB", (480, 270)).save(folder / "images" / "a.png")
    assert build_unit(unit_of(folder)).status is Status.BUILT


def test_a_draft_of_a_report_with_errors_is_written_once_and_stays_a_failure(
    tmp_path: Path,
) -> None:
    folder = make_report(tmp_path / "甲")
    (folder / "images" / "a.png").unlink()
    unit = unit_of(folder, draft=True)
    first = build_unit(unit)
    before = times(tmp_path)
    assert build_unit(unit) == first
    assert first.has_failed
    assert times(tmp_path) == before != {}


def test_a_hand_edited_docx_is_kept_and_told(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    unit = unit_of(folder, formats=("docx",))
    build_unit(unit)
    _append(next((folder / "output").glob("*.docx")))
    outcome = build_unit(unit)
    assert [Path(backup).name for backup in outcome.backups] == [
        "某市第1局2024年政府信息公开工作年度报告.bak-1.docx"
    ]


def test_broken_environment_and_defects_are_outcomes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = build_unit(unit_of(tmp_path / "无"))
    assert missing.has_failed
    assert "没有找到报告目录" in missing.findings.first
    monkeypatch.setattr("reportgen.batch.unit.check_folder", lambda *_, **__: 1 / 0)
    defect = build_unit(unit_of(make_report(tmp_path / "甲")))
    assert "ZeroDivisionError" in defect.findings.first
