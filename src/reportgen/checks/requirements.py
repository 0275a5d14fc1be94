"""What a section must say, and how long it may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import CONTACT, TITLE, Text, Texts, count_characters
from reportgen.diagnostics import Diagnostic
from reportgen.forms import OPENING, Form, Rule, TextPart, match_sections
from reportgen.model import Report
from reportgen.source import Span


def check_required(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each rule of things to be said (``required``) that not all are.

    A section without text has a finding of its own, and an opening that is not
    typed is written by the template.
    """
    for rule in form.rules:
        if rule.kind != "required" or not rule.applies(report.organ, report.kind):
            continue
        chosen = texts.within(rule.sections)
        if rule.whole:  # asked only of a first section that was typed
            chosen = [] if not _has_body(texts.within(rule.sections[:1])) else chosen
        if not _has_body(chosen) or (rule.unless and _found(rule.unless.search, chosen)):
            continue
        items = {**({"": rule.pattern} if rule.pattern else {}), **rule.items}
        missing = [
            name
            for name, pattern in items.items()
            if not _found(_filled(pattern.text, report, rule).search, chosen)
        ]
        if missing:
            values = {"项": "”“".join(missing)}
            yield make_finding(rule, report, _place(rule, report, form, texts), values)


def _filled(pattern: str, report: Report, rule: Rule) -> re.Pattern[str]:
    """Return *pattern* with the organ's names and the year put in."""
    names = "|".join(map(re.escape, _names(report.organ, rule)))
    text = pattern.replace("{单位}", f"(?:{names})")
    return re.compile(text.replace("{年度}", str(report.year)))


def _names(organ: str, rule: Rule) -> Iterator[str]:
    """Yield the names of *organ* that will do.

    Words that may be left out (``options.optional``) are also left out, and with them the
    places in front, each of which ends with one of ``options.places``.
    """
    yield organ
    optional = str(rule.options.get("optional", ""))
    if not optional or optional not in organ:
        return
    short = organ.replace(optional, "")
    ends = [i for i, char in enumerate(short[:-2], 1) if char in rule.options.get("places", "")]
    yield from (short[start:] for start in (0, *ends))


def _found(search: Callable[[str], object], texts: list[Text]) -> bool:
    return any(search(text.text) for text in texts)


def _has_body(texts: list[Text]) -> bool:
    bodies = (text for text in texts if text.part != TextPart.HEADING or text.section == TITLE)
    return any(text.text.strip() for text in bodies)


def _place(rule: Rule, report: Report, form: Form, texts: Texts) -> Span | None:
    """Return where to point for the first section of *rule*: its heading, or its first text."""
    section = rule.sections[0]
    if section == TITLE:
        return report.spans.get("标题") or report.spans.get("单位")
    if section == CONTACT:
        return report.spans.get("联系方式")
    if section == OPENING:
        opening = next((text for text in texts.within([OPENING]) if text.text), None)
        return opening.span(0, min(12, len(opening.text))) if opening else None
    found = match_sections(form, report.narrative).found.get(section)
    return found.span if found else None


def check_all_zero(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield one finding when every number is 0 and the text counts something (``all-zero``)."""
    rule = form.rulebook.rules.get("all-zero")
    if rule is None or rule.pattern is None or not _is_all_zero(report, form):
        return
    for text, match in texts.matches(rule.pattern, rule):
        span = text.span(match.start(), match.end())
        yield make_finding(rule, report, span, {"原文": match[0]})
        return


def _is_all_zero(report: Report, form: Form) -> bool:
    found = [report.cells.get(path) for path in form.value_cells]
    return all(cell and not cell.invalid and not cell.amount for cell in found)


def check_lengths(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each section that is longer than its rule's limit (kind ``length``)."""
    for rule in form.rules:
        if rule.kind != "length" or not rule.applies(report.organ, report.kind):
            continue
        count = count_characters(texts.within(rule.sections))
        if count > rule.limit:
            values = {"字数": count, "上限": int(rule.limit)}
            yield make_finding(
                rule,
                report,
                _place(rule, report, form, texts),
                values,
                expected=f"{int(rule.limit)} 字以内",
                actual=f"{count} 字",
            )
