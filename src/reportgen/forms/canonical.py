"""A report as canonical data: the mapping of ``--to json`` (contract, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from reportgen.forms.form import Form
from reportgen.forms.grid import ValueKind, ValueType
from reportgen.forms.numbering import number_label
from reportgen.forms.sections import match_sections
from reportgen.model import (
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    PictureGroup,
    Quantity,
    Report,
)
from reportgen.text import plain_text, unreachable


def canonical_data(report: Report, form: Form) -> dict[str, object]:
    """Return *report* under the short keys of the contract.

    Counts are whole numbers, money is a decimal number, "no number" is None.
    """
    return {
        "单位": report.organ,
        "年度": report.year,
        "版式": form.id,
        "标题": report.title,
        **nested_numbers(report, form, _plain),
        "正文": _narrative(report, form),
    }


def nested_numbers(
    report: Report, form: Form, value: Callable[[Quantity, ValueType], object]
) -> dict[str, dict[str, Any]]:
    """Return the *value* of each number of *report* by its keys, a mapping for each level."""
    tables: dict[str, dict[str, Any]] = {}
    for path, cell in form.value_cells.items():
        if path in report.cells:
            level: dict[str, Any] = tables
            for key in path.keys[:-1]:
                level = level.setdefault(key, {})
            level[path.column] = value(report.cells[path], cell.type)
    return tables


def _plain(quantity: Quantity, kind: ValueType) -> int | float | Decimal | None:
    number = quantity.number
    return number if number is None or kind.kind != ValueKind.MONEY else float(number)


def _narrative(report: Report, form: Form) -> dict[str, str]:
    found = match_sections(form, report.narrative).found
    texts = {}
    for position, spec in enumerate(form.sections, 1):
        section = found.get(spec.id)
        title = number_label(1, position) + (section.title if section else spec.title)
        texts[title] = _text(section.blocks) if section else ""
    return texts


def _text(blocks: tuple[NarrativeBlock, ...]) -> str:
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
        else:
            unreachable(block)
    return "\n".join(lines)
