"""A form (版式): everything one edition of the regulation prescribes, and where forms are found.

Forms lie in ``templates/<report>/<form>/``.  A report folder's own ``templates/``
comes before the shipped one, file by file, so a single file can be overridden.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.cache import NO_CACHE, Cache, Stamp, stamp_of
from reportgen.located import load_data
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.source import SourceFile
from reportgen.styles import StyleSheet
from reportgen.template.formula import Vocabulary
from reportgen.template.grid import GridCell, TableGrid, TemplateError
from reportgen.template.key_tree import KeyTree, build_key_tree
from reportgen.template.keys import normalise_key
from reportgen.template.rules import BoundIdentity, BoundQuote, Rule

FORM_FILE = "form.yaml"
REPORT_FILE = "report.yaml"
SKELETON_FILE = "report.md.j2"
STARTER_FILE = "starter.md"
RULES_FILE = "checks.yaml"
OWN_TEMPLATES = "templates"
"""The folder in a report folder whose files come before the shipped ones."""
MAX_TEXT_BYTES = 1_000_000


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
    """What tells the forms of a report apart: name, years in force, legal basis."""

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


class Form(Edition, frozen=True, dict=True):
    """One edition of a mandated report, whole.

    ``carry_over`` maps a row of this year to the rows of last year whose sum it
    takes over; ``title_break`` is where a title too long for one line is broken;
    ``starter`` is the narrative a new folder begins with.
    """

    title: str
    title_break: str
    subject: str
    keywords: tuple[str, ...]
    kinds: tuple[str, ...]
    contact_keys: tuple[str, ...]
    sections: tuple[SectionSpec, ...]
    tables: Mapping[str, TableGrid]
    rules: tuple[Rule, ...]
    sheet: StyleSheet
    skeleton: str
    carry_over: Mapping[str, tuple[str, ...]]
    starter: str

    @cached_property
    def value_cells(self) -> Mapping[str, GridCell]:
        """Every number the form asks for, by cell name, in table order."""
        return {cell.name: cell for grid in self.tables.values() for cell in grid.value_cells()}

    @cached_property
    def identities(self) -> tuple[BoundIdentity, ...]:
        """Every arithmetic identity of the form, one per row, column or block."""
        return self._bound("identity")

    @cached_property
    def relations(self) -> tuple[BoundIdentity, ...]:
        """Every relation that should hold but need not: plausibility, and with last year."""
        return self._bound("plausible", "previous")

    def _bound(self, *kinds: str) -> tuple[BoundIdentity, ...]:
        from reportgen.template.rule_files import bind_identities  # not for a form that was kept

        return bind_identities(self.rules, self.vocabulary, kinds)

    @cached_property
    def quotes(self) -> tuple[BoundQuote, ...]:
        """Every way to state a number in words, with the cells it must equal."""
        from reportgen.template.rule_files import bind_quotes  # not for a form that was kept

        return bind_quotes(self.rules, self.vocabulary)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The cells and groups that formulas may name."""
        groups = {
            name: group for grid in self.tables.values() for name, group in grid.groups.items()
        }
        return Vocabulary(frozenset(self.value_cells), groups)

    @cached_property
    def totals(self) -> Mapping[str, BoundIdentity]:
        """The identity that computes each total when the author leaves it out.

        Where two do, the row's own comes first (the order of ``checks.yaml``).
        """
        found: dict[str, BoundIdentity] = {}
        for bound in self.identities:
            if bound.rule.fills:
                found.setdefault(bound.identity.left.terms[0].cell, bound)
        return found

    @cached_property
    def key_trees(self) -> Mapping[str, KeyTree]:
        """The keys of every table by the table's own; nobody may change them."""
        return {grid.key: build_key_tree(grid) for grid in self.tables.values()}

    @cached_property
    def row_totals(self) -> frozenset[str]:
        """The totals that are computed from other cells of their own row."""
        return frozenset(name for name, bound in self.totals.items() if _is_of_one_row(name, bound))

    def is_row_total(self, cell: GridCell) -> bool:
        """Return whether *cell* is computed from other cells of its own row."""
        return cell.name in self.row_totals

    @cached_property
    def section_names(self) -> Mapping[str, SectionSpec]:
        """The prescribed sections by every wording accepted, as :func:`normalise_key` has it."""
        found: dict[str, SectionSpec] = {}
        for spec in self.sections:
            for name in spec.wordings:
                found.setdefault(normalise_key(name), spec)
        return found

    def rule(self, code: str) -> Rule | None:
        """Return the rule with *code* or slug *code*."""
        wanted = code.lower()
        return next((r for r in self.rules if wanted in (r.code.lower(), r.slug)), None)


