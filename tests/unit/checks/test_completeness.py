"""What was left out, and sections that are not as prescribed."""

from __future__ import annotations

import pytest

from reportgen.checks.completeness import check_cells, check_sections
from reportgen.diagnostics import Diagnostic
from reportgen.markdown import read_narrative
from reportgen.model.narrative import (
    Narrative,
    NarrativeHeading,
    NarrativeList,
    Picture,
    PictureGroup,
    Section,
)
from reportgen.model.tables import Quantity
from reportgen.source import SourceFile
from reportgen.text import Run
from tests.builders import (
    APPLICANTS,
    FORMS,
    SECTION_TITLES,
    at,
    codes,
    narrative,
    paragraph,
    quantities,
    report,
    section,
    zeros,
)

FORM = FORMS["2021"]


def without(*prefixes: str) -> list[Diagnostic]:
    cells = {
        name: cell
        for name, cell in quantities(zeros("2021")).items()
        if not name.startswith(prefixes)
    }
    return list(check_cells(report(cells=cells), FORM))


def sections(*found: Section) -> list[Diagnostic]:
    return list(check_sections(report(text=Narrative(sections=found)), FORM))


def titles(*names: str) -> list[Diagnostic]:
    return list(check_sections(report(text=narrative(*names)), FORM))


def test_complete_tables_are_quiet() -> None:
    assert list(check_cells(report(), FORM)) == []


def test_missing_table_is_one_finding() -> None:
    (found,) = without("主动公开/")
    assert (found.code, found.message) == ("T101", "没有填“主动公开”表")
    assert len(found.cells) == 10
    assert "缺省: 0" in found.hint


def test_empty_report_misses_its_three_tables() -> None:
    assert codes(list(check_cells(report(cells={}), FORM))) == ["T101"] * 3


def test_missing_row_is_one_finding() -> None:
    (found,) = without("申请/不予处理/重复申请/")
    assert (found.code, found.message) == ("T102", "没有填“申请/不予处理/重复申请”一行")
    assert found.cells == tuple(f"申请/不予处理/重复申请/{name}" for name in APPLICANTS)


def test_missing_cells_of_a_row_are_one_finding() -> None:
    (found,) = without("申请/本年新收/商业企业", "申请/本年新收/其他")
    assert (found.code, found.message) == ("T103", "“申请/本年新收”一行没有填：商业企业、其他")


def test_totals_are_never_missing() -> None:
    assert without(*FORM.totals) == []


def test_no_number_and_unreadable_number_are_not_missing() -> None:
    cells = quantities(zeros("2021"))
    cells[at("申请/本年新收/自然人")] = Quantity(None, "/")
    cells[at("申请/本年新收/商业企业")] = Quantity(None, "三", invalid=True)
    assert list(check_cells(report(cells=cells), FORM)) == []


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_six_sections_are_quiet(form: str) -> None:
    assert list(check_sections(report(form), FORMS[form])) == []


def test_narrative_without_anything_is_one_finding() -> None:
    assert codes(sections()) == ["N101"]


def test_each_missing_section_is_told_with_its_number() -> None:
    found = titles(*SECTION_TITLES[:3], *SECTION_TITLES[4:5])
    assert [(item.code, item.message) for item in found] == [
        ("N101", "正文缺少“四、政府信息公开行政复议、行政诉讼情况”一节"),
        ("N101", "正文缺少“六、其他需要报告的事项”一节"),
    ]


def test_opening_alone_misses_all_sections() -> None:
    text = Narrative(opening=(paragraph("前言。"),))
    assert codes(list(check_sections(report(text=text), FORM))) == ["N101"] * 6


def test_misspelt_section_is_told_once_not_as_missing_too() -> None:
    found = titles(*SECTION_TITLES[:4], "存在的主要问题和改进情况", SECTION_TITLES[5])
    assert codes(found) == ["N102"]
    assert found[0].expected == "存在的主要问题及改进情况"
    assert found[0].span is not None


