"""Tables as the notices prescribe them and as organs published them, read from HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

from reportgen.forms.grid import normalise_key
from tests.builders import DATA


@dataclass(frozen=True)
class PublishedCell:
    """A cell of an HTML table at its place in the grid, 0-based."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


def plain(text: str) -> str:
    """Return *text* without blanks and with brackets and quotes of one width, number kept."""
    return normalise_key(f"0.{text}") if text else ""


def read_tables(path: Path) -> list[list[PublishedCell]]:
    """Return the cells of each table of the HTML file at *path*, in reading order."""
    root: Any = html.document_fromstring(path.read_text(encoding="utf-8"))
    return [list(_cells(table)) for table in root.iter("table")]


def _cells(table: Any) -> Iterator[PublishedCell]:
    """Yield the cells of *table*, each in the first free column of its row, as browsers do."""
    taken: set[tuple[int, int]] = set()
    for row, tr in enumerate(table.iter("tr")):
        column = 0
        for td in tr.iter("td", "th"):
            while (row, column) in taken:
                column += 1
            rows, columns = int(td.get("rowspan", 1)), int(td.get("colspan", 1))
            taken |= {(row + r, column + c) for r in range(rows) for c in range(columns)}
            yield PublishedCell(row, column, rows, columns, "".join(td.itertext()))


def notice(form: str) -> list[list[PublishedCell]]:
    """Return the three tables that the notice of *form* prescribes."""
    return read_tables(DATA / "notices" / f"{form}.html")


def pingtan(year: int) -> list[list[PublishedCell]]:
    """Return the three tables that 平潭综合实验区 published for *year*."""
    return read_tables(DATA / f"pingtan-{year}.tables.html")
