"""Differences between the form of a report and the official one.

A report folder may have templates of its own.  Their purpose is to change the page; but they can
also disable an identity, or print a number in another row.  :func:`compare_forms` reports only
the latter: it compares what the two forms require and check, not their files, so a rule with
other words or in another order is no departure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Finding, Severity
from reportgen.forms.form import Form, SectionSpec
from reportgen.forms.formula import Identity, Sum
from reportgen.forms.grid import GridCell, TableGrid
from reportgen.forms.rules import FORMULA_KINDS, BoundIdentity, Rule
from reportgen.model import CellPath
from reportgen.styles import CellRole

_SHOWN = 3

Relation: TypeAlias = tuple[object, ...]
"""What an identity states, independent of its notation."""


class Departures(Struct, frozen=True):
    """What another form changes of an official one."""

    grave: tuple[Finding, ...] = ()
    """Changes that let a wrong number pass, or put a number under another label."""
    mild: tuple[str, ...] = ()
    """Other rules, not of errors, that were left out, lowered or changed, as text."""


def compare_forms(own: Form, official: Form) -> Departures:
    """Return how *own* departs from *official*; nothing if only the looks differ."""
    if own == official:
        return Departures()
    grave = [
        *_form_changes(own, official),
        *_section_changes(own, official),
        *_table_changes(own, official),
        *_filled_cells(own, official),
    ]
    mild = []
    for rule, how, values in _weakened_rules(own, official):
        if rule.severity is Severity.ERROR:
            named = {"编号": rule.code, "名称": rule.title, **values}
            grave.append(Finding("official-rule-weakened", None, named, wording=how))
        else:
            mild.append(f"{rule.code}（{_MILD[how].format(**values)}）")
    if own.sentences != official.sentences:
        mild.append("正文里的数怎样读（sentences.yaml）")
    return Departures(tuple(grave), tuple(mild))


_MILD = {"removed": "去掉了", "lowered": "改为{级别}", "changed": "改了内容"}


def _form_changes(own: Form, official: Form) -> Iterator[Finding]:
    """Yield what decides which form a report follows, and which rules apply to it."""
    name = official.name
    if own.report != official.report or own.id != official.id:
        yield Finding(
            "official-form-replaced", None, {"版式": own.name, "官方版式": name}, wording="other"
        )
    elif (own.first_year, own.last_year) != (official.first_year, official.last_year):
        years = {"版式": name, "施行": own.years, "官方施行": official.years}
        yield Finding("official-form-replaced", None, years, wording="years")
    if added := [kind for kind in own.kinds if kind not in official.kinds]:
        yield Finding(
            "official-form-replaced",
            None,
            {"版式": name, "类型": "、".join(added)},
            wording="kinds",
        )


def _section_changes(own: Form, official: Form) -> Iterator[Finding]:
    """Yield each official section that is gone, or asks for something else."""
    sections = {spec.id: spec for spec in own.sections}
    for spec in official.sections:
        other = sections.get(spec.id)
        how = _section_change(spec, other)
        if how:
            values = {"部分": spec.title, "写法": _others(spec, other)}
            yield Finding("official-section-changed", None, values, wording=how)
    kept = [spec.id for spec in own.sections if spec.id in {s.id for s in official.sections}]
    if kept != [spec.id for spec in official.sections if spec.id in sections]:
        yield Finding("official-section-changed", None, {}, wording="order")


def _section_change(spec: SectionSpec, other: SectionSpec | None) -> str:
    if other is None:
        return "removed"
    if other.title != spec.title or _others(spec, other):
        return "title"
    return "optional" if spec.text_required and not other.text_required else ""


def _others(spec: SectionSpec, other: SectionSpec | None) -> str:
    """Return the titles that only the changed section accepts."""
    wordings = other.wordings if other else ()
    return "、".join(title for title in wordings if title not in spec.wordings)


def _table_changes(own: Form, official: Form) -> Iterator[Finding]:
    """Yield how the official tables were changed."""
    tables = {grid.key: grid for grid in own.tables.values()}
    places = {spec.table: spec.id for spec in own.sections if spec.table}
    for name, grid in official.tables.items():
        other = tables.get(grid.key)
        if other is None:
            yield Finding("official-table-changed", None, {"表": grid.key}, wording="removed")
            continue
        yield from _grid_changes(other, grid)
        home = next((spec.id for spec in official.sections if spec.table == name), None)
        own_name = next((n for n, g in own.tables.items() if g.key == grid.key), "")
        if places.get(own_name) != home:
            yield Finding("official-table-changed", None, {"表": grid.key}, wording="place")


def _grid_changes(own: TableGrid, official: TableGrid) -> Iterator[Finding]:
    """Yield how the numbers that *own* asks for or prints differ from those of *official*."""
    cells = {cell.path: cell for cell in own.value_cells()}
    known = {cell.path: cell for cell in official.value_cells()}
    shared = [path for path in known if path in cells]
    missing = [path for path in known if path not in cells]
    added = [path for path in cells if path not in known]
    moved = [path for path in shared if _heads(official, known[path]) != _heads(own, cells[path])]
    retyped = [path for path in shared if known[path].type != cells[path].type]
    if missing:
        yield _cells_changed(official, missing, wording="missing")
    if added:
        yield _cells_changed(official, added, wording="added")
    if retyped:
        yield _cells_changed(official, retyped, wording="types")
    if moved:
        before, after = _heads(official, known[moved[0]]), _heads(own, cells[moved[0]])
        labels = {
            "表": official.key,
            "格数": len(moved),
            "格": moved[0],
            "原标签": _without(before, after),
            "标签": _without(after, before),
        }
        names = tuple(map(str, moved))
        yield Finding("official-table-changed", None, labels, wording="labels", cells=names)
    if not (missing or added or moved) and _layout(own) != _layout(official):
        yield Finding("official-table-changed", None, {"表": official.key}, wording="order")


def _cells_changed(grid: TableGrid, paths: Sequence[CellPath], *, wording: str) -> Finding:
    names = tuple(map(str, paths))
    values = {"表": grid.key, "各格": _listed(names)}
    return Finding("official-table-changed", None, values, wording=wording, cells=names)


def _heads(grid: TableGrid, cell: GridCell) -> tuple[str, ...]:
    """Return the labels that say what the number in *cell* is: of its row, then of its column."""
    row = (grid.cell_at(cell.row, column) for column in range(cell.column))
    column = (grid.cell_at(line, cell.column) for line in range(cell.row))
    found = [c for c in row if c and c.role == CellRole.STUB]
    found += [c for c in column if c and c.role in (CellRole.HEADER, CellRole.CAPTION)]
    return tuple(dict.fromkeys(c.label for c in found if c.label))


def _without(labels: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Return those of *labels* that are not among *others*, all when none is."""
    return "、".join([label for label in labels if label not in others] or labels)


