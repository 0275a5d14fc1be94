"""The summary of a batch as a workbook (汇总结果.xlsx), to be sorted and filtered.

Equal input gives equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.widths import display_width
from reportgen.workflows.xlsx import workbook_bytes

_SHEET = "汇总结果"
_MOST_CHARACTERS = 32_767  # a cell holds no more (ECMA-376 part 1, 18.3.1.4 and Excel's limits)
_WIDEST = 70
"""Column width, in characters of Latin text; longer texts are wrapped."""

_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot say, and carriage returns, which Excel would show as ``_x000D_``."""


def summary_workbook(rows: Sequence[Sequence[str | int]]) -> bytes:
    """Return a workbook of *rows*, the first of which is the head."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _SHEET
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, int):
                cell.value = value
                continue
            cell.value = _NO_TEXT.sub(" ", value)[:_MOST_CHARACTERS]
            cell.data_type = "s"  # openpyxl takes a text with = for a formula
            cell.quotePrefix = True  # and so does Excel when somebody edits the cell
    for column, cells in enumerate(zip(*rows, strict=True), 1):
        width = max(display_width(str(value)) for value in cells) + 4  # and the filter's button
        sheet.column_dimensions[get_column_letter(column)].width = min(width, _WIDEST)
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return workbook_bytes(book, _SHEET)
