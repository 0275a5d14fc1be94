"""Template files → :class:`~reportgen.forms.form.Form`: the files read, put together and checked.

Loaded only if no compiled form fits (:mod:`reportgen.forms.library`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from reportgen.forms.form import Form, SectionSpec
from reportgen.forms.form_files import (
    FormFile,
    SectionShape,
    TableFile,
    edition_fields,
    read_template,
    resolve_grid,
)
from reportgen.forms.grid import TableGrid, TemplateError
from reportgen.forms.rule_files import RuleFile, Wish, build_rule, override, read_overrides
from reportgen.forms.rules import (
    BUILT_IN,
    FORMULA_KINDS,
    LazyPattern,
    Override,
    Rule,
    RuleBook,
    bind_identities,
)
from reportgen.forms.sentences import SentenceFile, Sentences, build_sentences
from reportgen.forms.stylesheet import StyleFile, build_stylesheet
from reportgen.forms.template_folders import (
    FORM_FILE,
    RULES_FILE,
    SENTENCES_FILE,
    SKELETON_FILE,
    STARTER_FILE,
    STYLE_FILE,
    TemplateFolders,
    read_text,
)
from reportgen.model import CellPath
from reportgen.source import Span

T = TypeVar("T", bound=Struct)


def read_form(folders: TemplateFolders, report: str, form: str) -> Form:
    """Return the form whose files *folders* have, checked; TemplateError names what is wrong."""
    loaded = _load_form(folders, report, form)
    _check_formulas(folders, loaded)
    _check_styles(folders, loaded)
    _check_figures(loaded)
    return loaded


def _check_formulas(folders: TemplateFolders, form: Form) -> None:
    """Raise TemplateError, naming the rule and its place, when a formula is wrong."""
    try:
        _ = form.identities, form.relations
    except TemplateError:
        for rule in form.rules:
            if rule.kind in FORMULA_KINDS:
                place = place_of_rule(folders, form, rule.code)
                with _at(place.short_place if place else RULES_FILE):
                    bind_identities((rule,), form.vocabulary, FORMULA_KINDS)
        raise


def place_of_rule(folders: TemplateFolders, form: Form, code: str) -> Span | None:
    """Return where *folders* change the severity of the rule *code* of *form*, or else have it."""
    files = [
        read_template(path, RuleFile)
        for level in _levels(Path(form.report, form.id))
        for path in folders.find_all(level / RULES_FILE)
    ]
    rule = form.rule(code)
    names = {code.lower(), rule.slug if rule else ""}
    wishes = (w for file in files for name, w in file.overrides.items() if name.lower() in names)
    specs = (spec for file in files for spec in file.checks or () if spec.code == code)
    places = [wish.place for wish in wishes] + [spec.place for spec in specs]
    return next(iter(places), None)


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Put *place* in front of what a TemplateError says."""
    try:
        yield
    except TemplateError as error:
        raise TemplateError(f"{place}：{error}") from error


def _read(folders: TemplateFolders, relative: Path, shape: type[T]) -> T:
    """Return the preferred file at *relative* in its *shape*; TemplateError without one."""
    path = folders.find(relative)
    if path is None:
        raise TemplateError(f"缺少 {relative}")
    return read_template(path, shape)


def _load_form(folders: TemplateFolders, report: str, form: str) -> Form:
    folder = Path(report, form)
    file = _read(folders, folder / FORM_FILE, FormFile)
    place = folders.find(folder / FORM_FILE)
    own = "" if place is None or place.is_relative_to(folders.roots[-1]) else str(place)
    skeleton = folders.find(folder / SKELETON_FILE)
    starter = folders.find(folder / STARTER_FILE)
    if skeleton is None:
        raise TemplateError(f"缺少 {folder / SKELETON_FILE}")
    rules, overrides = _rules(folders, folder)
    return Form(
        **edition_fields(folder, file),
        title=file.title,
        title_aliases=tuple(file.title_aliases),
        title_break=file.title_break,
        organ_break=LazyPattern(file.organ_break, place=own) if file.organ_break else None,
        subject=file.subject,
        keywords=tuple(file.keywords),
        kinds=tuple(file.kinds),
        contact_keys=tuple(file.contact),
        contact_words={key: tuple(words) for key, words in file.contact_words.items()},
        sections=tuple(_section(spec) for spec in file.sections),
        tables={
            spec.table: _table(folders, folder, spec.table) for spec in file.sections if spec.table
        },
        rules=rules,
        sheet=build_stylesheet(_read(folders, folder / STYLE_FILE, StyleFile)),
        skeleton=read_text(skeleton).text,
        carry_over={to: tuple(rows) for to, rows in file.carry_over.items()},
        former={
            earlier: {name: tuple(ours) for name, ours in names.items()}
            for earlier, names in file.former.items()
        },
        starter=read_text(starter).text if starter else "",
        figures={name: tuple(cells) for name, cells in file.figures.items()},
        sentences=_sentences(folders, folder),
        overrides=overrides,
    )


