"""Rules: what is checked, how severe it is, and all texts about it.

The kind of a rule determines how it is checked (:data:`KINDS`).  Rules of the kind ``built-in``
are checked by code, which refers to them by their slugs; their texts are in ``checks.yaml`` like
those of all others.  Only this module turns a finding into a
:class:`~reportgen.diagnostics.Diagnostic`.

Regular expressions are compiled when they are first needed, and tried only where they can match.
"""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, cast

from msgspec import Struct, field

from reportgen.diagnostics import Diagnostic, Finding, Severity
from reportgen.forms.formula import MAX_BINDINGS, Identity, Vocabulary, expand_each, parse_formula
from reportgen.forms.grid import TemplateError
from reportgen.text import Word

FORMULA_KINDS = ("identity", "plausible", "previous")
"""Kinds with a formula over cells: it must hold; it should; it should with last year (上年/…)."""

TEXT_KINDS = ("pattern", "required", "length", "stated", "pairs")
"""Over the narrative: a pattern that must not occur, patterns of which each must, a
greatest length, numbers that must fit (``sentences.yaml`` says how they are stated), and
words with the words to use instead."""

BUILT_IN = "built-in"
"""The kind of rules that the program reports by their slugs."""

CODE_KINDS = (
    "enumeration", "unpaired", "outlier", "unchanged", "copied", "place", "typos", "contact",
    "told-contact", BUILT_IN,
)  # fmt: skip
KINDS = (*FORMULA_KINDS, *TEXT_KINDS, *CODE_KINDS)

PROOFS = (
    "id-card", "luhn", "no-such-date", "other-year", "this-year", "fee-step", "fee-pages",
    "other-contact", "other-organ",
)  # fmt: skip
"""The tests (``proof``) that a match of a pattern may have to pass."""

_YEAR_PROOFS = ("other-year", "this-year")
_YEAR = "{年度}"


class TextPart(Word):
    """What a text of a report is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    CAPTION = "caption"
    CONTACT = "contact"


class Wording(Struct, frozen=True, omit_defaults=True):
    """Other words for one of the ways a rule can be broken; what is empty is said as usual."""

    message: str = ""
    hint: str = ""
    reply: str = ""


_USUAL = Wording()


class Rule(Struct, frozen=True, omit_defaults=True):
    """One check with everything a message and its page need.

    ``sections`` limits a rule on text to these section ids (all when empty),
    ``parts`` to these kinds of text; ``whole`` asks that the pattern match the
    section's whole text, or, of a required one, that the first section was typed;
    ``attached`` applies it to the sources that a PDF carries, too.
    ``organ`` and ``report_kinds`` limit any rule to some reports.
    ``reply`` is what the unit should do about a finding whose ``hint`` is for who collects the
    reports; empty if the hint is for both.
    """

    code: str
    slug: str
    severity: Severity
    kind: str
    title: str
    message: str = ""
    hint: str = ""
    reply: str = ""
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    basis: str = ""
    table: str = ""
    formula: str = ""
    each: Mapping[str, tuple[str, ...]] | None = None
    fills: bool = False
    pattern: LazyPattern | None = None
    sections: tuple[str, ...] = ()
    parts: tuple[TextPart, ...] = ()
    whole: bool = False
    unless: LazyPattern | None = None
    proof: str = ""
    expected: str = ""
    once: bool = False
    attached: bool = False
    organ: LazyPattern | None = None
    report_kinds: tuple[str, ...] = ()
    items: Mapping[str, LazyPattern] = field(default_factory=dict)
    pairs: Mapping[str, str] = field(default_factory=dict)
    limit: float = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    what: str = ""
    why: str = ""
    example: str = ""

    @property
    def names_year(self) -> bool:
        """Whether the rule is about the report's year, or its words name it."""
        texts = (self.message, self.hint, *(item.text for item in self.items.values()))
        return self.proof in _YEAR_PROOFS or any(_YEAR in text for text in texts)

    def applies(self, organ: str, report_kind: str) -> bool:
        """Return whether the rule is about reports of *organ* and of *report_kind* (类型)."""
        if self.report_kinds and report_kind not in self.report_kinds:
            return False
        return self.organ is None or self.organ.search(organ) is not None

    def word(self, finding: Finding) -> Diagnostic:
        """Return *finding*, which breaks this rule, in the rule's words."""
        wording = self.wordings.get(finding.wording, _USUAL)
        advice = self.wordings.get(finding.advice, wording)
        return Diagnostic(
            self.code,
            self.slug,
            self.severity,
            fill(wording.message or self.message, finding.values),
            finding.span,
            label=finding.label,
            labels=finding.labels,
            cells=finding.cells,
            expected=finding.expected,
            actual=finding.actual,
            hint=fill(advice.hint or wording.hint or self.hint, finding.values),
            basis=finding.basis or self.basis,
            file="" if finding.span else finding.file,
        )

    def reply_to(self, finding: Finding) -> str:
        """Return what the unit should do about *finding*; empty if the hint says it."""
        wording = self.wordings.get(finding.wording, _USUAL)
        usual = "" if wording.hint else self.reply
        return fill(wording.reply or usual, finding.values)


