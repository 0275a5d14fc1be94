"""Wording of the narrative: the form's pattern rules, and characters no font can have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from reportgen.checks.findings import make_finding
from reportgen.checks.proofs import PROOFS
from reportgen.checks.texts import UNPLACED, Text, Texts
from reportgen.diagnostics import Diagnostic, Finding
from reportgen.forms import Form, Rule, TextPart
from reportgen.model import Report
from reportgen.source import Span
from reportgen.text import Run

_SHOWN_PAIRS = 8
_SHOWN_CHARACTERS = 30
_SLUGS = {"Co": "missing-glyph", "Cc": "control-character", "Cf": "control-character"}
"""The rule that a character breaks, by its general category."""


def check_patterns(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each match of a pattern rule in the texts it is about."""
    for rule in form.rules:
        if rule.kind != "pattern" or not rule.applies(report.organ, report.kind):
            continue
        found = _whole(rule, texts, report) if rule.whole else _matches(rule, texts, report)
        for number, finding in enumerate(found):
            if number and rule.once:
                break
            yield finding


def check_attached(report: Report, form: Form, runs: Iterable[Run]) -> Iterator[Diagnostic]:
    """Yield what the rules for attached sources find in *runs*, the text of one."""
    texts = Texts([Text(UNPLACED, TextPart.PARAGRAPH, tuple(runs))])
    for rule in form.rules:
        if rule.attached and rule.applies(report.organ, report.kind):
            yield from _matches(rule, texts, report)


def _whole(rule: Rule, texts: Texts, report: Report) -> Iterator[Diagnostic]:
    """Yield a finding when the texts of a section are one that matches as a whole."""
    bodies = [text for text in texts.about(rule) if text.part != TextPart.HEADING]
    if len(bodies) == 1 and rule.pattern and rule.pattern.fullmatch(bodies[0].text.strip()):
        yield make_finding(rule, report, bodies[0].span(0, len(bodies[0].text)))


def _matches(rule: Rule, texts: Texts, report: Report) -> Iterator[Diagnostic]:
    assert rule.pattern is not None  # noqa: S101 - a pattern rule has one
    for text, match in texts.matches(rule.pattern, rule):
        if rule.unless and rule.unless.search(text.text[: match.start()][-30:] + match[0]):
            continue
        if rule.proof and not PROOFS[rule.proof](match, report, rule):
            continue
        yield _pattern_finding(rule, report, text, match)


def _pattern_finding(rule: Rule, report: Report, text: Text, match: re.Match[str]) -> Diagnostic:
    groups = {name: value or "" for name, value in match.groupdict().items()}
    values = {**groups, "原文": _short(match[0])}
    expected = match.expand(rule.expected) if rule.expected else None
    return make_finding(
        rule,
        report,
        text.span(match.start(), match.end()),
        values,
        expected=expected,
        actual=match[0] if expected else None,
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"


def check_pairs(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for words that have another form: one a word, or one in all (``once``)."""
    for rule in form.rules:
        if rule.kind == "pairs" and rule.pairs:
            found = _pairs_found(rule, texts)
            if rule.once and found:
                yield _pairs_finding(rule, report, found)
            elif not rule.once:
                yield from (_pairs_finding(rule, report, [item]) for item in found)


def _pairs_found(rule: Rule, texts: Texts) -> list[tuple[str, Span | None]]:
    words = texts.occurring(rule.pairs)
    if not words:
        return []
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return [
        (match[0], text.span(match.start(), match.end()))
        for text in texts.about(rule)
        for match in pattern.finditer(text.text)
    ]


def _pairs_finding(
    rule: Rule, report: Report, found: Sequence[tuple[str, Span | None]]
) -> Diagnostic:
    words = list(dict.fromkeys(word for word, _ in found))
    shown = "、".join(f"{word}（{rule.pairs[word]}）" for word in words[:_SHOWN_PAIRS])
    values = {"词": shown + ("等" if len(words) > _SHOWN_PAIRS else ""), "个数": len(found)}
    right = None if rule.once else rule.pairs[words[0]]
    return make_finding(
        rule, report, found[0][1], values, expected=right, actual=None if rule.once else words[0]
    )


def check_characters(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each distinct character that is private (造字) or a control character.

    No font can be relied on for them; what the fonts at hand lack is told by a build.
    """
    seen: set[str] = set()
    for text in texts.all:
        if text.text.isprintable():
            continue
        for index, char in enumerate(text.text):
            if char in seen or char == "\n" or char.isprintable():
                continue
            seen.add(char)
            slug = _SLUGS.get(unicodedata.category(char))
            if slug:
                span = text.span(index, index + 1)
                yield form.rulebook.word(Finding(slug, span, {"编码": f"U+{ord(char):04X}"}))
