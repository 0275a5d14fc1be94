"""No regular expression of the program or its templates takes exponential or polynomial time.

Attacks on an expression are made of the characters that it asks for: a beginning, a part repeated
many times, and a character that nothing matches.  A linear search through such a text takes a
thousandth of the time allowed here; one that is quadratic takes many times as long.  Only the
processor time of a single search is looked at, by an alarm that stops it.
"""

from __future__ import annotations

import ast
import importlib
import re
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from msgspec import Struct

import reportgen
from reportgen.forms import LazyPattern, all_rules, shipped_library

with warnings.catch_warnings():  # re._parser is called so from Python 3.11 on
    warnings.simplefilter("ignore")
    parser: Any = importlib.import_module(
        "re._parser" if sys.version_info >= (3, 11) else "sre_parse"
    )

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no alarm clock")

SECONDS = 0.3
LENGTH = 60_000
ROOT = Path(reportgen.__file__).parent
METHODS = frozenset(("match", "fullmatch", "search", "sub", "subn", "split", "finditer", "findall"))
DIRECT = frozenset(f"re.{method}" for method in METHODS)
AT_A_PLACE = frozenset(("match", "fullmatch"))
EXCEPTED = {
    "readers/files.py _ADDED": "names of files, which systems limit to 255 characters",
    "markdown/blocks.py _COMMENT": "searched up to the last end of a comment",
    "markdown/blocks.py _MARKERS": "tried at the beginning of a line only",
}
"""Expressions that are never given a long text that they fail on, with the reason."""

_SAMPLES = "甲a1 。（\n_\u3000\U0010fffd"


class Expression(Struct, frozen=True):
    """An expression, and by which methods it is used."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]

    @property
    def text(self) -> str:
        """The expression as text, also that of one for bytes."""
        text = self.pattern.pattern
        return text if isinstance(text, str) else text.decode("latin-1")

    @property
    def tree(self) -> Any:
        """The expression taken apart."""
        return parser.parse(self.text, self.pattern.flags & ~re.UNICODE & 0x1FF)


def of_the_program() -> Iterator[Expression]:
    """Yield every expression that a module compiles when it is loaded, or uses directly."""
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(("reportgen", *path.relative_to(ROOT).with_suffix("").parts))
        if path.stem == "__main__":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        shown = path.relative_to(ROOT).as_posix()
        module = importlib.import_module(name.removesuffix(".__init__"))
        used = _methods(tree)
        for key, value in vars(module).items():
            for pattern in _patterns(value):
                methods = used.get(key, set()) if pattern is value else set()
                yield Expression(f"{shown} {key}", pattern, frozenset(methods or {"search"}))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in DIRECT:
                text, method = node.args[0], ast.unparse(node.func).removeprefix("re.")
                if isinstance(text, ast.Constant):
                    pattern = re.compile(text.value)
                    yield Expression(f"{shown}:{node.lineno}", pattern, frozenset({method}))


def _patterns(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _patterns(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _patterns(item)


def _methods(tree: ast.Module) -> dict[str, set[str]]:
    """Return by which methods each name is used in *tree*."""
    used: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
    return {name: attributes & METHODS for name, attributes in used.items()}


def of_the_templates() -> Iterator[Expression]:
    """Yield every expression of a shipped rule."""
    for rule in all_rules(shipped_library()):
        own = {"pattern": rule.pattern, "unless": rule.unless, "organ": rule.organ, **rule.items}
        for name, lazy in own.items():
            if isinstance(lazy, LazyPattern):
                methods = {"fullmatch"} if rule.kind == "contact" else {"search"}
                yield Expression(f"{rule.code} {name}", lazy.compiled, frozenset(methods))


def atoms(tree: Any) -> list[str]:
    """Return of everything in *tree* that matches one character two that it matches."""
    found: list[str] = []
    for operator, value in tree:
        name = str(operator)
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY"):
            found.append(_matched(name, value))
        elif name == "BRANCH":
            for branch in value[1]:
                found += atoms(branch)
        else:
            for part in _inner(value):
                found += atoms(part)
    return [chars for chars in found if chars]


def _inner(value: Any) -> Iterator[Any]:
    """Yield the expressions within the operand *value*."""
    if isinstance(value, parser.SubPattern):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _inner(part)


def _matched(name: str, value: Any) -> str:
    """Return at most two characters that an operator for one character matches."""
    if name == "LITERAL":
        return chr(value)
    if name == "IN" and str(value[0][0]) != "NEGATE":
        literal = [chr(v) for op, v in value if str(op) == "LITERAL"]
        literal += [chr(v[0]) for op, v in value if str(op) == "RANGE"]
        categories = [v for op, v in value if str(op) == "CATEGORY"]
        return "".join(literal[:2]) + "".join(_of_category(v) for v in categories)[:2]
    if name == "IN":
        kept = {char for char in _SAMPLES if not any(_is_in(op, v, char) for op, v in value[1:])}
        return "".join(sorted(kept))[:2]
    return "甲" if name == "ANY" or value != ord("甲") else "乙"


def _is_in(operator: Any, value: Any, char: str) -> bool:
    name = str(operator)
    if name == "LITERAL":
        return chr(value) == char
    if name == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    return char in _of_category(value)


def _of_category(value: Any) -> str:
    name = str(value).removeprefix("CATEGORY_").removeprefix("UNI_")
    texts = {"DIGIT": "1", "SPACE": " \n\u3000", "WORD": "甲a1_"}
    return texts.get(name, "，甲" if name != "NOT_WORD" else "，")


def is_repeating(tree: Any) -> bool:
    """Return whether something in *tree* may be repeated very often."""
    for operator, value in tree:
        if str(operator).endswith("_REPEAT") and int(value[1]) > 300:
            return True
        if any(is_repeating(part) for part in _inner(value)):
            return True
    return False


def attacks(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield beginnings and the parts to repeat behind them."""
    row = atoms(tree)
    first = [chars[0] for chars in row]
    parts = {char for chars in row for char in chars}
    heads = {"".join(first[:size]) for size in (0, 1, 2)}
    yield from ((head, part) for part in sorted(parts) for head in sorted(heads))
    for size in (2, 3):
        for at in range(len(first) - size + 1):
            yield "", "".join(first[at : at + size])


