"""The files of a form → :class:`~reportgen.template.form.Form`; imported when one is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.template.form import (
    FORM_FILE,
    RULES_FILE,
    SKELETON_FILE,
    STARTER_FILE,
    Form,
    Library,
    SectionSpec,
    edition_fields,
    mistakes_in,
)
from reportgen.template.grid import TableGrid, TemplateError, resolve_grid
from reportgen.template.rule_files import build_rules
from reportgen.template.rules import Rule
from reportgen.template.stylesheet import build_stylesheet


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
        return Form(
            **edition_fields(folder, data),
            title=str(data["title"]),
            title_break=str(data.get("title_break", "")),
            subject=str(data["subject"]),
            keywords=tuple(data.get("keywords", ())),
            kinds=tuple(data.get("kinds", ())),
            contact_keys=tuple(data.get("contact", ())),
            sections=sections,
            tables=tables,
            rules=_rules(library, folder),
            sheet=build_stylesheet(library.read(folder / "style.yaml")),
            skeleton=skeleton.read_text(encoding="utf-8"),
            carry_over={to: tuple(rows) for to, rows in data.get("carry_over", {}).items()},
            starter=starter.read_text(encoding="utf-8") if starter else "",
        )


def _check_styles(form: Form) -> None:
    for grid in form.tables.values():
        for cell in grid.cells():
            if cell.style not in form.sheet.styles:
                raise TemplateError(f"“{grid.key}”表用到 style.yaml 中没有的样式 {cell.style}")


def _rules(library: Library, folder: Path) -> tuple[Rule, ...]:
    """Return the rules of the form, then those of its report, then those of every report.

    A rule of the form replaces a shared one with the same code.
    """
    found: dict[str, Rule] = {}
    for relative in (folder, folder.parent, Path()):
        path = library.find(relative / RULES_FILE)
        if path:
            for rule in build_rules(library.data(path).get("checks") or ()):
                found.setdefault(rule.code, rule)
    return tuple(found.values())


def _section(spec: Mapping[str, Any]) -> SectionSpec:
    return SectionSpec(
        id=str(spec["id"]),
        title=str(spec["title"]),
        aliases=tuple(str(name) for name in spec.get("aliases", ())),
        table=spec.get("table"),
        text_required=spec.get("text") == "required",
    )


def _table(library: Library, folder: Path, name: str) -> TableGrid:
    path = folder / "tables" / f"{name}.yaml"
    return resolve_grid(library.read(path), str(path))