def _is_of_one_row(name: str, bound: BoundIdentity) -> bool:
    row = name.rpartition("/")[0]
    return all(term.cell.rpartition("/")[0] == row for term in bound.identity.right.terms)


class Library(Struct, frozen=True):
    """The folders that forms are looked up in, most preferred first.

    What was made of their files is kept in ``cache`` for the next run.
    """

    roots: tuple[Path, ...]
    cache: Cache = NO_CACHE

    def report_kinds(self) -> dict[str, str]:
        """Return the official name of each kind of report and its folder name."""
        kinds = {}
        for folder in self._names(Path()):
            path = self.find(Path(folder, REPORT_FILE))
            if path:
                kinds[self._report_name(path)] = folder
        return kinds

    def default_kind(self) -> str:
        """Return the official name of the report meant when none is named."""
        for name, folder in self.report_kinds().items():
            path = self.find(Path(folder, REPORT_FILE))
            if path and self.data(path).get("default"):
                return name
        return next(iter(self.report_kinds()), "")

    def form_ids(self, report: str) -> list[str]:
        """Return the forms of the report folder *report*, oldest first."""
        names = self._names(Path(report))
        return sorted(name for name in names if self.find(Path(report, name, FORM_FILE)))

    def load(self, report: str, form: str) -> Form:
        """Return the form; EnvironmentProblem, naming the file, when its data is wrong.

        A form is made once per process until one of its files is written again.
        """
        with _problems_of(form):
            library = Library(_existing(self.roots), self.cache)
            return _form_of(library, report, form, tuple(library._files(report, form)))

    def editions(self, report: str) -> list[Edition]:
        """Return what tells the forms of *report* apart, oldest first; nothing else is read."""
        found = []
        for name in self.form_ids(report):
            folder = Path(report, name)
            with _problems_of(name), mistakes_in(folder / FORM_FILE):
                fields = edition_fields(folder, self.read(folder / FORM_FILE))
                found.append(Edition(**fields))
        return found

    def forms(self, report: str) -> list[Form]:
        """Return all forms of *report*, oldest first."""
        return [self.load(report, name) for name in self.form_ids(report)]

    def find(self, relative: Path) -> Path | None:
        """Return the preferred file at *relative*, or None."""
        for root in self.roots:
            path = root / relative
            if path.is_file():
                return path
        return None

    def for_folder(self, folder: Path) -> Library:
        """Return the library in which the report *folder*'s own files come first."""
        return Library((folder / OWN_TEMPLATES, *self.roots), self.cache)

    def text(self, form: Edition, name: str) -> SourceFile | None:
        """Return the text file *name* of *form*, or of its report, or of every report.

        The first root that has one decides; None when there is none, or *name* is more than
        a file name.  TemplateError when it cannot be read.
        """
        if Path(name).name != name:
            return None
        report = Path(form.report)
        for root in self.roots:
            for place in (root / report / form.id, root / report, root):
                if (place / name).is_file():
                    return _text_file(place / name)
        return None

    def read(self, relative: Path) -> Mapping[str, Any]:
        """Return the data of the preferred file at *relative*; TemplateError without one."""
        path = self.find(relative)
        if path is None:
            raise TemplateError(f"缺少 {relative}")
        return self.data(path)

    def data(self, path: Path) -> Mapping[str, Any]:
        """Return the data of the file *path*; TemplateError when it is no mapping."""
        data = load_data(path, self.cache)
        if not isinstance(data, Mapping):
            raise TemplateError(f"{path} 应为“键: 值”的形式")
        return data

    def _report_name(self, path: Path) -> str:
        data = load_data(path, self.cache)
        if not isinstance(data, Mapping) or "name" not in data:
            raise EnvironmentProblem(f"{path} 中没有 name", "写上报告的名称，如“name: …年度报告”")
        return str(data["name"])

    def _files(self, report: str, form: str) -> Iterator[tuple[str, Path, Stamp]]:
        """Yield every file the form is made of: its path below the root, the file, its stamp.

        The files lie in the form's folder, except for the rules it shares.
        """
        names = {f"{report}/{RULES_FILE}", RULES_FILE}
        for root in self.roots:
            for place, _, files in os.walk(root / report / form):
                below = Path(place).relative_to(root).as_posix()
                names.update(f"{below}/{name}" for name in files)
        for name in sorted(names):
            for root in self.roots:
                path = root / name
                if stamp := _stamp(path):
                    yield name, path, stamp
                    break

    def _names(self, relative: Path) -> list[str]:
        """Return the names of the folders below *relative* in any root, sorted."""
        found: set[str] = set()
        for folder in (root / relative for root in self.roots):
            if folder.is_dir():
                with os.scandir(folder) as entries:
                    found.update(entry.name for entry in entries if entry.is_dir())
        return sorted(found)


