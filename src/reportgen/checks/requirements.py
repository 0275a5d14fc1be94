"""What a section must say, and how long it may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import CONTACT, TITLE, Text, count_characters, report_texts
from reportgen.diagnostics import Diagnostic
from reportgen.model.report import Report
from reportgen.source import Span
from reportgen.template.form import Form
from reportgen.template.sections import OPENING, match_sections


def check_required(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each rule of things to be said (``required``) that not all are.

    A section without text has a finding of its own, and an opening that is not
    typed is written by the template.
    """
    texts = report_texts(report, form)
    spans = _section_spans(report, form)
    for rule in form.rules:
        if rule.kind != "required" or not rule.applies(report.organ, report.kind):
            continue
        chosen = _of(texts, rule.sections)
        if rule.whole:  # asked only of a first section that was typed
            chosen = [] if not _has_body(_of(texts, rule.sections[:1])) else chosen
        if not _has_body(chosen) or (rule.unless and _found(rule.unless.search, chosen)):
            continue
        items = {**({"": rule.pattern} if rule.pattern else {}), **rule.items}
        missing = [
            name
            for name, pattern in items.items()
            if not _found(_filled(pattern.text, report).search, chosen)
        ]
        if missing:
            values = {"项": "”“".join(missing)}
            yield make_finding(rule, report, spans.get(rule.sections[0]), values)


def _of(texts: list[Text], sections: tuple[str, ...]) -> list[Text]:
    return [text for text in texts if text.section in sections]


def _filled(pattern: str, report: Report) -> re.Pattern[str]:
    """Return *pattern* with the organ's name and the year put in."""
    text = pattern.replace("{单位}", re.escape(report.organ))
    return re.compile(text.replace("{年度}", str(report.year)))


def _found(search: Callable[[str], object], texts: list[Text]) -> bool:
    return any(search(text.text) for text in texts)


def _has_body(texts: list[Text]) -> bool:
    bodies = (text for text in texts if text.part != "heading" or text.section == TITLE)
    return any(text.text.strip() for text in bodies)


def _section_spans(report: Report, form: Form) -> dict[str, Span | None]:
    """Return where to point for a whole section: its heading, or its first text."""
    spans: dict[str, Span | None] = {
        TITLE: report.spans.get("标题") or report.spans.get("单位"),
        CONTACT: report.spans.get("联系方式"),
    }
    found = match_sections(form, report.narrative).found
    spans |= {name: section.span for name, section in found.items()}
    opening = [t for t in report_texts(report, form) if t.section == OPENING and t.text]
    if opening:
        spans[OPENING] = opening[0].span(0, min(12, len(opening[0].text)))
    return spans


def check_lengths(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each section that is longer than its rule's limit (kind ``length``)."""
    texts = report_texts(report, form)
    spans = _section_spans(report, form)
    for rule in form.rules:
        if rule.kind != "length" or not rule.applies(report.organ, report.kind):
            continue
        count = count_characters(text for text in texts if text.section in rule.sections)
        if count > rule.limit:
            values = {"字数": count, "上限": int(rule.limit)}
            yield make_finding(
                rule,
                report,
                spans.get(rule.sections[0]),
                values,
                expected=f"{int(rule.limit)} 字以内",
                actual=f"{count} 字",
            )
