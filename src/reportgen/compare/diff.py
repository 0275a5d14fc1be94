"""Two reports beside each other: two years of an organ, or two organs, cell by cell.

Each report is a folder or a finished file and may follow its own form; which cells of an earlier
form are which of a later one is data of the form (``former``).  A rate is that of 同比 in
placeholders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from reportgen.api import Checked, check_source
from reportgen.compare.content import significant
from reportgen.diagnostics import Diagnostic, Severity, first_error
from reportgen.files import NO_CACHE, Cache
from reportgen.finished import STANDARD_INPUT, ReadBack
from reportgen.forms import (
    Form,
    Library,
    Number,
    ValueKind,
    former_cells,
    growth_rate,
    match_sections,
    rounded,
    section_text,
)
from reportgen.model import CellPath, Report
from reportgen.pipeline import StrPath
from reportgen.problems import EnvironmentProblem, typed_path

_MOST_COMPARED = 40_000_000
"""The largest product of two lengths for which single characters are compared."""


class DiffHead(Struct, frozen=True):
    """What a report is: the head of a column."""

    organ: str
    year: int
    """0 if the report does not say it."""
    form: str
    title: str


class DiffCell(Struct, frozen=True):
    """A number of one report beside that of the other; None for a blank, or without such a cell."""

    cell: CellPath
    a: Number | None
    b: Number | None
    label: str
    """What it is called for people: its row, if it is the total of one, else its own name."""
    is_part: bool = False
    """Whether it is a part of a row that has a total."""
    unit: str = ""
    """The unit of an amount of money; empty for a count."""
    addends: tuple[CellPath, ...] = ()
    """The cells of the later form that add up to it, if the earlier form had one for them."""

    @property
    def change(self) -> Number | None:
        """By how much b is more than a, None without either."""
        return None if self.a is None or self.b is None else self.b - self.a

    @property
    def rate(self) -> Decimal | None:
        """The change in per cent of a, None if that is 0 or unknown."""
        return None if self.a is None or self.b is None else growth_rate(self.b, self.a)

    @property
    def shift(self) -> Decimal:
        """By how much the number is another one; a blank, or no such cell, is 0."""
        return Decimal(self.b or 0) - Decimal(self.a or 0)


class SectionText(Struct, frozen=True):
    """The text of a section in both reports."""

    section: str
    """The title in the form of b."""
    a: str
    b: str

    @property
    def same(self) -> float:
        """The share of equal characters in order, 0 to 1, of both texts; 0 without any text."""
        return _share(self.a, self.b)

    @property
    def percent(self) -> int:
        """The share in whole per cent; 100 only for texts that are equal."""
        return 100 if self.same == 1 else min(99, round(self.same * 100))


class ReportDiff(Struct, frozen=True):
    """Report b beside report a."""

    a: DiffHead
    b: DiffHead
    cells: tuple[DiffCell, ...]
    """Every cell of either form, in the order of the tables of b; then what only a has."""
    only_a: tuple[CellPath, ...]
    """The cells that the form of b does not have."""
    only_b: tuple[CellPath, ...]
    """The cells that the form of a does not have."""
    form: Form
    """The form of b, whose tables the cells stand in."""
    text: tuple[SectionText, ...]
    told: tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]] = ((), ())
    """What was guessed or not read of a finished file, the errors of a folder, and what templates
    of its own change: of a, of b."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What makes numbers of either report doubtful."""
        return (*self.told[0], *self.told[1])

    def shown(self) -> Iterator[DiffCell]:
        """Yield the cells that people look at: each row by its total, then its parts that changed.

        Of rows that only one form has there are the totals, and every cell of a row without one.
        """
        alone = frozenset((*self.only_a, *self.only_b))
        for _, group in groupby(self.cells, key=lambda item: item.cell.row):
            row = list(group)
            yield from (item for item in row if not item.is_part)
            yield from (i for i in row if i.is_part and i.shift and i.cell not in alone)

    def largest(self, count: int) -> list[DiffCell]:
        """Return the *count* cells of both forms that changed most; a blank counts as 0.

        A part of a row that alone makes the change of the total is told by the total.
        """
        alone = frozenset((*self.only_a, *self.only_b))
        totals = {item.cell.row: item.shift for item in self.cells if not item.is_part}
        changed = [
            item
            for item in self.shown()
            if item.shift
            and item.cell not in alone
            and not (item.is_part and item.shift == totals.get(item.cell.row))
        ]
        return sorted(changed, key=lambda item: abs(item.shift), reverse=True)[:count]


