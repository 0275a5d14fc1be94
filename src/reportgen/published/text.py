"""Plain text, Markdown, or what was copied from a page → tables and paragraphs.

A table is a run of lines whose cells are parted by tabs or bars; how many bars there are, and
whether lines begin and end with one, does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from reportgen.published.found import Finder, FoundFile, RawCell, RawRun

_BARS = str.maketrans("｜│┃∣", "||||")
_RULER = re.compile(r"[\s|:：—–─━=+-]*[-—–─━=][\s|:：—–─━=+-]*")
_HEADING = re.compile(r"(#{1,6})\s+(.+)")


def read_text(text: str, path: str) -> FoundFile:
    """Return the tables and paragraphs of *text*; *path* names it in messages."""
    finder = Finder(path)
    for is_table, lines in groupby(text.splitlines(), key=_is_row):
        if is_table:
            finder.table([[RawCell(cell) for cell in cells] for cells in _rows(list(lines))])
            continue
        for line in lines:
            heading = _HEADING.fullmatch(line.strip())
            level = len(heading[1]) if heading else 0
            finder.paragraph([RawRun(heading[2] if heading else line.strip())], level=level)
    return finder.finished()


def _is_row(line: str) -> bool:
    return "\t" in line.strip() or "|" in line.translate(_BARS)


def _rows(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines:
        if _RULER.fullmatch(line):
            continue
        folded = line.translate(_BARS)
        cells = folded.split("\t") if "\t" in line.strip() else folded.strip().split("|")
        if "\t" not in line.strip():
            cells = cells[
                folded.strip().startswith("|") : len(cells) - folded.strip().endswith("|")
            ]
        yield [cell.strip() for cell in cells]
