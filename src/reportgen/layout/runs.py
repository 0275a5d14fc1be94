"""From set lines to positioned text: the step every kind of block shares.

A line of height ``line_pitch`` holds its text's em box (0.88 em above the base
line, 0.12 em below) centred between its upper and lower edge.  All lengths
are points, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from reportgen.fonts import CENTRE
from reportgen.layout.items import Node, TextRun
from reportgen.layout.text import Fragment, Line
from reportgen.styles import Align, Style

ASCENT = CENTRE + 0.5
"""The head of the em box above the base line, in em."""
BOLD_STROKE = 0.03
ITALIC_SHEAR = 0.2


def baseline_of(top: float, style: Style) -> float:
    """Return the base line of a line in *style* whose upper edge is at *top*."""
    return top + (style.line_pitch - style.size) / 2 + ASCENT * style.size


def natural(style: Style) -> Style:
    """Return *style* set flush left without indents, to measure a text or place it by hand."""
    return replace(style, align=Align.LEFT, first_line=0.0, indent=0.0, right_indent=0.0)


def scaled(style: Style, size: float) -> Style:
    """Return *style* at *size* points, its advance in proportion and its line pitch kept."""
    return replace(style, size=size, pitch=style.pitch * size / style.size)


def place_line(
    line: Line, style: Style, left: float, top: float, node: Node | None, artifact: str = ""
) -> Iterator[TextRun]:
    """Yield the text of *line*, its upper left corner at (*left*, *top*).

    ``artifact`` names what a text without a node is (header, footer).
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
    """Return *fragment* on the base line *base* of a column that begins at *left*."""
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
