"""The parameter types of the commands, and usage errors in Chinese.

Values are folders, numbers and lists, with their shell completion.  Full-width letters, digits
and signs are accepted as half-width ones, and a list may be separated by Chinese commas.  The
messages of parameter types continue ``…的值``; those of click are translated.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from reportgen.formats import FILED, FORMATS
from reportgen.problems import EnvironmentProblem, system_reason

_SEPARATORS = re.compile(r"[,、;\s]+")


def half_width(text: str) -> str:
    """Return *text* with full-width letters, digits and signs as half-width ones (NFKC)."""
    return unicodedata.normalize("NFKC", text).strip()


class Folder(click.ParamType[Path]):
    """A folder, which need not exist."""

    name = "目录"

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return *value* as a path; raises EnvironmentProblem if it cannot be accessed."""
        if not str(value).strip():
            self.fail("不能为空", param, ctx)
        path = Path(value)
        if os.access(path, os.F_OK) and not os.access(path, os.R_OK):
            raise EnvironmentProblem(f"没有权限读取 {value}", "检查该目录的权限")
        try:
            path.exists()
        except OSError as error:  # the name is too long, or a folder above is not accessible
            message = f"无法使用 {value}：{system_reason(error)}"
            raise EnvironmentProblem(message, "检查路径是否写对") from error
        return path

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Leave it to the shell to list folders."""
        return [CompletionItem(incomplete, type="dir")]


class WholeNumber(click.ParamType[int]):
    """A whole number not below *least* and not above *most*."""

    name = "整数"

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self._least = least
        self._most = most

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return *value* as a number."""
        try:
            number = int(value)  # also accepts full-width digits
        except ValueError:
            number = None
        if (
            number is None
            or (self._least is not None and number < self._least)
            or (self._most is not None and number > self._most)
        ):
            self.fail(f"“{value}”无效，应为{self._wanted}", param, ctx)
        return number

    @property
    def _wanted(self) -> str:
        if self._most is not None:
            return f" {self._least} 到 {self._most} 之间的整数"
        return "整数" if self._least is None else f"不小于 {self._least} 的整数"


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "其一"

    def __init__(self, choices: Sequence[str]) -> None:
        self._choices = choices

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the choice for *value*."""
        word = half_width(value).lower()
        if word not in self._choices:
            self.fail(_none_of(value, self._choices), param, ctx)
        return word

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the choices that begin like *incomplete*."""
        return _beginning_like(incomplete, self._choices)


class Formats(click.ParamType[tuple[str, ...]]):
    """Names of formats, each once, in the order typed."""

    name = "格式"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the formats that *value* lists."""
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(word.lower() for word in split_list(value)))
        unknown = [name for name in names if name not in FORMATS]
        if unknown or not names:
            self.fail(_none_of("、".join(unknown) or value, FORMATS), param, ctx)
        return names

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer completions of the last word of the list."""
        return complete_list(incomplete, dict.fromkeys(FORMATS, ""))


def _none_of(typed: str, choices: Iterable[str]) -> str:
    """Return the message about *typed*, which is not one of *choices*."""
    from reportgen.text import most_similar

    near = most_similar(typed, choices)
    hint = f"是否应为 {near}？" if near else ""
    return f"“{typed}”无效，{hint}可用：{'、'.join(choices)}"


def split_list(*typed: str) -> list[str]:
    """Return the words of lists typed with commas of either width, 、, ； or blanks."""
    return [word for text in typed for word in _SEPARATORS.split(half_width(text)) if word]


def complete_list(incomplete: str, known: dict[str, str]) -> list[CompletionItem]:
    """Return the completions of the last word of *incomplete*, a list separated by commas.

    *known* maps words to their descriptions; words already in the list are not offered.
    """
    typed, comma, last = incomplete.rpartition(",")
    before = typed.split(",")
    words = (word for word in known if word.lower().startswith(last.lower()) and word not in before)
    return [CompletionItem(f"{typed}{comma}{word}", help=known[word] or None) for word in words]


