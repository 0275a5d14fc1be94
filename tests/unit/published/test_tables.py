"""Tables found in a file → the numbers of a form; what is guessed, missing or twice is said."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from reportgen.published import read_file, recognise
from tests.builders import DATA, FORMS, at
from tests.regulation.published import read_tables
from tests.unit.published.torn import balanced, read, tables_of

ALL = list(FORMS.values())
FORM = FORMS["2021"]
TITLE = "某市某局2024年政府信息公开工作年度报告"


def test_rows_that_are_missing_are_one_finding_of_their_table() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(2)))
    kept = [row for row in torn.tables[1] if not "".join(row.shows).startswith("申请/不予公开")]
    torn.tables[1] = kept
    report = read(torn, TITLE)
    (diagnostic,) = report.diagnostics()
    assert diagnostic.code == "R102"
    assert diagnostic.message.startswith("“申请”表少了 8 行：“不予公开/属于国家秘密”、“不予公开/")
    lost = {path for path, quantity in report.report.cells.items() if quantity.invalid}
    assert {str(path) for path in lost} == set(diagnostic.cells)


@pytest.mark.parametrize(("year", "received"), [(2019, 23), (2024, 218)])
def test_published_tables_are_read_whole(year: int, received: int) -> None:
    path = DATA / f"pingtan-{year}.tables.html"
    report = recognise(read_file(path), ALL, year)
    assert report is not None
    assert report.form is FORMS["2019" if year < 2021 else "2021"]
    assert report.report.cells[at("申请/本年新收/总计")].number == received
    assert not any(quantity.invalid for quantity in report.report.cells.values())
    assert {finding.slug for finding in report.findings} == {"organ-not-found", "year-not-found"}
    printed = sum(len(list(one)) for one in read_tables(Path(path)))
    assert printed > len(report.report.cells)


def test_a_row_that_does_not_add_up_is_said_and_read_as_printed() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(5)))
    row = next(row for row in torn.tables[1] if "申请/本年新收" in row.shows)
    row.texts[-1] = "99999"
    report = read(torn, TITLE)
    assert [f.slug for f in report.findings] == ["row-unbalanced"]
    assert report.report.cells[at("申请/本年新收/总计")].number == 99999


def test_of_two_tables_of_a_kind_one_is_read_and_the_other_said() -> None:
    right = balanced(FORM, random.Random(6))
    torn = tables_of(FORM, right)
    other = tables_of(FORM, balanced(FORM, random.Random(7)))
    spoilt = next(row for row in torn.tables[0] if "主动公开/行政许可" in row.shows)
    spoilt.texts[-1] = "十九"
    torn.tables.extend(other.tables)
    report = read(torn, TITLE)
    slugs = [f.slug for f in report.findings]
    assert slugs.count("table-twice") == len(FORM.tables)
    cells = report.report.cells
    assert cells[at("主动公开/行政许可/本年处理决定数量")].number is None
    assert cells[at("申请/总计/总计")].number == right[at("申请/总计/总计")].number


def test_a_table_found_once_beside_tables_found_twice_may_be_of_the_other_report() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(6)))
    other = tables_of(FORM, balanced(FORM, random.Random(7)))
    torn.tables[0] = []
    torn.tables.extend(other.tables)
    report = read(torn, TITLE)
    (unowned,) = (f for f in report.findings if f.wording == "once")
    assert unowned.slug == "table-twice"
    assert {str(path).partition("/")[0] for path in unowned.cells} == {"主动公开"}
