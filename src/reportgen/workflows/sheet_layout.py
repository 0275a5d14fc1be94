"""A grid on a sheet: where its cells stand, and how wide and high columns and rows must be."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from reportgen.source import column_letters
from reportgen.styles import StyleSheet
from reportgen.template.grid import GridCell, TableGrid
from reportgen.widths import display_width

FIRST_ROW = 2
"""The sheet row of the grid's first row: the title stands above."""
TITLE_HEIGHT = 32.0
SCALE = 1.2
"""How much larger the table is on the screen than in the document; printing fits it to the page."""
POINTS_PER_CHARACTER = 7 * 72 / 96  # a column's width is measured in digits of 7 pixels


class SheetLayout(Struct, frozen=True):
    """The place and the size of *grid* on its sheet, rows and columns counted from 1."""

    grid: TableGrid
    first_row: int
    column_widths: tuple[float, ...]
    row_heights: tuple[float, ...]

    def position(self, cell: GridCell) -> tuple[int, int]:
        """Return the row and column of the sheet in which *cell* starts."""
        return self.first_row + cell.row, cell.column + 1

    def name(self, cell: GridCell) -> str:
        """Return *cell* as a formula names it, ``F12``."""
        row, column = self.position(cell)
        return f"{column_letters(column)}{row}"

    def ranges(self, cells: Sequence[GridCell]) -> list[str]:
        """Return *cells* as few ranges: neighbours in a row or a column together."""
        blocks: list[list[tuple[int, int]]] = []
        for place in sorted(map(self.position, cells)):
            if blocks and _continues(blocks[-1], place):
                blocks[-1].append(place)
            else:
                blocks.append([place])
        return [_range(block) for block in _stacked(blocks)]


def lay_out_sheet(grid: TableGrid, sheet: StyleSheet) -> SheetLayout:
    """Return how *grid* stands on a sheet, every label readable with the type of *sheet*."""
    width = sheet.page.text_width * SCALE
    columns = [share * width for share in grid.widths]
    heights = [sheet.table.min_row_height] * len(grid.rows)
    for cell in sorted(grid.cells(), key=lambda cell: cell.row_span):
        rows = range(cell.row, cell.row + cell.row_span)
        room = sum(columns[cell.column : cell.column + cell.column_span])
        missing = _height(cell, room, sheet) - sum(heights[row] for row in rows)
        if missing > 0:
            for row in rows:
                heights[row] += missing / len(rows)
    return SheetLayout(
        grid,
        FIRST_ROW,
        tuple(round(width / POINTS_PER_CHARACTER, 2) for width in columns),
        (TITLE_HEIGHT, *(round(height, 1) for height in heights)),
    )


def _height(cell: GridCell, room: float, sheet: StyleSheet) -> float:
    style = sheet.styles[cell.style]
    inner = max(style.size, room - 2 * sheet.table.padding_x)
    per_line = max(1, int(inner / style.size))  # full-width characters
    lines = math.ceil(display_width(cell.label) / 2 / per_line)
    return max(1, lines) * style.line_pitch + 2 * sheet.table.padding_y


def _continues(block: list[tuple[int, int]], place: tuple[int, int]) -> bool:
    """Return whether *place* goes on with the row, or the column, that *block* is."""
    (row, column), (last_row, last_column) = block[0], block[-1]
    if place == (last_row, last_column + 1):
        return row == last_row
    return place == (last_row + 1, last_column) and column == last_column


def _stacked(blocks: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Return *blocks* with those of equal columns in successive rows put together."""
    merged: list[list[tuple[int, int]]] = []
    for block in blocks:
        above = merged[-1] if merged else None
        same = above is not None and (above[0][1], above[-1][1]) == (block[0][1], block[-1][1])
        if above is not None and same and block[0][0] == above[-1][0] + 1:
            above.extend(block)
        else:
            merged.append(list(block))
    return merged


def _range(block: list[tuple[int, int]]) -> str:
    (row, column), (last_row, last_column) = block[0], block[-1]
    first, last = f"{column_letters(column)}{row}", f"{column_letters(last_column)}{last_row}"
    return first if first == last else f"{first}:{last}"
