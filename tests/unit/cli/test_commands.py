"""Tests of parsing command lines, and of the messages about wrong ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from reportgen.cli import FINE, USAGE, parameters, program, run
from reportgen.cli.commands import Command, Group
from reportgen.cli.parameters import usage_message


@click.command(cls=Command, help="做一份。")
@click.argument("folder", metavar="目录", type=parameters.Folder())
@click.option("-o", "--out", metavar="目录", type=parameters.Folder())
@click.option("--port", metavar="端口", type=parameters.WholeNumber(1, 9))
@click.option("--kind", metavar="种类", type=parameters.OneOf(("a", "b")), default="a")
@click.option("--organ", metavar="单位")
@click.option("--only", metavar="规则", multiple=True)
@click.option("--dry-run", is_flag=True)
def make(**values: Any) -> dict[str, Any]:
    """Return the arguments with which the command was called."""
    return values


@click.command(cls=Command, help="要有年度。")
@click.option("--year", metavar="年度", type=parameters.WholeNumber(), required=True)
def need(**values: Any) -> dict[str, Any]:
    """Return the arguments with which the command was called."""
    return values


@click.group(cls=Group)
def tool() -> None:
    """Act as the program."""


tool.add_command(make)
tool.add_command(need)

UNTOUCHED = {
    "folder": Path("报告"),
    "out": None,
    "port": None,
    "kind": "a",
    "organ": None,
    "only": (),
    "dry_run": False,
}


def called(*words: str) -> Any:
    """Return the arguments with which the command in *words* was called."""
    with tool.make_context("tool", list(words)) as context:
        return tool.invoke(context)


def typed(line: str) -> dict[str, Any]:
    """Return the values that differ from those of ``make 报告``."""
    values = called("make", *line.split(" "))
    return {key: value for key, value in values.items() if value != UNTOUCHED[key]}


def complaint(line: str) -> str:
    """Return the message about *line*, and the hint which help page to read."""
    with pytest.raises(click.UsageError) as caught:
        called(*line.split())
    assert caught.value.ctx
    return f"{caught.value.ctx.command_path}: {usage_message(caught.value)}"


def test_what_is_not_typed_has_its_default() -> None:
    assert called("make", "报告") == UNTOUCHED


@pytest.mark.parametrize(
    "line",
    [
        "--out 报送 报告",
        "报告 --out 报送",
        "报告 --out=报送",
        "报告 -o 报送",
        "报告 -o报送",
        "报告 -o=报送",
        "-o 别处 -o 报送 报告",
        "--out 报送 -- 报告",
    ],
)
def test_an_option_may_be_typed_in_several_ways(line: str) -> None:
    assert typed(line) == {"out": Path("报送")}


@pytest.mark.parametrize("folder", ["o", "-", "out", "h", "=", "a=b", "—", "－报送"])
def test_a_folder_may_have_nearly_any_name(folder: str) -> None:
    assert typed(f"报告 -o {folder}") == {"out": Path(folder)}
    assert typed(folder) == {"folder": Path(folder)}


def test_a_flag_is_true_when_it_is_typed() -> None:
    assert typed("--dry-run 报告") == {"dry_run": True}


def test_a_repeated_option_keeps_every_value() -> None:
    assert typed("--only T301 报告 --only=I103,I104") == {"only": ("T301", "I103,I104")}


def test_a_value_may_hold_an_equals_sign_and_blanks() -> None:
    assert called("make", "我的 报告", "--out=甲=乙 丙")["out"] == Path("甲=乙 丙")
    assert called("make", "我的 报告")["folder"] == Path("我的 报告")


def test_after_two_dashes_everything_is_an_argument() -> None:
    assert typed("-- --dry-run") == {"folder": Path("--dry-run")}
    assert typed("-- -o=x") == {"folder": Path("-o=x")}
    assert typed("--dry-run -- -out") == {"folder": Path("-out"), "dry_run": True}


def test_a_value_may_be_empty_or_a_negative_number() -> None:
    assert typed("报告 --organ=") == {"organ": ""}
    assert called("need", "--year", "-5") == {"year": -5}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("make 报告 --zzz", "没有选项 --zzz"),
        ("make 报告 --dry-runn", "没有选项 --dry-runn，是否应为 --dry-run？"),
        ("make 报告 --dry", "没有选项 --dry，是否应为 --dry-run？"),
        ("make 报告 --ouut=我的", "没有选项 --ouut，是否应为 --out？"),
        ("make 报告 -out 报送", "没有选项 -out，是否应为 --out？"),
        ("make 报告 -output 报送", "没有选项 -output，是否应为 --out？"),
        ("make 报告 -out=报送", "没有选项 -out，是否应为 --out？"),
        ("make 报告 -dry-run", "没有选项 -dry-run，是否应为 --dry-run？"),
        ("make 报告 --hlep", "没有选项 --hlep，是否应为 --help？"),
        ("make 报告 -hlep", "没有选项 -hlep，是否应为 --help？"),
        ("make 报告 ——dry-run", "没有选项 ——dry-run，是否应为 --dry-run？"),
        ("make 报告 —dry-run", "没有选项 —dry-run，是否应为 --dry-run？"),
        ("make 报告 －－ｋｉｎｄ=a", "没有选项 －－ｋｉｎｄ，是否应为 --kind？"),
        ("make 报告 -x", "没有选项 -x"),
        ("make -5", "没有选项 -5"),
    ],
)
def test_an_unknown_option_is_named_with_the_one_that_may_be_meant(line: str, said: str) -> None:
    assert complaint(line) == f"tool make: {said}"


@pytest.mark.parametrize(
    "line", ["报告 --out", "--out --dry-run 报告", "--out -- 报告", "报告 --out --out 报送"]
)
def test_a_missing_value_is_missed(line: str) -> None:
    assert complaint(f"make {line}") == "tool make: 选项 --out 后面要有一个值"


@pytest.mark.parametrize("line", ["报告 --dry-run=yes", "报告 --dry-run="])
def test_a_flag_takes_no_value(line: str) -> None:
    assert complaint(f"make {line}") == "tool make: 选项 --dry-run 后面不能有值"


def test_a_missing_argument_and_a_missing_option_are_named() -> None:
    assert complaint("make --dry-run") == "tool make: 缺少参数“目录”"
    assert complaint("need") == "tool need: 缺少选项 --year"


def test_an_argument_too_many_is_named_with_its_usual_cause() -> None:
    said = "tool make: 多出了参数 报告 目录；路径里有空格时要加引号"
    assert complaint("make 我的 报告 目录") == said


def test_a_value_that_is_none_is_shown_with_what_there_is() -> None:
    assert complaint("make 报告 --kind c") == "tool make: 选项 --kind 的值“c”无效，可用：a、b"
    said = "tool make: 选项 --port 的值“10”无效，应为 1 到 9 之间的整数"
    assert complaint("make 报告 --port 10") == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("mke", "没有“mke”命令，是否应为 make？"),
        ("ＭＡＫＥ", "没有“ＭＡＫＥ”命令，是否应为 make？"),
        ("生成", "没有“生成”命令，也没有叫这个名字的文件或目录，可用的有：make、need"),
        ("-", "没有“-”命令，可用的有：make、need"),
        ("报告.docx", "没有找到文件或目录 报告.docx"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest_or_all(word: str, said: str) -> None:
    assert complaint(word) == f"tool: {said}"


def test_a_folder_in_the_place_of_the_command_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "某局-2025").mkdir()
    monkeypatch.chdir(tmp_path)
    assert complaint("某局-2025 make") == "tool: “某局-2025”前面要写命令：make、need"


def test_an_option_before_its_command_is_sent_behind_it() -> None:
    assert complaint("--out 报送 make 报告") == "tool: 选项 --out 要写在命令后面"
    assert complaint("--zzz make 报告") == "tool: 没有选项 --zzz"


@pytest.mark.parametrize("name", program.commands)
@pytest.mark.parametrize("words", [["-h"], ["--help"], ["--nonsense", "x", "y", "-h"]])
def test_the_help_page_is_shown_whatever_else_is_typed(
    name: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([name, *words]) == FINE
    assert capsys.readouterr().out.startswith(f"用法：reportgen {name} [选项]")


def test_behind_two_dashes_nobody_asks_for_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--", "--help"]) == USAGE
    assert "没有找到报告目录 --help" in capsys.readouterr().err
