"""Where forms are found: folders of template files, looked up file by file.

Forms lie in ``templates/<report>/<form>/``.  A report folder's own ``templates/``
comes before the shipped one, so a single file can be overridden.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.files import Stamp, refuse_links, stamp_of
from reportgen.forms.compiled import COMPILED_FILE, Sources, read_compiled, source_digest
from reportgen.forms.form import Edition, Form, RetiredForm, SectionSpec
from reportgen.forms.grid import TableGrid, TemplateError, nearest_key, resolve_grid
from reportgen.forms.rule_files import (
    Override,
    Wish,
    build_rules,
    is_built_in,
    override,
    read_overrides,
)
from reportgen.forms.rules import LazyPattern, Rule, RuleBook
from reportgen.forms.sentences import Sentences, build_sentences
from reportgen.forms.stylesheet import build_stylesheet
from reportgen.located import load_data
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.source import SourceFile

FORM_FILE = "form.yaml"
REPORT_FILE = "report.yaml"
SKELETON_FILE = "report.md.j2"
STARTER_FILE = "starter.md"
RULES_FILE = "checks.yaml"
SENTENCES_FILE = "sentences.yaml"
RULES_KEY = "checks"
OWN_TEMPLATES = "templates"
"""The folder in a report folder whose files come before the shipped ones."""
MAX_TEXT_BYTES = 1_000_000
"""The longest template of a page or a scaffold, far above what one needs."""


class Library(Struct, frozen=True):
    """The folders that forms are looked up in, most preferred first.

    The last one is the shipped one, with a compiled form beside the files of each.
    """

    roots: tuple[Path, ...]

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
            library = Library(_existing(self.roots))
            return _form_of(library, report, form, tuple(library._files(report, form)))

    def sources(self, report: str, form: str) -> Sources:
        """Return every file the form is made of: its path below the root, and its digest."""
        return _digests(self._files(report, form))

    def editions(self, report: str) -> list[Edition]:
        """Return what distinguishes the forms of *report*, oldest first; nothing else is read."""
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

    def retired(self, report: str) -> list[RetiredForm]:
        """Return the forms that reports of the folder *report* followed once."""
        path = Path(report, REPORT_FILE)
        with _problems_of(report), mistakes_in(path):
            forms = self.read(path).get("retired") or ()
            return [RetiredForm(str(item["name"]), _texts(item["words"])) for item in forms]

    def rulebook(self) -> RuleBook:
        """Return the rules that hold whatever the form: for a report that has none yet."""
        rules = tuple(_rules_at(self, Path(), built_in_only=True).values())
        wishes = _wishes(self, (Path(),))
        return RuleBook.of(override(rules, wishes, lambda: _names_of_rules(self))[0])

    def find(self, relative: Path) -> Path | None:
        """Return the preferred file at *relative*, or None."""
        return next(iter(self.find_all(relative)), None)

    def find_all(self, relative: Path) -> list[Path]:
        """Return every file at *relative*, the preferred one first."""
        paths = (root / relative for root in self.roots)
        return [path for path in paths if path.is_file()]

    def for_folder(self, folder: str | os.PathLike[str]) -> Library:
        """Return the library in which the files in the ``templates`` of *folder* come first.

        Raises EnvironmentProblem when one of these files lies outside of *folder*.
        """
        own = Path(folder, OWN_TEMPLATES)
        refuse_links(own, Path(folder))
        return Library((own, *self.roots))

    def text(self, form: Edition, name: str) -> SourceFile | None:
        """Return the text file *name* of *form*, or of its report, or of every report.

        The first root that has one decides; None when there is none, or *name* is more than
        a file name.  EnvironmentProblem when it cannot be read.
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
        data = load_data(path)
        if not isinstance(data, Mapping):
            raise TemplateError(f"{path} 应为“键: 值”的形式")
        return data

    def _report_name(self, path: Path) -> str:
        data = load_data(path)
        if not isinstance(data, Mapping) or "name" not in data:
            raise EnvironmentProblem(f"{path} 中没有 name", "写上报告的名称，如“name: …年度报告”")
        return str(data["name"])

    def _files(self, report: str, form: str) -> Iterator[tuple[str, Path, Stamp]]:
        """Yield every file the form is made of: its path below the root, the file, its stamp.

        The files lie in the form's folder, except for the rules it shares.  Of rules, every
        root's file counts: one may change what another says.
        """
        rules = {f"{report}/{form}/{RULES_FILE}", f"{report}/{RULES_FILE}", RULES_FILE}
        names = {*rules, f"{report}/{SENTENCES_FILE}"}
        for root in self.roots:
            for place, _, files in os.walk(root / report / form):
                below = Path(place).relative_to(root).as_posix()
                names.update(f"{below}/{name}" for name in files if name != COMPILED_FILE)
        for name in sorted(names):
            for root in self.roots:
                path = root / name
                if stamp := _stamp(path):
                    yield name, path, stamp
                    if name not in rules:
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
            message = f"模板 {path} 过大：不能超过 {MAX_TEXT_BYTES // 1_000_000} MB"
            raise EnvironmentProblem(message, "删去用不到的内容")
        return SourceFile(str(path), path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise EnvironmentProblem(f"模板 {path} 不是 UTF-8 编码", "另存为 UTF-8 编码") from error
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(f"无法读取模板 {path}：{reason}", "检查这个文件") from error


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


def _digests(files: Iterable[tuple[str, Path, Stamp]]) -> Sources:
    return tuple((name, source_digest(_bytes(path))) for name, path, _ in files)


@lru_cache(maxsize=32)
def _form_of(
    library: Library, report: str, form: str, files: tuple[tuple[str, Path, Stamp], ...]
) -> Form:
    """Return the form made of *files*, checked: the compiled one if it was made of the same."""
    shipped = library.roots[-1] if library.roots else Path()
    found = read_compiled(shipped / report / form / COMPILED_FILE, _digests(files))
    return found or read_form(library, report, form)


def read_form(library: Library, report: str, form: str) -> Form:
    """Return the form whose files *library* finds, checked; TemplateError names what is wrong."""
    loaded = _load_form(library, report, form)
    _ = loaded.identities, loaded.relations  # a wrong formula is found here, not in a check
    _check_styles(loaded)
    return loaded


def _load_form(library: Library, report: str, form: str) -> Form:
    folder = Path(report, form)
    data = library.read(folder / FORM_FILE)
    with mistakes_in(folder / FORM_FILE):
        sections = tuple(_section(spec) for spec in data["sections"])
        tables = {
            section.table: _table(library, folder, section.table)
            for section in sections
            if section.table
        }
        skeleton = library.find(folder / SKELETON_FILE)
        starter = library.find(folder / STARTER_FILE)
        if skeleton is None:
            raise TemplateError(f"缺少 {folder / SKELETON_FILE}")
        rules, overrides = _rules(library, folder)
        return Form(
            **edition_fields(folder, data),
            title=str(data["title"]),
            title_aliases=_texts(data.get("title_aliases")),
            title_break=str(data.get("title_break", "")),
            organ_break=_pattern(data.get("organ_break")),
            subject=str(data["subject"]),
            keywords=tuple(data.get("keywords", ())),
            kinds=tuple(data.get("kinds", ())),
            contact_keys=tuple(data.get("contact", ())),
            contact_words={
                key: _texts(words) for key, words in data.get("contact_words", {}).items()
            },
            sections=sections,
            tables=tables,
            rules=rules,
            sheet=build_stylesheet(library.read(folder / "style.yaml")),
            skeleton=skeleton.read_text(encoding="utf-8"),
            carry_over={to: tuple(rows) for to, rows in data.get("carry_over", {}).items()},
            starter=starter.read_text(encoding="utf-8") if starter else "",
            sentences=_sentences(library, folder),
            overrides=overrides,
        )


def _check_styles(form: Form) -> None:
    for grid in form.tables.values():
        for cell in grid.cells():
            if cell.style not in form.sheet.styles:
                raise TemplateError(f"“{grid.key}”表用到 style.yaml 中没有的样式 {cell.style}")


def _rules(library: Library, folder: Path) -> tuple[tuple[Rule, ...], tuple[Override, ...]]:
    """Return the rules of the form, then those of its report, then those of every report.

    A rule of the form replaces a shared one with the same code.  Then severities are
    changed, as a preferred folder's files ask for it before another's, and a form's before
    a shared one's.
    """
    levels = (folder, folder.parent, Path())
    found: dict[str, Rule] = {}
    for level in levels:
        for code, rule in _rules_at(library, level).items():
            found.setdefault(code, rule)
    return override(
        tuple(found.values()), _wishes(library, levels), lambda: _names_of_rules(library)
    )


def _rules_at(library: Library, level: Path, *, built_in_only: bool = False) -> dict[str, Rule]:
    """Return the rules of the preferred file at *level*, by code.

    What the program itself reports is never missing: where that file leaves such a rule
    out, another's counts.  A file that only has overrides leaves all rules as they are.
    """
    found: dict[str, Rule] = {}
    for path in library.find_all(level / RULES_FILE):
        data = library.data(path)
        if RULES_KEY in data:
            specs = data[RULES_KEY] or ()
            if built_in_only:
                specs = [spec for spec in specs if is_built_in(spec)]
            for rule in build_rules(specs):
                found.setdefault(rule.code, rule)
            built_in_only = True
    return found


def _wishes(library: Library, levels: Iterable[Path]) -> Iterator[Wish]:
    """Yield the overrides of every file at *levels*, those that count most first."""
    for root in library.roots:
        for relative in (level / RULES_FILE for level in levels):
            path = root / relative
            if path.is_file():
                yield from read_overrides(library.data(path), path, relative.as_posix())


def _names_of_rules(library: Library) -> Iterator[str]:
    """Yield the codes and slugs of the rules of every form."""
    for root in library.roots:
        for path in sorted(root.rglob(RULES_FILE)):
            for rule in build_rules(library.data(path).get(RULES_KEY) or ()):
                yield from (rule.code.lower(), rule.slug)


def _sentences(library: Library, folder: Path) -> Sentences:
    """Return the grammar of the form, else that of its report, else an empty one."""
    for relative in (folder, folder.parent):
        path = library.find(relative / SENTENCES_FILE)
        if path:
            return build_sentences(library.data(path))
    return Sentences()


def _pattern(text: Any) -> LazyPattern | None:
    return LazyPattern(str(text)) if text else None


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values or ())


