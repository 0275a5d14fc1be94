"""Rules read from ``checks.yaml``."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.diagnostics import Severity
from reportgen.forms.formula import Vocabulary
from reportgen.forms.grid import TemplateError
from reportgen.forms.rule_files import bind_identities, build_rules
from reportgen.forms.rules import BUILT_IN
from reportgen.problems import EnvironmentProblem
from tests.builders import FORMS, at

WORDS = Vocabulary(
    frozenset(map(at, ("表/一/甲", "表/一/总计", "表/二/甲", "表/二/总计"))), {"行": ("一", "二")}
)
IDENTITY: dict[str, Any] = {
    "code": "T901",
    "slug": "row-total",
    "kind": "identity",
    "title": "行合计",
    "each": {"行": ["@行"]},
    "formula": "表/{行}/总计 = 表/{行}/甲",
    "message": "“{行}”一行不符",
    "fills": True,
}
PATTERN: dict[str, Any] = {
    "code": "N901",
    "slug": "word",
    "kind": "pattern",
    "severity": "warning",
    "title": "用词",
    "pattern": "错词",
    "sections": ["other"],
    "whole": True,
}


def test_identity_rule_keeps_its_words() -> None:
    (rule,) = build_rules([IDENTITY])
    assert (rule.code, rule.kind, rule.table, rule.fills) == ("T901", "identity", "表", True)
    assert rule.severity is Severity.ERROR
    assert rule.each == {"行": ("@行",)}


def test_pattern_rule_keeps_its_expression() -> None:
    (rule,) = build_rules([PATTERN])
    assert rule.pattern is not None
    assert rule.pattern.text == "错词"
    assert (rule.severity, rule.sections, rule.whole) == (Severity.WARNING, ("other",), True)


def test_rule_without_kind_is_carried_out_by_code() -> None:
    (rule,) = build_rules([{"code": "F301", "slug": "caption", "title": "说明"}])
    assert rule.kind == "built-in"


def test_identity_is_bound_to_each_row() -> None:
    bound = bind_identities(build_rules([PATTERN, IDENTITY]), WORDS)
    assert [b.identity.cells for b in bound] == [
        ("表/一/总计", "表/一/甲"),
        ("表/二/总计", "表/二/甲"),
    ]
    assert [b.message for b in bound] == ["“一”一行不符", "“二”一行不符"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "formula"}, "kind 应为"),
        ({"severity": "fatal"}, "fatal"),
        ({"each": {"行": "@行"}}, "列表"),
        ({"each": ["@行"]}, "each"),
    ],
)
def test_wrong_rule_is_named(change: dict[str, Any], says: str) -> None:
    with pytest.raises(TemplateError, match=says) as caught:
        build_rules([{**IDENTITY, **change}])
    assert "T901" in str(caught.value)


@pytest.mark.parametrize("missing", ["code", "slug", "title", "formula"])
def test_rule_without_a_needed_key_is_refused(missing: str) -> None:
    with pytest.raises(TemplateError, match=missing):
        build_rules([{key: value for key, value in IDENTITY.items() if key != missing}])


def test_wrong_expression_is_reported_when_first_used() -> None:
    rule = build_rules([{**PATTERN, "pattern": "("}])[0]
    assert rule.pattern is not None
    with pytest.raises(EnvironmentProblem, match="正则表达式"):
        rule.pattern.search("")


@pytest.mark.parametrize("change", [{"severity": "fatal"}, {"sections": "other"}])
def test_wrong_pattern_rule_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(TemplateError, match="N901"):
        build_rules([{**PATTERN, **change}])


def test_rule_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(TemplateError, match="T301"):
        build_rules(["T301"])  # type: ignore[list-item]


def test_wrong_formula_is_found_when_bound() -> None:
    rules = build_rules([{**IDENTITY, "formula": "表/{行}/丙 = 0"}])
    with pytest.raises(TemplateError, match="表/一/丙"):
        bind_identities(rules, WORDS)


@pytest.mark.parametrize("formula", ["表/{行}/甲 <= 表/{行}/总计", "0 = 表/{行}/甲"])
def test_only_a_total_can_be_filled_in(formula: str) -> None:
    with pytest.raises(TemplateError, match="fills"):
        bind_identities(build_rules([{**IDENTITY, "formula": formula}]), WORDS)


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_every_shipped_rule_explains_itself(form: str) -> None:
    for rule in FORMS[form].rules:
        texts = (rule.title, rule.message, rule.hint, rule.what, rule.why, rule.example)
        assert all(texts), rule.code
        assert rule.basis or rule.kind == BUILT_IN, rule.code


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_shipped_codes_and_slugs_are_unique(form: str) -> None:
    rules = FORMS[form].rules
    assert len({rule.code for rule in rules}) == len({rule.slug for rule in rules}) == len(rules)
