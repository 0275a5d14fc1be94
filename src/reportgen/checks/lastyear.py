"""Comparison with last year: every number for the signatory, odd jumps, copied sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import Texts
from reportgen.diagnostics import Diagnostic
from reportgen.forms import (
    PREVIOUS,
    Form,
    FormerCells,
    Number,
    Rule,
    TextPart,
    former_cells,
    growth_rate,
    match_sections,
    normalise_key,
    plain_number,
)
from reportgen.model import CellPath, Quantity, Report

_SHINGLE = 4


def follows_previous(report: Report) -> bool:
    """Return whether the report given as last year's is the one before: same organ, last year.

    One of an organ with another name counts when the author says why (``previous-organ``).
    """
    previous = report.previous
    if previous is None or previous.year != report.year - 1:
        return False
    names = {"previous-organ", "t504"}
    is_accepted = any(item.rule.strip().lower() in names for item in report.accepted)
    return is_accepted or is_same_organ(report.organ, previous.organ)


def is_same_organ(organ: str, other: str) -> bool:
    """Return whether two names may be of one organ: one holds the other, or one is not known."""
    one, two = normalise_key(organ), normalise_key(other)
    return one in two or two in one


def check_previous_year(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding when the report given as last year's is of another year or organ."""
    previous, span = report.previous, report.spans.get("上年")
    if previous is None:
        return
    if (rule := form.rule("previous-year")) and previous.year != report.year - 1:
        yield make_finding(
            rule,
            report,
            span,
            {"上年": previous.year},
            expected=str(report.year - 1),
            actual=str(previous.year),
        )
    rule = form.rule("previous-organ")
    if rule and not is_same_organ(report.organ, previous.organ):
        yield make_finding(
            rule,
            report,
            span,
            {"上年单位": previous.organ},
            expected=report.organ,
            actual=previous.organ,
        )


