"""Subclasses of click's command, group and context, with Chinese help pages and messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import click

from reportgen.cli.console import echo
from reportgen.cli.parameters import DASHES, half_width, parted, refuse_slips, suggestion

_HELP_NAMES = ("-h", "--help")


class Context(click.Context):
    """The context of a command, with a Chinese help page."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return an empty help page."""
        from reportgen.cli.pages import MAX_COLUMNS, HelpPage  # only needed for help pages

        return HelpPage(max_width=MAX_COLUMNS)


class Command(click.Command):
    """A command; its callback returns the exit code."""

    context_class = Context

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings["context_settings"] = {
            "help_option_names": _HELP_NAMES,
            "allow_extra_args": True,  # rejected by parse_args, in Chinese
        }
        settings.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **settings)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help page."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示本说明"
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse *args*; a request for the help page takes precedence over any error in them."""
        if ctx.resilient_parsing:  # completion of an incomplete command line
            return super().parse_args(ctx, args)
        self.begin_parsing(ctx, args)
        try:
            rest = super().parse_args(ctx, parted(ctx, args))
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click's parser does not set the command
            raise
        if rest:
            raise click.UsageError(f"多出了参数 {' '.join(rest)}；路径里有空格时要加引号", ctx)
        return rest

    def begin_parsing(self, ctx: click.Context, words: list[str]) -> None:
        """Show the help page if *words* request it, or raise UsageError for a misspelt option."""
        if any(word in _HELP_NAMES for word in takewhile(lambda word: word != "--", words)):
            echo(self.get_help(ctx))
            ctx.exit()
        refuse_slips(ctx, words)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the help page."""
        options = [item for item in self.get_params(ctx) if isinstance(item, click.Option)]
        with formatter.section("选项"):
            formatter.write_dl([_help_row(item, ctx) for item in options])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, one on each line."""
        if self.epilog:
            with formatter.section("例子"):
                for line in self.epilog.splitlines():
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def _help_row(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    """Return the row of *option* on a help page: its syntax and its help text."""
    typed = ", ".join(option.opts)
    if not option.is_flag:
        typed += f" {option.make_metavar(ctx)}"
    return typed, (option.help or "") + "（必填）" * option.required


_PATH = re.compile(r"[\\/]|\.\w{1,5}$")
"""What a path has, and no command: a separator, or a suffix."""
_MOST_LOOKED_AT = 1_000


def _no_command(words: Sequence[str], commands: Sequence[str]) -> str:
    """Return the message about *words*, which begin with none of *commands*."""
    name, known = words[0], "、".join(commands)
    whole = " ".join(words)
    if len(words) > 1 and Path(whole).exists():
        return f'名称里有空格的，两头加上引号："{whole}"'
    missing = next((word for word in words if _PATH.search(word) and not Path(word).exists()), "")
    if missing and (missing == name or Path(name).exists()):
        return f"没有找到文件或目录 {missing}{suggestion(missing, _paths_beside(missing))}"
    if name and Path(name).exists():
        return f"“{name}”前面要写命令：{known}"
    near = suggestion(half_width(name).lower(), commands, known)
    if half_width(name).isascii():
        return f"没有“{name}”命令{near}"
    near = suggestion(name, _paths_beside(name)) or near
    return f"没有“{name}”命令，也没有叫这个名字的文件或目录{near}"


def _paths_beside(path: str) -> list[str]:
    """Return what is in the folder of *path*, as it would be typed; none if that is unreadable."""
    folder = Path(path).parent
    try:
        return [str(entry) for entry in islice(folder.iterdir(), _MOST_LOOKED_AT)]
    except (OSError, ValueError):
        return []


class Group(Command, click.Group):
    """The program: commands in the order in which they were added.

    Existing paths in place of a command are passed to the command *dropped*, if there is one:
    so a file that is dropped on the program arrives.
    """

    command_class = Command

    def __init__(self, *args: Any, dropped: click.Command | None = None, **settings: Any) -> None:
        self.dropped = dropped
        settings.setdefault("subcommand_metavar", "命令 …")
        super().__init__(*args, invoke_without_command=True, **settings)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command in *args*; the command parses the rest."""
        if not ctx.resilient_parsing:
            self.begin_parsing(ctx, list(takewhile(lambda word: word[:1] in tuple(DASHES), args)))
        return click.Group.parse_args(self, ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* begin with; raises UsageError if there is none."""
        name = args[0]
        if name not in self.commands and not ctx.resilient_parsing:
            if self.dropped and all(word and Path(word).exists() for word in args):
                return self.dropped.name, self.dropped, args
            raise click.UsageError(_no_command(args, tuple(self.commands)), ctx)
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description below the usage; without a blank line, the page fits a screen."""
        with formatter.indentation():
            formatter.write_text(self.help or "")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands of the help page."""
        rows = [(name, item.help or "") for name, item in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and then the program's own options, all on one line."""
        self.format_commands(ctx, formatter)
        options = [item for item in self.get_params(ctx) if isinstance(item, click.Option)]
        formatter.write_paragraph()
        formatter.write(f"选项：{'；'.join(' '.join(_help_row(item, ctx)) for item in options)}\n")
