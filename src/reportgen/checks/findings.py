"""A rule and a place in a report → a finding in the rule's words."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, Finding, Severity, mask_numbers
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

    Besides *values* the rule's words may name 年度 and 单位.  *severity* and *hint* stand
    in for the rule's own.  Numbers long enough to be somebody's are never shown whole.
    """
    names = {"年度": report.year, "单位": report.organ, **(values or {})}
    finding = Finding(
        rule.slug,
        span,
        names,
        cells=cells,
        expected=expected,
        actual=actual,
        file=report.narrative_path,
    )
    worded = rule.word(finding)
    return replace(
        worded,
        severity=severity or worded.severity,
        message=mask_numbers(worded.message),
        expected=None if expected is None else mask_numbers(expected),
        actual=None if actual is None else mask_numbers(actual),
        hint=mask_numbers(hint or worded.hint),
    )
