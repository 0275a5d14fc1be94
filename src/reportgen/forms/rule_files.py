"""``checks.yaml`` → rules, and their formulas bound to the cells of a form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.diagnostics import Severity
from reportgen.forms.formula import (
    Vocabulary,
    expand_each,
    first_table,
    parse_formula,
)
from reportgen.forms.grid import TemplateError, known_word
from reportgen.forms.patterns import LazyPattern
from reportgen.forms.rules import (
    BUILT_IN,
    FORMULA_KINDS,
    KINDS,
    PROOFS,
    BoundIdentity,
    Rule,
    TextPart,
    Wording,
)

_ABBREVIATIONS = {
    "{数}": r"(?<![\d.,])(?P<数>\d{1,3}(?:,\d{3})+|\d{1,12})(?!\d|[.,]\d|[万亿])",
    "{汉字}": r"[^\W\da-zA-Z_]",  # compiled at once; of a range, re marks every character
}
"""What may stand in an expression for a number, the group 数, and for a Chinese character."""


def build_rules(data: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules of *data*; TemplateError names the first one that is wrong."""
    return tuple(_rule(spec) for spec in data)


def is_built_in(spec: object) -> bool:
    """Return whether *spec*, an entry of ``checks``, is a rule that the program carries out."""
    return isinstance(spec, Mapping) and spec.get("kind", BUILT_IN) == BUILT_IN


def _rule(spec: Mapping[str, Any]) -> Rule:
    if not isinstance(spec, Mapping):
        raise TemplateError(f"checks.yaml 中的 {spec}：应逐项填写")
    try:
        kind = _choice(spec, "kind", KINDS, BUILT_IN)
        has_formula = kind in FORMULA_KINDS
        return Rule(
            code=str(spec["code"]),
            slug=str(spec["slug"]),
            severity=Severity(spec.get("severity", "error")),
            kind=kind,
            title=str(spec["title"]),
            table=first_table(str(spec["formula"])) if has_formula else "",
            each=_each(spec.get("each", {})),
            pattern=_regex(spec["pattern"] if kind == "pattern" else spec.get("pattern")),
            sections=_names(spec.get("sections", ())),
            parts=tuple(
                known_word(TextPart, part, "parts") for part in _names(spec.get("parts", ()))
            ),
            fills=bool(spec.get("fills", False)),
            whole=bool(spec.get("whole", False)),
            attached=bool(spec.get("attached", False)),
            once=bool(spec.get("once", False)),
            unless=_lazy(spec.get("unless")),
            proof=_choice(spec, "proof", (*PROOFS, ""), ""),
            organ=_lazy(spec.get("organ")),
            report_kinds=_names(spec.get("kinds", ())),
            items={
                name: _multiline(item) for name, item in _mapping(spec.get("items", {})).items()
            },
            pairs=_pairs(spec.get("pairs", ())),
            limit=float(spec.get("limit", 0)),
            options=_mapping(spec.get("options", {})),
            wordings=_wordings(spec.get("wordings", {})),
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
    return None if text is None else _multiline(text)


def _lazy(text: object) -> LazyPattern | None:
    return None if text is None else _pattern(str(text))


def _multiline(text: object) -> LazyPattern:
    return _pattern(str(text), re.MULTILINE)


def _pattern(text: str, flags: int = 0) -> LazyPattern:
    for short, meant in _ABBREVIATIONS.items():
        text = text.replace(short, meant)
    return LazyPattern(text, flags)


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


def _pairs(spec: object) -> Mapping[str, str]:
    """Return words with what to use instead: a mapping, or a text of pairs of characters."""
    if isinstance(spec, str):
        text = "".join(spec.split())
        return dict(zip(text[::2], text[1::2], strict=True))
    return {wrong: str(right) for wrong, right in _mapping(spec or {}).items()}


def _wordings(spec: object) -> Mapping[str, Wording]:
    wordings = {}
    for name, words in _mapping(spec).items():
        texts = _mapping(words)
        if unknown := texts.keys() - {"message", "hint"}:
            raise ValueError(f"wordings 的 {name} 中没有 {'、'.join(sorted(unknown))} 这一项")
        wordings[name] = Wording(**{key: str(text).strip() for key, text in texts.items()})
    return wordings


def _texts(spec: Mapping[str, Any]) -> dict[str, str]:
    names = ("message", "hint", "basis", "formula", "expected", "what", "why", "example")
    return {name: str(spec.get(name, "")).strip() for name in names}


def bind_identities(
    rules: Sequence[Rule], vocabulary: Vocabulary, kinds: Sequence[str] = ("identity",)
) -> tuple[BoundIdentity, ...]:
    """Return every relation the rules of *kinds* state, one for each binding."""
    return tuple(
        _bound(rule, binding, vocabulary.with_previous if rule.kind == "previous" else vocabulary)
        for rule in rules
        if rule.kind in kinds
        for binding in expand_each(rule.each or {}, rule.table, vocabulary)
    )


def _bound(rule: Rule, binding: Mapping[str, str], vocabulary: Vocabulary) -> BoundIdentity:
    identity = parse_formula(rule.formula, binding, vocabulary)
    if rule.fills and not identity.is_total:
        raise TemplateError(f"{rule.code}：fills 只用于“总计 = 各项之和”形式的公式")
    return BoundIdentity(rule, binding, identity)
