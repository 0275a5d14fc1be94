"""Tests of batches: finding report folders, skipping unchanged ones, surviving crashes."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PIL import Image

from reportgen import cli, files
from reportgen.batch.plan import plan_batch
from reportgen.batch.unit import Status, Unit, _Record, build_unit
from reportgen.files import file_digest
from reportgen.problems import EnvironmentProblem
from reportgen.readers import inputs as batch_inputs
from reportgen.readers.inputs import SUMMARY_FILES, UNIT_RECORD, hash_file, hash_inputs

DATA = """\
单位: 某市第{number}局
年度: 2024
缺省: 0
联系方式: {{部门: 办公室, 地址: 某市某路{number}号, 邮编: "230000", 电话: 0551-1234567}}
"""
NARRATIVE = """\
# 一、总体情况

2024年，本机关主动公开信息12条。

![专栏](images/a.png)

# 二、主动公开政府信息情况

# 三、收到和处理政府信息公开申请情况

# 四、政府信息公开行政复议、行政诉讼情况

# 五、存在的主要问题及改进情况

公开的形式还不够丰富，2025年将加以改进。

# 六、其他需要报告的事项

2024年，无收取信息处理费情况。
"""
MANY = 30


def make_report(folder: Path, number: int = 1, extra: str = "") -> Path:
    """Make a small report without errors in *folder*."""
    (folder / "images").mkdir(parents=True)
    (folder / "report.yaml").write_text(DATA.format(number=number) + extra, encoding="utf-8")
    (folder / "正文.md").write_text(NARRATIVE, encoding="utf-8")
    Image.new("RGB", (480, 270), (number % 250, 90, 120)).save(folder / "images" / "a.png")
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of many reports, the last with a broken picture; not to be written to."""
    root = tmp_path_factory.mktemp("many")
    for number in range(MANY):
        make_report(root / f"单位{number:02}", number)
    (root / f"单位{MANY - 1:02}" / "images" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    return root


@pytest.fixture
def root(many: Path, tmp_path: Path) -> Path:
    """Return a copy of the many reports that a test may build in."""
    return Path(shutil.copytree(many, tmp_path / "全县"))


def unit_of(folder: Path, **changes: object) -> Unit:
    settings = {"formats": ("json",), "key": b"the user's own", **changes}
    return Unit(folder.name, folder, folder / "output", **settings)  # type: ignore[arg-type]


def times(root: Path) -> dict[str, int]:
    """Return when each finished file below *root* was written."""
    return {
        path.relative_to(root).as_posix(): path.stat().st_mtime_ns
        for path in root.rglob("output/*.*")
        if not path.name.startswith(".")
    }


def summary(folder: Path) -> dict[str, list[str]]:
    """Return the rows of the summary file by unit."""
    with (folder / SUMMARY_FILES[0]).open(encoding="utf-8-sig", newline="") as stream:
        return {row[0]: row for row in csv.reader(stream)}


def test_every_report_folder_is_found_and_nothing_else(tmp_path: Path) -> None:
    for name in ("乙/二股", "乙/一股", "甲"):
        make_report(tmp_path / name)
    make_report(tmp_path / "甲" / "下属")
    out = tmp_path / "汇编"
    for name in ("甲/output", "甲/templates/disclosure", "汇编/别处", ".旧", "空"):
        make_report(tmp_path / name)
    shutil.rmtree(tmp_path / "空")
    names = [unit.name for unit in plan_batch(tmp_path, out, ("pdf",), draft=False).units]
    assert names == ["乙/一股", "乙/二股", "甲", "甲/下属"]


def test_each_report_goes_to_its_own_place(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    assert plan_batch(tmp_path, None, ("pdf",), draft=False).units[0].out == folder / "output"
    out = tmp_path / "汇编"
    assert plan_batch(tmp_path, out, ("pdf",), draft=False).units[0].out == out / "甲"
    alone = plan_batch(folder, None, ("pdf",), draft=False).units
    assert [(unit.name, unit.folder) for unit in alone] == [("甲", folder)]


def test_a_folder_without_reports_or_an_output_among_them_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="没有报告目录"):
        plan_batch(tmp_path, None, ("pdf",), draft=False)
    with pytest.raises(EnvironmentProblem, match="没有找到目录"):
        plan_batch(tmp_path / "无", None, ("pdf",), draft=False)
    make_report(tmp_path / "甲")
    with pytest.raises(EnvironmentProblem, match="是报告目录"):
        plan_batch(tmp_path, tmp_path, ("pdf",), draft=False)


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
    make_report(tmp_path / "去年")
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


def test_what_the_program_and_the_office_leave_behind_changes_nothing(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    before = hash_inputs(folder, folder / "output", ())
    make_report(folder / "下属单位", 2)
    for name in ("~$正文.docx", ".DS_Store", *SUMMARY_FILES, "output/报告.pdf"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    assert hash_inputs(folder, folder / "output", ()) == before


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_only_what_would_be_read_is_read_for_the_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_report(tmp_path / "甲", extra="上年: 上年.docx\n")
    for name in ("备注.txt", "images/b.png", "上年.docx"):
        os.mkfifo(folder / name)
    (folder / "录像.mp4").symlink_to("/dev/zero")
    with (folder / "images/c.png").open("wb") as stream:
        stream.truncate(1 << 40)
    (folder / "旧稿.txt").write_text("旧", encoding="utf-8")
    read: list[Path] = []

    def noted(path: Path, limit: int | None = None) -> str:
        read.append(path)
        return file_digest(path, limit)

    monkeypatch.setattr(files, "file_digest", noted)
    batch_inputs.shipped_hash()
    read.clear()
    hash_inputs(folder, folder / "output", ())
    names = {path.relative_to(folder).as_posix() for path in read}
    assert names == {"report.yaml", "正文.md", "images/a.png", "上年.docx", "上年.docx/report.yaml"}


def test_a_changed_file_that_is_not_read_for_the_hash_counts(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    before = hash_inputs(folder, folder / "output", ())
    (folder / "旧稿.txt").write_text("旧", encoding="utf-8")
    again = hash_inputs(folder, folder / "output", ())
    (folder / "旧稿.txt").write_text("旧稿", encoding="utf-8")
    assert len({before, again, hash_inputs(folder, folder / "output", ())}) == 3


def test_contents_are_read_for_the_hash_up_to_a_sum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_report(tmp_path / "甲")
    before = hash_inputs(folder, folder / "output", ())
    monkeypatch.setattr(batch_inputs, "_MAX_HASHED_BYTES", 1)
    bounded = hash_inputs(folder, folder / "output", ())
    assert bounded != before
    assert bounded == hash_inputs(folder, folder / "output", ())


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


def test_many_reports_with_a_broken_picture_among_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["batch", str(root), "--to", "html,json", "--jobs", "2"]
    broken = f"单位{MANY - 1:02}"
    assert cli.run(arguments) == cli.PROBLEMS
    shown = capsys.readouterr().out
    assert f"共 {MANY} 份报告：已生成 {MANY - 1}，失败 1" in shown
    assert f"{broken}       1  [F102]" in shown
    rows = summary(root)
    assert len(rows) == MANY + 2
    assert rows[broken][1] == "失败"
    assert rows[broken][-4] == "1"
    before = times(root)
    assert len(before) == 2 * (MANY - 1)
    assert cli.run(arguments) == cli.PROBLEMS
    assert f"未变动 {MANY - 1}，失败 1" in capsys.readouterr().out
    assert times(root) == before


@pytest.fixture
def running(root: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Return a function that starts a batch of one process and waits for its first reports."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "reportgen", "batch", str(root), "--jobs", "1"]
        process = subprocess.Popen(
            [*command, "--to", "docx"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        while process.poll() is None and len(list(root.rglob(UNIT_RECORD))) < 3:
            time.sleep(0.01)
        assert process.poll() is None, process.communicate()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_run_goes_on_where_it_stopped(
    root: Path, running: Callable[[], subprocess.Popen[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    process = running()
    process.kill()
    process.communicate()  # its pipes close when the last worker is gone: none outlives it
    done = {str(path.parent.relative_to(root)) for path in root.rglob(UNIT_RECORD)}
    before = {name: time for name, time in times(root).items() if str(Path(name).parent) in done}
    assert 3 <= len(done) < MANY - 1
    assert cli.run(["batch", str(root), "--to", "docx"]) == cli.PROBLEMS
    assert f"已生成 {MANY - 1 - len(done)}，未变动 {len(done)}，失败 1" in capsys.readouterr().out
    after = times(root)
    assert len(after) == MANY - 1
    assert {name: after[name] for name in before} == before


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process")
def test_ctrl_c_ends_cleanly_and_says_how_many_are_done(
    root: Path, running: Callable[[], subprocess.Popen[str]]
) -> None:
    process = running()
    process.send_signal(signal.SIGINT)
    shown, errors = process.communicate()
    assert process.returncode == cli.USAGE, errors
    done = len(list(root.rglob(UNIT_RECORD)))
    assert f"已生成 {done}，未处理 {MANY - done}" in shown
    assert "已中断" in errors
    assert "Traceback" not in errors


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_builds_the_same_batch(root: Path) -> None:
    distributed = pytest.importorskip("dask.distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        arguments = ["batch", str(root), "--to", "json", "--dask", cluster.scheduler_address]
        assert cli.run(arguments) == cli.PROBLEMS
        assert len(times(root)) == MANY - 1
        assert summary(root)[f"单位{MANY - 1:02}"][1] == "失败"
