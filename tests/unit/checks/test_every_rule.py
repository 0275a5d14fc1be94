"""The rules as a whole: each is tested, explained, and sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.checks.wording import PROOFS
from reportgen.forms import rules
from reportgen.forms.rules import LazyPattern, Rule
from tests.builders import FORMS

HERE = Path(__file__).parent
RULES = {rule.code: rule for form in FORMS.values() for rule in form.rules}


def test_every_rule_that_is_carried_out_here_has_tests() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    tested = set(re.findall(r"\"([A-Z]\d{3})\"", texts))
    here = {code for code, rule in RULES.items() if rule.kind not in ("built-in", "identity")}
    assert here - tested == set()


def test_every_proof_a_rule_may_name_exists() -> None:
    assert set(PROOFS) == set(rules.PROOFS)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_condition_compiles_and_every_name_is_filled_in(code: str) -> None:
    rule: Rule = RULES[code]
    conditions = [rule.unless, rule.organ]
    for pattern in (rule.pattern, *rule.items.values()):
        assert pattern is None or pattern.compiled
    for condition in conditions:
        if isinstance(condition, LazyPattern):
            assert "@" not in condition.text
            condition.search("")
    if rule.kind == rules.BUILT_IN:
        return  # tests/test_rules_in_the_program.py knows which names those get
    known = {"{年度}", "{单位}"}
    if rule.pattern:
        known |= {"{" + name + "}" for name in rule.pattern.compiled.groupindex}
    named = set(re.findall(r"\{[一-鿿]+\}", rule.message + rule.hint)) - known
    assert named <= {
        "{原文}", "{表}", "{项}", "{行}", "{列}", "{程序}", "{格}", "{今}", "{昔}", "{上年}",
        "{节}", "{占比}", "{字数}", "{上限}", "{机关}", "{地名}", "{总数}", "{之和}", "{相差}",
        "{应为}", "{数}", "{占位符}", "{规则}", "{处数}", "{词}", "{个数}", "{图片}", "{前图}",
    }  # fmt: skip
