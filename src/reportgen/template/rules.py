"""``checks.yaml`` → rules: what is checked, and the words that explain it.

The kind of a rule says how it is carried out (:data:`KINDS`).  The rules of kind
``built-in`` are carried out by code; the file gives their page for
``reportgen explain``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from reportgen.diagnostics import Severity
from reportgen.problems import EnvironmentProblem
from reportgen.template.formula import (
    Identity,
    Sum,
    Vocabulary,
    expand_each,
    parse_formula,
    parse_sum,
)
from reportgen.template.grid import TemplateError

FORMULA_KINDS = ("identity", "plausible", "previous")
"""A formula over cells: it must hold; it should; it should, with last year's (上年/…)."""

TEXT_KINDS = ("pattern", "required", "length", "quote", "ratio", "breakdown", "pairs")
"""Over the narrative: a pattern that must not occur, patterns of which each must, a
greatest length, numbers that must equal cells, per cents and parts that must fit
their totals, and words with the words to use instead."""

CODE_KINDS = ("enumeration", "marks", "outlier", "copied", "place", "built-in")
KINDS = (*FORMULA_KINDS, *TEXT_KINDS, *CODE_KINDS)

PROOFS = (
    "id-card", "luhn", "no-such-date", "other-year", "this-year", "fee-step", "fee-pages",
)  # fmt: skip
"""What a pattern's match can be put to (``proof``) before it counts."""

_NUMBER = r"(?<![\d.,])(?P<数>\d{1,3}(?:,\d{3})+|\d{1,12})(?!\d|[.,]\d|[万亿])"


class LazyPattern(Struct, frozen=True, dict=True):
    """A regular expression compiled when first used: many never are, and compiling is slow.

    A mistake in it is an EnvironmentProblem then.
    """

    text: str
    flags: int = 0

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, compiled."""
        try:
            return re.compile(self.text, self.flags)
        except re.error as error:
            message = f"checks.yaml 中的正则表达式有误：{self.text[:40]}（{error}）"
            raise EnvironmentProblem(message, "检查 templates 中的 checks.yaml") from error

    def search(self, text: str) -> re.Match[str] | None:
        """Return where *text* first matches, None when it does not."""
        return self.compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the start of *text*, None when there is none."""
        return self.compiled.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of the whole of *text*, None when it does not match."""
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return the matches in *text*, one after the other."""
        return self.compiled.finditer(text)


class QuoteSpec(Struct, frozen=True):
    """A way to state a number in words: its group 数 must equal one of the sums ``equals``.

    ``number`` is the number the words stand for where they hold no digits.
    ``unless`` and ``needs`` are looked for in the words before and in the whole paragraph.
    """

    pattern: LazyPattern
    equals: tuple[str, ...]
    traps: tuple[tuple[str, str], ...] = ()
    shares: tuple[str, ...] = ()
    number: int | None = None
    unless: LazyPattern | None = None
    needs: LazyPattern | None = None