def _check_styles(folders: TemplateFolders, form: Form) -> None:
    for name, grid in form.tables.items():
        for cell in grid.cells():
            if cell.style not in form.sheet.styles:
                path = folders.find(_table_file(Path(form.report, form.id), name))
                raise TemplateError(f"{path}：用到 style.yaml 中没有的样式 {cell.style}")


def _check_figures(form: Form) -> None:
    """Raise TemplateError when a column of the summary names a cell that its table has not."""
    tables = {grid.key for grid in form.tables.values()}
    for name, cells in form.figures.items():
        known = [cell for cell in cells if CellPath.parse(cell).table in tables]
        if strange := next((cell for cell in known if cell not in form.value_cells), None):
            raise TemplateError(f"{FORM_FILE} 的 figures：“{name}”用到没有的格“{strange}”")


def _levels(folder: Path) -> tuple[Path, ...]:
    """Return the folders that hold the rules of the form in *folder*, its own first."""
    return folder, folder.parent, Path()


def _rules(folders: TemplateFolders, folder: Path) -> tuple[tuple[Rule, ...], tuple[Override, ...]]:
    """Return the rules of the form, then those of its report, then those of every report.

    A rule of the form replaces a shared one with the same code.  Then severities are
    changed, as a preferred folder's files ask for it before another's, and a form's before
    a shared one's.
    """
    levels = _levels(folder)
    found: dict[str, Rule] = {}
    for level in levels:
        for code, rule in _rules_at(folders, level).items():
            found.setdefault(code, rule)
    by_slug: dict[str, Rule] = {}
    for rule in found.values():
        other = by_slug.setdefault(rule.slug, rule)
        if other is not rule:
            raise TemplateError(f"规则 {other.code} 和 {rule.code} 的 slug 都是 {rule.slug}")
    return override(
        tuple(found.values()), _wishes(folders, levels), lambda: _names_of_rules(folders)
    )


def _rules_at(
    folders: TemplateFolders, level: Path, *, built_in_only: bool = False
) -> dict[str, Rule]:
    """Return the rules of the preferred file at *level*, by code.

    Rules that the program itself reports are never missing: if that file lacks one, that of
    another file counts.  A file that only has overrides leaves all rules as they are.
    """
    found: dict[str, Rule] = {}
    for path in folders.find_all(level / RULES_FILE):
        specs = read_template(path, RuleFile).checks
        if specs is None:
            continue
        for spec in specs:
            if not built_in_only or spec.kind == BUILT_IN:
                own = not path.is_relative_to(folders.roots[-1])
                found.setdefault(spec.code, build_rule(spec, own=own))
        built_in_only = True
    return found


def _wishes(folders: TemplateFolders, levels: Iterable[Path]) -> Iterator[Wish]:
    """Yield the overrides of every file at *levels*, those that count most first."""
    for root in folders.roots:
        for relative in (level / RULES_FILE for level in levels):
            path = root / relative
            if path.is_file():
                file = read_template(path, RuleFile)
                yield from read_overrides(file, relative.as_posix())


def _names_of_rules(folders: TemplateFolders) -> Iterator[str]:
    """Yield the codes and slugs of the rules of every form."""
    for root in folders.roots:
        for path in sorted(root.rglob(RULES_FILE)):
            for spec in read_template(path, RuleFile).checks or ():
                yield from (spec.code.lower(), spec.slug)


def _sentences(folders: TemplateFolders, folder: Path) -> Sentences:
    """Return the grammar of the form, else that of its report, else an empty one."""
    for relative in (folder, folder.parent):
        path = folders.find(relative / SENTENCES_FILE)
        if path:
            return build_sentences(read_template(path, SentenceFile))
    return Sentences()


def _section(spec: SectionShape) -> SectionSpec:
    return SectionSpec(
        id=spec.id,
        title=spec.title,
        aliases=tuple(spec.aliases),
        table=spec.table,
        text_required=spec.text == "required",
    )


def _table(folders: TemplateFolders, folder: Path, name: str) -> TableGrid:
    relative = _table_file(folder, name)
    file = _read(folders, relative, TableFile)
    return resolve_grid(file, str(folders.find(relative)))


def _table_file(folder: Path, name: str) -> Path:
    return folder / "tables" / f"{name}.yaml"


def read_rulebook(folders: TemplateFolders) -> RuleBook:
    """Return the rules that hold whatever the form: for a report that has none yet."""
    rules = tuple(_rules_at(folders, Path(), built_in_only=True).values())
    wishes = _wishes(folders, (Path(),))
    return RuleBook.of(override(rules, wishes, lambda: _names_of_rules(folders))[0])
