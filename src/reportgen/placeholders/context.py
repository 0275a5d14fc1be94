"""The names that placeholders and the skeleton can use.

``单位``, ``年度``, ``类型``, ``成文日期``, ``联系方式``, every table under its key
(``申请.本年新收.总计``) and last year's report under ``上年``.
"""

from __future__ import annotations

import datetime

from reportgen.forms import Form, nested_numbers
from reportgen.model import Report
from reportgen.placeholders.rendered import Names


def format_date(date: datetime.date | None) -> str:
    """Return 成文日期 as GB/T 9704-2012 clause 7.3.5.4 writes it: no zero padding."""
    return f"{date.year}年{date.month}月{date.day}日" if date else ""


def report_context(
    report: Report, form: Form, previous_form: Form | None = None
) -> dict[str, object]:
    """Return the placeholder names of *report*; totals are there whether typed or computed.

    Last year's names are there when *report* has a previous one and *previous_form*,
    the form it was read with, is given.
    """
    context: dict[str, object] = {
        "单位": report.organ,
        "年度": report.year,
        "类型": report.kind,
        "标题": report.title,
        "成文日期": format_date(report.date),
        "联系方式": Names(dict.fromkeys(form.contact_keys, "") | dict(report.contact)),
        **_tables(report, form),
    }
    if report.previous and previous_form:
        tables = _tables(report.previous, previous_form)
        context["上年"] = Names({"年度": report.previous.year, **tables})
    return context


def _tables(report: Report, form: Form) -> dict[str, object]:
    """Return the numbers of *report* as nested names, one level per key."""
    tree = nested_numbers(report, form, lambda quantity, _: quantity.amount)
    return {key: Names(table) for key, table in tree.items()}
