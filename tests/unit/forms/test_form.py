"""Forms and the folders they are found in.

Typed sections find their prescribed ones.

Totals that were left out are computed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import fields

from reportgen.files import resource_folder
from reportgen.forms.form import Edition, Form, complete_cells, find_section, match_sections
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


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a copy of the shipped templates that a test may spoil."""
    return Path(shutil.copytree(resource_folder("templates"), tmp_path / "templates"))


def load(own: Path, form: str = "2021") -> Form:
    return Library((own,)).load("disclosure", form)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


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


def test_editions_say_of_each_form_what_the_form_says() -> None:
    names = [field.name for field in fields(Edition)]
    assert [[getattr(item, name) for name in names] for item in LIBRARY.editions("disclosure")] == [
        [getattr(form, name) for name in names] for form in LIBRARY.forms("disclosure")
    ]


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


def test_rule_of_the_form_replaces_a_shared_one(own: Path) -> None:
    path = own / "disclosure" / "2021" / "checks.yaml"
    path.write_text("checks: [{code: N401, slug: own, title: 本版式自己的}]\n", encoding="utf-8")
    rule = load(own).rule("N401")
    assert rule is not None
    assert rule.title == "本版式自己的"


def test_single_file_can_be_overridden(tmp_path: Path) -> None:
    path = tmp_path / "disclosure" / "2021" / "tables" / "disputes.yaml"
    path.parent.mkdir(parents=True)
    shipped = resource_folder("templates") / "disclosure" / "2021" / "tables" / "disputes.yaml"
    text = shipped.read_text(encoding="utf-8")
    path.write_text(text.replace("title: ", "title: 本局的"), encoding="utf-8")
    form = Library((tmp_path, *LIBRARY.roots)).load("disclosure", "2021")
    assert form.tables["disputes"].title.startswith("本局的")
    assert form.tables["requests"] == FORMS["2021"].tables["requests"]


def test_new_kind_of_report_is_a_new_folder(own: Path) -> None:
    shutil.copytree(own / "disclosure", own / "safety")
    (own / "safety" / "report.yaml").write_text("name: 安全生产年度报告\n", encoding="utf-8")
    library = Library((own,))
    assert library.report_kinds()["安全生产年度报告"] == "safety"
    assert library.load("safety", "2021").report == "safety"


def test_folder_that_is_no_report_is_passed_over(own: Path) -> None:
    (own / "notes").mkdir()
    (own / "disclosure" / "drafts").mkdir()
    library = Library((own, own / "absent"))
    assert list(library.report_kinds().values()) == ["disclosure"]
    assert library.form_ids("disclosure") == ["2019", "2021"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("form.yaml", "basis:", "grounds:", "basis"),
        ("form.yaml", "in_force: {from: 2021}", "in_force: 2021", "form.yaml"),
        ("form.yaml", "in_force: {from: 2021}", "in_force: [from]", "form.yaml"),
        ("form.yaml", "table: proactive", "table: absent", "absent.yaml"),
        ("form.yaml", "sections:", "sections: [甲]\nold:", "form.yaml"),
        ("tables/disputes.yaml", "header_rows: 3", "header_rows: 三", "disputes.yaml"),
        ("tables/disputes.yaml", "header_rows: 3", "styles: {stub: 无}", "无"),
        ("style.yaml", "lines: 22", "lines: 0", "style.yaml"),
        ("checks.yaml", "code: N301", "kod: N301", "checks.yaml"),
        ("../checks.yaml", "申请/{行}/总计 =", "申请/{行}/合计 =", "申请/本年新收/合计"),
        ("../checks.yaml", "checks:", "checks: [T301]\nold:", "T301"),
    ],
)
def test_wrong_template_is_an_environment_problem_that_names_the_place(
    own: Path, file: str, old: str, new: str, says: str
) -> None:
    edit(own / "disclosure" / "2021" / file, old, new)
    if says == "无":  # a style only shows once a cell uses it
        edit(own / "disclosure" / "2021" / file, "label: 行政复议", "role: stub, label: 行政复议")
    with pytest.raises(EnvironmentProblem, match=says):
        load(own)


@pytest.mark.parametrize("text", ["- 甲\n", "title: 报告\n", "甲: [\n"])
def test_wrong_report_file_is_an_environment_problem(own: Path, text: str) -> None:
    (own / "disclosure" / "report.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match=r"report\.yaml"):
        Library((own,)).report_kinds()


def test_form_without_skeleton_is_an_environment_problem(own: Path) -> None:
    (own / "disclosure" / "2021" / "report.md.j2").unlink()
    with pytest.raises(EnvironmentProblem, match=r"report\.md\.j2"):
        load(own)


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
