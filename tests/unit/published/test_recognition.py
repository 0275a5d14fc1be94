"""Which form a file follows, what stays unread, and what says so."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from reportgen.findings_text import render_short, to_json_object
from reportgen.forms import Form
from reportgen.published import Published, read_file, recognise, why_unrecognised
from reportgen.published.found import FoundFile
from tests.builders import DATA, FORMS, LIBRARY, SECTION_TITLES, at
from tests.regulation.published import read_tables
from tests.unit.published.blocks import file_of, p, table
from tests.unit.published.torn import Torn, balanced, tables_of

ALL = list(FORMS.values())
FORM = FORMS["2021"]
TITLE = "某市某局2024年政府信息公开工作年度报告"


def with_tables(torn: Torn, *lines: str) -> FoundFile:
    """Return a file of *lines* and the tables *torn*."""
    tables = [table(*("|".join(row.texts) for row in rows)) for rows in torn.tables]
    return file_of(*(p(line) for line in lines), *tables)


def read(torn: Torn, *lines: str) -> Published:
    report = recognise(with_tables(torn, *lines), ALL)
    assert report is not None
    return report


@pytest.mark.parametrize("form", ALL, ids=list(FORMS))
def test_the_form_is_told_from_the_labels_and_not_from_the_year(form: Form) -> None:
    other = next(one for one in ALL if one is not form)
    title = TITLE.replace("2024", str(other.first_year))
    report = read(tables_of(form, balanced(form, random.Random(1))), title)
    assert report.form is form
    assert [finding.slug for finding in report.findings] == ["form-of-other-years"]


def test_every_cell_that_is_not_read_is_invalid_and_named_in_a_finding() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(2)))
    torn.tables[1] = [row for row in torn.tables[1] if "申请/上年结转" not in row.shows]
    report = read(torn, TITLE)
    lost = {path for path, quantity in report.report.cells.items() if quantity.invalid}
    assert lost == {path for path in FORM.value_cells if path.row == "申请/上年结转"}
    (finding,) = report.findings
    assert set(finding.cells) == lost
    (diagnostic,) = report.diagnostics()
    assert render_short([diagnostic]) == "年报.html: error[R102] 没有找到“上年结转”一行"


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


def test_a_report_whose_tables_are_pictures_is_one_all_the_same() -> None:
    lines = [block for title in SECTION_TITLES for block in (p(title), p("已公开。"))]
    report = recognise(file_of(p(TITLE), *lines), ALL)
    assert report is not None
    assert report.form is FORM
    assert {finding.slug for finding in report.findings} == {"published-table-missing"}
    data = report.data()
    assert (data["单位"], data["年度"]) == ("某市某局", 2024)


def test_a_form_of_former_years_is_named_and_not_read() -> None:
    words = LIBRARY.retired("disclosure")[0].words
    old = file_of(p("某局2015年政府信息公开工作年度报告"), table(*(f"{w}|条|3" for w in words)))
    assert recognise(old, ALL) is None
    assert why_unrecognised(old, ALL, LIBRARY.retired("disclosure")).slug == "form-retired"


def test_a_title_of_former_years_is_enough() -> None:
    old = file_of(p("某局2012年政府信息公开工作年度报告"), p("一、概述"))
    assert why_unrecognised(old, ALL, []).slug == "form-retired"


def test_any_other_file_holds_no_report() -> None:
    other = file_of(p("关于放假的通知"), table("甲|1", "乙|2"))
    assert recognise(other, ALL) is None
    assert why_unrecognised(other, ALL, LIBRARY.retired("disclosure")).slug == "no-report-found"


def test_what_is_printed_counts_and_attached_data_fills_what_is_not_read() -> None:
    right = balanced(FORM, random.Random(3))
    torn = tables_of(FORM, right)
    whole = with_tables(torn, TITLE)
    torn.tables[1] = [row for row in torn.tables[1] if "申请/上年结转" not in row.shows]
    row = next(row for row in torn.tables[1] if "申请/结转下年度" in row.shows)
    row.texts[-1] = "99999"
    report = recognise(replace(with_tables(torn, TITLE), attached=whole), ALL)
    assert report is not None
    cells = report.report.cells
    assert cells[at("申请/上年结转/总计")].number == right[at("申请/上年结转/总计")].number
    assert cells[at("申请/结转下年度/总计")].number == 99999
    assert [f.slug for f in report.findings] == ["row-unbalanced", "attached-data-differs"]


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


def test_a_finding_names_its_place_for_programs() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(4)))
    row = next(row for row in torn.tables[0] if "主动公开/规章" in row.shows)
    row.texts[2] = "十九"
    (diagnostic,) = read(torn, TITLE).diagnostics()
    shown = to_json_object(diagnostic)
    assert shown["code"] == "R103"
    assert (shown["table"], shown["row"], shown["column"]) == (0, torn.tables[0].index(row), 2)
    assert (shown["line"], shown["column"], shown["cell"]) == (None, 2, None)


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


def test_what_was_left_out_or_not_looked_at_is_said() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(8)))
    unread = "第 20 张以后的工作表（“甲”）"
    found = replace(with_tables(torn, TITLE), struck=("24件", "3件"), unread=unread)
    report = recognise(found, ALL)
    assert report is not None
    left_out, not_read = sorted(report.diagnostics(), key=lambda item: item.slug, reverse=True)
    assert left_out.message == "带删除线的文字没有读入，共 2 处，第一处是“24件”"
    assert not_read.message == f"工作簿太大，没有看{unread}"
