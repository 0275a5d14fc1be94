"""The numbers that Word puts before paragraphs by itself (ECMA-376-1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from reportgen.forms import chinese_numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    (
        "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting",
        "japaneseDigitalTenThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
    )
)  # fmt: skip
_BULLET = "•"
_LEVEL = re.compile(r"%([1-9])")
_MOST_STYLES = 20
"""Styles that one paragraph may inherit from, one from the other."""


class _Level(Struct, frozen=True):
    """A level of a list: kind of number, the text around the numbers, the first number."""

    kind: str
    text: str
    start: int


class _WordList(Struct):
    levels: Mapping[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a document, which must be asked about in their order.

    *root* is the part with the lists, None when there is none; *styles* the element of styles.
    """

    def __init__(self, root: Any, styles: Any) -> None:
        self._lists = dict(_lists(root)) if root is not None else {}
        self._styles = {
            style.get(W + "styleId"): style for style in styles.iterchildren(W + "style")
        }

    def label(self, paragraph: Any) -> str:
        """Return what Word prints before *paragraph*: ``（一）``, ``•``, mostly nothing."""
        number, depth = self._place(paragraph)
        numbered = self._lists.get(number)
        level = numbered.levels.get(depth) if numbered else None
        if numbered is None or level is None or level.kind == "none":
            return ""
        if level.kind == "bullet":
            return _BULLET
        counts = numbered.counts
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return _LEVEL.sub(lambda found: _number(numbered, int(found[1]) - 1), level.text)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return the list and level of *paragraph*, from its style when it names none."""
        number = depth = ""
        for properties in self._properties(paragraph):
            found = properties.find(W + "numPr")
            if found is not None:
                number = number or _value(found.find(W + "numId"))
                depth = depth or _value(found.find(W + "ilvl"))
            if number:
                break
        return number, _whole(depth, 0)

    def _properties(self, paragraph: Any) -> Iterator[Any]:
        """Yield the properties of *paragraph*, then those of the styles it inherits from."""
        own = paragraph.find(W + "pPr")
        if own is None:
            return
        yield own
        name = _value(own.find(W + "pStyle"))
        for _ in range(_MOST_STYLES):
            style = self._styles.get(name)
            if style is None:
                return
            if (properties := style.find(W + "pPr")) is not None:
                yield properties
            name = _value(style.find(W + "basedOn"))


def _lists(root: Any) -> Iterator[tuple[str, _WordList]]:
    abstract = {
        item.get(W + "abstractNumId"): {
            int(level.get(W + "ilvl", "0")): _Level(
                _value(level.find(W + "numFmt")) or "decimal",
                _value(level.find(W + "lvlText")),
                _whole(_value(level.find(W + "start")), 1),
            )
            for level in item.iterchildren(W + "lvl")
        }
        for item in root.iterchildren(W + "abstractNum")
    }
    made = {number: _WordList(levels) for number, levels in abstract.items()}
    for item in root.iterchildren(W + "num"):
        if found := made.get(_value(item.find(W + "abstractNumId"))):
            yield item.get(W + "numId"), found


def _number(numbered: _WordList, depth: int) -> str:
    level = numbered.levels.get(depth)
    if level is None:
        return ""
    number = numbered.counts.get(depth, level.start)
    if level.kind in _CHINESE and 0 < number < 10_000:
        return chinese_numeral(number)
    return str(number)


def _value(element: Any) -> str:
    return element.get(W + "val", "") if element is not None else ""


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else otherwise
