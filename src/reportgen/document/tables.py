"""Tables of the form with the report's numbers, and the author's own tables."""

from __future__ import annotations

from reportgen.document.nodes import Cell, Table
from reportgen.forms import GridCell, TableGrid, is_number_with_unit, show_quantity
from reportgen.model import NarrativeTable, Report
from reportgen.source import Span
from reportgen.styles import Align, CellRole
from reportgen.text import Run, display_width, plain_text

MIN_COLUMN_WEIGHT = 6
MAX_COLUMN_WEIGHT = 40
SHORT_HEAD = 8
"""Heads up to this long (four 字) ask for one line, longer ones for two."""
_ALIGNED_STYLES = {Align.LEFT: "cell_text_left", Align.RIGHT: "cell_text_right"}


def compose_table(grid: TableGrid, report: Report) -> Table:
    """Return *grid* filled with the numbers of *report*; an absent number leaves its cell empty."""
    return Table(
        title=grid.title,
        widths=grid.widths,
        header_rows=grid.header_rows,
        rows=tuple(tuple(_cell(cell, report) for cell in row) for row in grid.rows),
        name=grid.key,
        landscape=grid.landscape,
    )


def _cell(cell: GridCell, report: Report) -> Cell:
    text, span, is_number = cell.label, None, False
    if cell.role == CellRole.VALUE:
        quantity = report.cells.get(cell.path)
        text = show_quantity(quantity, cell.type) if quantity else ""
        span = quantity.span if quantity else None
        is_number = quantity is not None and not quantity.invalid
    return Cell(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        role=cell.role,
        style=cell.style,
        runs=(Run(text, span=span if isinstance(span, Span) else None),) if text else (),
        name=cell.path,
        span=span,
        is_number=is_number,
    )


def compose_plain_table(table: NarrativeTable) -> Table:
    """Return an author's table; columns share the width by the length of their longest text."""
    columns = len(table.aligns)
    rows = [table.head, *table.rows]
    weights = [_weight(column, rows) for column in range(columns)]
    return Table(
        title=plain_text(tuple(run for cell in table.head for run in cell)),
        widths=tuple(weight / sum(weights) for weight in weights),
        header_rows=1,
        rows=tuple(_plain_row(table, index, row) for index, row in enumerate(rows)),
        landscape=table.landscape,
    )


def _weight(column: int, rows: list[tuple[tuple[Run, ...], ...]]) -> int:
    """Return the room a column asks for: its cells and a short head for one line each."""
    head, *body = (display_width(plain_text(row[column])) for row in rows)
    longest = max([head // 2, min(head, SHORT_HEAD), *body])
    return min(max(longest + 2, MIN_COLUMN_WEIGHT), MAX_COLUMN_WEIGHT)


def _plain_row(
    table: NarrativeTable, index: int, row: tuple[tuple[Run, ...], ...]
) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            row=index,
            column=column,
            row_span=1,
            column_span=1,
            role=CellRole.HEADER if index == 0 else CellRole.VALUE,
            style="cell_text" if index == 0 else _ALIGNED_STYLES.get(align, "cell_text"),
            runs=runs,
            is_number=index > 0 and is_number_with_unit(plain_text(runs)),
        )
        for column, (runs, align) in enumerate(zip(row, table.aligns, strict=True))
    )
