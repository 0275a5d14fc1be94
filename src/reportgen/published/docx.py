"""The official tables of a finished DOCX, recognised row by row by their labels.

A row is known by the label left of its numbers, so that tables split over pages,
repeated heads and odd column widths do not matter.  python-docx is imported
when a file is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.forms import Form, GridCell, TableGrid, ValueType, complete_cells, normalise_key
from reportgen.model import Quantity, Report

MAX_BYTES = 100_000_000
FINDING_NUMBER = "FindingNumber"
"""The character style of the numbers that our drafts put beside a text."""
_ENOUGH = 0.6
_NUMBER = re.compile(r"([+-]?)(\d{1,15})(\.\d{1,6})?(?:元|万元)?")

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


class _Wanted(Struct, frozen=True):
    """A row of a grid that holds numbers: its own label (empty if none) and its cells."""

    label: str
    cells: tuple[GridCell, ...]


def find_cells(form: Form, rows: Rows) -> dict[str, Quantity]:
    """Return the numbers of *form* found in *rows*, looked for in the order of the form."""
    found: dict[str, Quantity] = {}
    position = 0
    for grid in form.tables.values():
        for wanted in _wanted_rows(grid):
            place = next((r for r in range(position, len(rows)) if _fits(wanted, rows[r])), None)
            if place is None:
                continue
            position = place + 1
            texts = rows[place][-len(wanted.cells) :]
            for cell, text in zip(wanted.cells, texts, strict=True):
                found[cell.name] = _quantity(text, cell.type)
    return found


def _wanted_rows(grid: TableGrid) -> list[_Wanted]:
    wanted = []
    for row in grid.rows:
        cells = tuple(cell for cell in row if cell.role == "value")
        if cells:
            beside = [grid.cell_at(cells[0].row, column) for column in range(cells[0].column)]
            labels = [cell.label for cell in beside if cell and cell.role == "stub"]
            wanted.append(_Wanted(labels[-1] if labels else "", cells))
    return wanted


def _fits(wanted: _Wanted, texts: list[str]) -> bool:
    count = len(wanted.cells)
    if not wanted.label:
        return len(texts) == count and all(_NUMBER.fullmatch(_folded(text)) for text in texts)
    return len(texts) > count and normalise_key(texts[-count - 1]) == normalise_key(wanted.label)


def _folded(text: str) -> str:
    return re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", text))


def _quantity(text: str, kind: ValueType) -> Quantity:
    """Return the number a cell shows; anything else but a blank or stroke is not understood."""
    folded = _folded(text)
    if match := _NUMBER.fullmatch(folded):
        whole = match[1] + match[2]
        money = kind.kind == "money"
        return Quantity(Decimal(whole + (match[3] or "")) if money else int(whole), text)
    return Quantity(None, text, invalid=bool(folded.strip("-/—–")))
