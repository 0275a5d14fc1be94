"""What must be there: numbers with their units, sections, captions, and what a section must say.

Also what is there twice, is unknown, or is longer than the form allows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePath

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import CONTACT, TITLE, Text, Texts, count_characters
from reportgen.diagnostics import Diagnostic, Finding
from reportgen.forms import (
    OPENING,
    UNITS,
    Form,
    GridCell,
    Rule,
    SectionSpec,
    TextPart,
    ValueKind,
    find_section,
    match_sections,
    nearest_key,
    plain_number,
)
from reportgen.heading_numbers import number_label, parse_number
from reportgen.model import (
    CellPath,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeParagraph,
    Quantity,
    Report,
    Section,
)
from reportgen.source import Span
from reportgen.text import plain_text

_LONGEST = 40  # characters of a title
_SUM = "汇总"
"""The kind of a report that adds up those of many units."""
_MARKDOWN = (".md", ".markdown", ".txt")
_ELSEWHERE = {"": "elsewhere", "unmarked": "unmarked-elsewhere"}
"""The words for a narrative that is no Markdown but Word, or a finished file."""


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
    table = report.spans.get(cells[0].path.table) or next(iter(report.spans.values()), None)
    gap = report.gaps.get(cells[0].path)
    paths = [span.path for span in report.spans.values()]
    finding = Finding(
        slug,
        (table or gap) if slug == "missing-table" else (gap or table),
        values,
        cells=tuple(cell.path for cell in cells),
        expected="数字",
        actual="空缺",
        file=paths[0] if paths else "",
        advice="sum" if report.kind == _SUM else "",
    )
    return form.rulebook.word(finding)


def check_sections(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield findings about level-1 sections: missing, unknown, repeated, empty, out of order."""
    word, path = form.rulebook.word, report.narrative_path
    if report.narrative.unread:
        return
    if not report.narrative.sections and not report.narrative.opening:
        yield word(Finding("missing-section", wording="empty", file=path))
        return
    match = match_sections(form, report.narrative)
    unmarked = _unmarked(report, form)
    places = _neighbours(form, match.found) | {name: (at, "") for name, at in unmarked.items()}
    missing = [spec for spec in form.sections if spec.id not in match.found]
    for section in match.unknown:
        meant = _meant(section, form, missing)
        if meant in missing:
            missing.remove(meant)  # one finding is enough
        yield word(_unknown(section, form, meant, report.year))
    if match.found and not unmarked and _are_all_texts(missing, form):
        names = "、".join(spec.title for spec in missing if spec.text_required)
        yield word(
            Finding("missing-section", None, {"各节": names}, wording="tables-only", file=path)
        )
        missing = []
    for section in match.reworded:
        yield word(_reworded(section, match.found, form, report.year))
    for section in match.repeated:
        yield word(Finding("repeated-section", section.span, {"节": section.title}))
    for position, spec in enumerate(form.sections, 1):
        found = match.found.get(spec.id)
        if spec in missing and not spec.text_required and spec.table:
            continue  # the program prints the heading and the table
        if spec in missing:
            span, label = places.get(spec.id, (None, ""))
            wording = "unmarked" if spec.id in unmarked else ""
            yield word(
                Finding(
                    "missing-section",
                    span,
                    {"节": number_label(1, position) + spec.title, "正文": PurePath(path).name},
                    wording,
                    label=label,
                    file=path,
                    advice="" if path.endswith(_MARKDOWN) else _ELSEWHERE[wording],
                )
            )
        elif found is not None and _is_empty(spec, found):
            yield word(Finding("empty-section", found.span, {"节": found.title}))
    yield from map(word, _order(form, match.found, report))


def _are_all_texts(missing: Sequence[SectionSpec], form: Form) -> bool:
    """Return whether all sections of *form* with text are *missing*: there are tables at most."""
    return all(spec in missing for spec in form.sections if spec.text_required)


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


