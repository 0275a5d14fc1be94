"""Numbers the author may leave out: totals are computed, and omitted cells may count as 0."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.forms.form import Form
from reportgen.forms.rules import BoundIdentity
from reportgen.model import CellPath, Quantity


def complete_cells(
    form: Form, cells: Mapping[CellPath, Quantity], *, zero_missing: bool
) -> dict[CellPath, Quantity]:
    """Return *cells* with every absent total computed, as far as its parts are known.

    With *zero_missing* an omitted cell that is no total counts as 0 (缺省: 0).
    A cell the author typed is never changed.
    """
    full = dict(cells)
    if zero_missing:
        for name in form.value_cells:
            if name not in form.totals and name not in full:
                full[name] = Quantity(0, computed=True)
    pending = [name for name in form.totals if name not in full]
    while pending:
        rest = [name for name in pending if not _fill(name, form.totals[name], full)]
        if len(rest) == len(pending):  # only now by the other identities they are the total of
            rest = [name for name in pending if not _fill_otherwise(form, name, full)]
        if len(rest) == len(pending):
            return full
        pending = rest
    return full


def _fill(name: CellPath, bound: BoundIdentity, cells: dict[CellPath, Quantity]) -> bool:
    """Compute the total *name* if *bound* has all its parts; return whether it could."""
    parts = bound.identity.right
    if not all(term.cell in cells for term in parts.terms):
        return False
    amounts = {term.cell: cells[term.cell].amount for term in parts.terms}
    broken = any(cells[term.cell].invalid for term in parts.terms)
    cells[name] = Quantity(parts.value(amounts), computed=True, invalid=broken)
    return True


def _fill_otherwise(form: Form, name: CellPath, cells: dict[CellPath, Quantity]) -> bool:
    bounds = (b for b in form.identities if b.rule.fills and b.identity.left.terms[0].cell == name)
    return any(_fill(name, bound, cells) for bound in bounds)