def test_section_of_another_name_is_known_by_its_number() -> None:
    found = sections(
        *(section(title, paragraph("文。")) for title in SECTION_TITLES[:5]),
        section("结束语", paragraph("文。"), number=6),
    )
    assert [(item.code, item.expected) for item in found] == [("N102", "其他需要报告的事项")]


def test_section_too_many_does_not_hide_a_missing_one() -> None:
    found = sections(
        *(section(title, paragraph("文。")) for title in SECTION_TITLES if "复议" not in title),
        section("附表说明", paragraph("文。"), number=7),
    )
    assert sorted(codes(found)) == ["N101", "N102"]
    assert next(item for item in found if item.code == "N102").expected is None


@pytest.mark.parametrize(("form", "cited"), [("2021", True), ("2019", False)])
def test_form_out_of_force_is_not_cited(form: str, cited: bool) -> None:
    extra = section("附表说明", paragraph("文。"))
    text = Narrative(sections=(*narrative().sections, extra))
    found = check_sections(report(form, text=text, year=2024), FORMS[form])
    (hit,) = (item for item in found if item.code == "N102")
    assert (hit.basis == FORMS[form].basis) is cited


def test_section_too_many_with_a_taken_number_suggests_nothing() -> None:
    found = sections(
        *(section(title, paragraph("文。")) for title in SECTION_TITLES),
        section("工作亮点", paragraph("文。"), number=2),
    )
    assert [(item.code, item.expected) for item in found] == [("N102", None)]


def test_section_typed_twice_is_told() -> None:
    found = titles(*SECTION_TITLES, SECTION_TITLES[0])
    assert codes(found) == ["N104"]


@pytest.mark.parametrize("spec", [0, 4, 5])
def test_section_that_needs_text_is_told_when_empty(spec: int) -> None:
    found = sections(
        *(
            section(title, *([] if n == spec else [paragraph("文。")]))
            for n, title in enumerate(SECTION_TITLES)
        )
    )
    assert codes(found) == ["N103"]
    assert SECTION_TITLES[spec] in found[0].message


def test_section_that_has_a_table_needs_no_text() -> None:
    found = sections(
        *(
            section(title, *([] if n in (1, 2, 3) else [paragraph("文。")]))
            for n, title in enumerate(SECTION_TITLES)
        )
    )
    assert found == []


def test_heading_and_blanks_are_no_text() -> None:
    blocks = (NarrativeHeading(2, (Run("主动公开"),)), paragraph(" "))
    found = sections(
        section(SECTION_TITLES[0], *blocks),
        *(section(title, paragraph("文。")) for title in SECTION_TITLES[1:]),
    )
    assert codes(found) == ["N103"]


def test_list_or_picture_is_content() -> None:
    items = NarrativeList(((Run("甲"),),))
    pictures = PictureGroup((Picture("a.png", "专栏"),))
    found = sections(
        section(SECTION_TITLES[0], items),
        *(section(title, pictures) for title in SECTION_TITLES[1:]),
    )
    assert found == []


def test_section_behind_a_later_one_is_told_with_its_place() -> None:
    one, two, three, *rest = SECTION_TITLES
    found = titles(one, three, two, *rest)
    assert [(item.code, item.hint) for item in found] == [("N106", "应为第二部分")]
    assert two in found[0].message


def test_sections_in_order_with_gaps_are_not_out_of_order() -> None:
    assert set(codes(titles(SECTION_TITLES[1], SECTION_TITLES[4]))) == {"N101"}


def test_a_title_that_is_no_heading_is_pointed_at() -> None:
    text = "一、总体情况\n\n已公开。\n\n# 二、主动公开政府信息情况\n\n六、其他需要报告的事项\n"
    read, _ = read_narrative(SourceFile("正文.md", text), {})
    found = [d for d in check_sections(report(text=read), FORM) if d.code == "N101"]
    assert [d.span.line if d.span else None for d in found] == [1, None, None, None, 7]
    assert "没有写成标题" in found[0].message
