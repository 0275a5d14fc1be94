"""Tests of forms put together from the files of several folders, and of the mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.files import resource_folder
from reportgen.forms.library import Library
from reportgen.problems import EnvironmentProblem
from tests.builders import (
    FORMS,
    LIBRARY,
)
from tests.unit.forms.changed import edit, load


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


def test_form_without_skeleton_is_an_environment_problem(own: Path) -> None:
    (own / "disclosure" / "2021" / "report.md.j2").unlink()
    with pytest.raises(EnvironmentProblem, match=r"report\.md\.j2"):
        load(own)