def diff_sources(
    a: StrPath | bytes, b: StrPath | bytes, library: Library | None = None, cache: Cache = NO_CACHE
) -> ReportDiff:
    """Return the report in *b* beside that in *a*: report folders or finished files of any kind.

    A finished file may also be its bytes.  *library* and *cache* are as in
    :func:`reportgen.check_folder`.
    Raises EnvironmentProblem if one of them cannot be read or holds no report.
    """
    one, other = (
        _opened(source, check_source(source, library, cache, check=False)) for source in (a, b)
    )
    found = diff_reports(one[0], one[1], other[0], other[1])
    return replace(found, told=(one[2], other[2]))


def _opened(
    source: StrPath | bytes, opened: Checked | ReadBack
) -> tuple[Report, Form, tuple[Diagnostic, ...]]:
    if opened.report is None or opened.form is None:
        name = STANDARD_INPUT if isinstance(source, bytes) else source
        message = f"{name} 里没有读出年度报告{first_error(opened.diagnostics)}"
        raise EnvironmentProblem(message, f"运行 reportgen check {typed_path(name)} 看看")
    of_templates = opened.own_templates if isinstance(opened, Checked) else ()
    told = tuple(
        item
        for item in opened.diagnostics
        if item.severity is Severity.ERROR
        or item in of_templates
        or (isinstance(opened, ReadBack) and item.cells)
    )
    return opened.report, opened.form, told


def diff_reports(a: Report, a_form: Form, b: Report, b_form: Form) -> ReportDiff:
    """Return report *b* beside report *a*, each with its form."""
    pairs = _Cells(a, a_form, b, b_form)
    return ReportDiff(
        _head(a),
        _head(b),
        tuple(pairs.all()),
        tuple(pairs.only_a),
        tuple(pairs.only_b),
        b_form,
        tuple(_texts(a, a_form, b, b_form)),
    )


def _head(report: Report) -> DiffHead:
    year = 0 if report.undated else report.year
    return DiffHead(report.organ, year, report.form, report.title)


class _Cells:
    """Pairs the cells of two reports, by name and by what the later form says of the earlier."""

    def __init__(self, a: Report, a_form: Form, b: Report, b_form: Form) -> None:
        self._a, self._a_form = a, a_form
        self._b, self._b_form = b, b_form
        to_b = former_cells(b_form, a_form.id, a_form.value_cells)
        to_a = former_cells(a_form, b_form.id, b_form.value_cells)
        self._a_names = {**to_b.names, **{old: new for new, old in to_a.names.items()}}
        """The cells of b → those of a with another name."""
        self._sums_b, self._sums_a = to_b.sums, to_a.sums
        """The cells of one report → those of the other that add up to them."""
        paired = {self._a_name(path) for path in b_form.value_cells} | self._sums_b.keys()
        self._total_rows = {f.id: {path.row for path in f.row_totals} for f in (a_form, b_form)}
        self.only_a = [path for path in a_form.value_cells if path not in paired]
        self.only_b = [path for path in b_form.value_cells if not self._is_known(path)]

    def _a_name(self, path: CellPath) -> CellPath:
        return self._a_names.get(path, path)

    def _is_known(self, path: CellPath) -> bool:
        return self._a_name(path) in self._a_form.value_cells or path in self._sums_a

    def all(self) -> Iterator[DiffCell]:
        """Yield every cell; a sum of the later form stands before the cells it consists of."""
        told: set[CellPath] = set()
        for path in self._b_form.value_cells:
            for old, parts in self._sums_b.items():
                if old.row not in told and path in parts:
                    told.add(old.row)
                    yield from self._row_of_sums(old.row)
            yield self._cell(path)
        for path in self.only_a:
            yield self._made(path, self._a_form, _number(self._a, path), None)

    def _row_of_sums(self, row: CellPath) -> Iterator[DiffCell]:
        for old, parts in self._sums_b.items():
            if old.row == row:
                numbers = _number(self._a, old), _sum(self._b, parts)
                yield self._made(old, self._a_form, *numbers, parts)

    def _cell(self, path: CellPath) -> DiffCell:
        number = _number(self._b, path)
        if parts := self._sums_a.get(path):
            return self._made(path, self._b_form, _sum(self._a, parts), number, parts)
        before = self._a_name(path)
        is_known = before in self._a_form.value_cells
        known = _number(self._a, before) if is_known else None
        return self._made(path, self._b_form, known, number)

    def _made(
        self,
        path: CellPath,
        form: Form,
        a: Number | None,
        b: Number | None,
        addends: tuple[CellPath, ...] = (),
    ) -> DiffCell:
        kind = form.value_cells[path].type
        unit = (kind.unit or "") if kind.kind == ValueKind.MONEY else ""
        is_total = path in form.row_totals
        label = path.row.within_table if is_total else path.within_table
        is_part = not is_total and path.row in self._total_rows[form.id]
        return DiffCell(path, a, b, f"{label}（{unit}）" if unit else label, is_part, unit, addends)


