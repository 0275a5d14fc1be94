"""The numbers of ``report.yaml`` and of the workbook beside it, as one."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.forms import Form
from reportgen.located import Node
from reportgen.model import CellPath, Quantity
from reportgen.readers.tables import TableReader
from reportgen.source import Place

if TYPE_CHECKING:
    from reportgen.readers.excel import Workbook
    from reportgen.readers.workbook import WorkbookTables


class Numbers(Struct, frozen=True):
    """The numbers that were typed, by cell name, and what is wrong with them."""

    cells: ReadOnly[CellPath, Quantity]
    found: list[Finding]
    gaps: ReadOnly[CellPath, Place] = {}
    """Where the numbers belong that were left blank in the workbook."""


class NumberReader:
    """Reads the numbers of one report, with whatever form; its workbook is opened once.

    *path* is where the workbook would lie, None where there can be none.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self, nodes: ReadOnly[str, Node], form: Form) -> Numbers:
        """Return the numbers of *form* among *nodes*, the entries of the data, and the workbook."""
        typed = _read_typed(nodes, form)
        keys = frozenset(grid.key for grid in form.tables.values() if grid.key in nodes)
        tables = self._tables(form, keys)
        if tables is None:
            return Numbers(typed.cells, typed.found)
        from reportgen.readers.workbook import merge_tables

        merged, differing = merge_tables(typed.cells, tables, form)
        found = [*typed.found, *tables.found, *differing]
        return Numbers(merged, found, tables.blanks)

    def _tables(self, form: Form, elsewhere: frozenset[str]) -> WorkbookTables | None:
        """Return what the workbook says, None if it need not be there: some tables are *elsewhere*.

        What is wrong with the file is among its findings.
        """
        if self._path is None or (elsewhere and not self._path.exists()):
            return None
        from reportgen.readers.excel import misnamed_workbook  # few reports have a workbook
        from reportgen.readers.workbook import WorkbookTables, lost_tables, read_tables

        workbook, found = self._workbook
        if workbook is None and not found and not elsewhere:
            found = misnamed_workbook(self._path)
        if workbook:
            tables = read_tables(workbook, form, elsewhere)
        else:
            tables = lost_tables(form) if found else WorkbookTables()
        tables.found[:0] = found
        return tables

    @cached_property
    def _workbook(self) -> tuple[Workbook | None, list[Finding]]:
        if self._path is None or not self._path.exists():
            return None, []
        from reportgen.readers.excel import read_workbook

        return read_workbook(self._path)


def _read_typed(nodes: ReadOnly[str, Node], form: Form) -> TableReader:
    """Return a reader that has read every table of *form* found among *nodes*."""
    reader = TableReader(form)
    for grid in form.tables.values():
        if grid.key in nodes:
            reader.read(grid, nodes[grid.key])
    return reader
