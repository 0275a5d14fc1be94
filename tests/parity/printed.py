"""What a PDF shows, read off its glyphs: lines of text and cells of tables, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

LINE_DISTANCE = 5.0
"""Base lines nearer than this, in points, are one line: the size and face of digits vary."""
BODY_SIZE = 15.0
"""Text at least this large is title, heading or body; tables and captions are smaller."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of a table on one page: its left edge, its text without white space."""

    page: int
    left: int
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF's contents: ``lines`` of body text with their pages, and ``cells``."""

    pages: int
    lines: tuple[tuple[int, str], ...]
    cells: tuple[Shown, ...]


def read_pdf(path: Path) -> Printed:
    """Return what *path* shows."""
    lines: list[tuple[int, str]] = []
    cells: list[Shown] = []
    with pdfplumber.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            chars = [char for char in page.chars if char["text"].strip()]
            body = [char for char in chars if char["size"] > BODY_SIZE]
            lines.extend((number, text) for text in text_lines(body))
            cells.extend(_cells(page, number, chars))
        return Printed(len(pdf.pages), tuple(lines), tuple(cells))


def text_lines(chars: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the text of *chars* line by line from the head of the page."""
    line: list[dict[str, Any]] = []
    for char in sorted(chars, key=_base):
        if line and _base(char) - _base(line[0]) > LINE_DISTANCE:
            yield _join(line)
            line = []
        line.append(char)
    if line:
        yield _join(line)


def _base(char: dict[str, Any]) -> float:
    """Return the height of the base line, downwards."""
    return -float(char["matrix"][5])


def _join(line: Sequence[dict[str, Any]]) -> str:
    return "".join(char["text"].strip() for char in sorted(line, key=lambda char: char["x0"]))


def _cells(page: Any, number: int, chars: Sequence[dict[str, Any]]) -> Iterator[Shown]:
    """Yield the cells of the ruled tables of *page*, tables and rows downwards."""
    for table in page.find_tables({"snap_tolerance": 2, "join_tolerance": 2}):
        for left, top, right, bottom in sorted(table.cells, key=lambda c: (round(c[1]), c[0])):
            inside = [
                char
                for char in chars
                if left < (char["x0"] + char["x1"]) / 2 < right
                and top < (char["top"] + char["bottom"]) / 2 < bottom
            ]
            yield Shown(number, round(left), "".join(text_lines(inside)))
