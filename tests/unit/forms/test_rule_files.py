"""Severities changed by naming a rule, without a copy of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.diagnostics import Finding, Severity
from reportgen.forms.form import Form
from reportgen.forms.library import Library
from reportgen.forms.rules import Override
from reportgen.problems import EnvironmentProblem
from reportgen.readers.folder import read_folder
from tests.builders import FORMS, LIBRARY, span_of

SLUG = next(rule.slug for rule in FORMS["2021"].rules if rule.code == "N301")


def write(root: Path, text: str, name: str = "checks.yaml") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(*roots: Path) -> Form:
    return Library((*roots, *LIBRARY.roots)).load("disclosure", "2021")


def severity(form: Form, name: str) -> Severity:
    rule = form.rule(name)
    assert rule is not None
    return rule.severity


@pytest.mark.parametrize("name", ["N301", "n301", SLUG])
@pytest.mark.parametrize(
    "file", ["checks.yaml", "disclosure/checks.yaml", "disclosure/2021/checks.yaml"]
)
def test_a_rule_is_changed_by_code_or_slug_in_any_file(
    tmp_path: Path, file: str, name: str
) -> None:
    write(tmp_path, f"overrides:\n  {name}: {{severity: hint}}\n", file)
    form = load(tmp_path)
    assert severity(form, "N301") is Severity.HINT
    assert form.overrides == (
        Override("N301", severity(FORMS["2021"], "N301"), Severity.HINT, file),
    )


def test_every_other_rule_stays_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, "overrides: {N301: {severity: hint}}\n")
    others = [rule for rule in load(tmp_path).rules if rule.code != "N301"]
    assert others == [rule for rule in FORMS["2021"].rules if rule.code != "N301"]


def test_what_the_program_itself_reports_can_be_changed_too(tmp_path: Path) -> None:
    write(tmp_path, "overrides: {row-length: {severity: warning}}\n")
    found = load(tmp_path).rulebook.word(Finding("row-length", span_of("甲: [1]", "[1]")))
    assert found.severity is Severity.WARNING


def test_the_nearer_folder_counts_and_the_severity_given_is_kept(tmp_path: Path) -> None:
    near, office = tmp_path / "near", tmp_path / "office"
    write(office, "overrides: {N301: {severity: error}}\n", "disclosure/2021/checks.yaml")
    write(near, "overrides: {N301: {severity: hint}}\n")
    assert severity(load(office), "N301") is Severity.ERROR
    form = load(near, office)
    assert severity(form, "N301") is Severity.HINT
    assert [change.given for change in form.overrides] == [severity(FORMS["2021"], "N301")]


def test_the_severity_it_has_anyway_is_no_change(tmp_path: Path) -> None:
    write(tmp_path, "overrides: {T301: {severity: error}}\n")
    assert load(tmp_path).overrides == ()


def test_a_rule_of_another_form_may_be_named(tmp_path: Path) -> None:
    newer = {rule.code for rule in FORMS["2021"].rules}
    code = next(rule.code for rule in FORMS["2019"].rules if rule.code not in newer)
    write(tmp_path, f"overrides: {{{code}: {{severity: hint}}}}\n")
    assert load(tmp_path).overrides == ()
    old = Library((tmp_path, *LIBRARY.roots)).load("disclosure", "2019")
    assert severity(old, code) is Severity.HINT


def test_before_the_form_is_known_the_overrides_of_all_reports_hold(tmp_path: Path) -> None:
    write(tmp_path / "templates", "overrides: {yaml-syntax: {severity: warning}}\n")
    write(tmp_path, "甲: [\n", "report.yaml")
    (found,) = read_folder(tmp_path, LIBRARY).diagnostics
    assert (found.code, found.severity) == ("I101", Severity.WARNING)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("overrides:\n  T301: {severity: hint}\n  T3O1: {severity: hint}\n", 3, "是否应为 T301"),
        ("overrides:\n  row-lenght: {severity: hint}\n", 2, "是否应为 row-length"),
        ("overrides:\n  Z: {severity: hint}\n", 2, "没有编号或英文名是 Z 的规则"),
        ("overrides:\n  T301: {severity: warn}\n", 2, "error、warning、hint 之一，写的是“warn”"),
        ("overrides:\n  T301: {severity: [off]}\n", 2, "error、warning、hint"),
        ("overrides:\n  T301: hint\n", 2, "T301 应写成“键: 值”的形式，写的是“hint”"),
        (
            "overrides:\n  T301: {severity: hint, message: 好}\n",
            2,
            "没有 message 这一项",
        ),
        ("\noverrides: [T301]\n", 2, "overrides 应写成“键: 值”的形式"),
    ],
)
def test_what_is_written_wrongly_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    path = write(tmp_path, text, "disclosure/checks.yaml")
    with pytest.raises(EnvironmentProblem) as caught:
        load(tmp_path)
    assert f"{path}:{line}:" in caught.value.message
    assert says in caught.value.message


def test_a_file_that_replaces_the_rules_keeps_what_the_program_reports(tmp_path: Path) -> None:
    own = "{code: X901, slug: own, title: 自己的, kind: pattern, pattern: 甲}"
    write(tmp_path, f"checks: [{own}]\n")
    form = load(tmp_path)
    assert form.rule("X901") is not None
    assert form.rule("half-width-mark") is None
    assert "row-length" in form.rulebook.rules
