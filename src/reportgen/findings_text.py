"""Rendering of diagnostics: in full, on one line each, as JSON, and for pages and comments.

The functions return text and print nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from reportgen.diagnostics import (
    Diagnostic,
    Severity,
    count_severities,
    left_out,
    mask_numbers,
    most_grave,
)
from reportgen.source import Place, SheetSpan, Span
from reportgen.text import display_width

_MOST_PLACES = 6
"""The most further places of a finding that a page lists."""


def summary_line(found: Sequence[Diagnostic]) -> str:
    """Return the last line of a run: the number of findings by severity, or that there are none."""
    counts = count_severities(found)
    if not found:
        return "检查通过，未发现问题。"
    parts = [f"{counts[severity]} 个{severity.label}" for severity in Severity if counts[severity]]
    return f"共发现 {'、'.join(parts)}。"


_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.HINT: "36"}


def render_full(found: Sequence[Diagnostic], *, colour: bool = False) -> str:
    """Return the findings with excerpt, expected and actual value, hint and legal basis.

    Of very many, the gravest are shown and the others only counted.
    """
    shown = most_grave(found)
    parts = [_render_one(item, colour) for item in shown]
    return "\n\n".join(filter(None, [*parts, left_out(len(found) - len(shown))]))


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
    places = [(item.span, item.label, "^"), *((m.span, m.text, "-") for m in item.labels)]
    every = [label for label in places if label[0].source == span.source]
    same_file = every[:_MOST_LABELS]
    gutter = max(len(label[0].locator) for label in same_file)
    lines.append(f"{' ' * gutter} |")
    # The places of the same file, in order; several in one line share the excerpt.
    previous: Place | None = None
    for place, text, sign in sorted(same_file, key=lambda label: label[0].order):
        excerpt = _excerpt(place)
        if previous is None or (place.locator, excerpt.start) != (
            previous.locator,
            _excerpt(previous).start,
        ):
            if isinstance(previous, Span) and place.line > previous.line + 1:
                lines.append("…")
            lines.append(f"{place.locator:>{gutter}} | {excerpt.text}".rstrip())
            previous = place
        lines.append(f"{' ' * gutter} | {_caret(excerpt, text, sign)}".rstrip())
    # Places of other files are only named.
    others = [label for label in item.labels if label.span.source != span.source]
    lines.extend(f"  = 另见 {label.span.place}：{label.text}" for label in others[:_MOST_LABELS])
    left = len(every) + len(others) - len(same_file) - len(others[:_MOST_LABELS])
    return [*lines, f"  = 另有 {left} 处没有列出"] if left else lines


_MOST_LABELS = 30
_EXCERPT_CHARS = 60
_EXCERPT_LEAD = 30
_NUMBER_REACH = 60
"""How far around an excerpt numbers are looked at, to know one that its edge divides."""


class _Excerpt(Struct, frozen=True):
    """The text shown for a place, and the part of it that is underlined."""

    text: str
    start: int
    """The offset of the text in its line."""
    first: int
    """The offset in the text of the first underlined character."""
    last: int
    """The offset behind the last underlined character."""


def _excerpt(place: Place) -> _Excerpt:
    """Return the part of the line, or of the text of the workbook's cell, that is shown."""
    if isinstance(place, SheetSpan):
        text = mask_numbers(place.text[:_EXCERPT_CHARS])
        return _Excerpt(text, 0, 0, len(text))
    line, begin = place.source.line_text(place.line), place.column - 1
    start = 0
    if len(line) > _EXCERPT_CHARS:
        start = max(0, min(begin - _EXCERPT_LEAD, len(line) - _EXCERPT_CHARS))
    lead = min(start, _NUMBER_REACH)
    around = mask_numbers(line[start - lead : start + _EXCERPT_CHARS + _NUMBER_REACH])
    text, first = around[lead : lead + _EXCERPT_CHARS], begin - start
    last = min(first + max(1, place.end - place.start), max(len(text), first + 1))
    return _Excerpt(text, start, first, last)


