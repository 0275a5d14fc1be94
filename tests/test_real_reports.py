"""Tests of two published reports: the findings are exactly those listed with their data.

The files ``tests/data/*.yaml`` hold every table cell as printed and excerpts of the text; their
``checks`` and ``notes`` say what is wrong with the reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from msgspec.structs import replace

from reportgen.checks import check_report
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms.form import Form
from reportgen.forms.grid import normalise_key
from reportgen.forms.numbers import parse_quantity
from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import CellPath, Quantity, Report
from tests.builders import DATA, FORMS, quantities, source

ORGAN = "平潭综合实验区"


def facts_of(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def printed_cells(facts: Mapping[str, Any], form: Form) -> dict[CellPath, Quantity]:
    """Return the table cells of *facts* under the names of *form*."""
    texts = dict(
        zip(form.value_cells, [*_table_2(facts), *_table_3(facts), *_table_4(facts)], strict=True)
    )
    return {path: parse_quantity(text, form.value_cells[path].type) for path, text in texts.items()}


def _table_2(facts: Mapping[str, Any]) -> Iterator[str]:
    for row in facts["table_2"].values():
        yield from [row] if isinstance(row, str) else row


def _table_3(facts: Mapping[str, Any]) -> Iterator[str]:
    for row in facts["table_3"]["rows"]:
        yield from row["cells"]


def _table_4(facts: Mapping[str, Any]) -> Iterator[str]:
    yield from facts["table_4"]["cells"]


def published(name: str, text: str, previous: Report | None = None) -> tuple[Report, Form]:
    facts = facts_of(name)
    form = FORMS["2021" if facts["year"] > 2020 else "2019"]
    narrative, found = read_narrative(source(text, "正文.md"), {})
    assert found == []
    report = Report(
        organ=ORGAN,
        year=facts["year"],
        title=facts["title"],
        kind="汇总",
        form=form.id,
        cells=printed_cells(facts, form),
        narrative=narrative,
        previous=previous,
        contact={"电话": "0591-00000000"},
    )
    return report, form


def findings(report: Report, form: Form) -> list[Diagnostic]:
    """Return the findings but those about what the excerpts leave out."""
    found = check_report(report, form)
    return [d for d in found if d.slug not in ("missing-section", "overview-aspects")]


def test_labels_of_the_facts_are_those_of_the_forms() -> None:
    for name, form in (("pingtan-2019", FORMS["2019"]), ("pingtan-2024", FORMS["2021"])):
        rows = [row["label"].split("/")[-1] for row in facts_of(name)["table_3"]["rows"]]
        grid = next(grid for grid in form.tables.values() if grid.key == "申请")
        printed = [cell.label for cell in grid.cells() if cell.role == "stub"]
        assert {normalise_key(row) for row in rows} <= {normalise_key(text) for text in printed}


def test_tables_of_2019_balance_and_the_breakdown_in_the_text_does_not() -> None:
    excerpts = facts_of("pingtan-2019")["narrative_excerpts"]
    text = f"{excerpts['intro']}\n\n# 总体情况\n\n{excerpts['one']}\n\n"
    text += "\n\n".join(excerpts["one_typos"])
    text += f"\n\n# 其他需要报告的事项\n\n{excerpts['six']}\n"
    report, form = published("pingtan-2019", text)
    found = findings(report, form)
    assert [d for d in found if d.code[0] == "T"] == []
    assert not any(d.severity is Severity.ERROR for d in found)
    (breakdown,) = [d for d in found if d.slug == "text-breakdown"]
    assert (breakdown.expected, (breakdown.actual or "")[:4]) == ("2599", "2533")
    rest = sorted((d.slug, d.severity.value) for d in found if d is not breakdown)
    assert rest == [
        ("half-width-mark", "warning"),  # ，(其中机构职能类信息25条 … )
        ("missing-number", "warning"),  # 企业资质条、施工许可证76条
        ("repeated-phrase", "warning"),  # 聚焦……发布会聚焦……发布会
        ("wrong-word", "warning"),  # 残差不齐
    ]


def test_tables_of_2024_balance_and_the_documents_do_not_follow_from_2023() -> None:
    excerpts = facts_of("pingtan-2024")["narrative_excerpts"]
    text = f"# 总体情况\n\n{excerpts['one_b']}\n\n{excerpts['one_c']}\n\n"
    text += f"# 其他需要报告的事项\n\n{excerpts['six']}\n"
    report, form = published("pingtan-2024", text, _report_of_2023())
    found = findings(report, form)
    (chain, *hints) = found
    assert (chain.slug, chain.severity) == ("effective-chain", Severity.WARNING)
    assert (chain.expected, chain.actual) == ("499（470 + 62 - 33）", "440")
    assert {d.slug for d in hints} == {"placeholder-offer"}
    offered = {d.cells[0] for d in hints}
    assert offered == {"申请/总计/总计", "主动公开/行政规范性文件/本年制发件数"}


def _report_of_2023() -> Report:
    report, form = published("pingtan-2024", "")
    cells = quantities({name: 0 for name in form.value_cells if "结转下年度" in name})
    cells |= quantities({"主动公开/行政规范性文件/现行有效件数": 470})
    return replace(report, year=2023, cells=cells)


def test_another_number_in_the_text_of_2024_is_found() -> None:
    report, form = published("pingtan-2024", "# 总体情况\n\n全年办理政府信息公开申请217件。\n")
    (found,) = [d for d in findings(report, form) if d.severity is Severity.WARNING]
    assert (found.code, found.expected, found.actual) == ("N503", "218", "217")
    assert found.span is not None
    assert found.span.text == "217"
