"""The workbook of a sum (汇总明细.xlsx): the roll, each official table by unit, and the findings.

Every sum is a formula over the rows above it; its comment tells the largest addends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reportgen.forms import TableGrid, number_label
from reportgen.model import CellPath
from reportgen.source import column_letters
from reportgen.units.aggregate import Aggregate
from reportgen.units.reading import Told, UnitFinding, UnitNumber, UnitReport, Unread
from reportgen.writers.workbooks import (
    HeadCell,
    ListSheet,
    Shown,
    Value,
    column_width,
    head_cells,
    list_workbook,
)

ROLL_SHEET, FINDINGS_SHEET = "名册", "问题"
_ROLL_HEAD = ("序号", "单位", "来源", "报送情况", "计入汇总", "年度", "错误", "警告", "说明")
_FINDINGS_HEAD = ("单位", "来源", "级别", "编号", "问题", "位置", "处理")
_STATES = {
    "organ-missing": "没有报",
    "organ-twice": "重复",
    "organ-of-other-year": "年度不符",
    "organ-of-other-form": "版式不符",
    "organ-not-on-roll": "不在名册",
    "organ-left-out": "没有处理",
    "organ-copied": "与别家相同",
    "sum-among-units": "下级汇总",
}
"""What the sheet of the roll calls a unit with a finding, the first that applies."""
_UNIT_WIDTH, _SOURCE_WIDTH, _NUMBER_WIDTH = 24, 16, 7
_COLUMNS_PER_PAGE = 21
_SCALE = 55
"""The scale of a table that is printed on several pages side by side, in per cent."""


def sum_workbook(total: Aggregate, remarks: Sequence[UnitFinding], title: str) -> bytes:
    """Return the workbook of *total*, named *title*, with *remarks* in words."""
    return list_workbook(title, _sheets(total, remarks))


def _sheets(total: Aggregate, remarks: Sequence[UnitFinding]) -> Iterator[ListSheet]:
    yield _roll_sheet(total, remarks)
    for position, section in enumerate(total.form.sections, 1):
        if section.table:
            number = number_label(1, position)
            name = f"表{number.rstrip('、')}"
            yield _table_sheet(
                total, total.form.tables[section.table], name, number + section.title
            )
    yield _findings_sheet(total, remarks)


def _roll_sheet(total: Aggregate, remarks: Sequence[UnitFinding]) -> ListSheet:
    rows = list(_roll_rows(total, remarks))
    return ListSheet(
        ROLL_SHEET,
        head_cells(_ROLL_HEAD),
        rows,
        title=f"{total.year}年各单位报送情况：计入 {len(total.included)} 份",
        widths=_widths(_ROLL_HEAD, rows),
        fixed_columns=2,
    )


def _roll_rows(total: Aggregate, remarks: Sequence[UnitFinding]) -> Iterator[list[Value]]:
    """Yield a row for each report, each unit of the roll without one, and what was left out."""
    by_name = {unit.name: unit for unit in total.units}
    about: dict[str, list[UnitFinding]] = {name: [] for name in by_name}
    for item in remarks:
        about.setdefault(item.name, []).append(item)
    for number, (name, found) in enumerate(about.items(), 1):
        unit = by_name.get(name)
        head = unit.head if unit else None
        yield [
            number,
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
    places = [list(total.form.value_cells).index(path) for path in paths]
    depth = max(len(path.keys) for path in paths) - 1
    head = [HeadCell("单位", 0, 0, depth), HeadCell("来源", 0, 1, depth)]
    head += _head_of(paths, depth, 2)

    def sums(first: int, last: int) -> list[Value | Shown]:
        cells: list[Value | Shown] = [f"合计（{last - first + 1} 家）", ""]
        for column, path in enumerate(paths, 3):
            letters, cell = column_letters(column), total.cells[path]
            formula = f"=SUM({letters}{first}:{letters}{last})"
            comment, is_short = cell.in_words(path), bool(cell.unread)
            cells.append(Shown(formula, True, cell.number or 0, comment, is_short))
        return cells

    breaks = _breaks(paths)
    return ListSheet(
        name,
        head,
        (_table_row(unit, places) for unit in total.addends),
        title=title,
        total=sums,
        widths=[_UNIT_WIDTH, _SOURCE_WIDTH, *(_NUMBER_WIDTH for _ in paths)],
        fixed_columns=2,
        breaks=breaks,
        scale=_SCALE if breaks else 100,
    )


def _table_row(unit: UnitReport, places: Sequence[int]) -> list[Value | Shown]:
    organ = unit.head.organ if unit.head else ""
    return [organ, unit.name, *(_shown(unit.numbers[place]) for place in places)]


def _shown(number: UnitNumber) -> Value | Shown:
    if isinstance(number, Unread):
        return Shown(f"读不出：{number.text}" if number.text else "没有填", is_wrong=True)
    return "/" if number is None else _exact(number)


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


def _breaks(paths: Sequence[CellPath]) -> list[int]:
    """Return the columns after which a page ends, so that no row of the form is divided."""
    if len(paths) <= _COLUMNS_PER_PAGE:
        return []
    breaks, begun = [], 0
    for number in range(1, len(paths)):
        is_new_row = paths[number].row != paths[number - 1].row
        width = sum(1 for path in paths[number:] if path.row == paths[number].row)
        if is_new_row and number + width - begun > _COLUMNS_PER_PAGE:
            breaks.append(number + 2)
            begun = number
    return breaks


def _findings_sheet(total: Aggregate, remarks: Sequence[UnitFinding]) -> ListSheet:
    rows = [_finding_row(item.organ, item.name, item.told) for item in remarks]
    for unit in total.units:
        organ = unit.head.organ if unit.head else ""
        rows += [_finding_row(organ, unit.name, told) for told in unit.findings.told]
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