def check_previous_read(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each row of last year's finished file that a relation lacks.

    The relation is left out, which must not look as if it held.  Errors of last year's folder
    are told as such (``previous-has-errors``).
    """
    rule, previous = form.rule("previous-unread"), report.previous
    if rule is None or previous is None or previous.spans or not follows_previous(report):
        return
    lacking: dict[tuple[CellPath, CellPath], list[CellPath]] = {}
    for bound in form.relations:
        own = [path for path in bound.identity.cells if path.table != PREVIOUS]
        for path in bound.identity.cells:
            then = CellPath(path.keys[1:])
            cell = previous.cells.get(then) if path.table == PREVIOUS else None
            if own and cell and cell.invalid:
                lacking.setdefault((then.row, own[0].row), []).append(then)
    for (there, here), cells in lacking.items():
        paths = tuple(dict.fromkeys(cells))
        values = {"上年行": there.within_table, "行": here.within_table}
        place = next((q.span for p, q in report.cells.items() if p.row == here and q.span), None)
        found = make_finding(rule, report, place or report.spans.get("上年"), values)
        yield replace(found, cells=tuple(path.under(PREVIOUS) for path in paths))


def without_unread_rows(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return *found* without rows missing in last year's file of which it says what they do."""
    told = {cell for item in found if item.slug == "previous-unread" for cell in item.cells}
    return [
        item
        for item in found
        if item.slug != "published-row-missing"
        or not {CellPath.parse(cell).under(PREVIOUS) for cell in item.cells} <= told
    ]


def check_outliers(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each row total or single number far from last year's (``outlier``)."""
    previous = report.previous
    if previous is None or not follows_previous(report):
        return
    compared, then = _compared(form), last_years_cells(report, form)
    for rule in form.rules:
        if rule.kind != "outlier" or not rule.applies(report.organ, report.kind):
            continue
        for name, cell in report.cells.items():
            before = then.get(name)
            if before and name in compared and _is_far(cell, before, rule):
                values = {"格": name, "今": _shown(cell), "昔": _shown(before)}
                yield make_finding(
                    rule, report, cell.span, values, cells=(name,), actual=_shown(cell)
                )


def check_unchanged(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each large number that equals last year's (kind ``unchanged``).

    It is about the columns of the rule's options, and numbers that reach its limit.
    """
    previous = report.previous
    if previous is None or not follows_previous(report):
        return
    then = last_years_cells(report, form)
    for rule in form.rules:
        if rule.kind != "unchanged" or not rule.applies(report.organ, report.kind):
            continue
        for name, cell in report.cells.items():
            before = then.get(name)
            if before is None or name.column not in rule.options["columns"] or cell.invalid:
                continue
            if not before.invalid and cell.amount == before.amount >= rule.limit:
                row = name.row if name in form.row_totals else name
                values = {"格": row.within_table, "今": _shown(cell)}
                yield make_finding(rule, report, cell.span, values, cells=(name,))


def last_years_cells(report: Report, form: Form) -> dict[CellPath, Quantity]:
    """Return the cells of last year's report by what they are called in *form*, this year's."""
    previous = report.previous
    if previous is None:
        return {}
    former = former_cells(form, previous.form, previous.cells)
    names = ((path, former.name(path)) for path in form.value_cells)
    return {path: previous.cells[then] for path, then in names if then in previous.cells}


def _compared(form: Form) -> set[CellPath]:
    """Return the cells that represent their row: its total, or the cells of a row without one."""
    rows = {path.row for path in form.row_totals}
    return {*form.row_totals, *(path for path in form.value_cells if path.row not in rows)}


def _is_far(cell: Quantity, before: Quantity, rule: Rule) -> bool:
    if cell.invalid or before.invalid:
        return False
    low, high = sorted((abs(float(cell.amount)), abs(float(before.amount))))
    return high - low >= float(rule.options.get("least", 100)) and high >= rule.limit * low > 0


def _shown(cell: Quantity) -> str:
    return plain_number(cell.amount)


class ComparedCell(Struct, frozen=True):
    """A number of this year beside last year's; None where a report does not have it."""

    cell: CellPath
    value: Number | None
    last_year: Number | None
    label: str
    """The name shown to the user: that of its row if it is the total, else its own.

    Empty for a part of a row that has a total.
    """
    addends: tuple[CellPath, ...] = ()
    """The cells that add up to it, if last year's form had one cell for them; ``cell`` is that."""

    @property
    def change(self) -> Number | None:
        """The difference from last year; None if either number is missing."""
        if self.value is None or self.last_year is None:
            return None
        return self.value - self.last_year

    @property
    def rate(self) -> Decimal | None:
        """The change in per cent of last year's number, None when that is 0 or unknown."""
        if self.value is None or self.last_year is None:
            return None
        return growth_rate(self.value, self.last_year)


def compare_with_last_year(report: Report, form: Form) -> tuple[ComparedCell, ...]:
    """Return every number of *form* beside that of ``report.previous``, in table order.

    Last year's is the one of the same name, or of that which its form had for it; None where it had
    none.  A cell of last year's form that is several by now stands before them, beside their sum.
    """
    previous = report.previous
    before = last_years_cells(report, form)
    former = former_cells(form, previous.form, previous.cells) if previous else FormerCells()
    shown = _compared(form)
    totals = {*form.row_totals}
    found: list[ComparedCell] = []
    told: set[CellPath] = set()
    for path in form.value_cells:
        for old, parts in former.sums.items():
            if path in parts and old.row not in told:
                told.add(old.row)
                found += _row_of_sums(old.row, former, report, totals)
        label = path.row if path in totals else path
        found.append(
            ComparedCell(
                path,
                _number(report.cells.get(path)),
                _number(before.get(path)),
                label.within_table if path in shown else "",
            )
        )
    return tuple(found)


def _row_of_sums(
    row: CellPath, former: FormerCells, report: Report, totals: Set[CellPath]
) -> Iterator[ComparedCell]:
    """Yield the cells of last year's *row*, which is several rows by now, beside their sums."""
    then = report.previous.cells if report.previous else {}
    for old, parts in former.sums.items():
        if old.row == row:
            numbers = [_number(report.cells.get(path)) for path in parts]
            known = [number for number in numbers if number is not None]
            value = sum(known) if known and len(known) == len(numbers) else None
            label = row.within_table if totals >= {*parts} else ""
            yield ComparedCell(old, value, _number(then.get(old)), label, parts)


def _number(cell: Quantity | None) -> Number | None:
    return None if cell is None or cell.invalid else cell.number


def check_copied(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each section that is nearly last year's (kind ``copied``)."""
    if report.previous is None:
        return
    sections = match_sections(form, report.narrative).found
    bodies = _bodies(texts)
    before = _bodies(Texts.of(report.previous, form))
    for rule in form.rules:
        if rule.kind != "copied":
            continue
        for name in rule.sections:
            now, then = bodies.get(name, ""), before.get(name, "")
            if min(len(now), len(then)) < int(rule.options.get("least", 60)):
                continue
            share = similarity(now, then)
            if share >= rule.limit:
                section = sections[name]
                values = {"节": section.title, "占比": f"{share * 100:.0f}%"}
                yield make_finding(rule, report, section.span, values)


def _bodies(texts: Texts) -> dict[str, str]:
    """Return the running text of each section, numbers and blanks aside."""
    bodies: dict[str, str] = {}
    for text in texts.all:
        if text.part in (TextPart.PARAGRAPH, TextPart.ITEM):
            bodies[text.section] = bodies.get(text.section, "") + text.text
    return {name: re.sub(r"[\d\s]+", "", body) for name, body in bodies.items()}


def similarity(first: str, second: str) -> float:
    """Return how much two texts have in common, 0 to 1, by their runs of four characters."""
    one, other = _shingles(first), _shingles(second)
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _shingles(text: str) -> Counter[str]:
    return Counter(text[i : i + _SHINGLE] for i in range(max(0, len(text) - _SHINGLE + 1)))