def complete_rules(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the codes of rules, with their titles."""
    from reportgen.forms import all_rules, shipped_library

    titles = {rule.code: rule.title for rule in all_rules(shipped_library())}
    return complete_list(incomplete, titles)


def complete_kinds(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the names of the kinds of reports."""
    from reportgen.forms import shipped_library

    return _beginning_like(incomplete, list(shipped_library().report_kinds()))


def _beginning_like(incomplete: str, words: Sequence[str]) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


report_folder = click.argument("folder", metavar="报告目录", type=Folder())
out = click.option(
    "-o", "--out", metavar="目录", type=Folder(), help="输出目录，默认为报告目录下的 output"
)
to = click.option(
    "--to",
    "formats",
    metavar="格式",
    type=Formats(),
    default=",".join(FILED),
    help=f"{'、'.join(FORMATS)}，用逗号分隔，默认 {','.join(FILED)}",
)
machine = click.option(
    "--format",
    "style",
    metavar="样式",
    type=OneOf(("full", "json")),
    default="full",
    help="结果的样式：full、json，默认 full",
)
draft = click.option("--draft", is_flag=True, help="有错误也生成，每页标“草稿”")
system_fonts = click.option(
    "--system-fonts",
    is_flag=True,
    help="优先用电脑上装的公文字体（默认不用：各台电脑排出来的版面才一致）",
)


DASHES = "-－—–―‐−﹣"
"""Characters that input methods and word processors insert instead of a hyphen."""


def named_options(context: click.Context) -> dict[str, click.Option]:
    """Return the options of the command of *context*, by each of their names."""
    params = context.command.get_params(context)
    return {name: item for item in params if isinstance(item, click.Option) for name in item.opts}


def refuse_slips(context: click.Context, words: Sequence[str]) -> None:
    """Raise UsageError for the first of *words* that click would misinterpret.

    click parses ``-out x`` as ``-o ut`` and an argument, ``-hlep`` as the options h, l, e and p,
    the ``--draft`` in ``-o --draft`` as a folder, and ``——draft`` as a folder, too.  After ``--``
    everything is an argument.
    """
    options = named_options(context)
    for word, after in pairwise([*words, ""]):
        if word == "--":
            return
        if _takes_value(options.get(word)) and (after in options or after == "--"):
            raise click.BadOptionUsage(word, "", context)
        name = word.partition("=")[0]
        if name not in options and _is_slip(name, options):
            raise click.NoSuchOption(name, ctx=context)


def parted(context: click.Context, words: Sequence[str]) -> list[str]:
    """Return *words* with each ``-o=x`` split; click would take ``=x`` as the value."""
    options = named_options(context)
    found: list[str] = []
    for number, word in enumerate(words):
        if word == "--":
            return [*found, *words[number:]]
        is_short = word[2:3] == "=" and _takes_value(options.get(word[:2]))
        found += [word[:2], word[3:]] if is_short else [word]
    return found


def _is_slip(name: str, options: Mapping[str, click.Option]) -> bool:
    """Return whether *name*, which is not an option, was probably meant as a long option."""
    if name[:1] not in tuple(DASHES) or name.startswith("--"):
        return False
    if not name.startswith("-"):
        return _meant(name) in options
    glued = _takes_value(options.get(name[:2])) and not any(
        f"-{name}".startswith(long) for long in options
    )
    return len(name) > 2 and not glued


def _meant(name: str) -> str:
    """Return *name* with two hyphens and half-width letters."""
    return f"--{half_width(name).lstrip(DASHES)}"


def _takes_value(option: click.Option | None) -> bool:
    return option is not None and not option.is_flag


def usage_message(error: click.UsageError) -> str:
    """Return the message for *error* in Chinese, on one line."""
    match error:
        case click.NoSuchOption():
            return _no_such_option(error)
        case click.BadOptionUsage():
            option = named_options(error.ctx).get(error.option_name) if error.ctx else None
            wanted = "要有一个值" if _takes_value(option) else "不能有值"
            return f"选项 {error.option_name} 后面{wanted}"
        case click.MissingParameter():
            return f"缺少{_label(error.param)}".rstrip()
        case click.BadParameter():
            return f"{_label(error.param)}的值{error.message}"
        case _:
            return error.message


def usage_hint(error: click.UsageError, program: str) -> str:
    """Return what to do about *error*: the help page to open, and an example if a word is missing.

    *program* is the name of the program, for errors that belong to no command.
    """
    page = f"用 {error.ctx.command_path if error.ctx else program} --help 查看用法"
    if not isinstance(error, click.MissingParameter) or error.ctx is None:
        return page
    example = (getattr(error.ctx.command, "epilog", None) or "").partition("\n")[0]
    return f"例如 {example}；{page}" if example else page


def _label(parameter: click.Parameter | None) -> str:
    """Return the name of *parameter* in messages, ready to be followed by the next word."""
    if isinstance(parameter, click.Option):
        return f"选项 {parameter.opts[0]} "
    return f"参数“{parameter.metavar}”" if parameter else "参数"


def _no_such_option(error: click.NoSuchOption) -> str:
    name, context = error.option_name, error.ctx
    if context is None:
        return f"没有选项 {name}"
    command = context.command
    if isinstance(command, click.Group):
        below = (named_options(context_of(item, context)) for item in command.commands.values())
        if any(name in options for options in below):
            return f"选项 {name} 要写在命令后面"
    typed = name if name.startswith("-") else _meant(name)
    return f"没有选项 {name}{suggestion(typed, named_options(context))}"


def context_of(command: click.Command, parent: click.Context) -> click.Context:
    """Return a new context of *command* without arguments."""
    return command.context_class(command, info_name=command.name, parent=parent)


def suggestion(typed: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a message: which of *known* may be meant, or the list *otherwise*."""
    from reportgen.text import most_similar  # rarely needed

    if near := most_similar(typed, known):
        return f"，是否应为 {near}？"
    return f"，可用的有：{otherwise}" if otherwise else ""


trust_templates = click.option(
    "--trust-templates",
    is_flag=True,
    help="认可报告目录自带的模板（先看过改了什么）",
)
roll = click.option(
    "--roll", metavar="名册", type=Folder(), help="应报单位的名册（文本、CSV、表格），查漏报"
)
cluster = click.option(
    "--dask", "cluster", metavar="地址", help="交给 Dask 集群，如 tcp://主机:8786"
)
