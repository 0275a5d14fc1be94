"""Rules are found by code or slug; compiled forms are used if their templates are unchanged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.files import resource_folder
from reportgen.forms import (
    all_forms,
    all_rules,
    find_rule,
    known_codes,
    nearest_rule,
)
from reportgen.forms.form import Form, ReportKind
from reportgen.forms.form_builder import read_form
from reportgen.forms.library import Library, encode_compiled, read_compiled
from reportgen.forms.template_folders import COMPILED_FILE
from reportgen.problems import EnvironmentProblem
from tests.builders import FORMS, LIBRARY

RULES = all_rules(LIBRARY)


def test_every_rule_of_every_form_is_there_once() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert {rule.code for form in all_forms(LIBRARY) for rule in form.rules} == set(codes)


@pytest.mark.parametrize("name", ["T301", "t301", " T301 ", "applicants-total"])
def test_a_rule_is_found_by_code_or_slug(name: str) -> None:
    rule = find_rule(name, RULES)
    assert rule is not None
    assert rule.code == "T301"


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("T3O3", "T303"),
        ("n4ol", "N401"),
        ("pictur-missing", "picture-missing"),
        ("总计", None),
    ],
)
def test_the_nearest_rule_is_the_one_that_was_meant(typed: str, near: str | None) -> None:
    assert nearest_rule(typed, RULES) == near


def test_names_become_codes() -> None:
    assert known_codes([], LIBRARY, None) == frozenset()
    assert known_codes(["t301", "picture-missing"], LIBRARY, None) == {"T301", "F101"}


def test_a_rule_of_another_form_is_known_too() -> None:
    old, new = all_forms(LIBRARY)
    (code, *_) = {rule.code for rule in old.rules} - {rule.code for rule in new.rules}
    assert known_codes([code], LIBRARY, new) == {code}


def test_all_names_that_call_no_rule_are_told_at_once() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        known_codes(["T3O3", "T301", "NOSUCH"], LIBRARY, None)
    assert caught.value.message == "没有这样的规则：NOSUCH、T3O3"
    assert caught.value.hint == "“T3O3”是否应为 T303？"
    with pytest.raises(EnvironmentProblem) as caught:
        known_codes(["编号"], LIBRARY, None)
    assert "一个字母加三位数字" in caught.value.hint


SOURCES = (("form.yaml", "a1"), ("style.yaml", "b2"))

KIND = ReportKind("年度报告", default=True)


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """Return a copy of the shipped templates."""
    return Path(shutil.copytree(resource_folder("templates"), tmp_path / "templates"))


def compiled_file(templates: Path) -> Path:
    return templates / "disclosure" / "2021" / COMPILED_FILE


def rename(templates: Path, name: str) -> None:
    """Give the compiled form of 2021 another name, by which it is known from its templates."""
    path = compiled_file(templates)
    data = json.loads(path.read_bytes())
    data["form"]["name"] = name
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize("name", list(FORMS))
def test_a_compiled_form_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    form = read_form(LIBRARY, "disclosure", name)
    path = tmp_path / COMPILED_FILE
    path.write_bytes(encode_compiled(form, KIND, SOURCES))
    assert read_compiled(path, SOURCES) == form


def test_it_is_not_the_form_of_other_sources(tmp_path: Path) -> None:
    path = tmp_path / COMPILED_FILE
    path.write_bytes(encode_compiled(FORMS["2021"], KIND, SOURCES))
    others = ((), SOURCES[:1], (("form.yaml", "a2"), SOURCES[1]), (*SOURCES, ("style.yaml", "c3")))
    for sources in others:
        assert read_compiled(path, sources) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"sources": [], "form": {"id": "2021"}}'])
def test_what_is_no_compiled_form_is_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / COMPILED_FILE
    assert read_compiled(path, ()) is None
    path.write_bytes(data)
    assert read_compiled(path, ()) is None


def test_a_form_that_would_come_back_as_another_is_refused() -> None:
    rule = replace(FORMS["2021"].rules[0], options={"scale": (1, 2)})  # a list, once read back
    with pytest.raises(ValueError, match="disclosure/2021"):
        encode_compiled(replace(FORMS["2021"], rules=(rule,)), KIND, SOURCES)


def test_the_shipped_forms_are_read_without_their_yaml(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.forms.form_files.load_tree", _never)
    library = Library((templates,))
    assert library.default_kind() == "政府信息公开工作年度报告"
    assert [edition.id for edition in library.editions("disclosure")] == ["2019", "2021"]
    assert library.load("disclosure", "2021") == FORMS["2021"]


def test_an_edited_head_takes_effect_at_once(templates: Path) -> None:
    for file, old, new in (
        ("report.yaml", "name: 政府", "name: 县政府"),
        ("2021/form.yaml", "from: 2021", "from: 2022"),
    ):
        path = templates / "disclosure" / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    library = Library((templates,))
    assert library.default_kind() == "县政府信息公开工作年度报告"
    assert library.editions("disclosure")[1].first_year == 2022


def _never(*_: object) -> None:
    raise AssertionError("YAML was read all the same")


def test_an_edited_template_takes_effect_at_once(templates: Path) -> None:
    rename(templates, "compiled")
    assert Library((templates,)).load("disclosure", "2021").name == "compiled"
    starter = templates / "disclosure" / "2021" / "starter.md"
    starter.write_text("# 新的开头\n", encoding="utf-8")
    form = Library((templates,)).load("disclosure", "2021")
    assert form.name != "compiled"
    assert form.starter == "# 新的开头\n"


@pytest.mark.parametrize(
    "name", ["checks.yaml", "disclosure/checks.yaml", "disclosure/2021/style.yaml"]
)
def test_a_template_of_a_report_folder_takes_effect(
    templates: Path, tmp_path: Path, name: str
) -> None:
    rename(templates, "compiled")
    own = tmp_path / "own"
    (own / name).parent.mkdir(parents=True)
    text = (templates / name).read_text(encoding="utf-8")
    (own / name).write_text(text + "# 本单位改过\n", encoding="utf-8")
    assert Library((own, templates)).load("disclosure", "2021").name != "compiled"


def test_a_severity_changed_by_a_report_folder_takes_effect(
    templates: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "checks.yaml").write_text("overrides:\n  T301: {severity: hint}\n", encoding="utf-8")
    rule = Library((own, templates)).load("disclosure", "2021").rule("T301")
    assert rule is not None
    assert rule.severity is Severity.HINT


def test_a_compiled_form_in_a_report_folder_is_not_read(templates: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(templates, tmp_path / "own"))
    rename(own, "compiled")
    assert Library((own, templates)).load("disclosure", "2021") == FORMS["2021"]


def test_a_mistake_in_a_template_is_reported_every_time(templates: Path) -> None:
    (templates / "disclosure" / "2021" / "style.yaml").write_text("page: {}\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(EnvironmentProblem, match=r"style\.yaml"):
            Library((templates,)).load("disclosure", "2021")


def test_a_form_without_a_compiled_one_is_read_from_its_templates(templates: Path) -> None:
    compiled_file(templates).unlink()
    form = Library((templates,)).load("disclosure", "2021")
    assert isinstance(form, Form)
    assert form.identities == FORMS["2021"].identities
