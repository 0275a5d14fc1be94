"""YAML of a known shape → typed values, with the place of everything that is wrong.

A shape is a msgspec Struct: its fields are the keys of a mapping, its annotations say what each
value is, and ``Meta`` bounds it (``ge``, ``le``, ``pattern``, ``min_length`` …), with a Chinese
``description`` of what a text must be.  What annotations cannot say, ``__post_init__`` says by
raising ValueError in Chinese.  The members of a union differ in kind: text, list, mapping, nothing.
A field of type :class:`~reportgen.source.Span` is no key: it receives the place of its mapping.

msgspec itself would stop at the first mistake, word it in English and not know its line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec.inspect as shape
from msgspec import Struct

from reportgen.located import Mapping, Node, Scalar, Sequence, plain_data
from reportgen.source import Span
from reportgen.text import most_similar

T = TypeVar("T", bound=Struct)

_WHOLE = re.compile(r"[-+]?\d{1,15}", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE_FILE = "这个文件"


class ShapeMistake(Struct, frozen=True):
    """What is wrong with one entry, and where it stands."""

    span: Span
    message: str


class ShapeError(Exception):
    """Data does not have the shape it should have; ``mistakes`` are all that was found."""

    def __init__(self, mistakes: tuple[ShapeMistake, ...]) -> None:
        super().__init__("；".join(f"{m.span.short_place}：{m.message}" for m in mistakes))
        self.mistakes = mistakes


class MisplacedError(ValueError):
    """What ``__post_init__`` raises about another entry of the mapping, which stands at *span*."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__(message)
        self.span = span


def read_shape(node: Node, kind: type[T]) -> T:
    """Return the data below *node* as the Struct *kind*; ShapeError tells every mistake in it."""
    reader = _ShapeReader()
    value = reader.value(node, _type_of(kind), ())
    if reader.mistakes:
        raise ShapeError(tuple(sorted(reader.mistakes, key=lambda item: item.span.start)))
    found: T = value
    return found


@cache
def _type_of(kind: Hashable) -> shape.Type:
    return shape.type_info(kind)


def _bare(wanted: shape.Type) -> tuple[shape.Type, str]:
    """Return the type without its description, and the description."""
    if isinstance(wanted, shape.Metadata):
        return wanted.type, str((wanted.extra_json_schema or {}).get("description", ""))
    return wanted, ""


class _Wrong:
    """Stands for a value that could not be read; its mistake is told already."""


_WRONG: Any = _Wrong()


