"""YAML parsed to a tree in which every node knows its source position.

Scalars stay text, so ``08``, ``2021-01-26`` and ``0558-2173663`` are kept as typed; the readers
decide what is a number, a date or a boolean.  This is the only module that imports PyYAML.
"""

from __future__ import annotations

import datetime
import math
import numbers
import os
import re
from collections import abc
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.files import Stamp, read_template, stamp_of
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.source import SourceFile, Span

MAX_DEPTH = 40
MAX_NODES = 200_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("~", "null", "Null", "NULL")
_BAD_COLON = r"""\s*(?:- *)?([^\s:：#"'\[{][^:：#\[{]{0,30})(：|:(?=[^ \t]))"""
"""Like the others that are texts, it is compiled only when a file is wrong."""
_COLONS = ("wide-colon", "tight-colon")
_WIDE_COMMA = r"""[\[{][^\[\]{}]*?([，、；])[^\[\]{}]*?[:：]"""
_LEFT_BLANK = r"[\[{,]\s*(?=,)|:(?=[,}\]])"
_ODD_SPACES = {"\u3000": "全角空格", "\xa0": "不换行空格"}
_ODD_SPACE = r"[\xa0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]"
_ODD_KEY = re.compile(rf"^{_ODD_SPACE}|(?<=[:：]){_ODD_SPACE}")
_VALUE = re.compile(r"""(?:^|[:,\[{-])[ \t]*(?=["'])""")
_QUOTED = {'"': r'"(?:\\.|[^"\\])*"', "'": r"'(?:''|[^'])*'(?!')"}
_KEY_IN_QUOTES = r"""\n[ \t]*[^\s:：#"'\[{]{1,30}:(?:[ \t]|$)"""
_LINE_END = re.compile("[\n\r\x85\u2028\u2029]")
_LINES_BACK = 3


class Scalar(Struct, frozen=True):
    """A single value."""

    text: str
    """The text as typed; empty for null."""
    span: Span
    quoted: bool = False