def _layout(grid: TableGrid) -> list[tuple[object, ...]]:
    """Return everything printed and its place, without its looks."""
    return [
        (c.row, c.column, c.row_span, c.column_span, c.role, c.label, c.keys) for c in grid.cells()
    ]


def _listed(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 格" if len(names) > _SHOWN else ""
    return "、".join(f"“{name}”" for name in names[:_SHOWN]) + more


def _filled_cells(own: Form, official: Form) -> Iterator[Finding]:
    """Yield the numbers that are computed though the official form has them reported."""
    filled = [path for path in own.totals if path not in official.totals]
    if known := [path for path in filled if path in official.value_cells]:
        rule = own.totals[known[0]].rule
        cells = tuple(map(str, known))
        values = {"编号": rule.code, "名称": rule.title, "各格": _listed(cells)}
        yield Finding("official-rule-weakened", None, values, wording="filled", cells=cells)


def _weakened_rules(own: Form, official: Form) -> Iterator[tuple[Rule, str, dict[str, str]]]:
    """Yield how each official rule was made less strict, with the values for the message."""
    relations = _relations(own)
    asked = defaultdict(list)
    for bound in (*official.identities, *official.relations):
        asked[bound.rule.code].append(bound)
    for rule in official.rules:
        other = own.rule(rule.code)
        if rule.kind in FORMULA_KINDS:
            hows = [_how_kept(bound, relations) for bound in asked[rule.code]]
            how = next(filter(None, hows), "")
        else:
            how = _how_changed(rule, other)
        if how == "changed" and other is None:
            how = "removed"
        if how:
            severity = other.severity.label if other else ""
            yield rule, how, {"原级别": rule.severity.label, "级别": severity}


def _relations(form: Form) -> Mapping[Relation, list[Rule]]:
    found = defaultdict(list)
    for bound in (*form.identities, *form.relations):
        found[_relation(bound)].append(bound.rule)
    return found


def _relation(bound: BoundIdentity) -> Relation:
    identity: Identity = bound.identity
    return bound.rule.kind, identity.relation, _sum(identity.left), _sum(identity.right)


def _sum(total: Sum) -> tuple[object, ...]:
    return total.constant, tuple(sorted((term.cell, term.sign) for term in total.terms))


def _how_kept(bound: BoundIdentity, relations: Mapping[Relation, list[Rule]]) -> str:
    """Return how an official relation is weakened by the rules that state the same; "" if not."""
    wanted = bound.rule
    alike = [rule for rule in relations.get(_relation(bound), ()) if _covers(rule, wanted)]
    if not alike:
        return "changed"
    return "" if any(r.severity.rank <= wanted.severity.rank for r in alike) else "lowered"


def _covers(rule: Rule, wanted: Rule) -> bool:
    """Return whether *rule* applies to every report that *wanted* applies to."""
    if rule.organ not in (None, wanted.organ):
        return False
    kinds = set(rule.report_kinds)
    return not kinds or (bool(wanted.report_kinds) and kinds >= set(wanted.report_kinds))


def _how_changed(rule: Rule, other: Rule | None) -> str:
    """Return how *other*, the rule of the same code, is weaker than the official *rule*."""
    if other is None or _substance(other) != _substance(rule):
        return "changed"
    return "lowered" if other.severity.rank > rule.severity.rank else ""


def _substance(rule: Rule) -> Rule:
    """Return *rule* without its words and its severity: what it checks."""
    words = dict.fromkeys(("title", "message", "hint", "basis", "what", "why", "example"), "")
    return replace(rule, severity=Severity.ERROR, wordings={}, **words)
