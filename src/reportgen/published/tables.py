"""The tables found in a file → the numbers of a form.

What was guessed, is missing, stands twice or was left over is a finding; a number that cannot be
read is none at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.forms import (
    UNITS,
    Form,
    GridCell,
    NotANumberError,
    TableGrid,
    ValueKind,
    plain_number,
)
from reportgen.model import CellPath, Quantity
from reportgen.published.found import FoundCell, FoundTable
from reportgen.published.heads import ColumnOrder, column_order, head_labels, official_heads
from reportgen.published.rows import (
    FoundRow,
    How,
    Match,
    WantedRow,
    found_rows,
    match_rows,
    settle,
    table_copies,
    wanted_rows,
)
from reportgen.published.units import label_key, note_units, parse_amount, units_in
from reportgen.source import Place

NO_NOTES: Mapping[int, frozenset[str]] = {}


class ReadTables(Struct, frozen=True):
    """The numbers of a form that were found in a file."""

    form: Form
    cells: Mapping[CellPath, Quantity]
    findings: tuple[Finding, ...]
    """What was guessed, is missing, occurs twice or was left over."""
    share: float
    """The share of the form's rows that were found, from 0 to 1."""
    used: frozenset[int]
    """The numbers of the tables in the file that belong to the form, counted from 0."""


def read_tables(
    tables: Sequence[FoundTable], form: Form, notes: Mapping[int, frozenset[str]] = NO_NOTES
) -> ReadTables:
    """Return the numbers of *form* in *tables*; *notes* are the units noted beside each table."""
    wanted = {grid.key: wanted_rows(grid) for grid in form.tables.values()}
    names = {name: row for rows in wanted.values() for row in rows for name in row.names}
    rows = found_rows(tables, names, form.sentences.units)
    reader = _FormReader(form, rows, notes)
    for grid in form.tables.values():
        reader.read(grid, wanted[grid.key])
    return reader.finished(names)


