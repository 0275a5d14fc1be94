"""The workbook to be filled in (数据.xlsx): the official tables, with totals as formulas.

Equal input gives equal bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from reportgen.forms import (
    Form,
    GridCell,
    Identity,
    Sum,
    TableGrid,
    ValueKind,
    complete_cells,
    plain_number,
)
from reportgen.heading_numbers import number_label
from reportgen.model import CellPath, Quantity
from reportgen.source import column_letters
from reportgen.spreadsheets import NOTES_SHEET
from reportgen.styles import Align, CellRole, Style, StyleSheet
from reportgen.text import display_width
from reportgen.writers.workbooks import workbook_bytes

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

NOTES_WIDTH = 64
_BROKEN, _LOCKED, _HEADER = "FFC7CE", "EFEFEF", "EAF1FB"
_SIGNED = "+0;-0;0"
_A4 = 9
_INCH = 72.0
_MARGIN = 20 / 25.4


def fill_workbook(form: Form, cells: Mapping[CellPath, Quantity]) -> bytes:
    """Return the workbook of *form* with *cells* filled in.

    A total is a formula, unless *cells* gives it another number than its parts
    add up to; its result is there for programs that work nothing out, unless a part cannot be
    read.  A cell that is not in *cells* is left blank.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    formulas = _formulas(form, cells)
    results: dict[int, Mapping[str, str]] = {}
    for position, section in enumerate(form.sections, 1):
        if section.table:
            number = number_label(1, position)
            sheet = book.create_sheet(f"表{number.rstrip('、')}")
            layout = lay_out_sheet(form.tables[section.table], form.sheet)
            _FormSheet(sheet, form, layout, number + section.title).write(cells, set(formulas))
            results[len(book.worksheets)] = {
                layout.name(cell): plain_number(result.amount)
                for cell in layout.grid.value_cells()
                if (result := formulas.get(cell.path)) and not result.invalid
            }
    _write_notes(book.create_sheet(NOTES_SHEET), form)
    return workbook_bytes(book, form.subject, results)


def _formulas(form: Form, cells: Mapping[CellPath, Quantity]) -> dict[CellPath, Quantity | None]:
    """Return the totals that can be formulas: absent from *cells*, or what their parts say.

    Each has the number it comes to, None when a part is blank.
    """
    formulas = set(form.totals)
    while True:
        typed = {name: q for name, q in cells.items() if name not in formulas}
        computed = complete_cells(form, typed, zero_missing=False)
        wrong = {n for n in formulas if n in cells and computed.get(n) != cells[n]}
        if not wrong:
            return {name: computed.get(name) for name in form.totals if name in formulas}
        formulas -= wrong