class TooLong(BaseException):
    """Raised by the alarm into a search that takes too long."""


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def withstands(expression: Expression, attack: tuple[str, str]) -> bool:
    """Return whether *expression* gets through the text of *attack* in time."""
    head, part = attack
    typed = head + part * (LENGTH // len(part)) + "\U0010fffe"
    text: Any = typed
    if isinstance(expression.pattern.pattern, bytes):
        text = typed.encode("latin-1", "replace")
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        for method in expression.methods & AT_A_PLACE:
            getattr(expression.pattern, method)(text)
        if expression.methods - AT_A_PLACE:
            for _ in expression.pattern.finditer(text):
                pass
    except TooLong:
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return True


def weak(expressions: Iterable[Expression]) -> list[str]:
    """Return those of *expressions* that do not withstand an attack, with the attack."""
    found = []
    seen: set[tuple[Any, int, frozenset[str]]] = set()
    for expression in expressions:
        key = (expression.pattern.pattern, expression.pattern.flags, expression.methods)
        if key in seen or expression.place in EXCEPTED or not is_repeating(expression.tree):
            continue
        seen.add(key)
        lost = next((a for a in attacks(expression.tree) if not withstands(expression, a)), None)
        if lost:
            found.append(f"{expression.place} {expression.text!r}: {lost}")
    return found


def compiled(*texts: str) -> Sequence[Expression]:
    return [Expression("test", re.compile(text), frozenset({"search"})) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+b",
        "(?:.|甲)*乙",
        r"\d+件",
        r"\{\{.*?\}\}",
        r"\s*[\r\n]\s*",
        r"【待[^】]*】",
        r"(?<=甲)[^。]*，[^。]*；",
        r"\([^()]*[一-鿿][^()]*\)",
    ],
)
def test_an_expression_that_is_not_linear_is_found(text: str) -> None:
    assert len(weak(compiled(text))) == 1


def test_expressions_that_are_linear_pass() -> None:
    texts = [
        r"(?<!\d)\d+件",
        r"\d{1,12}件",
        r"【待[^】]{0,200}】",
        "(?<!b)(?:ab)*c",
        r"\([^()]*\)",
    ]
    assert weak(compiled(*texts)) == []


@pytest.mark.timeout(900)  # a minute of processor time
def test_no_expression_of_the_templates_is_weak() -> None:
    assert weak(of_the_templates()) == []


@pytest.mark.timeout(900)
def test_no_expression_of_the_program_is_weak() -> None:
    found = list(of_the_program())
    assert len(found) > 200
    assert weak(found) == []
