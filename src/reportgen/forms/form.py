"""A form (版式): everything one edition of the regulation prescribes, as values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from reportgen.forms.formula import Vocabulary
from reportgen.forms.grid import GridCell, TableGrid
from reportgen.forms.keys import KeyTree, build_key_tree, normalise_key
from reportgen.forms.overrides import Override
from reportgen.forms.rule_files import bind_identities
from reportgen.forms.rules import BoundIdentity, Rule, RuleBook
from reportgen.forms.sentences import BoundStatement, Sentences, bind_statements
from reportgen.model import CellPath
from reportgen.styles import StyleSheet


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
    """Before this a title too long for one line is broken."""
    subject: str
    keywords: tuple[str, ...]
    kinds: tuple[str, ...]
    """What 类型 may be; the first is meant when it is not given."""
    contact_keys: tuple[str, ...]
    contact_words: Mapping[str, tuple[str, ...]]
    """The words before a way to reach the organ, with ``{}`` where it stands if more follows."""
    sections: tuple[SectionSpec, ...]
    tables: Mapping[str, TableGrid]
    rules: tuple[Rule, ...]
    sheet: StyleSheet
    skeleton: str
    """The text of ``report.md.j2``."""
    carry_over: Mapping[str, tuple[str, ...]]
    """A row of this year → the rows of last year whose sum it takes over."""
    starter: str
    """The narrative that a new folder begins with."""
    sentences: Sentences = Sentences()
    """The grammar of the sentences that state its numbers."""
    overrides: tuple[Override, ...] = ()
    """The rules whose severity is not the one they were given with."""

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
    def rulebook(self) -> RuleBook:
        """The rules by slug, which word what was found in a report."""
        return RuleBook.of(self.rules)

    def rule(self, code: str) -> Rule | None:
        """Return the rule with *code* or slug *code*."""
        wanted = code.lower()
        return next((r for r in self.rules if wanted in (r.code.lower(), r.slug)), None)


def _is_of_one_row(path: CellPath, bound: BoundIdentity) -> bool:
    row = path.row
    return all(term.cell.row == row for term in bound.identity.right.terms)
