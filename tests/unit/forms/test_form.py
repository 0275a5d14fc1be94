"""Forms and the folders they are found in.

Typed sections find their prescribed ones.

Totals that were left out are computed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.forms.form import Form, complete_cells, find_section, match_sections
from reportgen.forms.library import Library
from reportgen.model.report import CellPath, Narrative, Quantity
from reportgen.problems import EnvironmentProblem
from tests.builders import (
    APPLICANTS,
    FORMS,
    LIBRARY,
    SECTION_TITLES,
    at,
    narrative,
    quantities,
    section,
    zeros,
)
from tests.unit.forms.changed import edit, load


def test_shipped_forms_are_found_by_the_name_of_the_report() -> None:
    assert LIBRARY.report_kinds() == {"政府信息公开工作年度报告": "disclosure"}
    assert LIBRARY.form_ids("disclosure") == ["2019", "2021"]
    assert LIBRARY.form_ids("unknown") == []


@pytest.mark.parametrize(
    ("form", "year", "in_force"),
    [("2019", 2018, False), ("2019", 2019, True), ("2019", 2020, True), ("2019", 2021, False),
     ("2021", 2020, False), ("2021", 2021, True), ("2021", 2030, True)],
)  # fmt: skip
def test_each_year_has_its_form(form: str, year: int, in_force: bool) -> None:
    assert FORMS[form].in_force(year) is in_force


def test_years_in_force_are_shown_in_words() -> None:
    assert FORMS["2019"].years == "2019—2020 年度"
    assert FORMS["2021"].years == "2021 年度起"


@pytest.mark.parametrize(("form", "cells"), [("2019", 198), ("2021", 200)])
def test_value_cells_are_all_numbers_of_the_three_tables(form: str, cells: int) -> None:
    assert len(FORMS[form].value_cells) == cells
    assert all(cell.path == name for name, cell in FORMS[form].value_cells.items())


@pytest.mark.parametrize(("form", "rows"), [("2019", 23), ("2021", 25)])
def test_every_row_column_and_block_has_its_identity(form: str, rows: int) -> None:
    counts: dict[str, int] = {}
    for bound in FORMS[form].identities:
        counts[bound.rule.code] = counts.get(bound.rule.code, 0) + 1
    identities = {code: counts[code] for code in ("T301", "T302", "T303", "T401")}
    assert identities == {"T301": rows, "T302": 7, "T303": 7, "T401": 3}


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_totals_are_all_cells_called_total(form: str) -> None:
    named = {name for name in FORMS[form].value_cells if "/总计" in name}
    assert set(FORMS[form].totals) == named


def test_row_total_is_preferred_where_row_and_column_meet() -> None:
    assert FORMS["2021"].totals[at("申请/总计/总计")].rule.code == "T301"


@pytest.mark.parametrize("key", ["T303", "t303", "requests-balance"])
def test_rule_is_found_by_code_or_slug(key: str) -> None:
    rule = FORMS["2021"].rule(key)
    assert rule is not None
    assert rule.code == "T303"


def test_unknown_rule_is_none() -> None:
    assert FORMS["2021"].rule("T999") is None


@pytest.mark.parametrize("title", ["六、其他需要报告的事项", "其它 需要报告的事项"])
def test_section_is_found_by_every_official_wording_with_any_numbering(title: str) -> None:
    spec = find_section(FORMS["2021"], title)
    assert spec is not None
    assert spec.id == "other"


def test_title_of_no_section_finds_none() -> None:
    assert find_section(FORMS["2021"], "需要报告的事项") is None


def test_unknown_form_is_an_environment_problem() -> None:
    with pytest.raises(EnvironmentProblem, match=r"form\.yaml"):
        LIBRARY.load("disclosure", "2099")


def test_a_form_is_made_once_until_one_of_its_files_changes(own: Path) -> None:
    before = load(own)
    assert load(own) is before
    assert Library((own.parent / "none", own)).load("disclosure", "2021") is before
    for path, old, new in (
        (own / "disclosure" / "2021" / "starter.md", "\n", "\r"),  # the same length
        (own / "disclosure" / "2021" / "form.yaml", "from: 2021", "from: 2022"),
    ):
        edit(path, old, new)
        assert load(own) is not before
    assert load(own).first_year == 2022


def test_a_text_file_is_looked_for_from_the_form_outwards_in_each_folder(
    own: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "报告"
    library = Library((own,)).for_folder(folder)
    form = library.load("disclosure", "2021")
    shipped = library.text(form, "page.html.j2")
    assert shipped is not None
    assert shipped.path == str(own / "page.html.j2")
    for place in (own / "disclosure/2021", folder / "templates", folder / "templates/disclosure"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "page.html.j2").write_text(f"{place}\r\n", encoding="utf-8-sig")
        nearest = library.text(form, "page.html.j2")
        assert nearest is not None
        assert nearest.text == f"{place}\n"


@pytest.mark.parametrize("name", ["../page.html.j2", "disclosure/report.yaml", "/etc/passwd", ".."])
def test_a_text_file_is_named_without_a_folder(name: str) -> None:
    assert LIBRARY.text(FORMS["2021"], name) is None


def test_a_text_file_has_a_bounded_size(own: Path) -> None:
    (own / "page.html.j2").write_text("长" * 1_000_000, encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="过大"):
        Library((own,)).text(FORMS["2021"], "page.html.j2")


FORM = FORMS["2021"]


def test_all_six_sections_are_found() -> None:
    match = match_sections(FORM, narrative())
    assert [found.title for found in match.found.values()] == list(SECTION_TITLES)
    assert (match.unknown, match.repeated) == ((), ())


@pytest.mark.parametrize(
    ("typed", "spec"),
    [
        ("行政机关主动公开政府信息情况", "proactive"),
        ("行政机关收到和处理政府信息公开申请情况", "on_request"),
        ("因政府信息公开工作被申请行政复议、提起行政诉讼情况", "disputes"),
        ("政府信息公开工作存在的主要问题及改进情况", "problems"),
        ("其它需要报告的事项", "other"),
    ],
)
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_the_wordings_of_the_notice_are_accepted(form: str, typed: str, spec: str) -> None:
    found = find_section(FORMS[form], typed)
    assert found is not None
    assert found.id == spec


def test_unknown_section_is_kept_apart() -> None:
    typed = section("附表说明")
    assert match_sections(FORM, Narrative(sections=(typed,))).unknown == (typed,)
    assert find_section(FORM, "附表说明") is None


def test_of_two_sections_alike_the_first_counts() -> None:
    first, second = section("其他需要报告的事项"), section("其它需要报告的事项")
    match = match_sections(FORM, Narrative(sections=(first, second)))
    assert match.found == {"other": first}
    assert match.repeated == (second,)


def without_totals() -> dict[CellPath, Quantity]:
    cells = quantities(zeros("2021"))
    return {path: cell for path, cell in cells.items() if path not in FORM.totals}


def test_every_total_is_computed_from_its_parts() -> None:
    cells = without_totals()
    cells[at("申请/予以公开/自然人")] = Quantity(2, "2")
    cells[at("申请/其他处理/其他/商业企业")] = Quantity(3, "3")
    full = complete_cells(FORM, cells, zero_missing=False)
    assert set(full) == set(FORM.value_cells)
    assert full[at("申请/予以公开/总计")] == Quantity(2, computed=True)
    assert full[at("申请/总计/自然人")].number == 2
    assert full[at("申请/总计/商业企业")].number == 3
    assert full[at("申请/总计/总计")].number == 5
    assert full[at("申请/总计/总计")].computed


def test_typed_total_is_never_changed() -> None:
    cells = {**without_totals(), at("申请/予以公开/总计"): Quantity(7, "7")}
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/予以公开/总计")].number == 7


def test_total_with_an_absent_part_stays_absent() -> None:
    cells = without_totals()
    del cells[at("申请/予以公开/自然人")]
    full = complete_cells(FORM, cells, zero_missing=False)
    for absent in ("申请/予以公开/总计", "申请/总计/自然人", "申请/总计/总计"):
        assert absent not in full
    assert "申请/总计/商业企业" in full


def test_omitted_cells_count_as_zero_when_asked_for() -> None:
    full = complete_cells(FORM, {}, zero_missing=True)
    assert set(full) == set(FORM.value_cells)
    assert all(cell == Quantity(0) and cell.computed for cell in full.values())


def test_no_number_is_zero_in_a_total() -> None:
    cells = {**without_totals(), at("申请/予以公开/自然人"): Quantity(None, "/")}
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/予以公开/总计")].number == 0


def test_total_of_an_unreadable_part_is_unreadable_too() -> None:
    cells = {**without_totals(), at("申请/予以公开/自然人"): Quantity(None, "三", invalid=True)}
    full = complete_cells(FORM, cells, zero_missing=False)
    assert full[at("申请/予以公开/总计")].invalid
    assert full[at("申请/总计/总计")].invalid
    assert not full[at("申请/部分公开/总计")].invalid


def test_corner_is_computed_from_the_row_when_a_column_is_incomplete() -> None:
    cells = without_totals()
    for name in [name for name in cells if name.startswith("申请/予以公开/")]:
        del cells[name]
    cells.update(quantities({f"申请/总计/{applicant}": 1 for applicant in APPLICANTS}))
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/总计/总计")].number == 6


def test_corner_is_the_sum_of_its_row_when_the_row_was_typed() -> None:
    cells = {**without_totals(), at("申请/总计/自然人"): Quantity(9, "9")}
    assert complete_cells(FORM, cells, zero_missing=False)[at("申请/总计/总计")].number == 9


@pytest.mark.parametrize("zero_missing", [True, False])
def test_given_cells_are_left_alone(zero_missing: bool) -> None:
    cells = without_totals()
    before = dict(cells)
    complete_cells(FORM, cells, zero_missing=zero_missing)
    assert cells == before


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_columns_of_a_summary_are_sums_of_cells(form: Form) -> None:
    assert form.figures
    assert all(cell in form.value_cells for cells in form.figures.values() for cell in cells)
