"""Messages to the author, as values.

A stage that meets a mistake reports a :class:`Finding`: the rule it breaks, where, and
the values the rule's words need.  The rule (:mod:`reportgen.forms`) words it, which makes it
a :class:`Diagnostic`: what is wrong, where, and what to do; :mod:`.findings_text` shows
it.  Nothing is raised for an author's mistake; for a broken environment there is
:mod:`.problems`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct, field

from reportgen.source import Place
from reportgen.text import shortened


class Severity(str, Enum):
    """How much a finding matters, the worst first; the value is the word in ``--format json``."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The word shown to the user."""
        return {"error": "错误", "warning": "警告", "hint": "提示"}[self.value]

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Label(Struct, frozen=True):
    """A secondary place of a finding with a few words about it."""

    span: Place
    text: str


class Finding(Struct, frozen=True):
    """What breaks a rule, before the rule has worded it.

    A reader reports it without knowing the rules, which depend on the form, and the form
    is known only after ``report.yaml`` was read.
    """

    slug: str
    """The name of the rule."""
    span: Place | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands for each ``{名}`` in the words of the rule."""
    wording: str = ""
    """Which of the rule's ``wordings`` fits, empty for its usual words."""
    advice: str = ""
    """Which of them says what to do, where that is not the one above."""
    label: str = ""
    labels: tuple[Label, ...] = ()
    cells: tuple[str, ...] = ()
    expected: str | None = None
    actual: str | None = None
    basis: str = ""
    """The legal basis where the form's own is closer than the rule's."""
    file: str = ""
    """The file it is about when there is no place in one."""


class Diagnostic(Struct, frozen=True):
    """A finding in the words of its rule.

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

    def __repr__(self) -> str:
        place = self.span.short_place if self.span else self.file
        head = " ".join(filter(None, (self.severity.value, self.code, place)))
        return f"<Diagnostic {head} {shortened(self.message)}>"

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


MOST_SHOWN = 300
"""Findings that a person is shown at once; a text with more is not read to their end."""


def most_grave(found: Sequence[Diagnostic], limit: int = MOST_SHOWN) -> list[Diagnostic]:
    """Return *limit* of *found* at most, in their order: the errors before the warnings."""
    if len(found) <= limit:
        return list(found)
    by_rank = sorted(range(len(found)), key=lambda number: found[number].severity.rank)
    return [found[number] for number in sorted(by_rank[:limit])]


def left_out(count: int) -> str:
    """Return the line that says that *count* more findings are not shown, empty for none."""
    return f"另有 {count} 条没有列出，改正以上各条后再检查。" if count else ""


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