def _number(report: Report, path: CellPath) -> Number | None:
    cell = report.cells.get(path)
    return None if cell is None or cell.invalid else cell.number


def _sum(report: Report, parts: Sequence[CellPath]) -> Number | None:
    """Return the sum of *parts*; None if one of them was not read, or all are blank."""
    cells = [report.cells.get(path) for path in parts]
    known = [cell for cell in cells if cell and not cell.invalid]
    if len(known) < len(cells) or all(cell.number is None for cell in known):
        return None
    return sum(cell.amount for cell in known)


def _texts(a: Report, a_form: Form, b: Report, b_form: Form) -> Iterator[SectionText]:
    """Yield the text of every section that either report has, in the order of b's form."""
    ours, theirs = _sections(a, a_form), _sections(b, b_form)
    titles = {spec.id: spec.title for form in (a_form, b_form) for spec in form.sections}
    for name in dict.fromkeys((*theirs, *ours)):
        if ours.get(name) or theirs.get(name):
            yield SectionText(titles[name], ours.get(name, ""), theirs.get(name, ""))


def _sections(report: Report, form: Form) -> Mapping[str, str]:
    found = match_sections(form, report.narrative).found
    return {
        spec.id: section_text(found[spec.id], report.narrative) if spec.id in found else ""
        for spec in form.sections
    }


def _share(one: str, other: str) -> float:
    """Return the share of equal characters, in order, of two texts; blanks do not count."""
    ours, theirs = significant(one)[0], significant(other)[0]
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 1.0
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    if len(ours) * len(theirs) > _MOST_COMPARED:
        return matcher.quick_ratio()
    return matcher.ratio()


def diff_object(diff: ReportDiff) -> dict[str, object]:
    """Return *diff* as ``diff --to json`` prints it; the keys are stable."""
    return {
        "a": _head_object(diff.a),
        "b": _head_object(diff.b),
        "cells": [
            {
                "cell": str(item.cell),
                "a": item.a,
                "b": item.b,
                "change": item.change,
                "rate": None if item.rate is None else float(rounded(item.rate, 2)),
            }
            for item in diff.cells
        ],
        "only_a": [str(path) for path in diff.only_a],
        "only_b": [str(path) for path in diff.only_b],
        "text": [
            {"section": item.section, "same": _shown_share(item), "a": item.a, "b": item.b}
            for item in diff.text
        ],
    }


def _shown_share(text: SectionText) -> float:
    """Return the share in four decimals; 1 only for texts that are equal."""
    return 1.0 if text.same == 1 else min(0.9999, round(text.same, 4))


def _head_object(head: DiffHead) -> dict[str, object]:
    return {"单位": head.organ, "年度": head.year, "版式": head.form, "标题": head.title}
