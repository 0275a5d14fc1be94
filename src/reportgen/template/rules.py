"""``checks.yaml`` → rules: what is checked, and the words that explain it.

A rule of kind ``identity`` has a formula; of kind ``pattern`` a regular expression
over the narrative.  The other rules (kind ``built-in``) are carried out by code;
the file gives their page for ``reportgen explain``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.diagnostics import Severity
from reportgen.template.formula import Identity, Vocabulary, expand_each, parse_formula
from reportgen.template.grid import TemplateError

KINDS = ("identity", "pattern", "built-in")


@dataclass(frozen=True, slots=True)
class Rule:
    """One check with everything a message and its page need.

    ``sections`` limits a pattern rule to these section ids (all when empty);
    ``whole`` asks that the pattern match the section's whole text.
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
    pattern: re.Pattern[str] | None = None
    sections: tuple[str, ...] = ()
    whole: bool = False
    what: str = ""
    why: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class BoundIdentity:
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


def build_rules(data: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules of *data*; TemplateError names the first one that is wrong."""
    return tuple(_rule(spec) for spec in data)


def _rule(spec: Mapping[str, Any]) -> Rule:
    if not isinstance(spec, Mapping):
        raise TemplateError(f"checks.yaml 中的 {spec}：应逐项填写")
    try:
        kind = str(spec.get("kind", "built-in"))
        if kind not in KINDS:
            raise TemplateError(f"kind 应为 {'、'.join(KINDS)} 之一")
        return Rule(
            code=str(spec["code"]),
            slug=str(spec["slug"]),
            severity=Severity(spec.get("severity", "error")),
            kind=kind,
            title=str(spec["title"]),
            table=str(spec["formula"]).split("/")[0] if kind == "identity" else "",
            each=_each(spec.get("each", {})),
            pattern=re.compile(spec["pattern"], re.MULTILINE) if kind == "pattern" else None,
            sections=_names(spec.get("sections", ())),
            fills=bool(spec.get("fills", False)),
            whole=bool(spec.get("whole", False)),
            **_texts(spec),
        )
    except (KeyError, TypeError, ValueError, re.error, TemplateError) as error:
        raise TemplateError(f"checks.yaml 中的 {spec.get('code', spec)}：{error}") from error


def _each(spec: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(spec, Mapping):
        raise TypeError(f"each 应写成“变量: [各项]”：{spec!r}")
    return {str(name): _names(items) for name, items in spec.items()}


def _names(items: object) -> tuple[str, ...]:
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise TypeError(f"此处应为列表：{items!r}")
    return tuple(str(item) for item in items)


def _texts(spec: Mapping[str, Any]) -> dict[str, str]:
    names = ("message", "hint", "basis", "formula", "what", "why", "example")
    return {name: str(spec.get(name, "")).strip() for name in names}


def bind_identities(rules: Sequence[Rule], vocabulary: Vocabulary) -> tuple[BoundIdentity, ...]:
    """Return every identity the rules state, one for each binding of their variables."""
    return tuple(
        _bound(rule, binding, vocabulary)
        for rule in rules
        if rule.kind == "identity"
        for binding in expand_each(rule.each or {}, rule.table, vocabulary)
    )


def _bound(rule: Rule, binding: Mapping[str, str], vocabulary: Vocabulary) -> BoundIdentity:
    identity = parse_formula(rule.formula, binding, vocabulary)
    if rule.fills and not identity.is_total:
        raise TemplateError(f"{rule.code}：fills 只用于“总计 = 各项之和”形式的公式")
    return BoundIdentity(rule, binding, identity)
