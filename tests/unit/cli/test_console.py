"""Tests of output streams, of opening files, and of ending the process."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from reportgen.cli import console, run
from reportgen.cli.console import LAUNCHER, remember_launcher
from reportgen.files import NO_CACHE
from reportgen.launchers import REMEMBERED
from reportgen.outputs import EarlierFile

BROKEN = Path(__file__).parents[3] / "samples" / "broken-2024"


class Terminal(io.StringIO):
    """A stream that a person sees."""

    def isatty(self) -> bool:
        return True


class Console:
    """A replacement for kernel32 that knows one code page for output."""

    def __init__(self, page: int) -> None:
        self.GetConsoleOutputCP = Mock(return_value=page)


@pytest.mark.parametrize(
    ("page", "encoding"),
    [(936, "cp936"), (65001, "utf-8"), (437, "utf-8"), (0, "utf-8"), (950, "utf-8")],
)
def test_a_pipe_of_windows_has_the_code_page_of_the_console_if_that_has_chinese(
    monkeypatch: pytest.MonkeyPatch, page: int, encoding: str
) -> None:
    monkeypatch.setattr(ctypes, "windll", Mock(kernel32=Console(page)), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="ascii"))
    console.begin_streams()
    console.echo("错误：𠮷")
    shown = "错误：𠮷" if encoding == "utf-8" else r"错误：\U00020bb7"
    assert pipe.getvalue().decode(encoding).splitlines() == [shown]


def test_data_for_programs_is_utf_8_in_every_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "windll", Mock(kernel32=Console(936)), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="ascii"))
    console.begin_streams()
    console.echo('{"单位": "𠮷"}', data=True)
    assert pipe.getvalue().decode().splitlines() == ['{"单位": "𠮷"}']


def test_a_terminal_is_written_in_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(ctypes, "windll", Mock(kernel32=Console(936)), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    screen = Screen(written := io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    console.begin_streams()
    console.echo("错误")
    assert written.getvalue().decode().strip() == "错误"


def test_text_goes_to_the_stream_of_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    console.echo("已生成")
    console.echo("错误", err=True)
    assert capsys.readouterr() == ("已生成\n", "错误\n")


def test_nothing_happens_where_there_is_no_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    console.begin_streams()
    console.echo("已生成")
    console.print_findings([], err=True)
    with console.progress_bar(2) as step:
        step("做了一半")


def test_a_bar_is_written_over_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    with console.progress_bar(2) as step:
        step("1/2  还需 9 秒")
        step("2/2")
    shown = re.sub(r"\x1b\[[?0-9]*[a-zK]", "", stream.getvalue())  # without its control codes
    first, half, whole = (line.rstrip() for line in shown.split("\r")[1:])
    assert first == "░" * 24
    assert half == "█" * 12 + "░" * 12 + " 1/2  还需 9 秒"
    assert whole == "█" * 24 + " 2/2"
    assert shown.endswith("\n")


def test_a_bar_leaves_nothing_of_a_longer_text_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    with console.progress_bar(2) as step:
        step("还需一小时")
    last = stream.getvalue().rpartition("\r")[2]
    assert "还需一小时\x1b[K" in last  # erased to the end of the line: 字 are two cells wide


def test_elsewhere_the_text_of_a_bar_is_printed_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with console.progress_bar(30) as step:
        for done in range(1, 31):
            step(f"{done}/30")
    told = capsys.readouterr().err.splitlines()
    assert told == [f"{done}/30" for done in range(3, 31, 3)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reports it in another way")
def test_a_reader_that_has_left_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a pipe has no path
        monkeypatch.setattr(sys, "stdout", stream)
        console.echo("没有人看")
        console.echo("仍然没有人看")


@pytest.mark.parametrize(("platform", "opener"), [("linux", "xdg-open"), ("darwin", "open")])
def test_a_file_is_opened_by_the_program_the_system_has_for_it(
    monkeypatch: pytest.MonkeyPatch, platform: str, opener: str
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(subprocess, "Popen", lambda words, **_: started.append(words))
    console.open_for_user("报告.pdf")
    assert started == [[opener, "报告.pdf"]]


def test_a_file_is_opened_by_windows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", opened.append, raising=False)
    console.open_for_user("报告.pdf")
    assert opened == ["报告.pdf"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens files itself")
def test_a_file_is_left_alone_where_nothing_can_open_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    console.open_for_user("报告.pdf")
    assert capfd.readouterr() == ("", "")


class Kernel:
    """A replacement for kernel32: a console in mode 3, or a stream that is no console."""

    def __init__(self, is_console: bool) -> None:
        self.is_console = is_console
        self.modes: list[int] = []
        self.GetStdHandle = Mock(return_value=7)

    def GetConsoleMode(self, _console: object, mode: Any) -> bool:  # noqa: N802 - its name there
        mode._obj.value = 3
        return self.is_console

    def SetConsoleMode(self, _console: object, mode: int) -> bool:  # noqa: N802 - its name there
        self.modes.append(mode)
        return True


@pytest.mark.parametrize(("is_console", "modes"), [(True, [7, 7]), (False, [])])
def test_the_windows_console_is_told_to_read_colours(
    monkeypatch: pytest.MonkeyPatch, is_console: bool, modes: list[int]
) -> None:
    kernel = Kernel(is_console)
    monkeypatch.setattr(ctypes, "windll", Mock(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console.colour_setting() is (None if is_console else False)
    assert kernel.modes == modes


def test_colours_are_for_terminals_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(stream: io.StringIO) -> str:
        with contextlib.redirect_stdout(stream):
            run(["check", str(BROKEN), "--only", "I102"])
        return stream.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[" in shown(Terminal())
    assert "\033[" not in shown(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033[" not in shown(Terminal())


BEGIN = "import sys; from reportgen.cli.console import end_process; "


def ended(program: str) -> tuple[str, int]:
    """Return what *program* prints, and the exit code of its process."""
    words = [sys.executable, "-X", "utf8", "-c", BEGIN + program]
    run = subprocess.run(words, capture_output=True)
    return run.stdout.decode().strip(), run.returncode


@pytest.mark.parametrize("before", ["", "import multiprocessing; ", "sys.stderr.close(); "])
@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_end_loses_no_output_and_tells_the_code(before: str, code: int) -> None:
    program = f"{before}sys.stdout.write('报告'); end_process({code})"
    assert ended(program) == ("报告", code)


def test_at_the_end_nothing_is_taken_apart() -> None:
    kind = "type('Kept', (), {'__del__': lambda self: print('freed', flush=True)})"
    assert ended(f"kept = {kind}(); print('made'); end_process(0)") == ("made", 0)


def test_what_a_terminal_would_obey_is_a_blank(capsys: pytest.CaptureFixture[str]) -> None:
    console.echo("甲\x1b[31m\u202e乙\t丙\n丁\x9b", err=False)
    assert capsys.readouterr().out == "甲 [31m 乙\t丙\n丁 \n"


def test_the_key_is_made_once_and_is_the_users_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    key = console.own_key()
    assert len(key) == 32
    assert console.own_key() == key
    (file,) = (tmp_path / "reportgen" / "keys").iterdir()
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o077 == 0
    file.write_bytes(b"damaged")
    assert console.own_key() != key


def test_without_a_cache_no_key_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "user_cache", lambda: NO_CACHE)
    assert console.own_key() != console.own_key()


def test_the_launcher_of_a_bundle_is_remembered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    kept = tmp_path / "reportgen" / REMEMBERED
    remember_launcher()
    assert not kept.exists()
    monkeypatch.setenv(LAUNCHER, "/opt/年报 程序/reportgen")
    remember_launcher()
    written = kept.stat().st_mtime_ns
    remember_launcher()
    assert kept.read_text(encoding="utf-8") == "/opt/年报 程序/reportgen\n"
    assert kept.stat().st_mtime_ns == written


def test_a_launcher_that_cannot_be_kept_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reportgen").write_text("a file in the place of the folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv(LAUNCHER, "/opt/reportgen")
    remember_launcher()
    assert (tmp_path / "reportgen").read_text() == "a file in the place of the folder"


def test_the_times_of_files_are_those_of_a_clock_in_china(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    path = tmp_path / "报告.docx"
    path.write_bytes(b"")
    os.utime(path, (1_736_470_800, 1_736_470_800))
    earlier = EarlierFile(path, is_removable=False, is_current=False, folder=path.parent)
    assert "（2025-01-10 09:00）" in console.name_files([earlier])
    path.unlink()
    assert "（已不在）" in console.name_files([earlier])