class _ShapeReader:
    """Reads nodes as what types ask for; ``mistakes`` gather."""

    def __init__(self) -> None:
        self.mistakes: list[ShapeMistake] = []

    def wrong(self, node: Node, keys: tuple[str, ...], message: str) -> Any:
        """Tell that the entry *keys* lead to is wrong: *message* goes on behind its name."""
        self.mistakes.append(ShapeMistake(node.span, _about(keys, message)))
        return _WRONG

    def value(self, node: Node, wanted: shape.Type, keys: tuple[str, ...]) -> Any:
        """Return what *node*, which *keys* lead to, holds."""
        wanted, description = _bare(wanted)
        if isinstance(wanted, shape.UnionType):
            return self._one_of(node, wanted, keys)
        if isinstance(wanted, shape.AnyType):
            return plain_data(node)
        if isinstance(wanted, shape.StructType):
            return self._struct(node, wanted, keys)
        if isinstance(wanted, shape.DictType):
            return self._mapping(node, wanted, keys)
        if isinstance(wanted, shape.ListType | shape.VarTupleType):
            return self._list(node, wanted, keys)
        return self._scalar(node, wanted, description, keys)

    def _one_of(self, node: Node, wanted: shape.UnionType, keys: tuple[str, ...]) -> Any:
        """Return the value of the member of *wanted* that *node* looks like."""
        members = [member for member in wanted.types if _fits(node, _bare(member)[0])]
        if not members:
            return self.wrong(node, keys, f"应为{_words(wanted)}")
        return self.value(node, members[0], keys)

    def _list(
        self, node: Node, wanted: shape.ListType | shape.VarTupleType, keys: tuple[str, ...]
    ) -> Any:
        if not isinstance(node, Sequence):
            return self.wrong(node, keys, f"应为列表，如 [甲, 乙]{_typed(node)}")
        least, most = wanted.min_length or 0, wanted.max_length
        if len(node.items) < least or (most is not None and len(node.items) > most):
            return self.wrong(node, keys, f"应有{_count(least, most)}项")
        items = [
            self.value(item, wanted.item_type, (*keys, f"第 {number} 项"))
            for number, item in enumerate(node.items, 1)
        ]
        return tuple(items) if isinstance(wanted, shape.VarTupleType) else items

    def _mapping(self, node: Node, wanted: shape.DictType, keys: tuple[str, ...]) -> Any:
        found: dict[Any, Any] = {}
        for key, item in self._pairs(node, keys):
            name = self.value(key, wanted.key_type, (*keys, key.text))
            value = self.value(item, wanted.value_type, (*keys, key.text))
            found[name] = value
        return found

    def _pairs(self, node: Node, keys: tuple[str, ...]) -> Iterator[tuple[Scalar, Node]]:
        """Yield the pairs of a mapping; a key typed twice is a mistake."""
        if not isinstance(node, Mapping):
            self.wrong(node, keys, f"应写成“键: 值”的形式{_typed(node)}")
            return
        seen: set[str] = set()
        for key, item in node.items:
            if key.text in seen:
                self.wrong(key, (*keys, key.text), "写了两次")
            seen.add(key.text)
            yield key, item

    def _struct(self, node: Node, wanted: shape.StructType, keys: tuple[str, ...]) -> Any:
        before = len(self.mistakes)
        fields = {f.encode_name: f for f in wanted.fields if not _is_place(f)}
        values: dict[str, Any] = {f.name: node.span for f in wanted.fields if _is_place(f)}
        typed = {}
        for key, item in self._pairs(node, keys):
            field = fields.get(key.text)
            if field is None:
                near = most_similar(key.text, fields)
                hint = f"，是否应为 {near}？" if near else f"；可用：{'、'.join(fields)}"
                self.wrong(key, keys, f"没有 {key.text} 这一项{hint}")
            elif field.required or not _is_blank(item):  # a key without a value says nothing
                typed[key.text] = item
        for name, field in fields.items():
            if name in typed:
                values[field.name] = self.value(typed[name], field.type, (*keys, name))
            elif field.required:
                self.wrong(node, keys, f"缺少 {name}")
        if len(self.mistakes) > before:
            return _WRONG
        try:
            return wanted.cls(**values)
        except MisplacedError as error:
            self.mistakes.append(ShapeMistake(error.span, str(error)))
        except ValueError as error:
            self.wrong(node, keys, str(error))
        return _WRONG

    def _scalar(
        self, node: Node, wanted: shape.Type, description: str, keys: tuple[str, ...]
    ) -> Any:
        if not isinstance(node, Scalar):
            return self.wrong(node, keys, f"应为{description or _words(wanted)}")
        try:
            return _READERS[type(wanted)](node, wanted)
        except ValueError as error:
            expected = str(error) or description or _words(wanted)
            return self.wrong(node, keys, f"应为{expected}{_typed(node)}")


def _about(keys: tuple[str, ...], message: str) -> str:
    """Return *message* behind the name of the entry that *keys* lead to."""
    return f"{'/'.join(keys)} {message}" if keys else f"{_WHOLE_FILE}{message}"


def _typed(node: Node) -> str:
    """Return what was typed instead, shortened."""
    if not isinstance(node, Scalar):
        return ""
    text = node.text if len(node.text) <= 40 else f"{node.text[:39]}…"
    return f"，写的是“{text}”" if text else "，这里是空的"


def _is_place(field: shape.Field) -> bool:
    return isinstance(field.type, shape.StructType) and field.type.cls is Span


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and not (node.text or node.quoted)


def _fits(node: Node, wanted: shape.Type) -> bool:
    """Return whether *node* looks like what *wanted* describes."""
    if isinstance(wanted, shape.NoneType):
        return _is_blank(node)
    if isinstance(wanted, shape.StructType | shape.DictType):
        return isinstance(node, Mapping)
    if isinstance(wanted, shape.ListType | shape.VarTupleType):
        return isinstance(node, Sequence)
    return isinstance(node, Scalar)