_NAME = re.compile(r"\{(\w+)\}")


def fill(text: str, values: Mapping[str, object]) -> str:
    """Return *text* with each ``{名}`` replaced by its value; unknown names stay."""
    return _NAME.sub(lambda found: str(values.get(found[1], found[0])), text)


class RuleBook(Struct, frozen=True):
    """The rules of a form, or those that hold before one is known, by slug."""

    rules: Mapping[str, Rule]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> RuleBook:
        """Return the book of *rules*."""
        return cls({rule.slug: rule for rule in rules})

    def word(self, finding: Finding) -> Diagnostic:
        """Return *finding* in the words of its rule; TemplateError when no file has the rule."""
        rule = self.rules.get(finding.slug)
        if rule is None:
            raise TemplateError(f"checks.yaml 中缺少程序用到的规则 {finding.slug}")
        return rule.word(finding)

    def reply_to(self, finding: Finding) -> str:
        """Return what the unit should do about *finding*; empty if the hint says it."""
        rule = self.rules.get(finding.slug)
        return rule.reply_to(finding) if rule else ""

    def word_all(self, findings: Iterable[Finding]) -> list[Diagnostic]:
        """Return *findings* in the words of their rules, in the same order."""
        return [self.word(finding) for finding in findings]


class BoundIdentity(Struct, frozen=True):
    """An identity rule applied to one row, column or block of a table."""

    rule: Rule
    binding: Mapping[str, str]
    identity: Identity

    @property
    def message(self) -> str:
        """The rule's message with the bound names filled in."""
        return fill(self.rule.message, self.binding)


SECONDS = 3.0
"""Processor time that the expressions of a folder's own templates may take for one report."""


class TimeLeft(Struct):
    """The processor time that is left for the expressions of own templates."""

    seconds: float


_LEFT: ContextVar[TimeLeft] = ContextVar("left")


@contextmanager
def bounded_matching() -> Iterator[None]:
    """Let the expressions of own templates take ``SECONDS`` together within the block."""
    token = _LEFT.set(TimeLeft(SECONDS))
    try:
        yield
    finally:
        _LEFT.reset(token)