class _FormSheet:
    """Writes the sheet of one table: the title of the section, and the grid below it."""

    def __init__(self, sheet: Worksheet, form: Form, layout: SheetLayout, title: str) -> None:
        self._sheet = sheet
        self._form = form
        self._layout = layout
        self._grid = layout.grid
        self._title = title
        self._at = {cell.path: layout.name(cell) for cell in self._grid.value_cells()}

    def write(self, cells: Mapping[CellPath, Quantity], formulas: set[CellPath]) -> None:
        """Write the whole sheet; *formulas* are the totals to be written as formulas."""
        self._size()
        self._write_title()
        for cell in self._grid.cells():
            self._write_cell(cell, cells.get(cell.path), cell.path in formulas)
        self._validate()
        self._mark_broken()
        self._set_up()

    def _size(self) -> None:
        from openpyxl.utils import get_column_letter

        for column, width in enumerate(self._layout.column_widths, 1):
            self._sheet.column_dimensions[get_column_letter(column)].width = width
        for row, height in enumerate(self._layout.row_heights, 1):
            self._sheet.row_dimensions[row].height = height

    def _write_title(self) -> None:
        cell = self._sheet.cell(1, 1, self._title)
        self._style(cell, self._form.sheet.styles["heading1"], size=14)
        self._sheet.merge_cells(
            start_row=1, end_row=1, start_column=1, end_column=self._grid.column_count
        )

    def _style(self, cell: Any, style: Style, size: float | None = None) -> None:
        from openpyxl.styles import Alignment, Font

        cell.font = Font(name=style.face, size=size or style.size, bold=style.bold)
        left = style.align in (Align.LEFT, Align.JUSTIFY) and size is None
        cell.alignment = Alignment("left" if left else "center", "center", wrap_text=True)

    def _write_cell(self, cell: GridCell, quantity: Quantity | None, is_formula: bool) -> None:
        from openpyxl.styles import Border, PatternFill, Protection, Side

        row, column = self._layout.position(cell)
        target = self._sheet.cell(row, column)
        # Look: totals and heads are shaded, everything is bordered.
        self._style(target, self._form.sheet.styles[cell.style])
        side = Side(style="thin")
        target.border = Border(side, side, side, side)
        is_total = cell.path in self._form.totals
        fill = _LOCKED if is_total else self._form.sheet.table.shades.get(cell.role)
        if fill := fill or (_HEADER if cell.role == CellRole.HEADER else None):
            target.fill = PatternFill("solid", start_color=fill)
        # Content: only input cells are unlocked.
        # Content: only input cells are unlocked.
        if cell.role != CellRole.VALUE:
            target.value = cell.label
        elif is_formula:
            target.value = f"={self._sum(self._form.totals[cell.path].identity.right)}"
        elif quantity:
            target.value = _typed_value(quantity)
        if cell.role == CellRole.VALUE:
            target.number_format = _number_format(cell, quantity)
            target.protection = Protection(locked=is_total)
        if cell.row_span * cell.column_span > 1:
            last_row, last_column = row + cell.row_span - 1, column + cell.column_span - 1
            self._sheet.merge_cells(
                start_row=row, end_row=last_row, start_column=column, end_column=last_column
            )

    def _sum(self, side: Sum) -> str:
        """Return *side* as a formula: the ``SUM`` of added terms minus that of subtracted ones."""
        text = ""
        for sign, operator in ((1, "+"), (-1, "-")):
            names = [term.cell for term in side.terms if term.sign == sign]
            if names:
                text += f"{operator}SUM({','.join(self._ranges(names))})"
        return (text + (f"{side.constant:+d}" if side.constant else "")).removeprefix("+") or "0"

    def _ranges(self, names: list[CellPath]) -> list[str]:
        return self._layout.ranges([self._form.value_cells[name] for name in names])

    def _validate(self) -> None:
        """Add data validation, so that each input cell accepts only valid numbers of its type."""
        from openpyxl.worksheet.datavalidation import DataValidation

        inputs = [cell for cell in self._grid.value_cells() if cell.path not in self._form.totals]
        for value_type in dict.fromkeys(cell.type for cell in inputs):
            rule, lowest, words = _VALIDATION[value_type.kind]
            unit = f"，单位为{value_type.unit}" if value_type.unit else ""
            cells = [cell for cell in inputs if cell.type == value_type]
            self._sheet.add_data_validation(
                DataValidation(
                    type=rule,
                    operator="greaterThanOrEqual",
                    formula1=lowest,
                    allow_blank=True,
                    showErrorMessage=True,
                    errorTitle="不能这样填",
                    error=f"{words}{unit}；没有发生的填 0。",
                    showInputMessage=value_type.kind != ValueKind.COUNT,
                    prompt=words + unit if value_type.kind != ValueKind.COUNT else None,
                    sqref=" ".join(self._layout.ranges(cells)),
                )
            )

    def _mark_broken(self) -> None:
        """Add conditional formats that show the cells of an identity in red if it is violated."""
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles import PatternFill
        from openpyxl.styles.differential import DifferentialStyle

        red = DifferentialStyle(fill=PatternFill(bgColor=_BROKEN))
        for bound in self._form.identities:
            identity = bound.identity
            if all(name in self._at for name in identity.cells):
                total = identity.left.terms[0].cell
                names = [total] if bound.rule.fills else list(identity.cells)
                where = " ".join(self._at[name] for name in names)
                rule = Rule("expression", dxf=red, formula=[self._condition(identity)])
                self._sheet.conditional_formatting.add(where, rule)

    def _condition(self, identity: Identity) -> str:
        left, right = self._sum(identity.left), self._sum(identity.right)
        return f"NOT({_absolute(left)}{identity.relation}{_absolute(right)})"

    def _set_up(self) -> None:
        """Freeze the header rows, protect all cells except input cells, and set up the page."""
        sheet, grid = self._sheet, self._grid
        stub = min((cell.column for cell in grid.value_cells()), default=0)
        top = self._layout.first_row + grid.header_rows
        sheet.freeze_panes = sheet.cell(top, stub + 1).coordinate
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False  # not protected
        sheet.print_title_rows = f"1:{top - 1}"
        last = sheet.cell(len(self._layout.row_heights), grid.column_count).coordinate
        sheet.print_area = f"A1:{last}"
        _set_up_page(sheet)


# For each kind of number: the type in Excel, the lowest value, and the message to the user.
_VALIDATION: dict[ValueKind, tuple[Literal["whole", "decimal"], str, str]] = {
    ValueKind.COUNT: ("whole", "0", "填 0 或正整数"),
    ValueKind.CHANGE: ("whole", "-999999999999", "填整数，增加为正，减少为负"),
    ValueKind.MONEY: ("decimal", "0", "填 0 或正数，可以有小数"),
}


def _typed_value(quantity: Quantity) -> int | float | str:
    """Return the cell value for *quantity*; one that could not be read is kept as typed."""
    if quantity.number is None:
        return quantity.text.strip() if quantity.invalid else "/"
    whole = int(quantity.number)
    return whole if whole == quantity.number else float(quantity.number)


