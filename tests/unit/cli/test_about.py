"""Tests of shell completion and of the commands about the program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import cli
from reportgen.cli import program, run
from reportgen.cli.about import SHELLS, VARIABLE, answer

ASKED = (  # words typed, and the values offered for the last; None: folders
    (["ch"], ["check"]),
    (["c"], ["check", "completion"]),
    (["check", ""], None),
    (["build", "报告", "-o", ""], None),
    (["build", "报告", "--st"], ["--strict"]),
    (["build", "报告", "--to", "docx,p"], ["docx,pdf"]),
    (["check", "报告", "--format", "s"], ["short"]),
    (["check", "报告", "--only", "T30"], ["T301", "T302", "T303"]),
    (["check", "报告", "--only", "T303,T40"], ["T303,T401"]),
    (["explain", "T30"], ["T301", "T302", "T303"]),
    (["completion", "p"], ["powershell"]),
)


def answered(shell: str, words: list[str], last: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the completions for *shell* in the environment that its script sets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMP_WORDS", "\n".join(words))
        patch.setenv("COMP_CWORD", last)
        assert answer(program, f"{shell}_complete") == cli.FINE
    return capsys.readouterr().out


@pytest.mark.parametrize(("typed", "offered"), ASKED)
def test_powershell_is_answered_in_lines_of_kind_value_and_meaning(
    typed: list[str], offered: list[str] | None, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = answered("powershell", typed[:-1], typed[-1], capsys).splitlines()
    parts = [line.split("\t") for line in lines]
    if offered is None:
        assert parts == [["dir", typed[-1], ""]]
    else:
        assert [part[:2] for part in parts] == [["plain", value] for value in offered]


def test_powershell_tells_what_commands_and_rules_mean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = answered("powershell", [], "ch", capsys)
    assert told == f"plain\tcheck\t{program.commands['check'].help}\n"
    assert "\tT303\t新收加上年结转等于办理总计加结转下年度\n" in answered(
        "powershell", ["explain"], "T303", capsys
    )


def test_a_path_of_windows_is_one_word(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["build", r"C:\报告 2025", "--to"]
    assert answered("powershell", words, "h", capsys) == "plain\thtml\t\n"


def test_what_no_shell_asks_is_refused_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(program, "csh_complete") != cli.FINE
    assert answer(program, "bash_complete") != cli.FINE  # without the words
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_script_calls_the_program_and_is_plain_ascii(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["completion", shell]) == cli.FINE
    script = capsys.readouterr().out
    assert VARIABLE in script
    assert f"{shell}_complete" in script
    assert script.isascii()  # whatever encoding the shell's profile has
    assert "%(" not in script


BASH = """\
source /dev/stdin <<< "$1"; shift
COMP_WORDS=(reportgen "$@"); COMP_CWORD=$#
compopt() { echo folders; }
_reportgen_completion reportgen
printf '%s\\n' "${COMPREPLY[@]}"
"""

ZSH = """\
compdef() { :; }; _path_files() { print -r folders; }
compadd() { print -rl -- ${(P)@[-1]}; }
_describe() { print -rl -- ${(P)3}; }
eval $1; shift
words=(reportgen "$@"); CURRENT=$#words
_reportgen_completion
"""

FISH = """\
set -e XDG_CONFIG_HOME
echo $argv[1] | source
set -e argv[1]
complete -C (string join -- ' ' reportgen $argv)
"""


def in_shell(shell: str, program_text: str, words: list[str], folder: Path) -> list[str]:
    """Return the completions of *shell* with the script for *words* in *folder*."""
    script = subprocess.run(
        [sys.executable, "-m", "reportgen", "completion", shell],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    there = folder / "bin" / "reportgen"
    there.parent.mkdir(exist_ok=True)
    there.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reportgen "$@"\n', encoding="utf-8")
    there.chmod(0o755)
    path = f"{there.parent}{os.pathsep}{os.environ['PATH']}"
    options = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    name = [shell] if shell != "fish" else []  # what stands for $0
    told = subprocess.run(
        [shell, *options, "-c", program_text, *name, script, *words],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PATH": path, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert told.stderr == ""
    return told.stdout.splitlines()


@pytest.mark.parametrize(("shell", "program_text"), [("bash", BASH), ("zsh", ZSH), ("fish", FISH)])
@pytest.mark.parametrize(("typed", "offered"), [ASKED[1], ASKED[2], ASKED[5], ASKED[8]])
def test_shells_complete_what_is_typed(
    shell: str, program_text: str, typed: list[str], offered: list[str] | None, tmp_path: Path
) -> None:
    if sys.platform == "win32" or shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    shown = in_shell(shell, program_text, typed, tmp_path)
    folders = ["bin/"] if shell == "fish" else ["folders"]
    values = [line.replace("\t", ":").split(":")[0] for line in shown if line]
    assert values == (folders if offered is None else offered)
