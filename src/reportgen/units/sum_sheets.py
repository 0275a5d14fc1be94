"""The workbook of a sum (汇总明细.xlsx): the roll, each official table by unit, and the findings.

Every sum is a formula over the rows above it; its comment tells the largest addends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from reportgen.forms import Number, TableGrid, plain_number
from reportgen.heading_numbers import number_label
from reportgen.model import CellPath
from reportgen.source import column_letters
from reportgen.units.aggregate import Aggregate
from reportgen.units.levels import group_totals
from reportgen.units.reading import Told, UnitFinding, UnitReport, Unread
from reportgen.units.roll import Group
from reportgen.writers.workbooks import (
    HeadCell,
    ListSheet,
    Shown,
    TotalRow,
    Value,
    column_width,
    head_cells,
    list_workbook,
)

ROLL_SHEET, FINDINGS_SHEET = "名册", "问题"
_ROLL_HEAD = ("序号", "单位", "来源", "报送情况", "计入汇总", "年度", "错误", "警告", "说明")
_LEVEL = "上级"
_FINDINGS_HEAD = ("单位", "来源", "级别", "编号", "问题", "位置", "处理")
_STATES = {
    "organ-missing": "没有报",
    "organ-twice": "重复",
    "organ-of-other-year": "年度不符",
    "organ-of-other-form": "版式不符",
    "organ-not-on-roll": "不在名册",
    "organ-left-out": "没有处理",
    "organ-copied": "与别家相同",
    "same-report": "另一种格式",
    "sum-among-units": "下级汇总",
    "sum-of-units": "下级汇总",
    "sum-without-units": "下级汇总",
}
"""What the sheet of the roll calls a unit with a finding, the first that applies."""
_LEVEL_WIDTH, _UNIT_WIDTH, _SOURCE_WIDTH, _NUMBER_WIDTH = 12, 24, 16, 7
_COLUMNS_PER_PAGE = 15
_MOST_ARGUMENTS = 250
_MOST_GROUPS = 1000
"""The groups beside each other that are summed up; a formula has at most 8,192 characters."""
_PAGE_WIDTH = 103
"""The Latin characters beside each other on an A4 page across, in full size; measured in Calc."""


def sum_workbook(
    total: Aggregate,
    remarks: Sequence[UnitFinding],
    title: str,
    about_sum: Sequence[UnitFinding] = (),
) -> bytes:
    """Return the workbook of *total*, named *title*, with *remarks* on the units in words.

    What there is to say *about the sum* itself is listed with them, but the sum is no unit.
    """
    return list_workbook(title, _sheets(total, remarks, about_sum))


def _sheets(
    total: Aggregate, remarks: Sequence[UnitFinding], about_sum: Sequence[UnitFinding]
) -> Iterator[ListSheet]:
    yield _roll_sheet(total, remarks)
    for position, section in enumerate(total.form.sections, 1):
        if section.table:
            number = number_label(1, position)
            name = f"表{number.rstrip('、')}"
            yield _table_sheet(
                total, total.form.tables[section.table], name, number + section.title
            )
    yield _findings_sheet(total, [*remarks, *about_sum])


def _roll_sheet(total: Aggregate, remarks: Sequence[UnitFinding]) -> ListSheet:
    rows = list(_roll_rows(total, remarks))
    head: Sequence[str] = _ROLL_HEAD
    if total.has_levels:
        head = (head[0], _LEVEL, *head[1:])
    else:
        rows = [[row[0], *row[2:]] for row in rows]
    return ListSheet(
        ROLL_SHEET,
        head_cells(head),
        rows,
        title=f"{total.year}年各单位报送情况：计入 {len(total.included)} 份",
        widths=_widths(head, rows),
        fixed_columns=len(head) - 7,
    )


def _roll_rows(total: Aggregate, remarks: Sequence[UnitFinding]) -> Iterator[list[Value]]:
    """Yield a row for each report, each unit of the roll without one, and what was left out.

    The second column is that of the levels.
    """
    by_name = {unit.name: unit for unit in total.units}
    about: dict[str, list[UnitFinding]] = {name: [] for name in by_name}
    for item in remarks:
        about.setdefault(item.name, []).append(item)
    for number, (name, found) in enumerate(about.items(), 1):
        unit = by_name.get(name)
        head = unit.head if unit else None
        yield [
            number,
            "/".join(total.group_of(name)),
            (head.organ if head else "") or next((i.organ for i in found if i.organ), ""),
            name if any(i.told.slug != "organ-missing" for i in found) or unit else "",
            _state(unit, found),
            "是" if name in total.included else "否",
            head.year if head else None,
            unit.findings.errors if unit else 0,
            unit.findings.warnings if unit else 0,
            "；".join(item.told.message for item in found),
        ]


def _state(unit: UnitReport | None, found: Sequence[UnitFinding]) -> str:
    slugs = [item.told.slug for item in found]
    state = next((word for slug, word in _STATES.items() if slug in slugs), "")
    if state:
        return state
    return "已报" if unit and unit.head else "读不出"


def _table_sheet(total: Aggregate, grid: TableGrid, name: str, title: str) -> ListSheet:
    paths = [path for path in total.form.value_cells if path.table == grid.key]
    depth = max(len(path.keys) for path in paths) - 1
    before = [*([_LEVEL] if total.has_levels else []), "单位", "来源"]
    head = [HeadCell(text, 0, column, depth) for column, text in enumerate(before)]
    head += _head_of(paths, depth, len(before))
    rows = _TableRows(total, paths, first=depth + 2)
    breaks = _breaks(paths, len(before))
    fixed = [_LEVEL_WIDTH, _UNIT_WIDTH, _SOURCE_WIDTH][-len(before) :]
    widths = [*fixed, *(_number_width(total.cells[path].number) for path in paths)]
    pages = pairwise([len(before), *breaks, len(widths)])
    widest = sum(fixed) + max(sum(widths[first:last]) for first, last in pages)
    return ListSheet(
        name,
        head,
        rows.listed(),
        title=title,
        total=lambda _first, _last: rows.grand_total(),
        widths=widths,
        fixed_columns=len(before),
        breaks=breaks,
        scale=min(100, int(100 * _PAGE_WIDTH / widest)),
    )


def _number_width(number: Number | None) -> int:
    """Return the width of the column of a sum: a spreadsheet shows ### for what is wider."""
    return max(_NUMBER_WIDTH, len(plain_number(number or 0)) + 2)


