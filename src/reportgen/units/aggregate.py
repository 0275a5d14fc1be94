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

from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.forms import Form, Library, Number, plain_number
from reportgen.model import CellPath, Quantity
from reportgen.problems import EnvironmentProblem
from reportgen.text import one_line
from reportgen.units.levels import GroupTotal, Levels, group_totals, levels_of
from reportgen.units.reading import UnitNumber, UnitReport, Unread
from reportgen.units.roll import Group, Roll
from reportgen.units.standing import MOST_CELLS, Handed, Remark, Standing, compare_units, organs_of

MOST_ADDENDS = 20
"""The addends of a cell that are named, the largest ones."""


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
    groups: Mapping[str, Group]
    """The levels above each report that could be read, by its name; empty for none."""
    roll: Roll | None = None

    @property
    def has_levels(self) -> bool:
        """Whether there are levels between the units and the whole."""
        counts = Counter(self.groups[name] for name in self.included)
        several = any(group and count > 1 for group, count in counts.items())
        return several or bool(self.roll and self.roll.groups)

    def group_of(self, name: str) -> Group:
        """Return the levels above the report *name*, or above a unit of the roll without one."""
        known = self.roll.groups.get(name, ()) if self.roll else ()
        return self.groups.get(name, known)

    @property
    def addends(self) -> list[UnitReport]:
        """The reports that were added up."""
        return [unit for unit in self.units if unit.name in self.included]


def build_aggregate(
    units: Iterable[UnitReport],
    library: Library,
    *,
    organ: str = "",
    year: int | None = None,
    roll: Roll | None = None,
    only_clean: bool = False,
    folders: Iterable[str] = (),
) -> Aggregate:
    """Return the sum of *units*, that of *organ*, for *year*, by default the one most are of.

    Reports with errors are left out if *only_clean*.  *folders* are the names of units that were
    left out before.  Raises EnvironmentProblem if no report can be added up.
    """
    ordered = sorted(units, key=lambda unit: unit.name)
    handed = list(_handed(ordered))
    year = year or _usual_year(handed)
    form = _form_of(handed, year, library)
    levels = levels_of(organs_of(handed, roll), roll, organ)
    sums = levels.declared_sums([item.name for item in handed if item.head.kind in form.kinds[1:]])
    standing = compare_units(
        handed,
        roll,
        year=year,
        forms=_names_of_forms(form, library),
        sums=sums,
        folders=[*folders, *(unit.name for unit in ordered if not unit.head)],
        for_sum=True,
        cells=tuple(form.value_cells),
    )
    fitting = [unit for unit in ordered if unit.head and unit.name not in standing.left_out]
    sums |= levels.apparent_sums(fitting)
    units_ = [unit for unit in fitting if unit.name not in sums]
    included = [unit for unit in units_ if not (only_clean and unit.findings.errors)]
    names = frozenset(unit.name for unit in included)
    totals = group_totals(included, levels.groups)
    off_roll = _sums_off_the_roll(ordered, standing, levels, totals)
    remarks = [item for item in standing.remarks if item.name not in off_roll]
    sums |= off_roll
    told = {item.name for item in remarks}  # of another year or form, say
    remarks += _remarks_on_addends(units_, included, form, levels)
    if not included:
        raise EnvironmentProblem("没有可以汇总的报告", _why_none(remarks, library))
    cells = add_up(included, form)
    of_sums = (unit for unit in ordered if unit.name in sums.keys() - told)
    remarks += [_remark_on_sum(item, totals.get(sums[item.name]), cells) for item in of_sums]
    return Aggregate(
        form, year, tuple(ordered), names, standing, tuple(remarks), cells, levels.groups, roll
    )


def _sums_off_the_roll(
    units: Iterable[UnitReport],
    standing: Standing,
    levels: Levels,
    totals: Mapping[Group, GroupTotal],
) -> dict[str, Group]:
    """Return those of *units* that are not on the roll because they are the sum of its units.

    The roll names the units of a county, and not always its government.
    """
    strange = {item.name for item in standing.remarks if item.finding.slug == "organ-not-on-roll"}
    strange &= standing.left_out
    return {
        unit.name: group
        for unit in units
        if unit.name in strange
        and (group := levels.groups[unit.name]) in totals
        and totals[group].is_like(unit)
    }


def _names_of_forms(form: Form, library: Library) -> dict[str, str]:
    """Return the names of the forms of the kind of *form* by their ids, *form* first."""
    names = {
        f"{item.report}/{item.id}": f"《{item.name}》" for item in library.editions(form.report)
    }
    official = f"{form.report}/{form.id}"
    return {official: names[official], **names}


