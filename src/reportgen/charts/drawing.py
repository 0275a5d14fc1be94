"""A drawing: straight lines, filled shapes and labels.

Lengths are points; the origin is the upper left corner, y downwards.
"""

from __future__ import annotations

from msgspec import Struct

from reportgen.text import Word


class Shape(Struct, frozen=True):
    """A polygon or a line through points; pies are polygons of one degree a side."""

    points: tuple[tuple[float, float], ...]
    closed: bool = True
    fill: str = ""
    """The colour RRGGBB; empty for none."""
    stroke: str = ""
    """The colour RRGGBB; empty for none."""
    width: float = 0.0
    """The width of the stroke."""


class Anchor(Word):
    """Which point of a label is at its place; the words are those of SVG and reportlab."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class ChartLabel(Struct, frozen=True):
    """One line of text on the base line ``y``."""

    x: float
    y: float
    text: str
    size: float
    anchor: Anchor = Anchor.START
    colour: str = "000000"


class Drawing(Struct, frozen=True):
    """Shapes in painting order, and the labels upon them."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    labels: tuple[ChartLabel, ...]
