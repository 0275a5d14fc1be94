"""``sentences.yaml`` → the words of sentences that state numbers, and the cells they state.

The grammar is data: its words, each with what it does in a sentence (its role), and the
combinations of words that state cells (:class:`Statement`).  :class:`SentenceFile` is the shape of
the file, :class:`Sentences` the grammar.  The engine that reads sentences with it is
:mod:`reportgen.checks.sentences`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Literal, TypeAlias

from msgspec import Struct

from reportgen.forms.formula import Sum, Vocabulary, check_product, parse_sum
from reportgen.forms.grid import TemplateError
from reportgen.forms.rules import Rule

NAMED_ROLES = ("counted", "weak", "alike", "acts")
"""Roles whose words stand for a name: what is counted, or what happened to it."""

PLAIN_ROLES = (
    "others", "asides", "scopes", "wholes", "late", "causes", "fillers", "predicates", "nones",
    "among", "within", "joins", "respectively", "about", "roughly", "share", "than", "rise", "fall",
    "open", "plain",
)  # fmt: skip
"""Roles of words that need no name."""


class KnownWord(Struct, frozen=True, array_like=True):
    """What a word does in a sentence: its role, and what it stands for ("" in most roles)."""

    role: str
    name: str = ""


class Statement(Struct, frozen=True):
    """A combination of words that states cells."""

    rule: str
    """Slug of the rule that a wrong number breaks."""
    counted: tuple[str, ...]
    """What is counted, any one of these."""
    says: tuple[str, ...] = ()
    """The acts that must all be said."""
    may: tuple[str, ...] = ()
    """Acts that change nothing when said as well."""
    besides: tuple[str, ...] = ()
    """Words of the role ``others`` that change nothing."""
    follows: tuple[str, ...] = ()
    """When given, one of these acts was said in the same list before."""
    distinct: bool = False
    """Whether the acts alone show what is counted, once the paragraph has named it."""
    about: str = ""
    """Where requests for information must have been mentioned: in the same ``sentence``, or
    ``near``, in the heading or the sentence before as well; empty when anywhere or nowhere."""
    adds: bool = False
    """Whether one number may state the sum of several such statements."""
    partial: bool = False
    """Whether a smaller number may be right, being a part of what the cells count."""
    money: str = ""
    """The unit of the cells when they hold money, else the number is a count."""
    equals: tuple[str, ...] = ()
    """Sums of cells, each of which the number may equal; the first is the one meant."""
    accepts: tuple[str, ...] = ()
    """More such sums, seldom meant."""
    traps: tuple[tuple[str, str], ...] = ()
    """Sums easily stated instead, each with the words for it."""
    shares: tuple[str, ...] = ()
    """Sums that a per cent behind the number may be a share of."""
    doubt: str = ""
    """When given, a difference is only a hint, with these words."""


class BoundStatement(Struct, frozen=True):
    """A statement with its rule, and its sums resolved to the cells of a form."""

    rule: Rule
    statement: Statement
    equals: tuple[Sum, ...]
    traps: tuple[tuple[Sum, str], ...]
    shares: tuple[Sum, ...]


class Sentences(Struct, frozen=True, dict=True):
    """The grammar of a report's sentences: words, units and statements."""

    words: Mapping[str, KnownWord] = {}
    units: tuple[str, ...] = ()
    """Units of what the cells count."""
    measures: tuple[str, ...] = ()
    """Other units, of things that no cell counts."""
    money: Mapping[str, Decimal] = {}
    """Units of money, each with its value in the unit of the cells."""
    about_requests: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    """Acts whose numbers are not parts of a list, even where they follow one."""
    last_year: str = ""
    """The act that a mention of last year stands for; ``next_year`` likewise."""
    next_year: str = ""
    statements: tuple[Statement, ...] = ()

    @cached_property
    def lengths(self) -> Mapping[str, tuple[int, ...]]:
        """How long the words are that begin with each character, longest first."""
        found: dict[str, set[int]] = {}
        for text in self.words:
            found.setdefault(text[0], set()).add(len(text))
        return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}

    def word_at(self, text: str, position: int) -> str:
        """Return the longest word that *text* holds at *position*, empty when there is none."""
        for length in self.lengths.get(text[position : position + 1], ()):
            word = text[position : position + length]
            if word in self.words:
                return word
        return ""

    @cached_property
    def behind_numbers(self) -> frozenset[str]:
        """The characters that may follow the digits of a number that counts something."""
        roughly = (text for text, word in self.words.items() if word.role == "roughly")
        return frozenset(text[0] for text in (*self.counters, *roughly, *"%％万亿千百"))

    @cached_property
    def telling_of_requests(self) -> frozenset[str]:
        """The words that mention requests for information."""
        return frozenset(
            text for text in self.words if any(about in text for about in self.about_requests)
        )

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """What is counted by each word that names it."""
        return {text: word.name for text, word in self.words.items() if word.role == "counted"}

    @cached_property
    def none_words(self) -> tuple[str, ...]:
        """The words that say there was none, longest last."""
        return tuple(sorted((t for t, w in self.words.items() if w.role == "nones"), key=len))

    @cached_property
    def amount_words(self) -> tuple[str, ...]:
        """The words for a total (共, 合计)."""
        return tuple(
            text for text, word in self.words.items() if word.role == "fillers" and word.name
        )

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """Everything that may follow a number as its unit, longest first."""
        return tuple(sorted({*self.units, *self.money, *self.measures}, key=lambda u: -len(u)))


def bind_statements(
    sentences: Sentences, rules: Sequence[Rule], vocabulary: Vocabulary
) -> tuple[BoundStatement, ...]:
    """Return the statements that a form with *rules* and the cells of *vocabulary* can check.

    A sum about a cell that the form has not is left out, and a statement without sums.
    """
    by_slug = {rule.slug: rule for rule in rules}
    found = []
    for statement in sentences.statements:
        equals = tuple(_sums(statement.equals, vocabulary))
        rule = by_slug.get(statement.rule)
        if rule is None or not equals:
            continue
        traps = tuple(
            (total, words)
            for text, words in statement.traps
            for total in _sums((text,), vocabulary)
        )
        accepted = tuple(_sums(statement.accepts, vocabulary))
        shares = tuple(_sums(statement.shares, vocabulary))
        found.append(BoundStatement(rule, statement, (*equals, *accepted), traps, shares))
    return tuple(found)


def _sums(formulas: Iterable[str], vocabulary: Vocabulary) -> Iterator[Sum]:
    for formula in formulas:
        try:
            yield parse_sum(formula, vocabulary)
        except TemplateError:
            continue


MAX_STATEMENTS = 1_000
"""The most statements that one entry may expand to."""

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
        """Raise ValueError when it expands to more statements than a form can have."""
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
    amounts: NamedWords = {}
    """Fillers that stand for an act where nothing is said to have happened."""
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
    for name, words in file.amounts.items():
        yield from (("fillers", name, text) for text in dict.fromkeys(words.split()))
    for role in PLAIN_ROLES:
        yield from ((role, "", text) for text in dict.fromkeys(getattr(file, role).split()))


_LISTS = ("counted", "says", "may", "besides", "follows", "equals", "accepts")


def _statements(spec: StatementShape, bases: Mapping[str, Sequence[str]]) -> Iterator[Statement]:
    """Yield the statements of *spec*, one for each member of ``each``.

    Its ``shares`` are the name of one of *bases*.
    """
    check_product(spec.each.values())
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