def _section(spec: Mapping[str, Any]) -> SectionSpec:
    return SectionSpec(
        id=str(spec["id"]),
        title=str(spec["title"]),
        aliases=_texts(spec.get("aliases")),
        table=spec.get("table"),
        text_required=spec.get("text") == "required",
    )


def _table(library: Library, folder: Path, name: str) -> TableGrid:
    path = folder / "tables" / f"{name}.yaml"
    return resolve_grid(library.read(path), str(path))


HOW_CODES_LOOK = "编号是一个字母加三位数字，如 T301，就是核对结果开头方括号里的"
_LIKE_DIGITS = str.maketrans("ol", "01")  # as they are read off a screen


def all_forms(library: Library) -> list[Form]:
    """Return every form of every kind of report in *library*."""
    folders = library.report_kinds().values()
    return [form for folder in folders for form in library.forms(folder)]


def all_rules(library: Library) -> tuple[Rule, ...]:
    """Return the rules of all forms of *library*, one of each code."""
    forms = all_forms(library)
    return tuple({rule.code: rule for form in forms for rule in form.rules}.values())


def find_rule(name: str, rules: Iterable[Rule]) -> Rule | None:
    """Return the one of *rules* whose code or slug is *name*, in letters of either case."""
    wanted = name.strip().lower()
    return next((rule for rule in rules if wanted in (rule.code.lower(), rule.slug)), None)


