"""Messages to the author, as values.

A :class:`Diagnostic` says what is wrong, where, and what to do; three
renderers turn a list of them into text.  Nothing here prints or exits, and
nothing is raised for an author's mistake; for a broken environment there is
:mod:`.problems`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from enum import Enum

import msgspec
from msgspec import Struct

from reportgen.source import Place, SheetSpan, Span
from reportgen.text import display_width


class Severity(Enum):
    """How much a finding matters; the value is the word in ``--format json``."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The word shown to the user."""
        return {"error": "错误", "warning": "警告", "hint": "提示"}[self.value]


class Label(Struct, frozen=True):
    """A secondary place of a finding with a few words about it."""

    span: Place
    text: str


class Diagnostic(Struct, frozen=True):
    """One finding.

    ``message`` must make sense alone.  ``cells`` are key paths such as
    ``申请/本年新收/自然人``.  ``expected`` and ``actual`` are the two sides as text.
    """

    code: str
    slug: str
    severity: Severity
    message: str
    span: Place | None = None
    label: str = ""
    labels: tuple[Label, ...] = ()
    cells: tuple[str, ...] = ()
    expected: str | None = None
    actual: str | None = None
    hint: str = ""
    basis: str = ""
    file: str = ""

    @property
    def path(self) -> str:
        """The file the finding is about; empty when it is about none."""
        return self.span.path if self.span else self.file


