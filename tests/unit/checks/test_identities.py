"""Broken identities as they are reported, and the numbers that nothing could contradict."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from reportgen.checks import unchecked_cells
from reportgen.checks.identities import MAX_LABELS, check_identities
from reportgen.diagnostics import Diagnostic
from reportgen.findings_text import render_full
from reportgen.forms.form import Form, complete_cells
from reportgen.located import Mapping
from reportgen.model.report import Quantity, Report
from reportgen.readers.tables import TableReader
from tests.builders import FORMS, at, codes, parse, quantities, report, rules_of, zeros
from tests.unit.checks.written import written

FORM = FORMS["2021"]


def check(numbers: dict[str, Quantity], form: Form = FORM) -> list[Diagnostic]:
    cells = quantities(zeros("2021")) | {at(name): cell for name, cell in numbers.items()}
    return list(check_identities(report(cells=cells), form))


def check_typed(text: str) -> list[Diagnostic]:
    """Return the findings about the requests typed as *text*; the rest is 0."""
    root: Any = parse(text)
    assert isinstance(root, Mapping)
    reader = TableReader(FORM)
    node = root.get("申请")
    assert node is not None
    reader.read(FORM.tables["requests"], node)
    cells = complete_cells(FORM, reader.cells, zero_missing=True)
    return list(check_identities(report(cells=cells), FORM))


def with_rule(formula: str) -> Form:
    """Return the form of 2021 with one identity, *formula*, instead of its own."""
    spec = {"code": "T901", "slug": "own", "kind": "identity", "title": "自定", "message": "不符"}
    return replace(FORM, rules=rules_of({**spec, "formula": formula}))


def test_balanced_report_is_quiet() -> None:
    assert check({}) == []


def test_row_total_is_told_with_both_sides_and_the_difference() -> None:
    (found,) = check_typed(
        "申请:\n  本年新收: [3, 1, 0, 0, 0, 0, 6]\n  结转下年度: [3, 1, 0, 0, 0, 0, 6]"
    )[:1]
    assert (found.code, found.slug) == ("T301", "applicants-total")
    assert found.message == (
        "“本年新收”一行：六类申请人之和与总计不符：各项之和为 4，总计为 6，相差 2"
    )
    assert (found.expected, found.actual) == ("4（3 + 1）", "6")
    assert found.cells[0] == "申请/本年新收/总计"
    assert len(found.cells) == 7
    assert found.span is not None
    assert (found.span.text, found.span.line) == ("6", 2)


def test_excerpt_shows_the_total_and_the_parts_that_matter() -> None:
    found = check_typed("申请:\n  本年新收: [2, 0, 0, 0, 0, 1, 4]")
    basis = found[0].basis
    assert (
        render_full(found[:1])
        == f"""\
错误[T301] “本年新收”一行：六类申请人之和与总计不符：各项之和为 3，总计为 4，相差 1
 --> report.yaml:2:28
  |
