"""What is typed becomes values; what cannot be understood is said in one Chinese sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.arguments import (
    MAX_COLUMNS,
    Command,
    Parameter,
    UsageProblem,
    asks_for_help,
    find_command,
    help_page,
    one_of,
    read_words,
    whole_number,
)
from reportgen.text import display_width


def run(**values: Any) -> int:
    """Stand for what a command does."""
    return len(values)


MAKE = Command(
    "make",
    "做一份。",
    run,
    Parameter("folder", "DIR", convert=Path, required=True),
    Parameter("out", "-o, --out OUT", "放在哪里", convert=Path),
    Parameter("port", "--port N", "端口", convert=whole_number(1, 9)),
    Parameter("kind", "--kind [a|b]", "种类", convert=one_of(("a", "b")), default="a"),
    Parameter("only", "--only CODES", "只看这些", repeated=True),
    Parameter("dry_run", "--dry-run", "只试一试"),
)
NEED = Command("need", "要有年度。", run, Parameter("year", "--year YEAR", "年度", required=True))
LOOK = Command("look", "看一看。", run, Parameter("folder", "[DIR]", convert=Path))
PROGRAM = Command(
    "", "介绍。", run, Parameter("version", "-V, --version", "版本"), commands=(MAKE, NEED, LOOK)
)
UNTOUCHED = {
    "folder": Path("报告"),
    "out": None,
    "port": None,
    "kind": "a",
    "only": (),
    "dry_run": False,
}


def typed(line: str) -> dict[str, Any]:
    """Return the values that differ from those of ``make 报告``."""
    values = read_words(MAKE, line.split())
    return {key: value for key, value in values.items() if value != UNTOUCHED[key]}


def complaint(line: str, command: Command = MAKE) -> str:
    """Return what is said about *line*."""
    with pytest.raises(UsageProblem) as caught:
        read_words(command, line.split())
    return str(caught.value)


def test_what_is_not_typed_has_its_default() -> None:
    assert read_words(MAKE, ["报告"]) == UNTOUCHED


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


def test_a_flag_is_true_when_it_is_typed() -> None:
    assert typed("--dry-run 报告") == {"dry_run": True}


def test_a_long_option_may_be_cut_short_while_it_is_plain_which_is_meant() -> None:
    assert typed("报告 --dry") == {"dry_run": True}
    assert typed("报告 --ou 报送") == {"out": Path("报送")}
    assert complaint("报告 --o 报送").startswith("没有选项 --o，是否应为 -")


def test_a_repeated_option_keeps_every_value() -> None:
    assert typed("--only T301 报告 --only=I103,I104") == {"only": ("T301", "I103,I104")}


def test_a_value_may_hold_an_equals_sign_and_blanks() -> None:
    assert read_words(MAKE, ["我的 报告", "--out=甲=乙 丙"])["out"] == Path("甲=乙 丙")
    assert read_words(MAKE, ["我的 报告"])["folder"] == Path("我的 报告")


def test_after_two_dashes_everything_is_an_argument() -> None:
    assert typed("-- --dry-run") == {"folder": Path("--dry-run")}


def test_a_lone_dash_is_an_argument() -> None:
    assert typed("-") == {"folder": Path("-")}


def test_a_value_may_be_empty_or_a_negative_number() -> None:
    assert read_words(NEED, ["--year="]) == {"year": ""}
    assert read_words(NEED, ["--year", ""]) == {"year": ""}
    assert read_words(NEED, ["--year", "-5"]) == {"year": "-5"}


def test_an_optional_argument_may_be_left_out() -> None:
    assert read_words(LOOK, []) == {"folder": None}
    assert read_words(LOOK, ["报告"]) == {"folder": Path("报告")}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("报告 --zzz", "没有选项 --zzz"),
        ("报告 --dry-runn", "没有选项 --dry-runn，是否应为 --dry-run？"),
        ("报告 --ouut=我的", "没有选项 --ouut，是否应为 --out？"),
        ("报告 -out 报送", "没有选项 -out，是否应为 --out？"),
        ("报告 --hlep", "没有选项 --hlep，是否应为 --help？"),
        ("报告 -x", "没有选项 -x"),
        ("-5", "没有选项 -5"),
    ],
)
def test_an_unknown_option_is_named_with_the_one_that_may_be_meant(line: str, said: str) -> None:
    assert complaint(line) == said


@pytest.mark.parametrize("line", ["报告 --out", "--out --dry-run 报告", "--out -- 报告"])
def test_a_missing_value_is_missed(line: str) -> None:
    assert complaint(line) == "选项 --out 后面要有一个值"


@pytest.mark.parametrize("line", ["报告 --dry-run=yes", "报告 --dry-run="])
def test_a_flag_takes_no_value(line: str) -> None:
    assert complaint(line) == "选项 --dry-run 后面不能有值"


def test_a_missing_argument_and_a_missing_option_are_named() -> None:
    assert complaint("--dry-run") == "缺少参数 DIR"
    assert complaint("", NEED) == "缺少选项 --year"


def test_an_argument_too_many_is_named_with_its_usual_cause() -> None:
    assert complaint("我的 报告 目录") == "多出了参数 报告 目录；路径里有空格时要加引号"


def test_a_choice_that_is_none_is_answered_with_the_choices() -> None:
    assert complaint("报告 --kind A") == "选项 --kind 的值无效，可用：a、b"


@pytest.mark.parametrize("word", ["x", "1.5", "0", "10", "-1", ""])
def test_a_number_out_of_bounds_is_answered_with_the_bounds(word: str) -> None:
    assert complaint(f"报告 --port={word}") == "选项 --port 的值无效，应为 1 到 9 之间的整数"


def test_a_number_may_have_no_bounds_or_only_a_lower_one() -> None:
    assert whole_number()("-3") == -3
    assert whole_number(2)("2") == 2
    with pytest.raises(ValueError, match=r"^应为整数$"):
        whole_number()("去年")
    with pytest.raises(ValueError, match=r"^应为不小于 2 的整数$"):
        whole_number(2)("1")


def test_the_help_page_is_shown_whatever_else_is_wrong() -> None:
    assert asks_for_help(["--kind", "x", "-h"])
    assert asks_for_help(["--help", "--colour"])
    assert not asks_for_help(["--", "--help"])
    assert not asks_for_help(["报告"])


def test_the_first_word_names_the_command() -> None:
    assert find_command(PROGRAM, ["make", "报告", "-V"]) == (MAKE, ["报告", "-V"])
    assert find_command(PROGRAM, ["-V", "make"]) == (PROGRAM, ["-V"])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("mke", "没有“mke”命令，是否应为 make？"),
        ("生成", "没有“生成”命令，可用的有：make、need、look"),
        ("-", "没有“-”命令，可用的有：make、need、look"),
        ("", "没有“”命令，可用的有：make、need、look"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest_or_all(word: str, said: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        find_command(PROGRAM, [word])
    assert str(caught.value) == said


def test_the_page_of_a_command_lists_its_options_one_below_the_other() -> None:
    assert help_page(NEED, 80).splitlines() == [
        "用法：reportgen need [选项]",
        "",
        "  要有年度。",
        "",
        "选项:",
        "  --year YEAR  年度（必填）",
        "  -h, --help   显示本说明",
    ]


def test_the_page_of_the_program_lists_the_commands_first() -> None:
    lines = help_page(PROGRAM, 80).splitlines()
    assert lines[0] == "用法：reportgen [选项] 命令 …"
    assert lines[4:8] == ["命令:", "  make  做一份。", "  need  要有年度。", "  look  看一看。"]
    assert lines[9:] == ["选项:", "  -V, --version  版本", "  -h, --help     显示本说明"]


LONG = "先核对（勾稽关系、日期、“用语”），后排版：docx,pdf,html,json 四种，默认 docx,pdf。" * 3


@pytest.mark.parametrize("columns", [40, 57, 80, 100, 300])
def test_long_lines_are_broken_by_the_cells_they_take(columns: int) -> None:
    lines = help_page(Command("long", LONG, run, Parameter("a", "--all", LONG)), columns)
    assert max(map(display_width, lines.splitlines())) <= min(columns, MAX_COLUMNS) - 2
    assert lines.replace("\n", "").replace(" ", "").count(LONG.replace(" ", "")) == 2


@pytest.mark.parametrize("columns", range(40, 80))
def test_no_broken_line_begins_or_ends_with_the_wrong_mark(columns: int) -> None:
    lines = help_page(Command("long", LONG, run), columns).splitlines()[2:]
    assert not [line for line in lines if line.strip()[:1] in set("，。、：）”")]
    assert not [line for line in lines if line[-1:] in set("（“")]


def test_a_line_is_broken_between_clauses_where_it_can_be() -> None:
    text = "优先用电脑上装的字体（默认不用：各台电脑的版面才一致）"
    assert help_page(Command("long", text, run), 50).splitlines()[2:4] == [
        "  优先用电脑上装的字体（默认不用：",
        "  各台电脑的版面才一致）",
    ]


def test_words_and_names_of_files_are_not_broken() -> None:
    text = help_page(Command("long", LONG, run), 44)
    assert text.count("docx,pdf,html,json") == 3
