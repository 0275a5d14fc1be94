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

import pytest

from reportgen import cli, files
from reportgen.batch.plan import plan_batch
from reportgen.files import file_digest
from reportgen.problems import EnvironmentProblem
from reportgen.readers import inputs as batch_inputs
from reportgen.readers.inputs import SUMMARY_FILES, UNIT_RECORD, hash_inputs
from tests.unit.batch.folders import MANY, make_report, times


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


def test_what_the_program_and_the_office_leave_behind_changes_nothing(tmp_path: Path) -> None:
    folder = make_report(tmp_path / "甲")
    before = hash_inputs(folder, folder / "output", ())
    make_report(folder / "下属单位", 2)
    for name in ("~$正文.docx", ".DS_Store", *SUMMARY_FILES, "output/报告.pdf"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    assert hash_inputs(folder, folder / "output", ()) == before


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
