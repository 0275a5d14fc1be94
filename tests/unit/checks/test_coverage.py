"""Which numbers something could contradict."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from reportgen.checks import unchecked_cells
from reportgen.model.report import Report
from reportgen.model.tables import Quantity
from tests.builders import FORMS, at, quantities, report, zeros
from tests.unit.checks.written import written

FORM = FORMS["2021"]
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
    last = report("2021", quantities(zeros("2021")), year=2023)
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
