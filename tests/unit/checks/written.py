"""Reports written as a clerk would write them, for the tests of rules on text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reportgen.checks import check_report
from reportgen.diagnostics import Diagnostic
from reportgen.forms.form import complete_cells
from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import Report
from tests.builders import FORMS, quantities, report, source, zeros

OVERVIEW = (
    "全年主动公开信息，规范办理依申请公开，加强信息管理和平台建设，开展培训，强化监督保障。"
    "工作考核、社会评议已经完成，未发生责任追究。"
)


def written(
    text: str,
    cells: Mapping[str, int] | None = None,
    *,
    section: str = "overview",
    form: str = "2021",
    **changes: Any,
) -> Report:
    """Return a report with *text* in *section*, the other sections sound.

    *cells* are the numbers that are not 0; totals follow from them.
    """
    titles = {spec.id: spec.title for spec in FORMS[form].sections}
    year = changes.pop("year", 2024 if form == "2021" else 2020)
    bodies = {
        "opening": f"统计期限自{year}年1月1日起至{year}年12月31日止。电话：0558-2173663。",
        "overview": OVERVIEW,
        "problems": "政策解读不够通俗，将增加图解。",
        "other": f"{year}年，无收取信息处理费情况。",
    }
    bodies[section] = f"{text}\n\n{OVERVIEW}" if section == "overview" else text
    parts = [bodies["opening"]]
    parts.extend(f"# {title}\n\n{bodies.get(name, '')}" for name, title in titles.items())
    narrative, _ = read_narrative(source("\n\n".join(parts) + "\n", "正文.md"), {})
    full = _cells(form, cells or {})
    return replace(report(form, full, text=narrative, year=year), **changes)


def _cells(form: str, given: Mapping[str, int]) -> Any:
    base = {name: n for name, n in zeros(form).items() if name not in FORMS[form].totals}
    return complete_cells(FORMS[form], quantities({**base, **given}), zero_missing=False)


def found(code: str, *arguments: Any, **options: Any) -> list[Diagnostic]:
    """Return the findings of rule *code* about the report so written."""
    checked = written(*arguments, **options)
    return [d for d in check_report(checked, FORMS[checked.form]) if d.code == code]


def beside(
    now: Mapping[str, int],
    before: Mapping[str, int],
    *,
    form: str = "2021",
    before_form: str | None = None,
    **options: Any,
) -> list[Diagnostic]:
    """Return the findings about a report with *now* whose last year's had *before*."""
    year = 2024 if form == "2021" else 2020
    year = 2021 if before_form else year
    previous = written("去年的情况。", before, form=before_form or form, year=year - 1)
    now_written = written("公开。", now, form=form, year=year, previous=previous, **options)
    return check_report(now_written, FORMS[form])


def told(diagnostics: list[Diagnostic], *codes: str) -> list[Diagnostic]:
    """Return those of *diagnostics* that are of one of *codes*."""
    return [item for item in diagnostics if item.code in codes]