2 |   本年新收: [2, 0, 0, 0, 0, 1, 4]
  |              - 本年新收/自然人 2
  |                             - 本年新收/其他 1
  |                                ^ 本年新收/总计 4
  = 应为：3（2 + 1）；实为：4
  = 处理：核对这一行的六个数；总计可以不填，由程序计算
  = 依据：{basis}"""
    )


def test_balance_is_told_with_the_sums_written_out() -> None:
    (found,) = check_typed(
        "申请:\n  本年新收: {自然人: 5}\n  上年结转: {自然人: 2}\n  予以公开: {自然人: 4}"
    )
    assert found.code == "T303"
    assert found.message.startswith("“自然人”一列：")
    assert "左边 7（5 + 2），右边 4，相差 3" in found.message
    assert (found.expected, found.actual) == ("7（5 + 2）", "4")


def test_total_computed_is_pointed_at_through_its_parts() -> None:
    found = check_typed(
        "申请:\n  予以公开: {自然人: 2}\n  总计: [3, 0, 0, 0, 0, 0]\n  本年新收: {自然人: 3}"
    )
    assert codes(found) == ["T302"]
    assert found[0].span is not None
    assert (found[0].span.text, found[0].span.line) == ("3", 3)
    assert [label.text for label in found[0].labels] == ["予以公开/自然人 2"]


def test_balance_points_at_the_last_typed_cell() -> None:
    (found,) = check_typed("申请:\n  本年新收: [3, 0, 0, 0, 0, 0]")
    assert found.code == "T303"
    assert found.span is not None
    assert found.span.line == 2


def test_identity_of_nothing_but_computed_numbers_only_repeats_others() -> None:
    found = check_typed("申请:\n  本年新收: [3, 1, 0, 0, 0, 0]")
    assert [(item.code, item.cells[0]) for item in found] == [
        ("T303", "申请/本年新收/自然人"),
        ("T303", "申请/本年新收/商业企业"),
    ]


def test_number_typed_as_none_counts_as_zero() -> None:
    assert check({"申请/本年新收/自然人": Quantity(None, "/")}) == []


@pytest.mark.parametrize("gap", [None, Quantity(None, "三", invalid=True)])
def test_missing_or_unreadable_cell_is_not_told_again(gap: Quantity | None) -> None:
    cells = quantities(zeros("2021"))
    cells[at("申请/本年新收/总计")] = Quantity(9, "9")
    cells[at("申请/结转下年度/总计")] = Quantity(9, "9")
    if gap is None:
        del cells[at("申请/本年新收/自然人")]
    else:
        cells[at("申请/本年新收/自然人")] = gap
    found = check_identities(report(cells=cells), FORM)
    assert [item.cells[0] for item in found] == ["申请/结转下年度/总计"]


def test_few_places_are_marked_however_many_parts_there_are() -> None:
    rows = [name for name in FORM.value_cells if name.endswith("/自然人") and "公开/" in name]
    text = "申请:\n  不予公开:\n" + "".join(
        f"    {name.split('/')[2]}: {{自然人: 1}}\n" for name in rows if "不予公开" in name
    )
    found = check_typed(text + "  总计: {自然人: 99}")
    assert len(found[0].labels) == MAX_LABELS


@pytest.mark.parametrize(
    ("relation", "expected"), [("<=", "不大于 3（2 + 1）"), (">=", "不小于 3（2 + 1）")]
)
def test_inequality_is_told_as_a_bound(relation: str, expected: str) -> None:
    limit, kept = ("5", "1") if relation == "<=" else ("1", "5")
    form = with_rule(
        f"主动公开/规章/本年制发件数 {relation} "
        "主动公开/规章/本年废止件数 + 主动公开/规章/现行有效件数"
    )
    parts = {
        "主动公开/规章/本年废止件数": Quantity(2, "2"),
        "主动公开/规章/现行有效件数": Quantity(1, "1"),
    }
    (found,) = check({**parts, "主动公开/规章/本年制发件数": Quantity(int(limit), limit)}, form)
    assert (found.expected, found.actual) == (expected, limit)
    assert "总计" not in found.message
    assert check({**parts, "主动公开/规章/本年制发件数": Quantity(int(kept), kept)}, form) == []


def test_subtraction_and_numbers_are_written_out() -> None:
    form = with_rule(
        "主动公开/规章/现行有效件数 = 主动公开/规章/本年制发件数 - 主动公开/规章/本年废止件数 + 10"
    )
    (found,) = check(
        {
            "主动公开/规章/本年制发件数": Quantity(7, "7"),
            "主动公开/规章/本年废止件数": Quantity(2, "2"),
        },
        form,
    )
    assert found.expected == "15（7 - 2 + 10）"


def test_money_is_told_without_exponent() -> None:
    form = with_rule("主动公开/行政事业性收费/本年收费金额 = 0")
    (found,) = check(
        {"主动公开/行政事业性收费/本年收费金额": Quantity(Decimal("1E+3"), "1000")}, form
    )
    assert "总计为 1000，相差 1000" in found.message


CHAIN = ("本年制发件数", "本年废止件数", "现行有效件数")
DECISIONS = {f"主动公开/{row}/本年处理决定数量" for row in ("行政许可", "行政处罚", "行政强制")}
OPEN = {
    *DECISIONS,
    "主动公开/行政事业性收费/本年收费金额",
    *(f"主动公开/{row}/{column}" for row in ("规章", "行政规范性文件") for column in CHAIN),
}
COURT = {cell for cell in FORM.value_cells if cell.table == "复议诉讼" and cell.column != "总计"}


def unchecked(about: Report) -> set[str]:
    return set(unchecked_cells(about, FORM))


def plain(text: str = "公开。", cells: dict[str, int] | None = None, **changes: Any) -> Report:
    return written(text, cells, organ="示例省人民政府", **changes)


def test_totals_left_out_check_nothing_and_the_printed_relation_does() -> None:
    assert unchecked(plain()) == OPEN | COURT


def test_a_typed_total_checks_its_parts_and_itself() -> None:
    about = plain()
    total = at("复议诉讼/行政复议/总计")
    cells = {**about.cells, total: Quantity(0)}
    assert unchecked(replace(about, cells=cells)) == OPEN | {
        cell for cell in COURT if not cell.startswith("复议诉讼/行政复议/")
    }


def test_an_organ_that_makes_no_regulations_has_them_checked() -> None:
    regulations = {cell for cell in OPEN if "规章" in cell}
    assert unchecked(written("公开。", organ="青禾县财政局")) == (OPEN - regulations) | COURT


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("作出行政许可决定3件。", ["主动公开/行政许可/本年处理决定数量"]),
        ("作出行政许可决定4件。", ["主动公开/行政许可/本年处理决定数量"]),
        (
            "制发行政规范性文件0件，废止0件。",
            [f"主动公开/行政规范性文件/{column}" for column in CHAIN[:2]],
        ),
        (
            "因政府信息公开被申请行政复议1件。",
            [cell for cell in COURT if cell.startswith("复议诉讼/行政复议/")],
        ),
    ],
)
def test_a_number_of_the_text_checks_the_cells_it_states(text: str, cells: list[str]) -> None:
    given = {"主动公开/行政许可/本年处理决定数量": 3, "复议诉讼/行政复议/结果维持": 1}
    assert unchecked(plain(text, given)) == (OPEN | COURT) - set(cells)


def test_last_year_checks_what_goes_on() -> None:
    last = replace(report("2021", quantities(zeros("2021")), year=2023), organ=plain().organ)
    chain = {cell for cell in OPEN if cell.split("/")[-1] in CHAIN}
    assert unchecked(plain(previous=last)) == (OPEN - chain) | COURT
    other = replace(last, year=2022)
    assert unchecked(plain(previous=other)) == OPEN | COURT


def test_a_number_that_was_not_typed_or_not_read_is_not_named() -> None:
    about = plain()
    cells = {
        **about.cells,
        at("主动公开/行政许可/本年处理决定数量"): Quantity(None, "三", invalid=True),
        at("主动公开/行政处罚/本年处理决定数量"): Quantity(None, "/"),
    }
    assert unchecked(replace(about, cells=cells)) == (OPEN | COURT) - {
        "主动公开/行政许可/本年处理决定数量",
        "主动公开/行政处罚/本年处理决定数量",
    }
