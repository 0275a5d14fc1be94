"""Text reaches the streams that are there; opening a file never stands in the way."""

from __future__ import annotations

import ctypes
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from reportgen import console
from reportgen.console import StatusLine


class Terminal(io.StringIO):
    """A stream that a person sees."""

    def isatty(self) -> bool:
        return True


def test_text_goes_to_the_stream_of_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    console.echo("已生成")
    console.echo("错误", err=True)
    console.echo("…", err=True, end="")
    assert capsys.readouterr() == ("已生成\n", "错误\n…")


def test_nothing_happens_where_there_is_no_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    console.echo("已生成")
    console.print_findings([], to_error=True)
    line = StatusLine()
    line.show("做了一半", 0.5)
    line.clear()
    console.give_up_closed_streams()


def test_a_status_line_is_written_over_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    line = StatusLine()
    line.show("第一份", 0.1)
    line.show("二", 0.2)
    line.say("说一句")
    assert stream.getvalue() == "\r第一份\r二    \r  \r说一句\n"


def test_a_status_line_is_repeated_now_and_then_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = StatusLine()
    for done in (0.05, 0.1, 0.15, 0.55):
        line.show(f"{done:.0%}", done)
    line.clear()
    assert capsys.readouterr().err == "10%\n55%\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reports it in another way")
def test_a_reader_that_has_left_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a pipe has no path
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(BrokenPipeError):
            console.echo("没有人看")
        console.give_up_closed_streams()
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
    """Stands for kernel32: a console in mode 3, or a stream that is none."""

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


@pytest.mark.parametrize(("is_console", "modes"), [(True, [7]), (False, [])])
def test_the_windows_console_is_told_to_read_colours(
    monkeypatch: pytest.MonkeyPatch, is_console: bool, modes: list[int]
) -> None:
    kernel = Kernel(is_console)
    monkeypatch.setattr(ctypes, "windll", Mock(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console._shows_colours(err=False) is is_console
    assert kernel.modes == modes


def test_no_colours_are_shown_against_the_users_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console._shows_colours(err=False)
    monkeypatch.setenv("NO_COLOR", "")
    assert not console._shows_colours(err=False)