class Sequence(Struct, frozen=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


class Mapping(Struct, frozen=True):
    """Pairs of key and node in the order typed, duplicate keys included."""

    items: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """Return the first node whose key is exactly *key*; None if there is none."""
        return next((node for name, node in self.items if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def parse_yaml(source: SourceFile) -> tuple[Node | None, list[Finding]]:
    """Parse *source*; return its tree and the findings about its syntax.

    Never raises for invalid text: a syntax error is returned as a finding, with None as the
    tree.  A wrong colon is returned with those of the other lines.  Aliases are rejected; depth
    and number of nodes are bounded.
    """
    root, found = _parse(source)
    if any(finding.wording in _COLONS for finding in found):
        found += _other_colons(source, found)
    return root, found


def _parse(source: SourceFile) -> tuple[Node | None, list[Finding]]:
    """Return the tree of *source*, or None with what PyYAML stumbled over first."""
    try:
        builder = _TreeBuilder(source)
        root = builder.document()
        if isinstance(root, Scalar) and (colon := _bad_colon(source, _LINES_BACK + 1)):
            return None, [colon]
        return (None, builder.found) if builder.found else (root, [])
    except yaml.reader.ReaderError as error:
        return None, [_unreadable(source, error)]
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_error(source, error)]
    except _YamlRefusedError as error:
        return None, [error.finding]
    except (yaml.YAMLError, ValueError):
        return None, [Finding("yaml-syntax", source.span(0, 0), wording="not-yaml")]


class _YamlRefusedError(Exception):
    def __init__(self, span: Span, wording: str) -> None:
        super().__init__(wording)
        self.finding = Finding("yaml-syntax", span, wording=wording)


class _TreeBuilder:
    """Builds the tree from PyYAML's events and rejects aliases and keys that are not scalars.

    It reads events instead of PyYAML's nodes, because PyYAML composes nodes recursively in C
    and deep nesting overflows its stack.
    """

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._events = yaml.parse(source.text, Loader=_Loader)
        self._nodes = 0
        self._end = 0
        self.found: list[Finding] = []
        """Keys that a blank keeps from being read: it is none for YAML."""

    def document(self) -> Node | None:
        """Return the tree of the only document; None if the stream is empty."""
        root = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise _YamlRefusedError(self._span(event), wording="two-documents")
                root = self._node(next(self._events), 0)
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        span = self._span(event)
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise _YamlRefusedError(span, wording="too-deep")
        if isinstance(event, yaml.ScalarEvent):
            if event.style in _QUOTED and re.search(_KEY_IN_QUOTES, span.text):
                raise _YamlRefusedError(_line_of(span), wording="open-quote")
            return _scalar(event, span)
        if isinstance(event, yaml.AliasEvent):
            raise _YamlRefusedError(span, wording="alias")
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(self._node(item, depth + 1) for item in self._until_end())
            return Sequence(items, self._up_to_end(span))
        pairs = tuple(self._pair(key, depth + 1) for key in self._until_end())
        return Mapping(pairs, self._up_to_end(span))

    def _until_end(self) -> Iterator[Any]:
        """Yield the first event of each item of the list or mapping that has just begun.

        The caller consumes the remaining events of an item before it asks for the next one.
        """
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                self._end = self._span(event).end
                return
            yield event

    def _up_to_end(self, span: Span) -> Span:
        """Return *span* extended to the end of the last collection, without trailing blanks."""
        text = self._source.text[span.start : self._end]
        return self._source.span(span.start, span.start + len(text.rstrip()))

    def _pair(self, event: yaml.Event, depth: int) -> tuple[Scalar, Node]:
        key = self._node(event, depth)
        if not isinstance(key, Scalar):
            raise _YamlRefusedError(key.span, wording="key-no-text")
        if not key.quoted and (odd := _ODD_KEY.search(key.text)):
            start = key.span.start + odd.start()
            self.found.append(_odd_space(self._source.span(start, start + 1)))
        return key, self._node(next(self._events), depth)

    def _span(self, event: Any) -> Span:
        return self._source.span(event.start_mark.index, event.end_mark.index)


def _scalar(event: yaml.ScalarEvent, span: Span) -> Scalar:
    quoted = bool(event.style)
    text = "" if not quoted and event.value in _NULLS else event.value
    return Scalar(text, span, quoted)


def _unreadable(source: SourceFile, error: yaml.reader.ReaderError) -> Finding:
    offset = max(0, source.text.find(chr(error.character)))
    span = source.span(offset, offset + 1)
    values = {"编码": f"U+{error.character:04X}"}
    return Finding("yaml-syntax", span, values, wording="bad-character")


def _line_of(span: Span) -> Span:
    """Return the part of *span* on its first line."""
    first = span.text.split("\n", 1)[0]
    return span.source.span(span.start, span.start + len(first))


def _odd_space(span: Span) -> Finding:
    """Return the finding about the blank *span*, which is none for YAML."""
    name = _ODD_SPACES.get(span.text, "特殊空格")
    before = span.source.line_text(span.line)[: span.column - 1]
    wording = "odd-space" if before.strip() else "odd-indent"
    values = {"空格": name, "编码": f"U+{ord(span.text):04X}"}
    return Finding("yaml-syntax", span, values, wording=wording)


def _odd_indent(source: SourceFile, line: int) -> Finding | None:
    """Return the finding about a blank that indents *line* or one just above, and is none."""
    for number in range(line, max(0, line - 1 - _LINES_BACK), -1):
        found = re.match(rf"[ \t]*({_ODD_SPACE})\s*\S", source.line_text(number))
        if found:
            start = source.offset_of(number, found.start(1) + 1)
            return _odd_space(source.span(start, start + 1))
    return None


def _open_quote(source: SourceFile, error: yaml.MarkedYAMLError, offset: int) -> Finding | None:
    """Return the finding about a quotation mark that is not closed on its line.

    YAML reads on to the next one, and meets what is wrong only behind it.
    """
    behind_quote = source.text[:offset].rstrip().endswith(tuple(_QUOTED))
    if not behind_quote and "quoted scalar" not in (error.context or ""):
        return None
    for number in range(source.line_of(offset), 0, -1):
        line = source.line_text(number)
        at = 0
        while found := _VALUE.search(line, at):
            closed = re.compile(_QUOTED[line[found.end()]]).match(line, found.end())
            if not closed:
                start = source.offset_of(number, found.end() + 1)
                span = source.span(start, source.offset_of(number) + len(line))
                return Finding("yaml-syntax", span, wording="open-quote")
            at = closed.end()
    return None


def _bad_colon(source: SourceFile, line: int) -> Finding | None:
    """Return the finding about a full-width colon, or one without a blank, near *line*.

    The lines just above are searched too, because YAML reports such a colon on a later line.
    """
    lines = range(line, max(0, line - 1 - _LINES_BACK), -1)
    return next(filter(None, (_colon_in(source, number) for number in lines)), None)


def _colon_in(source: SourceFile, line: int) -> Finding | None:
    """Return the finding about a wrong colon behind the key that begins *line*."""
    found = re.match(_BAD_COLON, source.line_text(line))
    if not found:
        return None
    start = source.offset_of(line, found.start(2) + 1)
    span = source.span(start, start + 1)
    behind = source.span(start + 1, start + 2)
    if re.match(_ODD_SPACE, behind.text):
        return _odd_space(behind)
    wording = "wide-colon" if found[2] == "：" else "tight-colon"
    return Finding("yaml-syntax", span, {"项": found[1].strip()}, wording=wording)


def _other_colons(source: SourceFile, found: list[Finding]) -> list[Finding]:
    """Return the findings about wrong colons in the lines that are not indented, but for *found*.

    These begin with a key.  An indented line may be text.
    """
    told = {finding.span for finding in found}
    last = source.line_of(len(source.text))
    lines = (n for n in range(1, last + 1) if not source.line_text(n)[:1].isspace())
    colons = filter(None, (_colon_in(source, number) for number in lines))
    return [colon for colon in colons if colon.span not in told]


def _in_brackets(source: SourceFile, line: int) -> Finding | None:
    """Return the finding about a full-width comma, or an item left blank, in brackets on *line*."""
    text = source.line_text(line)
    unquoted = re.sub("|".join(_QUOTED.values()), lambda found: "_" * len(found[0]), text)
    if found := re.search(_WIDE_COMMA, unquoted):
        start = source.offset_of(line, found.start(1) + 1)
        span = source.span(start, start + 1)
        return Finding("yaml-syntax", span, {"符号": span.text}, wording="wide-comma")
    if found := re.search(_LEFT_BLANK, unquoted):
        start = source.offset_of(line, found.end() + 1)
        return Finding("yaml-syntax", source.span(start, start + 1), wording="blank-item")
    return None


def _syntax_error(source: SourceFile, error: yaml.MarkedYAMLError) -> Finding:
    mark: Any = error.problem_mark or error.context_mark
    offset = mark.index if mark else 0
    span = source.span(offset, offset + 1)
    problem = error.problem or ""
    if "nesting depth" in problem:  # libyaml's own limit since 0.2.6, lower than MAX_DEPTH
        return Finding("yaml-syntax", span, wording="too-deep")
    # PyYAML describes the grammar; look for the usual mistakes of people who type YAML instead.
    line = source.line_of(offset)
    if found := _open_quote(source, error, offset) or _odd_indent(source, line):
        return found
    is_inside = any("flow" in text for text in (problem, error.context or ""))
    if (is_inside or "unexpected ':'" in problem) and (found := _in_brackets(source, line)):
        return found
    if "mapping values" in problem or "expected ':'" in problem:
        colon = _bad_colon(source, line)
        if colon:
            return colon
    if "\t" in source.line_text(line):
        advice = "tab"
    elif "mapping values" in problem or "expected ':'" in problem:
        advice = "colon"
    elif "cannot start any token" in problem or "alphabetic or numeric" in problem:
        advice = "symbol"
    elif "flow" in problem or "expected ',' or" in problem:
        opened = error.context_mark if error.context_mark is not mark else None
        values = {"行号": opened.line + 1 if opened else ""}
        advice = "open-bracket" if opened else "bracket"
        return Finding("yaml-syntax", span, values, wording="broken", advice=advice)
    else:
        advice = ""
    return Finding("yaml-syntax", span, wording="broken", advice=advice)


_WHOLE = re.compile(r"[-+]?(0|[1-9]\d{0,14})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?\d{1,15}\.\d{1,15}", re.ASCII)
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def plain_data(node: Node | None) -> Any:
    """Return the plain Python value of *node*: numbers, truth values and blanks as YAML has them.

    A date stays the text it was typed as.
    """
    if isinstance(node, Mapping):
        return {key.text: plain_data(item) for key, item in node.items}
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node.items]
    if node is None or not (node.text or node.quoted):
        return None
    if node.quoted:
        return node.text
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if _DECIMAL.fullmatch(node.text) else _TRUTHS.get(node.text, node.text)


def load_tree(path: Path) -> Node | None:
    """Return the tree of the shipped or overriding YAML file *path*; None when it is empty.

    A file is parsed once per process until it is written again.  Raises EnvironmentProblem,
    naming file, line and column, when it cannot be read or is refused by :func:`parse_yaml`.
    """
    try:
        return _tree_of(path, stamp_of(path.stat()))
    except UnicodeDecodeError as error:
        raise EnvironmentProblem(f"模板 {path} 不是 UTF-8 编码", "另存为 UTF-8 编码") from error
    except OSError as error:
        message = f"无法读取模板 {path}：{system_reason(error)}"
        raise EnvironmentProblem(message, "检查这个文件") from error


def empty_mapping(path: str) -> Mapping:
    """Return the tree of the file *path* when there is nothing in it."""
    return Mapping((), SourceFile(path, "").span(0, 0))


def load_data(path: Path) -> Any:
    """Return the plain Python value of the YAML file *path*, read as :func:`load_tree` does."""
    return plain_data(load_tree(path))


_REFUSALS = {
    "alias": "不能用 & 和 * 引用别处的内容",
    "too-deep": "嵌套过深，或者内容过多",
    "key-no-text": "冒号前面应是文字",
    "two-documents": "一个文件里只能有一份内容，删去 --- 后面的",
    "bad-character": "有不能用的字符",
    "wide-colon": "冒号应是半角的，后面空一格",
    "tight-colon": "冒号后面应空一格",
}


@lru_cache(maxsize=128)
def _tree_of(path: Path, _: Stamp) -> Node | None:
    root, found = parse_yaml(SourceFile(str(path), read_template(path)))
    for finding in found:
        where = finding.span.short_place if finding.span else str(path)
        reason = _REFUSALS.get(finding.wording, "不是正确的 YAML，检查缩进、引号和括号")
        raise EnvironmentProblem(f"模板文件有误：{where}：{reason}", "检查 YAML 格式")
    return root


def yaml_scalar(text: str, *, quoted: bool = True) -> str:
    """Return *text* as a YAML scalar on one line, usable as a value, a key or a list item.

    It is quoted if *quoted* is true, or if YAML would otherwise read it as something else.
    """
    style = '"' if quoted or _LINE_END.search(text) or _ODD_KEY.search(text) else None
    listed = yaml.safe_dump(
        [text], default_flow_style=True, default_style=style, allow_unicode=True, width=math.inf
    )
    return listed.strip()[1:-1]


def yaml_text(data: abc.Mapping[Any, Any]) -> str:
    """Return *data* as YAML that :func:`parse_yaml` parses to the same texts.

    A list or mapping that holds only single values is written on one line.
    Values are texts, numbers, dates, paths, None for a blank, and lists and mappings of these.
    Raises TypeError for other values, and ValueError if *data* is nested too deeply or contains
    itself.
    """
    around = (yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False))
    after = (yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent())
    events = [*around, *_written(data, ()), *after]
    return str(yaml.emit(events, allow_unicode=True, width=math.inf))