class Rule(Struct, frozen=True):
    """One check with everything a message and its page need.

    ``sections`` limits a rule on text to these section ids (all when empty),
    ``parts`` to these kinds of text; ``whole`` asks that the pattern match the
    section's whole text, or, of a required one, that the first section was typed.
    ``organ`` and ``report_kinds`` limit any rule to some reports.
    """

    code: str
    slug: str
    severity: Severity
    kind: str
    title: str
    message: str = ""
    hint: str = ""
    basis: str = ""
    table: str = ""
    formula: str = ""
    each: Mapping[str, tuple[str, ...]] | None = None
    fills: bool = False
    pattern: LazyPattern | None = None
    sections: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    whole: bool = False
    unless: LazyPattern | None = None
    proof: str = ""
    expected: str = ""
    once: bool = False
    organ: LazyPattern | None = None
    report_kinds: tuple[str, ...] = ()
    items: Mapping[str, LazyPattern] = field(default_factory=dict)
    quotes: tuple[QuoteSpec, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    limit: float = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    what: str = ""
    why: str = ""
    example: str = ""

    def applies(self, organ: str, report_kind: str) -> bool:
        """Return whether the rule is about reports of *organ* and of *report_kind* (类型)."""
        if self.report_kinds and report_kind not in self.report_kinds:
            return False
        return self.organ is None or self.organ.search(organ) is not None


class BoundIdentity(Struct, frozen=True):
    """An identity rule applied to one row, column or block of a table."""

    rule: Rule
    binding: Mapping[str, str]
    identity: Identity

    @property
    def message(self) -> str:
        """The rule's message with the bound names filled in."""
        text = self.rule.message
        for name, value in self.binding.items():
            text = text.replace("{" + name + "}", value)
        return text


class BoundQuote(Struct, frozen=True):
    """A quote with its sums resolved to the cells of a form; ``shares`` are wholes of a per cent.

    ``traps`` are sums easily stated instead, each with the words for it.
    """

    rule: Rule
    spec: QuoteSpec
    equals: tuple[Sum, ...]
    traps: tuple[tuple[Sum, str], ...]
    shares: tuple[Sum, ...]


def build_rules(data: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules of *data*; TemplateError names the first one that is wrong."""
    return tuple(_rule(spec) for spec in data)


def _rule(spec: Mapping[str, Any]) -> Rule:
    if not isinstance(spec, Mapping):
        raise TemplateError(f"checks.yaml 中的 {spec}：应逐项填写")
    try:
        kind = _choice(spec, "kind", KINDS, "built-in")
        has_formula = kind in FORMULA_KINDS
        return Rule(
            code=str(spec["code"]),
            slug=str(spec["slug"]),
            severity=Severity(spec.get("severity", "error")),
            kind=kind,
            title=str(spec["title"]),
            table=str(spec["formula"]).split("/")[0] if has_formula else "",
            each=_each(spec.get("each", {})),
            pattern=_regex(spec["pattern"] if kind == "pattern" else spec.get("pattern")),
            sections=_names(spec.get("sections", ())),
            parts=_names(spec.get("parts", ())),
            fills=bool(spec.get("fills", False)),
            whole=bool(spec.get("whole", False)),
            once=bool(spec.get("once", False)),
            unless=_lazy(spec.get("unless")),
            proof=_choice(spec, "proof", (*PROOFS, ""), ""),
            organ=_lazy(spec.get("organ")),
            report_kinds=_names(spec.get("kinds", ())),
            items={name: _needed(item) for name, item in _mapping(spec.get("items", {})).items()},
            quotes=tuple(q for item in spec.get("quotes", ()) for q in _quotes(item)),
            pairs=_pairs(spec.get("pairs", ())),
            limit=float(spec.get("limit", 0)),
            options=_mapping(spec.get("options", {})),
            **_texts(spec),
        )
    except (KeyError, TypeError, ValueError, TemplateError) as error:
        raise TemplateError(f"checks.yaml 中的 {spec.get('code', spec)}：{error}") from error


def _choice(spec: Mapping[str, Any], key: str, known: tuple[str, ...], default: str) -> str:
    value = str(spec.get(key, default))
    if value not in known:
        raise TemplateError(f"{key} 应为 {'、'.join(filter(None, known))} 之一")
    return value


def _regex(text: object) -> LazyPattern | None:
    return None if text is None else _needed(text)


def _lazy(text: object) -> LazyPattern | None:
    return None if text is None else LazyPattern(str(text))


def _needed(text: object) -> LazyPattern:
    """Return the expression *text*; ``{数}`` in it stands for a number, the group 数."""
    return LazyPattern(str(text).replace("{数}", _NUMBER), re.MULTILINE)


def _mapping(spec: object) -> Mapping[str, Any]:
    if not isinstance(spec, Mapping):
        raise TypeError(f"此处应写成“名: 值”：{spec!r}")
    return {str(name): value for name, value in spec.items()}


def _each(spec: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(spec, Mapping):
        raise TypeError(f"each 应写成“变量: [各项]”：{spec!r}")
    return {str(name): _names(items) for name, items in spec.items()}


def _names(items: object) -> tuple[str, ...]:
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise TypeError(f"此处应为列表：{items!r}")
    return tuple(str(item) for item in items)


def _quotes(spec: Mapping[str, Any]) -> list[QuoteSpec]:
    """Return the quotes *spec* states, one for each of its ``words`` put in for ``{词}``."""
    unless, needs = _lazy(spec.get("unless")), _lazy(spec.get("needs"))
    number = spec.get("number")
    found = []
    for word in _names(spec.get("words", ("",))):
        sums = {key: _filled(spec.get(key, ()), word) for key in ("equals", "shares")}
        traps = _mapping(spec.get("traps", {}))
        found.append(
            QuoteSpec(
                pattern=_needed(str(spec["pattern"]).replace("{词}", word)),
                equals=sums["equals"],
                traps=tuple((formula, str(words)) for formula, words in traps.items()),
                shares=sums["shares"],
                number=None if number is None else int(number),
                unless=unless,
                needs=needs,
            )
        )
    return found


def _filled(items: object, word: str) -> tuple[str, ...]:
    return tuple(item.replace("{词}", word) for item in _names(items))


def _pairs(spec: object) -> Mapping[str, str]:
    """Return words with what to use instead: a mapping, or a text of pairs of characters."""
    if isinstance(spec, str):
        text = "".join(spec.split())
        return dict(zip(text[::2], text[1::2], strict=True))
    return {wrong: str(right) for wrong, right in _mapping(spec or {}).items()}


def _texts(spec: Mapping[str, Any]) -> dict[str, str]:
    names = ("message", "hint", "basis", "formula", "expected", "what", "why", "example")
    return {name: str(spec.get(name, "")).strip() for name in names}


def bind_identities(
    rules: Sequence[Rule], vocabulary: Vocabulary, kinds: Sequence[str] = ("identity",)
) -> tuple[BoundIdentity, ...]:
    """Return every relation the rules of *kinds* state, one for each binding."""
    return tuple(
        _bound(rule, binding, vocabulary.with_previous() if rule.kind == "previous" else vocabulary)
        for rule in rules
        if rule.kind in kinds
        for binding in expand_each(rule.each or {}, rule.table, vocabulary)
    )


def _bound(rule: Rule, binding: Mapping[str, str], vocabulary: Vocabulary) -> BoundIdentity:
    identity = parse_formula(rule.formula, binding, vocabulary)
    if rule.fills and not identity.is_total:
        raise TemplateError(f"{rule.code}：fills 只用于“总计 = 各项之和”形式的公式")
    return BoundIdentity(rule, binding, identity)


def bind_quotes(rules: Sequence[Rule], vocabulary: Vocabulary) -> tuple[BoundQuote, ...]:
    """Return the quotes of *rules*; one about a cell that the form has not is left out."""
    return tuple(
        bound
        for rule in rules
        for spec in rule.quotes
        if (bound := _bound_quote(rule, spec, vocabulary))
    )


def _bound_quote(rule: Rule, spec: QuoteSpec, vocabulary: Vocabulary) -> BoundQuote | None:
    try:
        return BoundQuote(
            rule,
            spec,
            tuple(parse_sum(text, vocabulary) for text in spec.equals),
            tuple((parse_sum(text, vocabulary), words) for text, words in spec.traps),
            tuple(parse_sum(text, vocabulary) for text in spec.shares),
        )
    except TemplateError:
        return None
