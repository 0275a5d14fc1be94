"""Comparisons as web pages: both sides beside each other, what differs marked and listed.

The pages are made by the templates ``verify.html.j2`` and ``diff.html.j2``.  They load nothing and
run nothing.  The templates of a report folder are not used: the page shows what is wrong with the
folder.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial

from reportgen.compare.alignment import align_cells
from reportgen.compare.content import Passage, Row, Unit, joined
from reportgen.compare.diff import DiffCell, DiffHead, ReportDiff
from reportgen.compare.differences import (
    Altered,
    Comparison,
    Difference,
    DifferenceKind,
    Matched,
    differing,
)
from reportgen.compare.verify import Verified
from reportgen.forms import Form, Library, Number, TableGrid, plain_number, rounded
from reportgen.problems import EnvironmentProblem
from reportgen.sandbox import Evaluation, Sandbox, run_pieces

VERIFY_PAGE, DIFF_PAGE = "verify.html.j2", "diff.html.j2"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STEPS, _MARKUP, _COPIES = 400, 2_000, 20
"""The bounds for each unit: expressions, characters of markup, copies of its text."""


def render_page(name: str, form: Form, library: Library, data: Mapping[str, object]) -> str:
    """Return the page that the template *name* makes of *data*.

    Raises EnvironmentProblem if the template is missing or wrong.
    """
    files = partial(library.text, form)
    template = files(name)
    if template is None:
        raise EnvironmentProblem(f"安装不完整：缺少模板 {name}", "请重新安装 reportgen")
    parts, size = _measured(data)
    bounds = Evaluation(files=files)
    bounds.max_steps += parts * _STEPS
    bounds.max_size += parts * _MARKUP + size * _COPIES
    return "".join(run_pieces(_environment(), template, data, bounds))


@cache
def _environment() -> Sandbox:
    return Sandbox({}, {}, autoescape=lambda _: True, clean=_clean)


def _clean(text: str, _escaped: bool) -> str:
    return _UNPRINTABLE.sub("", text)


def _measured(data: object) -> tuple[int, int]:
    """Return how many values *data* holds, and how many characters."""
    if isinstance(data, str):
        return 1, len(data)
    values: Iterable[object] = ()
    if isinstance(data, Mapping):
        values = data.values()
    elif isinstance(data, list | tuple):
        values = data
    sizes = [_measured(value) for value in values]
    return 1 + sum(parts for parts, _ in sizes), sum(size for _, size in sizes)


def verify_page(verified: Sequence[Verified], library: Library) -> str:
    """Return *verified*, one file at least, as a page: data on the left, each file on the right."""
    against = verified[0].against
    report = against.checked.report
    names = {
        "title": report.title if report else "",
        "folder": str(against.checked.folder),
        "files": [_file(number, one) for number, one in enumerate(verified, 1)],
    }
    return render_page(VERIFY_PAGE, against.form, library, names)


def _file(number: int, one: Verified) -> dict[str, object]:
    """Return what the template needs of a file; findings are numbered from 1 in each file."""
    numbers = {id(item): place for place, item in enumerate(one.differences, 1)}
    findings = [
        {
            "number": numbers[id(item)],
            "message": told.message,
            "hint": told.hint,
            "code": told.code,
            "document": item.document.place.place if item.document.place else "",
            "data": item.data.place.place if item.data.place else "",
        }
        for item, told in zip(one.differences, one.diagnostics, strict=True)
    ]
    here, elsewhere = _with_places(one.comparison)
    lines = []
    for line, others in here:
        pictures = [item for item in others if item.kind is DifferenceKind.PICTURE]
        lines += [_picture_line(item, numbers[id(item)]) for item in pictures]
        found = [*(item for item in others if item not in pictures), *line.differences]
        lines.append(_line(line, sorted(numbers[id(item)] for item in found)))
    left = {numbers[id(item)] for item in elsewhere}
    return {
        "number": number,
        "name": one.file.name,
        "findings": findings,
        "elsewhere": [item for item in findings if item["number"] in left],
        "lines": lines,
    }


def _with_places(
    comparison: Comparison,
) -> tuple[list[tuple[Matched, list[Difference]]], list[Difference]]:
    """Return each line with what differs beside the text there, and what is elsewhere.

    A picture comes with the line that follows it, other things with the line that they are in.
    """
    here: list[tuple[Matched, list[Difference]]] = [(line, []) for line in comparison.lines]
    starts = [
        (place.order, number)
        for number, line in enumerate(comparison.lines)
        if line.document and (place := line.document[0].place)
    ]
    elsewhere: list[Difference] = []
    for item in comparison.others:
        place = item.document.place
        if place is None or not comparison.whereabouts.is_in_text(place) or not starts:
            elsewhere.append(item)
            continue
        is_picture = item.kind is DifferenceKind.PICTURE
        search = bisect_left if is_picture else bisect_right
        found = search(starts, place.order, key=lambda start: start[0]) - (not is_picture)
        here[starts[min(max(found, 0), len(starts) - 1)][1]][1].append(item)
    return here, elsewhere


def _picture_line(item: Difference, number: int) -> dict[str, object]:
    """Return the line of a picture that differs, with what it is called on both sides."""
    data, document = (
        [] if side.value is None else [_cell(f"图片：{side.value or '没有图题'}", is_changed=True)]
        for side in (item.data, item.document)
    )
    state = "changed" if data and document else "one-sided"
    return {
        "is_row": False,
        "state": state,
        "numbers": [number],
        "data": data,
        "document": document,
    }


def _line(line: Matched, numbers: Sequence[int]) -> dict[str, object]:
    is_row = isinstance((line.data or line.document)[0], Row)
    state = "same"
    if numbers or line.is_moved:
        state = "changed" if line.data and line.document else "one-sided"
    data, document = _row_pieces(line) if is_row else _text_pieces(line)
    return {
        "is_row": is_row,
        "state": state,
        "numbers": numbers,
        "data": data,
        "document": document,
    }


def _row_pieces(line: Matched) -> tuple[list[object], list[object]]:
    """Return the cells of a row on both sides, each with whether it differs."""
    ours, theirs = (side[0] if side else None for side in (line.data, line.document))
    if isinstance(ours, Row) and isinstance(theirs, Row):
        changed = {(i.data.value, i.document.value) for i in line.differences}
        pairs = [
            (cell.text if cell else "", found.text if found else "")
            for cell, found in align_cells(ours, theirs)
            if (cell and not cell.is_repeated) or (found and found.key and not cell)
        ]
        marked = [pair in changed for pair in pairs]
        return (
            [_cell(text, mark) for (text, _), mark in zip(pairs, marked, strict=True)],
            [_cell(text, mark) for (_, text), mark in zip(pairs, marked, strict=True)],
        )
    return _whole_row(ours), _whole_row(theirs)


def _cell(text: str, is_changed: bool) -> dict[str, object]:
    return {"text": text, "changed": is_changed}


def _whole_row(row: Unit | None) -> list[object]:
    if not isinstance(row, Row):
        return []
    return [_cell(cell.text, is_changed=True) for cell in row.cells if not cell.is_repeated]


def _text_pieces(line: Matched) -> tuple[list[object], list[object]]:
    """Return the text of both sides in pieces, each with whether it differs."""
    ours, theirs = (
        joined([unit for unit in side if isinstance(unit, Passage)]).text if side else ""
        for side in (line.data, line.document)
    )
    if not line.stretches:
        is_changed = bool(line.differences) or line.is_moved
        return [_cell(ours, is_changed)], [_cell(theirs, is_changed)]
    return (
        list(_pieces(ours, [(item.start, item.end) for item in line.stretches])),
        list(_pieces(theirs, [_other(item) for item in line.stretches])),
    )


def _other(item: Altered) -> tuple[int, int]:
    return item.other_start, item.other_end


def _pieces(text: str, changed: Iterable[tuple[int, int]]) -> Iterator[dict[str, object]]:
    offset = 0
    for start, end in changed:
        if text[offset:start]:
            yield _cell(text[offset:start], is_changed=False)
        if text[start:end]:
            yield _cell(text[start:end], is_changed=True)
        offset = max(offset, end)
    if text[offset:]:
        yield _cell(text[offset:], is_changed=False)


_LINE, _LABEL, _BARS, _VALUE = 34, 320, 380, 120
"""The chart, in pixels: the height of a row, the widths of its labels, bars and numbers."""


def diff_page(diff: ReportDiff, library: Library, top: int = 0) -> str:
    """Return *diff* as a page: a table and a chart for each official table, the texts, what is new.

    With *top* the page begins with so many of the largest changes.
    """
    shown = list(diff.shown())
    names = {
        "a": _head(diff.a),
        "b": _head(diff.b),
        "top": [_numbers(diff, item) for item in diff.largest(top)] if top else [],
        "tables": [
            _table(diff, grid, [item for item in shown if item.cell.table == grid.key])
            for grid in diff.form.tables.values()
        ],
        "sections": [
            {"title": item.section, "same": f"{item.percent}%", **_both(item.a, item.b)}
            for item in diff.text
        ],
    }
    return render_page(DIFF_PAGE, diff.form, library, names)


def _head(head: DiffHead) -> dict[str, object]:
    return {"organ": head.organ, "year": head.year, "title": head.title}


def _both(one: str, other: str) -> dict[str, object]:
    changed = list(differing(one, other)) if one and other else []
    return {
        "data": list(_pieces(one, [(item.start, item.end) for item in changed])),
        "document": list(_pieces(other, map(_other, changed))),
    }


def _table(diff: ReportDiff, grid: TableGrid, cells: Sequence[DiffCell]) -> dict[str, object]:
    bars = [item for item in cells if (item.a or item.b) and not (item.unit or item.is_part)]
    return {
        "title": grid.title,
        "rows": [_numbers(diff, item) for item in cells],
        "chart": _chart(bars),
    }


def _numbers(diff: ReportDiff, item: DiffCell) -> dict[str, object]:
    change = item.change
    rate = None if item.rate is None else rounded(item.rate, 2)
    state = "only-a" if item.cell in diff.only_a else "only-b" if item.cell in diff.only_b else ""
    return {
        "name": item.label,
        "part": item.cell.column if item.is_part else "",
        "table": item.cell.table,
        "a": _plain(item.a),
        "b": _plain(item.b),
        "change": "" if change is None else f"{change:+}" if change else "0",
        "rate": "" if rate is None else f"{rate:+}%" if rate else f"{rate}%",
        "direction": "up" if change and change > 0 else "down" if change else "",
        "state": state,
    }


def _plain(number: Number | None) -> str:
    return "" if number is None else plain_number(number)


def _chart(cells: Sequence[DiffCell]) -> dict[str, object] | None:
    """Return the bars of *cells*, counts all, None without any; the longest is the largest."""
    sizes = (abs(Decimal(n)) for item in cells for n in (item.a, item.b) if n)
    largest = max(sizes, default=Decimal(0))
    if not largest:
        return None
    bars = [
        {
            "name": item.label,
            "top": number * _LINE,
            "a": _bar(item.a, largest),
            "b": _bar(item.b, largest),
        }
        for number, item in enumerate(cells)
    ]
    width = _LABEL + _BARS + _VALUE
    return {"width": width, "height": len(cells) * _LINE, "bars": bars, "label": _LABEL}


def _bar(number: Number | None, largest: Decimal) -> dict[str, object]:
    length = 0.0 if number is None else float(abs(Decimal(number)) / largest) * _BARS
    return {
        "length": round(length, 1),
        "end": round(_LABEL + length + 6, 1),
        "text": _plain(number),
    }