def _neighbours(form: Form, found: Mapping[str, Section]) -> dict[str, tuple[Span | None, str]]:
    """Return beside which heading each section belongs, by its id, and on which side of it."""
    headings = [(place, found[s.id].span) for place, s in enumerate(form.sections) if s.id in found]
    places: dict[str, tuple[Span | None, str]] = {}
    for place, spec in enumerate(form.sections):
        for other, span in headings:
            if span and (other > place or spec.id not in places):
                places[spec.id] = (span, "应在它的前面" if other > place else "应在它的后面")
            if other > place:
                break
    return places


def without_right_numbers(
    found: Iterable[Diagnostic], report: Report, form: Form
) -> Iterator[Diagnostic]:
    """Yield *found* without gaps before a section that has the number of the form.

    The section in between is missing: that is one finding, or it has a table and is printed.
    """
    match = match_sections(form, report.narrative).found
    numbers = ((match.get(spec.id), position) for position, spec in enumerate(form.sections, 1))
    right = [section.span for section, place in numbers if section and section.number == place]
    for item in found:
        if item.slug != "numbering-gap" or item.span not in right:
            yield item


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


def _reworded(section: Section, found: Mapping[str, Section], form: Form, year: int) -> Finding:
    spec = next(spec for spec in form.sections if found.get(spec.id) is section)
    return Finding(
        "section-wording",
        section.span,
        {"节": section.title, "应为": spec.title},
        expected=spec.title,
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
    """Yield one finding for each section that precedes one it should follow."""
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


def check_required(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each rule of things to be said (``required``) that not all are.

    A section without text has a finding of its own, and an opening that is not
    typed is written by the template.
    """
    for rule in form.rules:
        if rule.kind != "required" or not rule.applies(report.organ, report.kind):
            continue
        chosen = texts.within(rule.sections)
        if rule.whole:  # asked only of a first section that was typed
            chosen = [] if not _has_body(texts.within(rule.sections[:1])) else chosen
        if not _has_body(chosen) or (rule.unless and _found(rule.unless.search, chosen)):
            continue
        items = {**({"": rule.pattern} if rule.pattern else {}), **rule.items}
        missing = [
            name
            for name, pattern in items.items()
            if not _found(_filled(pattern.text, report, rule).search, chosen)
        ]
        if missing:
            values = {"项": "”“".join(missing)}
            yield make_finding(rule, report, _place(rule, report, form, texts), values)


def _filled(pattern: str, report: Report, rule: Rule) -> re.Pattern[str]:
    """Return *pattern* with the organ's names and the year put in."""
    names = "|".join(map(re.escape, _names(report.organ, rule)))
    text = pattern.replace("{单位}", f"(?:{names})")
    return re.compile(text.replace("{年度}", str(report.year)))


def _names(organ: str, rule: Rule) -> Iterator[str]:
    """Yield the accepted names of *organ*.

    Words that may be left out (``options.optional``) are also left out, and with them the
    places in front, each of which ends with one of ``options.places``.
    """
    yield organ
    optional = str(rule.options.get("optional", ""))
    if not optional or optional not in organ:
        return
    short = organ.replace(optional, "")
    ends = [i for i, char in enumerate(short[:-2], 1) if char in rule.options.get("places", "")]
    yield from (short[start:] for start in (0, *ends))


def _found(search: Callable[[str], object], texts: list[Text]) -> bool:
    return any(search(text.text) for text in texts)


def _has_body(texts: list[Text]) -> bool:
    bodies = (text for text in texts if text.part != TextPart.HEADING or text.section == TITLE)
    return any(text.text.strip() for text in bodies)


def _place(rule: Rule, report: Report, form: Form, texts: Texts) -> Span | None:
    """Return where to point for the first section of *rule*: its heading, or its first text."""
    section = rule.sections[0]
    if section == TITLE:
        return report.spans.get("标题") or report.spans.get("单位")
    if section == CONTACT:
        return report.spans.get("联系方式")
    if section == OPENING:
        opening = next((text for text in texts.within([OPENING]) if text.text), None)
        return opening.span(0, min(12, len(opening.text))) if opening else None
    found = match_sections(form, report.narrative).found.get(section)
    return found.span if found else None


def check_all_zero(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield one finding when every number is 0 and the text counts something (``all-zero``).

    Not when the author wrote that there was nothing to count: then the zeros are meant.
    """
    rule = form.rulebook.rules.get("all-zero")
    if rule is None or rule.pattern is None or not _is_all_zero(report, form):
        return
    confirmed = texts.matches(rule.unless, rule) if rule.unless else ()
    if any(text.is_typed(*match.span()) for text, match in confirmed):
        return
    for text, match in texts.matches(rule.pattern, rule):
        span = text.span(match.start(), match.end())
        left_out = all(
            was_left_out(report.cells.get(path))
            for path in form.value_cells
            if path not in form.totals
        )
        wording = "not-filled" if left_out else ""
        yield rule.word(Finding(rule.slug, span, {"原文": match[0]}, wording=wording))
        return


def _is_all_zero(report: Report, form: Form) -> bool:
    found = [report.cells.get(path) for path in form.value_cells]
    return all(cell and not cell.invalid and not cell.amount for cell in found)


def check_lengths(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each section that is longer than its rule's limit (kind ``length``)."""
    for rule in form.rules:
        if rule.kind != "length" or not rule.applies(report.organ, report.kind):
            continue
        count = count_characters(texts.within(rule.sections))
        if count > rule.limit:
            values = {"字数": count, "上限": int(rule.limit)}
            yield make_finding(
                rule,
                report,
                _place(rule, report, form, texts),
                values,
                expected=f"{int(rule.limit)} 字以内",
                actual=f"{count} 字",
            )


_DEFAULT_KEY = "缺省"
_DECIMALS = 2
"""An amount in 元 has no more: behind them come the parts of a 分."""


def check_defaults(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield one finding for the tables of which every number was left out and counts as 0.

    Those typed as 0, or a table typed as empty, are a statement; these are a gap that 缺省 fills
    (``table-by-default``).
    """
    rule = form.rulebook.rules.get("table-by-default")
    if rule is None:
        return
    keys = []
    for grid in form.tables.values():
        asked = [cell.path for cell in grid.value_cells() if cell.path not in form.totals]
        left_out = all(was_left_out(report.cells.get(path)) for path in asked)
        if asked and left_out and grid.key not in report.spans:
            keys.append(grid.key)
    if keys:
        values = {"各表": "、".join(f"“{key}”" for key in keys)}
        span = report.spans.get(_DEFAULT_KEY)
        yield make_finding(rule, report, span, values, cells=tuple(keys))


def was_left_out(cell: Quantity | None) -> bool:
    """Return whether *cell*, which is no total, was not typed and counts as 0."""
    return cell is not None and cell.computed


def check_units(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a question for each amount that was typed without the unit it is printed with.

    It is asked when the amount is smaller than the rule's limit or has more decimals than
    money: then it may be in 万元 (``unit-left-out``).
    """
    rule = form.rulebook.rules.get("unit-left-out")
    if rule is None:
        return
    for cell in form.value_cells.values():
        amount = report.cells.get(cell.path)
        if amount and _lacks_unit(amount, cell) and _is_doubtful(amount, rule.limit):
            values = {"格": cell.path, "数": amount.text.strip(), "单位": cell.type.unit}
            yield make_finding(rule, report, amount.span, values, cells=(cell.path,))


def _lacks_unit(amount: Quantity, cell: GridCell) -> bool:
    is_money = cell.type.kind == ValueKind.MONEY and cell.type.unit_in_cell
    return is_money and bool(amount.text) and not any(unit in amount.text for unit in UNITS)


def _is_doubtful(amount: Quantity, limit: float) -> bool:
    if amount.invalid or not amount.amount:
        return False
    decimals = plain_number(amount.amount).partition(".")[2]
    return amount.amount < Decimal(str(limit)) or len(decimals) > _DECIMALS
