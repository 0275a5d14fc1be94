"""A report as canonical data: the mapping of ``--to json`` (contract, section 3)."""

from __future__ import annotations

from decimal import Decimal

from reportgen.forms.form import Form
from reportgen.forms.numbering import number_label
from reportgen.forms.sections import match_sections
from reportgen.model import (
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Report,
)
from reportgen.text import plain_text


def canonical_data(report: Report, form: Form) -> dict[str, object]:
    """Return *report* under the short keys of the contract.

    Counts are whole numbers, money is a decimal number, "no number" is None.
    """
    data: dict[str, object] = {
        "单位": report.organ,
        "年度": report.year,
        "版式": form.id,
        "标题": report.title,
    }
    for name, cell in form.value_cells.items():
        if name in report.cells:
            number = report.cells[name].number
            _put(data, cell.path, _plain(number) if cell.type.kind == "money" else number)
    data["正文"] = _narrative(report, form)
    return data


def _plain(number: int | Decimal | None) -> float | None:
    return None if number is None else float(number)


def _put(data: dict[str, object], path: tuple[str, ...], value: object) -> None:
    node = data
    for key in path[:-1]:
        child = node.setdefault(key, {})
        if isinstance(child, dict):
            node = child
    node[path[-1]] = value


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
        else:
            lines.extend(picture.caption for picture in block.pictures)
    return "\n".join(lines)
