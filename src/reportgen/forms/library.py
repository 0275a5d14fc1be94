"""Where forms are found: folders of template files, looked up file by file.

Forms are in ``templates/<report>/<form>/``.  A report folder's own ``templates/`` comes before the
shipped one, so a single file can be overridden.

``make forms`` writes each shipped form to ``form.json`` beside its templates, so that no YAML has
to be parsed.  The file has the form as data, never code, and the SHA-256 of every file the form
was made from.  It is only used if these are unchanged, so a template that is edited or overridden
takes effect at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import MsgspecError, Struct

from reportgen.files import (
    MAX_TEMPLATE_BYTES,
    Stamp,
    read_file,
    refuse_foreign,
    resource_folder,
    stamp_of,
)
from reportgen.forms.form import Edition, Form, ReportKind, RetiredForm
from reportgen.forms.grid import TemplateError, nearest_key
from reportgen.forms.rules import Rule, RuleBook
from reportgen.forms.template_folders import (
    COMPILED_FILE,
    FORM_FILE,
    OWN_TEMPLATES,
    REPORT_FILE,
    TemplateFolders,
    read_text,
)
from reportgen.problems import EnvironmentProblem
from reportgen.source import SourceFile, Span


class Library(TemplateFolders, frozen=True):
    """The folders that forms are looked up in, most preferred first.

    The last one is the shipped one, with a compiled form beside the files of each.
    """

    def report_kinds(self) -> dict[str, str]:
        """Return the official name of each kind of report and its folder name."""
        return {kind.name: folder for folder, kind in self._kinds()}

    def default_kind(self) -> str:
        """Return the official name of the report meant when none is named."""
        kinds = [kind for _, kind in self._kinds()]
        return next((kind.name for kind in kinds if kind.default), kinds[0].name if kinds else "")

    def _kinds(self) -> Iterator[tuple[str, ReportKind]]:
        """Yield every kind of report with its folder, in order of the folders."""
        for folder in self.names(Path()):
            name = f"{folder}/{REPORT_FILE}"
            path = self.find(Path(name))
            if path:
                heads = (self._head(folder, form) for form in self.form_ids(folder))
                head = next((h for h in heads if h and h.is_made_from(name, path)), None)
                yield folder, head.kind if head else _read_kind(path)

    def _head(self, report: str, form: str) -> CompiledHead | None:
        """Return the head of the compiled form that was shipped."""
        return read_head(self.roots[-1] / report / form / COMPILED_FILE) if self.roots else None

    def form_ids(self, report: str) -> list[str]:
        """Return the forms of the report folder *report*, oldest first."""
        names = self.names(Path(report))
        return sorted(name for name in names if self.find(Path(report, name, FORM_FILE)))

    def load(self, report: str, form: str) -> Form:
        """Return the form; EnvironmentProblem, naming the file, when its data is wrong.

        A form is made once per process until one of its files is written again.
        """
        with _problems_of(form):
            library = Library(_existing(self.roots))
            return _form_of(library, report, form, tuple(library.files_of(report, form)))

    def sources(self, report: str, form: str) -> Sources:
        """Return every file the form is made of: its path below the root, and its digest."""
        return _digests(self.files_of(report, form))

    def editions(self, report: str) -> list[Edition]:
        """Return what distinguishes the forms of *report*, oldest first; nothing else is read."""
        found = []
        for name in self.form_ids(report):
            folder = Path(report, name)
            path = self.find(folder / FORM_FILE)
            head = self._head(report, name)
            if path and head and head.is_made_from((folder / FORM_FILE).as_posix(), path):
                found.append(head.form)
            elif path:
                found.append(_read_edition(path, folder))
        return found

    def forms(self, report: str) -> list[Form]:
        """Return all forms of *report*, oldest first."""
        return [self.load(report, name) for name in self.form_ids(report)]

    def retired(self, report: str) -> list[RetiredForm]:
        """Return the forms that reports of the folder *report* followed once."""
        from reportgen.forms.form_files import read_retired

        path = self.find(Path(report, REPORT_FILE))
        return read_retired(path) if path else []

    def rulebook(self) -> RuleBook:
        """Return the rules that hold whatever the form: for a report that has none yet."""
        from reportgen.forms.form_builder import read_rulebook

        return read_rulebook(self)

    def place_of_rule(self, form: Form, code: str) -> Span | None:
        """Return where the preferred folder changes or has the rule *code* of *form*."""
        from reportgen.forms.form_builder import place_of_rule

        return place_of_rule(Library(self.roots[:1]), form, code)

    def for_folder(self, folder: str | os.PathLike[str]) -> Library:
        """Return the library in which the files in the ``templates`` of *folder* come first.

        Raises EnvironmentProblem when one of these files lies outside of *folder*.
        """
        own = Path(folder, OWN_TEMPLATES)
        refuse_foreign(own, Path(folder))
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
                    return read_text(place / name)
        return None


@contextmanager
def _problems_of(form: str) -> Iterator[None]:
    """Turn a mistake in the templates of *form* into an EnvironmentProblem that names it."""
    try:
        yield
    except TemplateError as error:
        raise EnvironmentProblem(
            f"版式 {form} 的模板有误：{error}", "检查 templates 中的相应文件"
        ) from error


def _existing(roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the folders that are there: most reports have no templates of their own."""
    return tuple(root for root in roots if root.is_dir())


