"""Rules read from ``checks.yaml``."""

from __future__ import annotations

import re
from typing import Any

import pytest

from reportgen.diagnostics import Severity
from reportgen.forms.formula import Vocabulary
from reportgen.forms.grid import TemplateError
from reportgen.forms.rules import BUILT_IN, LazyPattern, bind_identities, bounded_matching
from reportgen.shapes import ShapeError
from tests.builders import FORMS, at, rules_of

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
    (rule,) = rules_of(IDENTITY)
    assert (rule.code, rule.kind, rule.table, rule.fills) == ("T901", "identity", "表", True)
    assert rule.severity is Severity.ERROR
    assert rule.each == {"行": ("@行",)}


def test_pattern_rule_keeps_its_expression() -> None:
    (rule,) = rules_of(PATTERN)
    assert rule.pattern is not None
    assert rule.pattern.text == "错词"
    assert (rule.severity, rule.sections, rule.whole) == (Severity.WARNING, ("other",), True)


def test_rule_without_kind_is_carried_out_by_code() -> None:
    (rule,) = rules_of({"code": "F301", "slug": "caption", "title": "说明"})
    assert rule.kind == "built-in"


def test_identity_is_bound_to_each_row() -> None:
    bound = bind_identities(rules_of(PATTERN, IDENTITY), WORDS)
    assert [b.identity.cells for b in bound] == [
        ("表/一/总计", "表/一/甲"),
        ("表/二/总计", "表/二/甲"),
    ]
    assert [b.message for b in bound] == ["“一”一行不符", "“二”一行不符"]


@pytest.mark.parametrize(
    ("spec", "change", "says"),
    [
        (IDENTITY, {"kind": "formula"}, "的 kind 应为 identity、plausible"),
        (IDENTITY, {"severity": "fatal"}, "severity 应为 error、warning、hint 之一"),
        (IDENTITY, {"each": {"行": "@行"}}, "each/行 应为列表"),
        (IDENTITY, {"each": ["@行"]}, "each 应写成“键: 值”的形式"),
        (IDENTITY, {"formula": ""}, "缺少 formula：kind 是 identity 的规则要有"),
        (IDENTITY, {"code": "t1"}, "code 应为一个大写字母加三位数字"),
        (IDENTITY, {"slug": "Row Total"}, "slug 应为小写英文字母"),
        (
            IDENTITY,
            {"slug": None},
            "组成的名称，词之间用短横，这里是空的",
        ),
        (IDENTITY, {"title": ""}, "title 应为 1 到 200 个字"),
        (IDENTITY, {"filled": True}, "没有 filled 这一项，是否应为 fills？"),
        (PATTERN, {"sections": "other"}, "sections 应为列表"),
        (PATTERN, {"pattern": None}, "缺少 pattern：kind 是 pattern 的规则要有"),
        (PATTERN, {"pattern": "甲("}, "的 pattern 不是正确的正则表达式，第 2 个字符处：甲("),
        (PATTERN, {"pattern": "(" * 1000 + "a" + ")" * 1000}, "的 pattern 太复杂"),
        (PATTERN, {"unless": "["}, "的 unless 不是正确的正则表达式"),
        (PATTERN, {"organ": "a{9999999999}"}, "的 organ 太复杂"),
        (PATTERN, {"items": {"甲": "*"}}, "的 items/甲 不是正确的正则表达式"),
        (PATTERN, {"expected": "\\g<99>"}, "的 expected 引用了 pattern 中没有的组"),
        (PATTERN, {"expected": "\\g<名>"}, "的 expected 引用了"),
        (PATTERN, {"proof": "sum"}, "的 proof 应为 id-card、luhn"),
        (PATTERN, {"proof": "other-year"}, "的 pattern 中没有名为“年”的组"),
        (PATTERN, {"kind": "place"}, "的 pattern 中没有名为“机关”的组"),
        (PATTERN, {"kind": "length", "limit": 0}, "缺少 limit"),
        (PATTERN, {"kind": "length", "limit": float("nan")}, "limit 应为 0 到 1e+06 的数"),
        (PATTERN, {"kind": "pairs", "pairs": "甲乙丙"}, "的 pairs 应是成对的字"),
        (PATTERN, {"parts": ["正文"]}, "parts/第 1 项 应为 title、heading"),
        (PATTERN, {"wordings": {"甲": {"basis": "乙"}}}, "wordings/甲 没有 basis 这一项"),
    ],
)
def test_wrong_rule_is_told(spec: dict[str, Any], change: dict[str, Any], says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        rules_of({**spec, **change})
    assert says in str(caught.value)


@pytest.mark.parametrize("missing", ["code", "slug", "title", "formula"])
def test_rule_without_a_needed_key_is_refused(missing: str) -> None:
    with pytest.raises(ShapeError, match=f"缺少 {missing}"):
        rules_of({key: value for key, value in IDENTITY.items() if key != missing})


def test_rule_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(ShapeError, match="checks/第 1 项 应写成“键: 值”的形式，写的是“T301”"):
        rules_of("T301")  # type: ignore[arg-type]


def test_wrong_formula_is_found_when_bound() -> None:
    rules = rules_of({**IDENTITY, "formula": "表/{行}/丙 = 0"})
    with pytest.raises(TemplateError, match="表/一/丙"):
        bind_identities(rules, WORDS)


@pytest.mark.parametrize("formula", ["表/{行}/甲 <= 表/{行}/总计", "0 = 表/{行}/甲"])
def test_only_a_total_can_be_filled_in(formula: str) -> None:
    with pytest.raises(TemplateError, match="fills"):
        bind_identities(rules_of({**IDENTITY, "formula": formula}), WORDS)


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


def test_expression_of_own_templates_stops_after_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.forms.rules.SECONDS", 0.05)
    slow = LazyPattern("(甲|甲)+乙", place="templates/checks.yaml:3:5")
    with bounded_matching(), pytest.raises(TemplateError, match=r"checks.yaml:3:5.*太慢.*甲"):
        slow.finditer("甲" * 100)
    for method in (slow.search, slow.match, slow.fullmatch):
        with bounded_matching(), pytest.raises(TemplateError, match="太慢"):
            method("甲" * 100)


def test_expressions_of_own_templates_share_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.forms.rules.SECONDS", 0.2)
    slow = LazyPattern("(甲|甲)+乙", place="a:1:1")
    with bounded_matching():
        for length in (100, 18):  # the second alone would end in time
            with pytest.raises(TemplateError):
                slow.search("甲" * length)
    assert slow.search("甲" * 12) is None


def test_expression_of_own_templates_matches_like_a_shipped_one() -> None:
    own, shipped = (LazyPattern(r"^(?P<数>\d+)件$", re.MULTILINE, place=p) for p in ("a:1:1", ""))
    text = "收到\n15件\n6件\n"
    assert own == shipped
    assert [m["数"] for m in own.finditer(text)] == [m["数"] for m in shipped.finditer(text)]
    for method in ("search", "match", "fullmatch"):
        found, expected = getattr(own, method)("15件"), getattr(shipped, method)("15件")
        assert (found.span(), found.groupdict()) == (expected.span(), expected.groupdict())
    assert own.search("甲") is None


def test_expression_that_only_re_can_read_is_told() -> None:
    with pytest.raises(TemplateError, match=r"a:1:1：不能用的正则表达式"):
        _ = LazyPattern(r"\p{Never}", place="a:1:1").compiled
