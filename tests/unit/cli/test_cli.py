"""Tests of the command line: exit codes, Chinese messages, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from reportgen import __version__, cli
from reportgen.cli import program, run

SAMPLES = Path(__file__).parents[3] / "samples"
BROKEN = SAMPLES / "broken-2024"
SOUND = SAMPLES / "yunxi-market-2024"


@pytest.mark.parametrize(
    ("line", "said", "page"),
    [
        ("chek 报告", "没有“chek”命令，是否应为 check？", "reportgen"),
        ("--draft build 报告", "选项 --draft 要写在命令后面", "reportgen"),
        ("--version=3", "选项 --version 后面不能有值", "reportgen"),
        ("build 报告 --to", "选项 --to 后面要有一个值", "reportgen build"),
        ("preview 报告 --port 8000", "--port 要与 --watch 一起用", "reportgen preview"),
        ("preview 报告 --png --watch", "--png 不能与 --watch 一起用", "reportgen preview"),
        (
            "new 报告 --organ 某局 --year 20255",
            "选项 --year 的值“20255”无效，应为 1 到 9999 之间的整数",
            "reportgen new",
        ),
        ("editions 2019", "多出了参数 2019；路径里有空格时要加引号", "reportgen editions"),
    ],
)
def test_a_wrong_call_is_told_with_the_page_that_helps(
    line: str, said: str, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line.split()) == cli.USAGE
    assert capsys.readouterr() == ("", f"错误：{said}\n处理：用 {page} --help 查看用法\n")


@pytest.mark.parametrize(
    ("line", "said", "example"),
    [
        ("check", "缺少参数“报告目录或文件”", "reportgen check 某局-2025"),
        ("new 某局", "缺少选项 --organ", "reportgen new 某局-2025 --organ 某市某局 --year 2025"),
    ],
)
def test_what_is_missing_is_told_with_an_example(
    line: str, said: str, example: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line.split()) == cli.USAGE
    page = " ".join(example.split()[:2])
    told = f"错误：{said}\n处理：例如 {example}；用 {page} --help 查看用法\n"
    assert capsys.readouterr() == ("", told)


@pytest.mark.parametrize("words", [["--version"], ["-V"], ["-V", "check"]])
def test_the_version_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == cli.FINE
    assert capsys.readouterr().out == f"reportgen {__version__}\n"


@pytest.mark.parametrize("words", [[], ["--"], ["-h"], ["--help"], ["--help", "check"]])
def test_the_first_page_is_shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == cli.FINE
    assert capsys.readouterr().out.startswith("用法：reportgen [选项] 命令 …\n")


def test_options_and_arguments_come_in_any_order(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        ["check", str(BROKEN), "--only", "I102", "--only=I107", "--format", "short"],
        ["check", "--format=short", "--only=I107", str(BROKEN), "--only", "duplicate-key"],
        ["check", "--only", "Ｉ１０２、i107", "--format", "ＳＨＯＲＴ", "--", str(BROKEN)],
    ]
    printed = set()
    for words in lines:
        assert run(words) == cli.PROBLEMS
        printed.add(capsys.readouterr().out)
    assert len(printed) == 1


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_a_rule_that_is_none_is_wrong_usage(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(BROKEN), option, "T3O3,T301,NOSUCH"]) == cli.USAGE
    said = "错误：没有这样的规则：NOSUCH、T3O3\n处理：“T3O3”是否应为 T303？\n"
    assert capsys.readouterr() == ("", said)


def broken_off(**_: object) -> int:
    """Act as a command that is cancelled."""
    raise KeyboardInterrupt


def defective(**_: object) -> int:
    """Act as a command with a defect."""
    raise LookupError("甲")


def test_a_call_broken_off_is_told_on_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program.commands["editions"], "callback", broken_off)
    assert run(["editions"]) == cli.USAGE
    assert capsys.readouterr().err == "\n错误：已取消\n"


def test_a_mistake_of_ours_is_told_without_a_traceback_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program.commands["editions"], "callback", defective)
    monkeypatch.delenv("REPORTGEN_DEBUG", raising=False)
    assert run(["editions"]) == cli.USAGE
    assert capsys.readouterr().err.startswith("错误：程序内部出错（LookupError：甲）\n处理：")
    monkeypatch.setenv("REPORTGEN_DEBUG", "1")
    with pytest.raises(LookupError):
        run(["editions"])


def ran(*words: str, **streams: object) -> subprocess.CompletedProcess[str]:
    """Return the outcome of ``reportgen`` *words* in a process of its own."""
    command = [sys.executable, "-m", "reportgen", *words]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run(command, encoding="utf-8", check=False, **streams)  # type: ignore[call-overload,no-any-return]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reports it in another way")
def test_a_reader_that_leaves_early_changes_nothing_about_the_outcome() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = ran("check", str(BROKEN), stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (cli.PROBLEMS, "")


needs_a_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")


@needs_a_full_disk
@pytest.mark.parametrize(
    ("words", "written"),
    [
        (["build", "报告", "--to", "html"], "；文件已经写好：报告/output/"),
        (["build", "报告", "--to", "html", "-o", "o"], "；文件已经写好：o/"),
        (["preview", "报告", "--no-open"], "；文件已经写好：报告/output/"),
        (["new", "新的", "--organ", "某局", "--year", "2025"], "；文件已经写好：新的\n"),
        (["batch", ".", "--to", "html"], "；文件已经写好：汇总结果.csv、汇总结果.xlsx\n"),
        (["check", "报告"], "\n"),
        (["--help"], "\n"),
        (["--version"], "\n"),
    ],
)
def test_where_nothing_can_be_printed_it_is_said_what_was_written(
    words: list[str], written: str, tmp_path: Path
) -> None:
    copytree(SOUND, tmp_path / "报告")
    with Path("/dev/full").open("w") as full:
        done = ran(*words, stdout=full, cwd=tmp_path)
    assert done.returncode == cli.USAGE
    assert f"错误：标准输出写不进去：磁盘已满{written}" in done.stderr
    assert done.stderr.endswith("处理：检查输出转到了哪里\n")
    assert "Traceback" not in done.stderr


@needs_a_full_disk
def test_findings_that_cannot_be_shown_stop_no_build(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        words = ["build", str(BROKEN), "--draft", "--to", "html", "-o", str(tmp_path)]
        assert ran(*words, stderr=full).returncode == cli.PROBLEMS
        words = ["batch", str(SOUND), "--to", "html", "-o", str(tmp_path)]
        assert ran(*words, stderr=full).returncode == cli.FINE
    assert len(list(tmp_path.glob("*.html"))) == 2
