"""Arithmetic identities (勾稽关系) between cells, and the cells that nothing can contradict.

The identities are data of the form.  This module evaluates them and reports those that do not
hold, with both sides; it never decides which cell is wrong.

A total that the program computed repeats its parts.  To find the numbers that no identity, no
sentence and no number of last year can contradict, every relation is therefore considered with
such totals replaced by their parts: a cell that then cancels out was not checked by it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from reportgen.checks.completeness import was_left_out
from reportgen.checks.lastyear import follows_previous
from reportgen.checks.quotes import typed_statements
from reportgen.checks.texts import Texts
from reportgen.diagnostics import Diagnostic, Finding, Label
from reportgen.forms import PREVIOUS, BoundIdentity, Form, Sum, plain_number
from reportgen.model import CellPath, Quantity, Report
from reportgen.source import Place

MAX_LABELS = 6
_MAX_NAMED = 3
_RELATION_WORDS = {"<=": "不大于", ">=": "不小于"}


def check_identities(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield one finding per identity that does not hold.

    An identity with a missing or unreadable cell is passed over: that cell has
    a finding of its own.  So is one whose cells are all computed: it can only
    repeat what is wrong with their parts.
    """
    yield from _unheld(form.identities, report, report.cells, form.totals)


def check_relations(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield one finding per relation that should hold: plausibility, and with last year.

    Last year's numbers take part when they are those of the year before.  A relation between
    totals that are all computed counts too: their parts need not have one.
    """
    unheld = list(_unheld(form.relations, report, cells_with_last_year(report), form.totals))
    yield from _without_repeats(unheld, report)


def cells_with_last_year(report: Report) -> dict[CellPath, Quantity]:
    """Return the cells of *report*, and below PREVIOUS those of the year before if it has them."""
    cells = dict(report.cells)
    if report.previous and follows_previous(report):
        cells |= {path.under(PREVIOUS): cell for path, cell in report.previous.cells.items()}
    return cells


def _without_repeats(found: list[Diagnostic], report: Report) -> Iterator[Diagnostic]:
    """Yield *found* but for a computed total when a number that it sums up is found as well."""
    typed_rows: set[tuple[str, CellPath]] = set()
    for item in found:
        typed = [cell for cell in _own(item) if not report.cells[cell].computed]
        typed_rows.update((item.code, cell.row) for cell in typed)
    for item in found:
        own = _own(item)
        is_computed = all(report.cells[cell].computed for cell in own)
        if not (is_computed and any((item.code, cell.row) in typed_rows for cell in own)):
            yield item


def _own(item: Diagnostic) -> list[CellPath]:
    """Return the cells of *item* that are this year's."""
    paths = map(CellPath.parse, item.cells)
    return [path for path in paths if path.table != PREVIOUS]


def _unheld(
    relations: Iterable[BoundIdentity],
    report: Report,
    known: Mapping[CellPath, Quantity],
    totals: Container[CellPath],
) -> Iterator[Diagnostic]:
    amounts = {name: cell.amount for name, cell in known.items() if not cell.invalid}
    readable = frozenset(amounts)
    computed = {name for name, cell in known.items() if cell.computed}
    for bound in relations:
        names = bound.identity.cells
        if not readable.issuperset(names):
            continue
        if bound.rule.kind == "identity" and computed.issuperset(names):
            continue
        if not bound.identity.holds(amounts) and bound.rule.applies(report.organ, report.kind):
            yield _broken(bound, {name: known[name] for name in names}, totals)


def _broken(
    bound: BoundIdentity, cells: Mapping[CellPath, Quantity], totals: Container[CellPath]
) -> Diagnostic:
    identity = bound.identity
    amounts = {name: cell.amount for name, cell in cells.items()}
    left, right = identity.left.value(amounts), identity.right.value(amounts)
    difference = left - right if left > right else right - left
    shown_left, shown_right = _side(identity.left, amounts), _side(identity.right, amounts)
    if bound.rule.kind != "identity":
        sides = f"这里是 {shown_left}，推算是 {shown_right}"
        expected, actual = shown_right, shown_left
    elif identity.is_total:
        sides = f"各项之和为 {plain_number(right)}，总计为 {plain_number(left)}"
        expected, actual = shown_right, shown_left
    else:
        sides = f"左边 {shown_left}，右边 {shown_right}"
        expected, actual = shown_left, shown_right
    if identity.relation != "=":
        expected, actual = f"{_RELATION_WORDS[identity.relation]} {shown_right}", shown_left
    primary, label = _primary(bound, cells)
    finding = Finding(
        bound.rule.slug,
        primary,
        bound.binding,
        label=label,
        labels=tuple(_labels(bound, cells, primary)),
        cells=identity.cells,
        expected=expected,
        actual=actual,
    )
    worded = bound.rule.word(finding)
    message = f"{_lead(worded.message)}{sides}，相差 {plain_number(difference)}"
    return replace(worded, message=message + _left_out(identity.cells, cells, totals))


def _left_out(
    names: Iterable[CellPath], cells: Mapping[CellPath, Quantity], totals: Container[CellPath]
) -> str:
    """Return the words that name the cells that were left out and count as 0, empty if none."""
    found = [name for name in names if name not in totals and was_left_out(cells[name])]
    if not found:
        return ""
    named = "、".join(f"“{name.within_table}”" for name in found)
    return f"；其中{named if len(found) <= _MAX_NAMED else f' {len(found)} 格'}没有填，按 0 计"


def _lead(message: str) -> str:
    """Return *message* with a colon behind it, unless it is a question."""
    return message if message.endswith("？") else f"{message}："


def _side(side: Sum, amounts: Mapping[CellPath, int | Decimal]) -> str:
    """Return a side as ``3（1 + 2）``, parts that are 0 left out."""
    signed = [term.sign * amounts[term.cell] for term in side.terms]
    parts = [part for part in (*signed, side.constant) if part]
    total = plain_number(side.value(amounts))
    if len(parts) < 2:
        return total
    terms = " + ".join(plain_number(part) for part in parts).replace("+ -", "- ")
    return f"{total}（{terms}）"


def _primary(bound: BoundIdentity, cells: Mapping[CellPath, Quantity]) -> tuple[Place | None, str]:
    """Return where to point: the total if it was typed, else the last typed cell."""
    typed = [name for name in bound.identity.cells if cells[name].span]
    if not typed:
        return None, ""
    total = bound.identity.left.terms[0].cell if bound.identity.is_total else None
    name = total if total in typed else typed[-1]
    return cells[name].span, _describe(name, cells[name])


def _labels(
    bound: BoundIdentity, cells: Mapping[CellPath, Quantity], primary: Place | None
) -> Iterator[Label]:
    shown = 0
    for name in bound.identity.cells:
        span = cells[name].span
        is_part = len(bound.identity.cells) <= MAX_LABELS or cells[name].amount
        if span and span != primary and is_part and shown < MAX_LABELS:
            shown += 1
            yield Label(span, _describe(name, cells[name]))


def _describe(path: CellPath, cell: Quantity) -> str:
    shown = path if path.table == PREVIOUS else path.within_table
    return f"{shown} {plain_number(cell.amount)}"


def unchecked_cells(report: Report, form: Form) -> tuple[CellPath, ...]:
    """Return the numbers typed in *report* that nothing could contradict, in table order.

    A mistyped digit in one of them is found by nobody but who reads it.  Numbers that could not
    be read have a finding of their own, and a stroke for no number says nothing.
    """
    cells = cells_with_last_year(report)
    known = {path: cell for path, cell in cells.items() if not cell.invalid}
    checked: set[CellPath] = set()
    for bound in (*form.identities, *form.relations):
        if _is_evaluated(bound, known) and bound.rule.applies(report.organ, report.kind):
            identity = bound.identity
            checked |= _parts(((1, identity.left), (-1, identity.right)), known, form)
    for total in typed_statements(report, form, Texts.of(report, form)):
        checked |= _parts(((1, total),), known, form)
    return tuple(
        path
        for path in form.value_cells
        if path not in checked and _is_typed(report.cells.get(path))
    )


def _is_evaluated(bound: BoundIdentity, known: Mapping[CellPath, Quantity]) -> bool:
    return bound.identity.relation == "=" and all(path in known for path in bound.identity.cells)


def _is_typed(cell: Quantity | None) -> bool:
    return bool(cell and not cell.invalid and not cell.computed and cell.number is not None)


def _parts(
    sums: Iterable[tuple[int, Sum]], known: Mapping[CellPath, Quantity], form: Form
) -> set[CellPath]:
    """Return the cells that do not cancel out of signed *sums*, computed totals taken apart."""
    weights: dict[CellPath, int] = {}
    for sign, total in sums:
        for term in total.terms:
            for weight, path in _taken_apart(sign * term.sign, term.cell, known, form):
                weights[path] = weights.get(path, 0) + weight
    return {path for path, weight in weights.items() if weight}


def _taken_apart(
    weight: int, path: CellPath, known: Mapping[CellPath, Quantity], form: Form
) -> Iterator[tuple[int, CellPath]]:
    """Yield the cells that *path* was worked out from, with their weights; itself if typed."""
    cell, bound = known.get(path), form.totals.get(path)
    if cell is None or not cell.computed or bound is None:
        yield weight, path
        return
    for term in bound.identity.right.terms:
        yield from _taken_apart(weight * term.sign, term.cell, known, form)
