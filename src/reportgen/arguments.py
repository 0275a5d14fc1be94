"""What may be typed after ``reportgen``: commands as data, how words are read, help pages.

Pure: words in, values or text out.  ``getopt`` tells options from values.  ``argparse`` is
not used: its help pages and usage errors would all have to be replaced, since their wording is
English and changes with the version of Python, and what is left takes 2 ms of every command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

PROGRAM = "reportgen"
MAX_COLUMNS = 100
"""Help pages are no wider than this many terminal cells."""

_OPENING, _CLOSING = "（“《", "，。、：；？！）”》…"
_CLAUSE = rf"(?<=[，。；：])(?![{_CLOSING}])|(?<![{_OPENING}])(?=（)"  # where a line breaks best
_UNIT = rf"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]* *"  # what stays on one line in any case


class UsageProblem(Exception):  # noqa: N818 - what was typed is at fault, not the program
    """What was typed is not understood; the text says why, in Chinese, on one line."""


class Parameter:
    """A value that a command takes, *typed* as on the help page: ``DIR``, ``-o, --out OUT``.

    Without a name that begins with ``-`` it is an argument, else an option, and without a word
    for its value a flag, False or True.  *convert* turns what is typed into the value; its
    ValueError says in Chinese what should be typed.  A *repeated* option has a tuple of values.
    """

    def __init__(
        self,
        key: str,
        typed: str,
        text: str = "",
        *,
        convert: Callable[[str], Any] = str,
        default: str | None = None,
        required: bool = False,
        repeated: bool = False,
    ) -> None:
        words = typed.replace(",", " ").split()
        self.key = key
        self.typed = typed
        self.text = text
        self.names = tuple(word for word in words if word.startswith("-"))
        self.metavar = "" if words[-1] in self.names else words[-1]
        self.convert = convert
        self.default = () if repeated else default
        self.required = required
        self.repeated = repeated

    @property
    def label(self) -> str:
        """What usage errors call it."""
        return f"选项 {self.names[0]}" if self.names else f"参数 {self.metavar.strip('[]')}"

    def read(self, word: str) -> Any:
        """Return the value of *word*; UsageProblem when it has none."""
        try:
            return self.convert(word)
        except ValueError as problem:
            raise UsageProblem(f"{self.label} 的值无效，{problem}") from None


class Command:
    """A command: *run* gets the value of each parameter by its key and returns the exit code.

    The program itself is the command without a name; it alone has *commands*, by name.
    """

    def __init__(
        self,
        name: str,
        summary: str,
        run: Callable[..., int],
        *parameters: Parameter,
        commands: Iterable[Command] = (),
    ) -> None:
        self.call = f"{PROGRAM} {name}".rstrip()
        self.name = name
        self.summary = summary
        self.run = run
        self.parameters = parameters
        self.commands = {command.name: command for command in commands}

    @property
    def options(self) -> dict[str, Parameter]:
        """Its options by each of their names, the one for help included."""
        return {name: item for item in (*self.parameters, _HELP) for name in item.names}


_HELP = Parameter("help", "-h, --help", "显示本说明")


def whole_number(least: int | None = None, most: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number not below *least* and not above *most*."""
    wanted = "应为整数"
    if least is not None:
        wanted = f"应为不小于 {least} 的整数"
        if most is not None:
            wanted = f"应为 {least} 到 {most} 之间的整数"

    def convert(word: str) -> int:
        try:
            number = int(word)
        except ValueError:
            raise ValueError(wanted) from None
        if (least is not None and number < least) or (most is not None and number > most):
            raise ValueError(wanted)
        return number

    return convert


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Return what takes one of *choices* as it is."""

    def convert(word: str) -> str:
        if word not in choices:
            raise ValueError(f"可用：{'、'.join(choices)}")
        return word

    return convert


def find_command(program: Command, words: Sequence[str]) -> tuple[Command, Sequence[str]]:
    """Return the command that *words* begin with, and the words after it.

    An option there is for the *program* itself, the words after it are not looked at.
    """
    if words[0] in program.commands:
        return program.commands[words[0]], words[1:]
    if _is_option(words[0]):
        return program, words[:1]
    known = "、".join(program.commands)
    raise UsageProblem(f"没有“{words[0]}”命令{_suggestion(words[0], program.commands, known)}")


def asks_for_help(words: Sequence[str]) -> bool:
    """Return whether the help page is wanted, whatever else is among *words*."""
    before = words[: words.index("--")] if "--" in words else words
    return any(word in _HELP.names for word in before)


def read_words(command: Command, words: Sequence[str]) -> dict[str, Any]:
    """Return the value of each parameter of *command* by its key; UsageProblem says what is wrong.

    Options and arguments come in any order; after ``--`` there are only arguments.
    """
    options, plain = _sorted_out(command.options, words)
    arguments = [item for item in command.parameters if not item.names]
    values: dict[str, Any] = {
        item.key: item.default if item.metavar else False for item in command.parameters
    }
    given = set()
    options.extend(zip(arguments, plain, strict=False))  # what is left over is told below
    for parameter, word in options:
        given.add(parameter)
        value = parameter.read(word) if parameter.metavar else True
        values[parameter.key] = (*values[parameter.key], value) if parameter.repeated else value
    for parameter in command.parameters:
        if parameter.required and parameter not in given:
            raise UsageProblem(f"缺少{parameter.label}")
    if extra := plain[len(arguments) :]:
        raise UsageProblem(f"多出了参数 {' '.join(extra)}；路径里有空格时要加引号")
    return values


def _sorted_out(
    known: Mapping[str, Parameter], words: Sequence[str]
) -> tuple[list[tuple[Parameter, str]], list[str]]:
    """Return the options among *words* with their values, and the other words."""
    from getopt import GetoptError, gnu_getopt

    for word in words:
        if f"-{word}" in known and word not in known:  # to getopt -out is -o ut
            raise _unknown(word, known)
    taking = {name: item for name, item in known.items() if item.metavar}
    short = [f"{name[1:]}{':' * (name in taking)}" for name in known if len(name) == 2]
    long = [f"{name[2:]}{'=' * (name in taking)}" for name in known if len(name) > 2]
    try:
        found, plain = gnu_getopt(words, "".join(short), long)
    except GetoptError as error:
        raise _misused(error.opt, words, known) from None
    options = []
    for name, value in found:
        if value == "--" or value in known:
            raise UsageProblem(f"选项 {name} 后面要有一个值")
        options.append((known[name], value if name.startswith("--") else value.removeprefix("=")))
    return options, plain


def _misused(opt: str, words: Sequence[str], known: Mapping[str, Parameter]) -> UsageProblem:
    """Return what is wrong with an option among *words* that getopt calls *opt*, without dashes."""
    name = f"--{opt}"
    if len(opt) == 1 and all(word.partition("=")[0] != name for word in words):
        name = f"-{opt}"
    if name not in known:
        return _unknown(name, known)
    return UsageProblem(f"选项 {name} 后面{'要有一个值' if known[name].metavar else '不能有值'}")


def _unknown(name: str, known: Mapping[str, Parameter]) -> UsageProblem:
    return UsageProblem(f"没有选项 {name}{_suggestion(name, known)}")


def help_page(command: Command, columns: int) -> str:
    """Return the help page of *command* for lines of *columns* terminal cells."""
    width = min(columns, MAX_COLUMNS) - 2  # some terminals break a line that is just full
    usage = [command.call, "[选项]", *(p.metavar for p in command.parameters if not p.names)]
    if command.commands:
        usage.append("命令 …")
    lines = [f"用法：{' '.join(usage)}", ""]
    for line in command.summary.splitlines():
        lines += _beside("  ", line, width)
    if command.commands:
        known = [(item.name, item.summary) for item in command.commands.values()]
        lines += ["", "命令:", *_table(known, width)]
    options = [item for item in (*command.parameters, _HELP) if item.names]
    rows = [(item.typed, item.text + "（必填）" * item.required) for item in options]
    return "\n".join([*lines, "", "选项:", *_table(rows, width)])


def _table(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Return *rows* as lines, the texts below each other."""
    left = max(len(term) for term, _ in rows)
    return [line for term, text in rows for line in _beside(f"  {term:{left}}  ", text, width)]


def _beside(left: str, text: str, width: int) -> list[str]:
    """Return *left* with *text* to its right, on as many lines as *width* asks for."""
    import re

    from reportgen.text import display_width

    def go_on_with(part: str) -> None:
        if lines[-1] and len(left) + display_width((lines[-1] + part).rstrip()) > width:
            lines.append("")

    lines = [""]
    for clause in re.split(_CLAUSE, text):
        go_on_with(clause)
        for unit in re.findall(_UNIT, clause):
            go_on_with(unit)
            lines[-1] += unit
    return [f"{' ' * len(left) if i else left}{line}".rstrip() for i, line in enumerate(lines)]


def _is_option(word: str) -> bool:
    return word.startswith("-") and word not in ("-", "--")


def _suggestion(typed: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a sentence: which of *known* may be meant, or what there is *otherwise*."""
    from reportgen.text import most_similar

    if near := most_similar(typed, known):
        return f"，是否应为 {near}？"
    return f"，可用的有：{otherwise}" if otherwise else ""
