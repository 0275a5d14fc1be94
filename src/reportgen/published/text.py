"""Plain text, Markdown, or what was copied from a page → tables, paragraphs and pictures.

A table is a run of lines whose cells are parted by tabs or bars; how many bars there are, and
whether lines begin and end with one, does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from reportgen.published.decoding import decode
from reportgen.published.found import (
    MAX_CELLS,
    Finder,
    FoundFile,
    RawCell,
    RawParagraph,
    RawPicture,
    RawRun,
    RawTable,
    TooMuchError,
)
from reportgen.published.page_pictures import find_picture

MAX_LINES = 100_000
_MOST_BARS = 3
"""Tabs and bars for each cell: those of merged cells are written, too."""
_LONGEST_MARKED = 5_000
"""Lines longer than that are no Markdown."""
_BARS = str.maketrans("｜│┃∣￨", "|||||")
_RULER = re.compile(r"[|｜:：\s-]+")
"""The line below the heads of a table of Markdown."""
_FRAME = re.compile(r"[├┼┤┌┐└┘┬┴+][─━═=+├┼┤┌┐└┘┬┴ -]*")
"""A line of a table drawn with characters."""
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_BULLET = re.compile(r"[-*+•·●][ \t]+(\S.*)")
_PICTURE = re.compile(r"!\[([^\]]{0,500})\]\(([^)\s]{1,500})[^)]{0,500}\)(?:\{[^}]{0,200}\})?")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def read_text(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return the tables and paragraphs of the text *data*; *path* names it in messages.

    Pictures that Markdown names are taken from *folder* and below, nowhere else.
    Raises TooMuchError.
    """
    text = decode(data)
    bars = text.translate(_BARS).count("|") + text.count("\t")
    if bars > _MOST_BARS * MAX_CELLS or text.count("\n") > MAX_LINES:
        raise TooMuchError
    finder = Finder(path)
    for is_table, lines in groupby(text.splitlines(), key=_is_row):
        if is_table:
            cells = [[RawCell(text) for text in row] for row in _rows(list(lines))]
            finder.add(RawTable([row for row in cells if row]))
            continue
        for line in lines:
            _line(line.strip(), finder, folder)
    return finder.finished()


def _line(line: str, finder: Finder, folder: Path | None) -> None:
    if picture := _PICTURE.fullmatch(line):
        if found := find_picture(picture[2], folder):
            finder.add(RawPicture(found[0], picture[1].strip(), found[1]))
    elif heading := _HEADING.fullmatch(line):
        finder.add(RawParagraph(_runs(heading[2]), len(heading[1])))
    elif bullet := _BULLET.fullmatch(line):
        finder.add(RawParagraph(_runs(bullet[1]), marker="•"))
    else:
        finder.add(RawParagraph(_runs(line)))


def _runs(line: str) -> list[RawRun]:
    """Return *line* as runs, the strong emphasis of Markdown as bold."""
    runs, end = [], 0
    for strong in _STRONG.finditer(line) if len(line) < _LONGEST_MARKED else ():
        runs += [RawRun(line[end : strong.start()]), RawRun(strong[2], bold=True)]
        end = strong.end()
    return [*runs, RawRun(line[end:])]


def _is_row(line: str) -> bool:
    folded = line.translate(_BARS)
    return "\t" in line.strip() or "|" in folded or _FRAME.fullmatch(line.strip()) is not None


def _rows(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines:
        if _FRAME.fullmatch(line.strip()) or (_RULER.fullmatch(line) and "-" in line):
            continue
        if "\t" in line.strip():
            yield [cell.strip() for cell in line.split("\t")]
            continue
        folded = line.translate(_BARS).strip()
        cells = folded.split("|")
        cells = cells[folded.startswith("|") : len(cells) - folded.endswith("|")]
        yield [cell.strip() for cell in cells]
