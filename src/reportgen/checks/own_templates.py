"""Changes that the templates of a report folder make to the official form.

The sender of a folder could include checks that find nothing.  A folder's own templates are
therefore always reported, and each thing that they weaken is a finding of a rule that the folder
cannot change.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, Finding, Severity
from reportgen.files import file_digest
from reportgen.forms import Departures, Form, Library, compare_forms
from reportgen.text import Word

TEMPLATE_RULES = (
    "own-templates",
    "official-form-replaced",
    "official-rule-weakened",
    "official-table-changed",
    "official-section-changed",
)
"""The slugs of the rules about a folder's own templates, the one that says that there are first."""
_TEMPLATES = (".yaml", ".j2", ".md")
_SHOWN = 5


class TemplatePolicy(Word):
    """How grave it is that a folder's own templates weaken the official form."""

    TELL = "tell"
    """A warning, for whoever builds a single report to decide on."""
    REFUSE = "refuse"
    """An error: nothing is filed."""
    TRUST = "trust"
    """A hint, because the office has examined the folder's templates and allows them."""


_SEVERITIES = {
    TemplatePolicy.TELL: Severity.WARNING,
    TemplatePolicy.REFUSE: Severity.ERROR,
    TemplatePolicy.TRUST: Severity.HINT,
}


_PAGE_FILES = frozenset({"page.html.j2", "page.css.j2", "fragment.html.j2"})
"""Templates that may print anything, or nothing, whatever the report says."""


def check_own_templates(
    library: Library, form: Form | None, official: Form | None, policy: TemplatePolicy
) -> list[Diagnostic]:
    """Return that a folder has templates of its own, and what they weaken.

    The first folder of *library* is the folder's, the others are the office's.  *form* is the
    one found in all of them, None when the report could not be read; *official* is the one the
    others have for this report, None when they have none.
    """
    root, office = library.roots[0], Library(library.roots[1:])
    files = sorted(_changed_files(root, office, form))
    departures = compare_forms(form, official) if form and official else Departures()
    if not files and not departures.grave:
        return []
    found = [_told(root, files, departures)]
    if form:
        found += [_placed(finding, library, form) for finding in departures.grave]
        found += [_unofficial(form, root)] if official is None else []
    rulebook = official.rulebook if official else office.rulebook()
    told, *grave = rulebook.word_all(found)
    changes_page = any(Path(name).name in _PAGE_FILES for name in files)
    if changes_page or policy is TemplatePolicy.TRUST:
        told = replace(told, severity=_SEVERITIES[policy])
    return [
        told,
        *(replace(item, severity=_SEVERITIES[policy]) for item in grave),
    ]


def _changed_files(root: Path, office: Library, form: Form | None) -> Iterator[str]:
    """Yield the templates below *root* that are not those of the office.

    Of a report that was read only those that it may use: of all kinds, its kind, and its form.
    Links are followed as the program follows them when it looks a template up.
    """
    if form is None:
        places = [Path(place).relative_to(root) for place, _, _ in os.walk(root)]
    else:
        home = Path(form.report, form.id)
        places = [home / "tables", home, *home.parents]
    for below in places:
        folder = root / below
        for path in folder.iterdir() if folder.is_dir() else ():
            name = below / path.name
            is_template = path.suffix in _TEMPLATES and not path.name.startswith(".")
            if is_template and path.is_file() and not _is_same(path, office.find(name)):
                yield name.as_posix()


def _is_same(path: Path, other: Path | None) -> bool:
    try:
        return (
            other is not None
            and path.stat().st_size == other.stat().st_size
            and file_digest(path) == file_digest(other)
        )
    except OSError:  # reported when it is read
        return False


def _told(root: Path, files: list[str], departures: Departures) -> Finding:
    """Return the finding that there are such *files*, with what they change mildly."""
    more = f"等 {len(files)} 个文件" if len(files) > _SHOWN else ""
    values = {
        "文件": "、".join(files[:_SHOWN]) + more,
        "改动": "、".join(departures.mild),
    }
    wording = "lenient" if departures.mild else ""
    return Finding("own-templates", None, values, wording=wording, file=str(root))


def _unofficial(form: Form, root: Path) -> Finding:
    values = {"版式": form.name}
    return Finding("official-form-replaced", None, values, wording="none", file=str(root))


def _placed(finding: Finding, library: Library, form: Form) -> Finding:
    """Return *finding* with the place in the folder that causes it, if it is known."""
    root = library.roots[0]
    span = library.place_of_rule(form, str(finding.values.get("编号", "")))
    if span:
        return replace(finding, span=span)
    home = Path(form.report, form.id)
    tables = {grid.key: f"tables/{name}.yaml" for name, grid in form.tables.items()}
    names = (tables.get(str(finding.values.get("表", "")), "form.yaml"), "form.yaml")
    paths = (root / home / name for name in names)
    return replace(finding, file=str(next((path for path in paths if path.is_file()), root)))
