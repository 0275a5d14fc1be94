"""Canonical data (``extract``, ``build --to json``), as JSON or YAML → what it holds, exactly.

Each number keeps the name of its cell, so that no label has to be recognised.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from reportgen.forms import OPENING_KEY
from reportgen.located import Mapping, Node, Scalar, parse_yaml
from reportgen.model import CellPath
from reportgen.published.found import FoundBlock, FoundCell, FoundFile, FoundParagraph, FoundTable
from reportgen.published.text import decode
from reportgen.source import SourceFile
from reportgen.text import Run

_TITLE, _NARRATIVE, _FINDINGS = "标题", "正文", "提示"
_MOST_PLACES = 400
"""Characters of a number; a longer one is none."""


def read_canonical(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the canonical data *data* holds; *path* names it in messages.

    Raises ValueError, worded for the user, when it is neither JSON nor YAML.
    """
    source = SourceFile(path, decode(data).replace("\r\n", "\n"))
    root, _ = parse_yaml(source)
    if not isinstance(root, Mapping):
        raise ValueError("不是 reportgen 导出的数据（JSON、YAML）")
    stated = {key.text: node.text for key, node in root.items if isinstance(node, Scalar)}
    title = root.get(_TITLE)
    blocks = [
        *_paragraph(title, is_text=False),
        *_tables(root),
        *_narrative(root.get(_NARRATIVE)),
    ]
    return FoundFile(source, tuple(blocks), stated=stated)


def _paragraph(node: Node | None, *, is_text: bool) -> Iterator[FoundBlock]:
    """Yield a paragraph for each line of the text *node*, a table for lines of cells."""
    if not isinstance(node, Scalar):
        return
    for is_table, lines in groupby(node.text.split("\n"), key=lambda line: "\t" in line):
        if is_table:
            rows = ([FoundCell(text, node.span) for text in line.split("\t")] for line in lines)
            yield FoundTable(tuple(map(tuple, rows)))
            continue
        for line in filter(str.strip, lines):
            run = Run(line, span=node.span)
            yield FoundParagraph((run,), node.span, not is_text, is_text=is_text)


def _narrative(node: Node | None) -> Iterator[FoundBlock]:
    if isinstance(node, Mapping):
        for title, text in node.items:
            if title.text != OPENING_KEY:
                yield from _paragraph(title, is_text=False)
            yield from _paragraph(text, is_text=True)


def _tables(root: Mapping) -> Iterator[FoundTable]:
    for key, node in root.items:
        if isinstance(node, Mapping) and key.text not in (_NARRATIVE, _FINDINGS):
            rows = tuple(_rows(node, (key.text,)))
            if rows:
                yield FoundTable(rows)


def _rows(node: Mapping, path: tuple[str, ...]) -> Iterator[tuple[FoundCell, ...]]:
    """Yield the rows of numbers below *node*, whose keys are *path*, each behind its label."""
    numbers = [
        FoundCell(value.text[:_MOST_PLACES], value.span, name=CellPath((*path, key.text)))
        for key, value in node.items
        if isinstance(value, Scalar)
    ]
    if numbers:
        yield (FoundCell(path[-1], node.span), *numbers)
    for key, value in node.items:
        if isinstance(value, Mapping):
            yield from _rows(value, (*path, key.text))
