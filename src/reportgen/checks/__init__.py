"""What a report must satisfy; each check is a function from report and form to findings."""

from __future__ import annotations

from reportgen.checks.completeness import check_cells, check_sections
from reportgen.checks.figures import check_captions
from reportgen.checks.identities import check_identities
from reportgen.checks.wording import check_characters, check_patterns
from reportgen.diagnostics import Diagnostic
from reportgen.model.report import Report
from reportgen.template.form import Form

CHECKS = (
    check_cells,
    check_identities,
    check_sections,
    check_captions,
    check_patterns,
    check_characters,
)


def check_report(report: Report, form: Form) -> list[Diagnostic]:
    """Return every finding about *report* under *form*; none is raised, none stops another."""
    return [finding for check in CHECKS for finding in check(report, form)]
