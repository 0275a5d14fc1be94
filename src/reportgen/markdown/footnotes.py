"""Footnotes of the narrative: ``[^1]`` in the text, ``[^1]: …`` on a line of its own.

The name is anything between the brackets.  The numbers follow the order of the marks, each of
which has a text of its own, as in word processors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import Finding, Label
from reportgen.markdown.blocks import BlockKind, MarkdownBlock
from reportgen.source import Span
from reportgen.text import MOST_FOOTNOTES

_DEFINITION = re.compile(r"^\[\^([^\[\]\s\\]{1,60})\][:：][ \t\u3000]*", re.MULTILINE)
_HOLDERS = (BlockKind.LIST, BlockKind.ITEM, BlockKind.QUOTE)


class Definition(Struct):
    """The text of a footnote as it was typed."""

    name: str
    place: tuple[int, int]
    """Where in the whole text its name begins and ends, brackets included."""
    text: MarkdownBlock


def take_definitions(
    blocks: Sequence[MarkdownBlock],
) -> tuple[list[MarkdownBlock], list[Definition]]:
    """Return *blocks* without the definitions of footnotes, and these, both in order."""
    kept: list[MarkdownBlock] = []
    taken: list[Definition] = []
    for block in blocks:
        if block.kind in _HOLDERS:
            children, inner = take_definitions(block.children)
            taken += inner
            kept += [replace(block, children=children)] if children or not inner else []
        elif block.kind == BlockKind.PARAGRAPH and (marks := _marks(block)):
            if before := block.text[: marks[0].start()].rstrip():
                kept.append(block.part(0, len(before)))
            taken += _definitions(block, marks)
        else:
            kept.append(block)
    return kept, taken


def _marks(block: MarkdownBlock) -> list[re.Match[str]]:
    return list(_DEFINITION.finditer(block.text)) if "[^" in block.text else []


def _definitions(block: MarkdownBlock, marks: Sequence[re.Match[str]]) -> Iterator[Definition]:
    """Yield the definitions in *block*, each from one of *marks* up to the next."""
    ends = [*(mark.start() for mark in marks[1:]), len(block.text)]
    for mark, end in zip(marks, ends, strict=True):
        begin = mark.end()
        stop = begin + len(block.text[begin:end].rstrip())
        first = block.offset(mark.start())
        yield Definition(
            mark[1], (first, first + len(mark[1]) + len("[^]")), block.part(begin, stop)
        )


class Footnotes(Struct):
    """The footnotes of one text: what is defined, and the marks met so far."""

    found: list[Finding] = field(default_factory=list)
    """What is wrong with them."""
    _defined: dict[str, tuple[Definition, Span]] = field(default_factory=dict)
    _marked: dict[str, Span] = field(default_factory=dict)
    """Where each footnote has its mark, in the order of their numbers, from 1."""
    _told: set[str] = field(default_factory=set)
    """The names of marks that stand where none can."""

    def define(self, item: Definition, place: Span) -> None:
        """Add the definition *item*, whose name stands at *place*."""
        if item.name in self._defined:
            self._tell("defined-twice", item.name, place, self._defined[item.name][1])
            return
        self._defined[item.name] = item, place
        if not item.text.text:
            self._tell("empty", item.name, place)

    def number(self, name: str, place: Span) -> int:
        """Return the number of the footnote that has its mark at *place*; 0 if there is none."""
        if name not in self._defined:
            self._tell("", name, place)
        elif name in self._marked:
            self._tell("twice", name, place, self._marked[name])
        elif len(self._marked) == MOST_FOOTNOTES:
            self._tell("many", name, place)
        else:
            self._marked[name] = place
            return len(self._marked)
        return 0

    def refuse(self, name: str, place: Span, wording: str) -> None:
        """Report a mark at *place*, where no footnote can have one."""
        self._told.add(name)
        self._tell(wording, name, place)

    def texts(self) -> Iterator[Definition]:
        """Yield the footnotes in the order of their numbers; one without a mark is reported."""
        for name, (_, place) in self._defined.items():
            if name not in self._marked and name not in self._told:
                self._tell("unused", name, place)
        for name in self._marked:
            yield self._defined[name][0]

    def _tell(self, wording: str, name: str, place: Span, first: Span | None = None) -> None:
        values = {"脚注": f"[^{name}]", "上限": MOST_FOOTNOTES}
        labels = (Label(first, "前一处"),) if first else ()
        self.found.append(Finding("footnote", place, values, wording=wording, labels=labels))
