"""Table rows and cells as structure elements, each value naming its headers.

Scope alone cannot say which cells a caption or a second head inside a table
governs, so data cells carry Headers (ISO 32000-1, table 349; ISO 14289-1, 7.5).
"""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.pdfbase.pdfdoc import PDFArray

from reportgen.document.nodes import Cell, Table
from reportgen.styles import CellRole
from reportgen.writers.pdf.canvas import name, string
from reportgen.writers.pdf.structure import Element

_COLUMN, _ROW = name("Column"), name("Row")
_SCOPES = {CellRole.CAPTION: _COLUMN, CellRole.HEADER: _COLUMN, CellRole.STUB: _ROW}


def tag_cells(table: Table, parent: Element, prefix: str) -> Iterator[tuple[Cell, Element]]:
    """Append the rows of *table* to *parent*; yield each cell with its element.

    IDs are unique in the document by *prefix*.
    """
    heads = _Heads(len(table.widths))
    for cells in table.rows:
        row = parent.child("TR")
        heads.start_row(cells)
        for cell in cells:
            scope = _SCOPES.get(cell.role)
            element = row.child("TH" if scope else "TD")
            attributes = {}
            if scope:
                element.identifier = string(f"{prefix}r{cell.row}c{cell.column}")
                attributes["Scope"] = scope
                heads.add(cell, element.identifier)
            elif headers := heads.of(cell):
                attributes["Headers"] = PDFArray(headers).format(None)
            if cell.row_span > 1:
                attributes["RowSpan"] = b"%d" % cell.row_span
            if cell.column_span > 1:
                attributes["ColSpan"] = b"%d" % cell.column_span
            if attributes:
                element.describe("Table", attributes)
            yield cell, element


class _Heads:
    """The header cells that hold at the current row, by column; IDs as string objects."""

    def __init__(self, columns: int) -> None:
        self._captions: list[bytes] = [b""] * columns
        self._headers: list[list[bytes]] = [[] for _ in range(columns)]
        self._stubs: list[tuple[int, bytes]] = []  # last row covered, ID
        self._in_head = False
        self._above: dict[tuple[int, int], list[bytes]] = {}  # by column and span

    def start_row(self, cells: tuple[Cell, ...]) -> None:
        """Begin the row of *cells*: a head after data replaces the head before it."""
        in_head = any(cell.role == CellRole.HEADER for cell in cells)
        if in_head and not self._in_head:
            self._headers = [[] for _ in self._headers]
            self._above.clear()
        self._in_head = in_head or (self._in_head and not cells)
        if cells:
            row = cells[0].row
            self._stubs = [stub for stub in self._stubs if stub[0] >= row]

    def add(self, cell: Cell, identifier: bytes) -> None:
        """Let the header *cell* hold for the columns or rows it covers."""
        if cell.role == CellRole.STUB:
            self._stubs.append((cell.row + cell.row_span - 1, identifier))
            return
        self._above.clear()
        for column in range(cell.column, cell.column + cell.column_span):
            if cell.role == CellRole.CAPTION:
                self._captions[column] = identifier
            else:
                self._headers[column].append(identifier)

    def of(self, cell: Cell) -> list[bytes]:
        """Return the IDs of the headers of *cell*: caption, columns, then row."""
        place = (cell.column, cell.column_span)
        if place not in self._above:
            self._above[place] = list(self._over(*place))
        return self._above[place] + [stub for _, stub in self._stubs]

    def _over(self, start: int, span: int) -> dict[bytes, None]:
        """Return the headers over *span* columns from *start*, each once."""
        columns = range(start, min(start + span, len(self._captions)))
        found = dict.fromkeys(
            self._captions[column] for column in columns if self._captions[column]
        )
        for column in columns:
            found.update(dict.fromkeys(self._headers[column]))
        return found
