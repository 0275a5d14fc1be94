"""YAML as a tree in which every node keeps the place it was typed.

Scalars stay text: what a number, a date or a yes means is the reader's
business, so ``08``, ``2021-01-26`` and ``0558-2173663`` arrive as typed.  The only
module that knows PyYAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from reportgen.diagnostics import Diagnostic, EnvironmentProblem, Severity
from reportgen.source import SourceFile, Span

MAX_DEPTH = 40
MAX_NODES = 200_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: its text as typed and whether it was quoted; empty text is null."""

    text: str
    span: Span
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Pairs of key and node in the order typed; duplicate keys are kept, later ones last."""

    items: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """Return the first node under *key* as typed exactly, or None."""
        return next((node for name, node in self.items if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def parse_yaml(source: SourceFile) -> tuple[Node | None, list[Diagnostic]]:
    """Return the tree of *source* and what is wrong with its syntax.

    Never raises on bad text: a syntax error is a finding and the tree None.
    Aliases are refused, nesting and size are bounded.
    """
    try:
        root = yaml.compose(source.text, Loader=_Loader)
        if root is None:
            return None, []
        return _Converter(source).convert(root, 0), []
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_error(source, error)]
    except _RefusedError as error:
        return None, [error.diagnostic]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else "嵌套过深"
        span = source.span(0, 0)
        return None, [_diagnostic(f"无法读取 YAML：{reason}", span, "检查文件是否为纯文本")]


class _RefusedError(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class _Converter:
    """Turns PyYAML's node graph into our tree, refusing what is not a tree."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._seen: set[int] = set()

    def convert(self, node: yaml.Node, depth: int) -> Node:
        span = self._span(node)
        if depth > MAX_DEPTH or len(self._seen) > MAX_NODES:
            raise _RefusedError(_diagnostic("内容嵌套过深或过大", span, "按报告目录的格式填写"))
        if id(node) in self._seen:
            raise _RefusedError(
                _diagnostic("不支持 YAML 的引用写法（& 和 *）", span, "把内容直接写在这里")
            )
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, span)
        if isinstance(node, yaml.SequenceNode):
            return Sequence(tuple(self.convert(item, depth + 1) for item in node.value), span)
        pairs = tuple(self._pairs(node, depth))
        return Mapping(pairs, span)

    def _pairs(self, node: yaml.Node, depth: int) -> Iterator[tuple[Scalar, Node]]:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _RefusedError(
                    _diagnostic("键必须是文字", self._span(key), "写成“键: 值”的形式")
                )
            name = self._scalar(key, self._span(key))
            yield name, self.convert(value, depth + 1)

    def _scalar(self, node: yaml.ScalarNode, span: Span) -> Scalar:
        quoted = node.style is not None
        text = node.value if quoted or node.value not in ("~", "null", "Null", "NULL") else ""
        return Scalar(text, span, quoted)

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        return self._source.span(
            self._source.offset_of(start.line + 1, start.column + 1),
            self._source.offset_of(end.line + 1, end.column + 1),
        )


def _diagnostic(message: str, span: Span, hint: str) -> Diagnostic:
    return Diagnostic("I101", "yaml-syntax", Severity.ERROR, message, span, hint=hint)


def _syntax_error(source: SourceFile, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    offset = source.offset_of(mark.line + 1, mark.column + 1) if mark else 0
    problem = error.problem or ""
    if "\t" in source.line_text(source.line_of(offset)):
        hint = "行首不能用制表符（Tab），请改用空格"
    elif "mapping values" in problem or "expected ':'" in problem:
        hint = "检查这一行及上一行：冒号要用半角“:”并在其后空一格；含冒号的文字要加英文引号"
    elif "flow" in problem or "expected ',' or" in problem:
        hint = "检查方括号、花括号是否成对，各项之间要用半角逗号“,”分隔"
    else:
        hint = "检查缩进是否对齐、引号和括号是否成对、标点是否为半角"
    return _diagnostic("YAML 格式有误，无法读懂这里", source.span(offset, offset + 1), hint)


def load_data(path: Path) -> Any:
    """Return the plain Python value of the shipped or overriding YAML file *path*.

    Raises EnvironmentProblem, naming file and line, when it is not valid YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" 第 {mark.line + 1} 行" if mark else ""
        raise EnvironmentProblem(f"模板文件无法读取：{path}{line}", "检查 YAML 格式") from error
