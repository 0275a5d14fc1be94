"""Names of organs that do not belong to the place the report is about."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import CONTACT, Text, Texts
from reportgen.diagnostics import Diagnostic
from reportgen.forms import Form, Rule
from reportgen.model import Report


def check_places(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each organ named as ours that is of another place (kind ``place``).

    The rule's pattern finds the name (group 机关); ``options.place`` says what a
    place's name looks like.
    """
    for rule in form.rules:
        if rule.kind != "place" or rule.pattern is None:
            continue
        ours = _place(report.organ, rule)
        if not ours:
            continue
        for text in texts.within((*rule.sections, CONTACT)):
            yield from _foreign(rule, report, text, ours)


def _foreign(rule: Rule, report: Report, text: Text, ours: str) -> Iterator[Diagnostic]:
    pattern = rule.items["联系方式"] if text.section == CONTACT else rule.pattern
    for match in pattern.finditer(text.text) if pattern else ():
        place = _place(match["机关"], rule)
        if place and place not in report.organ and ours not in match["机关"]:
            start, end = match.span("机关")
            values = {"机关": match["机关"], "地名": place}
            yield make_finding(rule, report, text.span(start, end), values)


def _place(organ: str, rule: Rule) -> str:
    """Return the name of the place that *organ* begins with, empty when it names none."""
    found = rule.items["地名"].match(organ)
    return found[0] if found else ""
