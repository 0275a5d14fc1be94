"""The numbers that a chart names: ``申请.本年新收``, ``上年.申请.*.总计``, ``合计(…)``.

A path leads to one cell, to a whole row, or with ``*`` to the cells of a column.  Totals are left
out of whole rows and columns, because they would dwarf their parts; they are drawn where they are
named.  Each number is that of its cell, as the table prints it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from reportgen.charts import Point
from reportgen.forms import Form, nearest_key, normalise_key, plain_number, show_quantity
from reportgen.model import CellPath, Quantity, Report

PREVIOUS = "上年"
_ANY = "*"
_LONGEST = 200
"""A path of more characters leads nowhere; it could hold sums of sums without end."""
_STEP = re.compile(r"[./]")
_OTHER_STEP = re.compile(r"[./。、\-—>→|\\]+")
_BRACKETS = re.compile(r"[\[\](){}【】〔〕“”‘’\"']")
"""What people write around a key or between keys; NFKC has made the full-width ones half-width."""
_LAST_YEAR = ("去年", "上年度", "上一年", "上一年度", "去年度", "前一年")
_SUM = re.compile(r"合计\s*\((.+)\)")

Tree: TypeAlias = Mapping[str, Any]
"""The numbers of the tables by their keys, a mapping for each level."""


class TableNumber(Struct, frozen=True):
    """The number of one cell, or a sum of several."""

    path: CellPath
    year: int
    point: Point
    unit: tuple[str, str | None]
    """What is counted: the kind of the value and its unit."""
    is_row_total: bool = False
    is_in_total_row: bool = False


class Found(Struct, frozen=True):
    """What a path leads to."""

    numbers: tuple[TableNumber, ...]
    is_many: bool
    """Whether the path is that of a whole row or column."""


class PathProblem(Exception):  # noqa: N818 - it is reported, not propagated
    """A path that leads to no number; ``wording`` and ``values`` are those of the finding."""

    def __init__(self, wording: str, **values: object) -> None:
        super().__init__(wording)
        self.wording = wording
        self.values = values


class ChartNumbers:
    """The numbers of a report and, where it is known, of the report of the year before."""

    def __init__(self, own: Tree | None = None, previous: Tree | None = None) -> None:
        """Hold the numbers of the report, and of last year's; None for no report."""
        self._trees = {False: own or {}}
        if previous is not None:
            self._trees[True] = previous

    @classmethod
    def of(cls, report: Report, form: Form, previous_form: Form | None = None) -> ChartNumbers:
        """Return the numbers of *report*, and of last year's, read with *previous_form*."""
        previous = report.previous if previous_form else None
        before = _tree(previous, previous_form) if previous and previous_form else None
        return cls(_tree(report, form), before)

    def find(self, typed: str) -> Found:
        """Return what *typed* leads to; raises PathProblem if it leads to no number."""
        text = unicodedata.normalize("NFKC", typed).strip()
        if len(text) > _LONGEST:
            raise PathProblem("unknown", 名称=typed, 相近="")
        if "," in text:  # NFKC has made it one of those that part items in YAML
            raise PathProblem("comma", 名称=typed.strip())
        try:
            return self._find(text, typed)
        except PathProblem as problem:
            if problem.wording == "unknown" and (meant := self._meant(text)):
                raise PathProblem("unknown", 名称=typed.strip(), 相近=meant) from problem
            raise

    def _meant(self, text: str) -> str:
        """Return the path that *text* is with other marks or another word for 上年; or nothing."""
        steps = [step.strip() for step in _OTHER_STEP.split(_BRACKETS.sub(".", text))]
        steps = [step for step in steps if step]
        if steps and steps[0] in _LAST_YEAR:
            steps[0] = PREVIOUS
        path = ".".join(steps)
        try:
            self._find(path, path)
        except PathProblem as problem:
            return "" if problem.wording == "unknown" else path
        return path

    def _find(self, text: str, typed: str) -> Found:
        """Return what *text* leads to, which was *typed* so."""
        if sum_of := _SUM.fullmatch(text):
            return Found((_sum(self._find(sum_of[1], typed).numbers),), is_many=False)
        steps = [step.strip() for step in _STEP.split(text)]
        is_previous = steps[0] == PREVIOUS
        if is_previous and is_previous not in self._trees:
            raise PathProblem("previous")
        steps = steps[is_previous:]
        numbers = tuple(_walk(self._trees[is_previous], steps, ()))
        is_many = len(numbers) > 1 or _ANY in steps
        if not numbers:
            raise PathProblem("unknown", 名称=typed, 相近="")
        return Found(numbers, is_many)