def _bytes(path: Path) -> bytes:
    """Return the content of *path*; a file that cannot be read is reported when it is parsed."""
    try:
        return read_file(path, MAX_TEMPLATE_BYTES)
    except OSError:
        return b""


def _read_kind(path: Path) -> ReportKind:
    """Return the kind of report at *path*; what reads YAML is loaded only here and below."""
    from reportgen.forms.form_files import read_kind

    return read_kind(path)


def _read_edition(path: Path, folder: Path) -> Edition:
    from reportgen.forms.form_files import read_edition

    return read_edition(path, folder)


def _digests(files: Iterable[tuple[str, Path, Stamp]]) -> Sources:
    return tuple((name, source_digest(_bytes(path))) for name, path, _ in files)


@lru_cache(maxsize=32)
def _form_of(
    library: Library, report: str, form: str, files: tuple[tuple[str, Path, Stamp], ...]
) -> Form:
    """Return the form made of *files*, checked: the compiled one if it was made of the same."""
    shipped = library.roots[-1] if library.roots else Path()
    found = read_compiled(shipped / report / form / COMPILED_FILE, _digests(files))
    if found is None:
        from reportgen.forms.form_builder import read_form

        return read_form(library, report, form)
    return found


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


def shipped_library() -> Library:
    """Return the library of the forms that come with the program."""
    return Library((resource_folder("templates"),))


_MAX_BYTES = 10_000_000

Sources: TypeAlias = tuple[tuple[str, str], ...]
"""The files a form is made of: the path of each below its templates folder, and its digest.

A path that occurs twice stands for files of two folders, both of which count.
"""


class CompiledForm(Struct, frozen=True):
    """A form, the kind of report it is of, and the files both were made from."""

    sources: Sources
    kind: ReportKind
    form: Form


class CompiledHead(Struct, frozen=True):
    """What of a :class:`CompiledForm` is read to find out which form a report follows."""

    sources: Sources
    kind: ReportKind
    form: Edition

    def is_made_from(self, name: str, path: Path) -> bool:
        """Return whether the file *name* it was made from is the one at *path*."""
        try:
            return (name, source_digest(read_file(path, _MAX_BYTES))) in self.sources
        except OSError:  # reported when it is read
            return False


def source_digest(data: bytes) -> str:
    """Return the digest of a template file that holds *data*."""
    return hashlib.sha256(data).hexdigest()


def encode_compiled(form: Form, kind: ReportKind, sources: Sources) -> bytes:
    """Return the content of ``form.json``, one value a line.

    Raises ValueError when the form would come back as another one: JSON knows no dates.
    """
    data = msgspec.json.encode(CompiledForm(sources, kind, form))
    if msgspec.json.decode(data, type=CompiledForm).form != form:
        raise ValueError(f"{form.report}/{form.id} holds what JSON cannot hold")
    return msgspec.json.format(data, indent=1) + b"\n"


def read_compiled(path: Path, sources: Sources) -> Form | None:
    """Return the form in the file *path*; None when it was not made from *sources*.

    Also None when there is no such file, or one that another version of the program wrote.
    """
    try:
        found = msgspec.json.decode(read_file(path, _MAX_BYTES), type=CompiledForm)
    except (OSError, MsgspecError):
        return None
    return found.form if found.sources == sources else None


def read_head(path: Path) -> CompiledHead | None:
    """Return the head of the compiled form in the file *path*, None when it cannot be used.

    A file is read once per process until it is written again.
    """
    try:
        return _head_of(path, stamp_of(path.stat()))
    except OSError:
        return None


@lru_cache(maxsize=32)
def _head_of(path: Path, _stamp: Stamp) -> CompiledHead | None:
    try:
        return msgspec.json.decode(read_file(path, _MAX_BYTES), type=CompiledHead)
    except (OSError, MsgspecError):
        return None
