"""Numbers and sections that are missing, repeated or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.diagnostics import Diagnostic, Finding
from reportgen.forms import (
    Form,
    GridCell,
    SectionSpec,
    find_section,
    match_sections,
    nearest_key,
    number_label,
    parse_number,
)
from reportgen.model import (
    CellPath,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeParagraph,
    Report,
    Section,
)
from reportgen.source import Span
from reportgen.text import plain_text

_LONGEST = 40  # characters of a title


def check_cells(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each table, row or cell that was left out, the largest that fits.

    Totals are computed, so they are never missing.
    """
    for grid in form.tables.values():
        asked = [cell for cell in grid.value_cells() if cell.path not in form.totals]
        missing = [cell for cell in asked if cell.path not in report.cells]
        if asked and len(missing) == len(asked):
            yield _missing(report, form, "missing-table", {"表": grid.key}, missing)
            continue
        for row in dict.fromkeys(cell.path.row for cell in missing):
            gaps = [cell for cell in missing if cell.path.row == row]
            yield _missing_row(report, form, row, gaps, asked)


def _missing_row(
    report: Report,
    form: Form,
    row: CellPath,
    gaps: list[GridCell],
    asked: list[GridCell],
) -> Diagnostic:
    whole = [cell for cell in asked if cell.path.row == row]
    if len(gaps) == len(whole):
        return _missing(report, form, "missing-row", {"行": row}, gaps)
    columns = "、".join(cell.path.column for cell in gaps)
    return _missing(report, form, "missing-cell", {"行": row, "各列": columns}, gaps)


def _missing(
    report: Report, form: Form, slug: str, values: Mapping[str, object], cells: list[GridCell]
) -> Diagnostic:
    table = cells[0].path.table
    paths = [span.path for span in report.spans.values()]
    finding = Finding(
        slug,
        report.gaps.get(cells[0].path) or report.spans.get(table),
        values,
        cells=tuple(cell.path for cell in cells),
        expected="数字",
        actual="空缺",
        file=paths[0] if paths else "",
    )
    return form.rulebook.word(finding)


def check_sections(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield findings about level-1 sections: missing, unknown, repeated, empty, out of order."""
    word, path = form.rulebook.word, report.narrative_path
    if not report.narrative.sections and not report.narrative.opening:
        yield word(Finding("missing-section", wording="empty", file=path))
        return
    match = match_sections(form, report.narrative)
    unmarked = _unmarked(report, form)
    missing = [spec for spec in form.sections if spec.id not in match.found]
    for section in match.unknown:
        meant = _meant(section, form, missing)
        if meant in missing:
            missing.remove(meant)  # one finding is enough
        yield word(_unknown(section, form, meant, report.year))
    for section in match.repeated:
        yield word(Finding("repeated-section", section.span, {"节": section.title}))
    for position, spec in enumerate(form.sections, 1):
        found = match.found.get(spec.id)
        if spec in missing:
            span = unmarked.get(spec.id)
            values = {"节": number_label(1, position) + spec.title}
            wording = "unmarked" if span else ""
            yield word(Finding("missing-section", span, values, wording=wording, file=path))
        elif found is not None and _is_empty(spec, found):
            yield word(Finding("empty-section", found.span, {"节": found.title}))
    yield from map(word, _order(form, match.found, report))


def _unmarked(report: Report, form: Form) -> dict[str, Span]:
    """Return where a paragraph is the title of a prescribed section, by the section's id."""
    narrative = report.narrative
    blocks = (*narrative.opening, *(each for part in narrative.sections for each in part.blocks))
    found: dict[str, Span] = {}
    for block in blocks:
        if isinstance(block, NarrativeParagraph | NarrativeHeading) and block.span:
            text = plain_text(block.runs).strip()
            spec = find_section(form, parse_number(text).rest) if len(text) < _LONGEST else None
            if spec:
                found.setdefault(spec.id, block.span)
    return found


def _meant(section: Section, form: Form, missing: list[SectionSpec]) -> SectionSpec | None:
    """Return the prescribed section that *section* seems to be, by its title or its number."""
    titles = {name: spec for spec in form.sections for name in (spec.title, *spec.aliases)}
    near = nearest_key(section.title, titles)
    if near:
        return titles[near]
    numbered = form.sections[section.number - 1 : section.number] if section.number else ()
    return next((spec for spec in numbered if spec in missing), None)


def _unknown(section: Section, form: Form, meant: SectionSpec | None, year: int) -> Finding:
    near = meant.title if meant else None
    return Finding(
        "unknown-section",
        section.span,
        {"节": section.title, "相近": near, "部分数": len(form.sections)},
        advice="similar" if near else "prescribed",
        expected=near,
        actual=section.title,
        basis=form.basis if form.in_force(year) else "",
    )


def _is_empty(spec: SectionSpec, section: Section) -> bool:
    return spec.text_required and not any(_has_text(block) for block in section.blocks)


def _has_text(block: NarrativeBlock) -> bool:
    if isinstance(block, NarrativeHeading):
        return False
    return not isinstance(block, NarrativeParagraph) or bool(plain_text(block.runs).strip())


def _order(form: Form, found: dict[str, Section], report: Report) -> Iterator[Finding]:
    """Yield one finding for each section that stands before one it should follow."""
    ids = {id(section): spec_id for spec_id, section in found.items()}
    rank = {spec.id: position for position, spec in enumerate(form.sections)}
    highest = -1
    for section in report.narrative.sections:
        position = rank.get(ids.get(id(section), ""), -1)
        if position == -1:
            continue
        if position < highest:
            rank_named = number_label(1, position + 1).rstrip("、")
            values = {"节": section.title, "几": rank_named}
            yield Finding("section-order", section.span, values)
        highest = max(highest, position)
