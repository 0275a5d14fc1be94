"""Which form a file follows, what stays unread, and what says so."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from reportgen.findings_text import render_short, to_json_object
from reportgen.forms import Form
from reportgen.published import recognise, why_unrecognised
from tests.builders import FORMS, LIBRARY, SECTION_TITLES, at
from tests.unit.published.blocks import file_of, p, table
from tests.unit.published.torn import balanced, read, tables_of, with_tables

ALL = list(FORMS.values())
FORM = FORMS["2021"]
TITLE = "某市某局2024年政府信息公开工作年度报告"


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


def test_a_finding_names_its_place_for_programs() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(4)))
    row = next(row for row in torn.tables[0] if "主动公开/规章" in row.shows)
    row.texts[2] = "十九"
    (diagnostic,) = read(torn, TITLE).diagnostics()
    shown = to_json_object(diagnostic)
    assert shown["code"] == "R103"
    assert (shown["table"], shown["row"], shown["column"]) == (0, torn.tables[0].index(row), 2)
    assert (shown["line"], shown["column"], shown["cell"]) == (None, 2, None)


def test_what_was_left_out_or_not_looked_at_is_said() -> None:
    torn = tables_of(FORM, balanced(FORM, random.Random(8)))
    unread = "第 20 张以后的工作表（“甲”）"
    found = replace(with_tables(torn, TITLE), struck=("24件", "3件"), unread=unread)
    report = recognise(found, ALL)
    assert report is not None
    left_out, not_read = sorted(report.diagnostics(), key=lambda item: item.slug, reverse=True)
    assert left_out.message == "带删除线的文字没有读入，共 2 处，第一处是“24件”"
    assert not_read.message == f"工作簿太大，没有看{unread}"
