"""Another year, odd jumps and copied sections: what last year's report shows about this one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.checks import check_report, compare_with_last_year
from reportgen.checks.lastyear import similarity, without_unread_rows
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.model.report import Acceptance, Quantity, Report
from tests.builders import FORMS, at
from tests.unit.checks.written import beside, found, told, written

LONG = "部分单位对政策解读的形式还不够丰富，群众反映的问题答复不够及时，" * 3


def test_report_of_another_year_is_told_and_nothing_is_compared() -> None:
    previous = written("去年。", {"申请/结转下年度/自然人": 3}, year=2022)
    report = written("公开。", previous=previous)
    codes = [d.code for d in check_report(report, FORMS["2021"]) if d.code.startswith("T")]
    assert codes == ["T500"]


@pytest.mark.parametrize(
    ("organ", "reason", "codes"),
    [
        ("某市某局", "", ["T501"]),
        ("某市某局办公室", "", ["T501"]),
        ("", "", ["T501"]),
        ("某市另一局", "", ["T504"]),
        ("某市另一局", "机构更名", ["T501", "T504"]),
    ],
)
def test_report_of_another_organ_is_told_and_compared_only_when_that_is_explained(
    organ: str, reason: str, codes: list[str]
) -> None:
    before = written("去年。", {"申请/结转下年度/自然人": 3}, year=2023)
    report = written("公开。", previous=replace(before, organ=organ))
    assert report.organ == "某市某局"
    if reason:
        report = replace(report, accepted=(Acceptance("T504", reason),))
    found = [d.code for d in check_report(report, FORMS["2021"])]
    assert sorted(code for code in found if code.startswith("T5")) == codes


def test_row_of_last_years_file_that_was_not_read_is_told_in_place_of_a_comparison() -> None:
    before = written("去年。", {"申请/结转下年度/自然人": 3}, year=2023)
    lost = {p: Quantity(None, invalid=True) for p in before.cells if p.row == "申请/结转下年度"}
    read_back = replace(before, cells={**before.cells, **lost}, spans={})
    (found,) = told(
        check_report(written("公开。", previous=read_back), FORMS["2021"]), "T505", "T501"
    )
    assert found.message == "上年的文件里没有读出“结转下年度”，本年的“上年结转”没有与它核对"
    assert found.cells == tuple(f"上年/{path}" for path in lost)
    missing = Diagnostic(
        "R102", "published-row-missing", Severity.WARNING, "没有找到一行", None, cells=tuple(lost)
    )
    other = replace(missing, cells=(*lost, at("申请/予以公开/自然人")))
    assert without_unread_rows([missing, other, found]) == [other, found]


def test_odd_jump_is_a_hint() -> None:
    name = "主动公开/行政许可/本年处理决定数量"
    (hit,) = told(beside({name: 31200}, {name: 312}), "T603")
    assert hit.severity is Severity.HINT
    assert told(beside({name: 3000}, {name: 312}), "T603") == []
    assert told(beside({name: 90}, {name: 3}), "T603") == []
    assert told(beside({name: 90}, {name: 0}), "T603") == []


def test_jump_in_a_row_of_applicants_is_told_once() -> None:
    before = {"申请/本年新收/自然人": 20, "申请/结转下年度/自然人": 20}
    now = {"申请/本年新收/自然人": 2000, "申请/上年结转/自然人": 20}
    assert [d.cells for d in told(beside(now, before), "T603")] == [("申请/本年新收/总计",)]


def test_large_number_that_equals_last_years_is_a_hint() -> None:
    name = "主动公开/行政许可/本年处理决定数量"
    (hit,) = told(beside({name: 312}, {name: 312}), "T606")
    assert hit.severity is Severity.HINT
    assert told(beside({name: 313}, {name: 312}), "T606") == []
    assert told(beside({name: 12}, {name: 12}), "T606") == []
    effective = "主动公开/行政规范性文件/现行有效件数"
    assert told(beside({effective: 312}, {effective: 312}), "T606") == []


def copied(now: str, then: str) -> list[Diagnostic]:
    previous: Report = written(then, section="problems", year=2023)
    return found("N306", now, section="problems", previous=previous)


def test_section_copied_but_for_the_year_is_told() -> None:
    (hit,) = [d for d in copied(f"2024年，{LONG}", f"2023年，{LONG}") if "问题" in d.message]
    assert hit.severity is Severity.WARNING


def test_section_written_anew_or_short_is_left_alone() -> None:
    anew = [d for d in copied(LONG, "基层更新不够及时，" * 12) if "问题" in d.message]
    short = [d for d in copied("解读不够。", "解读不够。") if "问题" in d.message]
    assert anew == short == []


def test_similarity_is_of_the_words() -> None:
    assert similarity("甲乙丙丁戊", "甲乙丙丁戊") == 1.0
    assert similarity("甲乙丙丁戊", "子丑寅卯辰") == 0.0
    assert similarity("", "甲") == 0.0


def test_cells_that_had_another_name_in_last_years_form_are_compared() -> None:
    then = {
        "主动公开/行政许可/处理决定数量": 312,
        "申请/其他处理/自然人": 9,
        "申请/本年新收/自然人": 9,
    }
    now = {"主动公开/行政许可/本年处理决定数量": 312, "申请/其他处理/其他/自然人": 12}
    previous = written("去年。", then, form="2019", year=2020)
    report = written("公开。", now, year=2021, previous=previous)
    compared = {str(item.cell): item for item in compare_with_last_year(report, FORMS["2021"])}
    renamed = compared["主动公开/行政许可/本年处理决定数量"]
    assert (renamed.value, renamed.last_year) == (312, 312)
    assert [d.cells for d in told(check_report(report, FORMS["2021"]), "T606")] == [
        ("主动公开/行政许可/本年处理决定数量",)
    ]
    parted = compared["申请/其他处理/自然人"]
    assert (parted.value, parted.last_year, parted.change) == (12, 9, 3)
    assert len(parted.addends) == 3
    assert compared["申请/其他处理/其他/自然人"].last_year is None


def test_a_jump_of_a_cell_that_had_another_name_is_a_hint() -> None:
    then, now = "主动公开/行政许可/处理决定数量", "主动公开/行政许可/本年处理决定数量"
    assert told(beside({now: 31200}, {then: 312}, before_form="2019"), "T603")
    assert told(beside({now: 300}, {then: 312}, before_form="2019"), "T603") == []
