"""A rule and a place → a finding: the words of the rule with names filled in."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.diagnostics import Diagnostic, Severity, mask_numbers
from reportgen.forms import Rule
from reportgen.model import Report
from reportgen.source import Place


def make_finding(
    rule: Rule,
    report: Report,
    span: Place | None,
    values: Mapping[str, object] | None = None,
    *,
    cells: tuple[str, ...] = (),
    expected: str | None = None,
    actual: str | None = None,
    severity: Severity | None = None,
    hint: str = "",
) -> Diagnostic:
    """Return the finding that *rule* makes at *span*, or about the narrative as a whole.

    ``{名}`` in the rule's message and hint stands for ``values["名"]``.  Numbers long
    enough to be somebody's are never shown whole.
    """
    names = {"年度": report.year, "单位": report.organ, **(values or {})}
    return Diagnostic(
        rule.code,
        rule.slug,
        severity or rule.severity,
        mask_numbers(fill(rule.message, names)),
        span,
        cells=cells,
        expected=None if expected is None else mask_numbers(expected),
        actual=None if actual is None else mask_numbers(actual),
        hint=mask_numbers(fill(hint or rule.hint, names)),
        basis=rule.basis,
        file="" if span else report.narrative_path,
    )


def fill(text: str, values: Mapping[str, object]) -> str:
    """Return *text* with each ``{名}`` replaced by its value; unknown names stay."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
