"""What a PDF may carry besides its pages: the data as JSON, or what the report was made of.

Nothing is carried that is not meant for readers: no comments, no remarks, no accepted
findings, no path to last year's report, no sheet of a workbook but the form's own numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import msgspec

from reportgen.document.nodes import Attachment
from reportgen.forms import Form, ValueType, nested_numbers, plain_number
from reportgen.located import yaml_text
from reportgen.model import Quantity, Report
from reportgen.source import SourceFile
from reportgen.text import Run

DATA_NAME = "报告数据.json"
VALUES_NAME = "report.yaml"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|\{#.*?(?:#\}|\Z)", re.S)
_NO_NUMBER = "/"


def attach_data(data: Mapping[str, Any]) -> Attachment:
    """Return *data*, the canonical data of a report, as a JSON file."""
    encoded = msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"
    return Attachment(DATA_NAME, "application/json", encoded, "报告的数据")


def attach_sources(
    report: Report, form: Form, narrative: SourceFile | None
) -> tuple[Attachment, ...]:
    """Return the values of *report* as YAML, and *narrative* without its comments.

    The values are written anew from what was read, those of a workbook with them, so that
    they make the same report when they are read.
    """
    values = yaml_text(_values(report, form)).encode()
    found = [Attachment(VALUES_NAME, "application/yaml", values, "报告的源数据")]
    if narrative:
        name = PurePath(narrative.path.replace("\\", "/")).name
        text = "".join(run.text for run in attached_text(narrative)).encode()
        found.append(Attachment(name, "text/markdown", text, "报告的正文"))
    return tuple(found)


def attached_text(narrative: SourceFile) -> Iterator[Run]:
    """Yield the stretches of *narrative* between comments of Markdown and of templates.

    A comment that is never closed reaches to the end.
    """
    start = 0
    for comment in _COMMENT.finditer(narrative.text):
        yield _stretch(narrative, start, comment.start())
        start = comment.end()
    yield _stretch(narrative, start, len(narrative.text))


def _stretch(source: SourceFile, start: int, end: int) -> Run:
    return Run(source.text[start:end], span=source.span(start, end))


def _values(report: Report, form: Form) -> dict[str, object]:
    """Return *report* under the keys of ``report.yaml``; what is empty is left out."""
    values: dict[str, object] = {
        "单位": report.organ,
        "年度": report.year,
        "标题": report.title,
        "类型": report.kind,
        "版式": form.id,
        "联系方式": dict(report.contact),
        "成文日期": report.date,
        **nested_numbers(report, form, _typed),
    }
    return {key: value for key, value in values.items() if value}


def _typed(quantity: Quantity, _kind: ValueType) -> str:
    """Return what an author would type for *quantity*."""
    if quantity.number is None:
        return quantity.text if quantity.invalid else _NO_NUMBER
    sign = "+" if quantity.signed and quantity.number >= 0 else ""
    return sign + plain_number(quantity.number)
