"""Tests of one report beside another: years of an organ, forms, organs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from reportgen import EnvironmentProblem
from reportgen.compare.diff import ReportDiff, diff_object, diff_reports, diff_sources
from reportgen.model import Narrative, Quantity, Report
from tests.builders import DATA, FORMS, at, paragraph, quantities, report, section, zeros

SAMPLES = Path(__file__).parents[3] / "samples"
BY_HAND = {
    # Published tables of 平潭综合实验区, 2019 and 2024, subtracted and divided by hand.
    "主动公开/行政规范性文件/本年制发件数": (89, 62, -27, -30.34),
    "主动公开/行政许可/本年处理决定数量": (181, 4529, 4348, 2402.21),
    "主动公开/行政处罚/本年处理决定数量": (430, 1100, 670, 155.81),
    "主动公开/行政强制/本年处理决定数量": (25, 65, 40, 160.0),
    "申请/本年新收/总计": (23, 218, 195, 847.83),
    "申请/予以公开/总计": (7, 71, 64, 914.29),
    "申请/部分公开/总计": (1, 29, 28, 2800.0),
    "申请/无法提供/本机关不掌握相关政府信息/总计": (7, 75, 68, 971.43),
    "申请/无法提供/补正后申请内容仍不明确/总计": (5, 0, -5, -100.0),
    "申请/不予处理/重复申请/总计": (3, 1, -2, -66.67),
    "申请/其他处理/总计": (0, 3, 3, None),
    "申请/总计/总计": (23, 218, 195, 847.83),
    "复议诉讼/行政复议/总计": (0, 7, 7, None),
    "复议诉讼/复议后起诉/总计": (0, 19, 19, None),
}


@pytest.fixture(scope="module")
def years() -> ReportDiff:
    return diff_sources(DATA / "pingtan-2019.tables.html", DATA / "pingtan-2024.tables.html")


def test_two_published_years_in_two_forms_give_the_changes_worked_out_by_hand(
    years: ReportDiff,
) -> None:
    cells = diff_object(years)["cells"]
    assert isinstance(cells, list)
    found = {
        item["cell"]: (item["a"], item["b"], item["change"], item["rate"])
        for item in cells
        if item["cell"] in BY_HAND
    }
    assert found == BY_HAND


def test_every_cell_of_both_forms_is_there_once(years: ReportDiff) -> None:
    cells = [item.cell for item in years.cells]
    assert len(cells) == len(set(cells))
    assert set(cells) >= set(FORMS["2021"].value_cells)
    assert set(years.only_a) < set(FORMS["2019"].value_cells) & set(cells)
    renamed = "主动公开/规范性文件/本年新制作数量"
    assert renamed not in cells


def test_a_row_that_was_divided_is_compared_by_its_sum(years: ReportDiff) -> None:
    total = next(item for item in years.cells if item.cell == "申请/其他处理/总计")
    assert [part.keys[2] for part in total.addends] == [
        "申请人无正当理由逾期不补正",
        "申请人逾期未按收费通知要求缴纳费用",
        "其他",
    ]
    assert set(total.addends) <= set(years.only_b)


def test_the_same_the_other_way_round_has_the_opposite_changes(years: ReportDiff) -> None:
    back = diff_sources(DATA / "pingtan-2024.tables.html", DATA / "pingtan-2019.tables.html")
    assert {str(item.cell): item.change for item in back.cells if "总计" in item.cell}.items() >= {
        "申请/本年新收/总计": -195,
        "申请/其他处理/总计": -3,
    }.items()
    assert (back.only_a, back.only_b) == (years.only_b, years.only_a)


def test_a_report_beside_itself_has_no_change() -> None:
    folder = SAMPLES / "yunxi-market-2024"
    same = diff_sources(folder, folder)
    assert not [item for item in same.cells if item.change]
    assert (same.only_a, same.only_b) == ((), ())
    assert {item.same for item in same.text} == {1.0}


ROW = ("申请/本年新收/自然人", "申请/本年新收/商业企业", "申请/本年新收/总计")


def both(a: Report, b: Report) -> ReportDiff:
    return diff_reports(a, FORMS["2021"], b, FORMS["2021"])


def test_a_report_that_does_not_say_its_year_is_given_none() -> None:
    one = replace(report("2021"), undated=True)
    assert diff_reports(one, FORMS["2021"], report("2021"), FORMS["2021"]).a.year == 0


def test_the_rate_of_nothing_is_none_and_of_a_blank_too() -> None:
    name, blank = "申请/本年新收/总计", "申请/本年新收/其他"
    cells = quantities(zeros("2021") | {name: 5}) | {at(blank): Quantity(None, "/")}
    found = {str(item.cell): item for item in both(report("2021"), report("2021", cells)).cells}
    assert (found[name].change, found[name].rate) == (5, None)
    assert (found[blank].b, found[blank].change, found[blank].rate) == (None, None, None)


def test_the_largest_changes_come_first_and_are_rows(years: ReportDiff) -> None:
    top = years.largest(3)
    assert [abs(Decimal(item.change or 0)) for item in top] == [4348, 670, 195]
    assert all(item.label for item in top)


def test_a_change_inside_a_row_is_shown_below_its_total_though_that_is_the_same() -> None:
    before, after = (
        report("2021", quantities(zeros("2021") | dict(zip(ROW, numbers, strict=True))))
        for numbers in ((27, 8, 35), (8, 27, 35))
    )
    shown = [item for item in both(before, after).shown() if item.cell.row == "申请/本年新收"]
    assert [(item.label, item.change) for item in shown] == [
        ("本年新收", 0), ("本年新收/自然人", -19), ("本年新收/商业企业", 19),
    ]  # fmt: skip
    assert [item.cell.column for item in both(before, after).largest(5)] == ["自然人", "商业企业"]


def test_a_part_that_alone_changed_is_told_by_its_row_among_the_largest() -> None:
    before, after = (
        report("2021", quantities(zeros("2021") | {ROW[0]: number, ROW[2]: number}))
        for number in (3, 8)
    )
    assert [item.label for item in both(before, after).largest(5)] == ["本年新收"]


def test_a_number_that_vanishes_is_among_the_largest_changes() -> None:
    name = "主动公开/行政强制/本年处理决定数量"
    before = report("2021", quantities(zeros("2021") | {name: 37}))
    after = report("2021", quantities(zeros("2021")) | {at(name): Quantity(None, "/")})
    assert [str(item.cell) for item in both(before, after).largest(5)] == [name]


def test_halves_of_a_rate_are_rounded_in_json_as_they_are_for_people() -> None:
    name = "主动公开/行政许可/本年处理决定数量"
    before, after = (
        report("2021", quantities(zeros("2021") | {name: number})) for number in (800, 801)
    )
    cells = diff_object(both(before, after))["cells"]
    assert isinstance(cells, list)
    assert [item["rate"] for item in cells if item["cell"] == name] == [0.13]


def test_only_equal_texts_are_equal_by_a_hundred_per_cent() -> None:
    words = "全年公开信息" * 500
    one, other = (
        report(text=Narrative(sections=(section("总体情况", paragraph(text)),)))
        for text in (words, words + "件")
    )
    (text,) = both(one, other).text
    assert (text.percent, both(one, one).text[0].percent) == (99, 100)
    sections = diff_object(both(one, other))["text"]
    assert isinstance(sections, list)
    assert sections[0]["same"] == 0.9998


def test_the_share_of_equal_characters_is_that_of_both_texts() -> None:
    one, other = (
        report(text=Narrative(sections=(section("总体情况", paragraph(words)),)))
        for words in ("全年公开信息四十一条，举办培训三期。", "全年公开信息十四条，举办培训三期。")
    )
    (text,) = both(one, other).text
    assert text.section == "总体情况"
    assert 0.85 < text.same < 1


def test_what_was_not_read_of_a_file_is_told_with_the_diff() -> None:
    torn = diff_sources(
        SAMPLES / "published" / "柳河镇2024年报.html", SAMPLES / "yunxi-market-2024"
    )
    assert {item.code for item in torn.diagnostics} >= {"R103", "R106"}
    unread = next(item for item in torn.cells if item.cell == "申请/部分公开/总计")
    assert (unread.a, unread.change) == (None, None)


def test_a_file_without_a_report_is_refused() -> None:
    with pytest.raises(EnvironmentProblem, match="没有读出年度报告"):
        diff_sources(b"<p>\xe9\x80\x9a\xe7\x9f\xa5</p>", SAMPLES / "yunxi-market-2024")
