"""CFF tables for the PDF, written from the outlines that HarfBuzz draws.

A composite font of a PDF selects its glyphs by CID (ISO 32000-1, 9.7.4.2).  The subset of a font
file keeps the structure of the file: glyphs known by name, or several private dictionaries, each
with a nominal width of its own.  Not every program that reads PDFs finds the glyphs and widths of
those.  The table written here has one private dictionary, and CIDs that are the glyph indices.

References are to Adobe Technical Notes 5176 (CFF) and 5177 (Type 2 charstrings).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, TypeAlias

_HEADER = bytes((1, 0, 4, 4))  # 5176, 6: version 1.0, four bytes long, offsets of four bytes
_ADOBE, _IDENTITY = 391, 392  # the first string identifiers that are not predefined
_FONT_MATRIX, _ROS, _CID_COUNT, _FD_ARRAY, _FD_SELECT = (12 << 8 | n for n in (7, 30, 34, 36, 37))
_FONT_BBOX, _CHARSET, _CHAR_STRINGS, _PRIVATE = 5, 15, 17, 18
_DEFAULT_WIDTH, _NOMINAL_WIDTH = 20, 21
_MOVE, _LINE, _CURVE, _END = 21, 5, 8, 14  # 5177, 4.1 and 4.3
_NIBBLES = "0123456789."  # 5176, table 5


def cff_table(face: Any, glyphs: Sequence[int], name: str, box: Iterable[int]) -> bytes:
    """Return a CFF table with *glyphs* of the ``uharfbuzz.Face`` *face*, in this order.

    The first of *glyphs* is .notdef.  *name* is the PostScript name of the font, *box* its bounding
    box in font units.
    """
    charset = struct.pack(">BHH", 2, 1, len(glyphs) - 2) if len(glyphs) > 1 else b"\0"
    fd_select = struct.pack(">BHHBH", 3, 1, 0, 0, len(glyphs))
    private = _entry(_DEFAULT_WIDTH, 0) + _entry(_NOMINAL_WIDTH, 0)
    scale = _real(1 / face.upem)
    matrix = scale + _numbers(0, 0) + scale + _numbers(0, 0) + _operator(_FONT_MATRIX)
    described = _entry(_ROS, _ADOBE, _IDENTITY, 0) + matrix + _entry(_FONT_BBOX, *box)
    described += _entry(_CID_COUNT, len(glyphs))
    names, strings = _index([name.encode("ascii")]), _index([b"Adobe", b"Identity"])

    # The offsets in the dictionaries have a fixed length, so that of what follows is known.
    def top(offsets: Sequence[int]) -> bytes:
        operators = (_CHARSET, _FD_SELECT, _CHAR_STRINGS, _FD_ARRAY)
        pairs = zip(operators, offsets, strict=True)
        found = b"".join(_offset(offset) + _operator(operator) for operator, offset in pairs)
        return _HEADER + names + _index([described + found]) + strings + _index([])

    def fonts(offset: int) -> bytes:
        return _index([_numbers(len(private)) + _offset(offset) + _operator(_PRIVATE)])

    parts = [charset, fd_select, _index(charstrings(face, glyphs)), fonts(0)]
    *offsets, end = accumulate(map(len, parts), initial=len(top([0] * len(parts))))
    return top(offsets) + b"".join(parts[:-1]) + fonts(end) + private


def charstrings(face: Any, glyphs: Iterable[int]) -> list[bytes]:
    """Return the outlines of *glyphs* as Type 2 charstrings, each of which begins with its width.

    Coordinates are rounded to whole font units, of which those of CFF outlines consist.
    """
    import uharfbuzz as hb

    font = hb.Font(face)
    found = []
    for glyph in glyphs:
        pen = _Pen(font.get_glyph_h_advance(glyph))
        font.draw_glyph_with_pen(glyph, pen)
        found.append(pen.charstring())
    return found


_Point: TypeAlias = tuple[float, float]


class _Pen:
    """Takes down an outline as a charstring; HarfBuzz calls it like a pen of fontTools."""

    def __init__(self, width: int) -> None:
        # The width precedes the operands of the first operator (5177, 4.1).
        self._drawn = [_numbers(width)]
        self._at = (0, 0)

    def charstring(self) -> bytes:
        """Return what was drawn."""
        return b"".join(self._drawn) + bytes((_END,))

    def moveTo(self, point: _Point) -> None:  # noqa: N802
        """Begin a contour; the one before is closed by that (5177, 4.1)."""
        self._draw(_MOVE, point)

    def lineTo(self, point: _Point) -> None:  # noqa: N802
        """Draw a straight line."""
        self._draw(_LINE, point)

    def curveTo(self, *points: _Point) -> None:  # noqa: N802
        """Draw a cubic curve."""
        self._draw(_CURVE, *points)

    def qCurveTo(self, control: _Point, point: _Point) -> None:  # noqa: N802
        """Draw a quadratic curve as the equal cubic one."""
        first, second = (
            tuple((end + 2 * middle) / 3 for end, middle in zip(one, control, strict=True))
            for one in (self._at, point)
        )
        self._draw(_CURVE, first, second, point)

    def closePath(self) -> None:  # noqa: N802
        """Do nothing: the next contour, or the end of the glyph, closes this one."""

    def _draw(self, operator: int, *points: tuple[float, ...]) -> None:
        for point in points:
            x, y = map(round, point)
            self._drawn.append(_numbers(x - self._at[0], y - self._at[1]))
            self._at = (x, y)
        self._drawn.append(bytes((operator,)))


def _index(items: Sequence[bytes]) -> bytes:
    """Return *items* as an INDEX (5176, 5)."""
    if not items:
        return bytes(2)
    starts = accumulate(map(len, items), initial=1)
    return struct.pack(f">HB{len(items) + 1}I", len(items), 4, *starts) + b"".join(items)


def _entry(operator: int, *operands: int) -> bytes:
    """Return an entry of a dictionary (5176, 4)."""
    return _numbers(*operands) + _operator(operator)


def _operator(operator: int) -> bytes:
    """Return *operator*, in two bytes if it is escaped (5176, 4)."""
    return operator.to_bytes(1 + (operator > 255), "big")


def _numbers(*values: int) -> bytes:
    """Return whole numbers in the shortest form that dictionaries and charstrings share."""
    return b"".join(
        bytes((value + 139,)) if abs(value) <= 107 else struct.pack(">Bh", 28, value)
        for value in values
    )


def _offset(value: int) -> bytes:
    """Return an offset as an operand of five bytes (5176, table 3)."""
    return struct.pack(">Bi", 29, value)


def _real(value: float) -> bytes:
    """Return a positive real number (5176, table 5)."""
    nibbles = [_NIBBLES.index(char) for char in f"{value:.12f}".rstrip("0")] + [15]
    nibbles += [15] * (len(nibbles) % 2)
    pairs = zip(nibbles[::2], nibbles[1::2], strict=True)
    return bytes((30, *(high << 4 | low for high, low in pairs)))
