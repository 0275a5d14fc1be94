"""``checks.yaml`` → rules, their formulas bound to the cells of a form, and overrides.

A report folder's or an office's file changes how much a rule matters without a copy of the
rule::

    overrides:
      T503: {severity: hint}

What was changed is kept with the form, so that a later stage can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.files import read_template
from reportgen.forms.formula import (
    MAX_BINDINGS,
    Vocabulary,
    expand_each,
    first_table,
    parse_formula,
)
from reportgen.forms.grid import TemplateError, known_word, nearest_key
from reportgen.forms.rules import (
    BUILT_IN,
    FORMULA_KINDS,
    KINDS,
    PROOFS,
    BoundIdentity,
    LazyPattern,
    Rule,
    TextPart,
    Wording,
)
from reportgen.located import Mapping as LocatedMapping
from reportgen.located import parse_yaml
from reportgen.source import SourceFile

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


OVERRIDES_KEY = "overrides"
_SEVERITY_KEY = "severity"


class Override(Struct, frozen=True):
    """A rule whose severity was changed."""

    code: str
    given: Severity
    """The severity in the rule itself."""
    severity: Severity
    file: str
    """The file that changed it, seen from the folder of templates."""


class Wish(Struct, frozen=True):
    """One line of ``overrides:``: a rule by code or slug, and the severity it is to have."""

    name: str
    severity: Severity
    path: Path
    file: str


def read_overrides(data: Mapping[str, object], path: Path, file: str) -> Iterator[Wish]:
    """Yield the overrides in *data*, which the file *path* holds.

    Raises TemplateError, naming the line, for one that is written wrongly.
    """
    wishes = data.get(OVERRIDES_KEY) or {}
    if not isinstance(wishes, Mapping):
        raise _mistake(path, "", f"{OVERRIDES_KEY} 应写成“编号: {{severity: hint}}”")
    for name, fields in wishes.items():
        if not isinstance(fields, Mapping) or set(fields) != {_SEVERITY_KEY}:
            raise _mistake(path, name, f"{name} 只能改 {_SEVERITY_KEY}，写成“{{severity: hint}}”")
        yield Wish(str(name), _severity(fields[_SEVERITY_KEY], path, str(name)), path, file)


def _severity(word: object, path: Path, name: str) -> Severity:
    known = [severity.value for severity in Severity]
    if word in known:
        return Severity(word)
    near = nearest_key(str(word), known)
    hint = f"是否应为 {near}？" if near else f"可填 {'、'.join(known)}"
    raise _mistake(path, name, f"{name} 的 severity 不能是 {word}，{hint}")


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
    raise _mistake(wish.path, wish.name, f"没有编号或英文名是 {wish.name} 的规则{hint}")


def _mistake(path: Path, name: object, message: str) -> TemplateError:
    """Return the error about *name* in the overrides of the file *path*."""
    return TemplateError(f"{path}:{_line(path, str(name))}：{message}")


def _line(path: Path, name: str) -> int:
    """Return the line of the override of *name*, or of them all."""
    root, _ = parse_yaml(SourceFile(str(path), read_template(path)))
    node = root.get(OVERRIDES_KEY) if isinstance(root, LocatedMapping) else None
    if isinstance(node, LocatedMapping):
        return next((k.span.line for k, _ in node.items if k.text == name), node.span.line)
    return node.span.line if node else 1
