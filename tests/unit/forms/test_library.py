"""A rule is called by its code or its slug; what calls none is answered with the nearest."""

from __future__ import annotations

import pytest

from reportgen.forms import (
    all_forms,
    all_rules,
    find_rule,
    known_codes,
    nearest_rule,
    shipped_library,
)
from reportgen.problems import EnvironmentProblem

LIBRARY = shipped_library()
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
