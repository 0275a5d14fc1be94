"""Wording of the narrative: the form's pattern rules, and characters no font can have."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.inline import Run, plain_text
from reportgen.model.narrative import (
    Block,
    Heading,
    ItemList,
    Paragraph,
    PictureGroup,
    PlainTable,
)
from reportgen.model.report import Report
from reportgen.source import Span
from reportgen.template.form import Form
from reportgen.template.rules import Rule
from reportgen.template.sections import OPENING, match_sections


def check_patterns(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each match of a pattern rule in the sections it is about."""
    rules = [rule for rule in form.rules if rule.kind == "pattern" and rule.pattern]
    for section_id, blocks in _sections(report, form):
        texts = [runs for block in blocks for runs in _texts(block)]
        for rule in rules:
            if not rule.sections or section_id in rule.sections:
                yield from _apply(rule, texts, report)


def _apply(rule: Rule, texts: list[tuple[Run, ...]], report: Report) -> Iterator[Diagnostic]:
    assert rule.pattern is not None  # noqa: S101 - chosen by the caller
    if rule.whole:
        if len(texts) == 1 and rule.pattern.fullmatch(plain_text(texts[0]).strip()):
            yield _finding(rule, _span(texts[0], 0, len(plain_text(texts[0]))), report)
        return
    for runs in texts:
        for match in rule.pattern.finditer(plain_text(runs)):
            yield _finding(rule, _span(runs, match.start(), match.end()), report)


def _finding(rule: Rule, span: Span | None, report: Report) -> Diagnostic:
    hint = rule.hint.replace("{年度}", str(report.year))
    return Diagnostic(
        rule.code, rule.slug, rule.severity, rule.message, span, hint=hint, basis=rule.basis
    )


def check_characters(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each distinct private-use character (造字): no font can be relied on."""
    seen: set[str] = set()
    for _, blocks in _sections(report, form):
        for block in blocks:
            for runs in _texts(block):
                for match in re.finditer(r".", plain_text(runs)):
                    char = match[0]
                    if unicodedata.category(char) == "Co" and char not in seen:
                        seen.add(char)
                        yield _private(char, _span(runs, match.start(), match.end()))


def _private(char: str, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "G101",
        "missing-glyph",
        Severity.ERROR,
        f"字符 U+{ord(char):04X} 是自造字，别的电脑上显示不出来",
        span,
        hint="换成标准汉字；人名、地名用字可查《通用规范汉字表》",
    )


def _sections(report: Report, form: Form) -> Iterator[tuple[str, tuple[Block, ...]]]:
    yield OPENING, report.narrative.opening
    for spec_id, section in match_sections(form, report.narrative).found.items():
        yield spec_id, section.blocks


def _texts(block: Block) -> Iterator[tuple[Run, ...]]:
    if isinstance(block, Paragraph | Heading):
        yield block.runs
    elif isinstance(block, ItemList):
        yield from block.items
    elif isinstance(block, PlainTable):
        for row in (block.head, *block.rows):
            yield from row
    elif isinstance(block, PictureGroup):
        for picture in block.pictures:
            yield (Run(picture.caption, span=picture.span),)


def _span(runs: tuple[Run, ...], start: int, end: int) -> Span | None:
    """Return where characters *start* to *end* of the runs' text were typed.

    Exact where a run's text stands in the source as it is, else the run's place.
    """
    starts = [0]
    for run in runs:
        starts.append(starts[-1] + len(run.text))
    index = min(bisect_right(starts, start) - 1, len(runs) - 1)
    span = runs[index].span if runs else None
    if span is None or span.text != runs[index].text:
        return span
    offset = start - starts[index]
    length = min(end, starts[index + 1]) - start
    return Span(span.source, span.start + offset, span.start + offset + length)
