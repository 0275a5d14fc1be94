"""What a report must satisfy; each check is a function from report and form to findings.

Those about its wording are handed the report's texts, which are gathered once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from msgspec.structs import replace

from reportgen.checks.completeness import (
    check_all_zero,
    check_cells,
    check_defaults,
    check_lengths,
    check_required,
    check_sections,
    check_units,
    without_right_numbers,
)
from reportgen.checks.findings import apply_acceptances, with_one_year, without_consequences
from reportgen.checks.identities import check_identities, check_relations, unchecked_cells
from reportgen.checks.lastyear import (
    ComparedCell,
    check_copied,
    check_outliers,
    check_previous_read,
    check_previous_year,
    check_unchanged,
    compare_with_last_year,
    is_same_organ,
    without_unread_rows,
)
from reportgen.checks.own_templates import TEMPLATE_RULES, TemplatePolicy, check_own_templates
from reportgen.checks.pictures import check_captions, check_print, check_repeated_pictures
from reportgen.checks.quotes import check_stated, find_repeated_cells
from reportgen.checks.texts import Texts
from reportgen.checks.typos import check_typos
from reportgen.checks.wording import (
    check_attached,
    check_characters,
    check_contact,
    check_enumerations,
    check_pairs,
    check_patterns,
    check_places,
    check_radicals,
    check_repeated_paragraphs,
    check_told_contact,
    check_unpaired,
)
from reportgen.diagnostics import Diagnostic, Severity, gather
from reportgen.forms import Form
from reportgen.model import Report

CHECKS = (
    check_cells,
    check_defaults,
    check_units,
    check_identities,
    check_relations,
    check_previous_year,
    check_previous_read,
    check_outliers,
    check_unchanged,
    check_sections,
    check_captions,
    check_contact,
    check_repeated_pictures,
    check_print,
)
TEXT_CHECKS = (
    check_required,
    check_lengths,
    check_all_zero,
    check_copied,
    check_stated,
    check_places,
    check_told_contact,
    check_repeated_paragraphs,
    check_patterns,
    check_pairs,
    check_typos,
    check_unpaired,
    check_enumerations,
    check_characters,
    check_radicals,
)

__all__ = [
    "CHECKS",
    "TEMPLATE_RULES",
    "TEXT_CHECKS",
    "ComparedCell",
    "TemplatePolicy",
    "apply_acceptances",
    "check_attached",
    "check_own_templates",
    "check_report",
    "compare_with_last_year",
    "find_repeated_cells",
    "is_same_organ",
    "unchecked_cells",
    "without_right_numbers",
    "without_unread_rows",
]


MOST_OF_A_KIND = 2_000
"""Findings of one rule and severity that are kept: in a text of 400,000 brackets all are wrong."""

_OF_PICTURES = (
    "caption-missing",
    "picture-repeated",
    "picture-cut",
    "picture-illegible",
    "picture-too-long",
)
"""Rules that a picture breaks as often as it is shown."""


def check_report(report: Report, form: Form) -> list[Diagnostic]:
    """Return every finding about *report* under *form*; none is raised, none stops another.

    What is wrong with a picture that is shown many times is one finding.  Of any other rule and
    severity the first ``MOST_OF_A_KIND`` are kept, and the first says how many there are besides.
    """
    texts = Texts.of(report, form)
    made = chain(
        (finding for check in CHECKS for finding in check(report, form)),
        (finding for check in TEXT_CHECKS for finding in check(report, form, texts)),
    )
    kept: Counter[tuple[str, Severity]] = Counter()
    found = []
    for finding in made:
        kept[finding.slug, finding.severity] += 1
        is_bounded = finding.slug in _OF_PICTURES  # by the stretches that a text may have
        if is_bounded or kept[finding.slug, finding.severity] <= MOST_OF_A_KIND:
            found.append(finding)
    found = _with_counts(gather(found, _OF_PICTURES), kept)
    found = with_one_year(without_consequences(found), report, form, texts)
    if report.undated:
        return [item for item in found if not form.rulebook.rules[item.slug].names_year]
    return found


def _with_counts(
    found: Iterable[Diagnostic], counts: Counter[tuple[str, Severity]]
) -> list[Diagnostic]:
    """Return *found*, the first of each kind saying how many of *counts* were not kept."""
    left = {
        kind: count - MOST_OF_A_KIND
        for kind, count in counts.items()
        if count > MOST_OF_A_KIND and kind[0] not in _OF_PICTURES
    }
    told = []
    for item in found:
        if more := left.pop((item.slug, item.severity), 0):
            item = replace(item, message=f"{item.message}（这条规则另有 {more} 处没有列出）")
        told.append(item)
    return told
