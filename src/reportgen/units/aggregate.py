"""The reports of many units added up cell by cell.

A sum is never short in silence: a cell that one of the units could not be read in has no sum, a
blank is counted as 0 and told, and each report that is not part of the sum is left out for a
reason that is a finding.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.forms import Form, Library, Number, plain_number
from reportgen.model import CellPath, Quantity
from reportgen.problems import EnvironmentProblem
from reportgen.units.reading import UnitNumber, UnitReport, Unread
from reportgen.units.roll import Handed, Remark, Roll, Standing, compare_units

MOST_ADDENDS = 20
"""The addends of a cell that are named, the largest ones."""
_MOST_CELLS = 3
"""The cells that a finding names."""


class CellSum(Struct, frozen=True):
    """The sum of one cell over all units."""

    number: Number | None
    """The sum of what was read; None if no unit has a number there."""
    unread: int
    """The units in which the cell could not be read: the sum is short by theirs."""
    blank: int
    """The units that state no number."""
    zero: int
    """The units with the number 0."""
    largest: tuple[tuple[Number, str], ...]
    """The largest addends with the names of their organs, at most ``MOST_ADDENDS``."""
    others: int
    """The addends other than 0 that are not among them."""

    @property
    def quantity(self) -> Quantity:
        """The number as it is typed in the report of the sum: none if the sum is short."""
        return Quantity(None if self.unread else self.number, invalid=bool(self.unread))

    def in_words(self, path: CellPath) -> str:
        """Return how the sum of the cell *path* comes about."""
        shown = [f"{organ} {plain_number(number)}" for number, organ in self.largest]
        more = [f"其余 {self.others} 家"] if self.others else []
        parts = [
            f"{count} 家{what}"
            for count, what in (
                (self.zero, "是 0"),
                (self.blank, "是“/”或空白，按 0 计"),
                (self.unread, "没有读出数，没有计入"),
            )
            if count
        ]
        lines = [str(path), "、".join([*shown, *more]), "；".join(parts)]
        return "\n".join(filter(None, lines))


def add_up(units: Sequence[UnitReport], form: Form) -> dict[CellPath, CellSum]:
    """Return the sum of each cell of *form* over *units*, which all follow it."""
    organs = [unit.head.organ if unit.head else unit.name for unit in units]
    columns = zip(*(unit.numbers for unit in units), strict=True)
    return {
        path: _cell_sum(column, organs)
        for path, column in zip(form.value_cells, columns, strict=True)
    }


def _cell_sum(column: Sequence[UnitNumber], organs: Sequence[str]) -> CellSum:
    numbers = [item for item in column if item is not None and not isinstance(item, Unread)]
    named = [
        (item, organ)
        for item, organ in zip(column, organs, strict=True)
        if item is not None and not isinstance(item, Unread) and item
    ]
    largest = heapq.nlargest(MOST_ADDENDS, named, key=_size)
    return CellSum(
        number=sum(numbers[1:], numbers[0]) if numbers else None,
        unread=sum(isinstance(item, Unread) for item in column),
        blank=sum(item is None for item in column),
        zero=sum(not item for item in numbers),
        largest=tuple(largest),
        others=len(named) - len(largest),
    )


def _size(addend: tuple[Number, str]) -> Decimal:
    return abs(Decimal(addend[0]))


class Aggregate(Struct, frozen=True):
    """Many reports, which of them were added up, and the sums."""

    form: Form
    year: int
    units: tuple[UnitReport, ...]
    """All reports, in the order of their names."""
    included: frozenset[str]
    """The names of the reports that were added up."""
    standing: Standing
    remarks: tuple[Remark, ...]
    """What is to be said about units besides the findings about their own reports."""
    cells: Mapping[CellPath, CellSum]
    roll: Roll | None = None

    @property
    def addends(self) -> list[UnitReport]:
        """The reports that were added up."""
        return [unit for unit in self.units if unit.name in self.included]


def build_aggregate(
    units: Iterable[UnitReport],
    library: Library,
    *,
    year: int | None = None,
    roll: Roll | None = None,
    only_clean: bool = False,
    folders: Iterable[str] = (),
) -> Aggregate:
    """Return the sum of *units* for *year*, by default that of most of them.

    Reports with errors are left out if *only_clean*.  *folders* are the names of units that were
    left out before.  Raises EnvironmentProblem if no report can be added up.
    """
    ordered = sorted(units, key=lambda unit: unit.name)
    handed = [Handed(unit.name, unit.head) for unit in ordered if unit.head]
    year = year or _usual_year(handed)
    form = _form_of(handed, year, library)
    names = {
        f"{item.report}/{item.id}": f"《{item.name}》" for item in library.editions(form.report)
    }
    official = f"{form.report}/{form.id}"
    standing = compare_units(
        handed,
        roll,
        year=year,
        forms={official: names[official], **names},
        sums=form.kinds[1:],
        folders=[*folders, *(unit.name for unit in ordered if not unit.head)],
        for_sum=True,
    )
    remarks = list(standing.remarks)
    included = []
    for unit in ordered:
        if unit.head and unit.name not in standing.left_out:
            is_in = not (only_clean and unit.findings.errors)
            remarks += _remarks_on_addend(unit, form, is_in=is_in)
            included += [unit] if is_in else []
    if not included:
        raise EnvironmentProblem("没有可以汇总的报告", _why_none(remarks, library))
    return Aggregate(
        form,
        year,
        tuple(ordered),
        frozenset(unit.name for unit in included),
        standing,
        tuple(remarks),
        add_up(included, form),
        roll,
    )


def _usual_year(handed: Sequence[Handed]) -> int:
    """Return the year of most reports, the later of two."""
    years = Counter(item.head.year for item in handed if item.head.year)
    if not years:
        raise EnvironmentProblem("没有可以汇总的报告", "检查来源；年度写明 --year")
    return max(years, key=lambda year: (years[year], year))


def _form_of(handed: Sequence[Handed], year: int, library: Library) -> Form:
    """Return the official form for *year* of the kind of report that most are."""
    kinds = Counter(item.head.form.rpartition("/")[0] for item in handed)
    kind = kinds.most_common(1)[0][0] if kinds else library.report_kinds()[library.default_kind()]
    editions = library.editions(kind)
    fitting = [edition for edition in editions if edition.in_force(year)]
    if not fitting:
        known = "；".join(f"{edition.id} 版式：{edition.years}" for edition in editions)
        raise EnvironmentProblem(f"{year} 年度没有可用的版式", known)
    used = Counter(item.head.form for item in handed if item.head.year == year)
    newest = max(fitting, key=lambda item: (used[f"{kind}/{item.id}"], item.first_year))
    return library.load(kind, newest.id)


def _remarks_on_addend(unit: UnitReport, form: Form, *, is_in: bool) -> Iterator[Remark]:
    """Yield what is to be said of a report that could be added up, and is if *is_in*."""
    organ = unit.head.organ if unit.head else ""
    if unit.findings.errors:
        wording = "" if is_in else "left-out"
        counted = {"个数": unit.findings.errors}
        finding = Finding("report-with-errors", None, counted, wording=wording)
        yield Remark(unit.name, organ, finding)
    if not is_in:
        return
    cells = [
        (path, number)
        for path, number in zip(form.value_cells, unit.numbers, strict=True)
        if path not in form.totals
    ]
    lost = [path for path, number in cells if isinstance(number, Unread)]
    blank = [path for path, number in cells if number is None]
    for slug, paths in (("cell-lost-in-sum", lost), ("blank-in-sum", blank)):
        if paths:
            more = " 等" if len(paths) > _MOST_CELLS else ""
            shown = "、".join(map(str, paths[:_MOST_CELLS])) + more
            values: dict[str, object] = {"个数": len(paths), "各格": shown}
            finding = Finding(slug, None, values, cells=tuple(map(str, paths)))
            yield Remark(unit.name, organ, finding)


def _why_none(remarks: Sequence[Remark], library: Library) -> str:
    """Return the hint for a sum of nothing: what the first report was left out for."""
    if not remarks:
        return "检查来源；各单位的报告要能读出来"
    first = remarks[0]
    return f"{first.name}：{library.rulebook().word(first.finding).message}"


def sum_quantities(total: Aggregate) -> dict[CellPath, Quantity]:
    """Return the numbers to type into the report of the sum; its totals follow from them."""
    return {
        path: cell.quantity for path, cell in total.cells.items() if path not in total.form.totals
    }


def without_repeats(units: Sequence[UnitReport], order: Sequence[str]) -> list[UnitReport]:
    """Return *units* without files that hold the same report as another of their folder.

    An office sends its report as a Word file and as a PDF.  The one whose suffix comes first in
    *order* is kept.
    """
    kept: dict[object, UnitReport] = {}
    for unit in units:
        path = Path(unit.name)
        key: object = unit.name
        if unit.head and path.suffix.lower() in order:
            head = unit.head
            key = (str(path.parent), head.organ, head.year, head.form, _comparable(unit.numbers))
        other = kept.get(key)
        if other is None or _rank(unit, order) < _rank(other, order):
            kept[key] = unit
    return list(kept.values())


def _comparable(numbers: Sequence[UnitNumber]) -> tuple[object, ...]:
    return tuple(item.text if isinstance(item, Unread) else item for item in numbers)


def _rank(unit: UnitReport, order: Sequence[str]) -> int:
    return order.index(Path(unit.name).suffix.lower())
