"""A report as canonical data: the mapping of ``--to json`` (contract, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from reportgen.forms.form import Form, match_sections
from reportgen.forms.grid import ValueKind, ValueType
from reportgen.heading_numbers import number_label
from reportgen.model import (
    Narrative,
    NarrativeBlock,
    NarrativeChart,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
    Quantity,
    Report,
    Section,
)
from reportgen.text import footnote_mark, plain_text, unreachable

MISSING: Final = object()
OPENING_KEY = "开头"


def canonical_data(report: Report, form: Form) -> dict[str, object]:
    """Return *report* under the short keys of the contract.

    Counts are whole numbers, money is a decimal number; a blank and "no number" are None.
    Every cell of the form is there, and every text of the narrative: one that stands in no
    prescribed section is under its title as typed, the opening under 开头.  附件, 附注 and 脚注
    are there if the report has any; a footnote is in its text, too, as the last lines of that.
    """
    ending: dict[str, object] = {}
    if report.attachments:
        ending["附件"] = [name.text for name in report.attachments]
    if report.remark:
        ending["附注"] = report.remark.text
    if report.narrative.footnotes:
        ending["脚注"] = [plain_text(note.runs) for note in report.narrative.footnotes]
    return {
        "单位": report.organ,
        "年度": report.year,
        "版式": form.id,
        "标题": report.title,
        **nested_numbers(report, form, _plain, blank=None),
        "正文": _narrative(report, form),
        **ending,
    }


def nested_numbers(
    report: Report,
    form: Form,
    value: Callable[[Quantity, ValueType], object],
    *,
    blank: object = MISSING,
) -> dict[str, dict[str, Any]]:
    """Return the *value* of each number of *report* by its keys, a mapping for each level.

    A cell of *form* without a number is *blank*, and left out when that is not given.
    """
    tables: dict[str, dict[str, Any]] = {}
    for path, cell in form.value_cells.items():
        quantity = report.cells.get(path)
        if quantity is None and blank is MISSING:
            continue
        level: dict[str, Any] = tables
        for key in path.keys[:-1]:
            level = level.setdefault(key, {})
        level[path.column] = value(quantity, cell.type) if quantity else blank
    return tables


def _plain(quantity: Quantity, kind: ValueType) -> int | float | Decimal | None:
    number = quantity.number
    return number if number is None or kind.kind != ValueKind.MONEY else float(number)


def _narrative(report: Report, form: Form) -> dict[str, str]:
    match = match_sections(form, report.narrative)
    found = match.found
    texts: dict[str, str] = {}
    if report.narrative.opening:
        texts[OPENING_KEY] = _text(report.narrative.opening, report.narrative)
    for position, spec in enumerate(form.sections, 1):
        section = found.get(spec.id)
        title = number_label(1, position) + (section.title if section else spec.title)
        texts[title] = section_text(section, report.narrative) if section else ""
    for section in (*match.unknown, *match.repeated):
        before = texts.get(section.title)
        text = section_text(section, report.narrative)
        texts[section.title] = text if before is None else f"{before}\n{text}"
    return texts


def section_text(section: Section, narrative: Narrative) -> str:
    """Return what *section* of *narrative* says without its title.

    There is a line for each paragraph, item and row, and for each footnote, behind the others.
    """
    return _text(section.blocks, narrative)


def _text(blocks: tuple[NarrativeBlock, ...], narrative: Narrative) -> str:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, NarrativeParagraph | NarrativeHeading):
            lines.append(plain_text(block.runs))
        elif isinstance(block, NarrativeList):
            lines.extend(plain_text(item) for item in block.items)
        elif isinstance(block, NarrativeTable):
            rows = (block.head, *block.rows)
            lines.extend("\t".join(plain_text(cell) for cell in row) for row in rows)
        elif isinstance(block, PictureGroup):
            lines.extend(picture.caption for picture in block.pictures)
        elif isinstance(block, NarrativeChart):
            lines.append(plain_text(block.caption))
        else:
            unreachable(block)
    for number, footnote in narrative.footnotes_of(blocks):
        lines.append(footnote_mark(number) + plain_text(footnote.runs))
    return "\n".join(lines)
