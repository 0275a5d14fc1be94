"""Messages to the author, as values.

A :class:`Diagnostic` says what is wrong, where, and what to do; three
renderers turn a list of them into text.  Nothing here prints or exits, and
nothing is raised for an author's mistake: exceptions
(:class:`EnvironmentProblem`) are for a broken environment only.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from reportgen.source import Span


class Severity(Enum):
    """How much a finding matters; the value is the word in ``--format json``."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The word shown to the user."""
        return {"error": "错误", "warning": "警告", "hint": "提示"}[self.value]


class EnvironmentProblem(Exception):  # noqa: N818 - it is a state of the machine, not a bug
    """The environment or the call is at fault: one line for the user, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Label:
    """A secondary place of a finding with a few words about it."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    ``message`` must make sense alone.  ``cells`` are key paths such as
    ``申请/本年新收/自然人``.  ``expected`` and ``actual`` are the two sides as text.
    """

    code: str
    slug: str
    severity: Severity
    message: str
    span: Span | None = None
    label: str = ""
    labels: tuple[Label, ...] = ()
    cells: tuple[str, ...] = ()
    expected: str | None = None
    actual: str | None = None
    hint: str = ""
    basis: str = ""
    file: str = field(default="", kw_only=True)

    @property
    def path(self) -> str:
        """The file the finding is about; empty when it is about none."""
        return self.span.path if self.span else self.file


def sort_diagnostics(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return *found* in file order, duplicates dropped: by path, position, then code."""
    unique = dict.fromkeys(found)

    def key(item: Diagnostic) -> tuple[str, int, str]:
        return (item.path, item.span.start if item.span else -1, item.code)

    return sorted(unique, key=key)


def count_severities(found: Iterable[Diagnostic]) -> dict[Severity, int]:
    """Return how many findings each severity has."""
    counts = dict.fromkeys(Severity, 0)
    for item in found:
        counts[item.severity] += 1
    return counts


def has_errors(found: Iterable[Diagnostic]) -> bool:
    """Return whether any finding is an error."""
    return any(item.severity is Severity.ERROR for item in found)


def summary_line(found: Sequence[Diagnostic]) -> str:
    """Return the closing line of a run: the counts, or that all is well."""
    counts = count_severities(found)
    if not found:
        return "检查通过，未发现问题。"
    parts = [f"{counts[severity]} 个{severity.label}" for severity in Severity if counts[severity]]
    return f"共发现 {'、'.join(parts)}。"


def display_width(text: str) -> int:
    """Return the number of terminal cells *text* takes; a wide character takes two."""
    return sum(_cells_taken(char) for char in text)


def _cells_taken(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.HINT: "36"}


def render_full(found: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Return each finding with its excerpt, both sides, hint and basis."""
    return "\n\n".join(_render_one(item, colour) for item in found)


def _render_one(item: Diagnostic, colour: bool) -> str:
    head = f"{item.severity.label}[{item.code}]"
    if colour:
        head = f"\x1b[1;{_COLOURS[item.severity]}m{head}\x1b[0m"
    lines = [f"{head} {item.message}"]
    lines.extend(_place_lines(item))
    notes = _note_lines(item)
    lines.extend(f"  = {note}" for note in notes)
    return "\n".join(lines)


def _place_lines(item: Diagnostic) -> list[str]:
    if item.span is None:
        return [f" --> {item.file}"] if item.file else []
    span = item.span
    lines = [f" --> {span.path}:{span.line}:{span.column}"]
    marks = [(item.span, item.label, "^"), *((m.span, m.text, "-") for m in item.labels)]
    same_file = [mark for mark in marks if mark[0].source == span.source]
    gutter = len(str(max(mark[0].line for mark in same_file)))
    lines.append(f"{' ' * gutter} |")
    previous_line, previous_start = 0, 0
    for mark_span, text, sign in sorted(same_file, key=lambda mark: mark[0].start):
        excerpt, start = _excerpt(mark_span)
        if (mark_span.line, start) != (previous_line, previous_start):
            if previous_line and mark_span.line > previous_line + 1:
                lines.append("…")
            lines.append(f"{mark_span.line:>{gutter}} | {_tidy(excerpt)}".rstrip())
            previous_line, previous_start = mark_span.line, start
        lines.append(f"{' ' * gutter} | {_caret(mark_span, text, sign)}".rstrip())
    lines.extend(
        f"  = 另见 {mark.span.path}:{mark.span.line}:{mark.span.column}：{mark.text}"
        for mark in item.labels
        if mark.span.source != span.source
    )
    return lines


_EXCERPT_CHARS = 60
_EXCERPT_LEAD = 30


def _excerpt(span: Span) -> tuple[str, int]:
    """Return the part of the line shown, and the 0-based column it starts at."""
    line = span.source.line_text(span.line)
    if len(line) <= _EXCERPT_CHARS:
        return line, 0
    start = max(0, min(span.column - 1 - _EXCERPT_LEAD, len(line) - _EXCERPT_CHARS))
    return line[start : start + _EXCERPT_CHARS], start


def _tidy(text: str) -> str:
    """Return *text* with what a terminal would obey instead of show replaced by blanks."""
    return "".join(char if char.isprintable() else " " for char in text)


def _caret(span: Span, text: str, sign: str) -> str:
    shown, start = _excerpt(span)
    first = span.column - 1 - start
    last = min(first + max(1, span.end - span.start), max(len(shown), first + 1))
    indent = display_width(_tidy(shown[:first]))
    width = max(1, display_width(_tidy(shown[first:last])))
    return f"{' ' * indent}{sign * width} {text}".rstrip()


def _note_lines(item: Diagnostic) -> list[str]:
    notes = []
    sides = (("应为", item.expected), ("实为", item.actual))
    if shown := [f"{name}：{side}" for name, side in sides if side is not None]:
        notes.append("；".join(shown))
    if item.hint:
        notes.append(f"处理：{item.hint}")
    if item.basis:
        notes.append(f"依据：{item.basis}")
    return notes


def render_short(found: Iterable[Diagnostic]) -> str:
    """Return one line per finding, ``path:line:col: error[T301] …``, for editors and grep."""
    lines = []
    for item in found:
        place = item.path
        if item.span:
            place = f"{item.span.path}:{item.span.line}:{item.span.column}"
        lead = f"{place}: " if place else ""
        lines.append(f"{lead}{item.severity.value}[{item.code}] {item.message}")
    return "\n".join(lines)


def to_json_object(item: Diagnostic) -> dict[str, object]:
    """Return *item* as the stable mapping of ``--format json``."""
    return {
        "code": item.code,
        "slug": item.slug,
        "severity": item.severity.value,
        "message": item.message,
        "file": item.path or None,
        "line": item.span.line if item.span else None,
        "column": item.span.column if item.span else None,
        "cells": list(item.cells),
        "expected": item.expected,
        "actual": item.actual,
        "hint": item.hint,
        "basis": item.basis,
    }


def render_json(found: Iterable[Diagnostic]) -> str:
    """Return the findings as a JSON list."""
    return json.dumps([to_json_object(item) for item in found], ensure_ascii=False, indent=2)
