"""Which numbers something else can contradict: an identity, last year's report, the text.

A total that the program worked out is only its parts in other words, so every relation is looked
at with such totals taken apart: what then cancels out was not checked by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reportgen.checks.identities import cells_with_last_year
from reportgen.checks.quotes import typed_statements
from reportgen.checks.texts import Texts
from reportgen.forms import BoundIdentity, Form, Sum
from reportgen.model import CellPath, Quantity, Report


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
