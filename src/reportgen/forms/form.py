"""A form (版式): everything one edition of the regulation prescribes, as values.

With it, what a form says about a report: which typed section is which prescribed one, which
totals follow from their parts, and which omitted cells count as 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from reportgen.forms.formula import Vocabulary
from reportgen.forms.grid import GridCell, KeyTree, TableGrid, build_key_tree, normalise_key
from reportgen.forms.rules import (
    BoundIdentity,
    LazyPattern,
    Override,
    Rule,
    RuleBook,
    bind_identities,
)
from reportgen.forms.sentences import BoundStatement, Sentences, bind_statements
from reportgen.model import CellPath, Narrative, Quantity, Section
from reportgen.styles import StyleSheet
from reportgen.text import most_similar

_NEAR_TITLE = 0.7
"""The least similarity of a title that is taken for the prescribed one."""

_JOINS = re.compile("以及|[及和与、]")


class SectionSpec(Struct, frozen=True):
    """A prescribed section: its official title, other accepted wordings, its table if any."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    table: str | None = None
    text_required: bool = False

    @property
    def wordings(self) -> tuple[str, ...]:
        """The titles that are accepted, the official one first."""
        return (self.title, *self.aliases)


class ReportKind(Struct, frozen=True):
    """A kind of report: its official name, and whether it is meant when none is named."""

    name: str
    default: bool = False


class Edition(Struct, frozen=True, dict=True):
    """What distinguishes the forms of a report: name, years in force, legal basis."""

    id: str
    report: str
    name: str
    first_year: int
    last_year: int | None
    basis: str

    def in_force(self, year: int) -> bool:
        """Return whether the form is prescribed for reports of *year*."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    @property
    def years(self) -> str:
        """The years in force, as shown to the user."""
        if self.last_year is None:
            return f"{self.first_year} 年度起"
        return f"{self.first_year}—{self.last_year} 年度"


class RetiredForm(Struct, frozen=True):
    """A form that reports followed once: it is recognised by ``words`` of its table, not read."""

    name: str
    words: tuple[str, ...]


class Form(Edition, frozen=True, dict=True):
    """One edition of a mandated report, whole."""

    title: str
    """The title, with placeholders."""
    title_aliases: tuple[str, ...]
    """Other names that published reports go by."""
    title_break: str
    """The text before which a title too long for one line is broken."""
    organ_break: LazyPattern | None
    """In a title that is longer still, the organ's name may be broken after the matches of this."""
    subject: str
    keywords: tuple[str, ...]
    kinds: tuple[str, ...]
    """The values of 类型; the first is the default."""
    contact_keys: tuple[str, ...]
    contact_words: Mapping[str, tuple[str, ...]]
    """The words before an entry of 联系方式, with ``{}`` for the entry if more words follow."""
    sections: tuple[SectionSpec, ...]
    tables: Mapping[str, TableGrid]
    rules: tuple[Rule, ...]
    sheet: StyleSheet
    skeleton: str
    """The text of ``report.md.j2``."""
    carry_over: Mapping[str, tuple[str, ...]]
    """The rows of last year, by the row of this year that takes over their sum."""
    former: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By the id of an earlier form: those of this form that add up to a row or cell of it.

    A cell of the same name in both forms need not be listed.
    """
    starter: str
    """The narrative that a new folder begins with."""
    figures: Mapping[str, tuple[str, ...]] = {}
    """The columns of the summary of many reports → the cells whose sum each column shows."""
    sentences: Sentences = Sentences()
    """The grammar of the sentences that state its numbers."""
    overrides: tuple[Override, ...] = ()
    """The rules whose severity was changed."""

    def __repr__(self) -> str:
        return f"<Form {self.report}/{self.id}: {self.name}>"

    @cached_property
    def value_cells(self) -> Mapping[CellPath, GridCell]:
        """Every number the form asks for, in table order."""
        return {cell.path: cell for grid in self.tables.values() for cell in grid.value_cells()}

    @cached_property
    def identities(self) -> tuple[BoundIdentity, ...]:
        """Every arithmetic identity of the form, one per row, column or block."""
        return self._bound("identity")

    @cached_property
    def relations(self) -> tuple[BoundIdentity, ...]:
        """Every relation that should hold but need not: plausibility, and with last year."""
        return self._bound("plausible", "previous")

    def _bound(self, *kinds: str) -> tuple[BoundIdentity, ...]:
        return bind_identities(self.rules, self.vocabulary, kinds)

    @cached_property
    def statements(self) -> tuple[BoundStatement, ...]:
        """Every way to state a number in words, with the cells it must equal."""
        return bind_statements(self.sentences, self.rules, self.vocabulary)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The cells and groups that formulas may name."""
        groups = {
            name: group for grid in self.tables.values() for name, group in grid.groups.items()
        }
        return Vocabulary(frozenset(self.value_cells), groups)

    @cached_property
    def totals(self) -> Mapping[CellPath, BoundIdentity]:
        """The identity that computes each total when the author leaves it out.

        Where two do, the row's own comes first (the order of ``checks.yaml``).
        """
        found: dict[CellPath, BoundIdentity] = {}
        for bound in self.identities:
            if bound.rule.fills:
                found.setdefault(bound.identity.left.terms[0].cell, bound)
        return found

    @cached_property
    def key_trees(self) -> Mapping[str, KeyTree]:
        """The keys of every table by the table's own; read-only."""
        return {grid.key: build_key_tree(grid) for grid in self.tables.values()}

    @cached_property
    def row_totals(self) -> frozenset[CellPath]:
        """The totals that are computed from other cells of their own row."""
        return frozenset(path for path, bound in self.totals.items() if _is_of_one_row(path, bound))

    def is_row_total(self, cell: GridCell) -> bool:
        """Return whether *cell* is computed from other cells of its own row."""
        return cell.path in self.row_totals

    @cached_property
    def section_names(self) -> Mapping[str, SectionSpec]:
        """The prescribed sections by every wording accepted, as :func:`normalise_key` has it."""
        found: dict[str, SectionSpec] = {}
        for spec in self.sections:
            for name in spec.wordings:
                found.setdefault(normalise_key(name), spec)
        return found

    @cached_property
    def joined_names(self) -> Mapping[str, SectionSpec]:
        """As ``section_names``, with one word for all that join two things."""
        return {_joined(name): spec for name, spec in self.section_names.items()}

    @cached_property
    def rulebook(self) -> RuleBook:
        """The rules by slug, which word what was found in a report."""
        return RuleBook.of(self.rules)

    def rule(self, code: str) -> Rule | None:
        """Return the rule with *code* or slug *code*."""
        return self._rules_by_name.get(code.lower())

    @cached_property
    def _rules_by_name(self) -> Mapping[str, Rule]:
        """The rules by code, in lower case, and by slug."""
        names = [(name, rule) for rule in self.rules for name in (rule.code.lower(), rule.slug)]
        return dict(reversed(names))


