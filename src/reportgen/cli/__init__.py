"""The command line.

This is the only package that prints, and that reads the clock, the environment and the terminal.
Each command imports what it needs when it runs, so that a help page loads nothing but click.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn

import click

from reportgen import __version__
from reportgen.cli import about, aggregate, batch, compare, preview, published, report
from reportgen.cli.about import PROGRAM, VARIABLE, answer
from reportgen.cli.commands import Group
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    USAGE,
    begin_streams,
    colour_setting,
    echo,
    end_process,
    fail,
    remember_launcher,
)
from reportgen.cli.parameters import usage_hint, usage_message
from reportgen.problems import EnvironmentProblem, refused

__all__ = ["FINE", "PROBLEMS", "USAGE", "main", "program", "run"]

DEBUG_VARIABLE = "REPORTGEN_DEBUG"


def _tell_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        echo(f"{PROGRAM} {__version__}")
        context.exit()


@click.group(
    cls=Group,
    dropped=report.dropped,
    help="编制政府信息公开工作年度报告：先核对，后排版，生成可报送的 DOCX 和 PDF。",
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="显示版本",
)
@click.pass_context
def program(context: click.Context) -> int:
    """Show the help page unless a command follows."""
    if context.invoked_subcommand is None:
        echo(context.get_help())
    return FINE


for _command in (  # in the order of the help page
    report.new,
    report.check,
    report.build,
    preview.preview,
    batch.batch,
    aggregate.aggregate,
    published.extract,
    published.import_,
    compare.verify,
    compare.diff,
    about.help_,
    about.explain,
    about.editions,
    about.schema,
    about.doctor,
    about.completion,
):
    program.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its code; the user sees no traceback."""
    # A report consists of values without reference cycles, so there is little garbage that only
    # the collector can find, and running it often took a tenth of the time.
    gc.set_threshold(500_000)
    begin_streams()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries, in English, for developers
    if instruction := os.environ.get(VARIABLE):
        end_process(answer(program, instruction))
    remember_launcher()
    end_process(run(arguments))


def _invoke(words: list[str]) -> int:
    """Run the command that *words* are; a file that the system refuses is the machine's fault."""
    try:
        with program.make_context(PROGRAM, words, color=colour_setting()) as context:
            code: int = program.invoke(context)
            return code
    except OSError as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        raise refused(error) from error


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default what was typed, and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _invoke(words)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        return fail(usage_message(error), usage_hint(error, PROGRAM))
    except EnvironmentProblem as problem:
        return fail(problem.message, problem.hint)
    except MemoryError:
        return fail("内存不足", "关闭其他程序后再运行一次")
    except KeyboardInterrupt:
        echo("", err=True)  # the terminal has written ^C
        return fail("已取消")
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        kind = type(error).__name__
        hint = f"这是程序的缺陷；设环境变量 {DEBUG_VARIABLE}=1 再运行可看到详情"
        return fail(f"程序内部出错（{kind}：{error}）", hint)
