"""What is wrong with a command line, said in Chinese: slips of the hand, and click's complaints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import click

from reportgen.cli.parameters import half_width

DASHES = "-－—–―‐−﹣"
"""Signs that input methods and word processors put in the place of a hyphen."""


def named_options(context: click.Context) -> dict[str, click.Option]:
    """Return the options of the command of *context* by each of their names."""
    params = context.command.get_params(context)
    return {name: item for item in params if isinstance(item, click.Option) for name in item.opts}


def refuse_slips(context: click.Context, words: Sequence[str]) -> None:
    """Raise UsageError for the first of *words* that click would take for something else.

    To click ``-out x`` is ``-o ut`` and an argument, ``-hlep`` the options h, l, e, p, the
    ``--draft`` of ``-o --draft`` a folder, and so is ``——draft``.  After ``--`` everything is
    an argument.
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
    """Return *words* with each ``-o=x`` as ``-o`` and ``x``; to click the value would be ``=x``."""
    options = named_options(context)
    found: list[str] = []
    for number, word in enumerate(words):
        if word == "--":
            return [*found, *words[number:]]
        is_short = word[2:3] == "=" and _takes_value(options.get(word[:2]))
        found += [word[:2], word[3:]] if is_short else [word]
    return found


def _is_slip(name: str, options: Mapping[str, click.Option]) -> bool:
    """Return whether *name* is no option, but was meant as a long one."""
    if name[:1] not in tuple(DASHES) or name.startswith("--"):
        return False
    if not name.startswith("-"):
        return _meant(name) in options
    glued = _takes_value(options.get(name[:2])) and not any(
        f"-{name}".startswith(long) for long in options
    )
    return len(name) > 2 and not glued


def _meant(name: str) -> str:
    """Return *name* as it is typed with two hyphens and half-width letters."""
    return f"--{half_width(name).lstrip(DASHES)}"


def _takes_value(option: click.Option | None) -> bool:
    return option is not None and not option.is_flag


def usage_message(error: click.UsageError) -> str:
    """Return in Chinese, on one line, what *error* is about; our own are Chinese already."""
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


def _label(parameter: click.Parameter | None) -> str:
    """Return what usage errors call *parameter*, up to the next word."""
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
    """Return a context of *command* in which nothing has been typed."""
    return command.context_class(command, info_name=command.name, parent=parent)


def suggestion(typed: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a sentence: which of *known* may be meant, or what there is *otherwise*."""
    from reportgen.text import most_similar  # few calls are misspelt

    if near := most_similar(typed, known):
        return f"，是否应为 {near}？"
    return f"，可用的有：{otherwise}" if otherwise else ""