def _tree(report: Report, form: Form) -> Tree:
    totals = {path.row for path in form.totals if path not in form.row_totals}
    tree: dict[str, Any] = {}
    for path, cell in form.value_cells.items():
        level = tree
        for key in path.keys[:-1]:
            level = level.setdefault(key, {})
        quantity = report.cells.get(path, Quantity(None))
        is_there = quantity.number is not None and not quantity.invalid
        level[path.column] = TableNumber(
            path,
            report.year,
            Point(quantity.number, show_quantity(quantity, cell.type)) if is_there else Point(None),
            (cell.type.kind, cell.type.unit),
            path in form.row_totals,
            path.row in totals,
        )
    return tree


def _walk(node: Tree | TableNumber, steps: Sequence[str], done: Sequence[str]) -> Iterator[Any]:
    """Yield the numbers to which *steps* lead from *node*, to which *done* have led."""
    if isinstance(node, TableNumber):
        if steps:
            raise PathProblem("unknown", 名称=".".join(steps), 相近="", 上级=".".join(done))
        yield node
    elif not steps:
        yield from _row(node, done)
    elif steps[0] == _ANY:
        for key, below in node.items():
            if isinstance(below, Mapping):
                yield from _column_part(below, steps[1:], (*done, key))
            elif not below.is_row_total:
                yield from _walk(below, steps[1:], (*done, key))
    else:
        key, rest = _next_key(node, steps, done)
        yield from _walk(node[key], rest, (*done, key))


def _row(node: Tree, done: Sequence[str]) -> Iterator[TableNumber]:
    """Yield the numbers of a whole row without its total."""
    numbers = list(node.values())
    if not all(isinstance(number, TableNumber) for number in numbers):
        raise PathProblem("group", 名称=".".join(done), 下级="、".join(list(node)[:6]))
    yield from (number for number in numbers if not number.is_row_total)


def _column_part(node: Tree, steps: Sequence[str], done: Sequence[str]) -> Iterator[TableNumber]:
    """Yield what a row or group has in the column *steps*; a row without it is none of it."""
    try:
        found = list(_walk(node, steps, done))
    except PathProblem:
        return
    yield from (number for number in found if not number.is_in_total_row)


def _next_key(node: Tree, steps: Sequence[str], done: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the key of *node* that *steps* begin with, and the rest; a key may contain ``/``."""
    known = {normalise_key(key): key for key in reversed(list(node))}
    for count in (1, 2):
        name = normalise_key("/".join(steps[:count]))
        if name in known:
            return known[name], steps[count:]
    near = nearest_key(steps[0], list(node)) or ""
    raise PathProblem("unknown", 名称=steps[0], 相近=near, 上级=".".join(done))


def _sum(numbers: Sequence[TableNumber]) -> TableNumber:
    """Return the sum of *numbers*; it is missing if one of them is."""
    first = numbers[0]
    if len({number.unit for number in numbers}) > 1:
        raise PathProblem("units")
    amounts = [number.point.number for number in numbers]
    total = None if None in amounts else sum(amount or 0 for amount in amounts)
    point = Point(None) if total is None else Point(total, plain_number(total))
    return TableNumber(_shared(numbers).path, first.year, point, first.unit)


def names_of(numbers: Sequence[TableNumber]) -> list[str]:
    """Return a name for each of *numbers*: the keys, and the year, in which they differ.

    A single number is called by its row.
    """
    if len(numbers) == 1:
        only = numbers[0].path.keys
        return ["".join(only[1:-1] or only)]
    keys = [list(number.path.keys) for number in numbers]
    while all(len(key) > 1 and key[0] == keys[0][0] for key in keys):
        keys = [key[1:] for key in keys]
    while all(len(key) > 1 and key[-1] == keys[0][-1] for key in keys):
        keys = [key[:-1] for key in keys]
    are_years = len({number.year for number in numbers}) > 1
    if are_years and all(key == keys[0] for key in keys):
        return [f"{number.year}年" for number in numbers]
    rows = ["".join(number.path.keys[1:-1]) for number in numbers]
    is_plain = len({number.path.table for number in numbers}) > 1 and len({*rows, ""}) > len(rows)
    names = rows if is_plain else ["".join(key) for key in keys]
    if not are_years:
        return names
    return [f"{number.year}年{name}" for number, name in zip(numbers, names, strict=True)]


def series_names(rows: Sequence[Sequence[TableNumber]]) -> list[str]:
    """Return a name for each of *rows*, whole rows or columns: what all numbers of it share."""
    if len(rows) == 1:
        return [""]
    shared = [_shared(row) for row in rows]
    return names_of(shared)


def _shared(numbers: Sequence[TableNumber]) -> TableNumber:
    """Return a number whose path is the keys that all of *numbers* share."""
    paths = [number.path.keys for number in numbers]
    common = [keys[0] for keys in zip(*paths, strict=False) if len(set(keys)) == 1]
    first = numbers[0]
    return TableNumber(CellPath(common), first.year, first.point, first.unit)