class _TableRows:
    """The rows of a table: the units of each group, the groups below it, and its sum."""

    def __init__(self, total: Aggregate, paths: Sequence[CellPath], first: int) -> None:
        """Begin with the row number *first* of the sheet, counted from 1."""
        self._total = total
        self._paths = paths
        self._places = {path: place for place, path in enumerate(total.form.value_cells)}
        self._row = first
        self._sums = group_totals(total.addends, total.groups)
        self._units: dict[Group, list[UnitReport]] = {group: [] for group in self._sums}
        for unit in total.addends:
            self._units[total.groups[unit.name]].append(unit)
        self._below: dict[Group, list[Group]] = {group: [] for group in self._sums}
        for group in sorted(self._sums.keys() - {()}):
            self._below[group[:-1]].append(group)
        known = total.roll.groups.values() if total.roll else ()
        self._expected = Counter(group[:end] for group in known for end in range(len(group) + 1))
        self._ranges: list[tuple[int, int]] = []

    def listed(self) -> Iterator[Sequence[Value | Shown] | TotalRow]:
        """Yield the rows of all units and groups."""
        self._ranges = yield from self._group(())

    def grand_total(self) -> list[Value | Shown]:
        """Return the last row; the others were listed before."""
        cells: list[Value | Shown] = []
        for column, path in enumerate(self._paths, self._first_column):
            cell = self._total.cells[path]
            formula, is_short = _sum_formula(column, self._ranges), bool(cell.unread)
            cells.append(Shown(formula, True, cell.number or 0, cell.in_words(path), is_short))
        blank = [""] if self._total.has_levels else []
        return [*blank, f"合计（{len(self._total.included)} 家）", "", *cells]

    @property
    def _first_column(self) -> int:
        return 4 if self._total.has_levels else 3

    def _group(
        self, group: Group
    ) -> Generator[Sequence[Value | Shown] | TotalRow, None, list[tuple[int, int]]]:
        """Yield the rows of *group* without its sum; return the ranges of rows it consists of."""
        units = self._units[group]
        ranges = [(self._row, self._row + len(units) - 1)] if units else []
        self._row += len(units)
        level = ["/".join(group)] if self._total.has_levels else []
        for unit in units:
            organ = unit.head.organ if unit.head else ""
            numbers = (_shown(unit, self._places[path]) for path in self._paths)
            yield [*level, organ, unit.name, *numbers]
        for inner in self._below[group]:
            inner_ranges = yield from self._group(inner)
            if self._has_subtotal(inner):
                yield TotalRow(self._subtotal(inner, inner_ranges))
                inner_ranges = [(self._row, self._row)]
                self._row += 1
            ranges = _joined(ranges, inner_ranges)
        return ranges

    def _has_subtotal(self, group: Group) -> bool:
        """Return whether the sum of *group* is shown: not of one row, nor of so many groups."""
        several = self._sums[group].units > 1 or self._expected[group] > 1
        return several and len(self._below[group[:-1]]) <= _MOST_GROUPS

    def _subtotal(self, group: Group, ranges: Sequence[tuple[int, int]]) -> list[Value | Shown]:
        total, expected = self._sums[group], self._expected[group]
        lacking = f"，名册 {expected} 家" if expected > total.units else ""
        cells: list[Value | Shown] = []
        for column, path in enumerate(self._paths, self._first_column):
            number = _exact(total.numbers[self._places[path]])
            cells.append(Shown(_sum_formula(column, ranges), True, number))
        return ["/".join(group), f"{group[-1]}小计（{total.units} 家{lacking}）", "", *cells]