def sort_diagnostics(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return *found* in file order, duplicates dropped: by path, position, then code."""
    unique = dict.fromkeys(found)

    def key(item: Diagnostic) -> tuple[str, tuple[int, ...], str]:
        return (item.path, item.span.order if item.span else (-1,), item.code)

    return sorted(unique, key=key)


def count_severities(found: Iterable[Diagnostic]) -> dict[Severity, int]:
    """Return how many findings each severity has."""
    counts = dict.fromkeys(Severity, 0)
    for item in found:
        counts[item.severity] += 1
    return counts


def has_errors(found: Iterable[Diagnostic], *, strict: bool = False) -> bool:
    """Return whether *found* keeps a report from being filed: an error, if *strict* a warning.

    Everything that refuses a report, and every exit code, is decided here.
    """
    grave = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return any(item.severity in grave for item in found)


def choose(
    found: Iterable[Diagnostic], only: Collection[str] = (), skip: Collection[str] = ()
) -> list[Diagnostic]:
    """Return the findings of the rules *only* (none given: of every rule) but not of *skip*.

    Rules are named by code or slug.
    """
    return [
        item
        for item in found
        if (not only or item.code in only or item.slug in only)
        and not (item.code in skip or item.slug in skip)
    ]


def summary_line(found: Sequence[Diagnostic]) -> str:
    """Return the closing line of a run: the counts, or that all is well."""
    counts = count_severities(found)
    if not found:
        return "检查通过，未发现问题。"
    parts = [f"{counts[severity]} 个{severity.label}" for severity in Severity if counts[severity]]
    return f"共发现 {'、'.join(parts)}。"


_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.HINT: "36"}


def render_full(found: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Return each finding with its excerpt, both sides, hint and basis."""
    return "\n\n".join(_render_one(item, colour) for item in found)


def _render_one(item: Diagnostic, colour: bool) -> str:
    head = f"{item.severity.label}[{item.code}]"
    if colour:
        head = f"\x1b[1;{_COLOURS[item.severity]}m{head}\x1b[0m"
    notes = [f"  = {note}" for note in note_lines(item)]
    lines = [_tidy(line) for line in (item.message, *_place_lines(item), *notes)]
    return "\n".join([f"{head} {lines[0]}", *lines[1:]])


def _place_lines(item: Diagnostic) -> list[str]:
    if item.span is None:
        return [f" --> {item.file}"] if item.file else []
    span = item.span
    lines = [f" --> {span.place}"]
    marks = [(item.span, item.label, "^"), *((m.span, m.text, "-") for m in item.labels)]
    same_file = [mark for mark in marks if mark[0].source == span.source]
    gutter = max(len(mark[0].mark) for mark in same_file)
    lines.append(f"{' ' * gutter} |")
    previous: Place | None = None
    for place, text, sign in sorted(same_file, key=lambda mark: mark[0].order):
        excerpt = _excerpt(place)
        if previous is None or (place.mark, excerpt.start) != (
            previous.mark,
            _excerpt(previous).start,
        ):
            if isinstance(previous, Span) and place.line > previous.line + 1:
                lines.append("…")
            lines.append(f"{place.mark:>{gutter}} | {excerpt.text}".rstrip())
            previous = place
        lines.append(f"{' ' * gutter} | {_caret(excerpt, text, sign)}".rstrip())
    lines.extend(
        f"  = 另见 {mark.span.place}：{mark.text}"
        for mark in item.labels
        if mark.span.source != span.source
    )
    return lines


_PERSONAL_NUMBER = re.compile(
    r"(?<![\d.])(?:\d{17}[Xx]|\d{11,}|\d{6}[ -]\d{8}[ -]\d{3}[\dXx]"
    r"|1\d{2}[ -]\d{4}[ -]\d{4}|\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?)(?!\d)"
)


def mask_numbers(text: str) -> str:
    """Return *text*, as long as before, the middle of personal numbers hidden.

    Identity, mobile and bank-card numbers keep their first three and last two digits.
    """
    return _PERSONAL_NUMBER.sub(
        lambda found: found[0][:3] + re.sub("[0-9Xx]", "*", found[0][3:-2]) + found[0][-2:], text
    )


_EXCERPT_CHARS = 60
_EXCERPT_LEAD = 30


class _Excerpt(Struct, frozen=True):
    """The text shown for a place, where it begins in its line, and the marked part of it."""

    text: str
    start: int
    first: int
    last: int


def _excerpt(place: Place) -> _Excerpt:
    """Return the part of the line (the text of the sheet's cell) that is shown."""
    if isinstance(place, SheetSpan):
        text = mask_numbers(place.text[:_EXCERPT_CHARS])
        return _Excerpt(text, 0, 0, len(text))
    line, begin = mask_numbers(place.source.line_text(place.line)), place.column - 1
    start = 0
    if len(line) > _EXCERPT_CHARS:
        start = max(0, min(begin - _EXCERPT_LEAD, len(line) - _EXCERPT_CHARS))
    text, first = line[start : start + _EXCERPT_CHARS], begin - start
    last = min(first + max(1, place.end - place.start), max(len(text), first + 1))
    return _Excerpt(text, start, first, last)


def _tidy(text: str) -> str:
    """Return *text* with what a terminal would obey instead of show replaced by blanks."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)


def _caret(excerpt: _Excerpt, text: str, sign: str) -> str:
    indent = display_width(_tidy(excerpt.text[: excerpt.first]))
    width = max(1, display_width(_tidy(excerpt.text[excerpt.first : excerpt.last])))
    return f"{' ' * indent}{sign * width} {text}".rstrip()


def note_lines(item: Diagnostic) -> list[str]:
    """Return what is said below *item*: both sides, what to do, on what grounds."""
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
        place = item.span.short_place if item.span else item.path
        lead = f"{place}: " if place else ""
        lines.append(_tidy(f"{lead}{item.severity.value}[{item.code}] {item.message}"))
    return "\n".join(lines)


def to_json_object(item: Diagnostic) -> dict[str, object]:
    """Return *item* as the stable mapping of ``--format json``.

    ``cell`` names the place in a workbook (``表三!F12``) and is null for a text file.
    """
    return {
        "code": item.code,
        "slug": item.slug,
        "severity": item.severity.value,
        "message": item.message,
        "file": item.path or None,
        "line": item.span.line if item.span else None,
        "column": item.span.column if item.span else None,
        "cell": item.span.cell if isinstance(item.span, SheetSpan) else None,
        "cells": list(item.cells),
        "expected": item.expected,
        "actual": item.actual,
        "hint": item.hint,
        "basis": item.basis,
    }


def render_json(found: Iterable[Diagnostic]) -> str:
    """Return the findings as a JSON list."""
    data = msgspec.json.encode([to_json_object(item) for item in found])
    return msgspec.json.format(data, indent=2).decode()
