"""click in Chinese: help pages, and usage errors as one line and what to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import click

from reportgen.similar import most_similar

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class ChineseHelp(click.Command):
    """A command whose help page is in Chinese throughout."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line with the options named in Chinese."""
        return ["[选项]" if p == "[OPTIONS]" else p for p in super().collect_usage_pieces(ctx)]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under a Chinese head."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [option.get_help_record(ctx) for option in options]
        rows = [(names, _in_chinese(text)) for names, text in filter(None, records)]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option with a Chinese text."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示本说明"
        return option


class ChineseGroup(ChineseHelp, click.Group):
    """A group of such commands, listed in the order they were defined."""

    command_class = ChineseHelp

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subcommand_metavar = "命令 …"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of definition."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        rows = [(name, cmd.get_short_help_str(200)) for name, cmd in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(rows)
        ChineseHelp.format_options(self, ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command *args* begin with; UsageError in Chinese when there is none."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            known = "、".join(self.commands)
            raise click.UsageError(
                f"没有“{args[0]}”命令{_suggest(args[0], list(self.commands), known)}", ctx
            )
        return super().resolve_command(ctx, args)


class StatusLine:
    """A line on standard error that is written over; on no terminal, a line now and then.

    ``show`` takes the text and how much is done, 0 to 1.
    """

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._width = 0
        self._tenths = 0

    def show(self, text: str, done: float) -> None:
        """Show *text* in place of what was shown last."""
        from reportgen.diagnostics import display_width

        if self._is_terminal:
            width = display_width(text)
            click.echo(f"\r{text}{' ' * (self._width - width)}", nl=False, err=True)
            self._width = width
        elif int(done * 10) > self._tenths:
            self._tenths = int(done * 10)
            click.echo(text, err=True)

    def say(self, text: str) -> None:
        """Print *text* for good, above the line."""
        self.clear()
        click.echo(text, err=True)

    def clear(self) -> None:
        """Wipe the line."""
        if self._width:
            click.echo(f"\r{' ' * self._width}\r", nl=False, err=True)
            self._width = 0


def _in_chinese(text: str) -> str:
    """Return an option's help with what click adds to it put in Chinese."""
    return re.sub(r"\s*\[[^\]]*\]$", lambda m: "（必填）" if "required" in m[0] else "", text)


def usage_message(error: click.ClickException) -> str:
    """Return what *error* says, in Chinese, on one line."""
    if isinstance(error, click.NoSuchOption):
        known = [o for p in error.ctx.command.params for o in p.opts] if error.ctx else []
        return f"没有选项 {error.option_name}{_suggest(error.option_name, known, '')}"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_parameter(error)}".rstrip()
    if isinstance(error, click.BadParameter):
        return f"{_parameter(error)}的值无效{_choices(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要有一个值"
    if isinstance(error, click.UsageError) and "unexpected extra argument" in error.message:
        extra = error.message.partition("(")[2].rstrip(")")
        return f"多出了参数 {extra}；路径里有空格时要加引号"
    return error.format_message()


def _parameter(error: click.BadParameter) -> str:
    param = error.param
    if isinstance(param, click.Option):
        return f"选项 {param.opts[0]} "
    return f"参数 {param.make_metavar(error.ctx) if param and error.ctx else ''} "


def _choices(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"，可用：{'、'.join(str(choice) for choice in kind.choices)}"
    if isinstance(kind, click.IntRange) and kind.min is not None:
        span = f"不小于 {kind.min} " if kind.max is None else f" {kind.min} 到 {kind.max} 之间"
        return f"，应为{span}的整数"
    if isinstance(kind, click.types.IntParamType):
        return "，应为整数"
    return f"：{error.message}"


def _suggest(typed: str, known: Sequence[str], fallback: str) -> str:
    if near := most_similar(typed, known):
        return f"，是否应为 {near}？"
    return f"，可用的有：{fallback}" if fallback else ""
