"""A rule and a place in a report → a finding in the rule's words; findings the author accepted.

An accepted finding becomes a hint.  An acceptance names one finding.  When the text or the
cell it names changes it matches nothing any more, and that is a finding.  Errors cannot be
accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from reportgen.checks.texts import TITLE, Texts
from reportgen.diagnostics import Diagnostic, Finding, Label, Severity, mask_numbers
from reportgen.forms import Form, Rule, normalise_key
from reportgen.model import Acceptance, Report
from reportgen.source import Place, Span

_SURE_YEARS = 3
"""Places at which the text must tell another year than 年度 before 年度 is taken to be wrong."""


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
    wording: str = "",
) -> Diagnostic:
    """Return the finding that *rule* makes at *span*, or about the narrative as a whole.

    Besides *values* the rule's words may name 年度 and 单位.  *severity* and *hint* stand
    in for the rule's own, *wording* names other words of the rule.  Numbers long enough to be
    somebody's are never shown whole.
    """
    names = {"年度": report.year, "单位": report.organ, **(values or {})}
    finding = Finding(
        rule.slug,
        span,
        names,
        wording,
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


def apply_acceptances(found: Iterable[Diagnostic], report: Report, form: Form) -> list[Diagnostic]:
    """Return *found* with what *report* accepts turned into hints, and what is wrong with it."""
    result = list(found)
    for acceptance in report.accepted:
        places = [i for i, item in enumerate(result) if _is_meant(acceptance, item)]
        open_to = [i for i in places if result[i].severity is not Severity.ERROR]
        if not places:
            result.append(_problem("acceptance-stale", acceptance, form))
        elif not open_to:
            result.append(_problem("acceptance-refused", acceptance, form))
        elif len(open_to) > 1 and not _is_specific(acceptance):
            result.append(_problem("acceptance-vague", acceptance, form, len(open_to)))
        else:
            for i in open_to:
                result[i] = _accepted(result[i], acceptance)
    return result


def _is_specific(acceptance: Acceptance) -> bool:
    return bool(acceptance.cell or acceptance.text)


def _is_meant(acceptance: Acceptance, item: Diagnostic) -> bool:
    if acceptance.rule.lower() not in (item.code.lower(), item.slug):
        return False
    cells = {normalise_key(cell) for cell in item.cells}
    if acceptance.cell and normalise_key(acceptance.cell) not in cells:
        return False
    if acceptance.text and not _points_at(acceptance.text, item):
        return False
    return not acceptance.actual or acceptance.actual == item.actual


def _points_at(text: str, item: Diagnostic) -> bool:
    """Return whether *item* points at *text*, or at something inside it."""
    if not isinstance(item.span, Span):
        return False
    span = item.span
    start = max(0, span.start - len(text))
    around = span.source.text[start : span.end + len(text)]
    found = around.find(text)
    while found >= 0:
        begin, end = start + found, start + found + len(text)
        if begin < max(span.end, span.start + 1) and end > span.start:
            return True
        found = around.find(text, found + 1)
    return False


def _accepted(item: Diagnostic, acceptance: Acceptance) -> Diagnostic:
    message = f"{item.message}（已说明：{acceptance.reason}）"
    return replace(item, severity=Severity.HINT, message=message)


def _problem(slug: str, acceptance: Acceptance, form: Form, count: int = 0) -> Diagnostic:
    values = {"规则": acceptance.rule, "处数": count}
    return form.rulebook.word(Finding(slug, acceptance.span, values))


_CONSEQUENCES = {
    "heading-year": "unknown-section",
    "rate-over-hundred": "text-share",
    "other-organ": "typo",
    "other-contact": "other-phone",
}
"""Rules that are broken wherever another is broken at the same place."""


def without_consequences(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return *found* without findings that follow from another one at the same place."""
    items = list(found)
    causes = [item for item in items if item.slug in _CONSEQUENCES.values()]
    return [item for item in items if not any(_causes(cause, item) for cause in causes)]


def with_one_year(
    found: list[Diagnostic], report: Report, form: Form, texts: Texts
) -> list[Diagnostic]:
    """Return *found*, with one finding instead of several when 年度 contradicts the whole text.

    That is so when the text tells the year at three places or more, always the same one, and
    nowhere the report's, except where it tells plans: then 年度 was typed wrongly, and what
    follows from it is not told.  Errors are.
    """
    rules = form.rulebook.rules
    rule = form.rule("year-not-of-text")
    if rule is None or sum(rules[item.slug].proof == "other-year" for item in found) < _SURE_YEARS:
        return found
    proven = {
        proof: [met for other in form.rules if other.proof == proof for met in texts.met(other)]
        for proof in ("other-year", "this-year")
    }
    plans = {id(text) for text, _ in proven["this-year"]}
    told = [
        (match["年"], text.span(*match.span("年")))
        for text, match in proven["other-year"]
        if text.section != TITLE and text.is_typed(*match.span("年")) and id(text) not in plans
    ]
    years = {year for year, _ in told}
    if len(told) < _SURE_YEARS or len(years) > 1 or str(report.year) in years:
        return found
    year = told[0][0]
    spans = sorted((span for _, span in told if span), key=lambda span: span.start)
    cause = replace(
        make_finding(
            rule,
            report,
            report.spans.get("年度"),
            {"年": year, "处数": len(told)},
            expected=year,
            actual=str(report.year),
        ),
        labels=tuple(Label(span, f"写的是 {year} 年") for span in spans),
    )
    kept = (i for i in found if not rules[i.slug].names_year or i.severity is Severity.ERROR)
    return [cause, *kept]


def _causes(cause: Diagnostic, item: Diagnostic) -> bool:
    one, other = cause.span, item.span
    if _CONSEQUENCES.get(item.slug) != cause.slug:
        return False
    if not isinstance(one, Span) or not isinstance(other, Span) or one.source != other.source:
        return False
    return one.start < other.end and other.start < one.end
