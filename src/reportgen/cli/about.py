r"""What the program says about itself: ``help``, ``explain``, ``editions``, ``schema``, and so on.

A completion script runs ``reportgen`` with an environment variable that says which shell asks
(:data:`VARIABLE`); the program then prints what the line may go on with.  bash and zsh are
click's.  fish and PowerShell are ours: click's fish cuts ``docx,pdf`` off at the comma, its
PowerShell splits ``C:\报告`` as a POSIX shell would.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

import click
from click.shell_completion import (
    CompletionItem,
    FishComplete,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
)

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    USAGE,
    echo,
    font_folders,
    open_for_user,
    print_findings,
    refuse_others,
    write_results,
)

SHELLS = ("bash", "zsh", "fish", "powershell")

_FISH = """\
function %(complete_func)s
    for answer in (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \
COMP_CWORD=(commandline -t) %(prog_name)s)
        set -l parts (string split --max 2 \\t -- $answer)
        if test $parts[1] = dir
            __fish_complete_directories $parts[2]
        else
            printf '%%s\\t%%s\\n' $parts[2] $parts[3]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

# Words and suggestions are exchanged as lines.  The words are the values before the cursor, without
# their quotes.  Folders are completed by PowerShell itself, which quotes paths with blanks.  The
# encoding of the console of Chinese Windows is GBK, unless it is set.
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object {
        $_.Extent.EndOffset -lt $cursorPosition
    } | ForEach-Object { if ($null -ne $_.Value) { $_.Value } else { $_.Extent.Text } })
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
        $env:COMP_WORDS = ($words | Select-Object -Skip 1) -join "`n"
        $env:COMP_CWORD = $wordToComplete
        $env:%(complete_var)s = 'powershell_complete'
        $answers = @(& %(prog_name)s 2>$null)
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_CWORD, Env:%(complete_var)s -ErrorAction Ignore
        [Console]::OutputEncoding = $encoding
    }
    foreach ($answer in $answers) {
        $kind, $value, $help = $answer -split "`t", 3
        if ($kind -eq 'dir') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete) |
                Where-Object { $_.ResultType -eq 'ProviderContainer' }
        } elseif ($value) {
            [System.Management.Automation.CompletionResult]::new(
                $value, $value, 'ParameterValue', $(if ($help) { $help } else { $value }))
        }
    }
}
"""


def _line(item: CompletionItem) -> str:
    """Return *item* as a line: type, value and help, separated by tabs."""
    return f"{item.type}\t{item.value}\t{item.help or ''}"


@add_completion_class
class Fish(FishComplete):
    """Completion in fish."""

    source_template: ClassVar[str] = _FISH

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line for *item*."""
        return _line(item)


@add_completion_class
class PowerShell(ShellComplete):
    """Completion in Windows PowerShell 5.1 and PowerShell 7."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the incomplete word."""
        words = os.environ.get("COMP_WORDS", "")
        return words.split("\n") if words else [], os.environ.get("COMP_CWORD", "")

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line for *item*."""
        return _line(item)


def script(program: click.Command, shell: str) -> str:
    """Return the script with which *shell* completes the command lines of *program*."""
    kind = get_completion_class(shell)
    if kind is None:
        raise ValueError(f"{shell} is none of {SHELLS}")
    # Not source() of the class: that of bash checks the installed version and warns in English.
    return ShellComplete.source(kind(program, {}, PROGRAM, VARIABLE))


def answer(program: click.Command, instruction: str) -> int:
    """Print the completions for *instruction* of a shell, such as ``bash_complete``.

    Errors are ignored, because a message in the middle of a command line would not help.
    """
    try:
        return shell_complete(program, {}, PROGRAM, VARIABLE, instruction)
    except Exception:
        return USAGE


@click.command(
    "help",
    cls=Command,
    help="打开使用手册：从第一份报告到常见问题，不联网。",
    epilog="reportgen help\nreportgen help 核对\nreportgen help --list",
)
@click.argument("topic", metavar="[主题]", default="")
@click.option("--list", "listed", is_flag=True, help="列出手册的各章和主题")
@click.option("--no-open", is_flag=True, help="只显示手册在哪里，不打开")
def help_(topic: str, listed: bool, no_open: bool) -> int:
    """Open the manual, or its chapter about a topic, and print where it is."""
    from reportgen.workflows import manual_page, manual_topics

    if listed:
        for chapter in manual_topics():
            echo(f"{chapter.title}：{'、'.join(chapter.topics)}")
        return FINE
    page = manual_page(take.half_width(topic))
    echo(str(page))
    if not no_open:
        open_for_user(str(page))
    return FINE


@click.command(
    cls=Command,
    help="说明一条核对规则：查什么、为什么、怎么改。",
    epilog="reportgen explain T303",
)
@click.argument("code", metavar="规则", shell_complete=take.complete_rules)
def explain(code: str) -> int:
    """Print the page of one rule."""
    from reportgen.forms import shipped_library
    from reportgen.workflows import explain_rule

    echo(explain_rule(take.half_width(code), shipped_library()))
    return FINE


@click.command(cls=Command, help="列出可用的报告和版式。")
def editions() -> int:
    """List the known reports and forms."""
    from reportgen.forms import shipped_library
    from reportgen.workflows import list_editions

    echo(list_editions(shipped_library()))
    return FINE


@click.command(
    cls=Command,
    help="输出 report.yaml 的 JSON Schema，供编辑器提示和对接系统用。",
    epilog="reportgen schema\nreportgen schema 某局-2025 -o report.schema.json",
)
@click.argument("folder", metavar="[报告目录]", type=take.Folder(), required=False)
@click.option("-o", "--out", metavar="文件", type=take.Folder(), help="写入文件，默认显示在屏幕上")
def schema(folder: Path | None, out: Path | None) -> int:
    """Print the JSON Schema of a report's data: that of a folder, or of the newest form."""
    from reportgen.findings_text import json_text
    from reportgen.forms import shipped_library
    from reportgen.readers import schema_of_folder

    if out:
        refuse_others([out], lambda path: path.suffix.lower() == ".json")
    made = json_text(schema_of_folder(folder, shipped_library()))
    if folder:
        from reportgen.api import check_folder

        print_findings(check_folder(folder).own_templates, err=True, summary=False)
    if out:
        write_results({out: f"{made}\n".encode()})
    else:
        echo(made, data=True)
    return FINE


@click.command(
    cls=Command,
    help="检查运行环境：字体、所含字数、软件版本。",
    epilog="reportgen doctor\nreportgen doctor 某局-2025",
)
@click.argument("folder", metavar="[报告目录]", type=take.Folder(), required=False)
@take.system_fonts
def doctor(folder: Path | None, system_fonts: bool) -> int:
    """Print the fonts and the versions in use."""
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
    """Print the completion script for a shell."""
    echo(script(context.find_root().command, shell), data=True)
    return FINE


PROGRAM = "reportgen"
VARIABLE = "_REPORTGEN_COMPLETE"
