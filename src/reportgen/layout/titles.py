"""Headings that one line cannot hold, broken where their meaning allows it.

A document says where a heading may be broken; whether it has to be is a question of the width
of its text.  The answer is a document again, so that every output breaks the title alike.
Lengths are points.
"""

from __future__ import annotations

from msgspec.structs import replace

from reportgen.document.nodes import Block, Document, Heading
from reportgen.fonts import FontSet
from reportgen.layout.runs import natural
from reportgen.layout.text import TOLERANCE, set_lines
from reportgen.styles import StyleSheet
from reportgen.text import LINE_FEED, Run

_UNBROKEN = 1e6


def break_titles(document: Document, fonts: FontSet) -> Document:
    """Return *document* with every heading too long for a line broken where it may be.

    GB/T 9704-2012 clause 7.3.1: a title of several lines is broken by meaning.
    """
    blocks = tuple(_broken(block, document.sheet, fonts) for block in document.blocks)
    return replace(document, blocks=blocks)


def _broken(block: Block, sheet: StyleSheet, fonts: FontSet) -> Block:
    if not (isinstance(block, Heading) and block.break_at):
        return block
    style = sheet[block.style]
    lines = set_lines(block.runs, natural(style), _UNBROKEN, fonts)
    if sum(line.width for line in lines) <= sheet.page.text_width + TOLERANCE:
        return block
    runs = _split(block.runs, block.break_at)
    return replace(block, runs=runs, break_at=0)


def _split(runs: tuple[Run, ...], place: int) -> tuple[Run, ...]:
    """Return *runs* with a line feed before the character at *place* of their text."""
    split: list[Run] = []
    start = 0
    for run in runs:
        end = start + len(run.text)
        if start <= place < end:
            head, tail = run.text[: place - start], run.text[place - start :]
            parts = [replace(run, text=head)] if head else []
            split += [*parts, Run(LINE_FEED), replace(run, text=tail)]
        else:
            split.append(run)
        start = end
    return tuple(split)
