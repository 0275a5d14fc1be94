"""What who signs a report is shown: the numbers nothing could check, and last year's beside this.

Text comes out; nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.forms import Number, plain_number, rounded
from reportgen.text import display_width

if TYPE_CHECKING:
    from reportgen.checks import ComparedCell
    from reportgen.model import CellPath, Report

_MOST_ROWS = 6
_NOTHING = "—"
_UNCHECKED = "※"
_GAP = "  "


def unchecked_line(cells: Sequence[CellPath]) -> str:
    """Return how many numbers nothing could check and where they are; empty without any."""
    if not cells:
        return ""
    tables: dict[str, list[CellPath]] = {}
    for cell in cells:
        tables.setdefault(cell.table, []).append(cell)
    parts = [f"{table} {len(found)} 个（{_rows(found)}）" for table, found in tables.items()]
    return f"有 {len(cells)} 个数没有别的数可以核对，请逐个看一遍：{'、'.join(parts)}。"


def _rows(cells: Iterable[CellPath]) -> str:
    """Return the names of the rows that *cells* stand in, the first few of them."""
    rows = list(dict.fromkeys(cell.row.column for cell in cells))
    return "、".join(rows[:_MOST_ROWS]) + ("等" if len(rows) > _MOST_ROWS else "")


def comparison_table(
    cells: Sequence[ComparedCell], report: Report, unchecked: Sequence[CellPath]
) -> str:
    """Return the totals of *report* beside last year's as a table for the terminal.

    A row without a total is shown cell by cell; ``※`` marks what nothing could check, a total
    too when that is so of a part.
    """
    rows_with_totals = {item.cell.row for item in cells if item.label == item.cell.row.within_table}
    previous = report.previous
    years = (f"{report.year}年", f"{previous.year}年") if previous else ("本年", "上年")
    doubtful = {cell.row if cell.row in rows_with_totals else cell for cell in unchecked}
    rows = [("", *years, "增减", "增减率")]
    table = ""
    for item in cells:
        if item.label and item.cell.table != table:
            table = item.cell.table
            rows.append((table, "", "", "", ""))
        if item.label:
            mark = _UNCHECKED if doubtful.intersection((item.cell, item.cell.row)) else ""
            rows.append((f"{_GAP}{item.label}{mark}", *_shown(item)))
    lines = aligned(rows)
    if any(_UNCHECKED in row[0] for row in rows):
        lines.append(f"（{_UNCHECKED}：没有别的数可以核对）")
    return "\n".join(lines)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table: the first of each of *rows* to the left, numbers to the right.

    All rows have as many columns.
    """
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [_line(row, widths) for row in rows]


def _shown(item: ComparedCell) -> tuple[str, str, str, str]:
    return plain_text(item.value), plain_text(item.last_year), *changes(item.change, item.rate)


def changes(change: Number | None, rate: Decimal | None) -> tuple[str, str]:
    """Return a change and its *rate* in per cent as a table has them, with their signs."""
    return _signed(change), _signed(None if rate is None else rounded(rate, 2), "%")


def plain_text(number: Number | None) -> str:
    """Return *number* as a table has it."""
    return _NOTHING if number is None else plain_number(number)


def _signed(number: Number | None, unit: str = "") -> str:
    """Return *number* with its sign, a plus too."""
    if number is None:
        return _NOTHING
    return f"{'+' if number > 0 else ''}{plain_number(number)}{unit}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return *row* in columns: the name to the left, numbers to the right."""
    name = row[0] + " " * (widths[0] - display_width(row[0]))
    numbers = (
        " " * (width - display_width(text)) + text
        for text, width in zip(row[1:], widths[1:], strict=True)
    )
    return _GAP.join((name, *numbers)).rstrip()


def comparison_object(
    cells: Iterable[ComparedCell], report: Report, unchecked: Sequence[CellPath]
) -> dict[str, object]:
    """Return every number of *report* beside last year's, for ``--format json``."""
    return {
        "year": report.year,
        "last_year": report.previous.year if report.previous else None,
        "cells": [
            {
                "cell": str(item.cell),
                "value": item.value,
                "last_year": item.last_year,
                "change": item.change,
                "rate": None if item.rate is None else float(rounded(item.rate, 2)),
                "checked": item.cell not in unchecked,
            }
            for item in cells
        ],
    }