def _written(value: object, keys: tuple[object, ...]) -> Iterator[yaml.Event]:
    """Yield the YAML events of *value*, which stands under *keys*."""
    if len(keys) > MAX_DEPTH:
        raise ValueError("数据嵌套过深")
    if isinstance(value, abc.Mapping):
        yield yaml.MappingStartEvent(None, None, True, flow_style=_is_row(value.values()))
        for key, item in value.items():
            yield _written_scalar(key, keys)
            yield from _written(item, (*keys, key))
        yield yaml.MappingEndEvent()
    elif isinstance(value, abc.Sequence) and not isinstance(value, str | bytes | bytearray):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=_is_row(value))
        for item in value:
            yield from _written(item, (*keys, "-"))
        yield yaml.SequenceEndEvent()
    else:
        yield _written_scalar(value, keys)


def _is_row(items: abc.Iterable[object]) -> bool:
    nested = (abc.Mapping, list, tuple)
    return not any(isinstance(item, nested) for item in items)


def _written_scalar(value: object, keys: tuple[object, ...]) -> yaml.ScalarEvent:
    text, style = _scalar_text(value, keys), None
    if isinstance(value, str) and (
        value in ("", *_NULLS) or _LINE_END.search(value) or _ODD_KEY.search(value)
    ):
        style = '"'
    return yaml.ScalarEvent(None, None, (True, True), text, style=style)


def _scalar_text(value: object, keys: tuple[object, ...]) -> str:
    """Return the text of a single value, as an author would type it."""
    if value is None:
        return _NULLS[1]
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")  # the readers do not accept an exponent, as in 1E+2
    if isinstance(value, bool | numbers.Number):
        return str(value)
    if isinstance(value, datetime.date):
        return (value.date() if isinstance(value, datetime.datetime) else value).isoformat()
    if isinstance(value, os.PathLike):
        return str(Path(value))
    place = "/".join(map(str, keys)) or "数据"
    raise TypeError(f"{place}：{type(value).__name__} 不能作为报告的数据")
