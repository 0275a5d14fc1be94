"""Tests of ``preview --watch``: detection of changes, and the state of the page."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from reportgen import cli
from reportgen.files import Cache
from reportgen.outputs import RECORD_FILE
from reportgen.preview.preview import preview_folder
from reportgen.preview.server import State
from reportgen.preview.watch import UNREADABLE, InputWatch, Preview, open_preview
from reportgen.problems import EnvironmentProblem
from tests.errors.gallery import BASE

SUM = "行政许可: {本年处理决定数量: "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a valid report folder that a test may change."""
    return Path(shutil.copytree(BASE, tmp_path / "报告"))


@pytest.fixture
def preview(folder: Path) -> Preview:
    """Return a preview of ``folder`` whose clock returns how often it was read."""
    readings = iter(range(100))
    return Preview(folder, None, cache=Cache(), now=lambda: f"第 {next(readings)} 次")


def edit(path: Path, old: str, new: str) -> None:
    """Replace *old* in the file *path*, as an editor saves: another file takes the name."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    other = path.with_name("~other")
    other.write_text(text.replace(old, new), encoding="utf-8")
    other.replace(path)


def is_told(inputs: InputWatch) -> bool:
    """Return whether *inputs* reports a change exactly once within two polls."""
    answers = [inputs.has_changed() for _ in range(3)]
    assert answers.count(True) <= 1
    return any(answers)


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("\n")


@pytest.mark.parametrize(
    "name",
    [
        "report.yaml",
        "正文.md",
        "数据.xlsx",
        "images/新图.png",
        "templates/disclosure/2021/starter.md",
        "fonts/仿宋.ttf",
        "../去年/report.yaml",
        "../去年/正文.md",
    ],
)
def test_a_save_is_noticed_once(folder: Path, name: str) -> None:
    shutil.copytree(BASE, folder.parent / "去年")
    with (folder / "report.yaml").open("a", encoding="utf-8") as stream:
        stream.write("上年: ../去年\n")
    inputs = InputWatch(folder, None)
    assert not is_told(inputs)
    touch(folder / name)
    assert is_told(inputs)
    assert not is_told(inputs)


def test_a_file_taken_away_is_noticed(folder: Path) -> None:
    inputs = InputWatch(folder, None)
    (folder / "正文.md").unlink()
    assert is_told(inputs)


def test_last_years_finished_file_is_watched(folder: Path) -> None:
    inputs = InputWatch(folder, None)
    with (folder / "report.yaml").open("a", encoding="utf-8") as stream:
        stream.write("上年: ../去年.docx\n")
    assert is_told(inputs)
    touch(folder / ".." / "去年.docx")
    assert is_told(inputs)


@pytest.mark.parametrize(
    "name",
    [
        "output/报告（草稿）.pdf",
        f"output/{RECORD_FILE}",
        "草稿/报告（草稿）.pdf",
        "报告（草稿）.pdf",
        "~$数据.xlsx",
        ".~lock.数据.xlsx#",
        ".正文.md.swp",
        "正文.md~",
        "4913.tmp",
    ],
)
def test_what_programs_leave_behind_is_no_save(folder: Path, name: str) -> None:
    inputs = InputWatch(folder, None if name.startswith("output") else folder / "草稿")
    touch(folder / name)
    assert not is_told(inputs)


def test_a_save_in_two_steps_is_told_when_it_lies_still(folder: Path) -> None:
    path = folder / "正文.md"
    text = path.read_text(encoding="utf-8")
    inputs = InputWatch(folder, None)
    path.write_text("", encoding="utf-8")
    assert not inputs.has_changed()
    path.write_text(text + "\n", encoding="utf-8")
    assert not inputs.has_changed()
    assert inputs.has_changed()


def test_a_folder_that_is_gone_is_a_change_and_no_failure(folder: Path) -> None:
    inputs = InputWatch(folder, None)
    shutil.rmtree(folder)
    assert is_told(inputs)


def saved(preview: Preview) -> State:
    """Return the state of the page after the save has been detected."""
    assert preview.poll() is None
    state = preview.poll()
    assert state is not None
    return state


def test_each_save_gives_a_draft_and_the_findings_as_they_are_now(
    folder: Path, preview: Preview
) -> None:
    before = preview.build()
    first = preview.board.pdf
    assert (before.trouble, before.findings, before.built_at) == ("", (), "第 0 次")
    assert first.startswith(b"%PDF-")
    edit(folder / "report.yaml", f"{SUM}308", f"{SUM}-308")
    after = saved(preview)
    assert after.revision > before.revision
    assert after.draft != before.draft
    assert after.built_at == "第 1 次"
    assert not after.is_building
    (finding,) = after.findings
    assert (finding.severity, finding.code, finding.place) == ("error", "I106", "report.yaml:8:20")
    assert finding.notes[0] == "处理：核对这个数"
    assert preview.board.pdf not in (b"", first)


def test_the_draft_is_also_written_to_the_output_folder(folder: Path, preview: Preview) -> None:
    preview.build()
    (path,) = (folder / "output").glob("*（草稿）.pdf")
    assert path.read_bytes() == preview.board.pdf


def test_errors_come_first(folder: Path, preview: Preview) -> None:
    edit(folder / "report.yaml", f"{SUM}308", f"{SUM}-308")
    edit(folder / "正文.md", "# ", "![](images/无.png)\n\n# ")
    touch(folder / "report.yaml")
    with (folder / "report.yaml").open("a", encoding="utf-8") as stream:
        stream.write("成文日期: 2020-01-01\n")
    severities = [finding.severity for finding in preview.build().findings]
    assert severities == sorted(severities, key=["error", "warning", "hint"].index)
    assert len(set(severities)) > 1


def test_a_report_that_cannot_be_read_keeps_the_last_draft(folder: Path, preview: Preview) -> None:
    before, pdf = preview.build(), preview.board.pdf
    edit(folder / "report.yaml", SUM, f"[{SUM}")
    after = saved(preview)
    assert after.trouble == UNREADABLE
    assert (after.draft, preview.board.pdf) == (before.draft, pdf)
    assert [finding.code for finding in after.findings] == ["I101"]
    edit(folder / "report.yaml", f"[{SUM}", SUM)
    mended = saved(preview)
    assert (mended.trouble, mended.hint, mended.draft) == ("", "", before.draft)


def test_what_is_wrong_with_the_machine_is_told_and_the_watch_goes_on(
    folder: Path, preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview.build()

    def fail_with(error: Exception) -> None:
        def failing(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("reportgen.preview.watch.preview_folder", failing)

    fail_with(EnvironmentProblem("磁盘已满", "腾出空间"))
    touch(folder / "正文.md")
    state = saved(preview)
    assert (state.trouble, state.hint, state.is_building) == ("磁盘已满", "腾出空间", False)
    fail_with(ZeroDivisionError("x"))
    touch(folder / "正文.md")
    assert "ZeroDivisionError" in saved(preview).trouble
    monkeypatch.setattr("reportgen.preview.watch.preview_folder", preview_folder)
    touch(folder / "正文.md")
    assert saved(preview).trouble == ""


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    preview = Preview(tmp_path / "没有", None, cache=Cache(), now=str)
    with pytest.raises(EnvironmentProblem, match="没有找到报告目录"), open_preview(preview, 0):
        pass


def test_a_port_in_use_is_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        arguments = ["preview", str(folder), "--watch", "--no-open", "--port", port]
        assert cli.run(arguments) == cli.USAGE
    assert f"错误：端口 {port} 不能使用：正被其他程序占用" in capsys.readouterr().err
    assert not (folder / "output").exists()


@pytest.fixture
def running(folder: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Return a function that starts the command and waits until it has said where the page is."""
    with contextlib.ExitStack() as started:
        # A suite that runs in the background hands on that Ctrl-C is ignored, unless it is handled.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        started.callback(signal.signal, signal.SIGINT, handler)

        def start() -> subprocess.Popen[str]:
            command = [sys.executable, "-u", "-m", "reportgen", "preview", str(folder)]
            process = started.enter_context(
                subprocess.Popen(
                    [*command, "--watch", "--no-open"],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    encoding="utf-8",
                    env={**os.environ, "PYTHONUTF8": "1"},
                )
            )
            started.callback(process.kill)
            return process

        yield start


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process")
def test_the_command_tells_each_save_and_ctrl_c_ends_it_well(
    folder: Path, running: Callable[[], subprocess.Popen[str]]
) -> None:
    process = running()
    assert process.stdout is not None
    assert process.stdout.readline().startswith("预览的地址")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\n", process.stdout.readline())
    assert process.stdout.readline().endswith(" 草稿已更新。检查通过，未发现问题。\n")
    edit(folder / "report.yaml", f"{SUM}308", f"{SUM}-308")
    assert process.stdout.readline().endswith(" 草稿已更新。共发现 1 个错误。\n")
    process.send_signal(signal.SIGINT)
    assert process.stdout.read() == "预览已结束。\n"
    assert process.wait() == cli.FINE


def test_on_windows_enter_ends_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keyboard, typed = os.pipe()
    os.write(typed, b"x\r\n")
    os.close(typed)
    monkeypatch.setattr("reportgen.cli.preview._KEYBOARD", keyboard)
    monkeypatch.setattr("reportgen.cli.preview.sys", Mock(platform="win32"))
    assert cli.run(["preview", str(folder), "--watch", "--no-open"]) == cli.FINE
    os.close(keyboard)
    assert capsys.readouterr().out.endswith("预览已结束。\n")


def test_of_a_very_long_draft_the_first_pages_are_drawn(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pypdfium2")
    made = preview_folder(folder, None, png=True, cache=Cache())
    assert made.undrawn == 0
    count = len(made.pictures)
    for picture in made.pictures:
        picture.unlink()
    monkeypatch.setattr("reportgen.preview.preview.MOST_PICTURES", 1)
    assert preview_folder(folder, None, png=True, cache=Cache()).pictures == made.pictures[:1]
    assert cli.run(["preview", str(folder), "--png", "--no-open"]) == 0
    assert f"只画了前 1 页，另有 {count - 1} 页没有画" in capsys.readouterr().err
