"""Numbers and sections that are missing, repeated or unknown."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms import (
    Form,
    GridCell,
    SectionSpec,
    TableGrid,
    match_sections,
    nearest_key,
    number_label,
)
from reportgen.model import (
    CellPath,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeParagraph,
    Report,
    Section,
)
from reportgen.text import plain_text


def check_cells(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each table, row or cell that was left out, the largest that fits.

    Totals are computed, so they are never missing.
    """
    for grid in form.tables.values():
        asked = [cell for cell in grid.value_cells() if cell.path not in form.totals]
        missing = [cell for cell in asked if cell.path not in report.cells]
        if asked and len(missing) == len(asked):
            message = f"没有填“{grid.key}”表"
            yield _missing(report, grid, "T101", "missing-table", message, missing)
            continue
        for row in dict.fromkeys(cell.path.row for cell in missing):
            gaps = [cell for cell in missing if cell.path.row == row]
            yield _missing_row(report, grid, row, gaps, asked)


def _missing_row(
    report: Report,
    grid: TableGrid,
    row: CellPath,
    gaps: list[GridCell],
    asked: list[GridCell],
) -> Diagnostic:
    whole = [cell for cell in asked if cell.path.row == row]
    if len(gaps) == len(whole):
        return _missing(report, grid, "T102", "missing-row", f"没有填“{row}”一行", gaps)
    columns = "、".join(cell.path.column for cell in gaps)
    message = f"“{row}”一行没有填：{columns}"
    return _missing(report, grid, "T103", "missing-cell", message, gaps)


def _missing(
    report: Report, grid: TableGrid, code: str, slug: str, message: str, cells: list[GridCell]
) -> Diagnostic:
    place = report.gaps.get(cells[0].path) or report.spans.get(grid.key)
    paths = [span.path for span in report.spans.values()]
    return Diagnostic(
        code,
        slug,
        Severity.ERROR,
        message,
        place,
        cells=tuple(cell.path for cell in cells),
        expected="数字",
        actual="空缺",
        hint="没有发生的填 0；若空缺都按 0 计，在 report.yaml 中写“缺省: 0”",
        file="" if place or not paths else paths[0],
    )


def check_sections(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield findings about level-1 sections: missing, unknown, repeated, empty, out of order."""
    if not report.narrative.sections and not report.narrative.opening:
        yield _missing_section("正文没有内容", "逐节写上标题和文字", report)
        return
    match = match_sections(form, report.narrative)
    missing = [spec for spec in form.sections if spec.id not in match.found]
    for section in match.unknown:
        meant = _meant(section, form, missing)
        if meant in missing:
            missing.remove(meant)  # one finding is enough
        yield _unknown(section, form, meant, report.year)
    for section in match.repeated:
        message = f"“{section.title}”出现了两次"
        yield _section_finding("N104", "repeated-section", message, section, "合并为一节")
    for position, spec in enumerate(form.sections, 1):
        found = match.found.get(spec.id)
        label = number_label(1, position) + spec.title
        if spec in missing:
            yield _missing_section(f"正文缺少“{label}”一节", f"加上标题“# {label}”", report)
        elif found is not None and _is_empty(spec, found):
            message = f"“{found.title}”一节没有文字"
            yield _section_finding("N103", "empty-section", message, found, "写上这一节的内容")
    yield from _order(form, match.found, report)


def _missing_section(message: str, hint: str, report: Report) -> Diagnostic:
    path = report.narrative_path
    return Diagnostic("N101", "missing-section", Severity.ERROR, message, hint=hint, file=path)


def _meant(section: Section, form: Form, missing: list[SectionSpec]) -> SectionSpec | None:
    """Return the prescribed section that *section* seems to be, by its title or its number."""
    titles = {name: spec for spec in form.sections for name in (spec.title, *spec.aliases)}
    near = nearest_key(section.title, titles)
    if near:
        return titles[near]
    numbered = form.sections[section.number - 1 : section.number] if section.number else ()
    return next((spec for spec in numbered if spec in missing), None)


def _unknown(section: Section, form: Form, meant: SectionSpec | None, year: int) -> Diagnostic:
    count = len(form.sections)
    near = meant.title if meant else None
    hint = f"是否应为“{near}”？" if near else f"一级标题（#）只能是规定的 {count} 个部分，其余用 ##"
    message = f"“{section.title}”不是规定的部分"
    return Diagnostic(
        "N102",
        "unknown-section",
        Severity.ERROR,
        message,
        section.span,
        expected=near,
        actual=section.title,
        hint=hint,
        basis=form.basis if form.in_force(year) else "",
    )


def _is_empty(spec: SectionSpec, section: Section) -> bool:
    return spec.text_required and not any(_has_text(block) for block in section.blocks)


def _has_text(block: NarrativeBlock) -> bool:
    if isinstance(block, NarrativeHeading):
        return False
    return not isinstance(block, NarrativeParagraph) or bool(plain_text(block.runs).strip())


def _order(form: Form, found: dict[str, Section], report: Report) -> Iterator[Diagnostic]:
    """Yield one finding for each section that stands before one it should follow."""
    ids = {id(section): spec_id for spec_id, section in found.items()}
    rank = {spec.id: position for position, spec in enumerate(form.sections)}
    highest = -1
    for section in report.narrative.sections:
        position = rank.get(ids.get(id(section), ""), -1)
        if position == -1:
            continue
        if position < highest:
            message = f"“{section.title}”的位置不对"
            hint = f"应为第{number_label(1, position + 1).rstrip('、')}部分"
            yield _section_finding("N106", "section-order", message, section, hint)
        highest = max(highest, position)


def _section_finding(code: str, slug: str, message: str, section: Section, hint: str) -> Diagnostic:
    return Diagnostic(code, slug, Severity.ERROR, message, section.span, hint=hint)
