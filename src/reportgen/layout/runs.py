"""Placing set lines on a page.

The height of a line is ``line_pitch``.  The em box of its text (0.88 em above the base line,
0.12 em below) is centred between the upper and the lower edge of the line.  All lengths are
points, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from reportgen.fonts import CENTRE
from reportgen.layout.items import Node, TextRun
from reportgen.layout.text import Fragment, Line
from reportgen.styles import Align, Style

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
        language=fragment.language,
        glyphs=fragment.glyphs,
    )
