"""A call that is wrong is answered with what is wrong, where to read on, and exit code 2."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from inspect import signature
from pathlib import Path

import pytest

from reportgen import __version__, cli
from reportgen.arguments import Command
from reportgen.cli import REPORTGEN, run

SAMPLES = Path(__file__).parents[2] / "samples"
BROKEN = SAMPLES / "broken-2024"
SOUND = SAMPLES / "yunxi-market-2024"


@pytest.mark.parametrize(
    ("line", "said", "page"),
    [
        ("chek 报告", "没有“chek”命令，是否应为 check？", "reportgen"),
        ("--draft build 报告", "没有选项 --draft", "reportgen"),
        ("--version=3", "选项 --version 后面不能有值", "reportgen"),
        ("check", "缺少参数 DIR", "reportgen check"),
        ("build 报告 --to", "选项 --to 后面要有一个值", "reportgen build"),
        (
            "build 报告 --to pptx",
            "--to 不支持“pptx”，可用：docx、pdf、html、json",
            "reportgen build",
        ),
        ("build 报告 --dratf", "没有选项 --dratf，是否应为 --draft？", "reportgen build"),
        ("check 报告 --strict=1", "选项 --strict 后面不能有值", "reportgen check"),
        ("batch 报告 --jobs 0", "选项 --jobs 的值无效，应为不小于 1 的整数", "reportgen batch"),
        ("preview 报告 --port 8000", "--port 要与 --watch 一起用", "reportgen preview"),
        ("editions 2019", "多出了参数 2019；路径里有空格时要加引号", "reportgen editions"),
    ],
)
def test_a_wrong_call_is_told_with_the_page_that_helps(
    line: str, said: str, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line.split()) == cli.USAGE
    assert capsys.readouterr() == ("", f"错误：{said}\n处理：用 {page} --help 查看用法\n")


def test_a_folder_that_may_not_be_read_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode == os.F_OK)
    assert run(["check", "报告"]) == cli.USAGE
    said = "错误：参数 DIR 的值无效，没有权限读取 报告\n处理：用 reportgen check --help 查看用法\n"
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize("words", [["--version"], ["-V"], ["-V", "check"], ["--", "-V"]])
def test_the_version_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == cli.FINE
    assert capsys.readouterr().out == f"reportgen {__version__}\n"


@pytest.mark.parametrize("words", [[], ["--"], ["-h"], ["--help"], ["--help", "check"]])
def test_the_first_page_is_shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == cli.FINE
    assert capsys.readouterr().out.startswith("用法：reportgen [选项] 命令 …\n")


@pytest.mark.parametrize("name", REPORTGEN.commands)
@pytest.mark.parametrize("words", [["-h"], ["--help"], ["--nonsense", "x", "y", "-h"]])
def test_every_command_has_a_page(
    name: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([name, *words]) == cli.FINE
    assert capsys.readouterr().out.startswith(f"用法：reportgen {name} [选项]")


@pytest.mark.parametrize(
    "command", [REPORTGEN, *REPORTGEN.commands.values()], ids=lambda item: item.call
)
def test_what_a_command_reads_is_what_it_is_run_with(command: Command) -> None:
    assert [item.key for item in command.parameters] == list(signature(command.run).parameters)


def test_options_and_arguments_come_in_any_order(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        ["check", str(BROKEN), "--only", "I102", "--only=I107", "--format", "short"],
        ["check", "--format=short", "--only=I107", str(BROKEN), "--only", "I102"],
        ["check", "--only", "I102,I107", "--format", "short", "--", str(BROKEN)],
    ]
    printed = set()
    for words in lines:
        assert run(words) == cli.PROBLEMS
        printed.add(capsys.readouterr().out)
    assert len(printed) == 1


def test_a_preview_is_opened_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(cli, "open_for_user", opened.append)
    words = ["preview", str(SOUND), "-o", str(tmp_path)]
    assert run([*words, "--no-open"]) == cli.FINE
    assert opened == []
    assert run(words) == cli.FINE
    assert opened == [str(path) for path in tmp_path.glob("*.pdf")]
    capsys.readouterr()


def test_a_call_broken_off_is_told_on_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(**_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(REPORTGEN.commands["editions"], "run", interrupted)
    assert run(["editions"]) == cli.USAGE
    assert capsys.readouterr().err == "\n错误：已取消\n"


def test_colours_are_for_terminals_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(stream: io.StringIO) -> str:
        with contextlib.redirect_stdout(stream):
            run(["check", str(BROKEN), "--only", "I102"])
        return stream.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[" in shown(Terminal())
    assert "\033[" not in shown(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033[" not in shown(Terminal())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reports it in another way")
def test_a_reader_that_leaves_early_is_no_failure() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "reportgen", "check", str(BROKEN)]
    ran = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (cli.FINE, b"")
