"""Severities changed by naming a rule: ``overrides:`` of a ``checks.yaml``.

A report folder's or an office's file changes how much a rule matters without a copy of the
rule::

    overrides:
      T503: {severity: hint}

What was changed is kept with the form, so that a later stage can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.forms.grid import TemplateError
from reportgen.forms.keys import nearest_key
from reportgen.forms.rules import Rule
from reportgen.located import Mapping as LocatedMapping
from reportgen.located import parse_yaml
from reportgen.source import SourceFile

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
    root, _ = parse_yaml(SourceFile(str(path), path.read_text(encoding="utf-8")))
    node = root.get(OVERRIDES_KEY) if isinstance(root, LocatedMapping) else None
    if isinstance(node, LocatedMapping):
        return next((k.span.line for k, _ in node.items if k.text == name), node.span.line)
    return node.span.line if node else 1
