"""``explain``, ``editions``, ``doctor`` and ``completion``: about the program itself."""

from __future__ import annotations

from pathlib import Path

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.completion import SHELLS, script
from reportgen.cli.console import FINE, USAGE, echo, font_folders


@click.command(
    cls=Command,
    help="说明一条核对规则：查什么、为什么、怎么改。",
    epilog="reportgen explain T303",
)
@click.argument("code", metavar="规则", shell_complete=take.complete_rules)
def explain(code: str) -> int:
    """Print the page of one rule."""
    from reportgen.api import shipped_library
    from reportgen.workflows import explain_rule

    echo(explain_rule(take.half_width(code), shipped_library()))
    return FINE


@click.command(cls=Command, help="列出可用的报告和版式。")
def editions() -> int:
    """List the known reports and forms."""
    from reportgen.api import shipped_library
    from reportgen.workflows import list_editions

    echo(list_editions(shipped_library()))
    return FINE


@click.command(
    cls=Command,
    help="检查运行环境：字体、所含字数、软件版本。",
    epilog="reportgen doctor\nreportgen doctor 某局-2025",
)
@click.argument("folder", metavar="[报告目录]", type=take.Folder(), required=False)
@take.system_fonts
def doctor(folder: Path | None, system_fonts: bool) -> int:
    """Say what fonts and versions the program runs with."""
    from reportgen.workflows import examine

    lines, healthy = examine(folder, font_folders(system_fonts))
    echo("\n".join(lines))
    return FINE if healthy else USAGE


@click.command(
    cls=Command,
    help=f"输出命令行补全脚本：{'、'.join(SHELLS)}。",
    epilog="reportgen completion bash >> ~/.bashrc\n"
    "reportgen completion zsh >> ~/.zshrc\n"
    "reportgen completion fish > ~/.config/fish/completions/reportgen.fish\n"
    "reportgen completion powershell | Out-String | Invoke-Expression",
)
@click.argument("shell", metavar="终端", type=take.OneOf(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print what lets a shell complete our command lines."""
    echo(script(context.find_root().command, shell))
    return FINE