def _number_format(cell: GridCell, quantity: Quantity | None) -> str:
    if cell.type.kind == ValueKind.CHANGE:
        shown_as_typed = quantity and quantity.amount and not quantity.signed
        return "0" if shown_as_typed else _SIGNED
    if cell.type.kind == ValueKind.MONEY:
        unit = f'"{cell.type.unit}"' if cell.type.unit_in_cell and cell.type.unit else ""
        return f"{_money_format(quantity)}{unit}"
    return "0"


def _money_format(quantity: Quantity | None) -> str:
    """Return the number format that shows as many trailing zeros as were typed."""
    shown = plain_number(quantity.amount) if quantity else ""
    _, point, fraction = shown.partition(".")
    return f"0.{'0' * len(fraction)}" if point and fraction.endswith("0") else "General"


def _absolute(text: str) -> str:
    """Return the formula *text* with absolute references, for use in a conditional format."""
    return re.sub(r"\b([A-Z]+)(\d+)\b", r"$\1$\2", text)


def _set_up_page(sheet: Worksheet) -> None:
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.page_margins = PageMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    sheet.print_options.horizontalCentered = True


def _write_notes(sheet: Worksheet, form: Form) -> None:
    """Write the sheet with the instructions and the list of identities."""
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = NOTES_WIDTH
    for row, text in enumerate(_notes(form), 1):
        cell = sheet.cell(row, 1, text)
        cell.font = Font(name="黑体" if row == 1 else "宋体", size=14 if row == 1 else 11)
        cell.alignment = Alignment("left", "center", wrap_text=True)
        sheet.row_dimensions[row].height = 24 if row == 1 else _notes_height(text)
    sheet.protection.sheet = True
    _set_up_page(sheet)


def _notes_height(text: str) -> float:
    return 18.0 * math.ceil(1.1 * display_width(text) / NOTES_WIDTH)


def _notes(form: Form) -> Iterator[str]:
    yield f"{form.subject}数据表 {NOTES_SHEET}"
    yield f"依据：{form.basis}（{form.years}）。"
    yield "1. 在白色的格里填数，没有发生的填 0；灰色的格是合计，由公式计算，不用填。"
    yield "2. 数量填整数；金额填数字，单位按表头或格里所印，不另写单位。"
    yield "3. 表头、各行名称和行、列次序不要改动；工作表已保护（没有密码），以免误改。"
    yield "4. 有的格变红，是勾稽关系不平，请核对。"
    yield "5. 填好后保存并关闭，运行 reportgen check 核对、reportgen build 生成报告。"
    yield "勾稽关系："
    yield from dict.fromkeys(f"　{bound.rule.title}" for bound in form.identities)


FIRST_ROW = 2
"""The row of the sheet in which the grid begins, below the title."""
TITLE_HEIGHT = 32.0
SCALE = 1.2
"""The scale of the table on the sheet relative to the document; printing fits it to the page."""
POINTS_PER_CHARACTER = 7 * 72 / 96  # the unit of column widths is a digit of 7 pixels


class SheetLayout(Struct, frozen=True):
    """The position and the size of a grid on its sheet; rows and columns are counted from 1."""

    grid: TableGrid
    first_row: int
    """The row of the sheet in which the grid begins."""
    column_widths: tuple[float, ...]
    """The widths of the columns, in digits."""
    row_heights: tuple[float, ...]
    """The heights of the sheet's rows in points, beginning with the title."""

    def position(self, cell: GridCell) -> tuple[int, int]:
        """Return the row and column of the sheet in which *cell* starts."""
        return self.first_row + cell.row, cell.column + 1

    def name(self, cell: GridCell) -> str:
        """Return the name of *cell* in a formula, such as ``F12``."""
        row, column = self.position(cell)
        return f"{column_letters(column)}{row}"

    def ranges(self, cells: Sequence[GridCell]) -> list[str]:
        """Return *cells* as few ranges, by joining adjacent cells in a row or a column."""
        blocks: list[list[tuple[int, int]]] = []
        for place in sorted(map(self.position, cells)):
            if blocks and _continues(blocks[-1], place):
                blocks[-1].append(place)
            else:
                blocks.append([place])
        return [_range(block) for block in _stacked(blocks)]


def lay_out_sheet(grid: TableGrid, sheet: StyleSheet) -> SheetLayout:
    """Return the layout of *grid*, in which each label has room in its style of *sheet*."""
    width = sheet.page.text_width * SCALE
    columns = [share * width for share in grid.widths]
    heights = [sheet.table.min_row_height] * len(grid.rows)
    # Cells of one row first, so that a spanning cell is given only what is still missing.
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
    """Return whether *place* continues the row or the column of cells that *block* is."""
    (row, column), (last_row, last_column) = block[0], block[-1]
    if place == (last_row, last_column + 1):
        return row == last_row
    return place == (last_row + 1, last_column) and column == last_column


def _stacked(blocks: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Return *blocks* with those joined that have the same columns in consecutive rows."""
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