def _tidy(text: str) -> str:
    """Return *text* with control characters, which a terminal might execute, made blanks."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)


def _caret(excerpt: _Excerpt, text: str, sign: str) -> str:
    indent = display_width(_tidy(excerpt.text[: excerpt.first]))
    width = max(1, display_width(_tidy(excerpt.text[excerpt.first : excerpt.last])))
    return f"{' ' * indent}{sign * width} {text}".rstrip()


def sides_line(expected: str | None, actual: str | None) -> str:
    """Return a line with the expected and the actual value; empty if both are None."""
    sides = (("应为", expected), ("实为", actual))
    return "；".join(f"{name}：{side}" for name, side in sides if side is not None)


def note_lines(item: Diagnostic) -> list[str]:
    """Return the lines below the message of *item*: both values, hint and legal basis."""
    sides = sides_line(item.expected, item.actual)
    hint = f"处理：{item.hint}" if item.hint else ""
    basis = f"依据：{item.basis}" if item.basis else ""
    return [note for note in (sides, hint, basis) if note]


def render_short(found: Iterable[Diagnostic]) -> str:
    """Return one line per finding, ``path:line:col: error[T301] …``, for editors and grep."""
    lines = []
    for item in found:
        place = item.span.short_place if item.span else item.path
        lead = f"{place}: " if place else ""
        lines.append(_tidy(f"{lead}{item.severity.value}[{item.code}] {item.message}"))
    return "\n".join(lines)


def to_json_object(item: Diagnostic) -> dict[str, object]:
    """Return *item* as the mapping that ``--format json`` prints; its keys are stable.

    ``cell`` is the place in a workbook (``表三!F12``) and None for a text file.  A place in a
    file without text lines adds ``page``, ``paragraph``, or ``table``, ``row`` and ``column``
    counted from 0.
    """
    part = item.span.source.part_of(item.span.start) if isinstance(item.span, Span) else None
    line = item.span if part is None else None
    return {
        "code": item.code,
        "slug": item.slug,
        "severity": item.severity.value,
        "message": item.message,
        "file": item.path or None,
        "line": line.line if line else None,
        "column": line.column if line else None,
        "cell": item.span.cell if isinstance(item.span, SheetSpan) else None,
        "cells": [str(cell) for cell in item.cells],
        "expected": item.expected,
        "actual": item.actual,
        "hint": item.hint,
        "basis": item.basis,
        **(part.place if part else {}),
    }


def render_json(found: Iterable[Diagnostic]) -> str:
    """Return the findings as a JSON list."""
    return json_text([to_json_object(item) for item in found])


def json_text(data: object) -> str:
    """Return *data* as indented JSON with decimal numbers as numbers.

    A name of a file that is not valid Unicode has a question mark for each odd byte.
    """
    encoder = msgspec.json.Encoder(decimal_format="number")
    try:
        encoded = encoder.encode(data)
    except UnicodeEncodeError:
        import json

        encoded = json.dumps(data, ensure_ascii=False, default=float).encode("utf-8", "replace")
    return msgspec.json.format(encoded, indent=2).decode()


class ShownFinding(Struct, frozen=True):
    """A diagnostic as text, for output other than the terminal.

    It is shown on the pages of a draft, in Word comments, on the preview page and in the
    summary of a batch.
    """

    severity: Severity
    label: str
    """The Chinese word for the severity."""
    code: str
    message: str
    place: str
    """The place relative to the report folder: ``report.yaml:3:5``, ``数据.xlsx 表三!F12``."""
    sides: str = ""
    """The expected and the actual value in one line."""
    hint: str = ""
    notes: tuple[str, ...] = ()
    """The lines below the message."""
    number: int = 0
    """The finding's number in a draft, counted from 1."""


def show_finding(
    item: Diagnostic, folder: Path, number: int = 0, clean: Callable[[str], str] = str
) -> ShownFinding:
    """Return *item* as text, with each text passed through *clean*.

    Places are relative to the report *folder*, so that the output does not depend on the
    location of the folder.
    """
    return ShownFinding(
        severity=item.severity,
        label=item.severity.label,
        code=item.code,
        message=clean(item.message),
        place=clean(_place_in(item.path, item.span, folder)),
        sides=clean(sides_line(item.expected, item.actual)),
        hint=clean(item.hint),
        notes=tuple(clean(line) for line in note_lines(item)),
        number=number,
    )


def other_places(item: Diagnostic, folder: Path) -> Iterator[str]:
    """Yield the further places of *item*, relative to *folder*, with what stands there."""
    for label in item.labels[:_MOST_PLACES]:
        yield f"另见 {_place_in(label.span.path, label.span, folder)}：{label.text}"
    if len(item.labels) > _MOST_PLACES:
        yield f"另有 {len(item.labels) - _MOST_PLACES} 处"


def _place_in(name: str, place: Place | None, folder: Path) -> str:
    """Return *place*, or without one the file *name*, relative to *folder*.

    A file outside *folder* is shown by the last two names of its path.
    """
    if not name:
        return ""
    path = Path(name)
    inside = path.is_relative_to(folder)
    name = path.relative_to(folder).as_posix() if inside else "/".join(path.parts[-2:])
    return name + place.place.removeprefix(place.path) if place else name
