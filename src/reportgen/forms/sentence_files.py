"""``sentences.yaml`` → :class:`~reportgen.forms.sentences.Sentences`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Literal, TypeAlias

from msgspec import Struct

from reportgen.forms.sentences import (
    NAMED_ROLES,
    PLAIN_ROLES,
    KnownWord,
    Sentences,
    Statement,
)

MAX_STATEMENTS = 1_000
"""How many statements one entry may stand for."""

Words: TypeAlias = str
"""Words of one role, with blanks between them."""
NamedWords: TypeAlias = dict[str, Words]


class StatementShape(Struct, frozen=True, kw_only=True):
    """An entry of ``statements``."""

    rule: str
    counted: list[str] = []
    says: list[str] = []
    may: list[str] = []
    besides: list[str] = []
    follows: list[str] = []
    equals: list[str] = []
    accepts: list[str] = []
    traps: dict[str, str] = {}
    shares: str = ""
    distinct: bool = False
    about: Literal["", "sentence", "near"] = ""
    adds: bool = False
    partial: bool = False
    money: str = ""
    doubt: str = ""
    each: dict[str, list[str]] = {}

    def __post_init__(self) -> None:
        """Raise ValueError when it stands for more statements than a form can have."""
        if math.prod(len(items) for items in self.each.values()) > MAX_STATEMENTS:
            raise ValueError(f"的 each 代入的次数过多，不能超过 {MAX_STATEMENTS} 次")


class SentenceFile(Struct, frozen=True, kw_only=True):
    """``sentences.yaml``; the roles of words are described in ``docs/templates.md``."""

    units: Words = ""
    measures: Words = ""
    money: dict[str, Decimal] = {}
    counted: NamedWords = {}
    weak: NamedWords = {}
    alike: NamedWords = {}
    acts: NamedWords = {}
    others: Words = ""
    asides: Words = ""
    scopes: Words = ""
    wholes: Words = ""
    late: Words = ""
    causes: Words = ""
    fillers: Words = ""
    predicates: Words = ""
    nones: Words = ""
    among: Words = ""
    within: Words = ""
    joins: Words = ""
    respectively: Words = ""
    about: Words = ""
    roughly: Words = ""
    share: Words = ""
    than: Words = ""
    rise: Words = ""
    fall: Words = ""
    open: Words = ""
    plain: Words = ""
    about_requests: Words = ""
    apart: Words = ""
    last_year: str = ""
    next_year: str = ""
    bases: dict[str, list[str]] = {}
    statements: list[StatementShape] = []

    def __post_init__(self) -> None:
        """Raise ValueError when a word has two roles, or a share is of nothing known."""
        seen: dict[str, str] = {}
        for role, _, text in _entries(self):
            if text in seen:
                raise ValueError(f"的“{text}”既在 {seen[text]}，又在 {role}")
            seen[text] = role
        for statement in self.statements:
            if statement.shares and statement.shares not in self.bases:
                raise ValueError(f"的 bases 中没有 {statement.shares}")


def build_sentences(file: SentenceFile) -> Sentences:
    """Return the grammar that *file* states."""
    return Sentences(
        words={text: KnownWord(role, name) for role, name, text in _entries(file)},
        units=tuple(file.units.split()),
        measures=tuple(file.measures.split()),
        money=file.money,
        about_requests=tuple(file.about_requests.split()),
        apart=tuple(file.apart.split()),
        last_year=file.last_year,
        next_year=file.next_year,
        statements=tuple(
            statement for spec in file.statements for statement in _statements(spec, file.bases)
        ),
    )


def _entries(file: SentenceFile) -> Iterator[tuple[str, str, str]]:
    """Yield role, name and word of every word in *file*."""
    for role in NAMED_ROLES:
        for name, words in getattr(file, role).items():
            yield from ((role, name, text) for text in dict.fromkeys(words.split()))
    for role in PLAIN_ROLES:
        yield from ((role, "", text) for text in dict.fromkeys(getattr(file, role).split()))


_LISTS = ("counted", "says", "may", "besides", "follows", "equals", "accepts")


def _statements(spec: StatementShape, bases: Mapping[str, Sequence[str]]) -> Iterator[Statement]:
    """Yield the statements *spec* stands for: one for each member of ``each``.

    Its ``shares`` are the name of one of *bases*.
    """
    for values in product(*spec.each.values()):
        binding = dict(zip(spec.each, values, strict=True))
        lists = {
            key: tuple(_filled(item, binding) for item in getattr(spec, key)) for key in _LISTS
        }
        yield Statement(
            rule=spec.rule,
            distinct=spec.distinct,
            about=spec.about,
            adds=spec.adds,
            partial=spec.partial,
            money=spec.money,
            traps=tuple(spec.traps.items()),
            shares=tuple(bases[spec.shares]) if spec.shares else (),
            doubt=spec.doubt,
            **lists,
        )


def _filled(text: str, binding: Mapping[str, str]) -> str:
    for name, value in binding.items():
        text = text.replace("{" + name + "}", value)
    return text
