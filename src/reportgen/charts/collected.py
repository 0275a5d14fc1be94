"""The looks that all drawings share, and what reportlab draws collected as shapes and labels.

All lengths are points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from reportlab.graphics import shapes
from reportlab.lib.colors import Color

from reportgen.charts.drawing import Anchor, ChartLabel, Shape
from reportgen.writing_systems import shaped_stretches

TextWidth: TypeAlias = Callable[[str, float], float]
"""Returns the width of a text of a size."""
SIZE = 9.0
"""The size of the labels: 小五, the smallest that is printed."""
LEADING = 11.0
GAP = 4.0
RULE, HAIR, LINE = 0.6, 0.4, 1.2
INK, GRID, BLACK, PAPER = "1F3864", "C8C8C8", "000000", "FFFFFF"
SHADES = ("1F3864", "3D6CA6", "7FA3D1", "B9CDE8", "F0F4FA")
"""From dark to light, so that they differ in grey as well."""


def broken(name: str, room: float, text_width: TextWidth) -> str:
    """Return *name* in lines of about equal length, each of at most *room* points.

    Only a word whose letters join may be wider; it is never parted.
    """
    pieces = _pieces(name)
    room = max(room, *(text_width(piece, SIZE) for piece in pieces if len(piece) > 1), 0.0)
    for lines in range(1, len(name)):
        parts = _filled(pieces, math.ceil(len(name) / lines))
        if max(text_width(part, SIZE) for part in parts) <= room:
            return "\n".join(parts)
    return "\n".join(_filled(pieces, 1))


def _pieces(name: str) -> list[str]:
    """Return the characters of *name*, and whole the words that are shaped as one."""
    pieces: list[str] = []
    end = 0
    for start, stop in shaped_stretches(name):
        pieces += [*name[end:start], name[start:stop]]
        end = stop
    return [*pieces, *name[end:]]


def _filled(pieces: Sequence[str], size: int) -> list[str]:
    """Return *pieces* in lines of at most *size* characters, or of one piece."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1]) + len(piece) > size:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()] or [""]


Matrix: TypeAlias = tuple[float, ...]


def collected(nodes: Sequence[Any], height: float) -> tuple[list[Shape], list[ChartLabel]]:
    """Return what reportlab draws for *nodes* in a drawing of *height*."""
    found: list[Shape] = []
    labels: list[ChartLabel] = []
    for node in nodes:
        for shape, matrix in _leaves(node, (1, 0, 0, 1, 0, 0)):
            if isinstance(shape, shapes.String):
                labels += _label(shape, matrix, height)
            else:
                found += _shape(shape, matrix, height)
    return found, labels


def _leaves(node: Any, matrix: Matrix) -> Iterator[tuple[Any, Matrix]]:
    """Yield the shapes below *node*, each with the matrix that places it."""
    if isinstance(node, shapes.UserNode):
        node = node.provideNode()
    if isinstance(node, shapes.Group):
        inner = shapes.mmult(matrix, node.transform)
        for child in node.contents:
            yield from _leaves(child, inner)
    else:
        yield node, matrix


def _label(string: Any, matrix: Matrix, height: float) -> Iterator[ChartLabel]:
    x, y = shapes.transformPoint(matrix, (string.x, string.y))
    if string.text:
        anchor, colour = Anchor(string.textAnchor), _colour(string.fillColor)
        yield ChartLabel(near(x), near(height - y), string.text, string.fontSize, anchor, colour)


def _shape(shape: Any, matrix: Matrix, height: float) -> Iterator[Shape]:
    """Yield *shape* as a polygon or a line, unless nothing of it is seen."""
    points, closed = _outline(shape)
    placed = [shapes.transformPoint(matrix, point) for point in points]
    corners = tuple((near(x), near(height - y)) for x, y in placed)
    fill = _colour(getattr(shape, "fillColor", None)) if closed else ""
    stroke = _colour(shape.strokeColor) if shape.strokeWidth else ""
    if len(corners) > 1 and (fill or stroke):
        yield Shape(corners, closed, fill, stroke, shape.strokeWidth if stroke else 0.0)


def _outline(shape: Any) -> tuple[list[tuple[float, float]], bool]:
    """Return the corners of *shape*, and whether it is closed."""
    if isinstance(shape, shapes.Rect):
        right, top = shape.x + shape.width, shape.y + shape.height
        return [(shape.x, shape.y), (right, shape.y), (right, top), (shape.x, top)], True
    if isinstance(shape, shapes.Line):
        return [(shape.x1, shape.y1), (shape.x2, shape.y2)], False
    if isinstance(shape, shapes.Circle):
        return _round(shape.cx, shape.cy, shape.r, 48), True
    if isinstance(shape, shapes.Ellipse):  # a pie of one slice; its radii are equal
        return _round(shape.cx, shape.cy, shape.rx, 360), True
    if isinstance(shape, shapes.Wedge):
        shape = shape.asPolygon()
    points = list(shape.points)
    return list(zip(points[::2], points[1::2], strict=True)), isinstance(shape, shapes.Polygon)


def _round(x: float, y: float, radius: float, sides: int) -> list[tuple[float, float]]:
    turns = (math.tau * step / sides for step in range(sides))
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


def near(length: float) -> float:
    """Return *length* rounded, so that the same chart gives the same bytes everywhere."""
    return round(length, 3) + 0.0


@lru_cache(maxsize=64)
def _hex(red: float, green: float, blue: float) -> str:
    return "".join(f"{round(part * 255):02X}" for part in (red, green, blue))


def _colour(colour: Color | None) -> str:
    return _hex(colour.red, colour.green, colour.blue) if colour is not None else ""