def _read_text(node: Scalar, wanted: Any) -> str:
    least, most = wanted.min_length or 0, wanted.max_length
    if len(node.text) < least or (most is not None and len(node.text) > most):
        raise ValueError("" if least == 1 and most is None else f"{_count(least, most)}个字")
    if wanted.pattern and not re.search(wanted.pattern, node.text):
        raise ValueError
    return node.text


def _read_whole(node: Scalar, wanted: Any) -> int:
    if not _WHOLE.fullmatch(node.text):
        raise ValueError
    return _within(int(node.text), wanted)


def _read_number(node: Scalar, wanted: Any) -> float:
    if not _NUMBER.fullmatch(node.text):
        raise ValueError
    return _within(float(node.text), wanted)


def _read_decimal(node: Scalar, _: Any) -> Decimal:
    if not _NUMBER.fullmatch(node.text):
        raise ValueError
    return Decimal(node.text)


N = TypeVar("N", int, float)


def _within(number: N, wanted: Any) -> N:
    least = -math.inf if wanted.ge is None else wanted.ge
    most = math.inf if wanted.le is None else wanted.le
    if not least <= number <= most or (wanted.gt is not None and number <= wanted.gt):
        raise ValueError
    return number


def _read_truth(node: Scalar, _: Any) -> bool:
    if node.text not in _TRUTHS or node.quoted:
        raise ValueError
    return _TRUTHS[node.text]


def _read_word(node: Scalar, wanted: Any) -> Any:
    try:
        return wanted.cls(node.text)
    except ValueError:
        raise ValueError(_words(wanted)) from None


def _read_literal(node: Scalar, wanted: Any) -> Any:
    if node.text not in wanted.values:
        raise ValueError
    return node.text


def _read_custom(node: Scalar, wanted: Any) -> Any:
    return wanted.cls.read(node.text)


def _read_nothing(_: Scalar, __: Any) -> None:
    return None


_READERS: dict[type, Callable[[Scalar, Any], Any]] = {
    shape.StrType: _read_text,
    shape.IntType: _read_whole,
    shape.FloatType: _read_number,
    shape.DecimalType: _read_decimal,
    shape.BoolType: _read_truth,
    shape.EnumType: _read_word,
    shape.LiteralType: _read_literal,
    shape.CustomType: _read_custom,
    shape.NoneType: _read_nothing,
}


def _words(wanted: shape.Type) -> str:
    """Return in Chinese what a value of the type *wanted* is."""
    wanted, description = _bare(wanted)
    if description:
        return description
    if isinstance(wanted, shape.UnionType):
        members = (m for m in wanted.types if not isinstance(m, shape.NoneType))
        return "或".join(dict.fromkeys(map(_words, members)))
    if isinstance(wanted, shape.IntType | shape.FloatType):
        name = "整数" if isinstance(wanted, shape.IntType) else "数"
        least = wanted.gt if wanted.ge is None else wanted.ge
        return f"{_bounds(least, wanted.le)}{'的' if least is not None else ''}{name}"
    if isinstance(wanted, shape.EnumType | shape.LiteralType):
        words = wanted.values if isinstance(wanted, shape.LiteralType) else list(wanted.cls)
        return f" {'、'.join(str(getattr(word, 'value', word)) for word in words)} 之一"
    return _NAMES.get(type(wanted), "一个值")


_NAMES: dict[type, str] = {
    shape.StrType: "文字",
    shape.BoolType: " true 或 false",
    shape.DecimalType: "数",
    shape.StructType: "“键: 值”的形式",
    shape.DictType: "“键: 值”的形式",
    shape.ListType: "列表",
    shape.VarTupleType: "列表",
}


def _count(least: int, most: int | None) -> str:
    return f"至少 {least} " if most is None else f" {least} 到 {most} "


def _bounds(least: float | None, most: float | None) -> str:
    """Return the bounds of a number in words; empty when there are none."""
    if least is None:
        return ""
    return f"不小于 {least:g} " if most is None else f" {least:g} 到 {most:g} "
