"""Numbers that should fit each other, and last year's."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.checks import check_report
from reportgen.checks.identities import check_relations
from reportgen.diagnostics import Severity
from tests.builders import APPLICANTS, FORMS, rules_of
from tests.unit.checks.written import beside, found, told, written

ISSUED = "主动公开/行政规范性文件/本年制发件数"
REPEALED = "主动公开/行政规范性文件/本年废止件数"
EFFECTIVE = "主动公开/行政规范性文件/现行有效件数"


@pytest.mark.parametrize("applicant", APPLICANTS)
def test_carry_over_must_be_last_years(applicant: str) -> None:
    now = {f"申请/上年结转/{applicant}": 2, f"申请/结转下年度/{applicant}": 2}
    before = {f"申请/本年新收/{applicant}": 3, f"申请/结转下年度/{applicant}": 3}
    (hit,) = told(beside(now, before), "T501")
    assert hit.severity is Severity.WARNING
    assert (hit.expected, hit.actual) == ("3", "2")
    assert f"上年/申请/结转下年度/{applicant}" in hit.cells
    assert told(beside({**now, f"申请/上年结转/{applicant}": 3}, before), "T501") == []


def test_a_relation_between_totals_that_are_all_computed_counts() -> None:
    row, cell = "申请/本年新收/总计", "申请/本年新收/自然人"
    spec = {"code": "T999", "slug": "own", "kind": "previous", "severity": "warning"}
    words = {"title": "自定", "message": "本年新收少于上年", "formula": f"{row} >= 上年/{row}"}
    form = replace(FORMS["2021"], rules=rules_of({**spec, **words}))
    previous = written("去年的情况。", {cell: 9}, year=2023)
    (hit,) = check_relations(written("公开。", {cell: 3}, previous=previous), form)
    assert (hit.expected, hit.actual) == ("不小于 9", "3")


def test_carry_over_is_compared_across_forms_and_documents_are_not() -> None:
    before = {"申请/结转下年度/自然人": 3, "主动公开/规范性文件/对外公开总数量": 9}
    found = beside({EFFECTIVE: 20}, before, before_form="2019")
    assert [d.code for d in told(found, "T501", "T502", "T503")] == ["T501"]


def test_documents_in_force_should_follow_from_last_years() -> None:
    (hit,) = told(beside({ISSUED: 62, REPEALED: 33, EFFECTIVE: 440}, {EFFECTIVE: 470}), "T503")
    assert (hit.expected, hit.actual) == ("499（470 + 62 - 33）", "440")
    assert told(beside({ISSUED: 62, REPEALED: 33, EFFECTIVE: 499}, {EFFECTIVE: 470}), "T503") == []


def test_items_of_2020_follow_from_2019() -> None:
    row = "主动公开/行政处罚"
    before = {f"{row}/上一年项目数量": 2648, f"{row}/本年增/减": -18}
    now = {f"{row}/上一年项目数量": 2648}
    (hit,) = told(beside(now, before, form="2019"), "T502")
    assert hit.expected == "2630（2648 - 18）"
    assert told(beside({f"{row}/上一年项目数量": 2630}, before, form="2019"), "T502") == []


@pytest.mark.parametrize(
    "organ",
    ["某县某镇人民政府", "某市应急管理局", "某县人民政府", "某市某区人民政府", "某街道办事处"],
)
def test_regulations_of_an_organ_without_the_power_are_questioned(organ: str) -> None:
    cells = {"主动公开/规章/本年制发件数": 6, "主动公开/规章/现行有效件数": 6}
    (hit,) = found("T601", "公开。", cells, organ=organ)
    assert hit.severity is Severity.WARNING
    assert found("T601", "公开。", organ=organ) == []


@pytest.mark.parametrize(
    "organ",
    [
        "某市人民政府",
        "某市人民政府办公室",
        "某自治州人民政府办公室",
        "某省人民政府",
        "某自治区人民政府",
        "国家税务总局",
        "中国气象局",
    ],
)
def test_regulations_of_others_are_left_alone(organ: str) -> None:
    assert found("T601", "公开。", {"主动公开/规章/现行有效件数": 6}, organ=organ) == []


def test_documents_issued_must_be_in_force_or_repealed() -> None:
    assert len(found("T602", "公开。", {ISSUED: 4})) == 1
    assert found("T602", "公开。", {ISSUED: 4, REPEALED: 1, EFFECTIVE: 3}) == []
    old = "主动公开/规范性文件"
    cells = {f"{old}/本年新公开数量": 4, f"{old}/对外公开总数量": 3}
    assert len(found("T602", "公开。", cells, form="2019")) == 1
    cells[f"{old}/对外公开总数量"] = 4
    assert found("T602", "公开。", cells, form="2019") == []


def test_last_years_number_is_labelled_as_such() -> None:
    previous = written("去年。", {"申请/结转下年度/自然人": 3}, year=2023)
    report = written("公开。", previous=previous)
    (hit,) = told(check_report(replace(report), FORMS["2021"]), "T501")
    assert hit.message.startswith("“自然人”一列：上年结转与上年报告的结转下年度不符：这里是 0")
