"""Numbers that may not be what the author meant: left out and taken for 0, or without a unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reportgen.checks.findings import make_finding
from reportgen.diagnostics import Diagnostic
from reportgen.forms import UNITS, Form, GridCell, ValueKind, plain_number
from reportgen.model import Quantity, Report

_DEFAULT_KEY = "缺省"
_DECIMALS = 2
"""An amount in 元 has no more: behind them come the parts of a 分."""


def check_defaults(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield one finding for the tables of which every number was left out and counts as 0.

    Those typed as 0, or a table typed as empty, are a statement; these are a gap that 缺省 fills
    (``table-by-default``).
    """
    rule = form.rulebook.rules.get("table-by-default")
    if rule is None:
        return
    keys = []
    for grid in form.tables.values():
        asked = [cell.path for cell in grid.value_cells() if cell.path not in form.totals]
        left_out = all(was_left_out(report.cells.get(path)) for path in asked)
        if asked and left_out and grid.key not in report.spans:
            keys.append(grid.key)
    if keys:
        values = {"各表": "、".join(f"“{key}”" for key in keys)}
        span = report.spans.get(_DEFAULT_KEY)
        yield make_finding(rule, report, span, values, cells=tuple(keys))


def was_left_out(cell: Quantity | None) -> bool:
    """Return whether *cell*, which is no total, was not typed and counts as 0."""
    return cell is not None and cell.computed


def check_units(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a question for each amount that was typed without the unit it is printed with.

    It is asked when the amount is smaller than the rule's limit or has more decimals than
    money: then it may be in 万元 (``unit-left-out``).
    """
    rule = form.rulebook.rules.get("unit-left-out")
    if rule is None:
        return
    for cell in form.value_cells.values():
        amount = report.cells.get(cell.path)
        if amount and _lacks_unit(amount, cell) and _is_doubtful(amount, rule.limit):
            values = {"格": cell.path, "数": amount.text.strip(), "单位": cell.type.unit}
            yield make_finding(rule, report, amount.span, values, cells=(cell.path,))


def _lacks_unit(amount: Quantity, cell: GridCell) -> bool:
    is_money = cell.type.kind == ValueKind.MONEY and cell.type.unit_in_cell
    return is_money and bool(amount.text) and not any(unit in amount.text for unit in UNITS)


def _is_doubtful(amount: Quantity, limit: float) -> bool:
    if amount.invalid or not amount.amount:
        return False
    decimals = plain_number(amount.amount).partition(".")[2]
    return amount.amount < Decimal(str(limit)) or len(decimals) > _DECIMALS
