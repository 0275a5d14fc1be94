"""Findings about a report, as values.

A stage that finds a mistake of the author reports a :class:`Finding`: the rule that is broken,
the place, and the values for the placeholders in the rule's message.  :mod:`reportgen.forms`
combines it with the rule to a :class:`Diagnostic`: what is wrong, where, and what to do.
:mod:`.findings_text` renders diagnostics.  Mistakes of the author are never raised; exceptions
are for a broken environment (:mod:`.problems`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.source import Place
from reportgen.text import shortened


class Severity(str, Enum):
    """The severity of a finding, the worst first; the value is the word in ``--format json``."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The word shown to the user."""
        return {"error": "错误", "warning": "警告", "hint": "提示"}[self.value]

    @property
    def rank(self) -> int:
        """The position in the order of severities: 0 for the worst."""
        return list(Severity).index(self)


class Label(Struct, frozen=True):
    """A secondary place of a finding, with a short text about it."""

    span: Place
    text: str


class Finding(Struct, frozen=True):
    """A violation of a rule, without the rule's message.

    Readers report findings before the rules are known: the rules depend on the form, and the
    form is known only after ``report.yaml`` has been read.
    """

    slug: str
    """The name of the rule."""
    span: Place | None = None
    """The place; None if the finding has none."""
    values: Mapping[str, object] = field(default_factory=dict)
    """The values for the placeholders ``{名}`` in the rule's message and hint."""
    wording: str = ""
    """The key of one of the rule's ``wordings``; empty for its main message."""
    advice: str = ""
    """The key of the wording that gives the hint, if it is not that of the message."""
    label: str = ""
    """A short text about ``span``."""
    labels: tuple[Label, ...] = ()
    """Further places."""
    cells: tuple[str, ...] = ()
    """The paths of the cells concerned, such as ``申请/本年新收/自然人``."""
    expected: str | None = None
    """The value that was expected, as text."""
    actual: str | None = None
    """The value that was found, as text."""
    basis: str = ""
    """The legal basis, if the form gives a more specific one than the rule."""
    file: str = ""
    """The file concerned, if ``span`` is None."""


class Diagnostic(Struct, frozen=True):
    """A finding with the message of its rule."""

    code: str
    """The code of the rule, such as ``T303``."""
    slug: str
    """The name of the rule."""
    severity: Severity
    message: str
    """One sentence that makes sense by itself."""
    span: Place | None = None
    """The place; None if the finding has none."""
    label: str = ""
    """A short text about ``span``."""
    labels: tuple[Label, ...] = ()
    """Further places."""
    cells: tuple[str, ...] = ()
    """The paths of the cells concerned, such as ``申请/本年新收/自然人``."""
    expected: str | None = None
    """The value that was expected, as text."""
    actual: str | None = None
    """The value that was found, as text."""
    hint: str = ""
    """What to do."""
    basis: str = ""
    """The legal basis."""
    file: str = ""
    """The file concerned, if ``span`` is None."""

    def __repr__(self) -> str:
        place = self.span.short_place if self.span else self.file
        head = " ".join(filter(None, (self.severity.value, self.code, place)))
        return f"<Diagnostic {head} {shortened(self.message)}>"

    @property
    def path(self) -> str:
        """The file concerned; empty if there is none."""
        return self.span.path if self.span else self.file


def sort_diagnostics(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return *found* without duplicates, sorted by path, position and code."""
    unique = dict.fromkeys(found)

    def key(item: Diagnostic) -> tuple[str, tuple[int, ...], str]:
        return (item.path, item.span.order if item.span else (-1,), item.code)

    return sorted(unique, key=key)


MOST_ALIKE = 5
"""Findings of one cause that are told one by one."""


def gather(found: Iterable[Diagnostic], rules: Collection[str]) -> list[Diagnostic]:
    """Return *found* with one finding for those of one cause, if there are many.

    Findings of one of *rules* (slugs) have one cause if they say the same: a picture that is shown
    a hundred times, a name that is wrong in each placeholder.  More than ``MOST_ALIKE`` become the
    first of them, which says how many there are, with a label at each further place.
    """
    every = list(found)
    alike: dict[tuple[str, Severity, str], list[Diagnostic]] = {}
    for item in every:
        if item.slug in rules:
            alike.setdefault((item.slug, item.severity, item.message), []).append(item)
    first = {id(group[0]): group for group in alike.values() if len(group) > MOST_ALIKE}
    others = {id(item) for group in first.values() for item in group[1:]}
    kept = (item for item in every if id(item) not in others)
    return [_as_one(first[id(item)]) if id(item) in first else item for item in kept]


def _as_one(group: Sequence[Diagnostic]) -> Diagnostic:
    labels = (Label(item.span, "这里也是") for item in group[1:] if item.span)
    message = f"{group[0].message}（共 {len(group)} 处）"
    return replace(group[0], message=message, labels=(*group[0].labels, *labels))


def count_severities(found: Iterable[Diagnostic]) -> dict[Severity, int]:
    """Return the number of findings of each severity."""
    counts = dict.fromkeys(Severity, 0)
    for item in found:
        counts[item.severity] += 1
    return counts


def first_error(found: Iterable[Diagnostic]) -> str:
    """Return a colon and the message of the first error; empty if there is none."""
    return next((f"：{item.message}" for item in found if item.severity is Severity.ERROR), "")


def has_errors(found: Iterable[Diagnostic], *, strict: bool = False) -> bool:
    """Return whether *found* holds an error or, if *strict*, a warning.

    A report with errors must not be filed.  Everything that rejects a report, and every exit
    code, depends on this function.
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
    return f"另有 {count} 条没有列出，改正以上各条后再检查。" if count > 0 else ""


def choose(
    found: Iterable[Diagnostic], only: Collection[str] = (), skip: Collection[str] = ()
) -> list[Diagnostic]:
    """Return the findings of the rules in *only*, without those of the rules in *skip*.

    Rules are given by code or slug.  An empty *only* stands for all rules.
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
    """Return *text* with the middle digits of personal numbers replaced by ``*``.

    Identity, mobile and bank card numbers keep their first three and last two digits; the
    length of the text does not change.
    """
    return _PERSONAL_NUMBER.sub(
        lambda found: found[0][:3] + re.sub("[0-9Xx]", "*", found[0][3:-2]) + found[0][-2:], text
    )
