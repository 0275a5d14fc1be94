"""YAML as a tree in which every node keeps the place it was typed.

Scalars stay text: what a number, a date or a yes means is the reader's
business, so ``08``, ``2021-01-26`` and ``0558-2173663`` arrive as typed.  The only
module that knows PyYAML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from msgspec import MsgspecError, Struct, msgpack

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.files import NO_CACHE, Cache, Stamp, content_key, stamp_of
from reportgen.problems import EnvironmentProblem
from reportgen.source import SourceFile, Span

MAX_DEPTH = 40
MAX_NODES = 200_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("~", "null", "Null", "NULL")
_BAD_COLON = (
    r"""\s*(?:- *)?([^\s:：#"'\[{][^:：#\[{]{0,30})(：|:(?=\S))"""  # compiled when a file is wrong
)
_LINE_END = re.compile("[\n\r\x85\u2028\u2029]")
_LINES_BACK = 3
_KIND = "yaml"


class Scalar(Struct, frozen=True):
    """A single value: its text as typed and whether it was quoted; empty text is null."""

    text: str
    span: Span
    quoted: bool = False


class Sequence(Struct, frozen=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


class Mapping(Struct, frozen=True):
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
        return _TreeBuilder(source).document(), []
    except yaml.reader.ReaderError as error:
        return None, [_unreadable(source, error)]
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_error(source, error)]
    except _YamlRefusedError as error:
        return None, [error.diagnostic]
    except (yaml.YAMLError, ValueError):
        return None, [_diagnostic("无法读取 YAML", source.span(0, 0), "检查文件是否为纯文本")]


class _YamlRefusedError(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def _events(text: str) -> Iterator[Any]:
    """Yield the events of *text*: ``yaml.parse`` without asking before each whether it is there."""
    loader = _Loader(text)
    try:
        while (event := loader.get_event()) is not None:
            yield event
            if isinstance(event, yaml.StreamEndEvent):
                return
    finally:
        loader.dispose()


class _TreeBuilder:
    """Builds our tree from PyYAML's events, refusing what is not a tree.

    From events and not from PyYAML's own nodes, because those are composed by
    recursion in C, which deep nesting overflows.
    """

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._events = _events(source.text)
        self._nodes = 0
        self._end = 0

    def document(self) -> Node | None:
        """Return the tree of the one document, None when there is none."""
        root = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise _refused("一个文件只能有一份 YAML 内容", self._span(event), "删去“---”")
                root = self._node(next(self._events), 0)
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        span = self._span(event)
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise _too_deep(span)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, span)
        if isinstance(event, yaml.AliasEvent):
            raise _refused("不支持 YAML 的引用写法（& 和 *）", span, "把内容直接写在这里")
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(self._node(item, depth + 1) for item in self._until_end())
            return Sequence(items, self._up_to_end(span))
        pairs = tuple(self._pair(key, depth + 1) for key in self._until_end())
        return Mapping(pairs, self._up_to_end(span))

    def _until_end(self) -> Iterator[Any]:
        """Yield the events up to the end of the list or mapping that has just begun.

        Between two of them the caller takes those of the item itself.
        """
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                self._end = self._span(event).end
                return
            yield event

    def _up_to_end(self, span: Span) -> Span:
        """Return the stretch from *span* up to the end just met, blanks behind it left out."""
        text = self._source.text[span.start : self._end]
        return self._source.span(span.start, span.start + len(text.rstrip()))

    def _pair(self, event: yaml.Event, depth: int) -> tuple[Scalar, Node]:
        key = self._node(event, depth)
        if not isinstance(key, Scalar):
            raise _refused("键必须是文字", key.span, "写成“键: 值”的形式")
        return key, self._node(next(self._events), depth)

    def _span(self, event: Any) -> Span:
        return self._source.span(event.start_mark.index, event.end_mark.index)


def _scalar(event: yaml.ScalarEvent, span: Span) -> Scalar:
    quoted = bool(event.style)
    text = "" if not quoted and event.value in _NULLS else event.value
    return Scalar(text, span, quoted)


def _diagnostic(message: str, span: Span, hint: str) -> Diagnostic:
    return Diagnostic("I101", "yaml-syntax", Severity.ERROR, message, span, hint=hint)


def _refused(message: str, span: Span, hint: str) -> _YamlRefusedError:
    return _YamlRefusedError(_diagnostic(message, span, hint))


def _too_deep(span: Span) -> _YamlRefusedError:
    return _refused("内容嵌套过深或过大", span, "按报告目录的格式填写")


def _unreadable(source: SourceFile, error: yaml.reader.ReaderError) -> Diagnostic:
    offset = max(0, source.text.find(chr(error.character)))
    message = f"文件中有不能使用的字符 U+{error.character:04X}"
    return _diagnostic(message, source.span(offset, offset + 1), "删除这个字符后重新输入")


def _bad_colon(source: SourceFile, line: int) -> Diagnostic | None:
    """Return the finding about a colon that is none, on *line* or just above it.

    YAML notices such a line only on the next one.
    """
    for number in range(line, max(0, line - 1 - _LINES_BACK), -1):
        found = re.match(_BAD_COLON, source.line_text(number))
        if found:
            start = source.offset_of(number, found.start(2) + 1)
            key = found[1].strip()
            what = "的冒号是全角的" if found[2] == "：" else "的冒号后面少一个空格"
            hint = f"冒号要用半角，后面空一格，写成“{key}: …”"
            return _diagnostic(f"“{key}”{what}", source.span(start, start + 1), hint)
    return None


def _syntax_error(source: SourceFile, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark: Any = error.problem_mark or error.context_mark
    offset = mark.index if mark else 0
    problem = error.problem or ""
    if "nesting depth" in problem:  # libyaml's own limit, from 0.2.6 on met before ours
        return _too_deep(source.span(offset, offset + 1)).diagnostic
    if "mapping values" in problem or "expected ':'" in problem:
        colon = _bad_colon(source, source.line_of(offset))
        if colon:
            return colon
    if "\t" in source.line_text(source.line_of(offset)):
        hint = "行首不能用制表符（Tab），请改用空格"
    elif "mapping values" in problem or "expected ':'" in problem:
        hint = "检查这一行及上一行：冒号要用半角“:”并在其后空一格；含冒号的文字要加英文引号"
    elif "cannot start any token" in problem or "alphabetic or numeric" in problem:
        hint = "以 @ & * % 等符号开头的文字要加英文引号"
    elif "flow" in problem or "expected ',' or" in problem:
        hint = "检查方括号、花括号是否成对，各项之间要用半角逗号“,”分隔"
        if error.context_mark and error.context_mark is not mark:
            hint = f"第 {error.context_mark.line + 1} 行的括号可能没有合上；{hint}"
    else:
        hint = "检查缩进是否对齐、引号和括号是否成对、标点是否为半角"
    return _diagnostic("YAML 格式有误，无法读懂这里", source.span(offset, offset + 1), hint)


def load_data(path: Path, cache: Cache = NO_CACHE) -> Any:
    """Return the plain Python value of the shipped or overriding YAML file *path*.

    A file is parsed once per process until it is written again, and once in all where
    *cache* keeps the value of its text.  It is shared: nobody may change it.  Raises
    EnvironmentProblem, naming file and line, when it is not valid YAML.
    """
    try:
        return _data_of(path, stamp_of(path.stat()), cache)
    except (yaml.YAMLError, ValueError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" 第 {mark.line + 1} 行" if mark else ""
        raise EnvironmentProblem(f"模板文件无法读取：{path}{line}", "检查 YAML 格式") from error


@lru_cache(maxsize=128)
def _data_of(path: Path, _: Stamp, cache: Cache) -> Any:
    text = path.read_text(encoding="utf-8")
    key = content_key(text.encode("utf-8")) if cache else ""
    kept = cache.get(_KIND, key)
    if kept is not None:
        return msgpack.decode(kept)
    value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    if cache and (data := _kept_alike(value)):
        cache.put(_KIND, key, data)
    return value


def _kept_alike(value: Any) -> bytes | None:
    """Return *value* as bytes that give it back, None when none do: a date, say."""
    try:
        data = msgpack.encode(value)
        return data if msgpack.decode(data) == value else None
    except (MsgspecError, TypeError, ValueError, OverflowError):
        return None


def yaml_scalar(text: str, *, quoted: bool = True) -> str:
    """Return *text* as YAML on one line; it can stand as a value, a key or an item of a list.

    It is in quotes if *quoted*, and else where YAML would read it as something other than
    this text.
    """
    style = '"' if quoted or _LINE_END.search(text) else None
    listed = yaml.safe_dump(
        [text], default_flow_style=True, default_style=style, allow_unicode=True, width=math.inf
    )
    return listed.strip()[1:-1]