class LazyPattern(Struct, frozen=True, dict=True, omit_defaults=True):
    """A regular expression compiled when first needed: many never are, and compiling is slow.

    At least one word of each group of ``words`` occurs in every text it matches, so a text
    without one is not searched.  The words come with a compiled form; an expression read from
    YAML has none and is always tried.  They do not take part in equality.

    Those of a folder's own templates may come from anybody.  They are matched by the library
    regex, which stops after a time, within :func:`bounded_matching`: TemplateError is raised
    when it is used up.  The others are tested not to need such a limit.
    """

    text: str
    flags: int = 0
    words: tuple[tuple[str, ...], ...] = ()
    place: str = ""
    """Where templates of a folder's own have it; empty for a shipped one."""

    def __eq__(self, other: object) -> bool:
        """Return whether *other* matches the same texts by the same expression."""
        if not isinstance(other, LazyPattern):
            return NotImplemented
        return (self.text, self.flags) == (other.text, other.flags)

    def __hash__(self) -> int:
        """Return the hash of the expression."""
        return hash((self.text, self.flags))

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression; it was checked when its file was read."""
        if self.place:
            return _compiled_bounded(self)
        return re.compile(self.text, self.flags)

    def search(self, text: str) -> re.Match[str] | None:
        """Return where *text* first matches, None when it does not."""
        return self._run("search", text) if self.may_match(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the start of *text*, None when there is none."""
        return self._run("match", text) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of the whole of *text*, None when it does not match."""
        return self._run("fullmatch", text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return the matches in *text*, one after the other."""
        if not self.may_match(text):
            return iter(())
        if not self.place:
            return self.compiled.finditer(text)
        pattern: Any = self.compiled
        with _counted_time(self) as seconds:
            return iter(list(pattern.finditer(text, timeout=seconds)))

    def _run(self, method: str, text: str) -> Any:
        call = getattr(self.compiled, method)
        if not self.place:
            return call(text)
        with _counted_time(self) as seconds:
            return call(text, timeout=seconds)

    def may_match(self, text: str) -> bool:
        """Return whether *text* has the words without which nothing matches."""
        for group in self.words:
            for word in group:  # plain loops, because this runs for every text and every rule
                if word in text:
                    break
            else:
                return False
        return True


@contextmanager
def _counted_time(pattern: LazyPattern) -> Iterator[float]:
    """Count the time that the block takes with *pattern*; yields the seconds that are left."""
    left = _LEFT.get(None) or TimeLeft(SECONDS)
    begun = time.process_time()
    try:
        yield left.seconds
    except TimeoutError:
        slow = f"用这个正则表达式查找太慢，超过 {SECONDS:.0f} 秒没有查完"
        raise TemplateError(f"{pattern.place}：{slow}：{pattern.text[:40]}") from None
    finally:
        left.seconds = max(_LEAST, left.seconds - (time.process_time() - begun))


_LEAST = 0.001
"""Seconds: with none at all the library would know no limit."""


def _compiled_bounded(pattern: LazyPattern) -> re.Pattern[str]:
    """Return *pattern* compiled by regex, whose patterns are used like those of re."""
    import regex

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what a later version may read in another way
        try:
            compiled: Any = regex.compile(pattern.text, pattern.flags)
        except (regex.error, RecursionError, OverflowError, MemoryError):
            message = f"{pattern.place}：不能用的正则表达式：{pattern.text[:40]}"
            raise TemplateError(message) from None
    return cast("re.Pattern[str]", compiled)


def bind_identities(
    rules: Sequence[Rule], vocabulary: Vocabulary, kinds: Sequence[str] = ("identity",)
) -> tuple[BoundIdentity, ...]:
    """Return every relation the rules of *kinds* state, one for each binding.

    Raises TemplateError for a mistake in a formula, and when all rules together state more
    relations than a form can have.
    """
    found: list[BoundIdentity] = []
    for rule in rules:
        if rule.kind in kinds:
            names = vocabulary.with_previous if rule.kind == "previous" else vocabulary
            bindings = expand_each(rule.each or {}, rule.table, vocabulary)
            found += [_bound(rule, binding, names) for binding in bindings]
        if len(found) > MAX_BINDINGS:
            raise TemplateError(f"{rule.code}：各规则的公式合起来超过 {MAX_BINDINGS} 条")
    return tuple(found)


def _bound(rule: Rule, binding: Mapping[str, str], vocabulary: Vocabulary) -> BoundIdentity:
    identity = parse_formula(rule.formula, binding, vocabulary)
    if rule.fills and not identity.is_total:
        raise TemplateError(f"{rule.code}：fills 只用于“总计 = 各项之和”形式的公式")
    return BoundIdentity(rule, binding, identity)


class Override(Struct, frozen=True):
    """A rule whose severity was changed."""

    code: str
    given: Severity
    """The severity in the rule itself."""
    severity: Severity
    file: str
    """The file that changed it, seen from the folder of templates."""