def _joined(
    ranges: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return *ranges* and then *others*, the last and the first made one if they touch."""
    if ranges and others and ranges[-1][1] + 1 == others[0][0]:
        return [*ranges[:-1], (ranges[-1][0], others[0][1]), *others[1:]]
    return [*ranges, *others]


def _sum_formula(column: int, ranges: Sequence[tuple[int, int]]) -> str:
    """Return the formula that adds up the rows of *ranges* in *column*.

    A function takes up to 255 arguments (ECMA-376 Part 1, 18.17.2.5), so many are put in groups.
    """
    letters = column_letters(column)
    terms = [
        f"{letters}{first}:{letters}{last}" if first < last else f"{letters}{first}"
        for first, last in ranges
    ]
    while len(terms) > _MOST_ARGUMENTS:
        parts = (terms[at : at + _MOST_ARGUMENTS] for at in range(0, len(terms), _MOST_ARGUMENTS))
        terms = [f"SUM({','.join(part)})" for part in parts]
    return f"=SUM({','.join(terms)})"


def _shown(unit: UnitReport, place: int) -> Value | Shown:
    """Return the cell of the number of *unit* at *place*, red if something is wrong with it."""
    number, stated = unit.numbers[place], unit.stated.get(place)
    comment = "" if stated is None else f"报告里填的总计是 {plain_number(stated)}，不是各项之和"
    if isinstance(number, Unread):
        shown = f"读不出：{number.text}" if number.text else "没有填"
        return Shown(shown, comment=comment, is_wrong=True)
    value = "/" if number is None else _exact(number)
    return Shown(value, comment=comment, is_wrong=True) if comment else value


def _exact(number: int | Decimal) -> int | Decimal:
    """Return *number*, a whole one as an int: a spreadsheet would show its zeros."""
    return int(number) if number == int(number) else number


def _head_of(paths: Sequence[CellPath], depth: int, first: int) -> Iterator[HeadCell]:
    """Yield the head of columns from *first* on: the keys of *paths*, joined where they are equal.

    The last key of each path is in the lowest row; a key without a level below spans the rest.
    """
    for level in range(depth):
        begin = 0
        while begin < len(paths):
            end = begin + 1
            keys = _levels(paths[begin], depth)
            while end < len(paths) and _levels(paths[end], depth)[: level + 1] == keys[: level + 1]:
                end += 1
            text = keys[level]
            if text is not None:
                rows = 1
                while level + rows < depth and keys[level + rows] is None:
                    rows += 1
                yield HeadCell(text, level, first + begin, rows, end - begin)
            begin = end


def _levels(path: CellPath, depth: int) -> tuple[str | None, ...]:
    """Return the keys of *path* below its table, one for each level; None continues the one above.

    The column is always on the last level.
    """
    *row, column = path.keys[1:]
    return (*row, *(None for _ in range(depth - len(row) - 1)), column)


def _breaks(paths: Sequence[CellPath], before: int) -> list[int]:
    """Return the columns after which a page ends, so that no row of the form is divided.

    *before* columns stand before those of *paths*.
    """
    if len(paths) <= _COLUMNS_PER_PAGE:
        return []
    breaks, begun = [], 0
    for number in range(1, len(paths)):
        is_new_row = paths[number].row != paths[number - 1].row
        width = sum(1 for path in paths[number:] if path.row == paths[number].row)
        if is_new_row and number + width - begun > _COLUMNS_PER_PAGE:
            breaks.append(number + before)
            begun = number
    return breaks


def _findings_sheet(total: Aggregate, remarks: Sequence[UnitFinding]) -> ListSheet:
    rows = [_finding_row(item.organ, item.name, item.told) for item in remarks]
    for unit in total.units:
        organ = unit.head.organ if unit.head else ""
        rows += [_finding_row(organ, unit.name, told) for told in unit.findings.all]
        if untold := unit.findings.untold:
            rows.append([organ, unit.name, "", "", f"另有 {untold} 条没有列出", "", ""])
    return ListSheet(
        FINDINGS_SHEET,
        head_cells(_FINDINGS_HEAD),
        rows,
        title="各单位的问题",
        widths=_widths(_FINDINGS_HEAD, rows),
    )


def _finding_row(organ: str, name: str, told: Told) -> list[Value]:
    label = told.severity.label
    return [organ, name, label, told.code, told.message, told.place, told.hint]


def _widths(head: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[float]:
    return [column_width(map(str, column)) for column in zip(head, *rows, strict=True)]
