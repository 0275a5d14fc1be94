"""Placing set lines on a page, and breaking long titles.

The height of a line is ``line_pitch``.  The em box of its text (0.88 em above the base line,
0.12 em below) is centred between the upper and the lower edge of the line.  All lengths are
points, y downwards.

A title too long for one line is broken before the layout: the document states where it may be
broken, and :func:`break_titles` decides by its width whether it is.  The result is a document
again, so that all outputs break the title at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from reportgen.document.nodes import Block, Document, Heading
from reportgen.fonts import CENTRE, FontSet
from reportgen.layout.items import Node, TextRun
from reportgen.layout.text import TOLERANCE, Fragment, Line, set_lines
from reportgen.styles import Align, Style, StyleSheet
from reportgen.text import LINE_FEED, Run

ASCENT = CENTRE + 0.5
"""The height of the em box above the base line, in em."""
BOLD_STROKE = 0.03
"""The line width, in em, with which outlines are stroked to imitate a bold face."""
ITALIC_SHEAR = 0.2
"""The horizontal shear that imitates an italic face."""


def baseline_of(top: float, style: Style) -> float:
    """Return the y of the base line of a line in *style* whose upper edge is at *top*."""
    return top + (style.line_pitch - style.size) / 2 + ASCENT * style.size


def natural(style: Style) -> Style:
    """Return *style* left-aligned and without indents, to measure a text or to place it freely."""
    return replace(style, align=Align.LEFT, first_line=0.0, indent=0.0, right_indent=0.0)


def scaled(style: Style, size: float) -> Style:
    """Return *style* at *size* points, with the advance in proportion and the same line pitch."""
    return replace(style, size=size, pitch=style.pitch * size / style.size)


def place_line(
    line: Line, style: Style, left: float, top: float, node: Node | None, artifact: str = ""
) -> Iterator[TextRun]:
    """Yield the text of *line* with its upper left corner at (*left*, *top*).

    *artifact* is the kind of a text without a node (header, footer).
    """
    base = baseline_of(top, style)
    part = "text" if node is not None else ""
    for fragment in line.fragments:
        yield place_fragment(fragment, style, left, base, node, part, artifact)


def place_fragment(
    fragment: Fragment,
    style: Style,
    left: float,
    base: float,
    node: Node | None,
    part: str = "text",
    artifact: str = "",
) -> TextRun:
    """Return *fragment* on the base line *base*, in a column whose left edge is *left*."""
    run = fragment.run
    return TextRun(
        x=left + fragment.x,
        y=base - fragment.rise,
        face=fragment.face,
        size=fragment.size,
        text=fragment.text,
        offsets=fragment.offsets,
        width=fragment.width,
        node=node,
        part=part,
        colour=style.colour,
        link=run.link,
        shear=ITALIC_SHEAR if run.italic else 0.0,
        stroke=BOLD_STROKE * fragment.size if run.bold or style.bold else 0.0,
        artifact=artifact,
    )


_UNBROKEN = 1e6  # a width that no line exceeds


def break_titles(document: Document, fonts: FontSet) -> Document:
    """Return *document* with every heading too long for one line broken at its ``break_at``.

    GB/T 9704-2012 clause 7.3.1 requires a title of several lines to be broken by meaning.
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
    """Return *runs* with a line feed before the character at offset *place* of their text."""
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