def nearest_rule(name: str, rules: Sequence[Rule]) -> str | None:
    """Return the code, else the slug, of *rules* that *name* is most like."""
    wanted = name.strip().lower()
    digits = wanted[:1] + wanted[1:].translate(_LIKE_DIGITS)
    near = nearest_key(digits, [rule.code.lower() for rule in rules])
    return near.upper() if near else nearest_key(wanted, [rule.slug for rule in rules])


def known_codes(names: Iterable[str], library: Library, form: Form | None) -> frozenset[str]:
    """Return the codes of the rules that *names* call.

    The rules are those of *form*, the report's, and of every form of *library*.  Raises
    EnvironmentProblem about all names that call none.
    """
    rules = form.rules if form else ()
    found = {name: find_rule(name, rules) for name in sorted(names)}
    if None in found.values():
        rules = (*rules, *all_rules(library))
        found = {name: find_rule(name, rules) for name in found}
    if unknown := [name for name, rule in found.items() if rule is None]:
        near = [f"“{n}”是否应为 {code}？" for n in unknown if (code := nearest_rule(n, rules))]
        raise EnvironmentProblem(
            f"没有这样的规则：{'、'.join(unknown)}", "".join(near) or HOW_CODES_LOOK
        )
    return frozenset(rule.code for rule in found.values() if rule)