class _FormReader:
    """Reads one file by one form."""

    def __init__(
        self, form: Form, rows: list[FoundRow], notes: Mapping[int, frozenset[str]]
    ) -> None:
        self._form = form
        self._notes = notes
        self._rows = rows
        self._cells: dict[CellPath, Quantity] = {}
        self._findings: list[Finding] = []
        self._named = _named_cells(rows)
        self._taken: set[tuple[int, int]] = set()
        """The rows that belong to a table of the form, by table and row."""
        self._once: list[tuple[TableGrid, FoundRow]] = []
        """The tables that the file has once, each with the first row read of it."""
        self._twice: set[str] = set()
        """The keys of the tables that the file has more than once."""
        self._wanted = self._found = 0

    def read(self, grid: TableGrid, rows: Sequence[WantedRow]) -> None:
        """Read the *rows* of *grid*: cells that say which they are, and the others by labels."""
        self._wanted += len(rows)
        wanted = tuple(row for row in rows if not self._read_named(grid, row))
        if not wanted:
            return
        matches = match_rows(wanted, self._rows_of(grid, wanted))
        self._found += len(matches)
        for match in matches:
            self._taken.add((match.found.table, match.found.row))
        if not matches and len(wanted) == len(rows):
            cells = [cell for row in wanted for cell in row.cells]
            self._report("published-table-missing", {"表": grid.title}, None, cells)
            return
        if matches and grid.key not in self._twice:
            self._once.append((grid, matches[0].found))
        found = {match.wanted: match for match in matches}
        self._report_missing(grid, [row for row in wanted if row not in found])
        unsure = [found[row] for row in found if not self._read_row(grid, found[row])]
        guessed = [match for match in matches if match.found.is_guessed]
        if guessed:
            cells = [cell for match in guessed for cell in match.wanted.cells]
            self._report("read-in-picture", {"表": grid.title}, _place_of(guessed[0].found), cells)
        if unsure:
            cells = [cell for match in unsure for cell in match.wanted.cells]
            self._report("heads-not-found", {"表": grid.title}, _place_of(unsure[0].found), cells)

    def _report_missing(self, grid: TableGrid, rows: Sequence[WantedRow]) -> None:
        """Report the *rows* of *grid* that the file does not have, in one finding."""
        if not rows:
            return
        named = "、".join(f"“{_shown(row)}”" for row in rows)
        values = {"行": _shown(rows[0]), "表": grid.key, "个数": len(rows), "各行": named}
        cells = [cell for row in rows for cell in row.cells]
        wording = "rows" if len(rows) > 1 else ""
        self._report("published-row-missing", values, None, cells, wording)

    def _rows_of(self, grid: TableGrid, wanted: Sequence[WantedRow]) -> Sequence[FoundRow]:
        """Return the rows that may be *wanted*, of one copy of *grid* where there are several."""
        copies = table_copies(wanted, self._free_rows())
        best = max(copies, key=lambda copy: len(match_rows(wanted, copy)))
        if len(copies) > 1:
            self._twice.add(grid.key)
        for copy in copies:
            if copy is not best:
                others = [match.found for match in match_rows(wanted, copy)]
                self._taken |= {(row.table, row.row) for row in others}
                cells = [cell for row in wanted for cell in row.cells]
                values = {"表": grid.title, "个数": len(copies)}
                self._report("table-twice", values, _place_of(others[0]), cells)
        return best

    def _read_named(self, grid: TableGrid, wanted: WantedRow) -> bool:
        """Read the numbers of a row if each of its cells is named; return whether it did.

        A cell that is named but has no unit around it is in the unit of the form.
        """
        found = [self._named.get(cell.path) for cell in wanted.cells]
        if None in found:
            return False
        self._found += 1
        for cell, item in zip(wanted.cells, found, strict=True):
            if item:
                self._taken.add((item[1].table, item[1].row))
                units = self._units(grid, cell, item[1]) or {cell.type.unit or ""}
                self._read_cell(cell, item[0], units)
        known = [item for item in found if item]
        self._report_blanks(wanted, [cell for cell, _ in known], _place_of(known[0][1]))
        return True

    def _free_rows(self) -> list[FoundRow]:
        return [row for row in self._rows if (row.table, row.row) not in self._taken]

    def finished(self, names: Mapping[str, WantedRow]) -> ReadTables:
        """Return what was read, and report rows with numbers that nothing was read from.

        *names* are the names of all rows of the form.
        """
        self._report_unowned()
        used = frozenset(table for table, _ in self._taken)
        for row in self._free_rows():
            if row.table not in used or not any(cell.text.strip() for cell in row.values):
                continue
            self._left_over(row, names)
        return ReadTables(
            self._form,
            self._cells,
            tuple(self._findings),
            self._found / max(1, self._wanted),
            used,
        )

    def _report_unowned(self) -> None:
        """Report the tables found once beside tables found twice: whose they are is not known."""
        for grid, row in self._once if self._twice else ():
            cells = list(grid.value_cells())
            self._report("table-twice", {"表": grid.title}, _place_of(row), cells, wording="once")

    def _left_over(self, row: FoundRow, names: Mapping[str, WantedRow]) -> None:
        label = row.labels[-1].text if row.labels else ""
        twin = names.get(label_key(label))
        place = _place_of(row)
        texts = [cell.text.strip() for cell in row.values if cell.text.strip()]
        if twin is None:
            self._report("row-left-over", {"行": label, "内容": "、".join(texts)}, place, ())
        else:
            self._report("row-twice", {"行": label, "内容": "、".join(texts)}, place, twin.cells)

    def _read_row(self, grid: TableGrid, match: Match) -> bool:
        """Read the numbers of a row; return whether its heads name the columns, or nothing is."""
        wanted, found = match.wanted, match.found
        place = _place_of(found)
        if match.likeness < 1:
            self._report(
                "label-differs",
                {"行": _shown(wanted), "实为": found.labels[-1].text},
                place,
                wanted.cells,
            )
        order = column_order(
            wanted, official_heads(grid, wanted.cells[0].row), self._heads_above(found)
        )
        if order is None:
            self._report("heads-unclear", {"行": _shown(wanted)}, place, wanted.cells)
            return True
        spans = [cell.column_span if order.is_official else 1 for cell in wanted.cells]
        settled = settle(found.values, spans, self._balance(wanted, order))
        is_short = order.has_others and len(found.values) == len(spans) > 1
        if settled.how is How.UNCLEAR or is_short:
            texts = "、".join(cell.text.strip() or "空" for cell in found.values)
            self._report("row-unclear", {"行": _shown(wanted), "内容": texts}, place, wanted.cells)
            return True
        if settled.how is not How.PLAIN:
            slug = "blanks-left-out" if settled.how is How.CLOSED_UP else "digits-parted"
            texts = "、".join(cell.text.strip() for cell in settled.cells)
            wording = "spaced" if settled.how is How.SPACED else ""
            values = {"行": _shown(wanted), "内容": texts}
            self._report(slug, values, place, wanted.cells, wording)
        if not settled.balances and found.is_guessed:
            texts = "、".join(cell.text.strip() or "空" for cell in settled.cells)
            values = {"行": _shown(wanted), "内容": texts}
            self._report("row-unclear", values, place, wanted.cells, wording="picture")
            return order.is_sure
        if not settled.balances:
            texts = "、".join(cell.text.strip() or "空" for cell in settled.cells)
            self._report(
                "row-unbalanced", {"行": _shown(wanted), "内容": texts}, place, wanted.cells
            )
        if not order.is_official:
            self._report("columns-moved", {"行": _shown(wanted)}, place, wanted.cells)
        for cell, position in zip(wanted.cells, order.places, strict=True):
            self._read_cell(cell, settled.cells[position], self._units(grid, cell, found))
        self._report_blanks(wanted, settled.cells, place)
        return order.is_sure

    def _report_blanks(
        self, wanted: WantedRow, texts: Sequence[FoundCell], place: Place | None
    ) -> None:
        """Report the cells of a row without a number: a check takes each for a 0."""
        read = {cell: self._cells[cell.path] for cell in wanted.cells}
        blanks = [
            cell for cell, found in read.items() if found.number is None and not found.invalid
        ]
        if blanks:
            shown = dict.fromkeys(cell.text.strip() or "空" for cell in texts)
            written = "、".join(text for text in shown if not any(map(str.isdecimal, text)))
            values = {"行": _shown(wanted), "格数": str(len(blanks)), "内容": written}
            self._report("cells-blank", values, place, blanks)

    def _units(self, grid: TableGrid, cell: GridCell, row: FoundRow) -> frozenset[str]:
        """Return the units that the file names for *cell*, found in *row*; none for no money."""
        if cell.type.kind != ValueKind.MONEY:
            return frozenset()
        others = head_labels(grid, cell.row) - head_labels(grid, cell.row, cell)
        named = {units_in(label.text) for label in row.labels}
        for head in self._heads_above(row):
            labels = (*head.labels, *head.values)
            named |= {units_in(c.text) for c in labels if label_key(c.text) not in others}
        for above in self._rows:
            if above.table == row.table and above.row < row.row and above.is_head:
                named |= {note_units(label.text) for label in above.labels}
        return self._notes.get(row.table, frozenset()).union(*named)

    def _read_cell(self, cell: GridCell, found: FoundCell, units: Collection[str]) -> None:
        text = found.text.strip()
        try:
            if found.is_unsure:
                raise NotANumberError("not-a-number", text)
            quantity, slug = parse_amount(text, cell.type, units, found.place)
        except NotANumberError:
            quantity, slug = Quantity(None, text, found.place, invalid=True), "number-unreadable"
        self._cells[cell.path] = quantity
        if slug:
            values = {
                "内容": text,
                "格": cell.path,
                "所写单位": "、".join(unit for unit in UNITS if unit in units),
                "单位": cell.type.unit,
                "数": "" if quantity.number is None else plain_number(quantity.number),
            }
            self._report(slug, values, found.place, (cell,))

    def _heads_above(self, row: FoundRow) -> list[FoundRow]:
        """Return the rows of heads nearest above *row*: in its own table, else in those before."""
        position = next(i for i, other in enumerate(self._rows) if other is row)
        heads: list[FoundRow] = []
        for other in reversed(self._rows[:position]):
            if heads and other.table != heads[-1].table:
                break
            if other.is_head and (other.table, other.row) not in self._taken:
                heads.append(other)
            elif heads:
                break
        return heads[::-1]

    def _balance(
        self, wanted: WantedRow, order: ColumnOrder
    ) -> Callable[[Sequence[int]], bool] | None:
        """Return what tells whether numbers, in the order found, fit the identities of the row."""
        names = [cell.path for cell in wanted.cells]
        own = [
            bound.identity
            for bound in self._form.identities
            if set(bound.identity.cells) <= set(names)
        ]
        if not own or any(cell.type.kind != ValueKind.COUNT for cell in wanted.cells):
            return None

        def balances(numbers: Sequence[int]) -> bool:
            cells = {name: numbers[at] for name, at in zip(names, order.places, strict=True)}
            return all(identity.holds(cells) for identity in own)

        return balances

    def _report(
        self,
        slug: str,
        values: Mapping[str, object],
        place: Place | None,
        cells: Sequence[GridCell],
        wording: str = "",
    ) -> None:
        paths = tuple(cell.path for cell in cells)
        self._findings.append(Finding(slug, place, values, wording=wording, cells=paths))


def _named_cells(rows: Sequence[FoundRow]) -> dict[str, tuple[FoundCell, FoundRow]]:
    """Return the cells that say which they are, with their rows; none of a name given twice."""
    found: dict[str, tuple[FoundCell, FoundRow]] = {}
    twice = set()
    for row in rows:
        for cell in (*row.labels, *row.values):
            if cell.name in found:
                twice.add(cell.name)
            elif cell.name:
                found[cell.name] = (cell, row)
    return {name: item for name, item in found.items() if name not in twice}


def _place_of(row: FoundRow) -> Place:
    return (row.labels or row.values)[0].place


def _shown(row: WantedRow) -> str:
    """Return the row's key as messages name it."""
    return row.cells[0].path.row.within_table


def best_form(
    tables: Sequence[FoundTable], forms: Sequence[Form], notes: Mapping[int, frozenset[str]]
) -> Iterator[ReadTables]:
    """Yield *tables* read by each of *forms*, the one with most of its rows found first."""
    read = (read_tables(tables, form, notes) for form in forms)
    yield from sorted(read, key=lambda one: -one.share)
