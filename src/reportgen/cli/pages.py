"""Help pages: Chinese headings, and columns and line breaks by the cells that text takes.

click measures text by its characters; a Chinese one takes two cells of a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from reportgen.text import display_width

MAX_COLUMNS = 100
"""Help pages are no wider than this many terminal cells."""

_OPENING, _CLOSING = "（“《", "，。、：；？！）”》…"
_CLAUSE = rf"(?<=[，。；：])(?![{_CLOSING}])|(?<![{_OPENING}])(?=（)"  # where a line breaks best
_UNIT = rf"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]* *"  # what stays on one line in any case


class HelpPage(click.HelpFormatter):
    """A help page under way; only what our commands write is overridden."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how *prog* is called with *args*."""
        self.write(f"{prefix or '用法：'}{prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        """Write the *heading* of a section."""
        self.write(f"{'':{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Write each line of *text*, on as many lines as the width asks for."""
        for line in text.splitlines():
            self._write_beside(" " * self.current_indent, line)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write *rows* as terms with their texts below each other; *col_max* does not count."""
        rows = list(rows)
        left = max(display_width(term) for term, _ in rows)
        for term, text in rows:
            gap = " " * (left - display_width(term) + col_spacing)
            self._write_beside(f"{'':{self.current_indent}}{term}{gap}", text)

    def _write_beside(self, left: str, text: str) -> None:
        """Write *left* with *text* to its right, on as many lines as it takes."""
        indent = display_width(left)
        for number, line in enumerate(_lines(text, self.width - indent)):
            self.write(f"{' ' * indent if number else left}{line}".rstrip() + "\n")


def _lines(text: str, width: int) -> list[str]:
    """Return *text* as lines of *width* cells, broken between clauses where it can be."""

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
