"""What a well-set line is, written down from the standards, not from the program.

CLREQ (W3C, *Requirements for Chinese Text Layout*): "Prohibition rules for line start and line
end", "Prohibition rules for unbreakable marks", "Punctuation width adjustment".  GB/T
15834-2011, clause 5.1, says the same of print in mainland China: 5.1.1 to 5.1.3 no stop and no
second half of a pair at a line's start, no first half at its end; 5.1.4 and 5.1.5 no break
within —— and ……; 5.1.6 and 5.1.7 no hyphen and no middle dot at a line's start.  The house is
stricter: no — … ％ ‰ ℃ at a line's start, and numbers, document numbers and words whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import uharfbuzz

from reportgen.fonts.faces import FontSet
from reportgen.layout.text.lines import Line
from tests.corpus.prose import Pieces

# Pairs whose halves fill the inner half of a full-width cell, and the stops that fill its left.
PAIRS = "（）《》〈〉【】〔〕「」『』“”‘’［］｛｝"
FIRST_HALVES, SECOND_HALVES = PAIRS[::2], PAIRS[1::2]
STOPS = "、，。．：；！"  # set at the left of their cells, the right half blank
NOT_AT_START = STOPS + SECOND_HALVES + "？…—～·％‰℃),.;:!?%]}"
NOT_AT_END = FIRST_HALVES + "￥№([{"
SECOND_BLANK = STOPS + SECOND_HALVES
ADDRESS_BREAKS = "/.-_?&"

MOST_WIDENED = 0.5  # 字
FLUSH = 0.2  # points; the issue's own tolerance
_EPSILON = 0.02


@dataclass(frozen=True)
class Text:
    """A paragraph: its text, and where the standards let a line begin."""

    text: str
    openings: frozenset[int]
    runs: frozenset[int]  # places within a run that no line may break

    @classmethod
    def of(cls, pieces: Pieces) -> Text:
        """Return the text of *pieces* with the places of its lawful breaks."""
        text = "".join(piece.text for piece in pieces)
        runs: set[int] = set()
        place = 0
        for piece in pieces:
            inner = range(place + 1, place + len(piece.text))
            if piece.kind == "whole":
                runs.update(inner)
            elif piece.kind == "address":
                runs.update(k for k in inner if not _may_break_address(text, k))
            place += len(piece.text)
        lawful = {k for k in range(1, len(text)) if _may_break_marks(text, k)} - runs
        return cls(text, frozenset(lawful | {0, len(text)}), frozenset(runs))


def _may_break_address(text: str, place: int) -> bool:
    return text[place - 1] in ADDRESS_BREAKS and text[place] not in ADDRESS_BREAKS


def _may_break_marks(text: str, place: int) -> bool:
    return text[place] not in NOT_AT_START and text[place - 1] not in NOT_AT_END


@dataclass(frozen=True)
class Set:
    """One character on its line: where its cell and its ink lie."""

    char: str
    x: float
    end: float
    ink: tuple[float, float]


class Ruler:
    """The widths and ink of characters, read off the font files by HarfBuzz."""

    def __init__(self, fonts: FontSet, size: float, pitch: float) -> None:
        self._fonts, self._size, self._tracking = fonts, size, pitch - size
        self._open: dict[Path, tuple[Any, float]] = {}
        self._known: dict[tuple[str, str], tuple[float, float, float]] = {}

    def place(self, face: str, char: str, x: float) -> Set:
        """Return *char* with its origin at *x*."""
        key = face, char
        if key not in self._known:
            self._known[key] = self._measure(face, char)
        advance, ink_left, ink_right = self._known[key]
        return Set(char, x, x + advance, (x + ink_left, x + ink_right))

    def _measure(self, face: str, char: str) -> tuple[float, float, float]:
        """Return what *char* takes of the line, tracking included, and the edges of its ink."""
        font, scale = self._font(self._fonts.face(face).path)
        glyph = font.get_nominal_glyph(ord(char)) or 0
        advance = font.get_glyph_h_advance(glyph) * scale + self._tracking
        extents = font.get_glyph_extents(glyph)
        left = extents.x_bearing * scale
        return advance, left, left + extents.width * scale

    def _font(self, path: Path) -> tuple[Any, float]:
        if path not in self._open:
            face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
            self._open[path] = uharfbuzz.Font(face), self._size / face.upem
        return self._open[path]


def characters(line: Line, ruler: Ruler) -> list[Set]:
    """Return the characters of *line*, from left to right."""
    return [
        ruler.place(fragment.face, char, fragment.x + offset)
        for fragment in line.fragments
        for char, offset in zip(fragment.text, fragment.offsets, strict=True)
    ]


@dataclass(frozen=True)
class Column:
    """The room of the lines: left edge of the first, of the others, right edge of all."""

    first: float
    rest: float
    right: float
    pitch: float

    def left(self, number: int) -> float:
        """Return the left edge of line *number*, from 0."""
        return self.rest if number else self.first


def faults(text: Text, lines: Sequence[Line], column: Column, ruler: Ruler) -> Iterator[str]:
    """Yield what is wrong with *text* set as *lines*; nothing if it is set well."""
    shown = "".join(line.text for line in lines)
    if shown != text.text:
        yield f"text lost: {shown!r}"
        return
    rows = [characters(line, ruler) for line in lines]
    starts = list(accumulate((len(row) for row in rows), initial=0))
    yield from _break_faults(text, rows, starts[1:-1], column)
    for number, (row, start) in enumerate(zip(rows, starts, strict=False)):
        is_last = number == len(rows) - 1
        gaps = 0 if is_last else _gaps_to_widen(text, start, start + len(row))
        for fault in _edge_faults(row, column.left(number), column, gaps):
            yield f"line {number + 1} {lines[number].text!r}: {fault}"


def _break_faults(
    text: Text, rows: Sequence[Sequence[Set]], breaks: Sequence[int], column: Column
) -> Iterator[str]:
    """Yield the unlawful *breaks*, unless the line is too narrow for any other."""
    widths = [one.end - one.x for row in rows for one in row]
    for place in breaks:
        if place in text.openings:
            continue
        start = max(k for k in text.openings if k < place)
        stop = min(k for k in text.openings if k > place)
        room = column.right - column.left(start)
        if _squeezed_width(text.text, widths, start, stop, column.pitch) > room + _EPSILON:
            continue
        what = "run broken" if place in text.runs else "forbidden break"
        yield f"{what}: {text.text[start:place]}|{text.text[place:stop]}"


def _squeezed_width(
    text: str, widths: Sequence[float], start: int, stop: int, pitch: float
) -> float:
    """Return the width of a stretch with its marks that meet squeezed to 1.5 字, no more."""
    met = sum(_meet(*pair) for pair in pairwise(text[start:stop]))
    return sum(widths[start:stop]) - met * pitch / 2


def _meet(left: str, right: str) -> bool:
    if left in SECOND_BLANK:
        return right in SECOND_BLANK + FIRST_HALVES
    return left in FIRST_HALVES and right in FIRST_HALVES


def _edge_faults(row: Sequence[Set], left: float, column: Column, gaps: int) -> Iterator[str]:
    """Yield where *row* misses its edges: by the cells of its characters, by the ink of its marks.

    A line may be short if each of its *gaps* would be widened by more than half a 字.  An opening
    mark at the start, or a stop at the end, may reach past the edge with its blank half, never with
    its ink.
    """
    first, last = row[0], row[-1]
    before = column.pitch / 2 if first.char in FIRST_HALVES else 0.0
    after = column.pitch / 2 if last.char in SECOND_BLANK else 0.0
    at_left, at_right = first.x - left, last.end - column.right
    if not -before - FLUSH <= at_left <= FLUSH:
        yield f"starts {at_left:+.2f} pt from the left edge"
    if at_right > after + FLUSH:
        yield f"ends {at_right:+.2f} pt past the right edge"
    if FLUSH - gaps * MOST_WIDENED * column.pitch < at_right < -FLUSH:
        yield f"ends {at_right:+.2f} pt short of the right edge"
    for one in row:
        is_mark = one.char in PAIRS + STOPS
        if is_mark and (one.ink[0] < left - FLUSH or one.ink[1] > column.right + FLUSH):
            yield f"the ink of {one.char} leaves the type area: {one.ink}"
    for one, other in pairwise(row):
        if other.x < one.x:
            yield f"{other.char} stands before {one.char}"


def _gaps_to_widen(text: Text, start: int, end: int) -> int:
    """Return how often two Han characters stand side by side, where the line can be widened."""
    return sum(
        _is_han(text.text[place - 1]) and _is_han(text.text[place])
        for place in range(start + 1, end)
        if place not in text.runs
    )


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
