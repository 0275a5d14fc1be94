"""The official tables of a finished DOCX, recognised row by row by their labels.

A row is known by the label left of its numbers, so that tables split over pages,
repeated heads and odd column widths do not matter.  python-docx is imported
when a file is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportgen.forms import (
    Form,
    NotANumberError,
    ValueType,
    align_rows,
    complete_cells,
    parse_quantity,
)
from reportgen.model import CellPath, Quantity, Report

MAX_BYTES = 100_000_000
FINDING_NUMBER = "FindingNumber"
"""The character style of the numbers that our drafts put beside a text."""
_ENOUGH = 0.6

Rows = list[list[str]]


def read_docx_report(path: Path, forms: Sequence[Form], year: int) -> tuple[Report, Form] | None:
    """Return the tables of the DOCX at *path* as the report of *year*, and their form.

    The form in force in *year* is tried first, then the others of *forms*.  None
    when the file is no DOCX or holds the tables of none of them.
    """
    rows = read_rows(path)
    ordered = sorted(forms, key=lambda form: not form.in_force(year))
    for form in ordered if rows else ():
        cells = find_cells(form, rows)
        if len(cells) >= _ENOUGH * len(form.value_cells):
            full = complete_cells(form, cells, zero_missing=False)
            report = Report(organ="", year=year, title="", kind="", form=form.id, cells=full)
            return report, form
    return None


def read_rows(path: Path) -> Rows:
    """Return the rows of every table in the DOCX at *path*, each as the texts of its cells.

    Empty when the file cannot be read.
    """
    from docx import Document
    from docx.oxml.ns import qn

    try:
        if path.stat().st_size > MAX_BYTES:
            return []
        tables = Document(str(path)).tables
        return [
            ["".join(map(_shown, cell.iter(qn("w:t")))) for cell in row._tr.tc_lst]
            for table in tables
            for row in table.rows
        ]
    except Exception:  # zipfile, lxml and python-docx raise nearly anything on a broken file
        return []


def _shown(node: Any) -> str:
    """Return the text of *node*, nothing if it is the number of a finding in one of our drafts."""
    from docx.oxml.ns import qn

    properties = node.getparent().find(qn("w:rPr"))
    style = properties.find(qn("w:rStyle")) if properties is not None else None
    is_number = style is not None and style.get(qn("w:val")) == FINDING_NUMBER
    return "" if is_number else node.text or ""


def find_cells(form: Form, rows: Rows) -> dict[CellPath, Quantity]:
    """Return the numbers of *form* found in *rows*, looked for in the order of the form."""
    found: dict[CellPath, Quantity] = {}
    start = 0
    for grid in form.tables.values():
        alignment = align_rows(grid, rows, start)
        start = max(alignment.rows.values(), default=start - 1) + 1
        for cell in grid.value_cells():
            for row, column in alignment.area_of(cell):
                found[cell.path] = _quantity(rows[row][column], cell.type)
    return found


def _quantity(text: str, kind: ValueType) -> Quantity:
    """Return the number a cell shows; anything else but a blank or stroke is not understood."""
    try:
        return parse_quantity(text, kind)
    except NotANumberError:
        return Quantity(None, text, invalid=True)