@contextmanager
def _problems_of(form: str) -> Iterator[None]:
    """Turn a mistake in the templates of *form* into an EnvironmentProblem that names it."""
    try:
        yield
    except TemplateError as error:
        raise EnvironmentProblem(
            f"版式 {form} 的模板有误：{error}", "检查 templates 中的相应文件"
        ) from error


@contextmanager
def mistakes_in(path: Path) -> Iterator[None]:
    """Turn what data of the wrong shape makes Python raise into a TemplateError about *path*."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TemplateError(f"{path}：{error!r}") from error


def _existing(roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the folders that are there: most reports have no templates of their own."""
    return tuple(root for root in roots if root.is_dir())


def _stamp(path: Path) -> Stamp | None:
    """Return the stamp of the file *path*, None when there is no such file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return stamp_of(status) if stat.S_ISREG(status.st_mode) else None


def _bytes(path: Path) -> bytes:
    """Return what *path* holds; a file that cannot be read is reported by whoever parses it."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _text_file(path: Path) -> SourceFile:
    """Return the template *path*, line ends as LF."""
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise TemplateError(f"{path} 过大，模板不超过 {MAX_TEXT_BYTES // 1_000_000} MB")
        return SourceFile(str(path), path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path} 不是 UTF-8 编码的文本") from error
    except OSError as error:
        raise TemplateError(f"无法读取 {path}：{system_reason(error)}") from error


def edition_fields(folder: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of :class:`Edition` of the form in *folder*, as its *data* has them."""
    in_force = data["in_force"]
    return {
        "id": folder.name,
        "report": folder.parent.as_posix(),
        "name": str(data["name"]),
        "first_year": int(in_force["from"]),
        "last_year": int(in_force["to"]) if in_force.get("to") else None,
        "basis": str(data["basis"]),
    }


@lru_cache(maxsize=32)
def _form_of(
    library: Library, report: str, form: str, files: tuple[tuple[str, Path, Stamp], ...]
) -> Form:
    """Return the form made of *files*, checked."""
    from reportgen.template.kept import form_key, keep, recall

    key = ""
    if library.cache:
        contents = tuple((name, _bytes(path)) for name, path, _ in files)
        key = form_key(report, form, contents)
    found = recall(library.cache, key)
    if found is None:
        from reportgen.template.form_files import read_form  # not for a form that was kept

        found = read_form(library, report, form)
        keep(library.cache, key, found)
    return found