def _handed(units: Iterable[UnitReport]) -> Iterator[Handed]:
    """Yield those of *units* that could be read, to be compared with each other."""
    for unit in units:
        if unit.head:
            yield Handed(unit.name, unit.head, unit.numbers, unit.is_supposed)


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


def _remarks_on_addends(
    units: Sequence[UnitReport], included: Sequence[UnitReport], form: Form, levels: Levels
) -> Iterator[Remark]:
    """Yield what is to be said of *units* that could be added up; those *included* are."""
    names = {unit.name for unit in included}
    for unit in units:
        yield from _remarks_on_addend(unit, form, is_in=unit.name in names)
    for name, others in levels.possible_sums(included).items():
        organ = levels.organs[name]
        values = {"单位": organ, "个数": others.units}
        yield Remark(name, organ, Finding("possible-sum", None, values))


def _remarks_on_addend(unit: UnitReport, form: Form, *, is_in: bool) -> Iterator[Remark]:
    """Yield what is to be said of a report that could be added up, and is if *is_in*."""
    organ = unit.head.organ if unit.head else ""
    if unit.findings.errors or (unit.stated and is_in):
        yield Remark(unit.name, organ, _about_errors(unit, form, is_in=is_in))
    if not is_in:
        return
    if unit.head and unit.head.kind in form.kinds[1:]:  # those with units here are left out
        yield Remark(unit.name, organ, Finding("sum-without-units", None, {"类型": unit.head.kind}))
    cells = [
        (path, number)
        for path, number in zip(form.value_cells, unit.numbers, strict=True)
        if path not in form.totals
    ]
    lost = [path for path, number in cells if isinstance(number, Unread)]
    blank = [path for path, number in cells if number is None]
    for slug, paths in (("cell-lost-in-sum", lost), ("blank-in-sum", blank)):
        if paths:
            more = " 等" if len(paths) > MOST_CELLS else ""
            shown = "、".join(map(str, paths[:MOST_CELLS])) + more
            values: dict[str, object] = {"个数": len(paths), "各格": shown}
            finding = Finding(slug, None, values, cells=tuple(map(str, paths)))
            yield Remark(unit.name, organ, finding)


def _remark_on_sum(
    unit: UnitReport, total: GroupTotal | None, cells: Mapping[CellPath, CellSum]
) -> Remark:
    """Return whether the sum *unit* is the *total* of its units; None if none was added up."""
    organ = unit.head.organ if unit.head else ""
    if total is None:
        return Remark(unit.name, organ, Finding("sum-among-units", None, {}, wording="none"))
    differing = {
        path: (number or 0, sum_)
        for (path, cell), number, sum_ in zip(
            cells.items(), unit.numbers, total.numbers, strict=True
        )
        if not (isinstance(number, Unread) or cell.unread) and (number or 0) != sum_
    }
    values: dict[str, object] = {"个数": total.units}
    if not differing:
        return Remark(unit.name, organ, Finding("sum-of-units", None, values))
    shown = [
        f"“{path}”汇总 {plain_number(number)}，相加 {plain_number(sum_)}"
        for path, (number, sum_) in differing.items()
    ]
    values["各格"] = "；".join(shown[:MOST_CELLS])
    if len(shown) > MOST_CELLS:
        values["各格"] = f"{values['各格']}等 {len(shown)} 格"
    finding = Finding("sum-among-units", None, values, cells=tuple(map(str, differing)))
    return Remark(unit.name, organ, finding)


def _about_errors(unit: UnitReport, form: Form, *, is_in: bool) -> Finding:
    """Return the finding that *unit* is added up in spite of its errors, or is not."""
    paths = list(form.value_cells)
    totals = [
        f"“{paths[place]}”填 {plain_number(stated)}，计 {plain_number(number)}"
        for place, stated in unit.stated.items()
        if (number := unit.numbers[place]) is not None and not isinstance(number, Unread)
    ]
    more = f"等 {len(totals)} 格" if len(totals) > MOST_CELLS else ""
    values = {
        "个数": unit.findings.errors,
        "各格": "、".join(totals[:MOST_CELLS]) + more,
        "错误": one_line(unit.findings.first),
        "位置": f"（{unit.findings.place}）" if unit.findings.place else "",
    }
    wording = "" if is_in else "left-out"
    if is_in and totals:
        wording = "totals" if unit.findings.errors else "only-totals"
    return Finding("report-with-errors", None, values, wording=wording)


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
