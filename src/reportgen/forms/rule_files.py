"""``checks.yaml`` → rules, their formulas bound to the cells of a form, and overrides.

A report folder's or an office's file changes how much a rule matters without a copy of the
rule::

    overrides:
      T503: {severity: hint}

The changes are kept with the form, so that a later stage can report them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from msgspec import Meta, Struct
from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.forms.formula import (
    first_table,
)
from reportgen.forms.grid import TemplateError, nearest_key
from reportgen.forms.rules import (
    BUILT_IN,
    FORMULA_KINDS,
    KINDS,
    PROOFS,
    LazyPattern,
    Override,
    Rule,
    TextPart,
    Wording,
)
from reportgen.source import Span

_ABBREVIATIONS = {
    "{数}": r"(?<![\d.,])(?P<数>\d{1,3}(?:,\d{3})+|\d{1,12})(?!\d|[.,]\d|[万亿])",
    "{汉字}": r"[^\W\da-zA-Z_]",  # compiled at once; of a range, re marks every character
}
"""What may stand in an expression for a number, the group 数, and for a Chinese character."""

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Code: TypeAlias = Annotated[
    str, Meta(pattern=r"^[A-Z]\d{3}$", description="一个大写字母加三位数字，如 T301")
]
Slug: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        description="小写英文字母、数字组成的名称，词之间用短横",
    ),
]
Expression: TypeAlias = Annotated[str, Meta(min_length=1, max_length=5000)]


class WordingShape(Struct, frozen=True):
    """One of the ``wordings`` of a rule."""

    message: str = ""
    hint: str = ""
    reply: str = ""


class RuleShape(Struct, frozen=True, kw_only=True):
    """An entry of ``checks``."""

    place: Span
    code: Code
    slug: Slug
    title: Name
    kind: str = BUILT_IN
    severity: Severity = Severity.ERROR
    message: str = ""
    hint: str = ""
    reply: str = ""
    basis: str = ""
    what: str = ""
    why: str = ""
    example: str = ""
    wordings: dict[str, WordingShape] = {}
    formula: str = ""
    each: dict[Name, list[Name]] = {}
    fills: bool = False
    pattern: Expression | None = None
    unless: Expression | None = None
    organ: Expression | None = None
    items: dict[str, Expression] = {}
    proof: str = ""
    expected: str = ""
    pairs: dict[Name, str] | str = ""
    sections: list[str] = []
    parts: list[TextPart] = []
    whole: bool = False
    attached: bool = False
    once: bool = False
    kinds: list[Name] = []
    limit: Annotated[float, Meta(ge=0, le=1_000_000)] = 0
    options: dict[str, Any] = {}

    def __post_init__(self) -> None:
        """Raise ValueError when the kind of the rule needs something else."""
        if self.kind not in KINDS:
            raise ValueError(f"的 kind 应为 {'、'.join(KINDS)} 之一，写的是“{self.kind}”")
        if self.proof and self.proof not in PROOFS:
            raise ValueError(f"的 proof 应为 {'、'.join(PROOFS)} 之一，写的是“{self.proof}”")
        for needed in _NEEDED.get(self.kind, ()):
            if not getattr(self, needed):
                raise ValueError(f"缺少 {needed}：kind 是 {self.kind} 的规则要有")
        if isinstance(self.pairs, str) and len("".join(self.pairs.split())) % 2:
            raise ValueError("的 pairs 应是成对的字，或者写成“错: 对”")
        for name in ("unless", "organ"):
            compiled_expression(name, getattr(self, name))
        for name, text in self.items.items():
            compiled_expression(f"items/{name}", text)
        _check_groups(self, compiled_expression("pattern", self.pattern))


_NEEDED = {
    **dict.fromkeys(FORMULA_KINDS, ("formula",)),
    **dict.fromkeys(("pattern", "enumeration", "place"), ("pattern",)),
    "length": ("limit", "sections"),
    "copied": ("limit", "sections"),
    "outlier": ("limit",),
    "unchanged": ("limit", "options"),
    "contact": ("items",),
    "told-contact": ("items",),
    "pairs": ("pairs",),
    "unpaired": ("pairs",),
}
"""The fields that a rule of a kind requires."""

_GROUPS = {
    "no-such-date": ("月", "日"),
    "other-year": ("年",),
    "this-year": ("年",),
    "fee-step": ("数",),
    "fee-pages": ("数", "页"),
    "other-contact": ("号",),
    "other-organ": ("机关",),
}
"""The groups of the pattern that a proof looks at."""


def compiled_expression(name: str, text: str | None) -> re.Pattern[str] | None:
    """Return the expression *text* of the entry *name*; ValueError when it is none."""
    if text is None:
        return None
    pattern = _pattern(text)
    try:
        return re.compile(pattern.text, pattern.flags)
    except re.error as error:
        at = f"，第 {error.pos + 1} 个字符处" if error.pos is not None else ""
        raise ValueError(f"的 {name} 不是正确的正则表达式{at}：{text[:40]}") from None
    except (RecursionError, OverflowError):
        raise ValueError(f"的 {name} 太复杂，无法使用：{text[:40]}") from None


def _check_groups(spec: RuleShape, pattern: re.Pattern[str] | None) -> None:
    """Raise ValueError when *pattern* lacks a group that the rule refers to."""
    groups = pattern.groupindex if pattern else {}
    for group in ("机关",) if spec.kind == "place" else _GROUPS.get(spec.proof, ()):
        if group not in groups:
            raise ValueError(f"的 pattern 中没有名为“{group}”的组：proof、kind 要用到它")
    if spec.expected and pattern:
        try:
            pattern.sub(spec.expected, "")
        except (re.error, IndexError):
            raise ValueError(f"的 expected 引用了 pattern 中没有的组：{spec.expected}") from None


class OverrideShape(Struct, frozen=True):
    """An entry of ``overrides``: only the severity of a rule can be changed."""

    place: Span
    severity: Severity


class RuleFile(Struct, frozen=True):
    """``checks.yaml``; a file without ``checks`` leaves all rules as they are."""

    checks: list[RuleShape] | None = None
    overrides: dict[str, OverrideShape] = {}


def build_rule(spec: RuleShape, *, own: bool = False) -> Rule:
    """Return the rule that *spec* describes; TemplateError when its formula names no table.

    Expressions of a folder's *own* templates are matched under a time limit.
    """
    place = spec.place.short_place if own else ""
    has_formula = spec.kind in FORMULA_KINDS
    return Rule(
        code=spec.code,
        slug=spec.slug,
        severity=spec.severity,
        kind=spec.kind,
        title=spec.title,
        message=spec.message.strip() or spec.title,
        hint=spec.hint.strip(),
        reply=spec.reply.strip(),
        basis=spec.basis.strip(),
        what=spec.what.strip(),
        why=spec.why.strip(),
        example=spec.example.strip(),
        wordings={
            name: Wording(words.message.strip(), words.hint.strip(), words.reply.strip())
            for name, words in spec.wordings.items()
        },
        table=first_table(spec.formula) if has_formula else "",
        formula=spec.formula.strip(),
        each={name: tuple(items) for name, items in spec.each.items()},
        fills=spec.fills,
        pattern=_lazy(spec.pattern, place, re.MULTILINE),
        unless=_lazy(spec.unless, place),
        organ=_lazy(spec.organ, place),
        items={name: _pattern(text, place, re.MULTILINE) for name, text in spec.items.items()},
        proof=spec.proof,
        expected=spec.expected.strip(),
        pairs=_pairs(spec.pairs),
        sections=tuple(spec.sections),
        parts=tuple(spec.parts),
        whole=spec.whole,
        attached=spec.attached,
        once=spec.once,
        report_kinds=tuple(spec.kinds),
        limit=spec.limit,
        options=spec.options,
    )


def _lazy(text: str | None, place: str, flags: int = 0) -> LazyPattern | None:
    return None if text is None else _pattern(text, place, flags)


def _pattern(text: str, place: str = "", flags: int = 0) -> LazyPattern:
    for short, meant in _ABBREVIATIONS.items():
        text = text.replace(short, meant)
    pattern = LazyPattern(text, flags, place=place)
    if place:
        _ = pattern.compiled  # what cannot be used is told when the file is read
    return pattern


def _pairs(spec: dict[str, str] | str) -> Mapping[str, str]:
    """Return words with what to use instead: a mapping, or a text of pairs of characters."""
    if isinstance(spec, str):
        text = "".join(spec.split())
        return dict(zip(text[::2], text[1::2], strict=True))
    return spec


class Wish(Struct, frozen=True):
    """One line of ``overrides:``: a rule by code or slug, and the severity it is to have."""

    name: str
    severity: Severity
    place: Span
    file: str
    """The file, seen from the folder of templates."""


def read_overrides(data: RuleFile, file: str) -> Iterator[Wish]:
    """Yield the overrides in *data*, which *file* holds."""
    for name, wanted in data.overrides.items():
        yield Wish(name, wanted.severity, wanted.place, file)


def override(
    rules: Sequence[Rule], wishes: Iterable[Wish], known: Callable[[], Iterable[str]]
) -> tuple[tuple[Rule, ...], tuple[Override, ...]]:
    """Return *rules* with the severities that *wishes* ask for, and what was changed.

    Of two wishes about a rule the first counts.  *known* names all rules there are: a wish
    may be about a rule of another form.  Raises TemplateError, naming
    the line and the nearest rule, for one that is about none.
    """
    by_name = {name: rule for rule in rules for name in (rule.code.lower(), rule.slug)}
    wanted: dict[str, Wish] = {}
    for wish in wishes:
        rule = by_name.get(wish.name.lower())
        if rule:
            wanted.setdefault(rule.code, wish)
        else:
            _refuse_unknown(wish, [*by_name, *known()])
    changes = tuple(
        Override(rule.code, rule.severity, wanted[rule.code].severity, wanted[rule.code].file)
        for rule in rules
        if rule.code in wanted and wanted[rule.code].severity is not rule.severity
    )
    severities = {change.code: change.severity for change in changes}
    changed = (replace(r, severity=severities.get(r.code, r.severity)) for r in rules)
    return tuple(changed) if changes else tuple(rules), changes


def _refuse_unknown(wish: Wish, known: Sequence[str]) -> None:
    if wish.name.lower() in known:
        return
    near = nearest_key(wish.name.lower(), known)
    shown = near.upper() if near and near[-1:].isdigit() else near
    hint = f"，是否应为 {shown}？" if near else "；编号见 docs/diagnostics.md"
    raise TemplateError(f"{wish.place.short_place}：没有编号或英文名是 {wish.name} 的规则{hint}")
