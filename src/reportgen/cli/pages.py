"""Help pages: Chinese headings, and alignment and line breaks by terminal cells.

click measures text in characters, but a Chinese character takes two cells of a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from reportgen.text import display_width

MAX_COLUMNS = 100
"""The largest width of help pages, in terminal cells."""

_OPENING, _CLOSING = "（“《", "，。、：；？！）”》…"
# The best places for a line break, and the strings that are never divided.
_CLAUSE = rf"(?<=[，。；：])(?![{_CLOSING}])|(?<![{_OPENING}])(?=（)"
_UNIT = rf"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]* *"


class HelpPage(click.HelpFormatter):
    """A formatter of help pages; only the methods that our commands use are overridden."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how *prog* is called with *args*."""
        self.write(f"{prefix or '用法：'}{prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        """Write the *heading* of a section."""
        self.write(f"{'':{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Write each line of *text*, wrapped to the width of the page."""
        for line in text.splitlines():
            self._write_beside(" " * self.current_indent, line)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write *rows* of terms and texts in two columns; *col_max* is ignored."""
        rows = list(rows)
        left = max(display_width(term) for term, _ in rows)
        for term, text in rows:
            gap = " " * (left - display_width(term) + col_spacing)
            self._write_beside(f"{'':{self.current_indent}}{term}{gap}", text)

    def _write_beside(self, left: str, text: str) -> None:
        """Write *left* with *text* to its right, wrapped to the width of the page."""
        indent = display_width(left)
        for number, line in enumerate(_lines(text, self.width - indent)):
            self.write(f"{' ' * indent if number else left}{line}".rstrip() + "\n")


def _lines(text: str, width: int) -> list[str]:
    """Return *text* wrapped to lines of *width* cells, if possible between clauses."""

    def go_on_with(part: str) -> None:
        if lines[-1] and display_width((lines[-1] + part).rstrip()) > width:
            lines.append("")

    lines = [""]
    for clause in re.split(_CLAUSE, text):
        go_on_with(clause)
        for unit in re.findall(_UNIT, clause):
            go_on_with(unit)
            lines[-1] += unit
    return lines