def _is_of_one_row(path: CellPath, bound: BoundIdentity) -> bool:
    row = path.row
    return all(term.cell.row == row for term in bound.identity.right.terms)


OPENING = "opening"
"""The id of the text before the first heading, beside the ids of the form's sections."""


class SectionMatch(Struct, frozen=True):
    """The narrative's sections by prescribed id, and those that could not be placed."""

    found: dict[str, Section]
    unknown: tuple[Section, ...]
    repeated: tuple[Section, ...]
    reworded: tuple[Section, ...] = ()
    """Those of ``found`` whose title is only nearly the prescribed one."""


def match_sections(form: Form, narrative: Narrative) -> SectionMatch:
    """Return *narrative*'s sections matched with *form*'s by their wording.

    Of two sections with the same title the first counts.  A title similar to a prescribed one is
    accepted if no other section matches that one.
    """
    found: dict[str, Section] = {}
    strange: list[Section] = []
    repeated: list[Section] = []
    for section in narrative.sections:
        spec = find_section(form, section.title)
        if spec is None:
            strange.append(section)
        elif spec.id in found:
            repeated.append(section)
        else:
            found[spec.id] = section
    reworded = []
    for section in strange:
        near = most_similar(_joined(section.title), form.joined_names, _NEAR_TITLE)
        if near and form.joined_names[near].id not in found:
            found[form.joined_names[near].id] = section
            reworded.append(section)
    unknown = tuple(section for section in strange if section not in reworded)
    return SectionMatch(found, unknown, tuple(repeated), tuple(reworded))


def find_section(form: Form, title: str) -> SectionSpec | None:
    """Return the prescribed section that accepts *title*, or None.

    及, 和, 与 and 、 are the same.
    """
    return form.joined_names.get(_joined(title))


def _joined(title: str) -> str:
    """Return *title* as a key, with one word for all that join two things."""
    return _JOINS.sub("、", normalise_key(title))


def complete_cells(
    form: Form, cells: Mapping[CellPath, Quantity], *, zero_missing: bool
) -> dict[CellPath, Quantity]:
    """Return *cells* with every absent total computed, as far as its parts are known.

    With *zero_missing* an omitted cell that is no total counts as 0 (缺省: 0).
    A cell the author typed is never changed.
    """
    full = dict(cells)
    if zero_missing:
        for name in form.value_cells:
            if name not in form.totals and name not in full:
                full[name] = Quantity(0, computed=True)
    pending = [name for name in form.totals if name not in full]
    while pending:
        rest = [name for name in pending if not _fill(name, form.totals[name], full)]
        if len(rest) == len(pending):  # then by the other identities of which they are the total
            rest = [name for name in pending if not _fill_otherwise(form, name, full)]
        if len(rest) == len(pending):
            return full
        pending = rest
    return full


def _fill(name: CellPath, bound: BoundIdentity, cells: dict[CellPath, Quantity]) -> bool:
    """Compute the total *name* if *bound* has all its parts; return whether it could."""
    parts = bound.identity.right
    if not all(term.cell in cells for term in parts.terms):
        return False
    amounts = {term.cell: cells[term.cell].amount for term in parts.terms}
    broken = any(cells[term.cell].invalid for term in parts.terms)
    cells[name] = Quantity(parts.value(amounts), computed=True, invalid=broken)
    return True


def _fill_otherwise(form: Form, name: CellPath, cells: dict[CellPath, Quantity]) -> bool:
    bounds = (b for b in form.identities if b.rule.fills and b.identity.left.terms[0].cell == name)
    return any(_fill(name, bound, cells) for bound in bounds)
