"""The outlines of glyphs as polygons, for pictures of text that was shaped.

Curves become short straight lines.  Lengths are in em, y upwards.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Contours: TypeAlias = tuple[tuple[Point, ...], ...]
"""Closed polygons; those inside others turn the other way where they are holes."""

_STEPS = 8
"""The straight lines of one curve: of a letter of 小五 at 600 pixels per inch, each about a pixel
long."""


@lru_cache(maxsize=1024)
def glyph_contours(font: Any, glyph: int) -> Contours:
    """Return the outline of the *glyph* of the ``uharfbuzz.Font`` *font*."""
    contours: list[list[Point]] = []
    font.draw_glyph(glyph, _draw_funcs(), contours)
    upem = font.face.upem
    return tuple(
        tuple((x / upem, y / upem) for x, y in contour) for contour in contours if len(contour) > 2
    )


@lru_cache(maxsize=1)
def _draw_funcs() -> Any:
    """Return the ``uharfbuzz.DrawFuncs`` that collect contours in a list."""
    import uharfbuzz as hb

    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(_move_to)
    funcs.set_line_to_func(_line_to)
    funcs.set_quadratic_to_func(_quadratic_to)
    funcs.set_cubic_to_func(_cubic_to)
    return funcs


def _move_to(x: float, y: float, contours: list[list[Point]]) -> None:
    contours.append([(x, y)])


def _line_to(x: float, y: float, contours: list[list[Point]]) -> None:
    contours[-1].append((x, y))


def _quadratic_to(x1: float, y1: float, x: float, y: float, contours: list[list[Point]]) -> None:
    x0, y0 = contours[-1][-1]

    def at(t: float) -> Point:
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        return a * x0 + b * x1 + c * x, a * y0 + b * y1 + c * y

    _add_curve(contours[-1], at)


def _cubic_to(
    x1: float, y1: float, x2: float, y2: float, x: float, y: float, contours: list[list[Point]]
) -> None:
    x0, y0 = contours[-1][-1]

    def at(t: float) -> Point:
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        return a * x0 + b * x1 + c * x2 + d * x, a * y0 + b * y1 + c * y2 + d * y

    _add_curve(contours[-1], at)


def _add_curve(contour: list[Point], at: Callable[[float], Point]) -> None:
    """Append the points of a curve to *contour*; *at* returns the point at a time from 0 to 1."""
    contour.extend(at(step / _STEPS) for step in range(1, _STEPS + 1))
